//! What a cell or a committee lacks of its leaders: posts, numbers, terms, coming elections.
//! Pure; touches posts, dates and advice. Rules: L10, TC-01, TC-02, TC-04, TC-05, TC-07, TC-08.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;

use crate::agenda::vi_lower;
use crate::code::Code;
use crate::id::{OrgId, PersonId};
use crate::post::{Post, Role, committee_size};
use crate::refusal::Advice;
use crate::vi;

crate::codes! {
    /// What is to be done about the leaders of an organisation, the most pressing first.
    pub enum Lack {
        /// Nobody is its secretary.
        NoSecretary = "khong-bi-thu" / "Chưa có bí thư",
        /// A cell of too few official members.
        FewOfficial = "it-dang-vien" / "Không đủ số đảng viên chính thức",
        /// A cell large enough for a committee has none, or no deputy.
        NoCommittee = "chua-bau" / "Chưa bầu chi ủy, phó bí thư",
        /// Fewer in the committee than the congress decided.
        Vacant = "thieu-cap-uy" / "Cấp ủy thiếu số lượng",
        /// The term is over.
        TermOver = "het-nhiem-ky" / "Nhiệm kỳ đã hết",
        /// Posts that were given in an earlier term.
        PastTerm = "chuc-vu-cu" / "Chức vụ của nhiệm kỳ trước",
        /// The term ends soon.
        TermSoon = "sap-dai-hoi" / "Sắp đến đại hội",
        /// More than the rules allow.
        TooMany = "qua-so-luong" / "Vượt số lượng theo quy định",
        /// No term is on record.
        NoTerm = "chua-ghi-nhiem-ky" / "Chưa ghi nhiệm kỳ",
    }
}

impl Lack {
    /// How it is shown: pressing, to be dealt with, or only to be known.
    pub fn class(self) -> &'static str {
        match self {
            Self::NoSecretary | Self::FewOfficial | Self::NoCommittee | Self::TermOver => "late",
            Self::Vacant | Self::PastTerm | Self::TermSoon => "due",
            Self::TooMany | Self::NoTerm => "wait",
        }
    }
}

/// A term as it is on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// Its first day.
    pub from: Date,
    /// The first day after it, once the next one was opened.
    pub to: Option<Date>,
    /// How many the committee has, as the congress decided; where that was recorded.
    pub seats: Option<u32>,
}

/// The figures of the rule packs, with what committees above have set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// TC-01: official members a cell has at least.
    pub min_official: u32,
    /// TC-04: from how many official members on a cell elects a committee.
    pub committee_from: u32,
    /// TC-05: how many a cell's committee has at most.
    pub committee_max: u32,
    /// TC-07: months of a term of this kind of organisation.
    pub term_months: u32,
    /// How many months before its end the next congress is announced.
    pub soon_months: u32,
}

/// What is known of an organisation on a day.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Which.
    pub org: OrgId,
    /// Whether members belong to it directly.
    pub is_cell: bool,
    /// Its official members, for a cell.
    pub official: u32,
    /// Posts held there, of any time.
    pub posts: &'a [Post],
    /// The term of the day.
    pub term: Option<Term>,
}

/// One thing that is lacking: what, by which rule, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// What.
    pub lack: Lack,
    /// Sentence and rule.
    pub advice: Advice,
}

/// The first day after a term: as recorded, else by the length of terms.
pub fn term_end(term: &Term, figures: &Figures) -> Date {
    term.to.unwrap_or_else(|| term.from.checked_add(i64::from(figures.term_months).months()).unwrap_or(Date::MAX))
}

/// How many places of the committee are vacant, where its number is on record.
pub fn vacant(facts: &Facts, day: Date) -> u32 {
    let size = committee_size(facts.posts, facts.org, day);
    facts.term.and_then(|t| t.seats).map_or(0, |seats| seats.saturating_sub(size))
}

/// Everything that is lacking on a day, the most pressing first.
pub fn due(facts: &Facts, figures: &Figures, day: Date) -> Vec<Due> {
    let mut out = Vec::new();
    let mut put = |lack, rule, text: String| out.push(Due { lack, advice: Advice::new(rule, text) });
    let name = if facts.is_cell { "Chi bộ" } else { "Cấp ủy" };
    if holders(facts, Role::Secretary, day).is_empty() {
        put(Lack::NoSecretary, "L10", format!("{name} chưa có Bí thư."));
    }
    if facts.is_cell {
        cell(facts, figures, day, &mut put);
    }
    let vacant = vacant(facts, day);
    if vacant > 0 {
        let size = committee_size(facts.posts, facts.org, day);
        let seats = size + vacant;
        put(
            Lack::Vacant,
            "L10",
            format!("Đại hội quyết định {seats} cấp ủy viên, hiện có {size}, thiếu {vacant}; cần bầu hoặc chỉ định bổ sung."),
        );
    }
    terms(facts, figures, day, &mut put);
    out.sort_by_key(|d| d.lack);
    out
}

