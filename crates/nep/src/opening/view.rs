//! What pages say of openings: lists, one opening, what waits on the first page, what a committee reads of a meeting.
//! May touch rows read by stores. Rules: P-25.

use std::collections::BTreeMap;

use db::Tx;
use domain::code::Code;
use domain::id::{MeetingId, OrgId, PersonId, RowId};
use domain::opening::{Extent, Ground, Phase, months_words};
use domain::post::Role;
use domain::right::{Position, Right, allows};
use domain::rollup::Month;
use domain::{tree, vi};
use jiff::Timestamp;
use jiff::civil::Date;

use super::page::{ReadRow, RecordRow};
use super::store::reading::{self, Reading, Record};
use super::store::{self, Opening};
use crate::actor::{Actor, local};
use crate::home::page::Todo;
use crate::member::store as members;
use crate::org::store::{self as orgs, Org};

/// State class of a phase.
pub fn class(phase: Phase) -> &'static str {
    match phase {
        Phase::Waiting => "due",
        Phase::Running => "wait",
        Phase::Lapsed | Phase::Expired | Phase::Ended | Phase::Dropped | Phase::Away => "none",
    }
}

/// What an opening covers, in words. `number` is that of the one record.
fn covered(o: &Opening, number: Option<&str>) -> String {
    match (o.extent, o.months()) {
        (Extent::One, _) | (_, None) => number.unwrap_or("Một văn bản").to_owned(),
        (_, Some((from, to))) => format!("{} {}", o.extent, months_words(from, to)),
    }
}

/// Openings as a list shows them: those that run or wait, those that are over. `names` are those of the other side.
pub fn rows(
    all: &[Opening],
    base: &str,
    today: Date,
    other: impl Fn(&Opening) -> OrgId,
    names: &BTreeMap<OrgId, String>,
) -> (Vec<Todo>, Vec<Todo>) {
    let row = |o: &Opening| {
        let phase = o.phase(today);
        Todo {
            href: format!("{base}/{}", o.id),
            title: format!("{}: {}", names.get(&other(o)).map_or("", String::as_str), covered(o, None)),
            small: format!("{}, đến hết ngày {}", o.ground, vi::date(o.until)),
            class: class(phase),
            word: phase.label().to_owned(),
        }
    };
    let (over, live): (Vec<&Opening>, Vec<&Opening>) = all.iter().partition(|o| o.phase(today).is_over());
    (live.into_iter().map(row).collect(), over.into_iter().map(row).collect())
}

