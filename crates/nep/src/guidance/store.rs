//! What a committee sends down, as rows: head, distribution list, state. Whatever is issued is not written
//! again: every statement here that changes words asks for the draft. Rules: L1, L2, P4.

pub mod agenda;
pub mod blocks;
pub mod cells;
pub mod fresh;
pub mod papers;
pub mod received;

use std::collections::{BTreeMap, BTreeSet};

use db::{Tx, values};
use domain::code::Code;
use domain::guidance::{Distribution, GuidanceKind, GuidanceState, Reach};
use domain::id::{OrgId, PersonId, RowId};
use domain::period::PeriodKey;
use domain::search::Kind;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::actor::Actor;
use crate::audit::store as audit;
use crate::fault::Fault;
use crate::search::store::source as index;

/// Something a committee sends or is about to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guidance {
    /// The committee.
    pub org: OrgId,
    /// Identifier.
    pub id: RowId,
    /// What it is.
    pub kind: GuidanceKind,
    /// Where it stands.
    pub state: GuidanceState,
    /// Title.
    pub title: String,
    /// What it says itself.
    pub body: String,
    /// The kỳ, of an orientation.
    pub period: Option<String>,
    /// Number on the paper; empty for none.
    pub number: String,
    /// Date on the paper.
    pub dated_on: Option<Date>,
    /// How its distribution list is told.
    pub reach: Reach,
    /// The edition it takes the place of.
    pub replaces: Option<RowId>,
    /// When it went out.
    pub issued_at: Option<Timestamp>,
    /// Who issued it.
    pub issued_by: Option<PersonId>,
    /// For "someone saved first".
    pub version: i64,
}

db::row!(Guidance {
    org,
    id,
    kind: code,
    state: code,
    title,
    body,
    period,
    number,
    dated_on,
    reach: code,
    replaces,
    issued_at,
    issued_by,
    version
});

const COLUMNS: &str = "g.org_id, g.guidance_id, g.kind, g.state, g.title, g.body, g.period, g.number, g.dated_on, g.reach,
    g.replaces_id, g.issued_at, g.issued_by, g.version";

/// What a distribution list hangs on: committee, identifier, how the list is told.
pub type Sent = (OrgId, RowId, Reach);

impl Guidance {
    /// What its distribution list hangs on.
    pub fn sent(&self) -> Sent {
        (self.org, self.id, self.reach)
    }

    /// The kỳ it is about.
    pub fn key(&self) -> Option<PeriodKey> {
        self.period.as_deref()?.parse().ok()
    }
}

/// Brings what may be found of it up to date.
fn indexed(tx: &mut Tx, org: OrgId, id: RowId) -> db::Result<()> {
    index::refresh(tx, org, Kind::Guidance, id.raw())
}

/// How the trail names it.
fn object(id: RowId) -> String {
    format!("guidance:{id}")
}

/// What a committee sends.
///
/// # Errors
/// `NotFound`; database faults.
pub fn get(tx: &mut Tx, org: OrgId, id: RowId) -> db::Result<Guidance> {
    tx.one(&format!("select {COLUMNS} from guidance g where g.org_id = $1 and g.guidance_id = $2"), values![org, id])
}

/// What a committee has in hand, newest first.
///
/// # Errors
/// Database faults only.
pub fn drafts(tx: &mut Tx, org: OrgId) -> db::Result<Vec<Guidance>> {
    tx.all(
        &format!(
            "select {COLUMNS} from guidance g where g.org_id = $1 and g.state = 'draft' order by g.guidance_id desc limit 50"
        ),
        values![org],
    )
}

/// What a committee has out that was issued in `[from, until)` and not replaced, newest first.
///
/// # Errors
/// Database faults only.
pub fn issued(tx: &mut Tx, org: OrgId, from: Timestamp, until: Timestamp) -> db::Result<Vec<Guidance>> {
    tx.all(
        &format!(
            "select {COLUMNS} from guidance g where g.org_id = $1 and g.state = 'issued' and g.issued_at >= $2 and g.issued_at < $3
             order by g.issued_at desc, g.guidance_id desc"
        ),
        values![org, from, until],
    )
}

