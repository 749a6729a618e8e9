//! Months carried up the tree: whatever happens in whatever order, at a moment of quiet the carried sums are those of a
//! full recount, and a reorganisation leaves the months before it where they were.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::id::{Id, OrgId, PersonId};
use domain::meeting::{MeetingKind, MeetingState};
use domain::period::PeriodKey;
use domain::roll::{Mark, RollLine, Standing, tally};
use domain::rollup::Month;
use domain::score::Band;
use domain::tree::{Change, Facts, plan};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use nep::board::store::{self as board, carry, recount};
use nep::board::work::carry_all;
use nep::minutes::store::{Sums, add_to_month, shift_month};
use nep::org::store::change::{Reform, carry_out, nodes};
use nep::org::store::rules::OwnFigure;
use nep::org::store::{self as orgs, NewOrg};
use nep::year::store::{self as years, Plan};

use crate::site::{Site, each};
use crate::stage;

/// Numbers that only look like chance: the same on every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    pub fn day(&mut self) -> Date {
        date(2026, 1, 1).checked_add(i64::try_from(self.roll(320)).unwrap().days()).unwrap()
    }
}

/// A province with two committees of three cells each.
pub fn province(site: &Arc<Site>) -> (OrgId, Vec<OrgId>, Vec<OrgId>) {
    let hands = site.hands("hothiclerk", site.cast.committee);
    site.write(move |tx| {
        let mut found = |parent, name: &str, kind: &str, is_cell| {
            let new = NewOrg {
                parent,
                name: name.to_owned(),
                short_name: name.to_owned(),
                kind: kind.to_owned(),
                symbol: "ĐU".to_owned(),
                is_cell,
                place: String::new(),
                cell_type: None,
                born_on: date(2020, 1, 1),
                document: None,
            };
            orgs::found(tx, &hands, &new)
        };
        let top = found(None, "Đảng bộ tỉnh", "province", false)?;
        let committees = vec![found(Some(top), "Đảng bộ A", "base", false)?, found(Some(top), "Đảng bộ B", "base", false)?];
        let mut cells = Vec::new();
        for (i, committee) in committees.iter().enumerate() {
            for n in 0..3 {
                cells.push(found(Some(*committee), &format!("Chi bộ {i}{n}"), "cell_sub", true)?);
            }
        }
        Ok((top, committees, cells))
    })
}

pub fn reform(site: &Arc<Site>, top: OrgId, change: Change, on: Date) -> bool {
    let (hands, library) = (site.hands("hothiclerk", top), site.app.rules.clone());
    site.write(move |tx| {
        let nodes = nodes(tx, top)?;
        let rules = library.at(on);
        let Ok(plan) = plan(&change, on, Facts { nodes: &nodes, members: &[] }, &rules) else {
            return Ok(false);
        };
        let reform =
            Reform { on, document: None, like: top, likes: std::collections::BTreeMap::new(), events: &[], rules: &rules };
        carry_out(tx, &hands, &plan, &reform)?;
        Ok(true)
    })
}

pub fn seal(site: &Arc<Site>, cell: OrgId, day: Date, dice: &mut Dice) {
    let sums = Sums {
        expected: 10,
        present: 9,
        unexcused: 1,
        speakers: u32::try_from(dice.roll(9)).unwrap(),
        notice: Some(dice.roll(2) == 0),
        resolutions: 1,
        tasks: 2,
        level: Some(Band::Good),
        ..Sums::default()
    };
    let now = site.app.clock.now();
    site.write(move |tx| Ok(add_to_month(tx, cell, Month::of(day), &sums, now)?));
}

fn correct(site: &Arc<Site>, cell: OrgId, day: Date) {
    let line = |mark| RollLine {
        person: PersonId::new(1),
        name: String::new(),
        standing: Standing::Official,
        official: true,
        leader: false,
        mark: Some(mark),
        reason: None,
    };
    let (before, after) = (tally(&[line(Mark::Unexcused)]), tally(&[line(Mark::Present)]));
    let now = site.app.clock.now();
    site.write(move |tx| Ok(shift_month(tx, cell, Month::of(day), (&before, &after), now)?));
}

fn put_off(site: &Arc<Site>, cell: OrgId, key: PeriodKey, to: Option<Date>) {
    let hands = site.hands("hothiclerk", cell);
    site.write(move |tx| {
        let plan = years::plan(tx, cell, key)?;
        let reason = Some("Bão".to_owned());
        Ok(years::save_plan(tx, &hands, cell, key, &Plan { postponed_to: to, reason, ..plan })?)
    });
}

