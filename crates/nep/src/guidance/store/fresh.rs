//! What was sent down lately and waits in the cells, read for many people and cells at once: for the day's
//! messages. Always a fixed number of statements. Rules: L1, L2, P4, P-10.

use std::collections::{BTreeMap, BTreeSet};

use db::{Tx, values};
use domain::code::Code;
use domain::guidance::{GuidanceKind, Weight, takes};
use domain::id::{MeetingId, OrgId, PersonId, RowId};
use domain::meeting::{MeetingKind, MeetingState};
use domain::tree;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{COLUMNS, Guidance, blocks, lists};
use crate::org::store as orgs;

/// What was issued lately, and which cells it reaches.
#[derive(Debug, Clone, Default)]
pub struct Fresh {
    /// Each once.
    pub all: Vec<Guidance>,
    /// Cell, and the place of what reaches it in `all`.
    pub reaches: Vec<(OrgId, usize)>,
}

impl Fresh {
    /// What reaches a cell.
    pub fn of(&self, cell: OrgId) -> impl Iterator<Item = &Guidance> {
        self.reaches.iter().filter(move |r| r.0 == cell).filter_map(|r| self.all.get(r.1))
    }
}

/// What was issued since a moment, stands, and reaches some cells where they are in the tree today.
///
/// # Errors
/// Database faults only.
pub fn in_cells(tx: &mut Tx, cells: &[OrgId], from: Timestamp, today: Date) -> db::Result<Fresh> {
    let (places, v) = db::listed(&[], cells);
    let paths: Vec<(OrgId, String)> =
        tx.all(&format!("select org_id, path from org where org_id in ({places}) order by org_id"), &v)?;
    let lineages: Vec<(OrgId, Vec<OrgId>)> =
        paths.into_iter().map(|(cell, path)| (cell, tree::ids(&path).unwrap_or_default())).collect();
    let above: BTreeSet<OrgId> = lineages.iter().flat_map(|(cell, all)| all.iter().copied().filter(move |o| o != cell)).collect();
    let (places, v) = db::listed(values![from], above);
    let all: Vec<Guidance> = tx.all(
        &format!(
            "select {COLUMNS} from guidance g where g.org_id in ({places}) and g.state = 'issued' and g.issued_at >= $1
             order by g.org_id, g.guidance_id"
        ),
        &v,
    )?;
    if all.is_empty() {
        return Ok(Fresh::default());
    }
    let types = orgs::cell_types(tx, cells, today)?;
    let lists = lists(tx, all.iter().map(Guidance::sent))?;
    let mut reaches = Vec::new();
    for (cell, lineage) in &lineages {
        for (at, g) in all.iter().enumerate() {
            let cell_type = types.get(cell).map(String::as_str);
            if lists.get(&(g.org, g.id)).is_some_and(|l| l.reaches(g.org, lineage, cell_type)) {
                reaches.push((*cell, at));
            }
        }
    }
    Ok(Fresh { all, reaches })
}

