//! The page of one meeting: for who leads it a list of tasks along the spine, for everybody the
//! notice, the agenda with its files, the own answer and, later, the adopted minutes.
//! Rules: M3, M8, CB-03, P-10, P-30 (public headings only).

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::code::Code;
use domain::id::MeetingId;
use domain::meeting::MeetingState;
use domain::notice::{Lead, check};
use domain::resolution::ResolutionState;
use domain::right::Right;
use domain::roll::Standing;
use domain::rulepack::Library;
use domain::vi;
use web::page::html;

use super::super::page::{ItemView, MeetingPage, NoticeView, StepView, TaskView};
use super::super::store::dossier::{self, Dossier, for_reader};
use super::super::view::{by_words, class, size_words};
use super::{ahead, id_of, when};
use crate::actor::{Actor, local};
use crate::app::App;
use crate::fault::Fault;
use crate::live::room::member;
use crate::live::room::page::MemberRoom;
use crate::live::vote::booth;
use crate::live::vote::page::Booth;
use crate::minutes::wording::{self, Own};
use crate::notice::store::opinions::{self, Opinion, OpinionState};
use crate::notice::store::replies::{self, Answer, Decision, Reply};
use crate::notice::store::{self as notices, Notice};
use crate::once::Keep;
use crate::pulse::page::{self as pulse, Asking, PulseView};
use crate::resolution::store as resolutions;
use crate::shell::{Done, Shell, Under};

struct Known {
    d: Dossier,
    notices: Vec<Notice>,
    replies: Vec<Reply>,
    own: Vec<Opinion>,
    sent: usize,
    adopted: bool,
    drafted: bool,
    unread: bool,
    own_words: Vec<Own>,
    asking: Option<Asking>,
    pulse: Option<PulseView>,
    room: Option<MemberRoom>,
    booths: Vec<Booth>,
}

async fn load(app: &App, actor: &Actor, id: MeetingId) -> Result<Known, Fault> {
    let (reader, library) = (actor.clone(), app.rules.clone());
    app.db
        .read(move |tx| {
            let org = reader.org;
            let meeting = for_reader(tx, &reader, id)?;
            // What only the list of tasks tells is asked only for who has one.
            let leads = has_tasks(&reader);
            let held = meeting.state == MeetingState::Open && reader.may(Right::CellRead);
            let booths = if held { booth::open_ones(tx, &reader, &meeting)? } else { Vec::new() };
            let resolutions = if leads { resolutions::states(tx, org, &[id])? } else { Vec::new() };
            let replies =
                if leads { replies::all(tx, org, id)? } else { replies::of(tx, org, id, reader.person)?.into_iter().collect() };
            let adopted = |s: ResolutionState| !matches!(s, ResolutionState::Draft);
            let content = reader.may(Right::CellRead);
            let room = member::room(tx, &reader, &meeting, &library)?;
            let d = dossier::load_of(tx, &library, meeting, reader.today())?;
            let own_words = if content { wording::own(tx, &reader, &d.meeting, &d.items)? } else { Vec::new() };
            let (asking, pulse) = if content { pulse_of(tx, &reader, &d, &library)? } else { (None, None) };
            Ok(Known {
                d,
                own_words,
                asking,
                pulse,
                room,
                notices: notices::of_meeting(tx, org, id)?,
                replies,
                own: opinions::own(tx, org, id, reader.person)?,
                sent: if leads { opinions::count_sent(tx, org, id)? } else { 0 },
                adopted: resolutions.iter().any(|r| adopted(r.1)),
                drafted: !resolutions.is_empty(),
                unread: notices::is_unread(tx, org, id, reader.person)?,
                booths,
            })
        })
        .await
}

