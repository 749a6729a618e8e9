//! A meeting in every state with everything that can hang on one, as each cell of the world has them.

use db::{Tx, values};
use domain::agenda::{Part, Step};
use domain::code::Code;
use domain::delivery::Channel;
use domain::id::{FileId, ItemId, MeetingId, OrgId, PersonId, ResolutionId, RowId, TaskId};
use domain::meeting::{MeetingKind, MeetingState};
use domain::minutes::SectionKey;
use domain::reminder::{About, Kind, Line};
use domain::resolution::{ResolutionState, TaskDraft};
use domain::roll::Mark;
use domain::vote::{Count, Subject, Threshold, VoteMethod};
use jiff::civil::date;
use nep::actor::Actor;
use nep::fault::Fault;
use nep::live::room::store as room;
use nep::live::store::{self as live, NewVote};
use nep::live::vote::store::{self as ballots, NewBallot};
use nep::meeting::store::files::{self, NewFile};
use nep::meeting::store::{self as meetings, Item, Moment, NewMeeting, dossier};
use nep::message::store as messages;
use nep::minutes::store::{self as minutes, NewText};
use nep::minutes::{draft, seal};
use nep::notice::store::opinions::{self, OpinionState, Written};
use nep::notice::store::replies::{self, Answer};
use nep::notice::store::{self as notices, NewNotice, Told};
use nep::resolution::store::{self as resolutions, Text};
use nep::task::store as tasks;

use crate::about::{about_member, shelf};
use crate::world::{Params, REASON, SENT, Spot, UNSENT, entry, org_params, put};

/// A meeting of a cell of the world; `lead` is the secretary, a member, and who is appointed to write the minutes.
struct Meeting<'a> {
    actor: &'a Actor,
    spot: Spot,
    org: OrgId,
    id: MeetingId,
    lead: [PersonId; 3],
}

const STATES: &[(&str, MeetingKind, MeetingState)] = &[
    ("draft", MeetingKind::Regular, MeetingState::Draft),
    ("noticed", MeetingKind::Thematic, MeetingState::Noticed),
    ("open", MeetingKind::Regular, MeetingState::Open),
    ("closed", MeetingKind::Regular, MeetingState::Closed),
    ("adopted", MeetingKind::Regular, MeetingState::Adopted),
    ("sealed", MeetingKind::Regular, MeetingState::Sealed),
    ("cancelled", MeetingKind::Extraordinary, MeetingState::Cancelled),
    ("committee", MeetingKind::Committee, MeetingState::Open),
    ("unappointed", MeetingKind::Other, MeetingState::Open),
];

/// A meeting in every state with everything that can hang on one; `lead` is the secretary, a
/// member, and who is appointed to write the minutes.
pub fn held(tx: &mut Tx, actor: &Actor, spot: Spot, org: OrgId, lead: [PersonId; 3]) -> Result<Vec<serde_json::Value>, Fault> {
    let mut base = org_params(tx, org, lead[1])?;
    shelf(tx, actor, org, &format!("Bài đang soạn {}", spot.mark()), &mut base)?;
    let mut out = Vec::new();
    for (n, (label, kind, state)) in (1i8..).zip(STATES) {
        let starts_at = date(2026, 11, 10 + n).at(14, 0, 0, 0);
        let appointed = *label != "unappointed";
        let new = NewMeeting {
            kind: *kind,
            title: format!("{} lần {n}", kind.label()),
            starts_at,
            ends_at: starts_at.date().at(16, 30, 0, 0),
            place: "Phòng họp tầng 2".to_owned(),
            chair: Some(lead[0]),
            secretary: appointed.then_some(lead[2]),
            topic: (*kind == MeetingKind::Thematic).then(|| "Học tập và làm theo".to_owned()),
            periods: meetings::periods_of(*kind, starts_at.date()),
        };
        let id = meetings::create(tx, actor, org, &new)?;
        let mut params = base.clone();
        put(&mut params, &["meeting"], id);
        let meeting = Meeting { actor, spot, org, id, lead };
        let item = agenda(tx, &meeting)?;
        put(&mut params, &["item"], item);
        put(&mut params, &["section"], SectionKey::Conclusion.code());
        papers(tx, &meeting, item, &mut params)?;
        resolution(tx, &meeting, &mut params)?;
        advance(tx, &meeting, *state, &mut params)?;
        if *state == MeetingState::Open {
            ballot(tx, &meeting, *kind, &mut params)?;
        }
        about_member(tx, actor, org, lead[1], &mut params)?;
        out.push(entry(spot, label, appointed, *kind == MeetingKind::Committee, params));
    }
    Ok(out)
}

