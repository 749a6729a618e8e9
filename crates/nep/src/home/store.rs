//! What home pages ask the database: a person's and a cell's year, answers, states of cells below,
//! how far a new installation is, and everything kept about one person (P-26).

use db::{Row, Tx, Value, values};
use domain::agenda::Part;
use domain::id::{IssuedId, MeetingId, OrgId, PersonId};
use domain::meeting::MeetingState;
use domain::period::PeriodKey;
use domain::roll::{Mark, MembershipFact, RollLine, Standing};
use jiff::civil::{Date, DateTime};
use serde_json::{Map, Value as Json, json};

/// One held meeting of a kỳ as the roll has one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The meeting.
    pub meeting: MeetingId,
    /// Its title.
    pub title: String,
    /// When.
    pub starts_at: DateTime,
    /// Where its minutes stand.
    pub state: MeetingState,
    /// Its sealed minutes.
    pub sealed: Option<IssuedId>,
    /// Standing on that day.
    pub standing: Standing,
    /// Whether an official member on that day.
    pub official: bool,
    /// What the roll says.
    pub mark: Option<Mark>,
    /// Why absent.
    pub reason: Option<String>,
}

db::row!(Seen { meeting, title, starts_at, state: code, sealed, standing: code, official, mark: code_opt, reason });

impl Seen {
    /// The line as the rules of attendance see it.
    pub fn facts(&self, person: PersonId) -> RollLine {
        RollLine {
            person,
            name: String::new(),
            standing: self.standing,
            official: self.official,
            leader: false,
            mark: self.mark,
            reason: None,
        }
    }
}

/// The meetings of a kỳ held in a year on whose roll a person of a cell stands, oldest first.
/// Meetings of the committee and others that serve no kỳ are not attendance of the cell.
///
/// # Errors
/// Database faults only.
pub fn rolls_of(tx: &mut Tx, org: OrgId, person: PersonId, year: i16) -> db::Result<Vec<Seen>> {
    tx.all(
        "select m.meeting_id, m.title, m.starts_at, m.state, m.sealed_id, r.standing, r.official, r.mark, r.reason
         from roll r join meeting m on m.org_id = r.org_id and m.meeting_id = r.meeting_id
         where r.org_id = $1 and r.person_id = $2 and m.starts_at >= $3 and m.starts_at < $4
         and m.state in ('closed', 'adopted', 'sealed') and m.kind in ('regular', 'thematic', 'combined')
         order by m.starts_at",
        values![org, person, format!("{year}-"), format!("{year}.")],
    )
}

/// One contribution with one kỳ its meeting served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpokenRow {
    /// Who.
    pub person: PersonId,
    /// In which meeting.
    pub meeting: MeetingId,
    /// In which part of it.
    pub part: Part,
    /// Whether the minutes are sealed.
    pub sealed: bool,
    /// The kỳ.
    pub period: PeriodKey,
}

/// Contributions of a year in a cell, of one person or of all. A meeting that served several kỳ
/// gives a row for each; `year::periods_spoken` chooses.
///
/// # Errors
/// Database faults only.
pub fn spoken(tx: &mut Tx, org: OrgId, year: i16, person: Option<PersonId>) -> db::Result<Vec<SpokenRow>> {
    let mut out = Vec::new();
    tx.each(
        "select c.person_id, c.meeting_id, i.part, m.state, p.period from contribution c
         join agenda_item i on i.org_id = c.org_id and i.item_id = c.item_id
         join meeting m on m.org_id = c.org_id and m.meeting_id = c.meeting_id
         join meeting_period p on p.org_id = c.org_id and p.meeting_id = c.meeting_id
         where c.org_id = $1 and p.period >= $2 and p.period < $3 and (cast($4 as bigint) = 0 or c.person_id = cast($4 as bigint))
         order by c.said_at, c.contribution_id, p.period",
        values![org, format!("{year}-"), format!("{year}."), person.map_or(0, PersonId::raw)],
        |row| {
            if let Ok(period) = row.get::<String>(4)?.parse() {
                out.push(SpokenRow {
                    person: row.get(0)?,
                    meeting: row.get(1)?,
                    part: row.code(2)?,
                    sealed: row.code::<MeetingState>(3)? == MeetingState::Sealed,
                    period,
                });
            }
            Ok(())
        },
    )?;
    Ok(out)
}

