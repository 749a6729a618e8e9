//! What was planned for a kỳ, as rows, and what else a year is judged by. The kỳ itself needs no
//! row: it exists by rule (SH-01 … SH-07).

use std::collections::HashMap;
use std::ops::RangeInclusive;

use db::{Tx, values};
use domain::id::{MeetingId, OrgId, PersonId};
use domain::period::{CellLife, PeriodKey, duties};
use domain::rulepack::{Library, Override, Rules};
use jiff::civil::{Date, DateTime};

use super::strip::{Facts, Tile, tiles};
use crate::actor::Actor;
use crate::audit::store as audit;
use crate::board::store as board;
use crate::meeting::store as meetings;
use crate::member::store as members;
use crate::org::store::{self as orgs, Org};

/// The plan of one kỳ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Planned day and hour.
    pub planned_at: Option<DateTime>,
    /// Topic of a thematic kỳ.
    pub topic: Option<String>,
    /// What the topic is to achieve.
    pub aim: Option<String>,
    /// Who prepares and presents it.
    pub presenter: Option<PersonId>,
    /// Questions for discussion.
    pub questions: Option<String>,
    /// Put off to this day.
    pub postponed_to: Option<Date>,
    /// Met together with this kỳ.
    pub merged_into: Option<String>,
    /// Why it was put off or merged.
    pub reason: Option<String>,
    /// For "someone saved first"; 0 when nothing was planned yet.
    pub version: i64,
}

db::row!(Plan { planned_at, topic, aim, presenter, questions, postponed_to, merged_into, reason, version });

const COLUMNS: &str = "planned_at, topic, aim, presenter_id, questions, postponed_to, merged_into, reason, version";

/// The plan of a kỳ; empty when nothing was planned.
///
/// # Errors
/// Database faults only.
pub fn plan(tx: &mut Tx, org: OrgId, period: PeriodKey) -> db::Result<Plan> {
    let found = tx
        .opt(&format!("select {COLUMNS} from period_plan where org_id = $1 and period = $2"), values![org, period.to_string()])?;
    Ok(found.unwrap_or_default())
}

/// Every plan of some years.
///
/// # Errors
/// Database faults only.
pub fn plans(tx: &mut Tx, org: OrgId, years: &RangeInclusive<i16>) -> db::Result<Vec<(PeriodKey, Plan)>> {
    let mut out = Vec::new();
    tx.each(
        &format!("select {COLUMNS}, period from period_plan where org_id = $1 and period >= $2 and period < $3"),
        values![org, format!("{}-", years.start()), format!("{}.", years.end())],
        |row| {
            let plan = <Plan as db::FromRow>::from_row(row)?;
            if let Ok(key) = row.get::<String>(9)?.parse() {
                out.push((key, plan));
            }
            Ok(())
        },
    )?;
    Ok(out)
}

/// Saves the plan of a kỳ that started from `plan.version`.
///
/// # Errors
/// `Conflict` (or `Unique`) when someone saved first; database faults.
pub fn save_plan(tx: &mut Tx, actor: &Actor, org: OrgId, period: PeriodKey, plan: &Plan) -> db::Result<()> {
    members::must_be_ours(tx, org, &[plan.presenter])?;
    let key = period.to_string();
    if plan.version == 0 {
        tx.exec(
            "insert into period_plan (org_id, period, planned_at, topic, aim, presenter_id, questions, postponed_to,
             merged_into, reason) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            values![
                org,
                key,
                plan.planned_at,
                plan.topic,
                plan.aim,
                plan.presenter,
                plan.questions,
                plan.postponed_to,
                plan.merged_into,
                plan.reason
            ],
        )
        .map_err(|e| if matches!(e, db::Error::Unique(_)) { db::Error::Conflict } else { e })?;
    } else {
        tx.changed(
            "update period_plan set planned_at = $3, topic = $4, aim = $5, presenter_id = $6, questions = $7,
             postponed_to = $8, merged_into = $9, reason = $10, version = version + 1
             where org_id = $1 and period = $2 and version = $11",
            values![
                org,
                key,
                plan.planned_at,
                plan.topic,
                plan.aim,
                plan.presenter,
                plan.questions,
                plan.postponed_to,
                plan.merged_into,
                plan.reason,
                plan.version
            ],
        )?;
    }
    board::keep_periods(tx, org, &[period], actor.now)?;
    audit::record(tx, actor, org, "period.planned", &format!("period:{key}"), "")
}

/// The rules that hold for a cell on any day, its committees' own figures included: read once,
/// asked for every kỳ of a year.
#[derive(Debug, Clone)]
pub struct RulesThrough {
    library: Library,
    overrides: Vec<Override>,
}

impl RulesThrough {
    /// What holds on a day.
    pub fn at(&self, day: Date) -> Rules {
        let rules = self.library.at(day);
        if self.overrides.is_empty() { rules } else { rules.with_overrides(&self.overrides) }
    }
}

/// Reads what the committees above a cell have set for their part of the tree.
///
/// # Errors
/// Database faults only.
pub fn rules_through(tx: &mut Tx, org: &Org, library: &Library) -> db::Result<RulesThrough> {
    let overrides = orgs::overrides(tx, org, |key| library.history(key).first().map(|f| f.unit))?;
    Ok(RulesThrough { library: library.clone(), overrides })
}

/// Every kỳ a cell owes in a year and where it stands today.
///
/// # Errors
/// `NotFound` when there is no such cell; database faults.
pub fn strip(tx: &mut Tx, library: &Library, org: OrgId, year: i16, today: Date) -> db::Result<Vec<Tile>> {
    let cell = orgs::get(tx, org, today)?;
    let rules = rules_through(tx, &cell, library)?;
    strip_of(tx, &cell, &rules, year, today)
}

/// As [`strip`], of a cell whose rules are known already.
///
/// # Errors
/// Database faults only.
pub fn strip_of(tx: &mut Tx, cell: &Org, rules: &RulesThrough, year: i16, today: Date) -> db::Result<Vec<Tile>> {
    let attendance = meetings::attendance_of_year(tx, cell.id, year)?;
    strips(tx, cell, rules, year..=year, attendance, today)
}

/// The kỳ of several years one after the other, with the attendance of meetings where it is known.
///
/// # Errors
/// Database faults only.
pub fn strips(
    tx: &mut Tx,
    cell: &Org,
    rules: &RulesThrough,
    years: RangeInclusive<i16>,
    attendance: HashMap<MeetingId, (i64, i64)>,
    today: Date,
) -> db::Result<Vec<Tile>> {
    let facts = facts(tx, cell.id, &years, attendance)?;
    Ok(years.flat_map(|year| strip_from(&facts, cell, rules, year, today)).collect())
}

/// What is known of the kỳ of several years, with the attendance of meetings where it is known.
///
/// # Errors
/// Database faults only.
pub fn facts(
    tx: &mut Tx,
    cell: OrgId,
    years: &RangeInclusive<i16>,
    attendance: HashMap<MeetingId, (i64, i64)>,
) -> db::Result<Facts> {
    Ok(Facts { plans: plans(tx, cell, years)?, meetings: meetings::of_years(tx, cell, years)?, attendance })
}

/// As [`strip`], from what is known.
pub fn strip_from(facts: &Facts, cell: &Org, rules: &RulesThrough, year: i16, today: Date) -> Vec<Tile> {
    let life = CellLife { from: cell.born_on, to: cell.ended_on };
    tiles(duties(&life, year, |day| rules.at(day)), facts, today)
}
