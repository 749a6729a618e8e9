//! The year of a committee in the words and figures of its pages, each with what it was counted from.
//! May touch facts that were read; the counting is the domain's. Rules: T1 … T7, L3, P-10.

use domain::attendance::{BASIS, Basis};
use domain::id::OrgId;
use domain::period::PeriodKind;
use domain::rulepack::{Target, Unit, Value};
use domain::target::{Goal, Held, Level, Measure, State, Tally, forecast, measure_of};
use domain::vi;

use super::chart::{Chart, Point, draw};
use super::facts::{CellFacts, Picture};
use crate::classification::store::words as levels_words;
use crate::classification::view::label;
use crate::year::strip::cite;

/// A target with where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetLine {
    /// Its key, as in addresses.
    pub key: String,
    /// In words.
    pub title: String,
    /// What is reached.
    pub value: String,
    /// From which counts.
    pub counts: String,
    /// What is asked.
    pub goal: String,
    /// Where that comes from.
    pub source: String,
    /// State class.
    pub class: &'static str,
    /// State in words.
    pub state: String,
    /// The forecast, in sentences.
    pub forecast: Vec<String>,
    /// Where a figure of one's own is set; empty for who may not.
    pub set_href: String,
}

/// A month in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthLine {
    /// `Tháng 3`.
    pub label: String,
    /// Share and counts of each measure.
    pub values: Vec<(String, String)>,
}

/// A cell with its part of a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhyLine {
    /// Which.
    pub org: OrgId,
    /// Name.
    pub name: String,
    /// Its own figure.
    pub value: String,
    /// From which facts.
    pub facts: String,
}

/// Cells that stand alike, in the order of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhyGroup {
    /// How they stand.
    pub title: &'static str,
    /// State class.
    pub class: &'static str,
    /// The cells.
    pub lines: Vec<WhyLine>,
}

/// A target that can be counted.
pub struct Asked {
    /// As the packs and committees have it.
    pub target: Target,
    /// What it measures.
    pub measure: Measure,
    /// What it asks.
    pub goal: Goal,
}

/// The targets of the picture's day.
pub fn asked(picture: &Picture) -> Vec<Asked> {
    let read = |target: Target| {
        let measure = measure_of(&target)?;
        Some(Asked { goal: Goal::of(measure, &target)?, measure, target })
    };
    picture.rules.targets().filter_map(read).collect()
}

impl Asked {
    /// What it comes to.
    pub fn tally(&self, picture: &Picture) -> Tally {
        picture.tally(self.measure, &self.target)
    }

    /// The figure asked for, as read.
    fn shown(&self) -> String {
        let value = match &self.target.value {
            Value::Int(n) => format!("{} {}", vi::number(*n), self.target.unit),
            Value::Ratio(share) => share.to_string(),
            other => other.to_text(),
        };
        let each =
            if self.measure == Measure::Spoken && self.target.unit == Unit::Periods { ", từng đồng chí" } else { "" };
        format!("{} {value}{each}", self.target.compare)
    }
}

/// The sign of a state.
pub fn class(state: State) -> &'static str {
    match state {
        State::Met => "done",
        State::OnTheWay => "due",
        State::Missed => "late",
        State::Unknown => "none",
    }
}

fn number(n: u64) -> String {
    vi::number(i64::try_from(n).unwrap_or(i64::MAX))
}

/// A target as its line; `may_set` for who sets figures of the organisation.
pub fn line(picture: &Picture, asked: &Asked, may_set: bool) -> TargetLine {
    let tally = asked.tally(picture);
    let state = asked.goal.state(&tally);
    let (numer, denom) = tally.now();
    let waits = asked.measure.is_yearly() && tally.more > 0 && denom > 0;
    TargetLine {
        key: asked.target.key.clone(),
        title: asked.target.title.clone(),
        value: asked.goal.shown(tally.now()),
        counts: if denom == 0 { String::new() } else { format!("{}/{} {}", number(numer), number(denom), asked.measure) },
        goal: asked.shown(),
        source: asked.target.citation().to_owned(),
        class: class(state),
        state: if waits && state == State::Met { "Đang đạt, chưa đủ số liệu".to_owned() } else { state.to_string() },
        forecast: match (&picture.sums, asked.measure) {
            (Some(_), Measure::Spoken) => vec!["Tính từ từng đảng viên, xem ở chỉ tiêu của từng đảng bộ.".to_owned()],
            _ => forecast(asked.measure, asked.goal, &tally),
        },
        set_href: if may_set { format!("/tc/{}/quy-dinh/{}", picture.org.id, asked.target.figure_key()) } else { String::new() },
    }
}