/// Every cell a person ever belonged to, with its short name today.
///
/// # Errors
/// Database faults only.
pub fn cells_of(tx: &mut Tx, person: PersonId, today: Date) -> db::Result<Vec<(OrgId, String)>> {
    tx.all(
        "select distinct m.org_id, n.short_name from membership m
         join org_name n on n.org_id = m.org_id and n.from_date <= $2 and (n.to_date is null or n.to_date > $2)
         where m.person_id = $1 order by m.org_id",
        values![person, today],
    )
}

/// A person's stays in one cell, as facts.
///
/// # Errors
/// Database faults only.
pub fn stays_of(tx: &mut Tx, org: OrgId, person: PersonId) -> db::Result<Vec<MembershipFact>> {
    let mut out = Vec::new();
    tx.each(
        "select m.standing, m.name, m.from_date, m.to_date, p.official_on from membership m
         join person p on p.person_id = m.person_id
         where m.org_id = $1 and m.person_id = $2 order by m.from_date",
        values![org, person],
        |row| {
            out.push(MembershipFact {
                person,
                leader: false,
                standing: row.code(0)?,
                name: row.get(1)?,
                from: row.get(2)?,
                to: row.get(3)?,
                official_on: row.get(4)?,
            });
            Ok(())
        },
    )?;
    Ok(out)
}

/// How many stand alike on the roll of one meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// The meeting.
    pub meeting: MeetingId,
    /// Its title.
    pub title: String,
    /// When.
    pub starts_at: DateTime,
    /// Standing.
    pub standing: Standing,
    /// Mark.
    pub mark: Option<Mark>,
    /// How many.
    pub count: i64,
}

db::row!(Sum { meeting, title, starts_at, standing: code, mark: code_opt, count });

/// The rolls of the kỳ of a year summed by standing and mark, oldest meeting first.
///
/// # Errors
/// Database faults only.
pub fn roll_sums(tx: &mut Tx, org: OrgId, year: i16) -> db::Result<Vec<Sum>> {
    tx.all(
        "select m.meeting_id, m.title, m.starts_at, r.standing, r.mark, count(*)
         from meeting m join roll r on r.org_id = m.org_id and r.meeting_id = m.meeting_id
         where m.org_id = $1 and m.starts_at >= $2 and m.starts_at < $3
         and m.state in ('closed', 'adopted', 'sealed') and m.kind in ('regular', 'thematic', 'combined')
         group by m.meeting_id, m.title, m.starts_at, r.standing, r.mark order by m.starts_at",
        values![org, format!("{year}-"), format!("{year}.")],
    )
}

/// What a person answered to a notice: the answer and what was decided of an excuse.
///
/// # Errors
/// Database faults only.
pub fn my_reply(tx: &mut Tx, org: OrgId, meeting: MeetingId, person: PersonId) -> db::Result<Option<(String, Option<String>)>> {
    tx.opt(
        "select answer, decision from reply where org_id = $1 and meeting_id = $2 and person_id = $3",
        values![org, meeting, person],
    )
}

/// Answers to a notice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Answers {
    /// Will come.
    pub coming: i64,
    /// Ask to be absent.
    pub away: i64,
    /// Of those, not yet decided.
    pub pending: i64,
}

