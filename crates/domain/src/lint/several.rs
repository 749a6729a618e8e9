//! Two tasks written as one: two verbs of action, each with an object of its own.
//! Pure. Rules: SM-01, M15. Steps of one task (“rà soát và bổ sung”, “… và báo cáo chi ủy”) are one.

use super::words::{Kind, Phrase, Text};
use crate::rulepack::LintRule;

/// The words by which tasks are told apart.
#[derive(Debug)]
pub(super) struct Joined {
    verbs: Vec<Phrase>,
    joints: Vec<Phrase>,
    before: Vec<Phrase>,
    follow_ups: Vec<Phrase>,
    causatives: Vec<Phrase>,
    purposes: Vec<Phrase>,
    together: Vec<(Phrase, Phrase)>,
}

/// A piece of a text that is a task of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    /// Its verb.
    pub from: usize,
    /// The piece after the verb.
    pub verb_to: usize,
    /// The piece after the task.
    pub to: usize,
}

impl Joined {
    /// `vague` are verbs, too: they stand at the head of a task, if of a poor one.
    pub fn new(rule: &LintRule, vague: &[Phrase]) -> Self {
        let list = |name| Phrase::list(rule.list(name));
        let mut verbs = Phrase::list(&rule.phrases);
        verbs.extend(vague.iter().cloned());
        let pair = |p: &String| p.split_once('+').map(|(a, b)| (Phrase::new(a), Phrase::new(b)));
        Self {
            verbs,
            joints: list("joints"),
            before: list("before"),
            follow_ups: list("follow_ups"),
            causatives: list("causatives"),
            purposes: list("purposes"),
            together: rule.list("together").iter().filter_map(pair).collect(),
        }
    }

    /// The tasks of a text.
    pub fn parts(&self, text: &Text<'_>) -> Vec<Part> {
        let mut out: Vec<Part> = Vec::new();
        for (from, to) in text.sentences() {
            let to = (from..to).find(|at| *at > from && text.any_at(*at, &self.purposes)).unwrap_or(to);
            let mut start = from;
            let mut last: Option<Part> = None;
            for at in from..=to {
                let joint = if at == to { Some(0) } else { text.longest_at(at, &self.joints).filter(|_| at > start) };
                let Some(joint) = joint else { continue };
                if let Some(part) = self.part(text, start, at) {
                    let own = last.is_none_or(|before| self.apart(text, before, part));
                    if own && last.is_none_or(|before| !self.same_work(text, before, part)) {
                        out.push(part);
                        last = Some(part);
                    }
                } else if last.is_none() && start == from {
                    // The head of the sentence is no task: what follows “và” belongs to it.
                    break;
                }
                start = at + joint;
            }
        }
        out
    }

    /// A task from one piece to another, when it begins with a verb that has an object.
    fn part(&self, text: &Text<'_>, from: usize, to: usize) -> Option<Part> {
        let mut at = from;
        while at < to {
            let listed = matches!(text.kind(at), Some(Kind::Mark('-' | '+' | '•' | '*' | '–' | ',' | ')')));
            let numbered = text.number(at).is_some() && text.is_mark(at + 1, &['.', ')']) && at == from;
            match text.longest_at(at, &self.before) {
                _ if listed => at += 1,
                _ if numbered => at += 2,
                Some(n) => at += n,
                None => break,
            }
        }
        if text.any_at(at, &self.follow_ups) {
            return None;
        }
        let n = text.longest_at(at, &self.verbs)?;
        let object = (at + n..to).any(|o| matches!(text.kind(o), Some(Kind::Word | Kind::Number)));
        object.then_some(Part { from: at, verb_to: at + n, to })
    }

    /// Whether the second stands for itself: the first has an object that is not a verb, and nobody
    /// is asked in it to do the second.
    fn apart(&self, text: &Text<'_>, first: Part, second: Part) -> bool {
        if text.any_at(first.from, &self.causatives) {
            return false;
        }
        let tail = first.to.min(second.from);
        // A verb of one word at the end is mostly part of a name: “phòng họp”, “việc làm”.
        let whole = |at: &usize| text.longest_at(*at, &self.verbs).is_some_and(|n| n > 1 && at + n == tail);
        let ends_in_verb = (first.verb_to..tail).any(|at| whole(&at));
        !ends_in_verb
    }

    fn same_work(&self, text: &Text<'_>, first: Part, second: Part) -> bool {
        let is = |part: Part, p: &Phrase| text.phrase_at(part.from, p).is_some();
        self.together.iter().any(|(a, b)| is(first, a) && is(second, b))
    }
}
