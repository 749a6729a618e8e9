//! The month of a cell as a task list: what is next, what is late, how the year stands.
//! May touch the stores of year, meeting, resolution and task. Rules: experience.md (task list), SH-01 … SH-07, SM-03, DD-03.

use std::collections::BTreeMap;

use db::Tx;
use domain::id::{MeetingId, OrgId, PersonId};
use domain::meeting::MeetingState;
use domain::numbering::DocKind;
use domain::period::{PeriodKey, PeriodKind, PeriodState};
use domain::post::Role;
use domain::resolution::ResolutionState;
use domain::right::{self, Right};
use domain::rulepack::{Library, Rules};
use domain::task::{TaskFact, review};
use domain::vi;
use jiff::ToSpan;
use jiff::civil::Date;

use super::page::{Desk, Figures, Step, Tile, Todo};
use super::store::{self, Roll};
use super::year::{CellYear, cell_year_of, goal, reaches};
use crate::absence::view as absence;
use crate::concern::view as concerns;
use crate::fault::Fault;
use crate::guidance::view::{self as guidance, News};
use crate::ledger::store as ledger;
use crate::meeting::store::{self as meetings, Meeting, Serving};
use crate::member::store as members;
use crate::note::view as notes;
use crate::org::store::Org;
use crate::resolution::store as resolutions;
use crate::task::store as tasks;
use crate::year::store as years;
use crate::year::strip::Tile as PeriodTile;

/// Whose desk it is: the cell, the person and their roles there, which decide what is asked of them.
pub type At<'a> = (OrgId, PersonId, &'a [Role]);

/// Reads the desk of a cell.
///
/// # Errors
/// `NotFound`; database faults.
pub fn load(tx: &mut Tx, library: &Library, at: At<'_>, today: Date) -> Result<Desk, Fault> {
    let (org, year) = (at.0, today.year());
    let rolls = store::rolls(tx, org, year)?;
    let news = guidance::news(tx, org, today)?;
    let known = known(tx, library, &news.cell, &rolls, today)?;
    let month = month(tx, library, at, (&known, &news), today)?;
    let figures = figures(library, &cell_year_of(tx, library, (org, year), &rolls, today)?, today);
    Ok(Desk {
        org: org.to_string(),
        heading: month.focus.heading.clone(),
        sub: month.focus.sub(today),
        steps: steps(org, &month.focus, month.found),
        main: month.focus.main.clone(),
        todos: month.todos,
        year,
        regular: shown(org, &known.tiles, PeriodKind::Regular, today),
        thematic: shown(org, &known.tiles, PeriodKind::Thematic, today),
        figures,
    })
}

/// What a page of a person's own says of a cell they lead: the task list alone.
///
/// # Errors
/// `NotFound`; database faults.
pub fn todos(tx: &mut Tx, library: &Library, at: At<'_>, news: &News, today: Date) -> Result<(String, Vec<Todo>), Fault> {
    let known = known(tx, library, &news.cell, &[], today)?;
    let month = month(tx, library, at, (&known, news), today)?;
    Ok((month.focus.heading, month.todos))
}

/// This year of a cell.
struct Known {
    /// Its kỳ, with the attendance of those whose rolls are known.
    tiles: Vec<PeriodTile>,
    /// The meetings that serve them.
    meetings: Vec<(PeriodKey, Serving)>,
    /// The rules of today.
    rules: Rules,
}

fn known(tx: &mut Tx, library: &Library, cell: &Org, rolls: &[Roll], today: Date) -> Result<Known, Fault> {
    let rules = years::rules_through(tx, cell, library)?;
    let shares = rolls.iter().map(|r| (r.meeting, r.share())).filter(|(_, s)| s.denom > 0);
    let attendance = shares.map(|(m, s)| (m, (i64::from(s.numer), i64::from(s.denom)))).collect();
    let year = today.year();
    let facts = years::facts(tx, cell.id, &(year..=year), attendance)?;
    let tiles = years::strip_from(&facts, cell, &rules, year, today);
    Ok(Known { tiles, meetings: facts.meetings, rules: rules.at(today) })
}

