//! Looks through a task as it is written and advises: what is wrong, why, and a rewritten skeleton.
//! Touches rule packs, dates and words only; never blocks. Rules: SM-01, M15, M16, ahead.md 7.

mod measure;
mod several;
mod skeleton;
mod when;
mod words;

use jiff::civil::{Date, Weekday};

use self::measure::Results;
use self::several::{Joined, Part};
use self::when::{Cues, Said};
use self::words::{Phrase, Text};
use crate::resolution::{TaskDraft, TaskField};
use crate::rulepack::{LintCheck, LintRule, Rules};
use crate::vi;

/// What is known of a task besides its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts<'a> {
    /// The day of the meeting.
    pub on: Date,
    /// The first day after the term, when that is known.
    pub term_end: Option<Date>,
    /// How many other open tasks the doer has.
    pub open: u32,
    /// Name of the doer, empty when there is none.
    pub doer: &'a str,
    /// Name of the checker.
    pub checker: &'a str,
    /// Name of the urger.
    pub urger: &'a str,
}

impl Facts<'_> {
    /// A meeting about which nothing else is known.
    pub fn on(on: Date) -> Self {
        Self { on, term_end: None, open: 0, doer: "", checker: "", urger: "" }
    }
}

/// Something to improve.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding<'r> {
    /// The rule that found it.
    pub rule: &'r LintRule,
    /// The writer's own words it is about.
    pub words: Vec<String>,
    /// The field it is about.
    pub field: TaskField,
    /// What is wrong, in a sentence.
    pub text: String,
}

/// The rules of a day, ready to look through tasks.
#[derive(Debug)]
pub struct Linter<'r> {
    rules: &'r Rules,
    list: Vec<&'r LintRule>,
    vague: Option<Vague>,
    several: Option<Joined>,
    said: Option<InWords>,
}

#[derive(Debug)]
struct Vague {
    phrases: Vec<Phrase>,
    before: Vec<Phrase>,
    /// Words that say how, not what: right behind the verb they leave the result open.
    qualities: Vec<Phrase>,
    /// Verbs that say what is to be done: after one of them the rest is what it is about.
    acts: Vec<Phrase>,
    results: Results,
}

#[derive(Debug)]
struct InWords {
    cues: Cues,
    address: Vec<Phrase>,
    doer_before: Vec<Phrase>,
    after: [(TaskField, Vec<Phrase>); 3],
}

/// What a sentence itself says of deadline and people: field, first piece, piece after.
#[derive(Debug, Default)]
struct Mentions {
    deadline: Option<Said>,
    people: Vec<(TaskField, usize, usize)>,
}

/// A word that says how is looked for among so many words of a sentence.
const NEAR: usize = 5;

/// How many words may stand between a name's title and what the person does.
const NAME: usize = 6;

impl<'r> Linter<'r> {
    /// The linter of the rules of a day.
    pub fn new(rules: &'r Rules) -> Self {
        let list: Vec<&LintRule> = rules.lints().collect();
        let of = |check| list.iter().copied().find(|r| r.check == check);
        let acts = of(LintCheck::Several).map(|r| r.phrases.clone()).unwrap_or_default();
        let vague = of(LintCheck::Vague).map(|r| Vague::new(r, &acts));
        let several = of(LintCheck::Several).map(|r| Joined::new(r, vague.as_ref().map_or(&[], |v| &v.phrases)));
        let said = of(LintCheck::InWordsOnly).map(InWords::new);
        Self { rules, vague, several, said, list }
    }

