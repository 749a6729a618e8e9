//! The one document model that every renderer reads.
//! May touch: nothing; it is data.
//! Comes from: TH-10..TH-21 (parts of a Party document), KY-01..KY-05 (signatures, recipients).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Profile;

/// A Party document, ready to be laid out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Layout figures in force on the document's date.
    pub profile: Profile,
    /// Date of the document; also the only date written into file metadata.
    pub date: Date,
    /// The two columns at the top.
    pub head: Head,
    /// Type and summary.
    pub title: Title,
    /// The body.
    pub blocks: Vec<Block>,
    /// One signature stands on the right; two stand left and right (minutes, KY-04).
    pub signatures: Vec<Signature>,
    /// `Nơi nhận`, without dashes and closing marks; the last is "Lưu Chi bộ" (KY-05).
    pub recipients: Vec<String>,
    /// A line at the foot of every page, such as the hash of what was sealed.
    pub footer: Option<String>,
    /// Marks every page as a draft.
    pub draft: bool,
}

/// The header: who issues, under whom, number, place and date.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Head {
    /// Superior organisation in capitals (TH-10).
    pub superior: String,
    /// Issuing organisation in capitals (TH-11).
    pub issuer: String,
    /// `Số 05-BB/CB`, see [`number_text`]; none for papers without a number.
    pub number: Option<String>,
    /// Place of issue.
    pub place: String,
    /// Date in words, see [`date_text`].
    pub date_text: String,
}

/// Type of document and what it is about.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Title {
    /// `BIÊN BẢN`; empty for an official letter, whose summary goes under the number (TH-18).
    pub kind: String,
    /// Trích yếu.
    pub summary: Option<String>,
}

/// How a paragraph or a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// At the left edge.
    #[default]
    Left,
    /// Centred.
    Center,
    /// At the right edge.
    Right,
    /// Both edges straight, as body text is.
    Justify,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Heading, repeated on each page.
    pub title: String,
    /// Share of the width; shares are scaled to a whole.
    pub width_pct: f64,
    /// How its cells stand.
    pub align: Align,
}

/// A part of the body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A heading with its own number in the text: "I- ", "1. ", "1.1. " (TH-21).
    Heading {
        /// 1, 2 or 3.
        level: u8,
        /// Text with its number.
        text: String,
    },
    /// A paragraph; a line break in the text begins a new paragraph.
    Para {
        /// The text.
        text: String,
        /// First line indent.
        indent: bool,
        /// Justified when none.
        align: Option<Align>,
    },
    /// A paragraph that opens with a bold label.
    Lead {
        /// Bold opening, with its colon.
        label: String,
        /// The rest.
        text: String,
    },
    /// Lines with a dash, given without it.
    Bullets(Vec<String>),
    /// Lines numbered 1. 2. 3., given without the number.
    Numbered(Vec<String>),
    /// A ruled table whose heading repeats on each page.
    Table {
        /// Columns.
        columns: Vec<Column>,
        /// Cells by row.
        rows: Vec<Vec<String>>,
    },
    /// What follows starts a page.
    PageBreak,
    /// One empty line.
    Gap,
    /// Dotted lines to write on by hand.
    Lines(u8),
}

/// One line above a signature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignLine {
    /// Capitals: "T/M CHI BỘ", "BÍ THƯ".
    pub text: String,
    /// The authority is bold, the office is not (KY-01).
    pub bold: bool,
}

/// Who signs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Signature {
    /// Lines above the space for the hand.
    pub lines: Vec<SignLine>,
    /// Full name, bold.
    pub name: String,
}

impl Signature {
    /// In the name of a body: `authority` bold, `office` not (KY-01).
    pub fn for_body(authority: &str, office: &str, name: &str) -> Self {
        Self {
            lines: vec![SignLine { text: authority.into(), bold: true }, SignLine { text: office.into(), bold: false }],
            name: name.into(),
        }
    }

    /// In one's own part, as in minutes: one bold line (KY-04).
    pub fn for_part(part: &str, name: &str) -> Self {
        Self { lines: vec![SignLine { text: part.into(), bold: true }], name: name.into() }
    }
}

/// "ngày 03 tháng 02 năm 2026": a leading 0 for days below 10 and for months 1 and 2 (TH-15).
pub fn date_text(date: Date) -> String {
    let (day, month, year) = (date.day(), date.month(), date.year());
    if month < 3 {
        format!("ngày {day:02} tháng {month:02} năm {year}")
    } else {
        format!("ngày {day:02} tháng {month} năm {year}")
    }
}

/// "Số 05-BB/CB": no colon, two digits below 10 (TH-13). Without a number yet, room for the pen.
pub fn number_text(number: Option<u32>, symbol: &str, organisation: &str) -> String {
    match number {
        Some(n) => format!("Số {n:02}-{symbol}/{organisation}"),
        None => format!("Số .....-{symbol}/{organisation}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_and_numbers_follow_the_rules() {
        assert_eq!(date_text(date(2026, 2, 3)), "ngày 03 tháng 02 năm 2026");
        assert_eq!(date_text(date(2026, 3, 9)), "ngày 09 tháng 3 năm 2026");
        assert_eq!(date_text(date(2026, 11, 22)), "ngày 22 tháng 11 năm 2026");
        assert_eq!(number_text(Some(5), "BC", "CB"), "Số 05-BC/CB");
        assert_eq!(number_text(Some(112), "NQ", "ĐU"), "Số 112-NQ/ĐU");
        assert_eq!(number_text(None, "BB", "CB"), "Số .....-BB/CB");
    }
}
