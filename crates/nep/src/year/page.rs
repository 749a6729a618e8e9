//! Pages of the year: the strip of kỳ, the form that lays out a whole year, one kỳ.
//! Touches tiles and rule packs; no rows. Rules: SH-01 … SH-07, T4, T7.

use askama::Template;
use domain::code::Code;
use domain::id::{MeetingId, OrgId};
use domain::period::{PeriodKey, PeriodKind};
use domain::rulepack::{Rules, Target};
use domain::vi;
use jiff::civil::Date;
use web::form::Form;

use super::strip::{Kept, Tile, cite, kept};
use crate::score::YearScores;
use crate::shell::Shell;

/// A tile as the strip shows it.
pub struct TileView {
    /// Kỳ.
    pub key: PeriodKey,
    /// State class.
    pub class: &'static str,
    /// Month or quarter.
    pub heading: String,
    /// State in a word.
    pub state: &'static str,
    /// State in words.
    pub words: String,
    /// The small line.
    pub note: String,
    /// Whether it is the present one.
    pub now: bool,
}

impl TileView {
    /// A tile seen on a day.
    pub fn of(tile: &Tile, today: Date) -> Self {
        Self {
            key: tile.duty.key,
            class: tile.class(),
            heading: tile.heading(),
            state: tile.word(today),
            words: tile.standing.words.clone(),
            note: tile.note(),
            now: tile.is_now(today),
        }
    }
}

/// A figure measured against a target, with what it was counted from.
pub struct Measured {
    /// What is counted.
    pub label: &'static str,
    /// The same inside a sentence.
    pub label_low: &'static str,
    /// `9 / 10`.
    pub value: String,
    /// State class.
    pub class: &'static str,
    /// Against the target.
    pub words: String,
    /// Where it comes from.
    pub why: Vec<String>,
}

fn measured(tiles: &[Tile], kind: PeriodKind, rules: &Rules) -> Option<Measured> {
    let (measure, key, label, label_low) = match kind {
        PeriodKind::Regular => ("regular_kept", "meeting.regular_per_month", "Thường kỳ đúng kỳ", "thường kỳ đúng kỳ"),
        PeriodKind::Thematic => ("thematic_kept", "meeting.thematic_per_quarter", "Chuyên đề đúng kỳ", "chuyên đề đúng kỳ"),
    };
    let target = rules.target(measure)?;
    let Kept { due, kept: done, late, missing } = kept(tiles, kind);
    let reached = due == done;
    let mut why = vec![format!("{done} kỳ họp đúng kỳ trên {due} kỳ đã đến hạn; kỳ chưa đến hạn chưa tính.")];
    if !missing.is_empty() {
        why.push(format!("Chưa họp: {}.", vi::join(&missing)));
    }
    if !late.is_empty() {
        why.push(format!("Họp sau hạn: {}.", vi::join(&late)));
    }
    why.push(cite_target(&target));
    why.extend(rules.figure(key).map(cite));
    Some(Measured {
        label,
        label_low,
        value: format!("{done} / {due}"),
        class: if due == 0 {
            "none"
        } else if reached {
            "done"
        } else {
            "late"
        },
        words: match (due, reached) {
            (0, _) => "Chưa có kỳ nào đến hạn".to_owned(),
            (_, true) => format!("Đạt, chỉ tiêu {}", target.value.to_shown()),
            (_, false) => format!("Chưa đạt, chỉ tiêu {}", target.value.to_shown()),
        },
        why,
    })
}

fn cite_target(target: &Target) -> String {
    format!(
        "Chỉ tiêu {}: {}, {} {}. Theo {} ({}).",
        target.key,
        target.title,
        target.compare,
        target.value.to_shown(),
        target.citation(),
        target.confidence
    )
}

/// How a target's value is read: a share in per cent, a number as it is.
trait Shown {
    fn to_shown(&self) -> String;
}

impl Shown for domain::rulepack::Value {
    fn to_shown(&self) -> String {
        match self {
            Self::Ratio(ratio) => ratio.to_string(),
            other => other.to_text(),
        }
    }
}

/// The year strip.
#[derive(Template)]
#[template(path = "year/year.html")]
pub struct YearPage {
    /// Frame.
    pub shell: Shell,
    /// The cell.
    pub org: OrgId,
    /// The year.
    pub year: i16,
    /// In a sentence.
    pub summary: String,
    /// Whether the reader may lay it out.
    pub may_plan: bool,
    /// The year topics are proposed for.
    pub year_next: i16,
    /// Whether the reader may see the figures of attendance of that year.
    pub figured: bool,
    /// Whether the cell owes anything that year.
    pub has_duties: bool,
    /// A year before in which the cell lived.
    pub before: Option<i16>,
    /// The year after, up to next year.
    pub after: Option<i16>,
    /// Twelve.
    pub regular: Vec<TileView>,
    /// Four.
    pub thematic: Vec<TileView>,
    /// Against targets T4 and T7.
    pub figures: Vec<Measured>,
    /// The levels of its meetings.
    pub scores: YearScores,
    /// First day of the cell.
    pub born: String,
    /// First day it no longer lived.
    pub ended: String,
}

