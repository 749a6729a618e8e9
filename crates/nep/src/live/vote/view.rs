//! A vote as pages show it: loaded once, turned into words.
//! May touch: what is recorded of the meeting. Rules: BQ-01 … BQ-09, experience.md 7 (“Vì sao?”).

use db::Tx;
use domain::ballot::{BallotState, Choice, Counting, Named, Seat, denominator};
use domain::code::Code;
use domain::id::{BallotId, MeetingId, OrgId, PersonId};
use domain::rulepack::{Library, Rules};
use domain::vi;
use domain::vote::VoteMethod;
use web::form::Form;

use super::act;
use super::page::{BallotPage, BallotRow, CountView, SeatRow, SheetLine, SheetPage, TellerRow};
use super::store::{self, Ballot, Teller};
use crate::actor::{Actor, local};
use crate::fault::Fault;
use crate::live::desk::{parts, vote_row};
use crate::live::page::VoteRow;
use crate::live::record::{self, Record};
use crate::live::room;
use crate::once::Keep;
use crate::shell::{Shell, Under};

/// A vote with everything around it.
pub struct Loaded {
    /// The meeting.
    pub record: Record,
    /// The vote.
    pub ballot: Ballot,
    /// Who said what, where names are kept.
    pub named: Option<Named>,
    /// Who counts paper.
    pub tellers: Vec<Teller>,
    /// The rules of the meeting's day.
    pub rules: Rules,
    /// The last event of the room while the vote is open.
    pub seq: Option<i64>,
}

/// Loads a vote of a meeting.
///
/// # Errors
/// `NotFound`; database faults.
pub fn load(tx: &mut Tx, org: OrgId, id: MeetingId, which: BallotId, library: &Library) -> Result<Loaded, Fault> {
    let ballot = store::get(tx, org, id, which)?;
    let record = record::load(tx, org, id)?;
    Ok(Loaded {
        named: if ballot.method.is_named() { Some(store::named(tx, org, &ballot)?) } else { None },
        tellers: if ballot.method == VoteMethod::Paper { store::tellers(tx, org, which)? } else { Vec::new() },
        rules: record::rules_on(tx, org, record.day(), library)?,
        seq: if ballot.state == BallotState::Open { Some(room::store::last(tx, org, id)?) } else { None },
        record,
        ballot,
    })
}

/// The class of a state.
pub fn sign(state: BallotState) -> &'static str {
    match state {
        BallotState::Open => "wait",
        BallotState::Closed => "done",
        BallotState::Withdrawn => "none",
    }
}

/// Hour of a moment: `14:35`.
pub fn hour(at: jiff::Timestamp) -> String {
    vi::time_short(local(at).time())
}

/// The votes of a meeting that are open or were withdrawn; those with a result stand among the results.
pub fn rows(org: OrgId, ballots: &[Ballot]) -> Vec<BallotRow> {
    let row = |b: &Ballot| BallotRow {
        href: format!("/cb/{org}/buoi/{}/dieu-hanh/lan-bq/{}", b.meeting, b.id),
        question: b.question.clone(),
        sub: match &b.reason {
            Some(reason) => format!("{}, mở lúc {}. Lý do rút: {reason}", b.method, hour(b.opened_at)),
            None => format!("{}, mở lúc {}", b.method, hour(b.opened_at)),
        },
        state: b.state.label(),
        sign: sign(b.state),
    };
    ballots.iter().filter(|b| b.state != BallotState::Closed).map(row).collect()
}

/// The results of a vote.
pub fn results(record: &Record, rules: &Rules, which: BallotId) -> Vec<VoteRow> {
    record.votes.iter().filter(|v| v.ballot == Some(which)).filter_map(|v| vote_row(rules, v)).collect()
}

/// Where the threshold of a vote comes from.
fn source(loaded: &Loaded) -> String {
    let figure = loaded.rules.figure(&loaded.ballot.subject.figure());
    match figure.filter(|f| f.threshold() == Some(loaded.ballot.threshold)) {
        Some(figure) => crate::year::strip::cite(figure),
        None => "Tỷ lệ được chốt lúc mở biểu quyết, theo quy định có hiệu lực khi đó.".to_owned(),
    }
}

