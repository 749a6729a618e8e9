//! The document as an HTML fragment for the preview page.
//! May touch: nothing. No inline styles or scripts, so a strict content policy can stay.
//! Comes from: experience.md "Documents"; the same words as the other renderers, from `flow`.

use std::fmt::Write as _;

use crate::flow::{Flow, FlowSignature, Piece};
use crate::{Align, Document, Result};

/// Styles for the fragment that [`html`] makes; serve it as a file.
pub const PREVIEW_CSS: &str = include_str!("../templates/preview.css");

/// An `<article class="doc">` with every text escaped; empty only if the profile is unusable.
pub fn html(doc: &Document) -> String {
    render(doc).unwrap_or_default()
}

fn render(doc: &Document) -> Result<String> {
    let flow = Flow::of(doc)?;
    let mut out = Html(String::with_capacity(4096));
    out.raw(if flow.draft { "<article class=\"doc doc-draft\" lang=\"vi\">\n" } else { "<article class=\"doc\" lang=\"vi\">\n" });
    head(&flow, &mut out);
    for piece in &flow.pieces {
        body(piece, &mut out);
    }
    tail(&flow, &mut out);
    out.raw("</article>\n");
    Ok(out.0)
}

/// Collects markup; text only ever enters through [`Html::text`].
struct Html(String);

impl Html {
    fn raw(&mut self, markup: &str) {
        self.0.push_str(markup);
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.raw("&amp;"),
                '<' => self.raw("&lt;"),
                '>' => self.raw("&gt;"),
                '"' => self.raw("&quot;"),
                '\'' => self.raw("&#39;"),
                c => self.0.push(c),
            }
        }
    }

    /// An element with a fixed class, left out when it would be empty.
    fn element(&mut self, tag: &str, class: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        self.open(tag, class);
        self.text(text);
        let _ = writeln!(self.0, "</{tag}>");
    }

    fn open(&mut self, tag: &str, class: &str) {
        let _ = match class {
            "" => write!(self.0, "<{tag}>"),
            class => write!(self.0, "<{tag} class=\"{class}\">"),
        };
    }
}

fn head(flow: &Flow, out: &mut Html) {
    let (head, p) = (&flow.head, flow.profile);
    out.raw("<header class=\"doc-head\">\n<div class=\"doc-issuer\">\n");
    out.element("p", "doc-superior", &head.superior);
    out.element("p", "doc-org", &head.issuer);
    if !head.issuer.is_empty() {
        out.element("p", "doc-mark", &p.issuer_mark);
    }
    out.element("p", "doc-number", &head.number);
    out.element("p", "doc-letter", &head.letter);
    if flow.draft {
        out.element("p", "doc-draft-mark", &p.draft_mark);
    }
    out.raw("</div>\n<div class=\"doc-nation\">\n");
    out.element("p", "doc-party", &p.party_name);
    out.element("p", "doc-place", &head.place_date);
    out.raw("</div>\n</header>\n");
    if !flow.kind.is_empty() {
        out.element("h1", "doc-kind", &flow.kind);
        out.element("p", "doc-summary", &flow.summary);
        out.element("p", "doc-summary-mark", &p.summary_mark);
    }
}

fn align_class(align: Align) -> &'static str {
    match align {
        Align::Left => "doc-left",
        Align::Center => "doc-center",
        Align::Right => "doc-right",
        Align::Justify => "doc-justify",
    }
}

fn body(piece: &Piece, out: &mut Html) {
    match piece {
        Piece::Heading { level, text } => {
            let tag = ["h2", "h3", "h4"][usize::from(level.saturating_sub(1)).min(2)];
            out.element(tag, "", text);
        }
        Piece::Para { label, text, indent, align } => {
            let indent = if *indent { " doc-indent" } else { "" };
            out.open("p", &format!("{}{indent}", align_class(*align)));
            if !label.is_empty() {
                out.raw("<strong>");
                out.text(label);
                out.raw("</strong> ");
            }
            out.text(text);
            out.raw("</p>\n");
        }
        Piece::List { dashed, items } => {
            let tag = if *dashed { "ul" } else { "ol" };
            out.open(tag, "doc-list");
            for item in items {
                out.element("li", "", item);
            }
            let _ = writeln!(out.0, "</{tag}>");
        }
        Piece::Table { columns, rows } => {
            // On a narrow screen the table scrolls inside a region of its own, which the keyboard reaches.
            let number = out.0.matches("doc-scroll").count() + 1;
            let _ = write!(out.0, "<div class=\"doc-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Bảng {number}\">");
            out.raw("<table class=\"doc-table\">\n<colgroup>");
            for column in columns {
                let _ = write!(out.0, "<col width=\"{:.0}%\">", column.share);
            }
            out.raw("</colgroup>\n<thead><tr>");
            for column in columns {
                out.raw("<th scope=\"col\">");
                out.text(&column.title);
                out.raw("</th>");
            }
            out.raw("</tr></thead>\n<tbody>\n");
            for row in rows {
                out.raw("<tr>");
                for (cell, column) in row.iter().zip(columns) {
                    out.open("td", align_class(column.align));
                    for (i, text) in cell.iter().enumerate() {
                        out.raw(if i > 0 { "<br>" } else { "" });
                        out.text(text);
                    }
                    out.raw("</td>");
                }
                out.raw("</tr>\n");
            }
            out.raw("</tbody>\n</table></div>\n");
        }
        Piece::Break => out.raw("<hr class=\"doc-break\">\n"),
        Piece::Gap => out.raw("<div class=\"doc-gap\"></div>\n"),
        Piece::Ruled { count } => {
            for _ in 0..*count {
                out.raw("<div class=\"doc-ruled\"></div>\n");
            }
        }
    }
}

fn tail(flow: &Flow, out: &mut Html) {
    if flow.recipients_beside {
        out.raw("<footer class=\"doc-tail\">\n");
        recipients(flow, out);
        for signature in flow.signatures.iter().flatten().flatten() {
            signed(signature, out);
        }
        out.raw("</footer>\n");
    } else {
        for row in &flow.signatures {
            out.raw("<footer class=\"doc-tail\">\n");
            for half in row {
                match half {
                    Some(signature) => signed(signature, out),
                    None => out.raw("<div></div>\n"),
                }
            }
            out.raw("</footer>\n");
        }
        recipients(flow, out);
    }
    out.element("p", "doc-foot", &flow.footer);
}

fn recipients(flow: &Flow, out: &mut Html) {
    out.raw("<div class=\"doc-recipients\">\n");
    if !flow.recipients.is_empty() {
        out.element("p", "doc-recipients-label", &flow.profile.recipients_label);
        out.raw("<ul class=\"doc-list\">\n");
        for name in &flow.recipients {
            out.element("li", "", name);
        }
        out.raw("</ul>\n");
    }
    out.raw("</div>\n");
}

fn signed(signature: &FlowSignature, out: &mut Html) {
    out.raw("<div class=\"doc-signature\">\n");
    for (text, bold) in &signature.lines {
        out.element("p", if *bold { "doc-authority" } else { "doc-office" }, text);
    }
    out.element("p", "doc-name", &signature.name);
    out.raw("</div>\n");
}