    /// What a resolution as a whole lacks.
    pub fn resolution(&self, tasks: usize) -> Option<Finding<'r>> {
        let rule = self.list.iter().find(|r| r.check == LintCheck::NoTask).filter(|_| tasks == 0)?;
        Some(Finding { rule, words: Vec::new(), field: TaskField::Content, text: rule.says.clone() })
    }

    /// What is to be improved in a task, in the order of the pack.
    pub fn task(&self, task: &TaskDraft, facts: &Facts<'_>) -> Vec<Finding<'r>> {
        let text = Text::new(&task.content);
        let said = self.said.as_ref().map(|s| s.mentions(&text, facts.on)).unwrap_or_default();
        let seen = Seen { task, facts, text: &text, said: &said };
        self.list.iter().filter_map(|rule| self.find(rule, &seen)).collect()
    }

    fn find(&self, rule: &'r LintRule, seen: &Seen<'_>) -> Option<Finding<'r>> {
        let of = |field, words: Vec<String>, gaps: &[(&str, &str)]| {
            let shown = words.join("”, “");
            let mut text = rule.says.replace("{words}", &shown);
            for (gap, value) in gaps {
                text = text.replace(&format!("{{{gap}}}"), value);
            }
            Some(Finding { rule, words, field, text })
        };
        let task = seen.task;
        let day = task.deadline.or(seen.said.deadline.map(|s| s.day));
        let dated = |day: Date, name: &str| of(TaskField::Deadline, Vec::new(), &[("date", &vi::date(day)), ("name", name)]);
        match rule.check {
            LintCheck::NoTask => None,
            LintCheck::Vague => self.vague(seen).and_then(|words| of(TaskField::Content, vec![words], &[])),
            LintCheck::Several => {
                let parts = self.parts(seen.text);
                let verbs: Vec<String> = parts.iter().map(|p| shortened(seen.text, p)).collect();
                if parts.len() > 1 { of(TaskField::Content, verbs, &[]) } else { None }
            }
            LintCheck::Blank => blanks(&task.content).and_then(|words| of(TaskField::Content, vec![words], &[])),
            LintCheck::Missing => {
                let field = rule.field.filter(|f| task.lacks(*f) && !seen.said.names(*f))?;
                of(field, Vec::new(), &[("field", &field.to_string())])
            }
            LintCheck::InWordsOnly => {
                let fields: Vec<(TaskField, String)> = seen.said.fields(seen.text).filter(|(f, _)| task.lacks(*f)).collect();
                let names: Vec<String> = fields.iter().map(|(f, _)| format!("“{}”", vi::capitalize(&f.to_string()))).collect();
                let first = fields.first()?.0;
                of(first, fields.into_iter().map(|(_, words)| words).collect(), &[("field", &vi::join(&names))])
            }
            LintCheck::SamePerson => {
                (task.doer.is_some() && task.doer == task.checker).then(|| of(TaskField::Checker, Vec::new(), &[]))?
            }
            LintCheck::Past => day.filter(|d| *d < seen.facts.on).and_then(|d| dated(d, "")),
            LintCheck::DayOff => {
                // The last day of a month nobody chose.
                let chosen = task.deadline.or(seen.said.deadline.filter(|s| s.exact).map(|s| s.day));
                let day = chosen.filter(|d| *d >= seen.facts.on)?;
                let holiday = self.rules.day_off(day).map(|d| d.name.clone());
                let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday).then(|| vi::weekday(day).to_owned());
                dated(day, &holiday.or(weekend)?)
            }
            LintCheck::BeyondTerm => day.filter(|d| seen.facts.term_end.is_some_and(|end| *d >= end)).and_then(|d| dated(d, "")),
            LintCheck::Load => {
                let figure = self.rules.figure(rule.figure.as_deref()?)?;
                let most = self.rules.int(&figure.key).and_then(|n| u32::try_from(n).ok())?;
                let open = seen.facts.open.saturating_add(1);
                let gaps = [("open", open.to_string()), ("most", figure.shown())];
                (task.doer.is_some() && open > most)
                    .then(|| of(TaskField::Doer, Vec::new(), &[("open", &gaps[0].1), ("most", &gaps[1].1)]))?
            }
        }
    }

    /// The vague words of a task that says nowhere what will be there in the end.
    fn vague(&self, seen: &Seen<'_>) -> Option<String> {
        let vague = self.vague.as_ref()?;
        let (from, to) = seen.text.sentences().into_iter().find_map(|s| vague.head(seen.text, s))?;
        let elsewhere = [&seen.task.requirement, &seen.task.measure];
        let measured = vague.results.said_in(seen.text, seen.said.deadline)
            || elsewhere.into_iter().any(|t| vague.results.said_in(&Text::new(t), None));
        (!measured).then(|| seen.text.passage(from, to))
    }

    fn parts(&self, text: &Text<'_>) -> Vec<Part> {
        self.several.as_ref().map(|s| s.parts(text)).unwrap_or_default()
    }
}

/// A task while it is looked through.
struct Seen<'a> {
    task: &'a TaskDraft,
    facts: &'a Facts<'a>,
    text: &'a Text<'a>,
    said: &'a Mentions,
}

impl Vague {
    fn new(rule: &LintRule, acts: &[String]) -> Self {
        let light = rule.list("light");
        let acts: Vec<String> = acts.iter().filter(|a| !light.contains(a)).cloned().collect();
        Self {
            phrases: Phrase::list(&rule.phrases),
            before: Phrase::list(rule.list("before")),
            qualities: Phrase::list(rule.list("qualities")),
            acts: Phrase::list(&acts),
            results: Results::new(rule),
        }
    }

