//! Pages of issued documents and the minutes book.
//! May touch: plain data for templates. Rules: experience.md, gallery parts 11 and 18.

use askama::Template;
use web::form::Form;

use crate::shell::Shell;

/// A link with words.
#[derive(Debug, Clone, Default)]
pub struct Link {
    /// Address.
    pub href: String,
    /// Words.
    pub label: String,
}

/// A sealed document.
#[derive(Template)]
#[template(path = "ledger/issued.html")]
pub struct IssuedPage {
    /// Frame.
    pub shell: Shell,
    /// Address of the document.
    pub base: String,
    /// Number as written.
    pub number: String,
    /// What it is about.
    pub title: String,
    /// Date in words.
    pub date: String,
    /// When and by whom it was sealed.
    pub sealed: String,
    /// Hash.
    pub hash: String,
    /// Place in the ledger.
    pub seq: i64,
    /// Who can see it.
    pub who: &'static str,
    /// The preview, made of escaped text only.
    pub preview: String,
    /// The text to copy.
    pub text: String,
    /// The document it corrects, with the reason.
    pub corrects: Option<(Link, String)>,
    /// Documents that correct it.
    pub corrected_by: Vec<Link>,
    /// The meeting it comes from.
    pub meeting: Option<Link>,
    /// How posting on the handbook app stands: sign, words.
    pub posted: (&'static str, String),
    /// Whether it is posted.
    pub is_posted: bool,
    /// Whether the person may tick it.
    pub can_post: bool,
    /// Whether the person may correct it.
    pub can_correct: bool,
}

/// A section to correct.
#[derive(Debug, Clone, Default)]
pub struct CorrectSection {
    /// Stored word.
    pub key: String,
    /// Heading.
    pub title: String,
    /// Text as it stands or as typed.
    pub text: String,
    /// Rows of the field.
    pub rows: usize,
}

/// Making a correction.
#[derive(Template)]
#[template(path = "ledger/correct.html")]
pub struct Correct {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Address of the document.
    pub base: String,
    /// Its number.
    pub number: String,
    /// The number the correction will take.
    pub next: String,
    /// Its sections.
    pub sections: Vec<CorrectSection>,
}

/// A document in the book.
#[derive(Debug, Clone, Default)]
pub struct BookRow {
    /// Address.
    pub href: String,
    /// Number.
    pub number: String,
    /// Date.
    pub date: String,
    /// What it is about.
    pub title: String,
    /// Whether it corrects another.
    pub corrects: bool,
    /// How posting stands: sign, words.
    pub posted: (&'static str, &'static str),
}

/// The year's documents.
#[derive(Template)]
#[template(path = "ledger/book.html")]
pub struct BookPage {
    /// Frame.
    pub shell: Shell,
    /// Address of the book.
    pub base: String,
    /// The year.
    pub year: i16,
    /// Years to choose from.
    pub years: Vec<i16>,
    /// What is looked for.
    pub q: String,
    /// By kind: name, rows.
    pub groups: Vec<(String, Vec<BookRow>)>,
    /// How many are shown.
    pub count: usize,
    /// How many there are in the year.
    pub total: usize,
    /// Whether there are minutes to bind.
    pub has_minutes: bool,
    /// Whether the person prepares meetings, and is shown the way to the first minutes.
    pub prepares: bool,
}
