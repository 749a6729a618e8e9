//! The task rewritten: what it already says, in a form that asks for the rest.
//! Pure. Rules: SM-01, M15.

use super::several::Part;
use super::words::Text;
use super::{Facts, Finding, Linter, Mentions, TaskField};
use crate::resolution::TaskDraft;
use crate::rulepack::LintCheck;
use crate::vi;

impl Linter<'_> {
    /// The skeleton of the first finding that has one, filled with what the task says; what it does not
    /// say is a gap in brackets. Several tasks become a line each; a skeleton being filled in gets no other.
    pub fn skeleton(&self, task: &TaskDraft, facts: &Facts<'_>, findings: &[Finding<'_>]) -> Option<String> {
        if super::blanks(&task.content).is_some() {
            return None;
        }
        let rule = findings.iter().map(|f| f.rule).find(|r| !r.skeleton.is_empty())?;
        let text = Text::new(&task.content);
        let said = self.said.as_ref().map(|s| s.mentions(&text, facts.on)).unwrap_or_default();
        let parts = self.parts(&text);
        let works: Vec<String> = if parts.len() > 1 {
            parts.iter().map(|p| self.work(&text, *p, &said, rule.check == LintCheck::Vague)).collect()
        } else {
            let whole = Part { from: 0, verb_to: 0, to: text.tokens.len() };
            vec![self.work(&text, whole, &said, rule.check == LintCheck::Vague)]
        };
        let lines = works.iter().filter(|w| !w.is_empty()).map(|work| fill(&rule.skeleton, work, task, facts, &said));
        let lines: Vec<String> = lines.collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// What is to be done, without deadline and people where the skeleton says them again, and without
    /// the vague words at its head.
    fn work(&self, text: &Text<'_>, part: Part, said: &Mentions, vague: bool) -> String {
        let from = match self.vague.as_ref().filter(|_| vague) {
            Some(v) => v.after(text, part.from, part.to),
            None => part.from,
        };
        let mut cuts: Vec<(usize, usize)> = said.deadline.iter().map(|s| (s.from, s.to)).collect();
        // “Giao đ/c …” has no end that could be seen; it stays where it is.
        cuts.extend(said.people.iter().filter(|(_, a, _)| !self.gives(text, *a)).map(|(_, a, b)| (*a, *b)));
        let mut kept = String::new();
        let mut at = from;
        cuts.sort_unstable();
        for (a, b) in cuts.into_iter().filter(|(a, b)| from <= *a && *b <= part.to) {
            kept.push_str(&text.passage(at, a));
            kept.push(' ');
            at = b.max(at);
        }
        kept.push_str(&text.passage(at, part.to));
        tidy(&kept)
    }

    fn gives(&self, text: &Text<'_>, at: usize) -> bool {
        self.said.as_ref().is_some_and(|s| text.any_at(at, &s.doer_before))
    }
}

impl super::Vague {
    /// The piece after the vague words at the head: “Tiếp tục duy trì và nâng cao” goes as a whole.
    fn after(&self, text: &Text<'_>, from: usize, to: usize) -> usize {
        let mut at = from;
        let mut head = from;
        while at < to {
            let joint = text.is_mark(at, &[',', '-', '+']) || text.phrase_at(at, &super::Phrase::new("và")).is_some();
            match text.longest_at(at, &self.phrases).or_else(|| text.longest_at(at, &self.before)) {
                Some(n) => {
                    at += n;
                    head = at;
                }
                None if joint => at += 1,
                None => break,
            }
        }
        if head < to { head } else { from }
    }
}

/// Signs that stand alone once something was taken out go, too.
fn tidy(text: &str) -> String {
    let mut out = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for (twice, once) in [(" ,", ","), (" ;", ";"), (",,", ","), (", ,", ","), ("( )", "")] {
        while out.contains(twice) {
            out = out.replace(twice, once);
        }
    }
    out.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '.' | '-' | '+' | ':' | '•')).to_owned()
}

fn fill(parts: &[String], work: &str, task: &TaskDraft, facts: &Facts<'_>, said: &Mentions) -> String {
    let day = task.deadline.or(said.deadline.map(|s| s.day)).map(vi::date);
    let or_gap = |value: &str, gap: &str| if value.is_empty() { format!("[{gap}]") } else { value.to_owned() };
    let values = [
        ("{deadline}", or_gap(&day.unwrap_or_default(), "ngày/tháng/năm"), None),
        ("{doer}", or_gap(facts.doer, "họ tên"), Some(TaskField::Doer)),
        ("{checker}", or_gap(facts.checker, "họ tên"), Some(TaskField::Checker)),
        ("{urger}", or_gap(facts.urger, "họ tên"), Some(TaskField::Urger)),
    ];
    let mut out = String::new();
    for part in parts {
        // Who stands in the words already, and in no field, is not asked for again.
        let told = |field: &Option<TaskField>| field.is_some_and(|f| task.lacks(f) && said.names(f));
        if values.iter().any(|(gap, _, field)| part.contains(gap) && told(field)) {
            continue;
        }
        let leads = part.starts_with("{work}");
        let mut line = part.replace("{work}", &if leads { vi::capitalize(work) } else { lowered(work) });
        for (gap, value, _) in &values {
            line = line.replace(gap, value);
        }
        if !out.is_empty() {
            out.push_str(if line.starts_with("trước") { " " } else { ", " });
        }
        out.push_str(&line);
    }
    out
}

/// A small letter at the head, unless the word is in capitals.
fn lowered(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(a), Some(b)) if a.is_uppercase() && !b.is_uppercase() => a.to_lowercase().chain([b]).chain(chars).collect(),
        _ => text.to_owned(),
    }
}
