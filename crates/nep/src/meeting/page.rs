//! Pages of meetings: list, new one, the meeting itself, its preparation, one item, the packet.
//! Touches dossiers and shells; no rows. Rules: section 2.3, CB-01 … CB-06, P-30.

use askama::Template;
use domain::code::Code;
use domain::id::{FileId, ItemId, MeetingId, OrgId};
use web::form::Form;

use super::export::Paper;
use super::store::Meeting;
use super::view::parts;
use crate::guidance::view::Guided;
use crate::minutes::wording::Own;
use crate::pulse::page::{Asking, PulseView};
use crate::shell::Shell;

/// A meeting in the list.
pub struct Row {
    /// The meeting.
    pub id: MeetingId,
    /// Title.
    pub title: String,
    /// Time.
    pub when: String,
    /// State class.
    pub class: &'static str,
    /// State in a word.
    pub state: &'static str,
    /// Attendance in per cent, once held.
    pub attendance: String,
}

/// The list of a year's meetings.
#[derive(Template)]
#[template(path = "meeting/list.html")]
pub struct ListPage {
    /// Frame.
    pub shell: Shell,
    /// The cell.
    pub org: OrgId,
    /// The year.
    pub year: i16,
    /// Words searched for.
    pub search: String,
    /// Whether the reader prepares meetings.
    pub may_prepare: bool,
    /// Kỳ that wait for a meeting: key and words.
    pub open: Vec<(String, String)>,
    /// Meetings.
    pub rows: Vec<Row>,
    /// A year before.
    pub before: Option<i16>,
    /// The year after.
    pub after: Option<i16>,
}

/// Choosing what to prepare.
#[derive(Template)]
#[template(path = "meeting/new.html")]
pub struct NewPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// The cell.
    pub org: OrgId,
    /// Kỳ that wait for a meeting: key, name, where it stands.
    pub open: Vec<(String, String, String)>,
    /// Kinds outside the kỳ.
    pub kinds: Vec<(String, String)>,
}

/// A step of the spine.
pub struct StepView {
    /// Words.
    pub label: &'static str,
    /// Address; empty while it cannot be entered.
    pub href: String,
    /// Whether it is done.
    pub done: bool,
    /// Whether it is the present one.
    pub current: bool,
}

/// A line of the task list.
pub struct TaskView {
    /// Address; empty while it cannot be entered.
    pub href: String,
    /// What to do.
    pub title: String,
    /// Where it stands.
    pub small: String,
    /// State class.
    pub class: &'static str,
    /// State in a word.
    pub chip: &'static str,
}

/// A notice as readers see it.
pub struct NoticeView {
    /// Text by line.
    pub lines: Vec<String>,
    /// When it was sent, and how long before.
    pub sent: String,
    /// Why it replaced the one before; empty for the first.
    pub change: String,
}

/// An item as readers see it.
pub struct ItemView {
    /// Heading that may be shown.
    pub title: String,
    /// Who presents it and how long.
    pub by: String,
    /// Information.
    pub information: String,
    /// Points to raise.
    pub points: String,
    /// Files: id, name, size.
    pub files: Vec<(FileId, String, String)>,
}