/// One opening with what belongs to it.
pub struct Whole {
    /// The opening.
    pub o: Opening,
    /// Label and value.
    pub facts: Vec<(&'static str, String)>,
    /// What it covers.
    pub records: Vec<Record>,
    /// Who read what.
    pub readings: Vec<Reading>,
}

/// Reads what belongs to an opening.
///
/// # Errors
/// Database faults only.
pub fn whole(tx: &mut Tx, o: Opening, today: Date) -> db::Result<Whole> {
    let names = orgs::short_names(tx, &[o.org, o.to], today)?;
    let people = [Some(o.made_by), o.confirmed_by, o.ended_by];
    let people = members::names(tx, people.into_iter().flatten())?;
    let records = reading::records(tx, &o)?;
    let readings = reading::readings(tx, &o)?;
    let number = records.iter().find(|r| Some(r.id) == o.issued).map(|r| format!("{} {}", r.kind, small(&r.number)));
    let by = |person: PersonId, at: Timestamp| {
        let name = people.get(&person).map_or("", String::as_str);
        format!("Đồng chí {name}, {}", moment(at))
    };
    let org = |id: OrgId| names.get(&id).cloned().unwrap_or_default();
    let share = o.ground == Ground::Share;
    let mut facts = vec![
        ("Hình thức", o.ground.label().to_owned()),
        ("Chi bộ", org(o.org)),
        ("Cấp ủy được xem", org(o.to)),
        ("Được xem", covered(&o, number.as_deref())),
        (if share { "Mục đích" } else { "Lý do" }, o.reason.clone()),
    ];
    facts.extend(o.dated_on.map(|day| ("Theo văn bản", format!("{} ngày {}", o.document, vi::date(day)))));
    facts.push(("Đến hết ngày", vi::date(o.until)));
    facts.push((if share { "Người chia sẻ" } else { "Người đề nghị" }, by(o.made_by, o.made_at)));
    facts.extend(o.confirmed_by.zip(o.confirmed_at).map(|(p, at)| ("Người xác nhận", by(p, at))));
    facts.extend(o.ended_by.zip(o.ended_at).map(|(p, at)| (if share { "Người rút lại" } else { "Người kết thúc" }, by(p, at))));
    Ok(Whole { o, facts, records, readings })
}

fn small(number: &str) -> String {
    crate::resolution::seal::lower(number)
}

/// `10:05 ngày 03/12/2026`
pub fn moment(at: Timestamp) -> String {
    let at = local(at);
    format!("{} ngày {}", vi::time_short(at.time()), vi::date(at.date()))
}

/// The records as rows; `href` says where one is read.
pub fn record_rows(records: &[Record], href: impl Fn(&Record) -> String) -> Vec<RecordRow> {
    let row = |r: &Record| RecordRow {
        href: href(r),
        number: format!("{} {}", r.kind, small(&r.number)),
        on: vi::date(r.on),
        title: r.title.clone(),
    };
    records.iter().map(row).collect()
}

/// The readings as rows.
pub fn read_rows(readings: &[Reading]) -> Vec<ReadRow> {
    let row =
        |r: &Reading| ReadRow { name: r.name.clone(), number: small(&r.number), way: r.way.label().to_owned(), at: moment(r.at) };
    readings.iter().map(row).collect()
}

/// Months to choose from, the latest first.
pub fn months(first: Month, today: Date) -> Vec<(String, String)> {
    let mut all: Vec<Month> = first.through(Month::of(today)).collect();
    all.reverse();
    all.truncate(MONTHS);
    all.into_iter().map(|m| (m.to_string(), format!("Tháng {:02}/{}", m.number(), m.year()))).collect()
}

/// Most months that are offered: five years.
const MONTHS: usize = 60;

/// What members of a cell are told on their first page while something is open: with whom, never what.
///
/// # Errors
/// Database faults only.
pub fn told(tx: &mut Tx, cell: OrgId, today: Date) -> db::Result<Vec<Todo>> {
    let mut open = store::live_in(tx, cell, today)?;
    open.retain(|o| o.phase(today).reads());
    let Some(last) = open.iter().map(|o| o.until).max() else {
        return Ok(Vec::new());
    };
    Ok(vec![Todo {
        href: format!("/cb/{cell}/mo-noi-dung"),
        title: "Cấp trên đang được xem biên bản, nghị quyết của chi bộ".to_owned(),
        small: format!("{}, đến hết ngày {}. Bấm để biết ai xem, vì sao.", vi::count(open.len(), "lần mở"), vi::date(last)),
        class: "wait",
        word: "Đang mở".to_owned(),
    }])
}

/// What waits for a member of a committee: proposals of others to confirm.
///
/// # Errors
/// Database faults only.
pub fn asked(tx: &mut Tx, committee: OrgId, person: PersonId, today: Date) -> db::Result<Vec<Todo>> {
    let n = store::waiting(tx, committee, person, today)?;
    if n == 0 {
        return Ok(Vec::new());
    }
    Ok(vec![Todo {
        href: format!("/tc/{committee}/mo-noi-dung"),
        title: format!("{n} đề nghị mở nội dung chi bộ để kiểm tra chờ người thứ hai xác nhận"),
        small: "Người đề nghị không tự xác nhận được.".to_owned(),
        class: "due",
        word: "Chờ xác nhận".to_owned(),
    }])
}

/// The committees on the way up from a cell in which a person reads what is opened to them, the topmost first.
pub fn committees(actor: &Actor, lineage: &[OrgId]) -> Vec<OrgId> {
    let roles =
        |org: &OrgId| actor.places.iter().find(|p| p.org == *org && !p.is_cell).map(|p| p.roles.clone()).unwrap_or_default();
    let mut above: Vec<Role> = Vec::new();
    let mut out = Vec::new();
    for org in lineage {
        let here = roles(org);
        let at = Position { signed_in: true, roles_here: &here, roles_above: &above, ..Position::default() };
        if !here.is_empty() && allows(Right::ContentOpen, &at) {
            out.push(*org);
        }
        above.extend(here);
    }
    out
}

/// What somebody of a committee reads of a meeting of a cell below.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opened {
    /// Address and words of what is open.
    pub links: Vec<(String, String)>,
    /// Where an opening is proposed.
    pub propose: String,
}

/// What is open of a meeting for somebody of a committee above; none for who has no part in that.
///
/// # Errors
/// Database faults only.
pub fn of_meeting(tx: &mut Tx, actor: &Actor, cell: &Org, meeting: MeetingId) -> db::Result<Option<Opened>> {
    let lineage = tree::ids(&cell.path).unwrap_or_default();
    let committees = committees(actor, &lineage);
    let Some(nearest) = committees.last() else {
        return Ok(None);
    };
    let open = reading::of_meeting(tx, &committees, (cell.id, meeting), actor.today())?;
    let link = |r: &reading::Readable| {
        (format!("{}/{}", address(r.to, r.opening), r.record), format!("{} {}", r.kind, small(&r.number)))
    };
    Ok(Some(Opened {
        links: open.iter().map(link).collect(),
        propose: format!("/tc/{nearest}/mo-noi-dung/de-nghi?chi_bo={}", cell.id),
    }))
}

/// Where a committee finds an opening.
pub fn address(committee: OrgId, opening: RowId) -> String {
    format!("/tc/{committee}/mo-noi-dung/{opening}")
}
