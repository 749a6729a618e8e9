//! What the health of the installation is judged by: how many rows, how far the chains reach, when it
//! was last backed up and checked. Counts and hashes only, never content (P-19, P-25).

use db::{Engine, Tx, values};
use domain::delivery::DeliveryState;
use domain::id::OrgId;
use jiff::Timestamp;

use crate::account::store as accounts;
use crate::account::store::manage::{self, InUse};
use crate::message::store::delivery;

/// Tables whose rows are counted, with what they are called.
const COUNTED: [(&str, &str); 9] = [
    ("org", "tổ chức"),
    ("person", "người"),
    ("membership", "lượt sinh hoạt đảng"),
    ("meeting", "buổi sinh hoạt"),
    ("minutes_section", "mục biên bản"),
    ("resolution", "nghị quyết"),
    ("task", "nhiệm vụ"),
    ("issued", "văn bản đã khóa"),
    ("audit", "dòng nhật ký"),
];

/// Setting that remembers the last backup: moment and file name.
const BACKUP: &str = "last_backup";

/// A check that reads everything is remembered, for looking again takes long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// The engine's look at its own file.
    File,
    /// The trail and the ledger, record by record.
    Chains,
}

impl Check {
    fn key(self) -> &'static str {
        match self {
            Self::File => "last_file_check",
            Self::Chains => "last_chain_check",
        }
    }
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked {
    /// When.
    pub at: Timestamp,
    /// How many things were wrong.
    pub wrong: i64,
}

/// What the database knows of its own health.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The last migration applied.
    pub schema: i64,
    /// Bytes the data take.
    pub size: i64,
    /// Rows of each kind, with their names.
    pub counts: Vec<(&'static str, i64)>,
    /// When the newest line of the trail was written.
    pub last_event: Option<Timestamp>,
    /// The last backup: moment and file.
    pub backup: Option<(Timestamp, String)>,
    /// The last look at the file.
    pub file: Option<Checked>,
    /// The last look at trail and ledger.
    pub chains: Option<Checked>,
    /// Messages that wait to go out, and those that failed.
    pub messages: (i64, i64),
    /// Accounts and who is signed in.
    pub accounts: InUse,
    /// Heads of the ledgers, root by root: number of records and last hash.
    pub ledger: Vec<(OrgId, i64, String)>,
    /// Heads of the trails, organisation by organisation.
    pub audit: Vec<(OrgId, i64, String)>,
}

/// Reads all of it.
///
/// # Errors
/// Database faults only.
pub fn facts(tx: &mut Tx, now: Timestamp) -> db::Result<Facts> {
    Ok(Facts {
        schema: tx.scalar("select cast(coalesce(max(number), 0) as bigint) from schema_migration", values![])?,
        size: size(tx)?,
        counts: counts(tx)?,
        last_event: tx.one::<(Option<Timestamp>,)>("select max(at) from audit", values![])?.0,
        backup: noted(tx, BACKUP)?,
        file: checked(tx, Check::File)?,
        chains: checked(tx, Check::Chains)?,
        messages: messages(tx)?,
        accounts: manage::in_use(tx, now)?,
        ledger: heads(tx)?,
        audit: trails(tx)?,
    })
}

fn messages(tx: &mut Tx) -> db::Result<(i64, i64)> {
    let counts = delivery::counts(tx)?;
    let sum = |states: &[DeliveryState]| counts.iter().filter(|c| states.contains(&c.1)).map(|c| c.2).sum();
    Ok((sum(&[DeliveryState::Queued, DeliveryState::Sending]), sum(&[DeliveryState::Unclear, DeliveryState::Dead])))
}

/// How many rows of each kind there are, with their names.
///
/// # Errors
/// Database faults only.
pub fn counts(tx: &mut Tx) -> db::Result<Vec<(&'static str, i64)>> {
    COUNTED.iter().map(|(table, name)| Ok((*name, tx.scalar(&format!("select count(*) from {table}"), values![])?))).collect()
}

/// Head of each ledger: root organisation, number of records, last hash.
///
/// # Errors
/// Database faults only.
pub fn heads(tx: &mut Tx) -> db::Result<Vec<(OrgId, i64, String)>> {
    tx.all("select org_id, seq, hash from ledger_head order by org_id", values![])
}

/// Head of each trail: organisation, number of lines, last hash.
///
/// # Errors
/// Database faults only.
pub fn trails(tx: &mut Tx) -> db::Result<Vec<(OrgId, i64, String)>> {
    tx.all("select org_id, seq, hash from audit_head order by org_id", values![])
}

fn size(tx: &mut Tx) -> db::Result<i64> {
    match tx.engine() {
        Engine::Sqlite => tx.scalar("select page_count * page_size from pragma_page_count, pragma_page_size", values![]),
        Engine::Postgres => tx.scalar("select cast(pg_database_size(current_database()) as bigint)", values![]),
    }
}

/// A moment and a word kept in one setting.
fn noted(tx: &mut Tx, key: &str) -> db::Result<Option<(Timestamp, String)>> {
    let note = accounts::setting(tx, key)?;
    Ok(note.as_deref().and_then(|n| n.split_once('|')).and_then(|(ms, word)| {
        let at = Timestamp::from_millisecond(ms.parse().ok()?).ok()?;
        Some((at, word.to_owned()))
    }))
}

fn checked(tx: &mut Tx, check: Check) -> db::Result<Option<Checked>> {
    let note = noted(tx, check.key())?;
    Ok(note.and_then(|(at, wrong)| Some(Checked { at, wrong: wrong.parse().ok()? })))
}

/// Remembers how a check ended.
///
/// # Errors
/// Database faults only.
pub fn note_check(tx: &mut Tx, check: Check, at: Timestamp, wrong: usize) -> db::Result<()> {
    accounts::set_setting(tx, check.key(), &format!("{}|{wrong}", at.as_millisecond()))
}

/// Remembers a backup.
///
/// # Errors
/// Database faults only.
pub fn note_backup(tx: &mut Tx, at: Timestamp, file: &str) -> db::Result<()> {
    accounts::set_setting(tx, BACKUP, &format!("{}|{file}", at.as_millisecond()))
}