/// The question that waits for the reader after the meeting, and the counts that may be shown.
fn pulse_of(
    tx: &mut db::Tx,
    reader: &Actor,
    d: &Dossier,
    library: &Library,
) -> Result<(Option<Asking>, Option<PulseView>), Fault> {
    let m = &d.meeting;
    if !m.state.is_held() {
        return Ok((None, None));
    }
    let figures = pulse::figures(library, &d.rules);
    let attended = crate::pulse::store::of(tx, m.org, m.id, reader.person)?;
    let asking = match attended {
        Some(at) => pulse::asking(tx, reader, &at, &figures, reader.today())?,
        None => None,
    };
    Ok((asking, pulse::view(tx, m, &figures)?))
}

/// The page; opening it is what "has read the notice" means.
pub async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((_, meeting)): Path<(String, String)>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let id: MeetingId = id_of(&meeting)?;
    let known = load(&app, &actor, id).await?;
    if known.unread {
        let (org, person, now) = (actor.org, actor.person, actor.now);
        app.db.write(move |tx| notices::mark_read(tx, org, id, person, now)).await?;
    }
    Ok(html(&view(&actor, &known, done.words())))
}

fn view(actor: &Actor, known: &Known, done: &str) -> MeetingPage {
    let d = &known.d;
    let m = d.meeting.clone();
    let prepares = actor.may(Right::MeetingPrepare);
    let writes = actor.may(Right::MinutesWrite);
    let content = actor.may(Right::CellRead);
    let mine = known.replies.iter().find(|r| r.person == actor.person);
    let may_answer = d.recipients.iter().any(|r| r.person == actor.person && !r.follower)
        && actor.standpoint.membership.is_some_and(Standing::is_expected);
    let told = !known.notices.is_empty();
    // While a notice is being changed only those who prepare see what will be in it.
    let show_agenda = prepares || (m.state != MeetingState::Draft && m.state != MeetingState::Cancelled);
    let mut shell =
        Shell::new(actor, &m.title, Under::Meetings).crumb(format!("/cb/{}/buoi", m.org), Under::Meetings.label()).done(done);
    if known.room.is_some() {
        shell = shell.live().outbox(Keep::Page);
    }
    MeetingPage {
        room: known.room.clone(),
        shell,
        when: when(&m),
        days: if ahead(m.state) {
            format!("{}.", vi::capitalize(&vi::days_left(actor.today(), m.starts_at.date())))
        } else {
            String::new()
        },
        class: class(m.state),
        state: m.state.label(),
        who: who(&m, told),
        cancelled: m.state == MeetingState::Cancelled,
        reason: m.cancel_reason.clone().unwrap_or_default(),
        prepares,
        writes,
        steps: if has_tasks(actor) { steps(actor, known) } else { Vec::new() },
        tasks: if has_tasks(actor) { tasks(actor, known) } else { Vec::new() },
        booths: known.booths.clone(),
        can_answer: may_answer && m.state == MeetingState::Noticed,
        answer_title: if mine.is_some() { "Câu trả lời của đồng chí" } else { "Đồng chí có dự không?" },
        answer_words: mine.map(answer_words).unwrap_or_default(),
        answered: mine.map_or("", |r| r.answer.code()),
        can_write: may_answer && content && m.state == MeetingState::Noticed,
        opinions: own_words(&known.own),
        minutes: m.sealed.filter(|_| content).map(|s| format!("/cb/{}/van-ban/{s}", m.org)).unwrap_or_default(),
        scored: m.opened_at.is_some() && m.kind.serves_regular() && actor.may(Right::ScoreRead),
        notice: known.notices.first().map(notice_view),
        facts: if show_agenda { facts(d) } else { Vec::new() },
        changing: m.state == MeetingState::Draft && told,
        show_agenda,
        total: d.items.iter().map(|i| i.minutes).sum(),
        items: items(d),
        own_words: known.own_words.clone(),
        asking: known.asking.clone(),
        pulse: known.pulse.clone(),
        scans: scans(actor, d),
        preparing_only: !show_agenda && !told && m.state == MeetingState::Draft,
        m,
    }
}

