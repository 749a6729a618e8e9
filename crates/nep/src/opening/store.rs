//! Openings, what they cover and who read what, as rows of the cell. Whether something may be read is part of
//! the query: the opening runs today, the committee stands above the cell today, the record is covered.
//! Touches openings and their readings; the tree and sealed records, to read. Rules: P-25, P-10.

pub mod reading;

use db::{Tx, values};
use domain::code::Code;
use domain::id::{IssuedId, OrgId, PersonId, RowId};
use domain::opening::{Extent, Ground, Phase, State, phase};
use domain::post::Role;
use domain::right::{Position, Right, allows};
use domain::rollup::Month;
use domain::tree;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::actor::Actor;
use crate::audit::store as audit;
use crate::org::store::{self as orgs, Org};

/// An opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The cell.
    pub org: OrgId,
    /// Identifier.
    pub id: RowId,
    /// Why content is opened.
    pub ground: Ground,
    /// What was last decided.
    pub state: State,
    /// The committee that reads.
    pub to: OrgId,
    /// Which records.
    pub extent: Extent,
    /// The one record, where it is one.
    pub issued: Option<IssuedId>,
    /// The first month, stored as [`Month`].
    pub from_month: Option<String>,
    /// The last month.
    pub to_month: Option<String>,
    /// What for, in a line.
    pub reason: String,
    /// Number of the decision or plan; empty for a share.
    pub document: String,
    /// Its date.
    pub dated_on: Option<Date>,
    /// The last day.
    pub until: Date,
    /// When it was shared or proposed.
    pub made_at: Timestamp,
    /// By whom.
    pub made_by: PersonId,
    /// When it was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// By whom.
    pub confirmed_by: Option<PersonId>,
    /// When it was ended before its time.
    pub ended_at: Option<Timestamp>,
    /// By whom.
    pub ended_by: Option<PersonId>,
    /// For "someone decided first".
    pub version: i64,
    /// Whether the committee stands above the cell today.
    pub in_line: bool,
}

db::row!(Opening {
    org,
    id,
    ground: code,
    state: code,
    to,
    extent: code,
    issued,
    from_month,
    to_month,
    reason,
    document,
    dated_on,
    until,
    made_at,
    made_by,
    confirmed_at,
    confirmed_by,
    ended_at,
    ended_by,
    version,
    in_line
});

impl Opening {
    /// How it stands on a day.
    pub fn phase(&self, today: Date) -> Phase {
        phase(self.state, self.until, self.in_line, today)
    }

    /// The months it covers, where it covers months.
    pub fn months(&self) -> Option<(Month, Month)> {
        let month = |text: &Option<String>| text.as_deref().and_then(|t| t.parse::<Month>().ok());
        month(&self.from_month).zip(month(&self.to_month))
    }
}

/// Whether the committee of an opening stands above its cell on the day `$1`, and both are there.
const IN_LINE: &str = "exists (select 1 from org c, org t where c.org_id = o.org_id and t.org_id = o.to_org
    and c.path > t.path and c.path < t.path || '~' and (c.ended_on is null or c.ended_on > $1)
    and (t.ended_on is null or t.ended_on > $1))";

/// Everything of openings; `$1` is the day.
fn select(tail: &str) -> String {
    format!(
        "select o.org_id, o.opening_id, o.ground, o.state, o.to_org, o.extent, o.issued_id, o.from_month, o.to_month, o.reason,
         o.document, o.dated_on, o.until_on, o.made_at, o.made_by, o.confirmed_at, o.confirmed_by, o.ended_at, o.ended_by,
         o.version, cast(case when {IN_LINE} then 1 else 0 end as bigint) from opening o where {tail}"
    )
}

/// Most openings of one list; a cell has a few in a year.
const MOST: usize = 300;

/// Every opening of a cell, newest first.
///
/// # Errors
/// Database faults only.
pub fn of_cell(tx: &mut Tx, cell: OrgId, today: Date) -> db::Result<Vec<Opening>> {
    tx.all(&select(&format!("o.org_id = $2 order by o.opening_id desc limit {MOST}")), values![today, cell])
}