/// The page of a vote for who leads.
pub fn page(loaded: &Loaded, actor: &Actor, form: Form, done: &str) -> BallotPage {
    let (record, ballot) = (&loaded.record, &loaded.ballot);
    let meeting = &record.meeting;
    let at = format!("/cb/{}/buoi/{}", meeting.org, meeting.id);
    let base = format!("{at}/dieu-hanh/lan-bq/{}", ballot.id);
    let desk = format!("{at}/dieu-hanh?phan=bieu-quyet");
    let open = ballot.state == BallotState::Open;
    let waiting: Vec<String> = loaded.named.iter().flat_map(Named::waiting).map(|s| s.name.clone()).collect();
    let live = loaded.seq.map(|seq| room::view::live(meeting.org, meeting.id, base.clone(), seq));
    let mut shell = Shell::new(actor, "Biểu quyết", Under::Meetings)
        .crumb(at, meeting.title.clone())
        .crumb(desk.clone(), "Biểu quyết")
        .room()
        .wrong(&form)
        .done(done);
    if live.is_some() {
        shell = shell.live().outbox(Keep::by(&loaded.rules));
    }
    BallotPage {
        live,
        parts: parts(meeting, ""),
        question: ballot.question.clone(),
        subject: ballot.subject.to_string(),
        method: ballot.method.label(),
        how: ballot.method.code(),
        opened: hour(ballot.opened_at),
        state: ballot.state.label(),
        sign: sign(ballot.state),
        open,
        closed: ballot.state == BallotState::Closed,
        reason: ballot.reason.clone().unwrap_or_default(),
        recording: meeting.state.is_recording(),
        total: ballot.electorate,
        present: ballot.present,
        needed: ballot.threshold.needed(ballot.electorate),
        share: vi::capitalize(&ballot.threshold.phrase()),
        counted: denominator(ballot.among()),
        source: source(loaded),
        seats: loaded.named.iter().flat_map(|n| &n.seats).map(|s| seat_row(ballot, s)).collect(),
        said: loaded.named.as_ref().map(|n| said(ballot, n)).unwrap_or_default(),
        waiting: waiting.len(),
        missing: waiting,
        keepers: keepers(loaded),
        count: count_view(loaded, &base),
        results: results(record, &loaded.rules, ballot.id),
        base,
        desk,
        form,
        shell,
    }
}

fn said(ballot: &Ballot, named: &Named) -> String {
    let count = named.count();
    let cast = count.yes + count.no + count.other;
    // While members vote by themselves nobody is told how it goes.
    if ballot.method == VoteMethod::Electronic && ballot.state == BallotState::Open {
        return format!("Đã biểu quyết {cast}/{} đồng chí có mặt", ballot.present);
    }
    format!(
        "Đã ghi {cast}/{} đồng chí: tán thành {}, không tán thành {}, ý kiến khác {}",
        ballot.present, count.yes, count.no, count.other
    )
}

fn seat_row(ballot: &Ballot, seat: &Seat) -> SeatRow {
    let hidden = ballot.method == VoteMethod::Electronic && ballot.state == BallotState::Open;
    let (words, state, pressed) = match (seat.present, seat.choice) {
        (false, _) => ("Không có mặt lúc mở biểu quyết", "none", ""),
        (true, None) => ("Chưa biểu quyết", "none", ""),
        (true, Some(_)) if hidden => ("Đã biểu quyết", "done", ""),
        (true, Some(choice @ Choice::Yes)) => (choice.label(), "done", "c"),
        (true, Some(choice @ Choice::No)) => (choice.label(), "late", "k"),
        (true, Some(choice @ Choice::Other)) => (choice.label(), "due", "y"),
    };
    let keeps = if seat.reserved && !hidden { ", bảo lưu ý kiến" } else { "" };
    SeatRow {
        id: seat.person.to_string(),
        name: seat.name.clone(),
        words: format!("{words}{keeps}"),
        state,
        pressed,
        fixed: !seat.present,
    }
}