/// What the month is about and what is to do in it.
struct Month {
    focus: Focus,
    found: Option<ResolutionState>,
    todos: Vec<Todo>,
}

fn month(
    tx: &mut Tx,
    library: &Library,
    (org, person, roles): At<'_>,
    (known, news): (&Known, &News),
    today: Date,
) -> Result<Month, Fault> {
    let recent = meetings::since(tx, org, today.checked_sub(120.days()).unwrap_or(today))?;
    let focus = focus(tx, library, org, (&known.tiles, &recent), today)?;
    let own = focus.meeting.as_ref().map(|m| m.id);
    // Of the last meetings those that were held, but for the one the month is about.
    let mut held: Vec<&Meeting> = recent.iter().rev().take(8).filter(|m| m.state.is_held() && Some(m.id) != own).collect();
    held.reverse();
    let ids: Vec<MeetingId> = held.iter().map(|m| m.id).chain(own).collect();
    // Of several resolutions of a meeting the last one tells.
    let states: BTreeMap<MeetingId, ResolutionState> = resolutions::states(tx, org, &ids)?.into_iter().collect();
    let found = own.and_then(|m| states.get(&m).copied());
    let chair = roles.iter().any(|r| matches!(r, Role::Secretary | Role::Deputy));
    let mut todos = Vec::new();
    for meeting in held {
        unfinished(meeting, states.get(&meeting.id).copied(), &mut todos);
    }
    preparation(tx, org, &focus, (chair, today), &mut todos)?;
    todos.extend(guidance::todos(tx, news, focus.meeting.as_ref().map(|m| (m, focus.periods.as_slice())), today)?);
    review_of_tasks(tx, org, (person, chair, today), &mut todos)?;
    drafting(org, &focus, found, &mut todos);
    overdue(org, &known.tiles, &mut todos);
    topics(org, &known.tiles, today, &mut todos);
    todos.extend(absence::todos(tx, &known.rules, (org, &known.meetings), today)?);
    todos.extend(notes::todos(tx, org, today)?);
    todos.extend(concerns::todos(tx, &known.rules, org, today)?);
    Ok(Month { focus, found, todos })
}

/// What the month is about: a meeting on its way, or the kỳ that is next to be prepared.
#[derive(Debug, Clone)]
struct Focus {
    heading: String,
    meeting: Option<Meeting>,
    /// What it serves, or the kỳ to be prepared.
    periods: Vec<PeriodKey>,
    last_day: Option<Date>,
    main: Option<(String, String)>,
}

