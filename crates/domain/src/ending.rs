//! The end of a meeting before it is done: who is told, what goes over to the next meeting, what can
//! no longer be changed, what is missing. One list for ending, adopting and sealing.
//! Touches agenda steps, checks and ids. Rules: M7, SM-03, BQ-10 (only what the rules block blocks), P-8.

use crate::agenda::Step;
use crate::id::{ItemId, RowId};
use crate::meeting::MeetingState;
use crate::refusal::Check;
use crate::vi;

/// What the next button of the page does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Ends the meeting.
    Close,
    /// The cell adopts the minutes.
    Adopt,
    /// The minutes are sealed.
    Seal,
}

impl Stage {
    /// What comes next for a meeting; none before its opening and once all is done.
    pub fn of(state: MeetingState) -> Option<Self> {
        match state {
            MeetingState::Open => Some(Self::Close),
            MeetingState::Closed => Some(Self::Adopt),
            MeetingState::Adopted => Some(Self::Seal),
            MeetingState::Draft | MeetingState::Noticed | MeetingState::Sealed | MeetingState::Cancelled => None,
        }
    }
}

/// An item of the agenda at the end of the meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemEnd {
    /// Which.
    pub id: ItemId,
    /// Heading that may be shown.
    pub title: String,
    /// The step it fulfils.
    pub step: Step,
    /// Whether somebody spoke on it or something was concluded.
    pub dealt_with: bool,
    /// Whether it was put off already.
    pub postponed: bool,
}

/// A prepared opinion that was sent and not spoken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unspoken {
    /// Which.
    pub id: RowId,
    /// Whose.
    pub name: String,
    /// Whether it goes over.
    pub carries: bool,
}

/// What the end of a meeting depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndFacts<'a> {
    /// What the next button does.
    pub stage: Stage,
    /// What must be in order before adopting and sealing, and what is wise.
    pub checks: &'a [Check],
    /// Who may read adopted minutes, in words.
    pub readers: &'a str,
    /// How many took part.
    pub present: u32,
    /// How many have words recorded as theirs.
    pub speakers: u32,
    /// Who was given a task by an adopted resolution of the meeting.
    pub doers: &'a [String],
    /// Whether the meeting counts in the figures of the month.
    pub counts: bool,
    /// Tasks in force that are not over.
    pub open_tasks: u32,
    /// The agenda.
    pub items: &'a [ItemEnd],
    /// Prepared opinions that were sent and not spoken.
    pub unspoken: &'a [Unspoken],
    /// Adopted resolutions that are issued together with the minutes.
    pub resolutions: u32,
    /// The number the minutes take, once it is known.
    pub number: Option<&'a str>,
}

/// What goes over to the next meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carry {
    /// The tasks that are not over: always reviewed (SM-03).
    Tasks,
    /// An item of the agenda.
    Item(ItemId),
    /// A prepared opinion.
    Opinion(RowId),
}

/// One line of what goes over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// What.
    pub what: Carry,
    /// The sentence.
    pub text: String,
    /// Whether it goes over unless somebody says otherwise.
    pub keeps: bool,
}