type Put<'a> = &'a mut dyn FnMut(Lack, &'static str, String);

/// What only a cell can lack.
fn cell(facts: &Facts, figures: &Figures, day: Date, put: Put) {
    let (official, from, max) = (facts.official, figures.committee_from, figures.committee_max);
    if official < figures.min_official {
        let min = figures.min_official;
        put(
            Lack::FewOfficial,
            "TC-01",
            format!(
                "Chi bộ có {official} đảng viên chính thức, dưới {min}; cấp ủy cấp trên giới thiệu đảng viên đến sinh hoạt ở \
                 chi bộ thích hợp (TC-02)."
            ),
        );
    }
    let deputies = holders(facts, Role::Deputy, day).len();
    let members = holders(facts, Role::Committee, day).len();
    if deputies > 1 {
        put(Lack::TooMany, "TC-05", "Chi bộ có hơn một Phó bí thư; theo quy định chỉ có một.".to_owned());
    }
    match (official >= from, members > 0, deputies > 0) {
        (true, false, _) => put(
            Lack::NoCommittee,
            "TC-04",
            format!("Chi bộ có {official} đảng viên chính thức (từ {from} trở lên) mà chưa bầu chi ủy."),
        ),
        (true, true, false) => put(
            Lack::NoCommittee,
            "TC-04",
            format!("Chi bộ có {official} đảng viên chính thức (từ {from} trở lên), có chi ủy mà chưa có Phó bí thư."),
        ),
        (false, true, _) => put(
            Lack::TooMany,
            "TC-04",
            format!(
                "Chi bộ có {official} đảng viên chính thức (dưới {from}) thì bầu Bí thư, nếu cần thì có Phó bí thư, không bầu chi ủy."
            ),
        ),
        (false, false, _) | (true, true, true) => {}
    }
    let size = committee_size(facts.posts, facts.org, day);
    if size > max {
        put(Lack::TooMany, "TC-05", format!("Chi ủy có {size} đồng chí, nhiều hơn {max} đồng chí theo quy định."));
    }
}

/// What follows from the term.
fn terms(facts: &Facts, figures: &Figures, day: Date, put: Put) {
    let Some(term) = facts.term else {
        put(Lack::NoTerm, "TC-08", "Chưa ghi nhiệm kỳ hiện nay nên chưa tính được thời gian đại hội.".to_owned());
        return;
    };
    let end = term_end(&term, figures);
    let soon = day.checked_add(i64::from(figures.soon_months).months()).unwrap_or(Date::MAX);
    if end <= day {
        let text = format!("Nhiệm kỳ bắt đầu ngày {} đã hết từ ngày {}; chưa ghi đại hội.", vi::date(term.from), vi::date(end));
        put(Lack::TermOver, "TC-07", text);
    } else if end <= soon {
        let left = vi::days_left(day, end);
        put(Lack::TermSoon, "TC-07", format!("Nhiệm kỳ kết thúc ngày {} ({left}); cần chuẩn bị đại hội.", vi::date(end)));
    }
    let old = past_term(facts, &term, day);
    if !old.is_empty() {
        let text =
            format!("{} được ghi từ trước ngày {}; chưa ghi kết quả bầu của nhiệm kỳ này.", vi::join(&old), vi::date(term.from));
        put(Lack::PastTerm, "TC-07", text);
    }
}

/// Leading posts that go on from before the term, by what they are: nobody is named.
fn past_term(facts: &Facts, term: &Term, day: Date) -> Vec<String> {
    let mut old: BTreeMap<Role, BTreeSet<PersonId>> = BTreeMap::new();
    let held = facts.posts.iter().filter(|p| p.org == facts.org && p.role.is_leader() && p.held_on(day) && p.from < term.from);
    for post in held {
        old.entry(post.role).or_default().insert(post.person);
    }
    let words = |(role, who): (Role, BTreeSet<PersonId>)| match who.len() {
        1 => role.label_in(facts.is_cell).to_owned(),
        n => format!("{n} {}", vi_lower(role.label_in(facts.is_cell))),
    };
    old.into_iter().map(words).collect()
}

fn holders(facts: &Facts, role: Role, day: Date) -> BTreeSet<PersonId> {
    facts.posts.iter().filter(|p| p.org == facts.org && p.role == role && p.held_on(day)).map(|p| p.person).collect()
}

/// How many organisations lack each thing, in the order of [`Lack`]; what nobody lacks is left out.
pub fn counted<'a>(all: impl IntoIterator<Item = &'a [Due]>) -> Vec<(Lack, usize)> {
    let mut counts: BTreeMap<Lack, usize> = BTreeMap::new();
    for of_one in all {
        let lacks: BTreeSet<Lack> = of_one.iter().map(|d| d.lack).collect();
        for lack in lacks {
            *counts.entry(lack).or_default() += 1;
        }
    }
    Lack::ALL.iter().filter_map(|l| counts.get(l).map(|n| (*l, *n))).collect()
}

#[cfg(test)]
#[path = "posts_due_tests.rs"]
mod tests;