/// Counts the answers to the notice of a meeting.
///
/// # Errors
/// Database faults only.
pub fn answers(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Answers> {
    let (coming, away, pending): (i64, i64, i64) = tx.one(
        "select coalesce(sum(case when answer = 'coming' then 1 else 0 end), 0),
         coalesce(sum(case when answer = 'away' then 1 else 0 end), 0),
         coalesce(sum(case when answer = 'away' and decision is null then 1 else 0 end), 0)
         from reply where org_id = $1 and meeting_id = $2",
        values![org, meeting],
    )?;
    Ok(Answers { coming, away, pending })
}

/// A meeting of a kỳ in some cell below, without any content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Below {
    /// The cell.
    pub org: OrgId,
    /// Where its meeting stands.
    pub state: MeetingState,
    /// Planned start.
    pub starts_at: DateTime,
    /// When it began.
    pub opened_at: Option<DateTime>,
}

db::row!(Below { org, state: code, starts_at, opened_at });

/// The meetings of one kỳ in every cell at or below a path.
///
/// # Errors
/// Database faults only.
pub fn meetings_below(tx: &mut Tx, path: &str, period: PeriodKey) -> db::Result<Vec<Below>> {
    tx.all(
        "select o.org_id, m.state, m.starts_at, m.opened_at from org o
         join meeting_period p on p.org_id = o.org_id and p.period = $3
         join meeting m on m.org_id = p.org_id and m.meeting_id = p.meeting_id
         where o.path >= $1 and o.path < $2 and o.is_cell = 1 and m.state <> 'cancelled' order by o.org_id, m.starts_at",
        values![path, format!("{path}~"), period.to_string()],
    )
}

/// A kỳ of some cell below that was planned, put off or merged: cell, planned day, put off to, merged into.
pub type PlanBelow = (OrgId, Option<DateTime>, Option<Date>, Option<String>);

/// The plans of one kỳ in every cell at or below a path.
///
/// # Errors
/// Database faults only.
pub fn plans_below(tx: &mut Tx, path: &str, period: PeriodKey) -> db::Result<Vec<PlanBelow>> {
    tx.all(
        "select o.org_id, p.planned_at, p.postponed_to, p.merged_into from org o
         join period_plan p on p.org_id = o.org_id and p.period = $3
         where o.path >= $1 and o.path < $2 and o.is_cell = 1",
        values![path, format!("{path}~"), period.to_string()],
    )
}

/// How far a cell of a new installation is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Members today.
    pub members: i64,
    /// Leading posts held today.
    pub posts: i64,
    /// Members who have an account, or a slip to make one.
    pub slips: i64,
    /// Kỳ of the year that were laid out.
    pub planned: i64,
    /// Meetings that were created.
    pub meetings: i64,
    /// Of those, with a notice.
    pub noticed: i64,
    /// Of those, with sealed minutes.
    pub sealed: i64,
    /// The newest meeting in preparation.
    pub draft: Option<MeetingId>,
}

/// Reads how far a cell is.
///
/// # Errors
/// Database faults only.
pub fn progress(tx: &mut Tx, org: OrgId, today: Date) -> db::Result<Progress> {
    let here = "org_id = $1 and from_date <= $2 and (to_date is null or to_date > $2)";
    let members = tx.scalar(&format!("select count(*) from membership where {here}"), values![org, today])?;
    let posts = tx.scalar(
        &format!("select count(*) from post where {here} and role in ('secretary', 'deputy', 'committee')"),
        values![org, today],
    )?;
    let slips = tx.scalar(
        &format!(
            "select count(*) from membership m where {here}
             and (exists (select 1 from account a where a.person_id = m.person_id)
             or exists (select 1 from activation v where v.person_id = m.person_id))"
        ),
        values![org, today],
    )?;
    let year = today.year();
    let planned =
        tx.scalar("select count(*) from period_plan where org_id = $1 and period >= $2", values![org, format!("{year}-")])?;
    let (meetings, noticed, sealed): (i64, i64, i64) = tx.one(
        "select count(*), coalesce(sum(case when noticed_at is not null then 1 else 0 end), 0),
         coalesce(sum(case when state = 'sealed' then 1 else 0 end), 0) from meeting where org_id = $1",
        values![org],
    )?;
    let draft: Option<(MeetingId,)> = tx.opt(
        "select meeting_id from meeting where org_id = $1 and state = 'draft' order by starts_at desc limit 1",
        values![org],
    )?;
    Ok(Progress { members, posts, slips, planned, meetings, noticed, sealed, draft: draft.map(|d| d.0) })
}