/// Scans of the paper, for who writes the minutes and, once these are adopted, for the cell.
fn scans(actor: &Actor, d: &Dossier) -> Vec<(domain::id::FileId, String, String)> {
    if !reads_scans(actor, &d.meeting) {
        return Vec::new();
    }
    let loose = d.files.iter().filter(|f| f.item.is_none());
    loose.map(|f| (f.id, f.name.clone(), size_words(f.size))).collect()
}

/// A scan holds what the minutes will say: it is read as they are.
pub(super) fn reads_scans(actor: &Actor, m: &super::Meeting) -> bool {
    let adopted = matches!(m.state, MeetingState::Adopted | MeetingState::Sealed);
    actor.may(Right::MeetingPrepare) || m.secretary == Some(actor.person) || (adopted && actor.may(Right::CellRead))
}

/// Who prepares or writes sees where the meeting stands and what is to be done.
fn has_tasks(actor: &Actor) -> bool {
    actor.may(Right::MeetingPrepare) || actor.may(Right::MinutesWrite)
}

fn who(m: &super::Meeting, told: bool) -> &'static str {
    match (m.kind, told) {
        (domain::meeting::MeetingKind::Committee, _) => "Chỉ chi ủy xem được trang này.",
        (_, true) => "Đảng viên chi bộ và cấp ủy viên theo dõi chi bộ xem được trang này.",
        (_, false) => "Chi ủy xem được trang này; đảng viên xem được sau khi gửi thông báo.",
    }
}

fn notice_view(n: &Notice) -> NoticeView {
    let at = local(n.sent_at);
    let lead = Lead { minutes: n.lead_minutes };
    let lead = if lead.minutes > 0 { format!(", {} so với giờ bắt đầu", lead.text()) } else { String::new() };
    NoticeView {
        lines: n.body.lines().map(str::to_owned).collect(),
        sent: format!("Gửi lúc {} ngày {}{lead}.", vi::time_short(at.time()), vi::date(at.date())),
        change: n.change_note.clone().unwrap_or_default(),
    }
}

fn answer_words(r: &Reply) -> String {
    match (r.answer, r.decision) {
        (Answer::Coming, _) => "Đồng chí sẽ dự. Có thể đổi trước khi khai mạc.".to_owned(),
        (Answer::Away, None) => format!("Đồng chí xin vắng: {}. Đang chờ bí thư xem xét.", r.reason.clone().unwrap_or_default()),
        (Answer::Away, Some(Decision::Granted)) => "Đồng chí xin vắng và đã được đồng ý.".to_owned(),
        (Answer::Away, Some(Decision::Refused)) => "Lý do xin vắng chưa được đồng ý. Đề nghị đồng chí dự sinh hoạt.".to_owned(),
    }
}

fn own_words(own: &[Opinion]) -> String {
    let sent = own.iter().filter(|o| o.state == OpinionState::Sent).count();
    match (own.len(), sent) {
        (0, _) => "Đồng chí chưa viết ý kiến nào. Ý kiến gửi trước giúp chủ trì bố trí thời gian thảo luận.".to_owned(),
        (n, sent) => format!("Đồng chí đã viết {n} ý kiến, đã gửi {sent}."),
    }
}

/// What a member needs to know at a glance.
fn facts(d: &Dossier) -> Vec<(&'static str, String)> {
    let m = &d.meeting;
    let person = |p| format!("đ/c {}", d.name(p));
    let end = format!("{}, dự kiến kết thúc lúc {}", when(m), vi::time(m.ends_at.time()));
    [
        ("Thời gian", Some(end)),
        ("Địa điểm", Some(m.place.clone())),
        ("Chuyên đề", m.topic.clone()),
        ("Chủ trì", m.chair.map(person)),
        ("Thư ký dự kiến", m.secretary.map(person)),
    ]
    .into_iter()
    .filter_map(|(name, text)| Some((name, text.filter(|t| !t.is_empty())?)))
    .collect()
}