    /// The vague words a sentence begins with, unless a verb before them says what is to be done; else
    /// a verb whose next words only say how.
    fn head(&self, text: &Text<'_>, (from, to): (usize, usize)) -> Option<(usize, usize)> {
        let quoted = text.quoted();
        let first = |list: &[Phrase], to: usize| {
            let open = |at: &usize| !quoted.get(*at).copied().unwrap_or_default();
            (from..to).filter(open).find_map(|at| Some((at, text.longest_at(at, list)?)))
        };
        let acted = |at: usize| (from..at).any(|a| text.longest_at(a, &self.acts).is_some_and(|n| a + n <= at));
        if let Some((at, n)) = first(&self.phrases, to).filter(|(at, _)| !acted(*at)) {
            let mut head = at;
            while let Some(one) = (from..head).rev().find(|b| text.longest_at(*b, &self.before) == Some(head - b)) {
                head = one;
            }
            return Some((head, at + n));
        }
        let (at, n) = first(&self.qualities, to.min(from + NEAR))?;
        Some((from, at + n))
    }
}

impl InWords {
    fn new(rule: &LintRule) -> Self {
        let list = |name| Phrase::list(rule.list(name));
        Self {
            cues: Cues { before: list("deadline_before"), within: list("deadline_within") },
            address: list("address"),
            doer_before: list("doer_before"),
            after: [
                (TaskField::Doer, list("doer_after")),
                (TaskField::Checker, list("checker_after")),
                (TaskField::Urger, list("urger_after")),
            ],
        }
    }

    fn mentions(&self, text: &Text<'_>, on: Date) -> Mentions {
        let mut out = Mentions { deadline: when::deadline(text, &self.cues, on), people: Vec::new() };
        for at in 0..text.tokens.len() {
            let Some(n) = text.longest_at(at, &self.address) else { continue };
            let given = (at.saturating_sub(3)..at).find(|b| text.longest_at(*b, &self.doer_before) == Some(at - b));
            if let Some(from) = given {
                out.people.push((TaskField::Doer, from, at + n + 1));
                continue;
            }
            let reach = (at + n..=at + n + NAME).take_while(|next| {
                !text.any_at(*next, &self.address) && !matches!(text.kind(*next), None | Some(words::Kind::Mark(_)))
            });
            let found = reach.into_iter().find_map(|next| {
                let (field, list) = self.after.iter().find(|(_, list)| text.any_at(next, list))?;
                Some((*field, next + text.longest_at(next, list)?))
            });
            if let Some((field, to)) = found {
                let from = if at > 0 && text.phrase_at(at - 1, &Phrase::new("do")).is_some() { at - 1 } else { at };
                out.people.push((field, from, to));
            }
        }
        out
    }
}

impl Mentions {
    fn names(&self, field: TaskField) -> bool {
        match field {
            TaskField::Deadline => self.deadline.is_some(),
            _ => self.people.iter().any(|(f, _, _)| *f == field),
        }
    }

    fn fields<'t>(&'t self, text: &'t Text<'_>) -> impl Iterator<Item = (TaskField, String)> + 't {
        let deadline = self.deadline.iter().map(|s| (TaskField::Deadline, text.passage(s.from, s.to)));
        let mut seen = Vec::new();
        let people = self.people.iter().filter_map(move |(field, from, to)| {
            let new = !seen.contains(field);
            seen.push(*field);
            new.then(|| (*field, text.passage(*from, *to)))
        });
        deadline.chain(people)
    }
}

/// The beginning of a task, as much as tells it apart.
fn shortened(text: &Text<'_>, part: &Part) -> String {
    let to = part.to.min(part.verb_to + 4);
    let said = text.passage(part.from, to);
    if to < part.to { format!("{said}…") } else { said }
}

/// A gap nobody filled: brackets of the skeleton, or dots to write on.
fn blanks(content: &str) -> Option<String> {
    let bracket = content.find('[').and_then(|from| {
        let to = content.get(from..)?.find(']')?;
        content.get(from..=from + to).filter(|inside| inside.chars().any(char::is_alphabetic))
    });
    let run = |sign: char, least: usize| {
        let from = content.find(&sign.to_string().repeat(least))?;
        let rest = content.get(from..)?;
        rest.get(..rest.find(|c| c != sign).unwrap_or(rest.len()))
    };
    bracket.or_else(|| run('.', 4)).or_else(|| run('…', 2)).or_else(|| run('_', 3)).map(vi::nfc)
}

#[cfg(test)]
#[path = "../lint_tests.rs"]
mod tests;