/// The parts of the strip that follow from tiles.
pub struct Views {
    /// Twelve.
    pub regular: Vec<TileView>,
    /// Four.
    pub thematic: Vec<TileView>,
    /// Against targets.
    pub figures: Vec<Measured>,
    /// In a sentence.
    pub summary: String,
}

impl Views {
    /// What the strip shows of tiles on a day.
    pub fn of(tiles: &[Tile], rules: &Rules, today: Date) -> Self {
        let of_kind = |kind: PeriodKind| -> Vec<TileView> {
            tiles.iter().filter(|t| t.duty.key.kind == kind).map(|t| TileView::of(t, today)).collect()
        };
        let figures = PeriodKind::ALL.iter().filter_map(|kind| measured(tiles, *kind, rules)).collect();
        let late: Vec<String> = tiles.iter().filter(|t| t.class() == "late").map(|t| t.duty.title.clone()).collect();
        let next = tiles.iter().filter(|t| !t.is_held() && t.class() != "late").min_by_key(|t| (t.duty.last_day, t.duty.key));
        let summary = match (late.is_empty(), next) {
            (false, _) => {
                let which = if late.len() <= 3 { vi::join(&late) } else { format!("{} kỳ", late.len()) };
                format!("Quá hạn: {which}. Hãy họp bù sớm, hoặc ghi lý do hoãn, ghép kỳ.")
            }
            (true, Some(t)) => format!("Sắp tới: {}, {}.", t.duty.title, t.standing.words),
            (true, None) => String::new(),
        };
        Self { regular: of_kind(PeriodKind::Regular), thematic: of_kind(PeriodKind::Thematic), figures, summary }
    }
}

/// A row of the form that lays out a year.
pub struct PlanRow {
    /// Kỳ.
    pub key: PeriodKey,
    /// Name of the date field.
    pub field: String,
    /// Words before it.
    pub label: String,
    /// Help under it.
    pub hint: String,
    /// Version it starts from.
    pub version: i64,
    /// Name of the topic field.
    pub topic: String,
    /// Name of the presenter field.
    pub presenter: String,
    /// Name of the field that takes a topic from a list.
    pub pick: String,
    /// Name of the field that says how it is held.
    pub mode: String,
    /// How it may be held.
    pub modes: Vec<(String, String)>,
}

/// The form that lays out a year.
#[derive(Template)]
#[template(path = "year/layout.html")]
pub struct LayoutPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// The cell.
    pub org: OrgId,
    /// The year.
    pub year: i16,
    /// The day the rules name.
    pub rule_day: String,
    /// Where it comes from.
    pub why_day: Vec<String>,
    /// Regular kỳ without a meeting.
    pub regular: Vec<PlanRow>,
    /// Thematic kỳ without a meeting.
    pub thematic: Vec<PlanRow>,
    /// Who may present.
    pub people: Vec<(String, String)>,
    /// Topics that members proposed and those of the library.
    pub picks: Vec<(String, String)>,
}

/// One kỳ.
#[derive(Template)]
#[template(path = "year/period.html")]
pub struct PeriodPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// The cell.
    pub org: OrgId,
    /// Kỳ.
    pub key: PeriodKey,
    /// `Kỳ tháng 12 năm 2026`.
    pub name: String,
    /// `kỳ tháng 12`.
    pub short: String,
    /// State class.
    pub class: &'static str,
    /// State in a word.
    pub state: &'static str,
    /// State in words.
    pub words: String,
    /// Its meeting: id and name.
    pub meeting: Option<(MeetingId, String)>,
    /// Whether a meeting may be prepared.
    pub open: bool,
    /// Whether the reader may plan.
    pub may_plan: bool,
    /// Whether the plan may still be changed.
    pub editable: bool,
    /// Whether it is a thematic one.
    pub thematic: bool,
    /// Last permitted day.
    pub last_day: String,
    /// Where the duty comes from.
    pub why: Vec<String>,
    /// Put off or merged, in words.
    pub moved: String,
    /// Why.
    pub reason: String,
    /// Version of the plan.
    pub version: i64,
    /// Help under the date.
    pub day_hint: String,
    /// Who may present.
    pub people: Vec<(String, String)>,
    /// Kỳ it may be merged into.
    pub targets: Vec<(String, String)>,
    /// The plan as facts, for readers.
    pub facts: Vec<(&'static str, String)>,
}
