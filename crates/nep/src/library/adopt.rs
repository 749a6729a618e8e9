//! Taking an entry of the library into a thematic kỳ of the cell: its plan of the year and, where the meeting
//! is being prepared, that meeting. The text is the cell's own from then on and names its source.
//! Calls the stores of the year and of meetings. Rules: M11, CB-06, ahead.md 18.

use std::collections::HashMap;

use db::Tx;
use domain::agenda::Step;
use domain::id::{MeetingId, RowId};
use domain::library::{Text, source_line};
use domain::meeting::MeetingState;
use domain::period::{PeriodKey, PeriodKind};
use domain::refusal::Refusal;
use domain::rulepack::Library;
use jiff::civil::Date;

use super::store::{Entry, uses};
use crate::actor::Actor;
use crate::fault::Fault;
use crate::meeting::store::{self as meetings, Serving, files};
use crate::org::store::{self as orgs, Org};
use crate::year::store::{self as years, Plan};
use crate::year::strip::Tile;

/// A kỳ without a topic that may take one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Which.
    pub key: PeriodKey,
    /// Its meeting, while that is being prepared.
    pub meeting: Option<MeetingId>,
}

impl Target {
    /// What is read in the list.
    pub fn name(&self) -> String {
        match self.meeting {
            Some(_) => format!("{} (buổi đang chuẩn bị)", self.key.name()),
            None => self.key.name(),
        }
    }
}

/// The thematic kỳ of last year, this year and next with what is known of them.
///
/// # Errors
/// Database faults only.
pub fn tiles(tx: &mut Tx, library: &Library, cell: &Org, today: Date) -> db::Result<Vec<Tile>> {
    let rules = years::rules_through(tx, cell, library)?;
    let year = today.year();
    let all = years::strips(tx, cell, &rules, year - 1..=year + 1, HashMap::new(), today)?;
    Ok(all.into_iter().filter(|t| t.duty.key.kind == PeriodKind::Thematic).collect())
}

fn takes(tile: &Tile, today: Date) -> Option<Target> {
    let free = tile.topic().is_none();
    let preparing = |m: &Serving| m.state == MeetingState::Draft && m.kind.serves_thematic();
    match &tile.meeting {
        None if free && tile.duty.last_day >= today => Some(Target { key: tile.duty.key, meeting: None }),
        Some(m) if free && preparing(m) => Some(Target { key: tile.duty.key, meeting: Some(m.id) }),
        None | Some(_) => None,
    }
}

/// The kỳ that may take an entry.
pub fn targets(tiles: &[Tile], today: Date) -> Vec<Target> {
    tiles.iter().filter_map(|t| takes(t, today)).collect()
}

/// Takes an entry with the text the cell made of it.
///
/// # Errors
/// A refusal when the kỳ has a topic or the text is marked; database faults.
pub fn take(
    tx: &mut Tx,
    actor: &Actor,
    library: &Library,
    entry: &Entry,
    (key, text): (PeriodKey, &Text),
) -> Result<RowId, Fault> {
    let (today, org) = (actor.today(), actor.org);
    text.unmarked()?;
    let cell = orgs::get(tx, org, today)?;
    let tiles = tiles(tx, library, &cell, today)?;
    let Some(target) = targets(&tiles, today).into_iter().find(|t| t.key == key) else {
        return Err(Refusal::new("taken", "Kỳ này đã có chuyên đề, đã thông báo hoặc đã qua. Hãy chọn kỳ khác.").at("ky").into());
    };
    let from = orgs::short_names(tx, &[entry.org], today)?.remove(&entry.org).unwrap_or_default();
    let aim = format!("{}\n{}", text.aim, source_line(&entry.title, &from)).trim_start().to_owned();
    let before = years::plan(tx, org, key)?;
    let plan = Plan { topic: some(&text.title), aim: some(&aim), questions: some(&text.content), ..before };
    years::save_plan(tx, actor, org, key, &plan)?;
    if let Some(meeting) = target.meeting {
        into_meeting(tx, actor, meeting, &plan)?;
    }
    Ok(uses::take(tx, actor, org, entry, (key, cell.cell_type.as_deref()))?)
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|t| !t.is_empty())
}

/// The topic in the meeting that is being prepared: its headline and the items of its topic.
fn into_meeting(tx: &mut Tx, actor: &Actor, id: MeetingId, plan: &Plan) -> Result<(), Fault> {
    let org = actor.org;
    let m = meetings::get(tx, org, id)?;
    meetings::must_be_preparing(&m)?;
    let whole = meetings::Plan {
        title: m.title,
        starts_at: m.starts_at,
        ends_at: m.ends_at,
        place: m.place,
        chair: m.chair,
        secretary: m.secretary,
        topic: plan.topic.clone(),
        committee_met_on: m.committee_met_on,
    };
    meetings::save_plan(tx, actor, org, id, m.version, &whole)?;
    let with_files = files::of_meeting(tx, org, id)?;
    for mut item in meetings::items(tx, org, id)?.into_iter().filter(|i| !i.secret) {
        match item.step {
            Step::Topic => {
                item.title = plan.topic.as_ref().map_or_else(|| Step::Topic.to_string(), |t| format!("{}: {t}", Step::Topic));
                item.points = plan.questions.clone().unwrap_or_default();
            }
            Step::TopicPurpose => item.information = plan.aim.clone().unwrap_or_default(),
            _ => continue,
        }
        let files = with_files.iter().filter(|f| f.item == Some(item.id)).count();
        meetings::save_item(tx, org, &item, u32::try_from(files).unwrap_or(u32::MAX))?;
    }
    Ok(())
}