fn items(d: &Dossier) -> Vec<ItemView> {
    d.items
        .iter()
        .zip(d.agenda())
        .map(|(row, facts)| ItemView {
            title: facts.public_title().to_owned(),
            by: by_words(facts.presenter.as_deref().unwrap_or_default(), row.minutes),
            information: facts.information.clone(),
            points: facts.points.clone(),
            files: d.files_of(row.id).into_iter().map(|f| (f.id, f.name.clone(), size_words(f.size))).collect(),
        })
        .collect()
}

/// How far along the spine a meeting is, as the number of the present step.
fn present(known: &Known, ready: bool) -> usize {
    match known.d.meeting.state {
        MeetingState::Draft => usize::from(ready),
        MeetingState::Noticed | MeetingState::Open => 2,
        MeetingState::Closed | MeetingState::Adopted => 3,
        MeetingState::Sealed if known.drafted && !known.adopted => 4,
        MeetingState::Sealed if known.d.meeting.posted_at.is_none() => 5,
        MeetingState::Sealed | MeetingState::Cancelled => 6,
    }
}

fn ready(actor: &Actor, d: &Dossier) -> bool {
    check(&d.notice_facts(), actor.local(), &d.notice_figures()).iter().all(|c| !c.blocks())
}

fn steps(actor: &Actor, known: &Known) -> Vec<StepView> {
    let m = &known.d.meeting;
    if m.state == MeetingState::Cancelled {
        return Vec::new();
    }
    let now = present(known, ready(actor, &known.d));
    let base = format!("/cb/{}/buoi/{}", m.org, m.id);
    let prepares = actor.may(Right::MeetingPrepare);
    let began = m.opened_at.is_some();
    let lines = [
        ("Chuẩn bị", format!("{base}/chuan-bi"), prepares),
        ("Thông báo", format!("{base}/thong-bao"), prepares),
        ("Sinh hoạt", format!("{base}/dieu-hanh"), prepares && (began || m.starts_at.date() <= actor.today())),
        ("Biên bản", format!("{base}/bien-ban"), began),
        ("Nghị quyết", format!("{base}/nghi-quyet"), prepares),
        ("Gửi cấp trên", m.sealed.map(|s| format!("/cb/{}/van-ban/{s}", m.org)).unwrap_or_default(), m.sealed.is_some()),
    ];
    let done = |n: usize| match n {
        1 => !known.notices.is_empty() && m.state != MeetingState::Draft,
        4 => known.adopted,
        _ => n < now,
    };
    lines
        .into_iter()
        .enumerate()
        .map(|(n, (label, href, open))| StepView {
            label,
            href: if open { href } else { String::new() },
            done: done(n),
            current: n == now,
        })
        .collect()
}

fn task(href: String, title: &str, small: String, class: &'static str) -> TaskView {
    let chip = match class {
        "done" => "Xong",
        "wait" => "Đang làm",
        "due" => "Cần làm",
        "late" => "Quá hạn",
        _ => "Chưa tới",
    };
    TaskView { href, title: title.to_owned(), small, class, chip }
}

fn tasks(actor: &Actor, known: &Known) -> Vec<TaskView> {
    let state = known.d.meeting.state;
    if state == MeetingState::Cancelled {
        return Vec::new();
    }
    let mut out = Vec::new();
    if actor.may(Right::MeetingPrepare) && ahead(state) {
        out.extend(before(actor, known));
    }
    out.extend(after(actor, known));
    out
}

