//! Pages of what committees send down: for the committee that writes, and for the cell that reads.

use askama::Template;
use web::form::Form;

use super::view::{BlockView, CellCount, CheckView, PaperView, Row};
use crate::shell::Shell;

/// What a committee has sent in a year, and what it has in hand.
#[derive(Template)]
#[template(path = "guidance/list.html")]
pub struct ListPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Address.
    pub base: String,
    /// The committee's name.
    pub name: String,
    /// The year.
    pub year: i16,
    /// Years to choose from, with whether it is this one.
    pub years: Vec<(i16, bool)>,
    /// Whether the reader writes.
    pub writes: bool,
    /// Months an orientation may be begun for.
    pub months: Vec<(String, String)>,
    /// What is being written.
    pub drafts: Vec<Row>,
    /// Orientations.
    pub orientations: Vec<Row>,
    /// Documents.
    pub documents: Vec<Row>,
}

/// A draft.
#[derive(Template)]
#[template(path = "guidance/edit.html")]
pub struct EditPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Address.
    pub base: String,
    /// What it is.
    pub kind: &'static str,
    /// Whether it is an orientation.
    pub orientation: bool,
    /// The edition it replaces; empty for none.
    pub replaces: String,
    /// Version the forms start from.
    pub version: i64,
    /// Title as stored.
    pub title: String,
    /// Months to choose from.
    pub months: Vec<(String, String)>,
    /// Ways to tell whom it goes to.
    pub reaches: Vec<(String, String)>,
    /// Types of cell: code, name.
    pub types: Vec<(String, String)>,
    /// Organisations below: id, name, whether a committee.
    pub orgs: Vec<(String, String, bool)>,
    /// Its blocks.
    pub blocks: Vec<BlockView>,
    /// Its files.
    pub papers: Vec<PaperView>,
}

impl EditPage {
    fn picked(&self, field: &str, value: &str) -> bool {
        self.form.every(field).any(|v| v == value)
    }
}

/// A block of a draft.
#[derive(Template)]
#[template(path = "guidance/block.html")]
pub struct BlockPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Address of the draft.
    pub base: String,
    /// Address of the form.
    pub action: String,
    /// Identifier; empty for a new one.
    pub block: String,
    /// Version the forms start from.
    pub version: i64,
    /// Required or suggested.
    pub weights: Vec<(String, String)>,
    /// Documents that may be tied to it.
    pub documents: Vec<(String, String)>,
    /// Its files.
    pub papers: Vec<PaperView>,
}

/// A draft as the cells will see it, with what is in order.
#[derive(Template)]
#[template(path = "guidance/check.html")]
pub struct CheckPage {
    /// Frame.
    pub shell: Shell,
    /// Address of the draft.
    pub base: String,
    /// Title.
    pub title: String,
    /// Month, number, date.
    pub about: String,
    /// What it says itself.
    pub body: String,
    /// Whom it goes to.
    pub to: String,
    /// Version it is issued at.
    pub version: i64,
    /// What is in order.
    pub checks: Vec<CheckView>,
    /// Whether nothing stands in the way.
    pub ready: bool,
    /// The edition it replaces; empty for none.
    pub replaces: String,
    /// Its blocks.
    pub blocks: Vec<BlockView>,
    /// Its files.
    pub papers: Vec<PaperView>,
}

/// A block with how many cells have heard it.
pub struct FarBlock {
    /// The block.
    pub view: BlockView,
    /// How many have.
    pub heard: usize,
    /// Cells that have not, the first of them by name.
    pub lacking: Vec<String>,
    /// How many more have not.
    pub more: usize,
}

/// What is out, with how far it came.
#[derive(Template)]
#[template(path = "guidance/issued.html")]
pub struct IssuedPage {
    /// Frame.
    pub shell: Shell,
    /// Address.
    pub base: String,
    /// Title.
    pub title: String,
    /// Month, number, date.
    pub about: String,
    /// Where it stands.
    pub state: &'static str,
    /// State class.
    pub class: &'static str,
    /// What it says itself.
    pub body: String,
    /// Whom it goes to.
    pub to: String,
    /// How many cells that is today.
    pub total: usize,
    /// Whether the reader may begin a new edition.
    pub may_replace: bool,
    /// Edition before and after: address and title.
    pub before: Option<(String, String)>,
    /// Edition after.
    pub after: Option<(String, String)>,
    /// Its blocks.
    pub blocks: Vec<FarBlock>,
    /// Its files.
    pub papers: Vec<PaperView>,
    /// Of a document: members who opened and read it, of all, in words.
    pub read: String,
    /// Of a document: the same by cell.
    pub cells: Vec<CellCount>,
    /// Cells that are not listed.
    pub more: usize,
}

/// What a cell was sent.
#[derive(Template)]
#[template(path = "guidance/received.html")]
pub struct ReceivedPage {
    /// Frame.
    pub shell: Shell,
    /// Documents.
    pub documents: Vec<Row>,
    /// Orientations.
    pub orientations: Vec<Row>,
}

/// One of them.
#[derive(Template)]
#[template(path = "guidance/read.html")]
pub struct ReadPage {
    /// Frame.
    pub shell: Shell,
    /// Address.
    pub base: String,
    /// Title.
    pub title: String,
    /// Who sent it, number, date.
    pub about: String,
    /// What it says itself.
    pub body: String,
    /// Its blocks.
    pub blocks: Vec<BlockView>,
    /// Its files.
    pub papers: Vec<PaperView>,
    /// The edition in its place; empty for none.
    pub after: String,
    /// Whether it waits for the reader to say that it was read.
    pub asks: bool,
    /// What the reader has done with it; empty where nothing is kept.
    pub receipt: &'static str,
    /// State class of that.
    pub class: &'static str,
    /// For the secretary: members with what they have done.
    pub members: Vec<(String, &'static str, &'static str)>,
    /// The same as a count.
    pub counted: String,
}