/// A contribution in a person's own words of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Title of the meeting.
    pub meeting: String,
    /// When it was held.
    pub starts_at: DateTime,
    /// Item of the agenda.
    pub item: String,
    /// What was noted.
    pub summary: String,
    /// Where the minutes stand.
    pub state: MeetingState,
}

db::row!(Words { meeting, starts_at, item, summary, state: code });

/// What is recorded of a person's contributions in a cell, newest first.
///
/// # Errors
/// Database faults only.
pub fn words_of(tx: &mut Tx, org: OrgId, person: PersonId) -> db::Result<Vec<Words>> {
    tx.all(
        "select m.title, m.starts_at, i.title, c.summary, m.state from contribution c
         join agenda_item i on i.org_id = c.org_id and i.item_id = c.item_id
         join meeting m on m.org_id = c.org_id and m.meeting_id = c.meeting_id
         where c.org_id = $1 and c.person_id = $2 order by c.said_at desc limit 200",
        values![org, person],
    )
}

/// A person's answers in a cell, newest first: meeting, when, answer, reason, decision.
pub type ReplyRow = (String, DateTime, String, Option<String>, Option<String>);

/// What a person answered to notices of a cell.
///
/// # Errors
/// Database faults only.
pub fn replies_of(tx: &mut Tx, org: OrgId, person: PersonId) -> db::Result<Vec<ReplyRow>> {
    tx.all(
        "select m.title, m.starts_at, r.answer, coalesce(r.reason, r.reason_kind), r.decision from reply r
         join meeting m on m.org_id = r.org_id and m.meeting_id = r.meeting_id
         where r.org_id = $1 and r.person_id = $2 order by m.starts_at desc limit 100",
        values![org, person],
    )
}

/// The fields kept about a person: name, birth year, admitted, official, card, telephone, e-mail.
pub type Fields = (String, Option<i64>, Option<Date>, Option<Date>, Option<String>, Option<String>, Option<String>);

/// The fields kept about a person.
///
/// # Errors
/// `NotFound`; database faults.
pub fn person(tx: &mut Tx, person: PersonId) -> db::Result<Fields> {
    tx.one(
        "select name, birth_year, admitted_on, official_on, card_number, phone, email from person where person_id = $1",
        values![person],
    )
}

/// A person's stays and posts anywhere: organisation, word, from, to.
pub type SpanRow = (String, String, Date, Option<Date>);

/// Every stay of a person, oldest first.
///
/// # Errors
/// Database faults only.
pub fn memberships_of(tx: &mut Tx, person: PersonId) -> db::Result<Vec<SpanRow>> {
    tx.all(
        "select n.name, m.standing, m.from_date, m.to_date from membership m
         join org_name n on n.org_id = m.org_id and n.from_date = coalesce(
           (select max(x.from_date) from org_name x where x.org_id = m.org_id and x.from_date <= m.from_date),
           (select min(x.from_date) from org_name x where x.org_id = m.org_id))
         where m.person_id = $1 order by m.from_date, m.membership_id",
        values![person],
    )
}

/// Every post of a person, oldest first, with whether the organisation is a cell.
///
/// # Errors
/// Database faults only.
pub fn posts_of(tx: &mut Tx, person: PersonId) -> db::Result<Vec<(String, String, Date, Option<Date>, bool)>> {
    tx.all(
        "select n.name, t.role, t.from_date, t.to_date, o.is_cell from post t join org o on o.org_id = t.org_id
         join org_name n on n.org_id = t.org_id and n.from_date = coalesce(
           (select max(x.from_date) from org_name x where x.org_id = t.org_id and x.from_date <= t.from_date),
           (select min(x.from_date) from org_name x where x.org_id = t.org_id))
         where t.person_id = $1 order by t.from_date, t.post_id",
        values![person],
    )
}