/// The meeting.
#[derive(Template)]
#[template(path = "meeting/meeting.html")]
pub struct MeetingPage {
    /// The room, while the meeting runs.
    pub room: Option<crate::live::room::page::MemberRoom>,
    /// Frame.
    pub shell: Shell,
    /// The meeting.
    pub m: Meeting,
    /// Time in words.
    pub when: String,
    /// How far away.
    pub days: String,
    /// State class.
    pub class: &'static str,
    /// State in a word.
    pub state: &'static str,
    /// Who can see the page.
    pub who: &'static str,
    /// Whether it is cancelled.
    pub cancelled: bool,
    /// Why.
    pub reason: String,
    /// Whether the reader prepares meetings.
    pub prepares: bool,
    /// Whether the reader writes its minutes.
    pub writes: bool,
    /// The spine.
    pub steps: Vec<StepView>,
    /// What to do.
    pub tasks: Vec<TaskView>,
    /// Open votes, as the reader has them.
    pub booths: Vec<crate::live::vote::page::Booth>,
    /// Whether the reader may answer.
    pub can_answer: bool,
    /// Heading of the answer.
    pub answer_title: &'static str,
    /// What was answered and decided.
    pub answer_words: String,
    /// Code of the answer; empty for none.
    pub answered: &'static str,
    /// Whether the reader may send opinions.
    pub can_write: bool,
    /// What the reader has written.
    pub opinions: String,
    /// Address of the adopted minutes; empty while there are none.
    pub minutes: String,
    /// Whether there is a page of its score for the reader.
    pub scored: bool,
    /// The last notice.
    pub notice: Option<NoticeView>,
    /// Time, place and people at a glance.
    pub facts: Vec<(&'static str, String)>,
    /// Whether it is being changed.
    pub changing: bool,
    /// Whether the agenda is shown.
    pub show_agenda: bool,
    /// Minutes of all items.
    pub total: i64,
    /// The agenda.
    pub items: Vec<ItemView>,
    /// The words recorded as the reader's, while something may be said of them.
    pub own_words: Vec<Own>,
    /// The question about the meeting that waits for a tap.
    pub asking: Option<Asking>,
    /// The counts of the pulse, once the meeting is over.
    pub pulse: Option<PulseView>,
    /// Scans of the paper: id, name, size.
    pub scans: Vec<(FileId, String, String)>,
    /// Whether there is nothing to show yet.
    pub preparing_only: bool,
}

/// An item in the agenda editor.
pub struct EditItem {
    /// Identifier.
    pub id: ItemId,
    /// Heading that may be shown.
    pub title: String,
    /// Heading as typed.
    pub typed: String,
    /// Id of the presenter; empty for none.
    pub presenter: String,
    /// Minutes as typed.
    pub minutes: String,
    /// Version.
    pub version: i64,
    /// Whether a committee above wrote it, so that its words stay.
    pub guided: bool,
    /// Whether it is a state secret.
    pub secret: bool,
    /// Where in the paper book.
    pub paper: String,
    /// Who presents it and how long.
    pub by: String,
    /// What hangs on it, in words.
    pub said: String,
    /// Whether something is wrong with it.
    pub bad: bool,
    /// What.
    pub problem: String,
}

/// Preparing a meeting.
#[derive(Template)]
#[template(path = "meeting/prepare.html")]
pub struct PreparePage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// The meeting.
    pub m: Meeting,
    /// Version the form starts from.
    pub version: i64,
    /// State class.
    pub class: &'static str,
    /// State in a word.
    pub state: &'static str,
    /// Time in words.
    pub when: String,
    /// Whether it may be edited.
    pub editable: bool,
    /// What is unwise: words and rule.
    pub advice: Vec<(String, &'static str)>,
    /// How many late tasks nobody gave a cause for.
    pub unexplained: usize,
    /// Help under the date.
    pub day_hint: String,
    /// Help under the end.
    pub length_hint: String,
    /// Whether it has a topic.
    pub thematic: bool,
    /// People to choose from.
    pub people: Vec<(String, String)>,
    /// Minutes of all items.
    pub total: i64,
    /// The agenda.
    pub items: Vec<EditItem>,
    /// What the committees above say of its month.
    pub above: Guided,
    /// Kinds of item that may be added.
    pub steps: Vec<(String, String)>,
    /// Where the order comes from.
    pub why: Vec<String>,
}

impl PreparePage {
    fn subnav(&self) -> Vec<(String, &'static str, bool)> {
        parts(self.m.org, self.m.id, "chuan-bi")
    }
}

/// A file as the item page shows it.
pub struct FileView {
    /// Identifier.
    pub id: FileId,
    /// Name.
    pub name: String,
    /// Size in words.
    pub size: String,
    /// Who confirmed it.
    pub by: String,
}

/// One item of the agenda.
#[derive(Template)]
#[template(path = "meeting/item.html")]
pub struct ItemPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// The meeting.
    pub m: Meeting,
    /// The item.
    pub item: ItemId,
    /// Its place in the agenda.
    pub number: i64,
    /// Heading that may be shown.
    pub title: String,
    /// Version the form starts from.
    pub version: i64,
    /// Whether it is kept as a state secret.
    pub secret: bool,
    /// What a committee above wrote on it; such words stay as they are.
    pub guided: Option<String>,
    /// Whether it reviews the last resolution.
    pub is_review: bool,
    /// What the step is for.
    pub hints: Vec<String>,
    /// Points and information as somebody else saved them meanwhile.
    pub theirs: Option<(String, String)>,
    /// People to choose from.
    pub people: Vec<(String, String)>,
    /// Its files.
    pub files: Vec<FileView>,
    /// Back to the agenda.
    pub back: String,
}

/// The packet as a page to print.
#[derive(Template)]
#[template(path = "meeting/print.html")]
pub struct PrintPage {
    /// Frame.
    pub shell: Shell,
    /// The meeting.
    pub m: Meeting,
    /// Notice, agenda, roll.
    pub papers: Vec<Paper>,
}

impl PrintPage {
    fn subnav(&self) -> Vec<(String, &'static str, bool)> {
        parts(self.m.org, self.m.id, "in")
    }
}

/// The kinds of meeting outside the kỳ.
pub fn other_kinds() -> Vec<(String, String)> {
    domain::meeting::MeetingKind::ALL
        .iter()
        .filter(|k| !k.serves_regular() && !k.serves_thematic())
        .map(|k| (k.code().to_owned(), k.label().to_owned()))
        .collect()
}