/// Who, of a vote by raised hands, may keep their opinion.
fn keepers(loaded: &Loaded) -> Vec<(String, String)> {
    let hands = loaded.named.iter().filter(|n| n.method == VoteMethod::HandsNamed);
    let seats = hands.flat_map(|n| &n.seats).filter(|s| s.choice.is_some_and(|c| c != Choice::Yes));
    seats.map(|s| (s.person.to_string(), s.name.clone())).collect()
}

/// Who leads the count and who assists.
pub fn teller_role(position: u32) -> &'static str {
    if position == 1 { "Trưởng ban kiểm phiếu" } else { "Ủy viên ban kiểm phiếu" }
}

fn count_view(loaded: &Loaded, base: &str) -> CountView {
    let (ballot, paper) = (&loaded.ballot, loaded.ballot.paper());
    let (differs, agreed) = match act::compare(ballot, &loaded.tellers) {
        Counting::Waiting => (Vec::new(), Vec::new()),
        Counting::Differs(list) => (list.into_iter().map(|d| (d.what, d.first, d.second)).collect(), Vec::new()),
        Counting::Agreed(sheet) => (Vec::new(), sheet.parts(&paper).into_iter().map(|p| (p.what, p.figure)).collect()),
    };
    let row = |t: &Teller| TellerRow {
        name: t.name.clone(),
        role: teller_role(t.position),
        href: format!("{base}/kiem-phieu/{}", t.person),
        done: t.sheet.is_some(),
    };
    CountView {
        picks_one: paper.picks_one(),
        names: paper.names().to_vec(),
        tellers: loaded.tellers.iter().map(row).collect(),
        differs,
        agreed,
        round: ballot.round,
        people: loaded.record.present().map(|l| (l.person.to_string(), format!("đ/c {}", l.name))).collect(),
        papers: ballot.present,
    }
}

/// A teller's sheet. Neither sees what the other counted until both are in.
///
/// # Errors
/// `NotFound` for who is no teller of it.
pub fn sheet(loaded: &Loaded, actor: &Actor, person: PersonId, form: Form, back: &str) -> Result<SheetPage, Fault> {
    let ballot = &loaded.ballot;
    let Some(teller) = loaded.tellers.iter().find(|t| t.person == person) else {
        return Err(Fault::NotFound);
    };
    let other = loaded.tellers.iter().find(|t| t.person != person);
    let counting = act::compare(ballot, &loaded.tellers);
    let told = match (&counting, teller.sheet.is_some(), other) {
        (Counting::Agreed(_), ..) => "Hai đồng chí đếm khớp nhau, kết quả đã được ghi nhận.".to_owned(),
        (Counting::Differs(_), ..) => "Số liệu của hai đồng chí chưa khớp, phải kiểm lại từ đầu.".to_owned(),
        (Counting::Waiting, true, Some(other)) => {
            format!("Đã ghi số liệu của đồng chí {}. Đang chờ đồng chí {} nhập.", teller.name, other.name)
        }
        (Counting::Waiting, ..) => String::new(),
    };
    let paper = ballot.paper();
    let line = |at: usize| SheetLine {
        name: paper.names().get(at).cloned().unwrap_or_default(),
        yes: format!("tan_thanh_{at}"),
        no: format!("khong_{at}"),
        other: format!("khac_{at}"),
    };
    let at = format!("/cb/{}/buoi/{}", loaded.record.meeting.org, loaded.record.meeting.id);
    let mine = back.ends_with(&format!("/bieu-quyet/{}", ballot.id));
    Ok(SheetPage {
        shell: Shell::new(actor, "Nhập số liệu kiểm phiếu", Under::Meetings)
            .crumb(at, loaded.record.meeting.title.clone())
            .crumb(back, "Biểu quyết")
            .wrong(&form),
        base: if mine { format!("{back}/kiem-phieu") } else { format!("{back}/kiem-phieu/{person}") },
        back: back.to_owned(),
        question: ballot.question.clone(),
        teller: teller.name.clone(),
        other: other.map(|t| t.name.clone()).unwrap_or_default(),
        open: ballot.state == BallotState::Open && counting == Counting::Waiting,
        done: teller.sheet.is_some(),
        told,
        present: ballot.present,
        round: ballot.round,
        lines: (0..paper.lines()).map(line).collect(),
        picks_one: paper.picks_one(),
        form,
    })
}