/// The sentence over the table.
pub fn summary(lines: &[TargetLine]) -> String {
    let many = |class: &str| lines.iter().filter(|l| l.class == class).count();
    let parts: Vec<String> =
        [("done", "đạt"), ("due", "chưa đạt nhưng còn kịp"), ("late", "không đạt"), ("none", "chưa có số liệu")]
            .iter()
            .filter(|(class, _)| many(class) > 0)
            .map(|(class, words)| format!("{} {words}", many(class)))
            .collect();
    format!("{} chỉ tiêu: {}.", lines.len(), parts.join(", "))
}

/// What is counted, until when.
pub fn said(picture: &Picture) -> String {
    let cells = number(picture.count());
    let at = crate::actor::local(picture.fresh);
    let fresh = format!("{:02}:{:02} ngày {}", at.hour(), at.minute(), vi::date(at.date()));
    format!("{cells} chi bộ, tính đến ngày {}. Số liệu cộng từ chi bộ lên đến {fresh}.", vi::date(picture.on))
}

/// Measures that have months, with the words of their picture.
const MONTHLY: [(Measure, &str, &str); 4] = [
    (Measure::RegularKept, "thuong-ky", "Thường kỳ đúng kỳ từng tháng"),
    (Measure::Attendance, "du", "Tỷ lệ dự sinh hoạt từng tháng"),
    (Measure::Spoken, "phat-bieu", "Số đồng chí phát biểu trên số có mặt từng tháng"),
    (Measure::ThematicKept, "chuyen-de", "Chuyên đề đúng kỳ từng quý"),
];

fn points(picture: &Picture, measure: Measure) -> Vec<Point> {
    let tally = |at: usize| {
        let all = picture.month(measure, at);
        Tally { more: 0, ..all }
    };
    if measure == Measure::ThematicKept {
        let quarter = |q: u8| Point::new(format!("Quý {}", vi::roman(q)), vi::roman(q).to_owned(), tally(usize::from(q - 1) * 3));
        return (1..=4).map(quarter).collect();
    }
    (1..=12usize).map(|n| Point::new(format!("Tháng {n}"), n.to_string(), tally(n - 1))).collect()
}

/// The picture of a measure's months.
pub fn month_chart(picture: &Picture, asked: &[Asked], measure: Measure) -> Option<Chart> {
    let (_, id, title) = MONTHLY.iter().find(|m| m.0 == measure)?;
    let of = asked.iter().find(|a| a.measure == measure);
    // Of speaking the months show who spoke, and no target is set for a single month.
    let goal =
        of.map(|a| a.goal).filter(|_| measure != Measure::Spoken).unwrap_or(Goal::Number(domain::rulepack::Compare::AtLeast, 0));
    draw(id, (*title).to_owned(), points(picture, measure), goal)
}

/// The picture of results year by year.
pub fn year_chart(asked: &Asked, years: Vec<(i16, Tally)>) -> Option<Chart> {
    let point = |(year, tally): (i16, Tally)| Point::new(format!("Năm {year}"), year.to_string(), Tally { more: 0, ..tally });
    draw("nam", format!("{} qua các năm", asked.target.title), years.into_iter().map(point).collect(), asked.goal)
}

/// Every picture of the months.
pub fn charts(picture: &Picture, asked: &[Asked]) -> Vec<Chart> {
    MONTHLY.iter().filter_map(|m| month_chart(picture, asked, m.0)).collect()
}

/// The months in numbers.
pub fn months(picture: &Picture) -> Vec<MonthLine> {
    let value = |measure: Measure, at: usize| {
        let point = Point::new(String::new(), String::new(), picture.month(measure, at));
        (point.value, point.counts)
    };
    (0..12)
        .map(|at| MonthLine { label: format!("Tháng {}", at + 1), values: MONTHLY.iter().map(|m| value(m.0, at)).collect() })
        .collect()
}