pub fn hold(site: &Arc<Site>, cell: OrgId, key: PeriodKey, day: Date) {
    let kind = if key.to_string().contains("tk") { MeetingKind::Regular } else { MeetingKind::Thematic };
    let hands = site.hands("hothiclerk", cell);
    let meeting = site.write(move |tx| {
        let new = nep::meeting::store::NewMeeting {
            kind,
            title: "Sinh hoạt".to_owned(),
            starts_at: day.at(8, 0, 0, 0),
            ends_at: day.at(10, 0, 0, 0),
            place: String::new(),
            chair: None,
            secretary: None,
            topic: None,
            periods: vec![key],
        };
        Ok(nep::meeting::store::create(tx, &hands, cell, &new)?)
    });
    stage::bring(site, cell, meeting, MeetingState::Closed);
}

fn step(site: &Arc<Site>, dice: &mut Dice, (top, committees, cells): (OrgId, &[OrgId], &mut Vec<OrgId>)) {
    let (cell, other, day) = (cells[dice.roll(cells.len())], cells[dice.roll(cells.len())], dice.day());
    let committee = committees[dice.roll(committees.len())];
    let regular = PeriodKey::regular(2026, day.month().unsigned_abs()).unwrap();
    let thematic = PeriodKey::thematic(2026, 1 + u8::try_from(dice.roll(4)).unwrap()).unwrap();
    match dice.roll(17) {
        0..=2 => seal(site, cell, day, dice),
        3 => {
            seal(site, cell, day, dice);
            correct(site, cell, day);
        }
        4 | 5 => hold(site, cell, regular, day),
        6 => hold(site, cell, thematic, day),
        7 => put_off(site, cell, regular, Some(day.checked_add(9.days()).unwrap())),
        8 => put_off(site, cell, thematic, (dice.roll(2) == 0).then_some(day)),
        9 => drop(reform(site, top, Change::Move { org: cell, to: committee }, day)),
        10 if cells.len() > 3 && reform(site, top, Change::Merge { orgs: vec![cell], into: other }, day) => {
            cells.retain(|c| *c != cell);
        }
        10 if cells.len() > 3 && reform(site, top, Change::Dissolve { org: cell, members_to: None }, day) => {
            cells.retain(|c| *c != cell);
        }
        11 => {
            let id = Id::new(i64::try_from(9_000_000 + dice.0 % 1_000_000).unwrap());
            let part =
                domain::tree::Founding { id, kind: "cell_sub".to_owned(), name: format!("Chi bộ {id}"), members: vec![] };
            if reform(site, top, Change::Split { org: cell, parts: vec![part], keeps: true }, day) {
                cells.push(id);
            }
        }
        12 => own_day(site, committee, day, dice),
        13..=15 => crate::tasks_due::happens(site, cell, dice),
        _ => {
            // One batch alone, as when a server is stopped in between.
            let (now, library) = (site.app.clock.now(), site.app.rules.clone());
            let hands = carry::Hands { holder: "test".to_owned(), now, today: date(2026, 11, 22) };
            site.write(move |tx| {
                assert!(carry::claim(tx, &hands)?);
                carry::batch(tx, &library, &hands, None)?;
                Ok(carry::release(tx, &hands)?)
            });
        }
    }
}

/// The committee sets another last day of the regular kỳ.
fn own_day(site: &Arc<Site>, committee: OrgId, from: Date, dice: &mut Dice) {
    let value = (6 + dice.roll(20)).to_string();
    let hands = site.hands("hothiclerk", committee);
    site.write(move |tx| {
        let new = OwnFigure {
            org: committee,
            org_name: String::new(),
            key: "meeting.regular_until_day".to_owned(),
            from,
            to: None,
            value: value.clone(),
            document: "Quy chế".to_owned(),
        };
        Ok(orgs::rules::set_figure(tx, &hands, committee, &new)?)
    });
}

