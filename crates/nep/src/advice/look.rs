//! Looks through tasks with the rules of the meeting's day and puts what is found into words.
//! May touch: the stores of tasks, organisations and members. Rules: SM-01, M15, ahead.md 7 and 8.

use std::collections::BTreeMap;

use db::Tx;
use domain::id::{OrgId, PersonId, TaskId};
use domain::lint::{Facts, Linter};
use domain::repeat::{Mark, diff};
use domain::resolution::TaskDraft;
use domain::rulepack::Rules;
use domain::task::TaskFact;
use domain::tree;
use domain::vi;
use jiff::civil::Date;

use super::page::{NearLine, TaskAdvice, about, given, shown};
use super::shelf::Shelf;
use super::store::{self, Whose};
use crate::org::store as orgs;

/// What advice on the tasks of a draft depends on besides their words.
#[derive(Debug)]
pub struct Around {
    /// The rules of the meeting's day.
    pub rules: Rules,
    /// The meeting's day.
    pub on: Date,
    /// The first day after the term.
    pub term_end: Option<Date>,
    /// Open tasks in force of each person.
    pub load: BTreeMap<PersonId, u32>,
    /// Names of who is named in the tasks.
    pub names: BTreeMap<PersonId, String>,
}

impl Around {
    /// What the linter says of one task; `others` are the other tasks of the same draft.
    pub fn task<'t>(&self, task: &TaskDraft, others: impl Iterator<Item = &'t TaskDraft>) -> TaskAdvice {
        let linter = Linter::new(&self.rules);
        let given = others.filter(|o| o.doer.is_some() && o.doer == task.doer).count();
        let load = task.doer.and_then(|d| self.load.get(&d)).copied().unwrap_or_default();
        let name = |person: Option<PersonId>| person.and_then(|p| self.names.get(&p)).map_or("", String::as_str);
        let facts = Facts {
            term_end: self.term_end,
            open: load.saturating_add(u32::try_from(given).unwrap_or(u32::MAX)),
            doer: name(task.doer),
            checker: name(task.checker),
            urger: name(task.urger),
            ..Facts::on(self.on)
        };
        let findings = linter.task(task, &facts);
        TaskAdvice::of(&findings, linter.skeleton(task, &facts, &findings))
    }

    /// What the linter says of every task of a draft, in their order.
    pub fn tasks(&self, tasks: &[TaskDraft]) -> Vec<TaskAdvice> {
        let others = |at: usize| tasks.iter().enumerate().filter(move |(n, _)| *n != at).map(|(_, t)| t);
        tasks.iter().enumerate().map(|(at, task)| self.task(task, others(at))).collect()
    }

    /// What a draft as a whole lacks.
    pub fn resolution(&self, tasks: usize) -> TaskAdvice {
        TaskAdvice::of(Linter::new(&self.rules).resolution(tasks).as_slice(), None)
    }
}

/// At most so many earlier tasks are shown for one.
const MOST: usize = 3;

/// For each text the earlier tasks that ask for the same: of this cell, and issued by the committees
/// above. `today` is the day by which they are late or not.
///
/// # Errors
/// `NotFound`; database faults.
pub fn near(
    tx: &mut Tx,
    shelf: &Shelf,
    rules: &Rules,
    org: OrgId,
    today: Date,
    texts: &[&str],
) -> db::Result<Vec<Vec<NearLine>>> {
    let mut out: Vec<Vec<(f32, NearLine)>> = vec![Vec::new(); texts.len()];
    let Some(least) = rules.ratio("repeat.task").filter(|_| texts.iter().any(|t| !t.trim().is_empty())) else {
        return Ok(vec![Vec::new(); texts.len()]);
    };
    let unit = orgs::get(tx, org, today)?;
    let path = tree::ids(&unit.path).unwrap_or_default();
    let above = path.iter().copied().filter(|id| *id != org);
    let names = orgs::short_names(tx, &path, today)?;
    for whose in std::iter::once(Whose::Own(org)).chain(above.map(Whose::Above)) {
        let kept = shelf.of(tx, whose, rules)?;
        if kept.index.is_empty() {
            continue;
        }
        let mut hits: Vec<(usize, f32, TaskId)> = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            for near in kept.index.nearest(text, least, MOST) {
                hits.extend(kept.ids.get(near.at).map(|id| (at, near.share, *id)));
            }
        }
        if hits.is_empty() {
            continue;
        }
        let ids: Vec<TaskId> = hits.iter().map(|h| h.2).collect();
        let rows: BTreeMap<TaskId, store::Earlier> =
            store::found(tx, whose.org(), &ids)?.into_iter().map(|row| (row.id, row)).collect();
        let name = names.get(&whose.org()).map_or("", String::as_str);
        for (at, share, id) in hits {
            if let (Some(row), Some(text), Some(list)) = (rows.get(&id), texts.get(at), out.get_mut(at)) {
                list.push((share, line(whose, row, share, name, text, today)));
            }
        }
    }
    Ok(out.into_iter().map(ranked).collect())
}

fn ranked(mut list: Vec<(f32, NearLine)>) -> Vec<NearLine> {
    list.sort_by(|a, b| b.0.total_cmp(&a.0));
    list.into_iter().take(MOST).map(|(_, line)| line).collect()
}

fn line(whose: Whose, row: &store::Earlier, share: f32, name: &str, text: &str, today: Date) -> NearLine {
    let (was, is) = diff(&row.content, text);
    let (by, outcome, href) = match whose {
        Whose::Own(org) => ("chi bộ".to_owned(), row.facts().outcome(today), format!("/cb/{org}/nhiem-vu/{}", row.id)),
        Whose::Above(_) => {
            // Why a committee was late is its own affair.
            let outcome = TaskFact { cause: None, ..row.facts() }.outcome(today);
            (name.to_owned(), outcome, String::new())
        }
    };
    let deadline = row.deadline.map(|d| format!(", thời hạn {}", vi::date(d))).unwrap_or_default();
    NearLine {
        share: about(share, was.iter().chain(&is).any(|p| p.mark != Mark::Same)),
        when: given(row.given.date()),
        by: format!("{by}{deadline}"),
        outcome,
        href,
        earlier: shown(&was),
        new: shown(&is),
    }
}
