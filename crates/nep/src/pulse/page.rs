//! What pages show of the pulse: the question that waits for a tap, and counts from so many answers up.
//! May touch: counters and the figures of the day. Rules: TD-01, TD-02 (figures of the product).

use db::Tx;
use domain::code::Code;
use domain::id::OrgId;
use domain::pulse::{Answer, Figures, Question, is_asked, shown};
use domain::rulepack::{Library, Rules};
use jiff::ToSpan;
use jiff::civil::Date;

use super::store::{self, Attended};
use crate::actor::Actor;
use crate::live::record::rules_on;
use crate::meeting::store::Meeting;

/// The question that waits for a tap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asking {
    /// Title of the meeting.
    pub title: String,
    /// Address of the meeting.
    pub href: String,
    /// Address the tap goes to.
    pub action: String,
    /// The question.
    pub question: &'static str,
    /// Its number of how many.
    pub at: String,
    /// Answers: value of the button, words.
    pub answers: Vec<(String, &'static str)>,
    /// From how many answers on the counts are shown.
    pub least: u32,
}

/// The counts of one question; none below the least number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// The question.
    pub question: &'static str,
    /// Answers with their counts, where they may be shown.
    pub counts: Option<Vec<(&'static str, u32)>>,
}

/// The pulse of a meeting.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PulseView {
    /// The counts.
    pub counted: Vec<Counted>,
    /// The least number.
    pub least: u32,
}

/// The figures of a day: those of the product, and of a committee above where it asks for more.
pub fn figures(library: &Library, rules: &Rules) -> Figures {
    let pack = library.at(rules.date());
    let number = |r: &Rules, key: &str| r.int(key).unwrap_or(0);
    Figures::of(number(&pack, "pulse.min_answers"), number(rules, "pulse.min_answers"), number(rules, "pulse.days"))
}

/// The question that waits for a person after a meeting they were at.
///
/// # Errors
/// Database faults only.
pub fn asking(tx: &mut Tx, actor: &Actor, at: &Attended, figures: &Figures, today: Date) -> db::Result<Option<Asking>> {
    let all = i64::try_from(Question::ALL.len()).unwrap_or(0);
    if at.answered >= all || !is_asked(at.state, at.starts_at.date(), today, figures) {
        return Ok(None);
    }
    let done = store::answered(tx, at.org, at.meeting, actor.person)?;
    let next = Question::ALL.iter().enumerate().find(|(_, q)| !done.contains(q));
    Ok(next.map(|(n, question)| Asking {
        title: at.title.clone(),
        href: format!("/cb/{}/buoi/{}", at.org, at.meeting),
        action: format!("/cb/{}/buoi/{}/tham-do", at.org, at.meeting),
        question: question.label(),
        at: format!("Câu {} / {}", n + 1, Question::ALL.len()),
        answers: Answer::ALL.iter().map(|a| (format!("{}:{}", question.code(), a.code()), a.label())).collect(),
        least: figures.least,
    }))
}

/// The question that waits for a person in a cell, for the first page: that of the last meeting. Asks one
/// statement where nothing waits.
///
/// # Errors
/// Database faults only.
pub fn waiting(tx: &mut Tx, actor: &Actor, org: OrgId, library: &Library, today: Date) -> db::Result<Option<Asking>> {
    let days = library.at(today).int("pulse.days").unwrap_or(0);
    let from = today.checked_sub(days.days()).unwrap_or(today);
    let all = i64::try_from(Question::ALL.len()).unwrap_or(0);
    let found = store::since(tx, org, actor.person, from)?;
    let Some(at) = found.iter().find(|a| a.answered < all) else {
        return Ok(None);
    };
    let rules = rules_on(tx, org, at.starts_at.date(), library)?;
    asking(tx, actor, at, &figures(library, &rules), today)
}

/// The counts of a meeting for its page; none before it is over.
///
/// # Errors
/// Database faults only.
pub fn view(tx: &mut Tx, meeting: &Meeting, figures: &Figures) -> db::Result<Option<PulseView>> {
    if !meeting.state.is_held() {
        return Ok(None);
    }
    let published = store::published(tx, meeting.org, meeting.id)?;
    let line = |q: &Question| Counted {
        question: q.label(),
        counts: shown(published.get(q).copied().unwrap_or_default(), figures.least)
            .map(|counts| Answer::ALL.iter().map(|a| a.label()).zip(counts).collect()),
    };
    Ok(Some(PulseView { counted: Question::ALL.iter().map(line).collect(), least: figures.least }))
}
