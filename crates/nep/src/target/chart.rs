//! A line of shares over months or years as a picture that is read aloud as well: title and description say what
//! the table under it says in full. Pure: shares in, coordinates out. Rules: ahead.md 21, experience.md (charts).

use domain::target::{Goal, Tally};
use domain::vi;

/// One point in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// `Tháng 3`, `2025`.
    pub label: String,
    /// `3`, `2025`: under the axis.
    pub short: String,
    /// The counts.
    pub tally: Tally,
    /// The share as read; a dash where nothing was counted.
    pub value: String,
    /// `312/340`; empty where nothing was counted.
    pub counts: String,
}

impl Point {
    /// A point of a series.
    pub fn new(label: String, short: String, tally: Tally) -> Self {
        let (numer, denom) = tally.now();
        let number = |n: u64| vi::number(i64::try_from(n).unwrap_or(i64::MAX));
        Self {
            label,
            short,
            tally,
            value: vi::percent(numer, denom),
            counts: if denom == 0 { String::new() } else { format!("{}/{}", number(numer), number(denom)) },
        }
    }
}

/// A mark on the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dot {
    /// Across.
    pub x: i64,
    /// Down.
    pub y: i64,
    /// Whether the target is reached: filled, else hollow.
    pub reached: bool,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// Word for the ids in the page.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// What is to be seen in it.
    pub desc: String,
    /// The points with something counted.
    pub dots: Vec<Dot>,
    /// The line through them.
    pub line: String,
    /// Where the labels of the axis stand: across and word.
    pub ticks: Vec<(i64, String)>,
    /// Lines of the scale: down and word.
    pub scale: Vec<(i64, String)>,
    /// Where the target lies, if it is a share.
    pub goal: Option<i64>,
    /// Everything in numbers.
    pub points: Vec<Point>,
}

const LEFT: i64 = 54;
const RIGHT: i64 = 470;
const TOP: i64 = 14;
const FLOOR: i64 = 150;

/// A share in per cent, rounded down.
fn percent((numer, denom): (u64, u64)) -> Option<i64> {
    i64::try_from((u128::from(numer) * 100).checked_div(u128::from(denom))?).ok()
}

/// Draws a series against its target; none where nothing was counted.
pub fn draw(id: &str, title: String, points: Vec<Point>, goal: Goal) -> Option<Chart> {
    let share = match goal {
        Goal::Share(_, share) => percent((u64::from(share.part), u64::from(share.whole))),
        Goal::All => Some(100),
        Goal::Number(..) => None,
    };
    let values: Vec<i64> = points.iter().filter_map(|p| percent(p.tally.now())).collect();
    let lowest = values.iter().copied().chain(share).min().filter(|_| !values.is_empty())?;
    // The scale begins at a full ten below everything, so that months close to one another can be told apart.
    let from = (lowest / 10 * 10 - 10).clamp(0, 90);
    let down = |percent: i64| FLOOR - (percent - from) * (FLOOR - TOP) / (100 - from);
    let steps = i64::try_from(points.len()).unwrap_or(1);
    let across = |at: usize| LEFT + (RIGHT - LEFT) * (2 * i64::try_from(at).unwrap_or(0) + 1) / (2 * steps);
    let dots: Vec<Dot> = points
        .iter()
        .enumerate()
        .filter_map(|(at, p)| {
            let (numer, denom) = p.tally.now();
            let fine = (u128::from(numer) * 1000).checked_div(u128::from(denom))?;
            // A tenth of a per cent is about a pixel.
            let y = FLOOR - (i64::try_from(fine).ok()? - from * 10) * (FLOOR - TOP) / ((100 - from) * 10);
            Some(Dot {
                x: across(at),
                y,
                reached: goal.state(&Tally { numer, denom, ..Tally::default() }) == domain::target::State::Met,
            })
        })
        .collect();
    let middle = (from + 100) / 20 * 10;
    Some(Chart {
        id: id.to_owned(),
        desc: described(&points, from),
        line: dots.iter().map(|d| format!("{},{}", d.x, d.y)).collect::<Vec<_>>().join(" "),
        ticks: points.iter().enumerate().map(|(at, p)| (across(at), p.short.clone())).collect(),
        scale: [100, middle, from].into_iter().map(|p| (down(p), format!("{p} %"))).collect(),
        goal: share.map(down),
        title,
        dots,
        points,
    })
}

/// What is to be seen, in sentences.
fn described(points: &[Point], from: i64) -> String {
    let counted: Vec<&Point> = points.iter().filter(|p| p.tally.denom > 0).collect();
    let by = |a: &&&Point, b: &&&Point| {
        let (x, y) = (a.tally, b.tally);
        (u128::from(x.numer) * u128::from(y.denom)).cmp(&(u128::from(y.numer) * u128::from(x.denom)))
    };
    let said = |p: &Point| format!("{} {}", p.label.to_lowercase(), p.value);
    let mut out = Vec::new();
    if let (Some(low), Some(high)) = (counted.iter().min_by(by), counted.iter().max_by(by)) {
        out.push(format!("Thấp nhất: {}; cao nhất: {}.", said(low), said(high)));
    }
    if let Some(last) = counted.last() {
        out.push(format!("Gần đây nhất: {}.", said(last)));
    }
    out.push(format!("Trục đứng bắt đầu từ {from} %. Số liệu đầy đủ ở bảng bên dưới."));
    out.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::rulepack::{Compare, Ratio};

    fn at(n: u64, of: u64) -> Tally {
        Tally { numer: n, denom: of, ..Tally::default() }
    }

    #[test]
    fn points_lie_where_their_share_is_and_gaps_have_none() {
        let points = [at(95, 100), at(0, 0), at(80, 100), at(100, 100)];
        let points = (1..).zip(points).map(|(n, t)| Point::new(format!("Tháng {n}"), n.to_string(), t)).collect();
        let goal = Goal::Share(Compare::Over, Ratio { part: 90, whole: 100 });
        let chart = draw("t5", "Dự".to_owned(), points, goal).unwrap();
        let ys: Vec<i64> = chart.dots.iter().map(|d| d.y).collect();
        assert_eq!(chart.scale.first().map(|s| s.0), Some(TOP));
        assert_eq!(chart.scale.last(), Some(&(FLOOR, "70 %".to_owned())));
        assert_eq!((ys[2], chart.goal), (TOP, Some(60)));
        assert!(ys[2] < ys[0] && ys[0] < 60 && 60 < ys[1] && ys[1] <= FLOOR, "{ys:?}");
        assert_eq!(chart.dots.iter().map(|d| d.reached).collect::<Vec<_>>(), [true, false, true]);
        assert!(chart.dots.windows(2).all(|w| w[0].x < w[1].x) && chart.ticks.len() == 4);
        assert!(chart.desc.starts_with("Thấp nhất: tháng 3 80 %; cao nhất: tháng 4 100 %."), "{}", chart.desc);
        assert_eq!(chart.points[1].value, "–");
    }

    #[test]
    fn nothing_counted_is_no_picture() {
        let goal = Goal::All;
        assert!(draw("x", String::new(), vec![Point::new(String::new(), String::new(), Tally::default())], goal).is_none());
        assert!(draw("x", String::new(), Vec::new(), goal).is_none());
    }
}
