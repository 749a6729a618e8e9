//! A small tokenizer after the HTML standard: enough to tell a tag from text, to see where a
//! payload landed, and to learn the forms of a page.

/// A piece of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// Text between tags, or inside an element whose content is raw.
    Text(String),
    /// A start tag with its attributes, values decoded.
    Open(String, Vec<(String, String)>),
    /// An end tag.
    Close(String),
    /// A comment, doctype or instruction.
    Comment(String),
}

const RAW: [&str; 4] = ["script", "style", "textarea", "title"];

/// The pieces of a page, in order.
pub fn tokens(page: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut rest = page;
    while !rest.is_empty() {
        let Some(at) = tag_start(rest) else {
            out.push(Token::Text(decode(rest)));
            break;
        };
        if at > 0 {
            out.push(Token::Text(decode(&rest[..at])));
        }
        rest = markup(&rest[at..], &mut out);
    }
    out
}

fn tag_start(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (0..bytes.len()).find(|i| {
        bytes[*i] == b'<'
            && match bytes.get(i + 1) {
                Some(b'!' | b'?') => true,
                Some(b'/') => bytes.get(i + 2).is_some_and(u8::is_ascii_alphabetic),
                Some(c) => c.is_ascii_alphabetic(),
                None => false,
            }
    })
}

fn markup<'a>(text: &'a str, out: &mut Vec<Token>) -> &'a str {
    if let Some(comment) = text.strip_prefix("<!--") {
        let end = comment.find("-->").unwrap_or(comment.len());
        out.push(Token::Comment(comment[..end].to_owned()));
        return comment.get(end + 3..).unwrap_or("");
    }
    if text.starts_with("<!") || text.starts_with("<?") {
        let end = text.find('>').unwrap_or(text.len() - 1);
        out.push(Token::Comment(text[..end].to_owned()));
        return &text[end + 1..];
    }
    let closing = text.starts_with("</");
    let body = &text[if closing { 2 } else { 1 }..];
    let name_end = body.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').unwrap_or(body.len());
    let name = body[..name_end].to_ascii_lowercase();
    let (attributes, rest) = attributes(&body[name_end..]);
    if closing {
        out.push(Token::Close(name));
        return rest;
    }
    out.push(Token::Open(name.clone(), attributes));
    if !RAW.contains(&name.as_str()) {
        return rest;
    }
    let low = rest.to_ascii_lowercase();
    let end = low.find(&format!("</{name}")).unwrap_or(rest.len());
    let content = &rest[..end];
    let escapable = name == "textarea" || name == "title";
    out.push(Token::Text(if escapable { decode(content) } else { content.to_owned() }));
    &rest[end..]
}

fn attributes(mut text: &str) -> (Vec<(String, String)>, &str) {
    let mut out = Vec::new();
    loop {
        text = text.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if text.is_empty() {
            return (out, text);
        }
        if let Some(rest) = text.strip_prefix('>') {
            return (out, rest);
        }
        let stop = |c: char| c.is_ascii_whitespace() || c == '=' || c == '>' || c == '/';
        let first = text.chars().next().map_or(0, char::len_utf8);
        let end = text[first..].find(stop).map_or(text.len(), |e| e + first);
        let name = text[..end].to_ascii_lowercase();
        text = text[end..].trim_start();
        let Some(after) = text.strip_prefix('=') else {
            out.push((name, String::new()));
            continue;
        };
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| *c == '"' || *c == '\'');
        let (value, rest) = match quote {
            Some(q) => after[1..].split_once(q).unwrap_or((&after[1..], "")),
            None => after.split_at(after.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(after.len())),
        };
        out.push((name, decode(value)));
        text = rest;
    }
}

/// Character references decoded as far as pages use them.
pub fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.char_indices().take(10).find(|(_, c)| *c == ';').map(|(i, _)| i);
        let found = end.and_then(|e| Some((e, reference(rest.get(1..e)?)?)));
        match found {
            Some((e, c)) => {
                out.push(c);
                rest = &rest[e + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn reference(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Name it is sent under.
    pub name: String,
    /// `text`, `hidden`, `textarea`, `select`, `checkbox`, …
    pub kind: String,
    /// What a browser would send if nothing is touched.
    pub value: String,
    /// Whether a browser would send it untouched.
    pub sent: bool,
}

impl Field {
    /// Whether a person can write words into it.
    pub fn takes_text(&self) -> bool {
        matches!(self.kind.as_str(), "text" | "textarea" | "search" | "tel" | "email" | "url" | "password")
    }
}

/// A form of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// `get` or `post`.
    pub method: String,
    /// Whether it sends files.
    pub upload: bool,
    /// Its fields.
    pub fields: Vec<Field>,
}

fn attr<'a>(attributes: &'a [(String, String)], name: &str) -> Option<&'a str> {
    attributes.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str())
}