/// The documents of a committee that a block may be tied to, newest first.
///
/// # Errors
/// Database faults only.
pub fn documents(tx: &mut Tx, org: OrgId) -> db::Result<Vec<(RowId, String)>> {
    tx.all(
        "select guidance_id, title from guidance where org_id = $1 and state = 'issued' and kind = 'document'
         order by issued_at desc limit 60",
        values![org],
    )
}

/// Titles of the documents that blocks name and that are out.
///
/// # Errors
/// Database faults only.
pub fn titles(tx: &mut Tx, of: &[blocks::Block]) -> db::Result<BTreeMap<RowId, String>> {
    let named: BTreeSet<(OrgId, RowId)> = of.iter().filter_map(|b| Some((b.org, b.document?))).collect();
    if named.is_empty() {
        return Ok(BTreeMap::new());
    }
    let (orgs, v) = db::listed(&[], named.iter().map(|n| n.0));
    let (ids, v) = db::listed(&v, named.iter().map(|n| n.1));
    let rows: Vec<(RowId, String)> = tx.all(
        &format!(
            "select guidance_id, title from guidance where org_id in ({orgs}) and guidance_id in ({ids}) and state <> 'draft'"
        ),
        &v,
    )?;
    Ok(rows.into_iter().collect())
}

/// Those of some orientations that a new edition replaced.
///
/// # Errors
/// Database faults only.
pub fn replaced(tx: &mut Tx, of: &[(OrgId, RowId)]) -> db::Result<BTreeSet<RowId>> {
    let (orgs, v) = db::listed(&[], of.iter().map(|n| n.0));
    let (ids, v) = db::listed(&v, of.iter().map(|n| n.1));
    let rows: Vec<(RowId,)> = tx.all(
        &format!("select guidance_id from guidance where org_id in ({orgs}) and guidance_id in ({ids}) and state = 'replaced'"),
        &v,
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

/// Another edition of something: the one it replaces, the one that replaces it.
///
/// # Errors
/// Database faults only.
pub fn editions(tx: &mut Tx, g: &Guidance) -> db::Result<(Option<Guidance>, Option<Guidance>)> {
    let before = match g.replaces {
        Some(id) => Some(get(tx, g.org, id)?),
        None => None,
    };
    let after = tx.opt(
        &format!("select {COLUMNS} from guidance g where g.org_id = $1 and g.replaces_id = $2 order by g.guidance_id desc"),
        values![g.org, g.id],
    )?;
    Ok((before, after))
}

/// Whether a month has an orientation of the committee that is out, other than the one named.
///
/// # Errors
/// Database faults only.
pub fn month_taken(tx: &mut Tx, org: OrgId, period: &str, but: Option<RowId>) -> db::Result<bool> {
    let n: i64 = tx.scalar(
        "select count(*) from guidance where org_id = $1 and state = 'issued' and kind = 'orientation' and period = $2
         and guidance_id <> $3",
        values![org, period, but.map_or(0, RowId::raw)],
    )?;
    Ok(n > 0)
}

/// Begins something to send to every cell below.
///
/// # Errors
/// Database faults only.
pub fn create(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    kind: GuidanceKind,
    title: &str,
    period: Option<PeriodKey>,
) -> db::Result<RowId> {
    let id: RowId = actor.id();
    tx.exec(
        "insert into guidance (org_id, guidance_id, kind, state, title, body, period, number, reach, made_at)
         values ($1, $2, $3, $4, $5, '', $6, '', $7, $8)",
        values![
            org,
            id,
            kind.code(),
            GuidanceState::Draft.code(),
            title,
            period.map(|p| p.to_string()),
            Reach::All.code(),
            actor.now
        ],
    )?;
    indexed(tx, org, id)?;
    audit::record(tx, actor, org, "guidance.begun", &object(id), kind.code())?;
    Ok(id)
}

/// The head of a draft as it is written.
#[derive(Debug, Clone)]
pub struct Head {
    /// Title.
    pub title: String,
    /// What it says itself.
    pub body: String,
    /// The kỳ, of an orientation.
    pub period: Option<PeriodKey>,
    /// Number on the paper.
    pub number: String,
    /// Date on the paper.
    pub dated_on: Option<Date>,
    /// Whom it goes to.
    pub list: Distribution,
}

/// Saves the head of a draft that started from `version`, with its distribution list.
///
/// # Errors
/// `Conflict` when someone saved or issued first; database faults.
pub fn save_head(tx: &mut Tx, org: OrgId, id: RowId, version: i64, head: &Head) -> db::Result<()> {
    tx.changed(
        "update guidance set title = $4, body = $5, period = $6, number = $7, dated_on = $8, reach = $9, version = version + 1
         where org_id = $1 and guidance_id = $2 and version = $3 and state = 'draft'",
        values![
            org,
            id,
            version,
            head.title,
            head.body,
            head.period.map(|p| p.to_string()),
            head.number,
            head.dated_on,
            head.list.reach.code()
        ],
    )?;
    tx.exec("delete from guidance_to where org_id = $1 and guidance_id = $2", values![org, id])?;
    let types = head.list.types.iter().map(|t| format!("type:{t}"));
    let targets: BTreeSet<String> = types.chain(head.list.orgs.iter().map(|o| format!("org:{o}"))).collect();
    for target in targets {
        tx.exec("insert into guidance_to (org_id, guidance_id, target) values ($1, $2, $3)", values![org, id, target])?;
    }
    indexed(tx, org, id)
}

/// The distribution lists of some of them, by committee and identifier. What goes to everybody has nothing to be asked.
///
/// # Errors
/// Database faults only.
pub fn lists(tx: &mut Tx, of: impl IntoIterator<Item = Sent>) -> db::Result<BTreeMap<(OrgId, RowId), Distribution>> {
    let of: BTreeSet<Sent> = of.into_iter().collect();
    let empty = |reach: Reach| Distribution { reach, types: Vec::new(), orgs: Vec::new() };
    let mut out: BTreeMap<(OrgId, RowId), Distribution> = of.iter().map(|s| ((s.0, s.1), empty(s.2))).collect();
    let told: Vec<&Sent> = of.iter().filter(|s| s.2 != Reach::All).collect();
    if told.is_empty() {
        return Ok(out);
    }
    let (orgs, v) = db::listed(&[], told.iter().map(|s| s.0).collect::<BTreeSet<_>>());
    let (ids, v) = db::listed(&v, told.iter().map(|s| s.1));
    let sql = format!("select org_id, guidance_id, target from guidance_to where org_id in ({orgs}) and guidance_id in ({ids})");
    tx.each(&sql, &v, |row| {
        let (org, id, target): (OrgId, RowId, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if let Some(list) = out.get_mut(&(org, id)) {
            match target.split_once(':') {
                Some(("type", code)) => list.types.push(code.to_owned()),
                Some(("org", id)) => list.orgs.extend(id.parse::<OrgId>()),
                _ => {}
            }
        }
        Ok(())
    })?;
    Ok(out)
}

/// The distribution list of one.
///
/// # Errors
/// Database faults only.
pub fn list(tx: &mut Tx, g: &Guidance) -> db::Result<Distribution> {
    let found = lists(tx, [g.sent()])?.remove(&(g.org, g.id));
    Ok(found.unwrap_or(Distribution { reach: Reach::Chosen, types: Vec::new(), orgs: Vec::new() }))
}

/// Takes a draft in hand that was read at `version`: before its blocks or files change.
///
/// # Errors
/// `Conflict` when someone saved or issued first; database faults.
pub fn touch(tx: &mut Tx, org: OrgId, id: RowId, version: i64) -> db::Result<()> {
    tx.changed(
        "update guidance set version = version + 1 where org_id = $1 and guidance_id = $2 and version = $3 and state = 'draft'",
        values![org, id, version],
    )
}

/// Throws a draft away with everything on it.
///
/// # Errors
/// `Conflict` when it is out meanwhile; database faults.
pub fn drop_draft(tx: &mut Tx, actor: &Actor, org: OrgId, id: RowId) -> db::Result<()> {
    papers::remove_all(tx, org, id)?;
    for table in ["guidance_to", "guidance_block"] {
        tx.exec(&format!("delete from {table} where org_id = $1 and guidance_id = $2"), values![org, id])?;
    }
    tx.changed("delete from guidance where org_id = $1 and guidance_id = $2 and state = 'draft'", values![org, id])?;
    indexed(tx, org, id)?;
    audit::record(tx, actor, org, "guidance.dropped", &object(id), "")
}

/// Sends a draft out in the state the domain gave, in the place of the edition before it. The trail keeps a
/// hash of its words, so that a change of them would show.
///
/// # Errors
/// `Conflict` when someone saved first; refusals of the rules; database faults.
pub fn issue(tx: &mut Tx, actor: &Actor, g: &Guidance, state: GuidanceState) -> Result<(), Fault> {
    let before = match g.replaces {
        Some(id) => Some(get(tx, g.org, id)?),
        None => None,
    };
    blocks::settle_roots(tx, g)?;
    let digest = digest(tx, g)?;
    tx.changed(
        "update guidance set state = $4, issued_at = $5, issued_by = $6, digest = $7, version = version + 1
         where org_id = $1 and guidance_id = $2 and version = $3 and state = 'draft'",
        values![g.org, g.id, g.version, state.code(), actor.now, actor.person, digest],
    )?;
    if let Some(before) = before {
        let gone = before.state.replace()?;
        tx.changed(
            "update guidance set state = $4, version = version + 1 where org_id = $1 and guidance_id = $2 and version = $3",
            values![g.org, before.id, before.version, gone.code()],
        )?;
        indexed(tx, g.org, before.id)?;
    }
    indexed(tx, g.org, g.id)?;
    Ok(audit::record(tx, actor, g.org, "guidance.issued", &object(g.id), &digest)?)
}

/// A hash of everything that is issued.
fn digest(tx: &mut Tx, g: &Guidance) -> db::Result<String> {
    let mut text = [g.kind.code(), &g.title, &g.body, g.period.as_deref().unwrap_or(""), &g.number].join("\u{1f}");
    for b in blocks::of(tx, g.org, &[g.id])? {
        text.push_str(&format!("\u{1e}{}\u{1f}{}\u{1f}{}\u{1f}{}", b.weight.code(), b.title, b.body, b.minutes));
    }
    for p in papers::of(tx, g.org, &[g.id])? {
        text.push_str(&format!("\u{1e}{}\u{1f}{}", p.name, p.sha256));
    }
    Ok(web::random::digest(&text))
}

/// Begins a new edition of what is out: the same words, blocks, files and list, to be changed.
///
/// # Errors
/// Database faults only.
pub fn new_edition(tx: &mut Tx, actor: &Actor, old: &Guidance) -> db::Result<RowId> {
    let id = create(tx, actor, old.org, old.kind, &old.title, old.key())?;
    tx.exec(
        "update guidance set body = $3, number = $4, dated_on = $5, reach = $6, replaces_id = $7
         where org_id = $1 and guidance_id = $2 and state = 'draft'",
        values![old.org, id, old.body, old.number, old.dated_on, old.reach.code(), old.id],
    )?;
    tx.exec(
        "insert into guidance_to (org_id, guidance_id, target)
         select org_id, cast($3 as bigint), target from guidance_to where org_id = $1 and guidance_id = $2",
        values![old.org, old.id, id],
    )?;
    let copies = blocks::copy(tx, actor, old, id)?;
    papers::copy(tx, actor, old, id, &copies)?;
    indexed(tx, old.org, id)?;
    Ok(id)
}
