//! Pages of minutes.
//! May touch: plain data for templates. Rules: experience.md, gallery parts 16, 17, 19, 21.

use askama::Template;

use crate::live::page::Parts;
use crate::shell::Shell;

/// A section in the editor or in a reading view.
#[derive(Debug, Clone, Default)]
pub struct SectionView {
    /// Stored word, for addresses and ids.
    pub code: String,
    /// Heading.
    pub title: String,
    /// Text.
    pub body: String,
    /// Its lines, for reading.
    pub lines: Vec<String>,
    /// Version the text stands under.
    pub version: i64,
    /// How the last save is described.
    pub saved: String,
    /// Whether there are facts that do not stand in it yet.
    pub news: bool,
    /// Rows of the text field.
    pub rows: usize,
    /// What is wrong with it.
    pub problem: String,
}

/// The editor.
#[derive(Template)]
#[template(path = "minutes/editor.html")]
pub struct Editor {
    /// Frame.
    pub shell: Shell,
    /// Parts of the meeting.
    pub parts: Parts,
    /// Address of the minutes.
    pub base: String,
    /// When and where.
    pub sub: String,
    /// The sections.
    pub sections: Vec<SectionView>,
    /// Name chips: what is put in, as on the button.
    pub chips: Vec<(String, String)>,
    /// Words set aside that wait for a decision: section, id, words about them.
    pub asides: Vec<(String, String, String)>,
    /// How many sections have news.
    pub outdated: usize,
    /// Whether the meeting is still held.
    pub running: bool,
    /// Whether the person may adopt.
    pub can_lead: bool,
}

/// Minutes to read: before the opening, adopted or sealed.
#[derive(Template)]
#[template(path = "minutes/read.html")]
pub struct Read {
    /// Frame.
    pub shell: Shell,
    /// Parts of the meeting; without the row of links for plain members.
    pub parts: Parts,
    /// Address of the meeting.
    pub meeting: String,
    /// When and where.
    pub sub: String,
    /// Word of the state.
    pub state: String,
    /// Its sign.
    pub sign: &'static str,
    /// The sections with text.
    pub sections: Vec<SectionView>,
    /// Whether the person writes minutes here.
    pub writer: bool,
    /// Whether the person may seal and reopen.
    pub can_lead: bool,
    /// Adopted and not sealed yet.
    pub adopted: bool,
}

/// Reading back: nothing but the text and one button.
#[derive(Template)]
#[template(path = "minutes/read_back.html")]
pub struct ReadBack {
    /// Frame.
    pub shell: Shell,
    /// Parts of the meeting.
    pub parts: Parts,
    /// Address of the meeting.
    pub meeting: String,
    /// Title of the minutes.
    pub title: String,
    /// The sections with text.
    pub sections: Vec<SectionView>,
    /// Whether it can be adopted now.
    pub closed: bool,
    /// Whether the person may adopt.
    pub can_lead: bool,
}

/// A line of a check page.
#[derive(Debug, Clone, Default)]
pub struct CheckRow {
    /// The sentence.
    pub text: String,
    /// Sign.
    pub sign: &'static str,
    /// Word beside the sign.
    pub word: &'static str,
    /// Where it is put in order; empty when it is.
    pub href: String,
}

/// The page before adopting or sealing.
#[derive(Template)]
#[template(path = "minutes/check.html")]
pub struct CheckPage {
    /// Frame.
    pub shell: Shell,
    /// Parts of the meeting.
    pub parts: Parts,
    /// Address of the meeting.
    pub meeting: String,
    /// Address the button posts to.
    pub action: String,
    /// Words of the button.
    pub button: &'static str,
    /// What will happen: what, how.
    pub happens: Vec<(&'static str, String)>,
    /// What is in order and what is not.
    pub checks: Vec<CheckRow>,
    /// Whether something stands in the way.
    pub blocked: bool,
    /// Mark of the text that was read.
    pub mark: String,
    /// Whether this is the sealing, which cannot be undone.
    pub sealing: bool,
}

/// One revision in the list.
#[derive(Debug, Clone, Default)]
pub struct RevisionRow {
    /// Version.
    pub version: i64,
    /// Who and when.
    pub who: String,
    /// Whether it is the present text.
    pub present: bool,
}

/// Revisions of a section.
#[derive(Template)]
#[template(path = "minutes/revisions.html")]
pub struct Revisions {
    /// Frame.
    pub shell: Shell,
    /// Address of the section.
    pub base: String,
    /// Heading of the section.
    pub title: String,
    /// The list.
    pub rows: Vec<RevisionRow>,
    /// The one shown: version, text.
    pub shown: Option<(i64, String)>,
    /// Version of the present text.
    pub version: i64,
    /// Whether an old text may be taken up again.
    pub recording: bool,
}

/// Two texts for one place.
#[derive(Template)]
#[template(path = "minutes/merge.html")]
pub struct Merge {
    /// Frame.
    pub shell: Shell,
    /// Address of the section.
    pub base: String,
    /// Heading of the section.
    pub title: String,
    /// The words set aside.
    pub aside: String,
    /// What they are called.
    pub mine_title: &'static str,
    /// Who and when.
    pub mine_who: String,
    /// Pieces: whether it differs, text.
    pub mine: Vec<(bool, String)>,
    /// Who and when.
    pub theirs_who: String,
    /// Pieces: whether it differs, text.
    pub theirs: Vec<(bool, String)>,
    /// The joined text.
    pub joined: String,
    /// Version it is put on.
    pub version: i64,
    /// Whether both fit together without a decision.
    pub clean: bool,
}
