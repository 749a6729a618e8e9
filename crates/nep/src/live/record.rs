//! Everything that was recorded of one meeting, loaded once, and the same as the rules see it.
//! May touch: the stores of the features whose facts the minutes tell. Rules: section 5.5, M14.

use std::collections::BTreeMap;

use db::Tx;
use domain::id::{ItemId, MeetingId, OrgId, PersonId};
use domain::minutes::{Assignment, ItemFacts, MeetingRecord, Speech, VoteFacts};
use domain::refusal::Refusal;
use domain::resolution::ResolutionState;
use domain::roll::{Figures, RollLine, Tally, tally};
use domain::rulepack::{Library, Rules};
use domain::vote::{Subject, Threshold};
use jiff::civil::Date;

use super::store::{self, Contribution, Line, Vote};
use crate::fault::Fault;
use crate::meeting::store::{self as meetings, Item, Meeting};
use crate::org::store::{self as orgs, Held};
use crate::resolution::store::{self as resolutions, Resolution};
use crate::task::store::{self as tasks, Task};

/// What was recorded of a meeting.
#[derive(Debug, Clone)]
pub struct Record {
    /// The meeting.
    pub meeting: Meeting,
    /// Its agenda.
    pub items: Vec<Item>,
    /// Its roll; empty before the opening.
    pub lines: Vec<Line>,
    /// Guests: id, name, what they come as.
    pub guests: Vec<(domain::id::RowId, String, String)>,
    /// Who spoke, in order.
    pub contributions: Vec<Contribution>,
    /// Votes, in order.
    pub votes: Vec<Vote>,
    /// Posts held on its day.
    pub posts: Vec<Held>,
    /// Resolutions drafted for it.
    pub resolutions: Vec<Resolution>,
    /// Their tasks, in order.
    pub tasks: Vec<Task>,
    names: BTreeMap<PersonId, String>,
}

/// Loads a meeting with all that was recorded of it.
///
/// # Errors
/// `NotFound`; database faults.
pub fn load(tx: &mut Tx, org: OrgId, id: MeetingId) -> db::Result<Record> {
    let meeting = meetings::get(tx, org, id)?;
    load_of(tx, meeting)
}

/// Loads all that was recorded of a meeting.
///
/// # Errors
/// Database faults only.
pub fn load_of(tx: &mut Tx, meeting: Meeting) -> db::Result<Record> {
    let (org, id) = (meeting.org, meeting.id);
    let resolutions = resolutions::of_meeting(tx, org, id)?;
    let mut record = Record {
        lines: store::roll(tx, org, id)?,
        posts: orgs::posts_on(tx, org, meeting.starts_at.date())?,
        items: meetings::items(tx, org, id)?,
        guests: store::guests(tx, org, id)?,
        contributions: store::contributions(tx, org, id)?,
        votes: store::votes(tx, org, id)?,
        tasks: if resolutions.is_empty() { Vec::new() } else { tasks::of_meeting(tx, org, id)? },
        names: BTreeMap::new(),
        meeting,
        resolutions,
    };
    // The roll keeps the names of its day; whoever is not on it is called as today.
    record.names = record.lines.iter().map(|l| (l.person, l.name.clone())).collect();
    let others: Vec<PersonId> = record.people().into_iter().filter(|p| !record.names.contains_key(p)).collect();
    record.names.extend(crate::member::store::names(tx, others)?);
    Ok(record)
}

impl Record {
    fn people(&self) -> Vec<PersonId> {
        let items = self.items.iter().filter_map(|i| i.presenter);
        let tasks = self.tasks.iter().flat_map(|t| [t.doer, t.checker, t.urger]).flatten();
        let spoke = self.contributions.iter().map(|c| c.person);
        items.chain(tasks).chain(spoke).chain(self.meeting.chair).chain(self.meeting.secretary).collect()
    }

    /// Full name of somebody the meeting knows.
    pub fn name(&self, person: PersonId) -> String {
        self.names.get(&person).cloned().unwrap_or_default()
    }

    /// The day of the meeting.
    pub fn day(&self) -> Date {
        self.meeting.opened_at.unwrap_or(self.meeting.starts_at).date()
    }

