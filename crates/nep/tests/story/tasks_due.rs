//! Tasks that fall due in a month: whatever is done to one is in the cell's month at once and in the sums above after
//! the next run; boards say how they stand on the day, nothing of what they are; an installation that had tasks before
//! its months kept them is filled (SM-01, SM-03, P-10).

use std::sync::Arc;

use db::values;
use domain::id::{OrgId, ResolutionId, TaskId};
use domain::meeting::MeetingKind;
use domain::period::PeriodKey;
use domain::resolution::{ResolutionState, TaskDraft};
use domain::rollup::{Figures, Month};
use domain::task::TaskState;
use jiff::civil::{Date, date};
use nep::board::store::{self as board, recount};
use nep::board::work::carry_all;
use nep::meeting::store::{self as meetings, NewMeeting};
use nep::resolution::store::{self as resolutions, Text};
use nep::schema::migrations;
use nep::task::store::{self as tasks, Change};

use crate::rollup::{Dice, province};
use crate::site::{Site, each};

/// What nobody above a cell may read.
const CONTENT: &str = "Rà soát hồ sơ nhà ở công vụ";

/// A resolution in force with a task for each deadline.
pub fn give(site: &Arc<Site>, cell: OrgId, deadlines: &[Option<Date>]) -> (ResolutionId, Vec<TaskId>) {
    let (hands, deadlines) = (site.hands("hothiclerk", cell), deadlines.to_vec());
    site.write(move |tx| {
        let day = date(2026, 1, 5);
        let new = NewMeeting {
            kind: MeetingKind::Regular,
            title: "Sinh hoạt".to_owned(),
            starts_at: day.at(8, 0, 0, 0),
            ends_at: day.at(10, 0, 0, 0),
            place: String::new(),
            chair: None,
            secretary: None,
            topic: None,
            periods: Vec::new(),
        };
        let meeting = meetings::create(tx, &hands, cell, &new)?;
        let id = resolutions::create(tx, &hands, cell, meeting, &Text { title: "về việc".to_owned(), ..Text::default() })?;
        let mut out = Vec::new();
        for deadline in &deadlines {
            let draft = TaskDraft { content: CONTENT.to_owned(), deadline: *deadline, ..TaskDraft::default() };
            out.push(tasks::add(tx, &hands, cell, id, meeting, &draft)?);
        }
        let before = resolutions::get(tx, cell, id)?;
        resolutions::save_state(tx, &hands, &before, ResolutionState::Adopted, None, None)?;
        tasks::put_in_force(tx, &hands, cell, id, true)?;
        Ok((id, out))
    })
}

/// Carries out what the rules allowed.
pub fn change(site: &Arc<Site>, cell: OrgId, task: TaskId, change: Change) {
    let hands = site.hands("hothiclerk", cell);
    site.write(move |tx| {
        let task = tasks::get(tx, cell, task)?;
        Ok(tasks::save_change(tx, &hands, &task, &change, "note", "", None)?)
    });
}

pub fn reported(on: Date) -> Change {
    Change { state: Some(TaskState::Reported), done_on: Some(on), ..Change::default() }
}

pub fn to(state: TaskState) -> Change {
    Change { state: Some(state), ..Change::default() }
}

/// Something happens to a task, in whatever order.
pub fn happens(site: &Arc<Site>, cell: OrgId, dice: &mut Dice) {
    let deadlines: Vec<Option<Date>> = (0..=dice.roll(3)).map(|_| (dice.roll(6) > 0).then(|| dice.day())).collect();
    let (resolution, given) = give(site, cell, &deadlines);
    for task in given {
        let (day, later) = (dice.day(), dice.day());
        match dice.roll(7) {
            0 => change(site, cell, task, reported(day)),
            1 | 2 => {
                change(site, cell, task, reported(day));
                change(site, cell, task, to(TaskState::Done));
            }
            3 => {
                change(site, cell, task, reported(day));
                change(site, cell, task, to(TaskState::Returned));
            }
            4 => change(site, cell, task, Change { deadline: Some(later), ..Change::default() }),
            5 => change(site, cell, task, to(TaskState::Dropped)),
            _ => {}
        }
    }
    if dice.roll(5) == 0 {
        let hands = site.hands("hothiclerk", cell);
        site.write(move |tx| Ok(tasks::put_in_force(tx, &hands, cell, resolution, false)?));
    }
}