#[test]
fn carried_sums_equal_a_full_recount_whatever_happens() {
    each(|site| async move {
        for seed in 1..=3 {
            let mut dice = Dice(seed);
            let (top, committees, mut cells) = province(&site);
            let mut met = false;
            for n in 0..60 {
                step(&site, &mut dice, (top, &committees, &mut cells));
                if n % 20 == 19 {
                    carry_all(&site.app).unwrap();
                    let (library, from, to) = (site.app.rules.clone(), Month::of(date(2026, 1, 1)), Month::of(date(2026, 11, 1)));
                    let (wrong, sums, facts, below) = site.write(move |tx| {
                        let wrong = recount::differences(tx, &library)?;
                        let both = |rows: Vec<board::MonthRow>| {
                            rows.iter().fold((0, 0), |sum, r| (sum.0 + r.figures.meetings, sum.1 + r.figures.tasks_due))
                        };
                        let sums = both(board::months(tx, top, from, to)?);
                        let below = both(board::cells(tx, top, from, to)?);
                        assert_eq!(both(board::children(tx, top, from, to)?), sums);
                        let path: String = tx.scalar("select path from org where org_id = $1", db::values![top])?;
                        // Each fact by the tree of the first day of its month, or of the cell's.
                        let mut counted = |rows: &str| {
                            tx.scalar::<i64>(
                                &format!(
                                    "select cast(coalesce(sum(c.n), 0) as bigint) from ({rows}) c
                                     join org o on o.org_id = c.org_id join org_edge e on e.org_id = c.org_id
                                       and e.from_date <= case when o.born_on > c.month || '-01' then o.born_on else c.month || '-01' end
                                       and (e.to_date is null or e.to_date >
                                         case when o.born_on > c.month || '-01' then o.born_on else c.month || '-01' end)
                                     where o.path >= $1 and o.path < $2 and c.month <= '2026-11'"
                                ),
                                db::values![path, format!("{path}~")],
                            )
                        };
                        let facts = (
                            counted("select org_id, month, meetings as n from cell_month")?,
                            counted(
                                "select org_id, substr(deadline, 1, 7) as month, 1 as n from task
                                 where in_force = 1 and state <> 'dropped' and deadline is not null",
                            )?,
                        );
                        Ok((wrong, sums, facts, below))
                    });
                    assert_eq!(wrong, Vec::<String>::new(), "seed {seed}, step {n}");
                    assert_eq!((sums, below), (facts, facts), "seed {seed}, step {n}");
                    met |= sums.0 > 0 && sums.1 > 0;
                }
            }
            assert!(met);
        }
    });
}

#[test]
fn a_move_in_mid_year_keeps_the_months_before_it() {
    each(|site| async move {
        let (top, committees, cells) = province(&site);
        let (a, b, cell) = (committees[0], committees[1], cells[0]);
        for month in [3, 6, 9] {
            seal(&site, cell, date(2026, month, 3), &mut Dice(1));
        }
        carry_all(&site.app).unwrap();
        let months = |org: OrgId| -> BTreeMap<String, (i64, i64)> {
            let rows =
                site.write(move |tx| Ok(board::months(tx, org, Month::of(date(2026, 1, 1)), Month::of(date(2026, 12, 1)))?));
            rows.into_iter().map(|r| (r.month.to_string(), (r.figures.cells, r.figures.meetings))).collect()
        };
        let met = |org, month: &str| months(org).get(month).copied().unwrap_or_default();
        assert_eq!((met(a, "2026-03"), met(a, "2026-09"), met(b, "2026-09")), ((3, 1), (3, 1), (3, 0)));
        assert!(reform(&site, top, Change::Move { org: cell, to: b }, date(2026, 7, 15)));
        carry_all(&site.app).unwrap();
        // July still counts where the cell stood on its first day.
        assert_eq!((met(a, "2026-03"), met(a, "2026-06"), met(a, "2026-07").0, met(a, "2026-08").0), ((3, 1), (3, 1), 3, 2));
        assert_eq!((met(b, "2026-03"), met(b, "2026-07").0, met(b, "2026-09")), ((3, 0), 3, (4, 1)));
        assert_eq!((met(top, "2026-03"), met(top, "2026-09")), ((6, 1), (6, 1)));
        let below = |org: OrgId| {
            site.write(move |tx| {
                let rows = board::cells(tx, org, Month::of(date(2026, 1, 1)), Month::of(date(2026, 12, 1)))?;
                Ok(rows.iter().filter(|r| r.org == cell).count())
            })
        };
        assert_eq!((below(a), below(b)), (7, 4));
    });
}

#[test]
fn two_servers_take_turns() {
    each(|site| async move {
        let (_, _, cells) = province(&site);
        seal(&site, cells[0], date(2026, 11, 3), &mut Dice(1));
        let hands = |holder: &str, later: i64| {
            let now = site.app.clock.now().checked_add(later.seconds()).unwrap();
            carry::Hands { holder: holder.to_owned(), now, today: date(2026, 11, 22) }
        };
        let claims = |h: carry::Hands| site.write(move |tx| Ok(carry::claim(tx, &h)?));
        assert!(claims(hands("a", 0)));
        assert!(!claims(hands("b", 10)));
        assert!(claims(hands("a", 20)));
        // Whoever held it went away.
        assert!(claims(hands("b", 60)));
        assert!(!claims(hands("a", 61)));
    });
}
