//! Pages of programmes: plain structs the templates are checked against.
//! Touches nothing. Rules: L10, TC-20 … TC-26.

use askama::Template;
use domain::id::OrgId;
use domain::refusal::Advice;
use web::form::Form;

use super::web::Work;
use super::words::Section;
use crate::org::store::people::Someone;
use crate::shell::Shell;

/// A programme in the list.
pub struct Listed {
    /// Address.
    pub href: String,
    /// What it is called.
    pub title: String,
    /// State in words.
    pub word: &'static str,
    /// State class.
    pub class: &'static str,
    /// What is known of its day.
    pub when: String,
}

/// The programmes of an organisation.
#[derive(Template)]
#[template(path = "reorg/list.html")]
pub struct ListPage {
    /// Frame.
    pub shell: Shell,
    /// Name of the organisation.
    pub name: String,
    /// Address.
    pub base: String,
    /// The form as sent.
    pub form: Form,
    /// Programmes, newest first.
    pub programmes: Vec<Listed>,
}

/// One thing asked for, in words.
pub struct EntryLine {
    /// Its number.
    pub n: i64,
    /// What is asked for.
    pub text: String,
    /// Which organisations.
    pub names: Vec<String>,
    /// Where it is edited.
    pub edit: String,
    /// Where first posts are written; empty when it founds nothing.
    pub posts: String,
}