type Row = (String, i64, i64, i64, i64, String);

/// What the cell's own months keep: due, in time, late, reported, days of the others.
fn kept(site: &Site, cell: OrgId) -> Vec<Row> {
    site.write(move |tx| {
        Ok(tx.all(
            "select month, tasks_due, tasks_in_time, tasks_late, tasks_reported, open_days from cell_month
             where org_id = $1 and (tasks_due > 0 or open_days <> '') order by month",
            values![cell],
        )?)
    })
}

fn row(month: &str, [due, in_time, late, reported]: [i64; 4], days: &str) -> Row {
    (month.to_owned(), due, in_time, late, reported, days.to_owned())
}

fn sums(site: &Site, org: OrgId, month: &str) -> [i64; 4] {
    let month: Month = month.parse().unwrap();
    let rows = site.write(move |tx| Ok(board::months(tx, org, month, month)?));
    let f = rows.iter().fold(Figures::default(), |sum, r| sum.plus(r.figures));
    [f.tasks_due, f.tasks_in_time, f.tasks_late, f.tasks_reported]
}

fn differences(site: &Site) -> Vec<String> {
    let library = site.app.rules.clone();
    site.write(move |tx| Ok(recount::differences(tx, &library)?))
}

#[test]
fn whatever_is_done_to_a_task_is_in_its_month_at_once() {
    each(|site| async move {
        site.at(date(2026, 11, 22).at(9, 0, 0, 0));
        let (top, committees, cells) = province(&site);
        let cell = cells[0];
        let on = |month, day| Some(date(2026, month, day));
        let (resolution, given) = give(&site, cell, &[on(10, 9), on(10, 20), on(11, 5), on(12, 24), None]);
        let december = row("2026-12", [1, 0, 0, 0], "24");
        assert_eq!(
            kept(&site, cell),
            [row("2026-10", [2, 0, 0, 0], "09 20"), row("2026-11", [1, 0, 0, 0], "05"), december.clone()]
        );
        change(&site, cell, given[0], reported(date(2026, 10, 9)));
        assert_eq!(kept(&site, cell)[0], row("2026-10", [2, 0, 0, 1], "20"));
        change(&site, cell, given[0], to(TaskState::Returned));
        assert_eq!(kept(&site, cell)[0], row("2026-10", [2, 0, 0, 0], "09 20"));
        change(&site, cell, given[0], reported(date(2026, 10, 12)));
        change(&site, cell, given[0], to(TaskState::Done));
        assert_eq!(kept(&site, cell)[0], row("2026-10", [2, 0, 1, 0], "20"));
        // More time: it leaves its month for the new one.
        change(&site, cell, given[1], Change { deadline: on(11, 25), ..Change::default() });
        assert_eq!(kept(&site, cell)[..2], [row("2026-10", [1, 0, 1, 0], ""), row("2026-11", [2, 0, 0, 0], "05 25")]);
        change(&site, cell, given[2], to(TaskState::Dropped));
        assert_eq!(kept(&site, cell)[1], row("2026-11", [1, 0, 0, 0], "25"));
        // What has no deadline is in no month.
        change(&site, cell, given[4], reported(date(2026, 11, 1)));
        assert_eq!(kept(&site, cell).len(), 3);
        assert_eq!(sums(&site, committees[0], "2026-11"), [0; 4]);
        carry_all(&site.app).unwrap();
        assert_eq!((sums(&site, committees[0], "2026-10"), sums(&site, top, "2026-11")), ([1, 0, 1, 0], [1, 0, 0, 0]));
        assert_eq!((sums(&site, top, "2026-12"), differences(&site)), ([0; 4], Vec::<String>::new()));
        // A month to come waits for its day without a row of its own in the queue.
        let waiting = |site: &Site| site.write(|tx| Ok(tx.scalar::<i64>("select count(*) from month_due", &[])?));
        assert_eq!(waiting(&site), 0);
        site.at(date(2026, 12, 1).at(8, 0, 0, 0));
        carry_all(&site.app).unwrap();
        assert_eq!(sums(&site, top, "2026-12"), [1, 0, 0, 0]);
        // Reopened, the resolution gives nothing.
        let hands = site.hands("hothiclerk", cell);
        site.write(move |tx| Ok(tasks::put_in_force(tx, &hands, cell, resolution, false)?));
        assert_eq!(kept(&site, cell), []);
        carry_all(&site.app).unwrap();
        assert_eq!((sums(&site, top, "2026-10"), differences(&site)), ([0; 4], Vec::new()));
        // A cell's row that is not what its tasks say is found.
        site.write(move |tx| {
            Ok(tx.exec("update cell_month set tasks_late = 3 where org_id = $1 and month = '2026-10'", values![cell])?)
        });
        assert!(differences(&site).iter().any(|d| d.contains("2026-10")), "{:?}", differences(&site));
    });
}