/// One opening of a cell.
///
/// # Errors
/// `NotFound`; database faults.
pub fn in_cell(tx: &mut Tx, cell: OrgId, id: RowId, today: Date) -> db::Result<Opening> {
    tx.one(&select("o.org_id = $2 and o.opening_id = $3"), values![today, cell, id])
}

/// Every opening to a committee, newest first.
///
/// # Errors
/// Database faults only.
pub fn to_committee(tx: &mut Tx, committee: OrgId, today: Date) -> db::Result<Vec<Opening>> {
    tx.all(&select(&format!("o.to_org = $2 order by o.opening_id desc limit {MOST}")), values![today, committee])
}

/// One opening to a committee.
///
/// # Errors
/// `NotFound`; database faults.
pub fn of_committee(tx: &mut Tx, committee: OrgId, id: RowId, today: Date) -> db::Result<Opening> {
    tx.one(&select("o.to_org = $2 and o.opening_id = $3"), values![today, committee, id])
}

/// Openings of a cell that run or wait on a day, newest first.
///
/// # Errors
/// Database faults only.
pub fn live_in(tx: &mut Tx, cell: OrgId, today: Date) -> db::Result<Vec<Opening>> {
    let sql = select("o.org_id = $2 and o.state in ('proposed', 'open') and o.until_on >= $1 order by o.opening_id desc");
    let all: Vec<Opening> = tx.all(&sql, values![today, cell])?;
    Ok(all.into_iter().filter(|o| !o.phase(today).is_over()).collect())
}

/// How many proposals of a committee wait for somebody other than a person.
///
/// # Errors
/// Database faults only.
pub fn waiting(tx: &mut Tx, committee: OrgId, person: PersonId, today: Date) -> db::Result<i64> {
    tx.scalar(
        &format!(
            "select count(*) from opening o where o.to_org = $2 and o.state = 'proposed' and o.until_on >= $1
             and o.made_by <> $3 and {IN_LINE}"
        ),
        values![today, committee, person],
    )
}

/// What is to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    /// The committee that reads.
    pub to: OrgId,
    /// One record.
    pub issued: Option<IssuedId>,
    /// Or some months.
    pub months: Option<(Month, Month)>,
    /// Minutes alone, or resolutions too; what one record is, it is.
    pub extent: Extent,
    /// What for.
    pub reason: String,
    /// Decision or plan with its date.
    pub document: Option<(String, Date)>,
    /// The last day.
    pub until: Date,
}

fn insert(tx: &mut Tx, actor: &Actor, cell: OrgId, (ground, state): (Ground, State), new: &New) -> db::Result<RowId> {
    let id: RowId = actor.id();
    let (document, dated) = new.document.clone().unzip();
    let (from, to) = new.months.map(|(a, b)| (a.to_string(), b.to_string())).unzip();
    let opened = (state == State::Open).then(|| actor.today());
    tx.exec(
        "insert into opening (org_id, opening_id, ground, state, to_org, extent, issued_id, from_month, to_month, reason, document,
         dated_on, from_on, until_on, made_at, made_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        values![
            cell,
            id,
            ground.code(),
            state.code(),
            new.to,
            new.extent.code(),
            new.issued,
            from,
            to,
            new.reason,
            document.unwrap_or_default(),
            dated,
            opened,
            new.until,
            actor.now,
            actor.person
        ],
    )?;
    Ok(id)
}

fn trail(tx: &mut Tx, actor: &Actor, o: (OrgId, RowId, OrgId), action: &str) -> db::Result<()> {
    let (cell, id, to) = o;
    audit::record(tx, actor, cell, action, &format!("opening:{id}"), &format!("to:{to}"))
}

/// The cell shows records to a committee above, from now on.
///
/// # Errors
/// Database faults only.
pub fn share(tx: &mut Tx, actor: &Actor, cell: OrgId, new: &New) -> db::Result<RowId> {
    let id = insert(tx, actor, cell, (Ground::Share, State::Open), new)?;
    trail(tx, actor, (cell, id, new.to), "opening.shared")?;
    Ok(id)
}