impl Focus {
    fn sub(&self, today: Date) -> String {
        match (&self.meeting, self.last_day) {
            (Some(m), _) => {
                let day = m.starts_at.date();
                let place = if m.place.trim().is_empty() { String::new() } else { format!(", {}", m.place.trim()) };
                let left = if day < today { m.state.to_string() } else { capital(&vi::days_left(today, day)) };
                format!("{}, {}, {}{place}. {left}.", m.kind, vi::date_weekday(day), vi::time(m.starts_at.time()))
            }
            (None, Some(day)) => {
                format!("Chưa chuẩn bị. Ngày cuối của kỳ: {}, {}.", vi::date_weekday(day), vi::days_left(today, day))
            }
            (None, None) => String::new(),
        }
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn focus(
    tx: &mut Tx,
    library: &Library,
    org: OrgId,
    (tiles, recent): (&[PeriodTile], &[Meeting]),
    today: Date,
) -> Result<Focus, Fault> {
    let since = today.checked_sub(45.days()).unwrap_or(today);
    let coming = |m: &&Meeting| {
        let ahead = matches!(m.state, MeetingState::Draft | MeetingState::Noticed | MeetingState::Open);
        ahead && m.starts_at.date() >= since && m.kind.serves_period()
    };
    if let Some(meeting) = recent.iter().find(coming).cloned() {
        let base = format!("/cb/{org}/buoi/{}", meeting.id);
        let main = match meeting.state {
            MeetingState::Draft => (base, "Tiếp tục chuẩn bị".to_owned()),
            MeetingState::Open => (format!("{base}/dieu-hanh"), "Điều hành buổi sinh hoạt".to_owned()),
            _ if meeting.starts_at.date() <= today => (format!("{base}/dieu-hanh"), "Khai mạc buổi sinh hoạt".to_owned()),
            _ => (base, "Mở buổi sinh hoạt".to_owned()),
        };
        let periods = meetings::periods(tx, org, meeting.id)?;
        let heading = match periods.as_slice() {
            [one] => one.name(),
            _ => meeting.title.clone(),
        };
        return Ok(Focus { heading, periods, last_day: None, main: Some(main), meeting: Some(meeting) });
    }
    let next = match first_open(tiles, today) {
        Some(next) => Some(next),
        // The year is over but for its tail: the first kỳ of the next.
        None => first_open(&years::strip(tx, library, org, today.year().saturating_add(1), today)?, today),
    };
    let (key, last_day) = (next.map(|n| n.0), next.map(|n| n.1));
    let main = key.map(|k| (format!("/cb/{org}/ky/{k}"), format!("Chuẩn bị {}", lower(&k.short_name()))));
    Ok(Focus {
        heading: key.map(|k| k.name()).unwrap_or_default(),
        meeting: None,
        periods: key.into_iter().collect(),
        last_day,
        main,
    })
}

/// The regular kỳ that is next to be prepared, with its last day.
fn first_open(tiles: &[PeriodTile], today: Date) -> Option<(PeriodKey, Date)> {
    let open = tiles.iter().filter(|t| t.duty.key.kind == PeriodKind::Regular && t.is_open() && t.duty.last_day >= today);
    open.min_by_key(|t| t.duty.opens).map(|t| (t.duty.key, t.duty.last_day))
}

fn lower(text: &str) -> String {
    crate::resolution::seal::lower(text)
}

fn todo(href: String, title: String, small: String, class: &'static str, word: &str) -> Todo {
    Todo { href, title, small, class, word: word.to_owned() }
}

/// Kỳ of this year that were not met in time.
fn overdue(org: OrgId, tiles: &[PeriodTile], out: &mut Vec<Todo>) {
    let late: Vec<&PeriodTile> = tiles.iter().filter(|t| t.standing.state == PeriodState::Overdue).collect();
    for tile in late.iter().take(3) {
        let key = tile.duty.key;
        let small = format!("{}. Họp bù, ghép kỳ hoặc ghi lý do hoãn.", capital(&tile.standing.words));
        out.push(todo(format!("/cb/{org}/ky/{key}"), format!("{} chưa sinh hoạt", key.short_name()), small, "late", "Quá hạn"));
    }
    if late.len() > 3 {
        let small = "Mở năm sinh hoạt để xem từng kỳ.".to_owned();
        out.push(todo(format!("/cb/{org}/nam"), format!("Còn {} kỳ khác quá hạn", late.len() - 3), small, "late", "Quá hạn"));
    }
}

/// Thematic kỳ of this year that nobody has prepared and whose last day is near (SH-03).
fn topics(org: OrgId, tiles: &[PeriodTile], today: Date, out: &mut Vec<Todo>) {
    let soon = today.checked_add(45.days()).unwrap_or(today);
    let near = |t: &&PeriodTile| t.duty.opens <= today && (today..=soon).contains(&t.duty.last_day);
    for tile in tiles.iter().filter(|t| t.duty.key.kind == PeriodKind::Thematic && t.is_open()).filter(near) {
        let (key, last) = (tile.duty.key, tile.duty.last_day);
        let topic = tile.topic().map_or_else(|| "Chưa chọn chuyên đề".to_owned(), |t| format!("“{t}”"));
        let small = format!("{topic}. Hạn {}, {}.", vi::date(last), vi::days_left(today, last));
        out.push(todo(format!("/cb/{org}/ky/{key}"), format!("Chuẩn bị {}", lower(&key.short_name())), small, "due", "Cần làm"));
    }
}

/// What is not finished of a meeting that was held: its minutes, its resolution.
fn unfinished(meeting: &Meeting, resolution: Option<ResolutionState>, out: &mut Vec<Todo>) {
    let base = format!("/cb/{}/buoi/{}", meeting.org, meeting.id);
    let (held, day) = (meeting.title.clone(), vi::date(meeting.starts_at.date()));
    let minutes = match meeting.state {
        MeetingState::Closed => Some("Hoàn thành biên bản"),
        MeetingState::Adopted => Some("Khóa biên bản"),
        _ => None,
    };
    if let Some(title) = minutes {
        out.push(todo(format!("{base}/bien-ban"), format!("{title} ngày {day}"), held.clone(), "due", "Cần làm"));
    }
    let resolution = match resolution {
        None | Some(ResolutionState::Sealed) => None,
        Some(ResolutionState::Adopted) => Some(("Ban hành nghị quyết", "due", "Cần làm")),
        Some(ResolutionState::Draft) => Some(("Hoàn thành dự thảo nghị quyết", "wait", "Đang làm")),
    };
    if let Some((title, class, word)) = resolution {
        out.push(todo(format!("{base}/nghi-quyet"), format!("{title} ngày {day}"), held, class, word));
    }
}

/// Preparing, giving notice, answers.
fn preparation(tx: &mut Tx, org: OrgId, focus: &Focus, (chair, today): (bool, Date), out: &mut Vec<Todo>) -> Result<(), Fault> {
    let Some(meeting) = &focus.meeting else {
        if let Some(key) = focus.periods.first() {
            let small = match focus.last_day {
                Some(day) => format!("Hạn {}, {}. Chương trình được điền sẵn.", vi::date(day), vi::days_left(today, day)),
                None => "Chương trình được điền sẵn.".to_owned(),
            };
            out.push(todo(
                format!("/cb/{org}/ky/{key}"),
                format!("Chuẩn bị {}", lower(&key.short_name())),
                small,
                "due",
                "Cần làm",
            ));
        }
        return Ok(());
    };
    let base = format!("/cb/{org}/buoi/{}", meeting.id);
    match meeting.state {
        MeetingState::Draft => {
            out.push(todo(
                format!("{base}/chuan-bi"),
                "Chuẩn bị chương trình, tài liệu".to_owned(),
                meeting.title.clone(),
                "wait",
                "Đang làm",
            ));
            let small = "Gửi tới đảng viên chi bộ và đồng chí cấp ủy theo dõi.".to_owned();
            let word = if chair { "Cần làm" } else { "Chờ bí thư" };
            out.push(todo(format!("{base}/thong-bao"), "Kiểm tra và gửi thông báo".to_owned(), small, "due", word));
        }
        MeetingState::Noticed => {
            let a = store::answers(tx, org, meeting.id)?;
            let expected = members::standings(tx, org, meeting.starts_at.date())?.into_iter().filter(|s| s.is_expected()).count();
            let known = usize::try_from(a.coming + a.away).unwrap_or(0);
            let small =
                format!("{} đồng chí sẽ dự, {} xin vắng, {} chưa trả lời.", a.coming, a.away, expected.saturating_sub(known));
            if a.pending > 0 {
                let title = format!("Quyết định {} đề nghị vắng mặt", a.pending);
                let word = if chair { "Cần làm" } else { "Chờ bí thư" };
                out.push(todo(format!("{base}/tra-loi"), title, small, "due", word));
            } else {
                out.push(todo(format!("{base}/tra-loi"), "Theo dõi trả lời thông báo".to_owned(), small, "done", "Đã gửi"));
            }
        }
        MeetingState::Open => {
            out.push(todo(
                format!("{base}/dieu-hanh"),
                "Buổi sinh hoạt đang diễn ra".to_owned(),
                meeting.title.clone(),
                "wait",
                "Đang họp",
            ));
        }
        _ => {}
    }
    Ok(())
}

/// How the tasks stand that the next meeting begins with, and what waits for this person.
fn review_of_tasks(
    tx: &mut Tx,
    org: OrgId,
    (person, chair, today): (PersonId, bool, Date),
    out: &mut Vec<Todo>,
) -> Result<(), Fault> {
    let now = today.checked_add(1.day()).unwrap_or(today).at(0, 0, 0, 0);
    if let Some(last) = resolutions::last_in_force(tx, org, now)? {
        let facts = tasks::facts_for_review(tx, org, last.id)?;
        let counted = review(&facts, today);
        let live = counted.reported + counted.overdue + counted.running;
        let (class, word) = match (counted.overdue, live) {
            (0, 0) => ("done", "Xong"),
            (0, _) => ("wait", "Đang làm"),
            (_, _) => ("late", "Quá hạn"),
        };
        if counted.total > 0 {
            let title = format!("Kiểm điểm nghị quyết {}", last.title);
            out.push(todo(format!("/cb/{org}/nhiem-vu"), title, format!("{}.", capital(&counted.text())), class, word));
        }
        late_tasks(org, &facts, (chair, today), out);
    }
    let waiting = tasks::count_to_check(tx, org, person)?;
    if waiting > 0 {
        let title = format!("Xác nhận kết quả {waiting} nhiệm vụ");
        out.push(todo("/toi/nhiem-vu".to_owned(), title, "Đồng chí là người kiểm tra.".to_owned(), "due", "Cần làm"));
    }
    Ok(())
}

/// What the next meeting should find with its cause, and what it decides on.
fn late_tasks(org: OrgId, facts: &[TaskFact], (chair, today): (bool, Date), out: &mut Vec<Todo>) {
    let href = format!("/cb/{org}/nhiem-vu-cham");
    let lacking = facts.iter().filter(|f| f.lacks_cause(today)).count();
    if lacking > 0 {
        let title = format!("Ghi nguyên nhân của {lacking} nhiệm vụ chậm");
        let small = "Trước kỳ sinh hoạt sau: nguyên nhân, trách nhiệm, bước tiếp theo.".to_owned();
        out.push(todo(href.clone(), title, small, "due", "Cần làm"));
    }
    let asked = facts.iter().filter(|f| f.state.is_live() && f.proposed.is_some_and(|d| d >= today)).count();
    if asked > 0 {
        let title = format!("Quyết định {asked} đề xuất thời hạn mới");
        let word = if chair { "Cần làm" } else { "Chờ bí thư" };
        out.push(todo(href, title, "Đồng chí thực hiện xin thêm thời gian, đã nêu lý do.".to_owned(), "due", word));
    }
}

/// The resolution of the meeting the month is about.
fn drafting(org: OrgId, focus: &Focus, found: Option<ResolutionState>, out: &mut Vec<Todo>) {
    let Some(meeting) = &focus.meeting else {
        return;
    };
    let href = format!("/cb/{org}/buoi/{}/nghi-quyet", meeting.id);
    let title = format!("Dự thảo nghị quyết {}", lower(&focus.heading));
    match found {
        None => out.push(todo(href, title, "Lập từ kết quả kỳ trước và các kết luận của buổi.".to_owned(), "none", "Chưa tới")),
        Some(ResolutionState::Draft) => out.push(todo(href, title, "Đang soạn.".to_owned(), "wait", "Đang làm")),
        Some(ResolutionState::Adopted | ResolutionState::Sealed) => {
            out.push(todo(href, title, "Chi bộ đã thông qua.".to_owned(), "done", "Xong"));
        }
    }
}

fn steps(org: OrgId, focus: &Focus, found: Option<ResolutionState>) -> Vec<Step> {
    let at = |part: &str| focus.meeting.as_ref().map(|m| format!("/cb/{org}/buoi/{}{part}", m.id)).unwrap_or_default();
    let state = focus.meeting.as_ref().map(|m| m.state);
    let past = |states: &[MeetingState]| state.is_some_and(|s| states.contains(&s));
    use MeetingState::{Adopted, Closed, Noticed, Open, Sealed};
    let adopted = found.is_some_and(|state| state != ResolutionState::Draft);
    let all = [
        ("Chuẩn bị", at("/chuan-bi"), past(&[Noticed, Open, Closed, Adopted, Sealed])),
        ("Thông báo", at("/thong-bao"), past(&[Noticed, Open, Closed, Adopted, Sealed])),
        ("Sinh hoạt", at("/dieu-hanh"), past(&[Closed, Adopted, Sealed])),
        ("Biên bản", at("/bien-ban"), past(&[Sealed])),
        ("Nghị quyết", at("/nghi-quyet"), adopted),
    ];
    let next = all.iter().position(|s| !s.2);
    (0..).zip(all).map(|(n, (label, href, done))| Step { label, href, done, current: next == Some(n) }).collect()
}

fn shown(org: OrgId, tiles: &[PeriodTile], kind: PeriodKind, today: Date) -> Vec<Tile> {
    tiles
        .iter()
        .filter(|t| t.duty.key.kind == kind)
        .map(|t| Tile {
            href: format!("/cb/{org}/ky/{}", t.duty.key),
            class: t.class(),
            heading: t.heading(),
            word: t.word(today).to_owned(),
            note: t.note(),
            now: t.is_now(today),
        })
        .collect()
}

/// The figures beside the task list, each with what it was counted from.
pub fn figures(library: &Library, year: &CellYear, today: Date) -> Figures {
    let rules = library.at(today);
    let share = year.attended;
    let attendance = goal(&rules, "attendance");
    let speaking = goal(&rules, "periods_spoken");
    let reached = reaches(&rules, share);
    Figures {
        attendance: if share.denom == 0 { String::new() } else { share.to_string() },
        attendance_class: if reached { "done" } else { "late" },
        attendance_note: format!("{}, chỉ tiêu {}", if reached { "Đạt" } else { "Chưa đạt" }, attendance.shown),
        attendance_why: format!(
            "{} lượt có mặt trên {} lượt phải dự, {} buổi đã họp trong năm. Đã trừ {} lượt được miễn, sinh hoạt tạm thời nơi khác hoặc đình chỉ sinh hoạt.",
            share.numer,
            share.denom,
            year.meetings.len(),
            year.outside
        ),
        attendance_cite: attendance.cite,
        meetings: year.meetings.clone(),
        speaking: format!("{} / {}", year.reached, year.asked),
        speaking_class: if year.lacking.is_empty() { "done" } else { "due" },
        speaking_note: if year.lacking.is_empty() {
            "Mọi đồng chí đã đạt mức của năm".to_owned()
        } else {
            format!("{} đồng chí còn thiếu, năm chưa hết thì còn thời gian", year.lacking.len())
        },
        speaking_why: format!(
            "Mỗi đồng chí phát biểu {} trong năm; ai mới về hoặc có tháng được miễn thì tính theo số tháng phải dự. Chỉ đếm kỳ đã khóa biên bản, mỗi kỳ một lần.",
            speaking.shown
        ),
        speaking_cite: speaking.cite,
        lacking: year.lacking.iter().map(|l| (l.name.clone(), format!("{} / {} kỳ", l.spoken, l.target))).collect(),
    }
}

/// The next meeting of a cell whose notice is out, for its members.
///
/// # Errors
/// Database faults only.
pub fn noticed(tx: &mut Tx, org: OrgId, today: Date) -> db::Result<Vec<Meeting>> {
    let mut found = meetings::upcoming(tx, org, today)?;
    found.retain(|m| matches!(m.state, MeetingState::Noticed | MeetingState::Open));
    Ok(found)
}

/// What was issued lately, newest first: address and title. What the committee decided alone is
/// for those who lead.
///
/// # Errors
/// Database faults only.
pub fn to_read(tx: &mut Tx, org: OrgId, leads: bool, today: Date) -> db::Result<Vec<(String, String, String)>> {
    let since = today.checked_sub(40.days()).unwrap_or(today);
    let until = today.checked_add(1.day()).unwrap_or(today);
    let mut found = ledger::list(tx, org, since, until)?;
    found.retain(|i| {
        let closed = i.meeting_kind.map_or(i.kind == DocKind::Notice, |k| right::to_read(k) == Right::MeetingPrepare);
        leads || !closed
    });
    found.reverse();
    found.truncate(3);
    Ok(found
        .into_iter()
        .map(|i| {
            let small = format!("{}, ngày {}", i.number_text, vi::date(i.issued_on));
            (format!("/cb/{org}/van-ban/{}", i.id), i.title, small)
        })
        .collect())
}