#[test]
fn boards_say_how_tasks_stand_on_the_day_and_not_what_they_are() {
    each(|site| async move {
        site.at(date(2026, 11, 20).at(9, 0, 0, 0));
        let (cell, committee) = (site.cast.cell, site.cast.committee);
        let on = |month, day| Some(date(2026, month, day));
        let (_, given) = give(&site, cell, &[on(11, 3), on(11, 5), on(11, 9), on(11, 20), on(10, 15), on(12, 24)]);
        for (task, day) in [(0, 3), (1, 6), (2, 9)] {
            change(&site, cell, given[task], reported(date(2026, 11, day)));
        }
        for task in [0, 1] {
            change(&site, cell, given[task], to(TaskState::Done));
        }
        let lam = site.sign_in("tranvanlam").await;
        let (above, own) = (format!("/tc/{committee}/buc-tranh/2026"), format!("/tc/{cell}/buc-tranh/2026"));
        let page = lam.get(&above).await.is(200).says_not(&[CONTENT]);
        let year = "5 đến hạn · 1 xong đúng hạn · 1 xong chậm · 1 chờ xác nhận · 1 quá hạn · 1 chưa xong";
        let page = page.says(&[&format!("Nhiệm vụ từ đầu năm đến hết tháng này: {year}."), "2/5 xong · 1 chậm · 1 quá hạn"]);
        assert_eq!(page.body.matches("<small>Nhiệm vụ:").count(), 1, "the sibling has none");
        let page = lam.get(&own).await.is(200).says_not(&[CONTENT]);
        page.says(&[year, "4 đến hạn · 1 xong đúng hạn · 1 xong chậm · 1 chờ xác nhận · 1 chưa xong", "1 đến hạn · 1 quá hạn"])
            .says_not(&[">Tháng 12<"]);
        let key = PeriodKey::regular(2026, 11).unwrap();
        let month = "Nhiệm vụ trong tháng: 4 đến hạn · 1 xong đúng hạn · 1 xong chậm · 1 chờ xác nhận · 1 chưa xong.";
        lam.get(&format!("/tc/{cell}/ky/{key}")).await.is(200).says(&[month]).says_not(&[CONTENT]);
        let quarter = lam.get(&format!("/tc/{cell}/ky/2026-cd-4")).await.is(200);
        quarter
            .says(&["Nhiệm vụ trong quý: 6 đến hạn · 1 xong đúng hạn · 1 xong chậm · 1 chờ xác nhận · 1 quá hạn · 2 chưa xong."]);
        // The day after its deadline a task is overdue, though nothing was done and nothing carried.
        site.at(date(2026, 11, 21).at(0, 5, 0, 0));
        let lam = site.sign_in("tranvanlam").await;
        lam.get(&above).await.is(200).says(&["2/5 xong · 1 chậm · 2 quá hạn"]);
        lam.get(&own).await.is(200).says(&["4 đến hạn · 1 xong đúng hạn · 1 xong chậm · 1 chờ xác nhận · 1 quá hạn"]);
        let sheet = lam.get(&format!("{above}/bang.xlsx")).await.is(200);
        let rows = crate::targets::rows_of(&sheet.bytes);
        let names = ["Nhiệm vụ đến hạn", "Xong đúng hạn", "Xong chậm", "Chờ xác nhận", "Quá hạn", "Chưa xong"];
        assert!(rows[0].ends_with(&format!("{}]", names.map(|n| format!("Text({n:?})")).join(", "))), "{rows:?}");
        let own = rows.iter().find(|r| r.contains("Chi bộ Văn phòng")).unwrap();
        assert!(own.ends_with(&format!("{}]", [5, 1, 1, 1, 2, 0].map(|n| format!("Number({n}.0)")).join(", "))), "{own}");
        // Only who sees the figures of the cell: not its members, not the cells beside it.
        for login in ["lethianh", "phanthilan"] {
            let other = site.sign_in(login).await;
            for path in [&above, &own, &format!("/tc/{cell}/ky/{key}")] {
                other.get(path).await.is(404);
            }
        }
    });
}