/// What is to do until the meeting begins.
fn before(actor: &Actor, known: &Known) -> Vec<TaskView> {
    let (d, m) = (&known.d, &known.d.meeting);
    let base = format!("/cb/{}/buoi/{}", m.org, m.id);
    let noticed = m.state == MeetingState::Noticed;
    let checks = check(&d.notice_facts(), actor.local(), &d.notice_figures());
    let missing = checks.iter().filter(|c| c.blocks() && c.field != Some("members")).count();
    let minutes: i64 = d.items.iter().map(|i| i.minutes).sum();
    let mut out = vec![task(
        format!("{base}/chuan-bi"),
        "Chuẩn bị thời gian, chương trình, tài liệu",
        match missing {
            0 => format!("{} nội dung, {minutes} phút, {}", d.items.len(), vi::count(d.files.len(), "tài liệu")),
            n => format!("Còn {n} việc phải làm trước khi gửi thông báo"),
        },
        if missing == 0 { "done" } else { "due" },
    )];
    if m.kind != domain::meeting::MeetingKind::Committee {
        let met = m.committee_met_on;
        out.push(task(
            format!("{base}/chuan-bi"),
            "Chi ủy thống nhất nội dung",
            met.map_or_else(
                || "Ghi ngày họp vào phần chuẩn bị".to_owned(),
                |day| format!("Đã thống nhất ngày {}", vi::date(day)),
            ),
            if met.is_some() { "done" } else { "due" },
        ));
    }
    let followers: Vec<&str> = d.recipients.iter().filter(|r| r.follower).map(|r| r.name.as_str()).collect();
    let members = d.recipients.len() - followers.len();
    let days = i64::from(d.notice_figures().lead_days);
    let by = m.starts_at.date().checked_sub(jiff::Span::new().days(days)).map(vi::date).unwrap_or_default();
    let to =
        if followers.is_empty() { String::new() } else { format!(" và đ/c {} (cấp ủy theo dõi)", vi::join(&followers)) };
    out.push(task(
        format!("{base}/thong-bao"),
        if noticed { "Thông báo đã gửi" } else { "Kiểm tra và gửi thông báo" },
        match known.notices.first().filter(|_| noticed) {
            Some(n) => notice_view(n).sent,
            None => format!("{members} đảng viên{to}. Gửi chậm nhất {by}."),
        },
        if noticed { "done" } else { "due" },
    ));
    if noticed {
        out.extend(answers(known, &base));
    }
    let papers = "Thông báo, chương trình, danh sách điểm danh".to_owned();
    out.push(TaskView { chip: "Khi cần", ..task(format!("{base}/in"), "In bộ tài liệu", papers, "none") });
    out
}

fn answers(known: &Known, base: &str) -> Vec<TaskView> {
    let asked = known.d.recipients.iter().filter(|r| known.d.is_asked(r)).count();
    let coming = known.replies.iter().filter(|r| r.answer == Answer::Coming).count();
    let away = known.replies.iter().filter(|r| r.answer == Answer::Away).count();
    let undecided = known.replies.iter().filter(|r| r.answer == Answer::Away && r.decision.is_none()).count();
    let silent = asked.saturating_sub(coming + away);
    let mut small = format!("{coming} sẽ dự, {away} xin vắng, {silent} chưa trả lời");
    if undecided > 0 {
        small.push_str(&format!("; {undecided} lý do xin vắng chờ quyết định"));
    }
    let class = match (undecided, silent) {
        (0, 0) => "done",
        (0, _) => "wait",
        _ => "due",
    };
    let (class_sent, chip, said) = match known.sent {
        0 => ("none", "Chưa có", "Chưa có ý kiến nào được gửi".to_owned()),
        n => ("wait", "Cần đọc", format!("{n} ý kiến đã gửi")),
    };
    vec![
        task(format!("{base}/tra-loi"), "Trả lời của đảng viên", small, class),
        TaskView { chip, ..task(format!("{base}/tra-loi#y-kien"), "Ý kiến gửi trước", said, class_sent) },
    ]
}

/// What is to do from the opening on.
fn after(actor: &Actor, known: &Known) -> Vec<TaskView> {
    let m = &known.d.meeting;
    let base = format!("/cb/{}/buoi/{}", m.org, m.id);
    let prepares = actor.may(Right::MeetingPrepare);
    let mut out = Vec::new();
    if prepares {
        out.extend(holding(actor, known, &base));
    }
    out.extend(minutes(m, prepares, &base));
    if prepares {
        out.extend(results(known, &base));
    }
    out
}

