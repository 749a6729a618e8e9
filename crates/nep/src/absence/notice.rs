//! The notice about a member's attendance as a document: what is sealed, and how it is laid out.
//! May touch `documents` and rule packs, never the database. Rules: L7, section 5, BM-04.

use documents::{Block, Document, Title};
use domain::code::Code;
use domain::numbering::DocKind;
use domain::post::Role;
use domain::rulepack::LayoutProfile;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::paper::{self, Letterhead};
use crate::resolution::export::committee_of;

/// The schema of what is sealed now.
const SCHEMA: &str = "nep.absence.1";

/// What lists of issued documents call it: no name stands there.
pub const TITLE: &str = "Thông báo về việc dự sinh hoạt chi bộ";

/// What is sealed. The order of fields is the order of the JSON and never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// [`SCHEMA`].
    pub schema: String,
    /// Who issues, under whom, where.
    pub letterhead: Letterhead,
    /// Number as written; none in a draft.
    pub number: Option<String>,
    /// Date it bears.
    pub date: Date,
    /// The member.
    pub name: String,
    /// The text.
    pub text: String,
    /// Whether the committee above gets it.
    pub told_above: bool,
    /// Post of who signs, as a stored word.
    pub role: String,
    /// Name of who signs.
    pub signer: String,
}

impl Snapshot {
    /// A notice with a text.
    pub fn new(
        letterhead: Letterhead,
        date: Date,
        (name, text): (&str, &str),
        told_above: bool,
        (role, signer): (Role, String),
    ) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            letterhead,
            number: None,
            date,
            name: name.to_owned(),
            text: text.to_owned(),
            told_above,
            role: role.code().to_owned(),
            signer,
        }
    }

    /// The JSON that is hashed.
    ///
    /// # Errors
    /// Never for data that came from the stores.
    pub fn to_json(&self) -> Result<String, Fault> {
        serde_json::to_string(self).map_err(|e| Fault::Document(e.to_string()))
    }

    /// Reads what was sealed; none when it is a document of another kind.
    pub fn from_json(json: &str) -> Option<Self> {
        serde_json::from_str::<Self>(json).ok().filter(|s| s.schema == SCHEMA)
    }

    /// The document; without a number it is marked as a draft.
    pub fn document(&self, layout: &LayoutProfile, footer: Option<String>) -> Document {
        let role = Role::from_code(&self.role).unwrap_or(Role::Secretary);
        let mut recipients = vec![format!("Đồng chí {}", self.name)];
        if self.told_above && !self.letterhead.superior.is_empty() {
            recipients.push(format!("{} (báo cáo)", committee_of(&self.letterhead.superior)));
        }
        recipients.push(layout.recipients.archive_cell.trim_end_matches('.').to_owned());
        Document {
            profile: paper::profile(layout),
            date: self.date,
            head: self.letterhead.head(self.number.as_deref(), DocKind::Notice, self.date),
            title: Title {
                kind: DocKind::Notice.label().to_uppercase(),
                summary: Some(format!("về việc dự sinh hoạt chi bộ của đồng chí {}", self.name)),
            },
            blocks: self.text.lines().map(str::trim).filter(|l| !l.is_empty()).map(para).collect(),
            signatures: self.letterhead.sign(layout, role, &self.signer).into_iter().collect(),
            recipients,
            footer,
            draft: self.number.is_none(),
        }
    }
}

fn para(text: &str) -> Block {
    Block::Para { text: text.to_owned(), indent: true, align: None }
}
