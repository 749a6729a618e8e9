//! The layout of the Party's documents as data: a profile is chosen by the document's date.
//! Pure: plain values for the renderers. Rules: regulations.md section 5 (TH, TQ, KY).

use serde::{Deserialize, Serialize};

/// Everything a renderer needs to know to set a document by the rules of its time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayoutProfile {
    /// The profile's own name, kept with each sealed document: `HD05-2026`.
    pub code: String,
    /// In words.
    pub title: String,
    /// How "ủy" is spelt in fixed words: `ủy` or `uỷ` (KY-08).
    pub spelling: String,
    /// The sheet (TH-01).
    pub paper: Paper,
    /// Its margins (TH-02).
    pub margins_mm: Margins,
    /// The type (TH-03).
    pub font: Font,
    /// Sizes of each element, in points.
    pub sizes_pt: Sizes,
    /// Distances (TH-05).
    pub spacing: Spacing,
    /// The header (TH-10 … TH-18).
    pub header: Header,
    /// The number (TH-13, TH-19).
    pub number: NumberFormat,
    /// Who signs and how (KY-01, KY-02).
    pub sign_blocks: Vec<SignBlock>,
    /// Who signs minutes (KY-04).
    pub minutes_sign: MinutesSign,
    /// The list of recipients (KY-05).
    pub recipients: Recipients,
}

impl LayoutProfile {
    /// The sign block of an issuer: `cell`, `committee`, `standing`, `congress`.
    pub fn sign_block(&self, issuer: &str) -> Option<&SignBlock> {
        self.sign_blocks.iter().find(|b| b.issuer == issuer)
    }
}

/// The sheet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// Its name.
    pub name: String,
    /// Width.
    pub width_mm: f64,
    /// Height.
    pub height_mm: f64,
}

/// Margins in millimetres.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Margins {
    /// Above.
    pub top: f64,
    /// Below.
    pub bottom: f64,
    /// Where it is bound.
    pub left: f64,
    /// Outside.
    pub right: f64,
}

/// The type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Font {
    /// The family that the rules name.
    pub family: String,
    /// The colour, as `#rrggbb`.
    pub color: String,
}

/// Sizes in points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sizes {
    /// The line "ĐẢNG CỘNG SẢN VIỆT NAM".
    pub party: f64,
    /// The superior organisation.
    pub superior: f64,
    /// The issuing organisation.
    pub issuer: f64,
    /// The number.
    pub number: f64,
    /// Place and date.
    pub place_date: f64,
    /// The type of document.
    pub title: f64,
    /// What it is about.
    pub subject: f64,
    /// What an official letter (công văn) is about, under its number.
    pub letter_subject: f64,
    /// The text.
    pub body: f64,
    /// The signature.
    pub sign: f64,
    /// The words "Nơi nhận:".
    pub recipients_title: f64,
    /// The recipients.
    pub recipients: f64,
    /// The page number.
    pub page_number: f64,
    /// Text in tables.
    pub table: f64,
    /// The line at the foot of each page.
    pub footer: f64,
}

/// Distances.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spacing {
    /// The exact line pitch used.
    pub line_exact_pt: f64,
    /// The smallest pitch the rules allow.
    pub line_exact_min_pt: f64,
    /// The greatest pitch the rules allow.
    pub line_exact_max_pt: f64,
    /// After a paragraph, at least.
    pub paragraph_after_pt: f64,
    /// Indent of a paragraph's first line.
    pub first_line_mm: f64,
    /// The first page that shows its number.
    pub page_number_from: u16,
    /// Height left for a signature by hand.
    pub signature_space_mm: f64,
}

/// The two-column header.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The right side.
    pub party: String,
    /// Whether the superior organisation is bold.
    pub superior_bold: bool,
    /// Whether the issuing organisation is bold.
    pub issuer_bold: bool,
    /// What stands under the issuing organisation.
    pub star: String,
    /// What closes the subject.
    pub subject_rule: String,
    /// What marks a draft.
    pub draft_mark: String,
    /// Whether place and date are italic.
    pub place_date_italic: bool,
    /// Share of the text width for the left column, per cent.
    pub left_percent: f64,
}

/// How a number is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberFormat {
    /// What stands before the number: `Số`.
    pub word: String,
    /// How many digits a number has at least.
    pub min_digits: u8,
    /// What the sequence restarts with: `org`, `kind`, `term`.
    pub scope: Vec<String>,
}

/// How an issuer signs, and what it may issue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignBlock {
    /// Which body: `cell`, `committee`, `standing`, `congress`.
    pub issuer: String,
    /// On whose behalf: `T/M CHI BỘ`.
    pub on_behalf: String,
    /// Whether that line is bold.
    pub on_behalf_bold: bool,
    /// Posts that may sign: `BÍ THƯ`, `PHÓ BÍ THƯ`.
    pub posts: Vec<String>,
    /// Whether the post is bold.
    pub post_bold: bool,
    /// Whether the full name is bold.
    pub name_bold: bool,
    /// The codes of the document kinds this body may issue (TQ-01 … TQ-03).
    pub issuable: Vec<String>,
}

/// The two signatures under minutes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MinutesSign {
    /// On the left.
    pub left: String,
    /// On the right.
    pub right: String,
}

/// The list of recipients.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipients {
    /// Its heading.
    pub title: String,
    /// Whether the heading is underlined.
    pub underlined: bool,
    /// What each line begins with.
    pub bullet: String,
    /// The last line of a cell's document, without the bullet.
    pub archive_cell: String,
}