/// The forms of a page; `here` is its own path.
pub fn forms(page: &str, here: &str) -> Vec<Form> {
    let mut out: Vec<Form> = Vec::new();
    let mut open = false;
    let all = tokens(page);
    for (i, token) in all.iter().enumerate() {
        match token {
            Token::Open(name, a) if name == "form" => {
                open = true;
                out.push(Form {
                    action: attr(a, "action").filter(|x| !x.is_empty()).unwrap_or(here).to_owned(),
                    method: attr(a, "method").unwrap_or("get").to_ascii_lowercase(),
                    upload: attr(a, "enctype").is_some_and(|e| e.starts_with("multipart")),
                    fields: Vec::new(),
                });
            }
            Token::Close(name) if name == "form" => open = false,
            Token::Open(name, a) if open => {
                if let (Some(form), Some(field)) = (out.last_mut(), field(name, a, &all[i + 1..])) {
                    form.fields.push(field);
                }
            }
            _ => {}
        }
    }
    out
}

fn field(tag: &str, a: &[(String, String)], after: &[Token]) -> Option<Field> {
    let name = attr(a, "name").filter(|n| !n.is_empty())?.to_owned();
    let value = attr(a, "value").unwrap_or_default().to_owned();
    let fine = |kind: &str, value: String, sent: bool| Some(Field { name: name.clone(), kind: kind.to_owned(), value, sent });
    match tag {
        "input" => {
            let kind = attr(a, "type").unwrap_or("text").to_ascii_lowercase();
            let tick = kind == "checkbox" || kind == "radio";
            let sent = if tick { attr(a, "checked").is_some() } else { kind != "submit" && kind != "file" };
            fine(&kind, value, sent)
        }
        "button" => fine("button", value, false),
        "textarea" => match after.first() {
            Some(Token::Text(text)) => fine("textarea", text.trim_start_matches('\n').to_owned(), true),
            _ => fine("textarea", String::new(), true),
        },
        "select" => {
            let inside = after.iter().take_while(|t| **t != Token::Close("select".to_owned()));
            let options: Vec<&Vec<(String, String)>> =
                inside.filter_map(|t| if let Token::Open(n, a) = t { (n == "option").then_some(a) } else { None }).collect();
            let chosen = options.iter().find(|o| attr(o, "selected").is_some()).or(options.first());
            let real = chosen.filter(|o| attr(o, "value").is_some_and(|v| !v.is_empty()));
            let some = real.or_else(|| options.iter().find(|o| attr(o, "value").is_some_and(|v| !v.is_empty())));
            fine("select", some.and_then(|o| attr(o, "value")).unwrap_or_default().to_owned(), true)
        }
        _ => None,
    }
}

#[test]
fn the_tokenizer_sees_what_a_browser_sees() {
    let page = "<!doctype html><p class=a data-x='1'>a &lt;b&gt; < c<textarea name=t>\n</p>&amp;</textarea><SCRIPT>x<b></script><!-- <i> -->";
    let open = |n: &str, a: &[(&str, &str)]| {
        Token::Open(n.to_owned(), a.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    };
    assert_eq!(
        tokens(page),
        [
            Token::Comment("<!doctype html".to_owned()),
            open("p", &[("class", "a"), ("data-x", "1")]),
            Token::Text("a <b> < c".to_owned()),
            open("textarea", &[("name", "t")]),
            Token::Text("\n</p>&".to_owned()),
            Token::Close("textarea".to_owned()),
            open("script", &[]),
            Token::Text("x<b>".to_owned()),
            Token::Close("script".to_owned()),
            Token::Comment(" <i> ".to_owned()),
        ]
    );
    let form = "<form method=post action=\"/a\"><input name=k value=\"1\"><input type=checkbox name=c value=1>\
        <select name=s><option value=\"\">-</option><option value=\"7\">b</option></select><textarea name=t>x</textarea></form>";
    let forms = forms(form, "/here");
    assert_eq!(forms.len(), 1);
    assert_eq!((forms[0].action.as_str(), forms[0].method.as_str()), ("/a", "post"));
    let seen: Vec<_> = forms[0].fields.iter().map(|f| (f.name.as_str(), f.value.as_str(), f.sent)).collect();
    assert_eq!(seen, [("k", "1", true), ("c", "1", false), ("s", "7", true), ("t", "x", true)]);
}