/// An address that can be entered only when the time has come.
fn open_when(open: bool, href: String) -> String {
    if open { href } else { String::new() }
}

fn holding(actor: &Actor, known: &Known, base: &str) -> Vec<TaskView> {
    let m = &known.d.meeting;
    let due = m.starts_at.date() <= actor.today();
    let class = match m.state {
        state if state.is_held() => "done",
        MeetingState::Open => "wait",
        _ if due => "due",
        _ => "none",
    };
    let small = match m.opened_at {
        Some(at) => format!("Khai mạc lúc {}", vi::time(at.time())),
        None => "Mở vào ngày sinh hoạt".to_owned(),
    };
    let href = open_when(m.opened_at.is_some() || due, format!("{base}/dieu-hanh"));
    let mut out = vec![task(href, "Khai mạc, điều hành, biểu quyết", small, class)];
    if due && !matches!(m.state, MeetingState::Adopted | MeetingState::Sealed) {
        let small = "Khi buổi họp ghi trên giấy: nhập tất cả trong một trang".to_owned();
        out.push(TaskView { chip: "Khi cần", ..task(format!("{base}/nhap-sau"), "Nhập sau từ giấy", small, "none") });
    }
    if m.opened_at.is_some() {
        let small = "Danh sách phải dự đã chốt khi khai mạc".to_owned();
        let class = if m.state.is_held() { "done" } else { "wait" };
        out.push(task(format!("{base}/diem-danh"), "Điểm danh", small, class));
    }
    out
}

fn minutes(m: &super::Meeting, prepares: bool, base: &str) -> Vec<TaskView> {
    let writing = match m.state {
        MeetingState::Sealed | MeetingState::Adopted => "done",
        MeetingState::Open | MeetingState::Closed => "due",
        MeetingState::Draft | MeetingState::Noticed | MeetingState::Cancelled => "none",
    };
    let href = open_when(m.opened_at.is_some(), format!("{base}/bien-ban"));
    let mut out = vec![task(href, "Ghi biên bản", "Điền sẵn từ điểm danh, phát biểu, biểu quyết".to_owned(), writing)];
    if !m.state.is_held() {
        return out;
    }
    let adopted = m.adopted_at.is_some() && m.state != MeetingState::Closed;
    let reading = if adopted { "done" } else { "due" };
    let small = "Đọc trước chi bộ rồi thông qua".to_owned();
    out.push(task(format!("{base}/doc-lai"), "Đọc lại, thông qua biên bản", small, reading));
    if prepares {
        let class = match m.state {
            MeetingState::Sealed => "done",
            MeetingState::Adopted => "due",
            _ => "none",
        };
        let small = "Sau khi khóa không sửa được nữa".to_owned();
        out.push(task(open_when(adopted, format!("{base}/khoa")), "Khóa biên bản, lấy số", small, class));
    }
    out
}

fn results(known: &Known, base: &str) -> Vec<TaskView> {
    let m = &known.d.meeting;
    let (class, small) = match (known.adopted, known.drafted) {
        (true, _) => ("done", "Đã thông qua"),
        (false, true) => ("wait", "Đang soạn"),
        (false, false) => ("none", "Soạn từ chương trình hoặc từ kết luận"),
    };
    let resolution = task(format!("{base}/nghi-quyet"), "Nghị quyết, nhiệm vụ", small.to_owned(), class);
    let (class, small) = match (m.posted_at.is_some(), m.sealed.is_some()) {
        (true, _) => ("done", "Đã đăng lên Sổ tay đảng viên điện tử"),
        (false, true) => ("due", "Gửi biên bản, đăng lên Sổ tay đảng viên điện tử"),
        (false, false) => ("none", "Sau khi khóa biên bản"),
    };
    let href = m.sealed.map(|s| format!("/cb/{}/van-ban/{s}", m.org)).unwrap_or_default();
    vec![resolution, task(href, "Gửi cấp trên", small.to_owned(), class)]
}