/// How a column of the download is written.
#[derive(Debug, Clone, Copy)]
enum As {
    Text,
    Number,
    Moment,
}

/// A part of the download: its name, the query by person, and its columns in order.
struct Dump(&'static str, &'static str, &'static [(&'static str, As)]);

use As::{Moment, Number, Text};

const DUMPS: [Dump; 14] = [
    Dump(
        "nguoi",
        "select name, birth_year, admitted_on, official_on, card_number, phone, email, text_size, created_at
         from person where person_id = $1",
        &[
            ("ho_ten", Text),
            ("nam_sinh", Number),
            ("ngay_vao_dang", Text),
            ("ngay_chinh_thuc", Text),
            ("so_the", Text),
            ("dien_thoai", Text),
            ("thu_dien_tu", Text),
            ("co_chu", Number),
            ("nhap_luc", Moment),
        ],
    ),
    Dump(
        "tai_khoan",
        "select login, created_at, changed_at from account where person_id = $1",
        &[("ten_dang_nhap", Text), ("tao_luc", Moment), ("doi_mat_khau_luc", Moment)],
    ),
    Dump(
        "phien",
        "select created_at, seen_at, shared from session where person_id = $1 order by created_at",
        &[("bat_dau", Moment), ("dung_gan_nhat", Moment), ("may_dung_chung", Number)],
    ),
    Dump(
        "sinh_hoat_tai",
        "select org_id, standing, from_date, to_date, number, name, reason, document from membership
         where person_id = $1 order by from_date, membership_id",
        &[
            ("to_chuc", Number),
            ("dien", Text),
            ("tu_ngay", Text),
            ("den_truoc_ngay", Text),
            ("so_thu_tu", Number),
            ("ho_ten", Text),
            ("ly_do", Text),
            ("van_ban", Text),
        ],
    ),
    Dump(
        "chuc_vu",
        "select org_id, role, from_date, to_date, document from post where person_id = $1 order by from_date, post_id",
        &[("to_chuc", Number), ("chuc_vu", Text), ("tu_ngay", Text), ("den_truoc_ngay", Text), ("van_ban", Text)],
    ),
    Dump(
        "diem_danh",
        "select r.org_id, m.title, m.starts_at, r.standing, r.mark, r.reason, r.arrived_at, r.left_at
         from membership s join roll r on r.org_id = s.org_id and r.person_id = s.person_id
         join meeting m on m.org_id = r.org_id and m.meeting_id = r.meeting_id
         where s.person_id = $1
         group by r.org_id, m.meeting_id, m.title, m.starts_at, r.standing, r.mark, r.reason, r.arrived_at, r.left_at
         order by m.starts_at",
        &[
            ("to_chuc", Number),
            ("buoi", Text),
            ("bat_dau", Text),
            ("dien", Text),
            ("diem_danh", Text),
            ("ly_do", Text),
            ("den_luc", Text),
            ("ve_luc", Text),
        ],
    ),
    Dump(
        "tra_loi",
        "select r.org_id, m.title, m.starts_at, r.answer, r.reason_kind, r.reason, r.decision, r.answered_at
         from reply r join meeting m on m.org_id = r.org_id and m.meeting_id = r.meeting_id
         where r.person_id = $1 order by m.starts_at",
        &[
            ("to_chuc", Number),
            ("buoi", Text),
            ("bat_dau", Text),
            ("tra_loi", Text),
            ("loai_ly_do", Text),
            ("ly_do", Text),
            ("quyet_dinh", Text),
            ("luc", Moment),
        ],
    ),
    Dump(
        "y_kien_chuan_bi",
        "select o.org_id, m.title, o.body, o.state, o.written_at from opinion o
         join meeting m on m.org_id = o.org_id and m.meeting_id = o.meeting_id
         where o.person_id = $1 order by o.written_at",
        &[("to_chuc", Number), ("buoi", Text), ("noi_dung", Text), ("trang_thai", Text), ("luc", Moment)],
    ),
    Dump(
        "phat_bieu",
        "select c.org_id, m.title, i.title, c.summary, c.said_at from contribution c
         join agenda_item i on i.org_id = c.org_id and i.item_id = c.item_id
         join meeting m on m.org_id = c.org_id and m.meeting_id = c.meeting_id
         where c.person_id = $1 order by c.said_at",
        &[("to_chuc", Number), ("buoi", Text), ("muc", Text), ("tom_tat", Text), ("luc", Moment)],
    ),
    Dump(
        "nhiem_vu_thuc_hien",
        "select org_id, content, requirement, measure, deadline, state, progress, done_on, cause, responsibility, cause_note
         from task where doer_id = $1 and in_force = 1 order by task_id",
        &[
            ("to_chuc", Number),
            ("noi_dung", Text),
            ("yeu_cau", Text),
            ("bien_phap", Text),
            ("thoi_han", Text),
            ("trang_thai", Text),
            ("tien_do", Number),
            ("ngay_xong", Text),
            ("nguyen_nhan", Text),
            ("trach_nhiem", Text),
            ("noi_ro", Text),
        ],
    ),
    Dump(
        "nhiem_vu_kiem_tra_don_doc",
        "select org_id, content, deadline, state from task
         where (checker_id = $1 or urger_id = $1) and in_force = 1 order by task_id",
        &[("to_chuc", Number), ("noi_dung", Text), ("thoi_han", Text), ("trang_thai", Text)],
    ),
    Dump(
        "viec_da_ghi_o_nhiem_vu",
        "select org_id, kind, body, progress, at from task_event where by_person = $1 order by at, event_id",
        &[("to_chuc", Number), ("viec", Text), ("noi_dung", Text), ("tien_do", Number), ("luc", Moment)],
    ),
    Dump(
        "thong_bao_da_nhan",
        "select n.org_id, n.sent_at, r.read_at from notice_reader r
         join notice n on n.org_id = r.org_id and n.notice_id = r.notice_id where r.person_id = $1 order by n.sent_at",
        &[("to_chuc", Number), ("gui_luc", Moment), ("doc_luc", Moment)],
    ),
    Dump(
        "tep_da_tai_len",
        "select org_id, name, size, added_at from file where confirmed_by = $1 order by added_at",
        &[("to_chuc", Number), ("ten", Text), ("so_byte", Number), ("luc", Moment)],
    ),
];

/// Everything kept about a person, part by part, except hashes of passwords and tokens.
///
/// # Errors
/// Database faults only.
pub fn everything(tx: &mut Tx, person: PersonId) -> db::Result<Json> {
    let mut out = Map::new();
    for Dump(name, sql, columns) in DUMPS {
        let mut rows = Vec::new();
        tx.each(sql, &[Value::Int(person.raw())], |row| {
            rows.push(line(row, columns)?);
            Ok(())
        })?;
        out.insert(name.to_owned(), Json::Array(rows));
    }
    Ok(Json::Object(out))
}

fn line(row: &Row, columns: &[(&str, As)]) -> db::Result<Json> {
    let mut out = Map::new();
    for (at, (name, kind)) in columns.iter().enumerate() {
        let value = match kind {
            As::Text => json!(row.get::<Option<String>>(at)?),
            As::Number => json!(row.get::<Option<i64>>(at)?),
            As::Moment => json!(row.get::<Option<jiff::Timestamp>>(at)?.map(|t| crate::actor::local(t).to_string())),
        };
        out.insert((*name).to_owned(), value);
    }
    Ok(Json::Object(out))
}