/// How a target is counted, in sentences, with its sources.
pub fn method(picture: &Picture, asked: &Asked) -> Vec<String> {
    let mut out = vec![match asked.measure {
        Measure::CellsGood => "Số chi bộ hoàn thành tốt nhiệm vụ trở lên trên số chi bộ đã có kết quả xếp loại năm, do cấp ủy cấp trên trực tiếp ghi.",
        Measure::CellsFailed => "Số chi bộ không hoàn thành nhiệm vụ theo kết quả xếp loại năm, do cấp ủy cấp trên trực tiếp ghi.",
        Measure::MembersGood => "Số đảng viên hoàn thành tốt nhiệm vụ trở lên trên số đảng viên được xếp loại, do từng chi bộ ghi theo mức, không ghi tên.",
        Measure::MembersExcellent => "Số đảng viên hoàn thành xuất sắc trên số hoàn thành tốt nhiệm vụ trở lên, do từng chi bộ ghi theo mức, không ghi tên.",
        Measure::RegularKept => "Số thường kỳ họp đúng kỳ trên số thường kỳ đã đến hạn. Kỳ chưa đến hạn chưa tính; kỳ hoãn có lý do tính theo ngày hoãn đến; kỳ họp sau hạn và kỳ không họp là không đúng kỳ.",
        Measure::ThematicKept => "Số chuyên đề họp trong quý trên số chuyên đề đã đến hạn, mỗi quý một chuyên đề.",
        Measure::Attendance => "Số lượt có mặt trên số lượt phải dự ở các buổi đã khóa biên bản, kể cả bản đính chính. Người được miễn, đình chỉ, sinh hoạt nơi khác không tính.",
        Measure::Spoken => "Số đảng viên đã phát biểu đủ số kỳ trên số đảng viên phải dự. Chỉ đếm kỳ khác nhau, từ biên bản đã khóa; ai mới về, được miễn, đi nơi khác thì mức tính theo số tháng phải dự.",
    }.to_owned()];
    out.push(format!(
        "Chỉ tiêu {}: {}. Theo {} ({}).",
        asked.target.key,
        asked.shown(),
        asked.target.citation(),
        asked.target.confidence
    ));
    let figures: &[&str] = match asked.measure {
        Measure::Attendance => &[BASIS],
        Measure::RegularKept => &["meeting.regular_per_month", "meeting.regular_until_day"],
        Measure::ThematicKept => &["meeting.thematic_per_quarter"],
        Measure::MembersExcellent => &[domain::target::QUOTA],
        _ => &[],
    };
    if asked.measure == Measure::Attendance && picture.basis == Basis::WithoutExcused {
        out.push("Người vắng có lý do được trừ khỏi số phải dự.".to_owned());
    }
    out.extend(figures.iter().filter_map(|key| picture.rules.figure(key)).map(cite));
    out
}

/// The cells that make a figure: those that are behind, those without facts, those that reach it.
pub fn why(picture: &Picture, asked: &Asked) -> Vec<WhyGroup> {
    let mut groups = [
        WhyGroup { title: "Cần quan tâm", class: "late", lines: Vec::new() },
        WhyGroup { title: "Chưa đạt, còn kịp", class: "due", lines: Vec::new() },
        WhyGroup { title: "Chưa có số liệu", class: "none", lines: Vec::new() },
        WhyGroup { title: "Đạt", class: "done", lines: Vec::new() },
    ];
    for cell in picture.cells.iter().filter(|c| c.fits(&asked.target)) {
        let tally = cell.year.tally(asked.measure, picture.basis);
        if tally == Tally::default() {
            continue;
        }
        let state = asked.goal.state(&tally);
        let line = WhyLine {
            org: cell.org,
            name: cell.name.clone(),
            value: if asked.measure.is_of_cells() {
                label(cell.year.level).to_owned()
            } else {
                vi::percent(tally.numer, tally.denom)
            },
            facts: facts(cell, asked.measure, &tally),
        };
        if let Some(group) = groups.iter_mut().find(|g| g.class == class(state)) {
            group.lines.push(line);
        }
    }
    groups.into_iter().filter(|g| !g.lines.is_empty()).collect()
}