/// The page before the end, as lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ending {
    /// Who is told: what, how.
    pub told: Vec<(&'static str, String)>,
    /// What goes over to the next meeting.
    pub carried: Vec<Carried>,
    /// What can no longer be changed: what, how.
    pub closed: Vec<(&'static str, String)>,
    /// What is missing, that which stands in the way first.
    pub missing: Vec<Check>,
    /// Whether the next button is refused while it is.
    pub blocked: bool,
}

/// What the end of a meeting brings.
pub fn ending(facts: &EndFacts<'_>) -> Ending {
    // The hour of the end is what this very page asks for.
    let asked = |c: &&Check| !(facts.stage == Stage::Close && c.field == Some("closed_at"));
    let mut missing: Vec<Check> = facts.checks.iter().filter(|c| !c.done).filter(asked).cloned().collect();
    missing.sort_by_key(|c| !c.must);
    Ending {
        told: told(facts),
        carried: if facts.stage == Stage::Seal { Vec::new() } else { carried(facts) },
        closed: closed(facts),
        // A meeting may always be ended: what is missing is put in order afterwards (BQ-10).
        blocked: facts.stage != Stage::Close && missing.iter().any(Check::blocks),
        missing,
    }
}

fn told(facts: &EndFacts<'_>) -> Vec<(&'static str, String)> {
    let mut out = Vec::new();
    match facts.stage {
        Stage::Close => {
            out.push(("Chưa gửi gì ra ngoài", "Biên bản chỉ người ghi biên bản xem được đến khi chi bộ thông qua.".to_owned()));
            if facts.speakers > 0 {
                let text = format!("{} đồng chí xem lại lời ghi của mình ở trang buổi sinh hoạt.", facts.speakers);
                out.push(("Người đã phát biểu", text));
            }
            if facts.present > 0 {
                let text = format!("{} đồng chí được hỏi ba câu ngắn về buổi sinh hoạt, không ghi tên.", facts.present);
                out.push(("Người có mặt", text));
            }
        }
        Stage::Adopt => out.push(("Ai xem được", facts.readers.to_owned())),
        Stage::Seal => {
            out.push(("Ai xem được", facts.readers.to_owned()));
            if !facts.doers.is_empty() {
                out.push(("Người được giao nhiệm vụ", format!("Đồng chí {}.", vi::join(facts.doers))));
            }
            if facts.counts {
                let text = "Tỷ lệ dự và số đồng chí phát biểu của tháng được cập nhật cho cấp trên, không kèm nội dung.";
                out.push(("Cấp trên", text.to_owned()));
            }
        }
    }
    out
}

fn carried(facts: &EndFacts<'_>) -> Vec<Carried> {
    let mut out = Vec::new();
    if facts.open_tasks > 0 {
        let text = format!("{} nhiệm vụ chưa kết thúc: vào mục kiểm điểm của kỳ sau.", facts.open_tasks);
        out.push(Carried { what: Carry::Tasks, text, keeps: true });
    }
    // Once the meeting is over the answer has been given: an item left over is put off or it is not.
    let asking = facts.stage == Stage::Close;
    let items = facts.items.iter().filter(|i| i.postponed || (asking && left_over(i)));
    out.extend(items.map(|i| {
        let why = if i.postponed { "đã hoãn" } else { "chưa bàn" };
        Carried { what: Carry::Item(i.id), text: format!("Mục “{}”: {why}.", i.title), keeps: true }
    }));
    out.extend(facts.unspoken.iter().filter(|o| asking || o.carries).map(|o| {
        let text = format!("Ý kiến gửi trước của đồng chí {}: chưa phát biểu.", o.name);
        Carried { what: Carry::Opinion(o.id), text, keeps: o.carries }
    }));
    out
}

/// An item outside the prescribed order that nobody dealt with: the next agenda is made of the order,
/// so it would vanish.
fn left_over(item: &ItemEnd) -> bool {
    matches!(item.step, Step::Other | Step::Topic) && !item.dealt_with
}

fn closed(facts: &EndFacts<'_>) -> Vec<(&'static str, String)> {
    match facts.stage {
        Stage::Close => vec![
            ("Giờ kết thúc", "Ghi vào biên bản; nếu kết thúc nhầm, bí thư hoặc phó bí thư mở lại được.".to_owned()),
            ("Chưa khóa", "Điểm danh, ý kiến, biểu quyết, biên bản còn hoàn thiện được đến khi thông qua.".to_owned()),
        ],
        Stage::Adopt => vec![(
            "Khóa sửa",
            "Điểm danh, ý kiến, biểu quyết và biên bản không sửa được nữa; chỉ bí thư, phó bí thư mở lại được, có ghi lý do."
                .to_owned(),
        )],
        Stage::Seal => vec![
            ("Số biên bản", facts.number.unwrap_or("chưa đánh số được").to_owned()),
            (
                "Nội dung khóa",
                "Toàn văn biên bản, điểm danh, ý kiến, biểu quyết, phân công; ghi mã kiểm tra vào sổ cái.".to_owned(),
            ),
            (
                "Nghị quyết",
                match facts.resolutions {
                    0 => "Không có nghị quyết nào chờ ban hành.".to_owned(),
                    n => format!("{n} nghị quyết đã thông qua được đánh số và ban hành cùng lúc."),
                },
            ),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(n: i64, step: Step, dealt_with: bool, postponed: bool) -> ItemEnd {
        ItemEnd { id: ItemId::new(n), title: format!("Việc {n}"), step, dealt_with, postponed }
    }

    fn facts<'a>(stage: Stage, checks: &'a [Check], items: &'a [ItemEnd], unspoken: &'a [Unspoken]) -> EndFacts<'a> {
        EndFacts {
            stage,
            checks,
            readers: "12 đảng viên xem được.",
            present: 9,
            speakers: 2,
            doers: &[],
            counts: true,
            open_tasks: 3,
            items,
            unspoken,
            resolutions: 1,
            number: Some("07-BB/CB"),
        }
    }

    #[test]
    fn nothing_blocks_but_what_the_rules_block() {
        let must = |field| Check::must(false, field, format!("Thiếu {field}."));
        let wise = |field| Check::advised(false, field, format!("Nên có {field}."));
        let done = Check::must(true, "chair", "Đã có.");
        type Row<'a> = (&'a str, Stage, Vec<Check>, bool, &'a [&'a str]);
        let table: [Row<'_>; 7] = [
            ("all in order", Stage::Adopt, vec![done.clone()], false, &[]),
            ("wise only", Stage::Adopt, vec![wise("speeches"), done.clone()], false, &["speeches"]),
            ("a must before the wise", Stage::Adopt, vec![wise("speeches"), must("roll")], true, &["roll", "speeches"]),
            ("no roll, and still it may end", Stage::Close, vec![must("roll"), must("secretary")], false, &["roll", "secretary"]),
            ("the hour is asked here", Stage::Close, vec![must("closed_at"), wise("items")], false, &["items"]),
            ("the hour must be there to adopt", Stage::Adopt, vec![must("closed_at")], true, &["closed_at"]),
            ("no term, no number", Stage::Seal, vec![done, must("term")], true, &["term"]),
        ];
        for (what, stage, checks, blocked, fields) in table {
            let got = ending(&facts(stage, &checks, &[], &[]));
            assert_eq!(got.blocked, blocked, "{what}");
            assert_eq!(got.missing.iter().filter_map(|c| c.field).collect::<Vec<_>>(), fields, "{what}");
        }
    }

    #[test]
    fn what_goes_over_is_kept_unless_somebody_says_no() {
        let table = [
            ("put off and spoken of", item(1, Step::Report, true, true), Some(true)),
            ("put off", item(2, Step::Other, false, true), Some(true)),
            ("outside the order, not dealt with", item(3, Step::Other, false, false), Some(true)),
            ("a topic not dealt with", item(4, Step::Topic, false, false), Some(true)),
            ("outside the order, dealt with", item(5, Step::Other, true, false), None),
            ("of the order: comes back by itself", item(6, Step::Discussion, false, false), None),
        ];
        for (what, item, keeps) in table {
            let got = ending(&facts(Stage::Close, &[], std::slice::from_ref(&item), &[])).carried;
            let found = got.iter().find(|c| c.what == Carry::Item(item.id)).map(|c| c.keeps);
            assert_eq!(found, keeps, "{what}");
        }
        let said = |carries| Unspoken { id: RowId::new(7), name: "Lê Thị Ánh".into(), carries };
        for carries in [true, false] {
            let got = ending(&facts(Stage::Close, &[], &[], &[said(carries)])).carried;
            assert_eq!(got.iter().map(|c| c.keeps).collect::<Vec<_>>(), [true, carries]);
            assert_eq!(got[0].what, Carry::Tasks);
        }
        assert!(ending(&facts(Stage::Seal, &[], &[], &[said(true)])).carried.is_empty());
        let (left, no) = ([item(3, Step::Other, false, false)], [said(false)]);
        assert_eq!(ending(&facts(Stage::Adopt, &[], &left, &no)).carried.len(), 1, "what was let go at the end stays so");
    }

    #[test]
    fn each_stage_tells_whom_it_reaches_and_what_it_closes() {
        let words = |stage| {
            let end = ending(&facts(stage, &[], &[], &[]));
            let names = |list: &[(&'static str, String)]| list.iter().map(|l| l.0).collect::<Vec<_>>();
            (names(&end.told), names(&end.closed))
        };
        assert_eq!(
            words(Stage::Close),
            (vec!["Chưa gửi gì ra ngoài", "Người đã phát biểu", "Người có mặt"], vec!["Giờ kết thúc", "Chưa khóa"])
        );
        assert_eq!(words(Stage::Adopt), (vec!["Ai xem được"], vec!["Khóa sửa"]));
        assert_eq!(words(Stage::Seal), (vec!["Ai xem được", "Cấp trên"], vec!["Số biên bản", "Nội dung khóa", "Nghị quyết"]));
        let table = [
            (MeetingState::Draft, None),
            (MeetingState::Noticed, None),
            (MeetingState::Open, Some(Stage::Close)),
            (MeetingState::Closed, Some(Stage::Adopt)),
            (MeetingState::Adopted, Some(Stage::Seal)),
            (MeetingState::Sealed, None),
            (MeetingState::Cancelled, None),
        ];
        for (state, stage) in table {
            assert_eq!(Stage::of(state), stage, "{state}");
        }
    }
}
