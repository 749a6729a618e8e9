//! Pages of votes: one vote for who leads it, the member's own vote, a teller's sheet, the record.
//! May touch: plain data for templates. Rules: experience.md; trust.md “Ballots”.

use askama::Template;
use web::form::Form;

use crate::live::page::{Parts, VoteRow};
use crate::live::room::page::Live;
use crate::shell::Shell;

/// A vote in the list of a meeting.
#[derive(Debug, Clone, Default)]
pub struct BallotRow {
    /// Its address.
    pub href: String,
    /// The question.
    pub question: String,
    /// How it is taken, when it was opened, why it was withdrawn.
    pub sub: String,
    /// State in words.
    pub state: &'static str,
    /// State as a class.
    pub sign: &'static str,
}

/// A seat of a vote that keeps names.
#[derive(Debug, Clone, Default)]
pub struct SeatRow {
    /// Identifier of the person.
    pub id: String,
    /// Full name.
    pub name: String,
    /// What is known, in words.
    pub words: String,
    /// State as a class.
    pub state: &'static str,
    /// Which of the three buttons is pressed.
    pub pressed: &'static str,
    /// Whether there is nothing to press.
    pub fixed: bool,
}

/// One of the two who count.
#[derive(Debug, Clone, Default)]
pub struct TellerRow {
    /// Full name.
    pub name: String,
    /// Leads or assists.
    pub role: &'static str,
    /// Where their count is entered.
    pub href: String,
    /// Whether it is in.
    pub done: bool,
}

/// How far the counting has come.
#[derive(Debug, Clone, Default)]
pub struct CountView {
    /// Whether one of several measures is ticked.
    pub picks_one: bool,
    /// Names on the paper; empty for one question.
    pub names: Vec<String>,
    /// The two who count.
    pub tellers: Vec<TellerRow>,
    /// Figures on which they do not agree: what, the first's, the second's.
    pub differs: Vec<(String, u32, u32)>,
    /// Figures both agree on.
    pub agreed: Vec<(String, u32)>,
    /// How often the ballots have been counted.
    pub round: u32,
    /// Who may be chosen to count.
    pub people: Vec<(String, String)>,
    /// How many papers to print.
    pub papers: u32,
}

/// One vote, for whoever leads the meeting or writes its minutes.
#[derive(Template)]
#[template(path = "live/vote/ballot.html")]
pub struct BallotPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Keeps the page as it is elsewhere, while the vote is open.
    pub live: Option<Live>,
    /// Parts of the meeting.
    pub parts: Parts,
    /// Address of the page.
    pub base: String,
    /// Address of the votes of the meeting.
    pub desk: String,
    /// The question.
    pub question: String,
    /// What it is on.
    pub subject: String,
    /// How it is taken, in words.
    pub method: &'static str,
    /// How, as stored.
    pub how: &'static str,
    /// When it was opened.
    pub opened: String,
    /// State in words.
    pub state: &'static str,
    /// State as a class.
    pub sign: &'static str,
    /// Whether votes may be cast or counted.
    pub open: bool,
    /// Whether the result stands.
    pub closed: bool,
    /// Why it was withdrawn.
    pub reason: String,
    /// Whether anything may be recorded in the meeting.
    pub recording: bool,
    /// The denominator.
    pub total: u32,
    /// Of those, present at the opening.
    pub present: u32,
    /// The least number of approvals.
    pub needed: u32,
    /// The share: `Quá nửa`.
    pub share: String,
    /// Who is counted.
    pub counted: String,
    /// Where the threshold comes from.
    pub source: String,
    /// The seats, of a vote that keeps names.
    pub seats: Vec<SeatRow>,
    /// How many have voted, in words.
    pub said: String,
    /// How many may vote and have not.
    pub waiting: usize,
    /// Names of those.
    pub missing: Vec<String>,
    /// Who may keep their opinion.
    pub keepers: Vec<(String, String)>,
    /// The counting, of a paper ballot.
    pub count: CountView,
    /// The results.
    pub results: Vec<VoteRow>,
}

/// A vote as a member sees it.
#[derive(Debug, Clone, Default)]
pub struct Booth {
    /// Its address.
    pub href: String,
    /// Identifier, for ids on the page.
    pub id: String,
    /// The question.
    pub question: String,
    /// What it is on.
    pub subject: String,
    /// How it is taken, in words.
    pub method: &'static str,
    /// Whether members vote on their own device.
    pub electronic: bool,
    /// Whether it is secret, on paper.
    pub secret: bool,
    /// Whether it is open.
    pub open: bool,
    /// Why it was withdrawn; empty when it was not.
    pub withdrawn: String,
    /// What the member said; empty before.
    pub said: &'static str,
    /// Whether they keep their opinion.
    pub reserved: bool,
    /// Why the member has no vote; empty for who has one.
    pub why_not: String,
    /// Where the member counts, when they are a teller.
    pub teller: String,
    /// Who is counted.
    pub counted: String,
    /// The results.
    pub results: Vec<VoteRow>,
}

/// The vote of a member.
#[derive(Template)]
#[template(path = "live/vote/member.html")]
pub struct MemberPage {
    /// Frame.
    pub shell: Shell,
    /// Keeps the page as it is elsewhere, while the vote is open.
    pub live: Option<Live>,
    /// Address of the meeting.
    pub meeting: String,
    /// The vote.
    pub booths: Vec<Booth>,
}

/// What a member is about to say, to be checked.
#[derive(Template)]
#[template(path = "live/vote/check.html")]
pub struct CheckPage {
    /// Frame.
    pub shell: Shell,
    /// Address of the vote.
    pub base: String,
    /// The question.
    pub question: String,
    /// What it is on.
    pub subject: String,
    /// The choice as stored.
    pub choice: &'static str,
    /// The choice in words.
    pub label: &'static str,
    /// Whether an opinion could be kept.
    pub may_reserve: bool,
    /// Who is named.
    pub name: String,
}

/// A line of the paper on a teller's sheet.
#[derive(Debug, Clone, Default)]
pub struct SheetLine {
    /// The name; empty for one question.
    pub name: String,
    /// Field of the approvals.
    pub yes: String,
    /// Field of the refusals.
    pub no: String,
    /// Field of other opinions.
    pub other: String,
}

/// A teller's sheet.
#[derive(Template)]
#[template(path = "live/vote/sheet.html")]
pub struct SheetPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Address of the sheet.
    pub base: String,
    /// Where it leads back to.
    pub back: String,
    /// The question.
    pub question: String,
    /// Who counts.
    pub teller: String,
    /// Who else counts.
    pub other: String,
    /// Whether the count may be entered.
    pub open: bool,
    /// Whether it is in already.
    pub done: bool,
    /// What became of it, in words.
    pub told: String,
    /// How many could be handed out.
    pub present: u32,
    /// Which count it is.
    pub round: u32,
    /// The lines of the paper.
    pub lines: Vec<SheetLine>,
    /// Whether a paper has one line ticked of several.
    pub picks_one: bool,
}

/// The record of a count, to read before it is printed.
#[derive(Template)]
#[template(path = "live/vote/record.html")]
pub struct RecordPage {
    /// Frame.
    pub shell: Shell,
    /// Address of the record.
    pub base: String,
    /// Address of the vote.
    pub back: String,
    /// The document, made of escaped text only.
    pub preview: String,
}