/// A committee proposes an opening for an inspection; nothing is read before a second person confirms it.
///
/// # Errors
/// Database faults only.
pub fn propose(tx: &mut Tx, actor: &Actor, cell: OrgId, new: &New) -> db::Result<RowId> {
    let id = insert(tx, actor, cell, (Ground::Inspection, State::Proposed), new)?;
    trail(tx, actor, (cell, id, new.to), "opening.proposed")?;
    Ok(id)
}

/// Opens what was proposed, as the second person.
///
/// # Errors
/// `Conflict` when someone decided first; database faults.
pub fn confirm(tx: &mut Tx, actor: &Actor, o: &Opening, version: i64) -> db::Result<()> {
    tx.changed(
        "update opening set state = 'open', from_on = $4, confirmed_at = $5, confirmed_by = $6, version = version + 1
         where org_id = $1 and opening_id = $2 and version = $3 and state = 'proposed'",
        values![o.org, o.id, version, actor.today(), actor.now, actor.person],
    )?;
    trail(tx, actor, (o.org, o.id, o.to), "opening.confirmed")
}

/// Gives a proposal up, or ends what is open before its time.
///
/// # Errors
/// `Conflict` when someone decided first; database faults.
pub fn finish(tx: &mut Tx, actor: &Actor, o: &Opening, state: State, version: i64) -> db::Result<()> {
    tx.changed(
        "update opening set state = $4, ended_at = $5, ended_by = $6, version = version + 1
         where org_id = $1 and opening_id = $2 and version = $3 and state in ('proposed', 'open')",
        values![o.org, o.id, version, state.code(), actor.now, actor.person],
    )?;
    let action = match (state, o.ground) {
        (State::Dropped, _) => "opening.dropped",
        (_, Ground::Share) => "opening.withdrawn",
        (_, Ground::Inspection) => "opening.ended",
    };
    trail(tx, actor, (o.org, o.id, o.to), action)
}

/// Whether a person could propose or confirm for a committee today, by the rule the gate asks.
///
/// # Errors
/// Database faults only.
pub fn may(tx: &mut Tx, committee: &Org, person: PersonId, today: Date) -> db::Result<bool> {
    let lineage = tree::ids(&committee.path).unwrap_or_default();
    let held: Vec<_> =
        orgs::posts_of(tx, person)?.into_iter().filter(|p| p.from <= today && p.to.is_none_or(|to| today < to)).collect();
    let here: Vec<Role> = held.iter().filter(|p| p.org == committee.id).map(|p| p.role).collect();
    let above: Vec<Role> = held.iter().filter(|p| p.org != committee.id && lineage.contains(&p.org)).map(|p| p.role).collect();
    let at =
        Position { signed_in: true, is_cell: committee.is_cell, roles_here: &here, roles_above: &above, ..Position::default() };
    Ok(allows(Right::ContentOpen, &at))
}

/// Cells at or below a path (`$1`, `$2`) that live on a day (`$3`), with their short names.
const CELLS: &str = "select o.org_id, n.short_name from org o
    join org_name n on n.org_id = o.org_id and n.from_date <= $3 and (n.to_date is null or n.to_date > $3)
    where o.path > $1 and o.path < $2 and o.is_cell = 1 and o.born_on <= $3 and (o.ended_on is null or o.ended_on > $3)";

/// The cells below a committee that live on a day, in tree order; none when they are more than a list for
/// choosing can hold.
///
/// # Errors
/// Database faults only.
pub fn cells_below(tx: &mut Tx, path: &str, today: Date) -> db::Result<Vec<(OrgId, String)>> {
    let sql = format!("{CELLS} order by o.path limit {}", CHOICE + 1);
    let cells: Vec<(OrgId, String)> = tx.all(&sql, values![path, format!("{path}~"), today])?;
    Ok(if cells.len() > CHOICE { Vec::new() } else { cells })
}

/// One of them.
///
/// # Errors
/// Database faults only.
pub fn cell_below(tx: &mut Tx, path: &str, cell: OrgId, today: Date) -> db::Result<Option<(OrgId, String)>> {
    tx.opt(&format!("{CELLS} and o.org_id = $4"), values![path, format!("{path}~"), today, cell])
}

/// Most cells of a list for choosing.
const CHOICE: usize = 200;