fn agenda(tx: &mut Tx, at: &Meeting<'_>) -> Result<ItemId, Fault> {
    let Meeting { actor, spot, org, id: meeting, lead } = *at;
    let mut item = Item {
        id: ItemId::new(0),
        position: 0,
        step: Step::Report,
        part: Part::Content,
        title: "Báo cáo tháng".to_owned(),
        presenter: Some(lead[1]),
        minutes: 20,
        points: format!("Gợi ý thảo luận {}", spot.agenda_mark()),
        information: format!("Thông tin {}", spot.agenda_mark()),
        conclusion: String::new(),
        secret: false,
        paper_ref: None,
        postponed: false,
        version: 1,
    };
    let id = meetings::add_item(tx, actor, org, meeting, &item)?;
    item.step = Step::Other;
    item.title = String::new();
    item.points = String::new();
    item.information = String::new();
    item.secret = true;
    item.paper_ref = Some("Sổ mật trang 12".to_owned());
    meetings::add_item(tx, actor, org, meeting, &item)?;
    Ok(id)
}

/// Files, notice, answers, opinions, guests and minutes of a meeting.
fn papers(tx: &mut Tx, at: &Meeting<'_>, item: ItemId, params: &mut Params) -> Result<(), Fault> {
    let Meeting { actor, spot, org, id: meeting, lead } = *at;
    let body = format!("tệp của {}", spot.agenda_mark()).into_bytes();
    let new = NewFile { name: "bao-cao.txt".to_owned(), media_type: "text/plain", bytes: body };
    put(params, &["file"], files::add(tx, actor, org, meeting, item, &new)?);
    let library = domain::rulepack::shipped().unwrap();
    let dossier = dossier::load(tx, &library, org, meeting, actor.today())?;
    let notice = NewNotice {
        body: "Thông báo sinh hoạt".to_owned(),
        lead_minutes: 4320,
        change_note: None,
        told: Told::of(&dossier.notice_facts()),
        recipients: dossier.recipients.clone(),
    };
    put(params, &["notice"], notices::send(tx, actor, org, meeting, &notice)?);
    let member = actor.at(lead[1], org, actor.now);
    let why = format!("Đi khám bệnh {REASON}");
    replies::answer(tx, &member, org, meeting, Answer::Away, Some(("work", &why)))?;
    for (state, text) in [(OpinionState::Sent, SENT), (OpinionState::Draft, UNSENT)] {
        let body = format!("Ý kiến {text}");
        let new = Written { id: None, version: 0, item: Some(item), body, state, wants_floor: true };
        put(params, &["opinion"], opinions::save(tx, &member, org, meeting, &new)?);
    }
    let guest = live::add_guest(tx, actor, org, meeting, "Nguyễn Văn Khách", "Đại biểu")?;
    put(params, &["guest"], guest);
    let said = live::add_contribution(tx, actor, org, meeting, item, lead[1], None, &format!("Phát biểu {}", spot.mark()))?;
    put(params, &["contribution"], said);
    Ok(())
}