#[test]
fn an_installation_that_had_tasks_before_is_filled() {
    each(|site| async move {
        site.at(date(2026, 11, 22).at(9, 0, 0, 0));
        let (top, _, cells) = province(&site);
        let mut dice = Dice(7);
        for n in 0..24 {
            happens(&site, cells[n % 3], &mut dice);
        }
        give(&site, cells[0], &[Some(date(2027, 2, 1)), Some(date(2021, 1, 8))]);
        carry_all(&site.app).unwrap();
        let months: Vec<String> = (1..=11).map(|m| format!("2026-{m:02}")).collect();
        let state = |site: &Site| {
            let own: Vec<Vec<Row>> = cells.iter().map(|c| sorted(kept(site, *c))).collect();
            (own, months.iter().map(|m| sums(site, top, m)).collect::<Vec<_>>())
        };
        let before = state(&site);
        let all = before.1.iter().fold([0; 4], |sum, s| [0, 1, 2, 3].map(|n| sum[n] + s[n]));
        assert!(all.iter().all(|n| *n > 0), "every figure is somewhere: {before:?}");
        // A deadline of long ago, as somebody typed it, opens no months for anybody.
        let other = cells[1];
        let old = site.write(move |tx| {
            Ok(tx.scalar::<i64>("select count(*) from month_share where org_id = $1 and month < '2026-01'", values![other])?)
        });
        assert_eq!(old, 0);
        let step = migrations(site.app.db.engine()).into_iter().find(|m| m.number == 22).unwrap();
        let columns = ["tasks_due", "tasks_in_time", "tasks_late", "tasks_reported"];
        let mut drop: Vec<String> = ["cell_month", "month_share", "org_month"]
            .iter()
            .flat_map(|t| columns.iter().map(move |c| format!("alter table {t} drop column {c};")))
            .collect();
        drop.push("alter table cell_month drop column open_days;".to_owned());
        site.write(move |tx| {
            tx.batch(&drop.join("\n"))?;
            Ok(tx.batch(step.sql)?)
        });
        // The cells' own months at once, the sums above with the next run.
        assert_eq!(state(&site).0, before.0);
        assert_eq!(state(&site).1, vec![[0; 4]; 11]);
        carry_all(&site.app).unwrap();
        assert_eq!(state(&site), before);
        assert_eq!(differences(&site), Vec::<String>::new());
    });
}

/// The migration writes days in no order.
fn sorted(rows: Vec<Row>) -> Vec<Row> {
    let days = |text: String| {
        let mut days: Vec<&str> = text.split(' ').collect();
        days.sort_unstable();
        days.join(" ")
    };
    rows.into_iter().map(|(m, a, b, c, d, text)| (m, a, b, c, d, days(text))).collect()
}
