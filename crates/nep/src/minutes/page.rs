//! Pages of minutes.
//! May touch: plain data for templates. Rules: experience.md, gallery parts 16, 17, 19, 21.

use askama::Template;
use web::form::Form;

use crate::live::page::{Chip, DeskItem, Parts};
use crate::live::room::page::Live;
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
    /// Passages of it that wait to be mended.
    pub marks: Vec<MarkView>,
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
    /// How many passages were marked while it was read back.
    pub marked: usize,
    /// Whether the meeting is still held.
    pub running: bool,
    /// Whether the person may adopt.
    pub can_lead: bool,
}

/// One contribution as the secretary's screen shows it.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// Identifier.
    pub id: String,
    /// Who.
    pub name: String,
    /// What was noted.
    pub summary: String,
    /// A sign of it as stored.
    pub base: String,
    /// Whether the speaker agreed with the words as they stand.
    pub agreed: bool,
    /// How the speaker would put it; empty while nothing is asked.
    pub asks: String,
}

/// The secretary's screen: the item in hand beside its section of the minutes.
#[derive(Template)]
#[template(path = "minutes/scribe.html")]
pub struct Scribe {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Parts of the meeting.
    pub parts: Parts,
    /// Address of the script of this page.
    pub script: &'static str,
    /// Address of the meeting.
    pub meeting: String,
    /// What keeps the page live while the meeting runs.
    pub live: Option<Live>,
    /// The item the chair has in hand, where it is another one: id and place.
    pub ahead: Option<(String, i64)>,
    /// A sign of the conclusion as stored.
    pub base_sign: String,
    /// When and where.
    pub sub: String,
    /// The agenda.
    pub items: Vec<DeskItem>,
    /// The item in hand.
    pub current: Option<DeskItem>,
    /// Version its conclusion started from.
    pub version: i64,
    /// Whether nothing of it may be written here.
    pub secret: bool,
    /// Where a secret item is written.
    pub paper_ref: String,
    /// Who can be tapped.
    pub chips: Vec<Chip>,
    /// Opinions that were sent: id, name, words, whether they want the floor.
    pub opinions: Vec<(String, String, String, bool)>,
    /// Who spoke.
    pub spoken: Vec<Said>,
    /// The conclusion as stored or as typed.
    pub conclusion: String,
    /// Its sentences, for who ticks them.
    pub sentences: Vec<String>,
    /// Tasks of the draft resolution.
    pub tasks: Vec<String>,
    /// The next item: id and heading.
    pub next: Option<(String, String)>,
    /// Address of the minutes.
    pub base: String,
    /// The section that belongs to the item.
    pub section: Option<SectionView>,
    /// Names to put into it: what is put in, as on the button.
    pub names: Vec<(String, String)>,
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

/// A passage marked while the minutes were read back.
#[derive(Debug, Clone, Default)]
pub struct MarkView {
    /// Identifier.
    pub id: String,
    /// The words.
    pub passage: String,
    /// Who marked it.
    pub who: String,
}

/// Reading back: nothing but the text, section by section.
#[derive(Template)]
#[template(path = "minutes/read_back.html")]
pub struct ReadBack {
    /// Frame.
    pub shell: Shell,
    /// Parts of the meeting.
    pub parts: Parts,
    /// Address of the script of this page.
    pub script: &'static str,
    /// Address of the meeting.
    pub meeting: String,
    /// Title of the minutes.
    pub title: String,
    /// The sections shown: all that have text, or one.
    pub sections: Vec<SectionView>,
    /// Number of the first one shown.
    pub first: usize,
    /// Whether it is the only one shown.
    pub only: bool,
    /// How many have text.
    pub count: usize,
    /// Whether something may still be mended.
    pub recording: bool,
    /// Whether it can be adopted now.
    pub closed: bool,
    /// Whether the person may adopt.
    pub can_lead: bool,
}

impl ReadBack {
    fn before(&self) -> usize {
        self.first.saturating_sub(1).max(1)
    }

    fn after(&self) -> usize {
        if self.only { (self.first + 1).min(self.count) } else { 1 }
    }
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

/// Something that goes over to the next meeting, as the form asks of it.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Value of its box; empty for what always goes over.
    pub value: String,
    /// The sentence.
    pub text: String,
    /// Whether the box is ticked.
    pub keeps: bool,
}

/// The page before ending the meeting, adopting or sealing the minutes.
#[derive(Template)]
#[template(path = "minutes/ending.html")]
pub struct EndPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Parts of the meeting.
    pub parts: Parts,
    /// Address of the meeting.
    pub meeting: String,
    /// Address the button posts to.
    pub action: String,
    /// Words of the button.
    pub button: &'static str,
    /// Who is told: what, how.
    pub told: Vec<(&'static str, String)>,
    /// What goes over to the next meeting.
    pub carried: Vec<Choice>,
    /// What can no longer be changed: what, how.
    pub closed: Vec<(&'static str, String)>,
    /// What is missing.
    pub missing: Vec<CheckRow>,
    /// What is in order.
    pub done: Vec<String>,
    /// Whether something stands in the way.
    pub blocked: bool,
    /// Mark of the text that was read.
    pub mark: String,
    /// Whether this ends the meeting.
    pub closing: bool,
    /// Whether this is the sealing, which cannot be undone.
    pub sealing: bool,
    /// Whether the person may adopt and seal.
    pub can_lead: bool,
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

/// A section that looks like one of the last minutes.
#[derive(Debug, Clone, Default)]
pub struct AlikeSection {
    /// What it is called.
    pub title: String,
    /// How alike, in a sentence.
    pub text: String,
    /// What the earlier one is called.
    pub earlier_title: String,
    /// Pieces of the earlier text: whether only there, words.
    pub earlier: Vec<(bool, String)>,
    /// Pieces of this one likewise.
    pub now: Vec<(bool, String)>,
}

/// Minutes beside those of the last meeting of their kind.
#[derive(Template)]
#[template(path = "minutes/alike.html")]
pub struct AlikePage {
    /// Frame.
    pub shell: Shell,
    /// Parts of the meeting.
    pub parts: Parts,
    /// Address of the meeting.
    pub base: String,
    /// Day of the last meeting; empty when there was none.
    pub earlier: String,
    /// What is alike.
    pub sections: Vec<AlikeSection>,
}