    /// The post a person held in the cell on that day: `Bí thư Chi bộ`, `Chi ủy viên`.
    pub fn post(&self, person: PersonId) -> String {
        use domain::post::Role;
        let role = self.posts.iter().find(|h| h.person == person && h.role.is_leader()).map(|h| h.role);
        match role {
            None => String::new(),
            Some(role @ (Role::Secretary | Role::Deputy)) => format!("{} Chi bộ", role.label_in(true)),
            Some(role) => role.label_in(true).to_owned(),
        }
    }

    /// `đồng chí Nguyễn Văn An, Bí thư Chi bộ`.
    pub fn titled(&self, person: PersonId) -> String {
        let name = self.name(person);
        match self.post(person) {
            post if post.is_empty() => format!("đồng chí {name}"),
            post => format!("đồng chí {name}, {post}"),
        }
    }

    /// The roll as the rules see it.
    pub fn roll(&self) -> Vec<RollLine> {
        self.lines.iter().map(Line::facts).collect()
    }

    /// The figures of the roll.
    pub fn tally(&self) -> Tally {
        tally(&self.roll())
    }

    /// Who took part, in the order of names.
    pub fn present(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|l| l.mark.is_some_and(domain::roll::Mark::is_there))
    }

    /// Who spoke on an item, in order.
    pub fn spoken(&self, item: ItemId) -> impl Iterator<Item = &Contribution> {
        self.contributions.iter().filter(move |c| c.item == item)
    }

    /// An item of this meeting.
    ///
    /// # Errors
    /// `NotFound` when it belongs to another meeting.
    pub fn item(&self, id: ItemId) -> Result<&Item, Fault> {
        self.items.iter().find(|i| i.id == id).ok_or(Fault::NotFound)
    }

    /// Resolutions that were neither voted on nor withdrawn.
    pub fn undecided(&self) -> u32 {
        let voted = |r: &Resolution| self.votes.iter().any(|v| v.resolution == Some(r.id));
        let waiting = self.resolutions.iter().filter(|r| r.state == ResolutionState::Draft && !voted(r)).count();
        u32::try_from(waiting).unwrap_or(u32::MAX)
    }

    /// Whether anything was recorded since the opening.
    pub fn anything(&self) -> bool {
        self.lines.iter().any(|l| l.version > 1)
            || !self.contributions.is_empty()
            || !self.votes.is_empty()
            || !self.guests.is_empty()
            || self.meeting.dues.is_some()
            || self.items.iter().any(|i| !i.conclusion.is_empty())
    }

    /// Refuses a change once nothing may be recorded any more.
    ///
    /// # Errors
    /// A refusal that says what to do instead.
    pub fn must_record(&self) -> Result<(), Refusal> {
        must_record(&self.meeting)
    }

    /// The record as the rules of minutes see it.
    ///
    /// # Errors
    /// Only for votes that never came from the store.
    pub fn facts(&self) -> Result<MeetingRecord, Refusal> {
        let meeting = &self.meeting;
        let votes = self.votes.iter().map(|v| {
            let reserved = v.reserved.lines().map(str::to_owned).collect();
            let question = format!("{}{}", v.question.trim().trim_end_matches('.'), v.method.in_minutes());
            Ok(VoteFacts { question, count: v.count(), outcome: v.outcome()?, reserved })
        });
        let named = |who: Option<PersonId>| who.map(|p| self.name(p));
        let task = |t: &Task| Assignment {
            content: t.content.clone(),
            doer: named(t.doer),
            deadline: t.deadline,
            checker: named(t.checker),
        };
        Ok(MeetingRecord {
            title: meeting.title.clone(),
            opened_at: meeting.opened_at,
            closed_at: meeting.closed_at,
            place: meeting.place.clone(),
            chair: meeting.chair.map(|p| self.titled(p)),
            secretary: meeting.secretary.map(|p| self.titled(p)),
            guests: self.guests.iter().map(|(_, name, title)| guest_words(name, title)).collect(),
            tally: self.tally(),
            dues: meeting.dues.clone().unwrap_or_default(),
            items: self.items.iter().map(|i| self.item_facts(i)).collect(),
            votes: votes.collect::<Result<_, _>>()?,
            assignments: self.tasks.iter().map(task).collect(),
            score: None,
        })
    }

    fn item_facts(&self, item: &Item) -> ItemFacts {
        let speech = |c: &Contribution| Speech { name: self.name(c.person), summary: c.summary.clone() };
        ItemFacts {
            id: item.id,
            item: item.facts(item.presenter.map(|p| self.name(p)), 0),
            speeches: self.spoken(item.id).map(speech).collect(),
            conclusion: item.conclusion.clone(),
        }
    }
}

