//! Pages of organisations: plain structs the templates are checked against.
//! Touches nothing. Rules: L10, TC-20 … TC-26.

use askama::Template;
use domain::id::{OrgId, PersonId, PostId};
use domain::refusal::Advice;
use web::form::Form;

use super::reform::Work;
use super::store::people::Someone;
use crate::shell::Shell;

/// A post on a page.
pub struct PostLine {
    /// Which.
    pub id: PostId,
    /// Who.
    pub name: String,
    /// What, as the organisation calls it.
    pub role: String,
    /// First day.
    pub since: String,
    /// Whether the reader may end it here.
    pub mine: bool,
}

/// An organisation below.
pub struct ChildLine {
    /// Which.
    pub id: OrgId,
    /// Name.
    pub name: String,
    /// Kind in words.
    pub kind: String,
    /// Secretary, or empty.
    pub secretary: String,
    /// Members at or below it.
    pub members: String,
    /// Cells at or below it; empty for a cell.
    pub cells: String,
}

/// Something dated of the past or present.
pub struct Past {
    /// What held or happened.
    pub text: String,
    /// Between which dates, by which document.
    pub when: String,
}

/// An organisation as its readers see it.
#[derive(Template)]
#[template(path = "org/org.html")]
pub struct OrgPage {
    /// Frame.
    pub shell: Shell,
    /// Which.
    pub org: OrgId,
    /// Full name.
    pub name: String,
    /// Kind in words.
    pub kind: String,
    /// Key facts: label and value.
    pub facts: Vec<(&'static str, String)>,
    /// Present posts.
    pub posts: Vec<PostLine>,
    /// What is unwise about them.
    pub advice: Vec<Advice>,
    /// Organisations below.
    pub children: Vec<ChildLine>,
    /// Names, places and changes, newest first.
    pub past: Vec<Past>,
    /// Whether it is a cell.
    pub is_cell: bool,
    /// Where the reader may arrange things; empty when nowhere.
    pub manage: String,
    /// Whether the reader looks after members here.
    pub members: bool,
    /// Whether the reader looks after accounts here.
    pub accounts: bool,
    /// Whether the reader may import lists for the cells below.
    pub imports: bool,
    /// Whether the reader sees what cells open to this committee.
    pub opens: bool,
}

/// Particulars, term and posts, with the ways to a reorganisation.
#[derive(Template)]
#[template(path = "org/manage.html")]
pub struct Manage {
    /// Frame.
    pub shell: Shell,
    /// Which.
    pub org: OrgId,
    /// Full name.
    pub name: String,
    /// `/tc/…` or, for what a cell arranges itself, `/cb/…`.
    pub base: String,
    /// Whether the cell itself arranges: place, term and committee only.
    pub own: bool,
    /// Whether it is a cell.
    pub is_cell: bool,
    /// The form as sent, or as it stands.
    pub form: Form,
    /// Types of cell.
    pub cell_types: Vec<(String, String)>,
    /// Terms: name and dates.
    pub terms: Vec<Past>,
    /// Present posts.
    pub posts: Vec<PostLine>,
    /// What is unwise about them.
    pub advice: Vec<Advice>,
    /// Reorganisations within reach.
    pub works: Vec<Work>,
    /// Whether accounts are in the reader's hands.
    pub accounts: bool,
    /// Whether lists for many cells are.
    pub imports: bool,
    /// Whether the figures in force may be seen.
    pub rules: bool,
}

/// Giving somebody a post.
#[derive(Template)]
#[template(path = "org/appoint.html")]
pub struct Appoint {
    /// Frame.
    pub shell: Shell,
    /// Name of the organisation.
    pub name: String,
    /// Where the form goes.
    pub base: String,
    /// Whether only the cell's committee is in question.
    pub own: bool,
    /// The form as sent.
    pub form: Form,
    /// Posts to choose from.
    pub roles: Vec<(String, String)>,
    /// People to choose from.
    pub people: Vec<Someone>,
    /// Words searched for.
    pub q: String,
    /// Whether to search rather than choose from the whole list.
    pub search: bool,
    /// The present secretary, if any.
    pub secretary: String,
}

impl Appoint {
    fn chosen(&self, person: &PersonId) -> bool {
        self.form.raw("nguoi") == person.to_string()
    }
}

/// A part of a split in the form.
pub struct Part {
    /// Its number, from 1.
    pub n: usize,
    /// Name of the field.
    pub field: String,
    /// Words of the label.
    pub label: String,
}

/// A member to be given a place.
pub struct Mover {
    /// Name of the field.
    pub field: String,
    /// Number on the roll and name.
    pub name: String,
    /// Chosen part.
    pub part: String,
}

/// An organisation to tick.
pub struct Tick {
    /// Which.
    pub id: OrgId,
    /// Name.
    pub name: String,
    /// Whether it is ticked.
    pub on: bool,
}

/// Asking for a reorganisation.
#[derive(Template)]
#[template(path = "org/reform.html")]
pub struct ReformPage {
    /// Frame.
    pub shell: Shell,
    /// What is to be done.
    pub work: Work,
    /// Which organisation.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// Whether it is a cell.
    pub is_cell: bool,
    /// The form as sent.
    pub form: Form,
    /// Kinds of organisation to choose from.
    pub kinds: Vec<(String, String)>,
    /// Organisations to move to or to send members to.
    pub targets: Vec<(String, String)>,
    /// Organisations that may merge with it.
    pub others: Vec<Tick>,
    /// New organisations of a split.
    pub parts: Vec<Part>,
    /// Members to be given a place.
    pub movers: Vec<Mover>,
}

/// What would be done.
#[derive(Template)]
#[template(path = "org/plan.html")]
pub struct PlanPage {
    /// Frame.
    pub shell: Shell,
    /// What is to be done.
    pub work: Work,
    /// Which organisation.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// Sentences of the plan.
    pub lines: Vec<String>,
    /// What is wise to look at before.
    pub advice: Vec<Advice>,
    /// Fields to send again.
    pub fields: Vec<(String, String)>,
    /// The day, as printed.
    pub day: String,
    /// Fingerprint of the plan that was shown.
    pub print: String,
    /// Whether the plan differs from the one shown before.
    pub changed: bool,
}

/// A figure of the rules.
pub struct FigureLine {
    /// Key.
    pub key: String,
    /// What it is.
    pub title: String,
    /// As a reader sees it.
    pub shown: String,
    /// Rule id.
    pub rule: String,
    /// Document to cite.
    pub source: String,
    /// Where in it.
    pub clause: String,
    /// How sure it is.
    pub confidence: String,
    /// The committee that set it; empty when it is the pack's.
    pub set_by: String,
    /// Whether this organisation set it.
    pub own: bool,
}

/// Every figure that holds for an organisation.
#[derive(Template)]
#[template(path = "org/rules.html")]
pub struct RulesPage {
    /// Frame.
    pub shell: Shell,
    /// Name of the organisation.
    pub name: String,
    /// `/tc/…` or `/cb/…` when the reader may set figures; empty otherwise.
    pub base: String,
    /// Where the list itself lies.
    pub here: String,
    /// Words searched for.
    pub q: String,
    /// Whether only figures set here or above are listed.
    pub only_set: bool,
    /// The date the rules are of.
    pub day: String,
    /// The figures.
    pub figures: Vec<FigureLine>,
}

/// Setting one figure.
#[derive(Template)]
#[template(path = "org/rule.html")]
pub struct RulePage {
    /// Frame.
    pub shell: Shell,
    /// Name of the organisation.
    pub name: String,
    /// Where forms go.
    pub base: String,
    /// The figure.
    pub figure: FigureLine,
    /// How a value is written.
    pub hint: String,
    /// The form as sent.
    pub form: Form,
    /// What this organisation set before.
    pub past: Vec<Past>,
    /// Whether something set here is in force.
    pub in_force: bool,
}
