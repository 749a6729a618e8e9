//! A document resolved to the exact words that are printed, in order: what all renderers share.
//! May touch: nothing. Every dash, number and closing mark is decided here and only here.
//! Comes from: "same text in all three, checked"; KY-05 (marks after recipients), TH-18.

use serde::Serialize;

use crate::clean::{glue, line, lines};
use crate::measure;
use crate::{Align, Block, Column, Document, Head, Profile, Result, Signature};

/// A cleaned, worded document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Flow<'a> {
    pub profile: &'a Profile,
    pub head: FlowHead,
    /// Type of document; empty for a letter.
    pub kind: String,
    /// Summary under the type.
    pub summary: String,
    pub pieces: Vec<Piece>,
    /// Rows of the signature block, left and right.
    pub signatures: Vec<[Option<FlowSignature>; 2]>,
    /// Recipients share the last row's left half if that is free.
    pub recipients_beside: bool,
    pub recipients: Vec<String>,
    pub footer: String,
    pub draft: bool,
    /// Name of the file's content, for metadata and bookmarks.
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct FlowHead {
    pub superior: String,
    pub issuer: String,
    pub number: String,
    /// Summary of a letter, under the number.
    pub letter: String,
    pub place_date: String,
    /// Share of the width for the left column.
    pub left_pct: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct FlowSignature {
    pub lines: Vec<(String, bool)>,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Piece {
    Heading { level: u8, text: String },
    Para { label: String, text: String, indent: bool, align: Align },
    List { dashed: bool, items: Vec<String> },
    Table { columns: Vec<FlowColumn>, rows: Vec<Vec<Vec<String>>> },
    Break,
    Gap,
    Ruled { count: u8 },
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct FlowColumn {
    pub title: String,
    /// Share of the width; all shares together make 100.
    pub share: f64,
    pub align: Align,
}

impl<'a> Flow<'a> {
    /// Words the document; refuses only layout figures that cannot be printed.
    pub fn of(doc: &'a Document) -> Result<Self> {
        doc.profile.check()?;
        let kind = line(&doc.title.kind);
        let summary = glue(&line(doc.title.summary.as_deref().unwrap_or_default()));
        let letter = kind.is_empty();
        let name = match (kind.is_empty(), summary.is_empty()) {
            (false, false) => format!("{kind} {}", summary.replace('\u{a0}', " ")),
            (false, true) => kind.clone(),
            (true, _) => summary.replace('\u{a0}', " "),
        };
        let (signatures, recipients_beside) = sign_rows(&doc.signatures);
        Ok(Self {
            profile: &doc.profile,
            head: head(&doc.head, &doc.profile, if letter { summary.clone() } else { String::new() }),
            summary: if letter { String::new() } else { summary },
            kind,
            pieces: doc.blocks.iter().flat_map(pieces).collect(),
            signatures,
            recipients_beside,
            recipients: recipients(&doc.recipients),
            footer: line(doc.footer.as_deref().unwrap_or_default()),
            draft: doc.draft,
            name,
        })
    }
}

fn head(head: &Head, profile: &Profile, letter: String) -> FlowHead {
    let (place, date) = (line(&head.place), line(&head.date_text));
    let place_date = match (place.is_empty(), date.is_empty()) {
        (false, false) => format!("{place}, {date}"),
        _ => place + &date,
    };
    FlowHead {
        superior: line(&head.superior),
        issuer: line(&head.issuer),
        number: glue(&line(head.number.as_deref().unwrap_or_default())),
        letter,
        left_pct: left_share(profile, &place_date),
        place_date: glue(&place_date),
    }
}

/// The left column gives way when place and date would not fit on one line, down to a third.
fn left_share(profile: &Profile, place_date: &str) -> f64 {
    let margins = &profile.margins_mm;
    let text = (210.0 - margins.left - margins.right) * 72.0 / 25.4;
    let right = (measure::italic(place_date, profile.place_pt) + 9.0) * 100.0 / text;
    profile.head_left_pct.min(100.0 - right).max(33.0_f64.min(profile.head_left_pct))
}

fn pieces(block: &Block) -> Vec<Piece> {
    let para = |text: String, indent, align| Piece::Para { label: String::new(), text, indent, align };
    match block {
        Block::Heading { level, text } => {
            vec![Piece::Heading { level: (*level).clamp(1, 3), text: glue(&line(text)) }]
        }
        Block::Para { text, indent, align } => {
            let align = align.unwrap_or(Align::Justify);
            lines(text).iter().map(|text| para(glue(text), *indent, align)).collect()
        }
        Block::Lead { label, text } => {
            let mut rest = lines(text).into_iter();
            let first = rest.next().unwrap_or_default();
            let lead = Piece::Para { label: glue(&line(label)), text: glue(&first), indent: true, align: Align::Justify };
            let rest = rest.map(|text| para(glue(&text), true, Align::Justify));
            std::iter::once(lead).chain(rest).collect()
        }
        Block::Bullets(items) => {
            let items = items.iter().map(|text| format!("- {}", glue(&line(text)))).collect();
            vec![Piece::List { dashed: true, items }]
        }
        Block::Numbered(items) => {
            let number = |(i, text): (usize, &String)| format!("{}. {}", i + 1, glue(&line(text)));
            vec![Piece::List { dashed: false, items: items.iter().enumerate().map(number).collect() }]
        }
        Block::Table { columns, rows } if !columns.is_empty() => vec![table(columns, rows)],
        Block::Table { .. } => vec![],
        Block::PageBreak => vec![Piece::Break],
        Block::Gap => vec![Piece::Gap],
        Block::Lines(count) => vec![Piece::Ruled { count: *count }],
    }
}

fn table(columns: &[Column], rows: &[Vec<String>]) -> Piece {
    let share = |c: &Column| {
        if c.width_pct.is_finite() { c.width_pct.clamp(1.0, 100.0) } else { 1.0 }
    };
    let whole: f64 = columns.iter().map(share).sum();
    let row = |row: &Vec<String>| {
        let mut cells: Vec<Vec<String>> = vec![Vec::new(); columns.len()];
        for (i, text) in row.iter().enumerate() {
            // A cell too many is shown in the last column, never lost.
            let at = i.min(columns.len() - 1);
            cells[at].extend(lines(text).iter().map(|l| glue(l)));
        }
        cells
    };
    Piece::Table {
        columns: columns
            .iter()
            .map(|c| FlowColumn { title: line(&c.title), share: share(c) * 100.0 / whole, align: c.align })
            .collect(),
        rows: rows.iter().map(row).collect(),
    }
}

/// One signer stands on the right; two or more fill rows from the left.
fn sign_rows(signatures: &[Signature]) -> (Vec<[Option<FlowSignature>; 2]>, bool) {
    let worded =
        |s: &Signature| FlowSignature { lines: s.lines.iter().map(|l| (line(&l.text), l.bold)).collect(), name: line(&s.name) };
    if let [only] = signatures {
        return (vec![[None, Some(worded(only))]], true);
    }
    let rows: Vec<_> = signatures
        .chunks(2)
        .map(|pair| match pair {
            [left, right] => [Some(worded(left)), Some(worded(right))],
            [left, ..] => [None, Some(worded(left))],
            [] => [None, None],
        })
        .collect();
    (rows, false)
}

/// "- Đảng ủy xã (để báo cáo)," … "- Lưu Chi bộ." (KY-05).
fn recipients(names: &[String]) -> Vec<String> {
    let names: Vec<String> = names
        .iter()
        .map(|n| line(n).trim_start_matches(['-', ' ']).trim_end_matches([',', ';', '.', ' ']).to_owned())
        .filter(|n| !n.is_empty())
        .collect();
    let last = names.len().saturating_sub(1);
    let worded = |(i, n): (usize, &String)| format!("- {n}{}", if i == last { "." } else { "," });
    names.iter().enumerate().map(worded).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipients_get_one_dash_and_the_right_mark() {
        let names = ["- Đảng ủy xã (để báo cáo);".to_owned(), " ".into(), "Lưu Chi bộ".into()];
        assert_eq!(recipients(&names), ["- Đảng ủy xã (để báo cáo),", "- Lưu Chi bộ."]);
    }

    #[test]
    fn cells_too_many_or_too_few_keep_the_grid() {
        let column = |w| Column { title: "A".into(), width_pct: w, align: Align::Left };
        let rows = [vec!["1".to_owned()], vec!["1".into(), "2".into(), "3".into()]];
        let Piece::Table { columns, rows } = table(&[column(30.0), column(f64::NAN)], &rows) else { panic!("a table") };
        assert!((columns.iter().map(|c| c.share).sum::<f64>() - 100.0).abs() < 1e-9);
        assert_eq!(rows[0], [vec!["1".to_owned()], vec![]]);
        assert_eq!(rows[1], [vec!["1".to_owned()], vec!["2".to_owned(), "3".into()]]);
    }

    #[test]
    fn a_line_break_begins_a_paragraph() {
        let made = pieces(&Block::Lead { label: "Kết luận:".into(), text: "một\nhai".into() });
        assert_eq!(made.len(), 2);
        assert!(matches!(&made[1], Piece::Para { label, text, .. } if label.is_empty() && text == "hai"));
    }
}