/// Refuses a change once nothing may be recorded any more.
///
/// # Errors
/// A refusal that says what to do instead.
pub fn must_record(meeting: &Meeting) -> Result<(), Refusal> {
    use domain::meeting::MeetingState as State;
    if meeting.state.is_recording() {
        return Ok(());
    }
    let hint = match meeting.state {
        State::Draft | State::Noticed => "Hãy khai mạc buổi sinh hoạt trước.",
        State::Adopted => "Biên bản đã được thông qua. Muốn sửa, bí thư hoặc phó bí thư mở lại biên bản và ghi lý do.",
        State::Sealed => "Biên bản đã khóa không sửa được; hãy lập bản đính chính.",
        State::Open | State::Closed | State::Cancelled => "Buổi sinh hoạt này không diễn ra.",
    };
    Err(Refusal::state("ghi", meeting.state, hint))
}

/// A guest as minutes name them.
pub fn guest_words(name: &str, title: &str) -> String {
    if title.is_empty() { format!("đồng chí {name}") } else { format!("đồng chí {name}, {title}") }
}

/// The figures of the rule pack that attendance is judged by.
pub fn roll_figures(rules: &Rules) -> Figures {
    let percent = rules.ratio("attendance.target").map_or(0, |r| r.part * 100 / r.whole.max(1));
    let allowed = rules.int("attendance.unexcused_allowed").and_then(|n| u32::try_from(n).ok()).unwrap_or(u32::MAX);
    Figures {
        target_percent: percent,
        unexcused_allowed: allowed,
        resolution: rules.threshold(Subject::Resolution),
        quorum_warn: rules.ratio("vote.quorum_warn"),
    }
}

/// The least lengths of meetings that the rule pack asks for.
pub fn length_figures(rules: &Rules) -> domain::meeting::Figures {
    let minutes = |key| rules.int(key).and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
    domain::meeting::Figures { single: minutes("meeting.min_minutes.regular"), combined: minutes("meeting.min_minutes.combined") }
}

/// The rules that hold for a cell on a day, with the figures of the committees above it.
///
/// # Errors
/// `NotFound`; database faults.
pub fn rules_on(tx: &mut Tx, org: OrgId, day: Date, library: &Library) -> db::Result<Rules> {
    let unit = orgs::get(tx, org, day)?;
    orgs::rules_for(tx, &unit, &library.at(day))
}

/// How many must approve a subject at a meeting of a day.
///
/// # Errors
/// A refusal where no rule of that day says it; `NotFound`; database faults.
pub fn threshold(tx: &mut Tx, org: OrgId, day: Date, library: &Library, subject: Subject) -> Result<Threshold, Fault> {
    let held = rules_on(tx, org, day, library)?.threshold(subject);
    held.ok_or_else(|| {
        let text = format!(
            "Chưa có quy định về tỷ lệ tán thành có hiệu lực ngày {} cho nội dung “{subject}”. Hãy kiểm tra ngày sinh hoạt.",
            domain::vi::date(day)
        );
        Refusal::new("no_threshold", text).into()
    })
}

/// Where the threshold of a vote comes from. A vote keeps the threshold it was taken under, whatever
/// figures were set since.
pub fn threshold_source(rules: &Rules, vote: &Vote) -> String {
    match rules.figure(&vote.subject.figure()).filter(|f| f.threshold() == Some(vote.threshold)) {
        Some(figure) => crate::year::strip::cite(figure),
        None => "Tỷ lệ được chốt lúc biểu quyết, theo quy định có hiệu lực khi đó.".to_owned(),
    }
}