fn facts(cell: &CellFacts, measure: Measure, tally: &Tally) -> String {
    let year = &cell.year;
    let held = |kind: PeriodKind| {
        let of = |h: Held| -> Vec<String> {
            let months = year.months_with(kind, h).into_iter();
            match kind {
                PeriodKind::Regular => months.map(|m| format!("tháng {m}")).collect(),
                PeriodKind::Thematic => months.map(|m| format!("quý {}", vi::roman(m.div_ceil(3)))).collect(),
            }
        };
        let mut parts = vec![format!("{}/{} kỳ đúng kỳ", tally.numer, tally.denom)];
        for (h, words) in [(Held::Missing, "chưa họp"), (Held::Late, "họp sau hạn")] {
            if !of(h).is_empty() {
                parts.push(format!("{words}: {}", of(h).join(", ")));
            }
        }
        parts.join("; ")
    };
    match measure {
        Measure::CellsGood | Measure::CellsFailed => {
            if year.level.is_some_and(Level::is_good) {
                "Tính vào số hoàn thành tốt trở lên".to_owned()
            } else {
                String::new()
            }
        }
        Measure::MembersGood | Measure::MembersExcellent => {
            year.members.as_ref().map_or_else(|| format!("Chi bộ chưa ghi; danh sách có {} đồng chí", year.roster), levels_words)
        }
        Measure::RegularKept => held(PeriodKind::Regular),
        Measure::ThematicKept => held(PeriodKind::Thematic),
        Measure::Attendance => {
            format!("{}/{} lượt, {} buổi đã khóa biên bản", number(tally.numer), number(tally.denom), year.seats().meetings)
        }
        Measure::Spoken => format!("{}/{} đồng chí đã đủ, {} đồng chí còn kịp", tally.numer, tally.denom, tally.open),
    }
}

/// Figures of some cells for a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PilotRow {
    /// Which cells.
    pub name: &'static str,
    /// How many.
    pub cells: usize,
    /// Label, share, counts.
    pub values: Vec<(&'static str, String, String)>,
}

/// A type of cell with pilots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PilotGroup {
    /// Its name.
    pub name: String,
    /// Pilots, then the others.
    pub rows: Vec<PilotRow>,
    /// The pilots.
    pub pilots: Vec<(OrgId, String)>,
}

/// Pilots beside the others of their type, type by type.
pub fn pilots(picture: &Picture) -> Vec<PilotGroup> {
    let name = |code: &Option<String>| {
        let known = picture.rules.cell_types().find(|t| Some(&t.code) == code.as_ref());
        known.map_or_else(|| "Chưa ghi loại hình".to_owned(), |t| t.name.clone())
    };
    let mut types: Vec<Option<String>> = Vec::new();
    for cell in picture.here().filter(|c| c.pilot) {
        if !types.contains(&cell.cell_type) {
            types.push(cell.cell_type.clone());
        }
    }
    types
        .into_iter()
        .map(|of| {
            let all: Vec<&CellFacts> = picture.here().filter(|c| c.cell_type == of).collect();
            PilotGroup {
                name: name(&of),
                rows: [(true, "Chi bộ điểm"), (false, "Chi bộ khác cùng loại hình")]
                    .into_iter()
                    .map(|(pilot, words)| pilot_row(picture, words, all.iter().copied().filter(|c| c.pilot == pilot).collect()))
                    .collect(),
                pilots: all.iter().filter(|c| c.pilot).map(|c| (c.org, c.name.clone())).collect(),
            }
        })
        .collect()
}

fn pilot_row(picture: &Picture, name: &'static str, cells: Vec<&CellFacts>) -> PilotRow {
    let sum = |measure: Measure| -> Tally { cells.iter().map(|c| c.year.tally(measure, picture.basis)).sum() };
    let spoke: Tally = cells.iter().flat_map(|c| (0..12).map(|at| c.year.month(Measure::Spoken, at, picture.basis))).sum();
    let value = |label, tally: Tally| {
        let point = Point::new(String::new(), String::new(), tally);
        (label, point.value, point.counts)
    };
    PilotRow {
        name,
        cells: cells.len(),
        values: vec![
            value("Dự sinh hoạt", sum(Measure::Attendance)),
            value("Thường kỳ đúng kỳ", sum(Measure::RegularKept)),
            value("Chuyên đề đúng kỳ", sum(Measure::ThematicKept)),
            value("Phát biểu trên số có mặt", spoke),
        ],
    }
}