/// People after `last`, in the order of their ids, to whom something issued since a moment may have come: members
/// of cells. Nobody where nothing was issued.
///
/// # Errors
/// Database faults only.
pub fn awaited(tx: &mut Tx, last: PersonId, (from, today): (Timestamp, Date), limit: i64) -> db::Result<Vec<PersonId>> {
    let any: Option<(i64,)> =
        tx.opt("select 1 from guidance where state = 'issued' and issued_at >= $1 limit 1", values![from])?;
    if any.is_none() {
        return Ok(Vec::new());
    }
    let rows: Vec<(PersonId,)> = tx.all(
        "select distinct person_id from membership where person_id > $1 and from_date <= $2
         and (to_date is null or to_date > $2) order by person_id limit $3",
        values![last, today, limit],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

/// Which of some people said to have read what, and in which cell.
///
/// # Errors
/// Database faults only.
pub fn read_by(tx: &mut Tx, people: &[PersonId], of: &[Guidance]) -> db::Result<BTreeSet<(PersonId, OrgId, RowId)>> {
    let (people, v) = db::listed(&[], people);
    let (ids, v) = db::listed(&v, of.iter().filter(|g| g.kind == GuidanceKind::Document).map(|g| g.id));
    let rows: Vec<(PersonId, OrgId, RowId)> = tx.all(
        &format!(
            "select person_id, org_id, guidance_id from guidance_receipt
             where person_id in ({people}) and guidance_id in ({ids}) and read_at is not null"
        ),
        &v,
    )?;
    Ok(rows.into_iter().collect())
}

/// How far a cell has prepared the month of an orientation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Month {
    /// The meeting that is being prepared.
    pub preparing: Option<MeetingId>,
    /// Whether a meeting of the month is still ahead; none while there is none.
    pub ahead: Option<bool>,
    /// Blocks on an agenda of the month, or heard.
    pub taken: usize,
    /// Required blocks that are neither.
    pub missing: usize,
}

/// How far cells have prepared the months of the orientations that reach them.
///
/// # Errors
/// Database faults only.
pub fn months(tx: &mut Tx, fresh: &Fresh, cells: &[OrgId]) -> db::Result<BTreeMap<(OrgId, RowId), Month>> {
    let sent: Vec<Guidance> = fresh.all.iter().filter(|g| g.kind == GuidanceKind::Orientation).cloned().collect();
    if sent.is_empty() || cells.is_empty() {
        return Ok(BTreeMap::new());
    }
    let blocks = blocks::of_many(tx, &sent)?;
    let stand = standing(tx, cells, &blocks)?;
    let periods: BTreeSet<&str> = sent.iter().filter_map(|g| g.period.as_deref()).collect();
    let meetings = meetings(tx, cells, &periods)?;
    let mut out = BTreeMap::new();
    for cell in cells {
        for g in fresh.of(*cell).filter(|g| g.kind == GuidanceKind::Orientation) {
            let held: Vec<&Held> =
                meetings.iter().filter(|m| m.cell == *cell && Some(m.period.as_str()) == g.period.as_deref()).collect();
            let ahead = |m: &&Held| matches!(m.state, MeetingState::Draft | MeetingState::Noticed);
            let mut month = Month {
                preparing: held.iter().find(|m| m.state.is_preparing()).map(|m| m.id),
                ahead: (!held.is_empty()).then(|| held.iter().any(ahead)),
                ..Month::default()
            };
            for b in blocks.iter().filter(|b| (b.org, b.guidance) == (g.org, g.id)) {
                let there =
                    stand.contains(&(*cell, None, b.root)) || held.iter().any(|m| stand.contains(&(*cell, Some(m.id), b.root)));
                month.taken += usize::from(there);
                month.missing += usize::from(!there && b.weight == Weight::Required);
            }
            out.insert((*cell, g.id), month);
        }
    }
    Ok(out)
}

/// A meeting of a month.
struct Held {
    cell: OrgId,
    period: String,
    id: MeetingId,
    state: MeetingState,
    kind: MeetingKind,
}

db::row!(Held { cell, period, id, state: code, kind: code });

fn meetings(tx: &mut Tx, cells: &[OrgId], periods: &BTreeSet<&str>) -> db::Result<Vec<Held>> {
    let (places, v) = db::listed(&[], cells);
    let (keys, v) = db::listed(&v, periods.iter().map(|p| (*p).to_owned()));
    let mut found: Vec<Held> = tx.all(
        &format!(
            "select p.org_id, p.period, m.meeting_id, m.state, m.kind from meeting_period p
             join meeting m on m.org_id = p.org_id and m.meeting_id = p.meeting_id
             where p.org_id in ({places}) and p.period in ({keys}) and m.state <> '{}' order by m.starts_at, m.meeting_id",
            MeetingState::Cancelled.code()
        ),
        &v,
    )?;
    found.retain(|m| takes(m.kind));
    Ok(found)
}

/// Blocks on agendas of some cells, by meeting, and those that the cells have heard, by what they count as.
fn standing(tx: &mut Tx, cells: &[OrgId], of: &[blocks::Block]) -> db::Result<BTreeSet<(OrgId, Option<MeetingId>, RowId)>> {
    let (places, v) = db::listed(&[], cells);
    let (roots, v) = db::listed(&v, of.iter().map(|b| b.root));
    let rows: Vec<(OrgId, Option<MeetingId>, RowId)> = tx.all(
        &format!(
            "select org_id, meeting_id, root_id from agenda_guidance where org_id in ({places}) and root_id in ({roots})
             union select org_id, cast(null as bigint), root_id from dissemination
             where org_id in ({places}) and root_id in ({roots})"
        ),
        &v,
    )?;
    Ok(rows.into_iter().collect())
}