/// One programme.
#[derive(Template)]
#[template(path = "reorg/programme.html")]
pub struct ProgrammePage {
    /// Frame.
    pub shell: Shell,
    /// Name of the organisation.
    pub name: String,
    /// What the programme is called.
    pub title: String,
    /// Address.
    pub base: String,
    /// For "someone saved first".
    pub version: i64,
    /// State in words.
    pub word: &'static str,
    /// State class.
    pub class: &'static str,
    /// Whether it is being prepared.
    pub open: bool,
    /// Whether it is decided and waits for its day.
    pub waiting: bool,
    /// The form of its head, as sent or as it stands.
    pub form: Form,
    /// Day, document, who and when.
    pub facts: Vec<(&'static str, String)>,
    /// What is asked for.
    pub entries: Vec<EntryLine>,
    /// Things that can be added.
    pub works: Vec<Work>,
    /// Why it could not be carried out on its day.
    pub trouble: String,
    /// Steps that can be taken: word, label, whether it is the main one.
    pub steps: Vec<(&'static str, &'static str, bool)>,
    /// What to know before a step.
    pub hint: String,
    /// The plan as it was carried out.
    pub sections: Vec<Section>,
}

/// A plan that can be decided on.
#[derive(Template)]
#[template(path = "reorg/plan.html")]
pub struct PlanPage {
    /// Frame.
    pub shell: Shell,
    /// What the programme is called.
    pub title: String,
    /// Name of the organisation.
    pub name: String,
    /// Address of the programme.
    pub base: String,
    /// For "someone saved first".
    pub version: i64,
    /// The day with its weekday.
    pub day: String,
    /// Deciding document; empty while there is none.
    pub document: String,
    /// The plan.
    pub sections: Vec<Section>,
    /// What is wise to look at before.
    pub advice: Vec<Advice>,
    /// Why it cannot be carried out; empty when it can.
    pub refused: String,
    /// Fingerprint of what is shown.
    pub print: String,
    /// Whether it differs from what was shown before.
    pub changed: bool,
    /// Whether its day is still to come.
    pub later: bool,
    /// Whether it can be decided on now.
    pub open: bool,
    /// For how many hours it can be taken back.
    pub hours: i64,
}

/// An organisation to tick.
pub struct Choice {
    /// Which.
    pub id: OrgId,
    /// Name.
    pub name: String,
    /// What to know of it.
    pub note: String,
    /// Whether it is ticked.
    pub on: bool,
    /// Whether another entry has it.
    pub taken: bool,
}

/// A kind to tick.
pub struct KindChoice {
    /// Its code.
    pub code: String,
    /// Its name and how many there are.
    pub name: String,
    /// Whether it is ticked.
    pub on: bool,
}

/// Asking for one thing.
#[derive(Template)]
#[template(path = "reorg/item.html")]
pub struct ItemPage {
    /// Frame.
    pub shell: Shell,
    /// What the programme is called.
    pub title: String,
    /// Address of the programme.
    pub base: String,
    /// For "someone saved first".
    pub version: i64,
    /// What is asked for.
    pub work: Work,
    /// Number of the entry; 0 for a new one.
    pub n: i64,
    /// The form as sent, or as it stands.
    pub form: Form,
    /// Kinds of organisation.
    pub kinds: Vec<(String, String)>,
    /// Organisations that something may go to.
    pub targets: Vec<(String, String)>,
    /// Committees whose organisations can be listed.
    pub unders: Vec<(String, String)>,
    /// The one whose organisations are listed.
    pub under: String,
    /// Organisations to tick.
    pub choices: Vec<Choice>,
    /// Kinds to tick.
    pub from_kinds: Vec<KindChoice>,
}

/// First posts of a new organisation.
#[derive(Template)]
#[template(path = "reorg/posts.html")]
pub struct PostsPage {
    /// Frame.
    pub shell: Shell,
    /// Name of the new organisation.
    pub name: String,
    /// Address of the programme.
    pub base: String,
    /// For "someone saved first".
    pub version: i64,
    /// Number of the entry.
    pub n: i64,
    /// The form as sent.
    pub form: Form,
    /// Posts named so far: what and who.
    pub posts: Vec<(String, String)>,
    /// Posts to choose from.
    pub roles: Vec<(String, String)>,
    /// Words searched for.
    pub q: String,
    /// Who was found.
    pub people: Vec<Someone>,
}

/// Choosing a table of changes.
#[derive(Template)]
#[template(path = "reorg/sheet.html")]
pub struct SheetPage {
    /// Frame.
    pub shell: Shell,
    /// What the programme is called.
    pub title: String,
    /// Address of the programme.
    pub base: String,
    /// The form as sent.
    pub form: Form,
    /// The table that waits, in words; empty when none does.
    pub waiting: String,
}

/// A row of a table of changes.
pub struct SheetLine {
    /// Its number in the sheet.
    pub n: usize,
    /// What would become of it.
    pub state: &'static str,
    /// State class.
    pub class: &'static str,
    /// What it asks for.
    pub asks: String,
    /// Why, or what to look at.
    pub says: String,
}

/// A row that may mean one of several organisations.
pub struct SheetAsk {
    /// The field of the answer.
    pub field: String,
    /// What is asked.
    pub text: String,
    /// Id, name and place of each.
    pub answers: Vec<(String, String, String)>,
}

/// What a table would add to a programme.
#[derive(Template)]
#[template(path = "reorg/preview.html")]
pub struct SheetPreview {
    /// Frame.
    pub shell: Shell,
    /// What the programme is called.
    pub title: String,
    /// Address of the programme.
    pub base: String,
    /// Name of the file.
    pub file: String,
    /// For "someone saved first".
    pub version: i64,
    /// Fingerprint of what is shown.
    pub print: String,
    /// Whether it is another preview than the one that was answered.
    pub changed: bool,
    /// How many rows have which state: class, words, number.
    pub tally: Vec<(&'static str, &'static str, usize)>,
    /// Headings that are not read.
    pub ignored: String,
    /// How many organisations have nothing written beside them.
    pub idle: usize,
    /// Rows somebody has to say something about.
    pub questions: Vec<SheetAsk>,
    /// What would still stand against the programme.
    pub trouble: String,
    /// The words of the button; empty when nothing would be added.
    pub button: String,
    /// Rows that are left out.
    pub errors: usize,
    /// Filters: address, words, whether it is on.
    pub filters: Vec<(String, String, bool)>,
    /// Rows of this page.
    pub rows: Vec<SheetLine>,
    /// Pages: address, number, whether it is this one.
    pub pages: Vec<(String, usize, bool)>,
}