fn resolution(tx: &mut Tx, at: &Meeting<'_>, params: &mut Params) -> Result<(), Fault> {
    let Meeting { actor, spot, org, id: meeting, lead } = *at;
    let words = |head: &str| format!("{head} {}", spot.mark());
    let text = Text {
        title: "nhiệm vụ tháng 12".to_owned(),
        assessment: words("Đánh giá"),
        direction: words("Phương hướng"),
        organising: words("Tổ chức thực hiện"),
    };
    let id = resolutions::create(tx, actor, org, meeting, &text)?;
    put(params, &["resolution"], id);
    let draft = TaskDraft {
        content: words("Rà soát hồ sơ"),
        requirement: words("Đủ, đúng"),
        measure: words("Họp nhóm"),
        deadline: Some(date(2026, 12, 10)),
        doer: Some(lead[1]),
        checker: Some(lead[0]),
        urger: Some(lead[2]),
    };
    let task = tasks::add(tx, actor, org, id, meeting, &draft)?;
    put(params, &["task"], task);
    let file: FileId = actor.id();
    tx.exec(
        "insert into file (org_id, file_id, task_id, name, media_type, size, sha256, confirmed_by, added_at)
         select org_id, $3, $4, 'minh-chung.txt', media_type, size, sha256, confirmed_by, added_at
         from file where org_id = $1 and file_id = $2",
        values![org, FileId::new(params["file"].parse().unwrap()), file, task],
    )?;
    put(params, &["evidence"], file);
    Ok(())
}

/// Walks a meeting to a state the way the features do, with roll, vote and seal on the way.
fn advance(tx: &mut Tx, on: &Meeting<'_>, goal: MeetingState, params: &mut Params) -> Result<(), Fault> {
    let Meeting { actor, org, id, .. } = *on;
    let order = [MeetingState::Noticed, MeetingState::Open, MeetingState::Closed, MeetingState::Adopted, MeetingState::Sealed];
    put(params, &["vote", "ballot"], 0);
    put(params, &["issued", "aside"], 0);
    if goal == MeetingState::Cancelled {
        let m = meetings::get(tx, org, id)?;
        let why = Moment { reason: Some("Trùng lịch".to_owned()), ..Moment::default() };
        meetings::save_state(tx, actor, &m, goal, &why)?;
    }
    let Some(last) = order.iter().position(|s| *s == goal) else {
        return Ok(());
    };
    let at = meetings::get(tx, org, id)?.starts_at;
    for state in &order[..=last] {
        let mut change = Moment::default();
        match state {
            MeetingState::Noticed => change.noticed_at = Some(actor.now),
            MeetingState::Open => change.opened_at = Some(at),
            MeetingState::Closed => change.closed_at = Some(at.date().at(16, 0, 0, 0)),
            MeetingState::Adopted => {
                seal::adopt_now(tx, actor, org, id, None)?;
                continue;
            }
            _ => {
                let library = domain::rulepack::shipped().unwrap();
                put(params, &["issued"], seal::seal_now(tx, actor, org, id, &library)?);
                continue;
            }
        }
        let m = meetings::get(tx, org, id)?;
        meetings::save_state(tx, actor, &m, *state, &change)?;
        if *state == MeetingState::Open {
            open(tx, on, at, params)?;
        }
    }
    Ok(())
}

/// A vote that is being taken: by name on everybody's device, or on paper with two tellers.
fn ballot(tx: &mut Tx, on: &Meeting<'_>, kind: MeetingKind, params: &mut Params) -> Result<(), Fault> {
    let Meeting { actor, spot, org, id, lead } = *on;
    let lines: Vec<_> = live::roll(tx, org, id)?.iter().map(live::Line::facts).collect();
    let seats = domain::ballot::seats(&lines);
    let method = if kind == MeetingKind::Regular { VoteMethod::Electronic } else { VoteMethod::Paper };
    let new = NewBallot {
        item: None,
        resolution: None,
        subject: Subject::Other,
        question: format!("Kế hoạch quý I {}", spot.mark()),
        threshold: Threshold::from_word("majority").unwrap(),
        method,
        names: Vec::new(),
        electorate: domain::ballot::electorate(&seats),
        seats,
    };
    let which = ballots::open(tx, actor, org, id, &new)?;
    put(params, &["ballot"], which);
    if method == VoteMethod::Paper {
        let opened = ballots::get(tx, org, id, which)?;
        let mut tellers = vec![(lead[1], "Đồng chí một".to_owned()), (lead[0], "Đồng chí hai".to_owned())];
        tellers.dedup_by_key(|t| t.0);
        ballots::appoint(tx, actor, org, &opened, &tellers)?;
    }
    Ok(())
}

