//! Advice as pages show it.

use askama::Template;
use domain::code::Code;
use domain::lint::Finding;
use domain::repeat::{Mark, Piece};
use domain::rulepack::LintCheck;

/// Why something is advised, by where it comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Why {
    /// Why it matters, sentence by sentence.
    pub texts: Vec<String>,
    /// Rules, document, how sure we are.
    pub source: String,
}

/// Adds reasons to others, each once, those of one source together.
pub fn join(all: &mut Vec<Why>, more: &[Why]) {
    for why in more {
        match all.iter_mut().find(|w| w.source == why.source) {
            Some(same) => {
                let new: Vec<String> = why.texts.iter().filter(|t| !same.texts.contains(t)).cloned().collect();
                same.texts.extend(new);
            }
            None => all.push(why.clone()),
        }
    }
}

/// An earlier task that asks for the same.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NearLine {
    /// `giống khoảng 92 %`.
    pub share: String,
    /// `đã ra tháng 3/2026`.
    pub when: String,
    /// Who gave it.
    pub by: String,
    /// What came of it.
    pub outcome: String,
    /// Address of the task; empty where it cannot be opened.
    pub href: String,
    /// The earlier text: whether a piece is only there, and its words.
    pub earlier: Vec<(bool, String)>,
    /// The new text likewise.
    pub new: Vec<(bool, String)>,
}

/// Everything advised on one task.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TaskAdvice {
    /// What is wrong.
    pub lines: Vec<String>,
    /// Why.
    pub whys: Vec<Why>,
    /// The task rewritten; empty where nothing is.
    pub skeleton: String,
    /// Earlier tasks that ask for the same.
    pub near: Vec<NearLine>,
}

impl TaskAdvice {
    /// How many pieces of advice there are.
    pub fn count(&self) -> usize {
        self.lines.len() + self.near.len()
    }

    /// The number in words.
    pub fn counted(&self) -> String {
        match self.count() {
            0 => "Chưa có góp ý nào.".to_owned(),
            n => format!("Có {n} góp ý."),
        }
    }

    /// What the linter found, fields that are missing in one sentence.
    pub fn of(findings: &[Finding<'_>], skeleton: Option<String>) -> Self {
        let missing: Vec<String> =
            findings.iter().filter(|f| f.rule.check == LintCheck::Missing).map(|f| f.field.to_string()).collect();
        let mut out = Self { skeleton: skeleton.unwrap_or_default(), ..Self::default() };
        for finding in findings {
            match finding.rule.check {
                LintCheck::Missing if missing.len() > 1 => {
                    if missing.first().is_some_and(|m| *m == finding.field.to_string()) {
                        out.lines.push(format!("Chưa có {}.", missing.join(", ")));
                    }
                }
                _ => out.lines.push(finding.text.clone()),
            }
            let rules = finding.rule.rules.join(", ");
            let source = &finding.rule.source.name;
            let source = format!("Quy tắc {rules}; {source}; {}.", vi_small(finding.rule.confidence.label()));
            join(&mut out.whys, &[Why { texts: vec![finding.rule.why.clone()], source }]);
        }
        out
    }
}

/// A label inside a sentence.
fn vi_small(label: &str) -> String {
    let mut chars = label.chars();
    chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// Pieces of a text for a page: whether it stands only here, and the words.
pub fn shown(pieces: &[Piece]) -> Vec<(bool, String)> {
    pieces.iter().map(|p| (p.mark != Mark::Same, p.text.clone())).collect()
}

/// A share for people, in whole hundredths: all of it only where no word differs.
pub fn about(share: f32, differs: bool) -> String {
    let percent = (f64::from(share) * 100.0).clamp(0.0, if differs { 99.0 } else { 100.0 });
    format!("giống khoảng {percent:.0} %")
}

/// The month a task was given in: `đã ra tháng 3/2026`.
pub fn given(day: jiff::civil::Date) -> String {
    format!("đã ra tháng {}/{}", day.month(), day.year())
}

/// The part of a page that a script exchanges while a task is typed.
#[derive(Template)]
#[template(path = "advice/fragment.html")]
pub struct Fragment {
    /// What is advised.
    pub advice: TaskAdvice,
}
