//! The document as plain text, to be copied into a message.
//! May touch: nothing.
//! Comes from: M14; the same words as the other renderers, from `flow`.

use crate::flow::{Flow, FlowSignature, Piece};
use crate::{Document, Result};

/// Copy-ready plain text; empty only if the profile itself cannot be used.
pub fn text(doc: &Document) -> String {
    render(doc).unwrap_or_default()
}

fn render(doc: &Document) -> Result<String> {
    let flow = Flow::of(doc)?;
    let mut out = String::new();
    let mut group = |lines: &[&str]| {
        let lines: Vec<&str> = lines.iter().copied().filter(|l| !l.is_empty()).collect();
        if !lines.is_empty() {
            out.push_str(&lines.join("\n"));
            out.push_str("\n\n");
        }
    };
    let (head, p) = (&flow.head, flow.profile);
    let mark = if head.issuer.is_empty() { "" } else { &p.issuer_mark };
    let draft = if flow.draft { p.draft_mark.as_str() } else { "" };
    group(&[&head.superior, &head.issuer, mark, &head.number, &head.letter, draft]);
    group(&[&p.party_name, &head.place_date]);
    let under = if flow.kind.is_empty() { "" } else { &p.summary_mark };
    group(&[&flow.kind, &flow.summary, under]);
    for piece in &flow.pieces {
        body(piece, &mut group);
    }
    let label = if flow.recipients.is_empty() { "" } else { p.recipients_label.as_str() };
    let names: Vec<&str> = std::iter::once(label).chain(flow.recipients.iter().map(String::as_str)).collect();
    if flow.recipients_beside {
        group(&names);
    }
    for signature in flow.signatures.iter().flatten().flatten() {
        signed(signature, &mut group);
    }
    if !flow.recipients_beside {
        group(&names);
    }
    group(&[&flow.footer]);
    out.truncate(out.trim_end().len());
    out.push('\n');
    Ok(out.replace('\u{a0}', " "))
}

fn body(piece: &Piece, group: &mut impl FnMut(&[&str])) {
    match piece {
        Piece::Heading { text, .. } => group(&[text]),
        Piece::Para { label, text, .. } if label.is_empty() => group(&[text]),
        Piece::Para { label, text, .. } => group(&[&format!("{label} {text}")]),
        Piece::List { items, .. } => {
            group(&items.iter().map(String::as_str).collect::<Vec<_>>());
        }
        Piece::Table { columns, rows } => {
            let titles: Vec<&str> = columns.iter().map(|c| c.title.as_str()).collect();
            let row = |row: &Vec<Vec<String>>| row.iter().map(|cell| cell.join(" ")).collect::<Vec<_>>().join(" | ");
            let rows = rows.iter().map(row);
            let all: Vec<String> = std::iter::once(titles.join(" | ")).chain(rows).collect();
            group(&all.iter().map(String::as_str).collect::<Vec<_>>());
        }
        Piece::Ruled { count } => {
            group(&vec![".".repeat(60).as_str(); usize::from(*count)]);
        }
        Piece::Break | Piece::Gap => {}
    }
}

fn signed(signature: &FlowSignature, group: &mut impl FnMut(&[&str])) {
    let lines: Vec<&str> = signature.lines.iter().map(|(text, _)| text.as_str()).collect();
    group(&[&lines[..], &[signature.name.as_str()]].concat());
}