/// The day's message of a person, which could not be delivered.
fn message(tx: &mut Tx, actor: &Actor, org: OrgId, person: PersonId, task: TaskId) -> Result<(), Fault> {
    let line = Line { kind: Kind::Due, org, about: About::Task(task) };
    if let Some(message) = messages::keep(tx, actor, actor.today(), (person, org), &[line])? {
        messages::delivery::add(tx, actor, message, person, Channel::Webhook)?;
        let sql = "update delivery set state = 'dead', tries = 7, why = 'refused' where message_id = $1";
        tx.exec(sql, values![message])?;
    }
    Ok(())
}

fn open(tx: &mut Tx, on: &Meeting<'_>, at: jiff::civil::DateTime, params: &mut Params) -> Result<(), Fault> {
    let Meeting { actor, spot, org, id, .. } = *on;
    live::freeze(tx, org, id, at)?;
    for line in live::roll(tx, org, id)? {
        if line.mark.is_none() {
            live::mark(tx, org, id, line.person, Some(Mark::Present), None, at)?;
        }
    }
    let (item, member) = (ItemId::new(params["item"].parse().unwrap()), PersonId::new(params["member"].parse().unwrap()));
    room::take_up(tx, actor, org, id, Some(item))?;
    room::ask(tx, actor, org, id, item, member, None)?;
    let resolution = ResolutionId::new(params["resolution"].parse().unwrap());
    let yes = live::roll(tx, org, id)?.iter().filter(|l| l.official && l.mark == Some(Mark::Present)).count();
    let new = NewVote {
        item: None,
        resolution: Some(resolution),
        subject: Subject::Resolution,
        threshold: Threshold::from_word("majority").unwrap(),
        question: "Thông qua nghị quyết".to_owned(),
        count: Count { yes: u32::try_from(yes).unwrap(), no: 0, other: 0 },
        reserved: String::new(),
    };
    let vote = live::add_vote(tx, actor, org, id, &new)?;
    put(params, &["vote"], vote);
    let before = resolutions::get(tx, org, resolution)?;
    resolutions::save_state(tx, actor, &before, ResolutionState::Adopted, Some(vote), None)?;
    tasks::put_in_force(tx, actor, org, resolution, true)?;
    message(tx, actor, org, member, TaskId::new(params["task"].parse().unwrap()))?;
    draft::begin(tx, actor, org, id)?;
    tx.exec(
        "update minutes_section set body = $3 where org_id = $1 and meeting_id = $2 and section = $4",
        values![org, id, format!("Kết luận {}", spot.mark()), SectionKey::Conclusion.code()],
    )?;
    minutes::marks::add(tx, actor, org, id, SectionKey::Conclusion, &format!("Chỗ cần sửa {}", spot.mark()))?;
    let said = RowId::new(params["contribution"].parse().unwrap());
    let words = live::contributions(tx, org, id)?.into_iter().find(|c| c.id == said).map(|c| c.summary).unwrap();
    minutes::words::say(tx, actor, org, id, said, (false, &format!("Đề nghị sửa {}", spot.mark()), &words))?;
    // A draft from new facts: words of a person that wait to be joined would hold up the adopting.
    let text = NewText { body: spot.mark(), by: minutes::NOBODY, save_key: None };
    put(params, &["aside"], minutes::set_aside(tx, actor, org, id, SectionKey::Conclusion, 1, &text)?);
    Ok(())
}
