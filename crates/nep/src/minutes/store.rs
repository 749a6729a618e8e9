//! Sections of minutes and their revisions as rows. A revision is never changed or removed while
//! its meeting stands, save for what turns out to be a state secret (P-30); words that came second
//! are set aside until somebody joins them (P-8).

use db::{Tx, values};
use domain::code::Code;
use domain::id::{IssuedId, MeetingId, OrgId, PersonId, RowId};
use domain::minutes::SectionKey;
use domain::roll::{Mark, Tally};
use domain::rollup::Month;
use domain::score::Band;
use domain::secrecy::Traces;
use jiff::Timestamp;

use crate::actor::Actor;
use crate::board::store as board;
use crate::fault::Fault;

pub mod earlier;
pub mod marks;
pub mod words;

/// Who saved a text that the program itself drafted.
pub const NOBODY: PersonId = PersonId::new(0);

/// A section as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which, as a stored word.
    pub section: String,
    /// Place among the others.
    pub position: i64,
    /// Heading.
    pub title: String,
    /// Text.
    pub body: String,
    /// For "someone saved first".
    pub version: i64,
    /// When it was saved last.
    pub saved_at: Timestamp,
    /// By whom; [`NOBODY`] for a draft nobody has edited.
    pub saved_by: PersonId,
}

db::row!(Row { section, position, title, body, version, saved_at, saved_by });

impl Row {
    /// Whether a person has put their own words into it.
    pub fn is_edited(&self) -> bool {
        self.saved_by != NOBODY
    }
}

const COLUMNS: &str = "section, position, title, body, version, saved_at, saved_by";

/// The sections of a meeting's minutes.
///
/// # Errors
/// Database faults only.
pub fn sections(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<Row>> {
    tx.all(
        &format!("select {COLUMNS} from minutes_section where org_id = $1 and meeting_id = $2 order by position, section"),
        values![org, meeting],
    )
}

/// One section.
///
/// # Errors
/// `NotFound`; database faults.
pub fn section(tx: &mut Tx, org: OrgId, meeting: MeetingId, key: SectionKey) -> db::Result<Row> {
    tx.one(
        &format!("select {COLUMNS} from minutes_section where org_id = $1 and meeting_id = $2 and section = $3"),
        values![org, meeting, key.code()],
    )
}

/// Whether a person has edited any section.
///
/// # Errors
/// Database faults only.
pub fn edited(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<bool> {
    let found: Option<i64> = tx.scalar_opt(
        "select version from minutes_section where org_id = $1 and meeting_id = $2 and saved_by <> 0 limit 1",
        values![org, meeting],
    )?;
    Ok(found.is_some())
}

/// Forgets drafts nobody has edited, when an opening made by mistake is taken back.
///
/// # Errors
/// Database faults only.
pub fn forget(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<()> {
    for table in ["minutes_revision", "minutes_section"] {
        tx.exec(&format!("delete from {table} where org_id = $1 and meeting_id = $2 and saved_by = 0"), values![org, meeting])?;
    }
    Ok(())
}

/// Writes a section for the first time; one that is there already stays as it is.
///
/// # Errors
/// Database faults only.
pub fn begin(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    meeting: MeetingId,
    position: i64,
    section: &domain::minutes::Section,
) -> db::Result<()> {
    let written = tx.exec(
        "insert into minutes_section (org_id, meeting_id, section, position, title, body, version, saved_at, saved_by)
         values ($1, $2, $3, $4, $5, $6, 1, $7, 0) on conflict (org_id, meeting_id, section) do nothing",
        values![org, meeting, section.key.code(), position, section.title, section.text, actor.now],
    )?;
    if written == 0 {
        return Ok(());
    }
    revise(tx, org, meeting, section.key, 1, &section.text, actor.now, NOBODY, None)
}

#[expect(clippy::too_many_arguments, reason = "one row, column by column")]
fn revise(
    tx: &mut Tx,
    org: OrgId,
    meeting: MeetingId,
    key: SectionKey,
    version: i64,
    body: &str,
    at: Timestamp,
    by: PersonId,
    save_key: Option<&str>,
) -> db::Result<()> {
    tx.exec(
        "insert into minutes_revision (org_id, meeting_id, section, version, body, saved_at, saved_by, save_key)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![org, meeting, key.code(), version, body, at, by, save_key],
    )?;
    Ok(())
}

/// Puts a new text in the place of `from`; the old one stays as a revision. The new version.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn replace(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    meeting: MeetingId,
    key: SectionKey,
    from: i64,
    text: &NewText<'_>,
) -> db::Result<i64> {
    tx.changed(
        "update minutes_section set body = $5, version = $4 + 1, saved_at = $6, saved_by = $7
         where org_id = $1 and meeting_id = $2 and section = $3 and version = $4",
        values![org, meeting, key.code(), from, text.body, actor.now, text.by],
    )?;
    revise(tx, org, meeting, key, from + 1, text.body, actor.now, text.by, text.save_key)?;
    Ok(from + 1)
}

/// Follows the agenda in the heading of a section nobody has edited.
///
/// # Errors
/// Database faults only.
pub fn retitle(tx: &mut Tx, org: OrgId, meeting: MeetingId, key: SectionKey, title: &str) -> db::Result<()> {
    tx.exec(
        "update minutes_section set title = $4 where org_id = $1 and meeting_id = $2 and section = $3 and title <> $4",
        values![org, meeting, key.code(), title],
    )?;
    Ok(())
}

/// A text on its way into a section.
#[derive(Debug, Clone, Copy)]
pub struct NewText<'a> {
    /// The words.
    pub body: &'a str,
    /// Whose they are.
    pub by: PersonId,
    /// The sender's key, by which a repeated sending is known.
    pub save_key: Option<&'a str>,
}

/// What came of saving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// It stands under this version.
    Done {
        /// The version.
        version: i64,
        /// When it was saved.
        at: Timestamp,
    },
    /// Someone saved first: the words are set aside under this id.
    Aside(RowId),
}

/// Saves a text that was written on top of version `base`. The same key again gives the same
/// answer; a text on an older version is set aside, never lost.
///
/// # Errors
/// `NotFound` when there is no such section; database faults.
pub fn save(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    meeting: MeetingId,
    key: SectionKey,
    base: i64,
    text: &NewText<'_>,
) -> Result<Saved, Fault> {
    let mut text = *text;
    if let Some(save_key) = text.save_key {
        match known(tx, org, meeting, key, save_key)? {
            Known::Saved(saved) => return Ok(saved),
            Known::Foreign => text.save_key = None,
            Known::New => {}
        }
    }
    let row = section(tx, org, meeting, key)?;
    if row.body == text.body {
        return Ok(Saved::Done { version: row.version, at: row.saved_at });
    }
    if row.version == base {
        let version = replace(tx, actor, org, meeting, key, base, &text)?;
        return Ok(Saved::Done { version, at: actor.now });
    }
    Ok(Saved::Aside(set_aside(tx, actor, org, meeting, key, base, &text)?))
}

enum Known {
    New,
    Saved(Saved),
    /// The key belongs to another section: whoever sent it made it up.
    Foreign,
}

fn known(tx: &mut Tx, org: OrgId, meeting: MeetingId, key: SectionKey, save_key: &str) -> db::Result<Known> {
    let ours = |m: MeetingId, s: &str| m == meeting && s == key.code();
    let revision: Option<(MeetingId, String, i64, Timestamp)> = tx.opt(
        "select meeting_id, section, version, saved_at from minutes_revision where org_id = $1 and save_key = $2",
        values![org, save_key],
    )?;
    if let Some((m, s, version, at)) = revision {
        return Ok(if ours(m, &s) { Known::Saved(Saved::Done { version, at }) } else { Known::Foreign });
    }
    let aside: Option<(MeetingId, String, RowId)> = tx.opt(
        "select meeting_id, section, aside_id from minutes_aside where org_id = $1 and save_key = $2",
        values![org, save_key],
    )?;
    Ok(match aside {
        None => Known::New,
        Some((m, s, id)) if ours(m, &s) => Known::Saved(Saved::Aside(id)),
        Some(_) => Known::Foreign,
    })
}

/// Sets words aside that cannot take their place without a person's decision.
///
/// # Errors
/// Database faults only.
pub fn set_aside(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    meeting: MeetingId,
    key: SectionKey,
    base: i64,
    text: &NewText<'_>,
) -> db::Result<RowId> {
    let id: RowId = actor.id();
    tx.exec(
        "insert into minutes_aside (org_id, aside_id, meeting_id, section, base_version, body, saved_at, saved_by, save_key)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![org, id, meeting, key.code(), base, text.body, actor.now, text.by, text.save_key],
    )?;
    Ok(id)
}

/// Words that were set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside {
    /// Identifier.
    pub id: RowId,
    /// Section, as a stored word.
    pub section: String,
    /// Version they were written on.
    pub base: i64,
    /// The words.
    pub body: String,
    /// When.
    pub saved_at: Timestamp,
    /// Whose; [`NOBODY`] for a new draft from the facts.
    pub saved_by: PersonId,
    /// When somebody decided about them.
    pub joined_at: Option<Timestamp>,
}

db::row!(Aside { id, section, base, body, saved_at, saved_by, joined_at });

/// Words set aside, by id.
///
/// # Errors
/// `NotFound`; database faults.
pub fn aside(tx: &mut Tx, org: OrgId, meeting: MeetingId, id: RowId) -> db::Result<Aside> {
    tx.one(
        "select aside_id, section, base_version, body, saved_at, saved_by, joined_at from minutes_aside
         where org_id = $1 and meeting_id = $2 and aside_id = $3",
        values![org, meeting, id],
    )
}

/// Words set aside about which nobody has decided yet.
///
/// # Errors
/// Database faults only.
pub fn asides(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<Aside>> {
    tx.all(
        "select aside_id, section, base_version, body, saved_at, saved_by, joined_at from minutes_aside
         where org_id = $1 and meeting_id = $2 and joined_at is null order by saved_at, aside_id",
        values![org, meeting],
    )
}

/// How many texts that people wrote wait to be joined; a new draft from the facts is none.
///
/// # Errors
/// Database faults only.
pub fn waiting(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<usize> {
    Ok(asides(tx, org, meeting)?.iter().filter(|a| a.saved_by != NOBODY).count())
}

/// Notes that somebody decided about words set aside; the words themselves stay.
///
/// # Errors
/// `Conflict` when it was decided already; database faults.
pub fn settle(tx: &mut Tx, actor: &Actor, org: OrgId, id: RowId) -> db::Result<()> {
    tx.changed(
        "update minutes_aside set joined_at = $3 where org_id = $1 and aside_id = $2 and joined_at is null",
        values![org, id, actor.now],
    )
}

/// One revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Version.
    pub version: i64,
    /// Text.
    pub body: String,
    /// When.
    pub saved_at: Timestamp,
    /// By whom.
    pub saved_by: PersonId,
    /// Full name; none for the program's own draft.
    pub name: Option<String>,
}

db::row!(Revision { version, body, saved_at, saved_by, name });

/// Every revision of a section, newest first.
///
/// # Errors
/// Database faults only.
pub fn revisions(tx: &mut Tx, org: OrgId, meeting: MeetingId, key: SectionKey) -> db::Result<Vec<Revision>> {
    tx.all(
        "select r.version, r.body, r.saved_at, r.saved_by, p.name from minutes_revision r
         left join person p on p.person_id = r.saved_by
         where r.org_id = $1 and r.meeting_id = $2 and r.section = $3 order by r.version desc",
        values![org, meeting, key.code()],
    )
}

/// The text of one version.
///
/// # Errors
/// `NotFound`; database faults.
pub fn body_at(tx: &mut Tx, org: OrgId, meeting: MeetingId, key: SectionKey, version: i64) -> db::Result<String> {
    tx.scalar(
        "select body from minutes_revision where org_id = $1 and meeting_id = $2 and section = $3 and version = $4",
        values![org, meeting, key.code(), version],
    )
}

/// The last text of each section that the program itself drafted: section, version, text.
///
/// # Errors
/// Database faults only.
pub fn drafted(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<(String, i64, String)>> {
    let mut out: Vec<(String, i64, String)> = tx.all(
        "select section, version, body from minutes_revision
         where org_id = $1 and meeting_id = $2 and saved_by = 0 order by section, version desc",
        values![org, meeting],
    )?;
    out.dedup_by(|later, first| later.0 == first.0);
    Ok(out)
}

/// Forgets what a section said before a version, and what was set aside for it: the item it tells of
/// has become a state secret (P-30). The one case in which a revision goes.
///
/// # Errors
/// Database faults only.
pub fn forget_before(tx: &mut Tx, org: OrgId, meeting: MeetingId, key: SectionKey, version: i64) -> db::Result<()> {
    tx.exec(
        "delete from minutes_revision where org_id = $1 and meeting_id = $2 and section = $3 and version < $4",
        values![org, meeting, key.code(), version],
    )?;
    tx.exec(
        "delete from minutes_aside where org_id = $1 and meeting_id = $2 and section = $3",
        values![org, meeting, key.code()],
    )?;
    Ok(())
}

/// Cuts lines copied from an item that has become a state secret out of revisions and of words set
/// aside; the rest of each stays as it was (P-30).
///
/// # Errors
/// Database faults only.
pub fn cut_history(tx: &mut Tx, org: OrgId, meeting: MeetingId, traces: &Traces, instead: &str) -> db::Result<()> {
    let revisions: Vec<(String, i64, String)> = tx.all(
        "select section, version, body from minutes_revision where org_id = $1 and meeting_id = $2 order by section, version",
        values![org, meeting],
    )?;
    for (section, version, body) in revisions {
        if let Some(rest) = traces.cut_from(&body, instead) {
            tx.exec(
                "update minutes_revision set body = $5 where org_id = $1 and meeting_id = $2 and section = $3 and version = $4",
                values![org, meeting, section, version, rest],
            )?;
        }
    }
    let asides: Vec<(RowId, String)> = tx.all(
        "select aside_id, body from minutes_aside where org_id = $1 and meeting_id = $2 order by aside_id",
        values![org, meeting],
    )?;
    for (id, body) in asides {
        if let Some(rest) = traces.cut_from(&body, instead) {
            tx.exec("update minutes_aside set body = $3 where org_id = $1 and aside_id = $2", values![org, id, rest])?;
        }
    }
    Ok(())
}

/// Sums of a cell's month, to which a sealed meeting adds its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Expected members.
    pub expected: u32,
    /// Of those, present.
    pub present: u32,
    /// Absent with a reason.
    pub excused: u32,
    /// Absent without.
    pub unexcused: u32,
    /// Expected with a leading post.
    pub leaders_expected: u32,
    /// Of those, present.
    pub leaders_present: u32,
    /// Different people who spoke.
    pub speakers: u32,
    /// Whether there was a notice, and whether it was sent early enough.
    pub notice: Option<bool>,
    /// Resolutions issued with it.
    pub resolutions: u32,
    /// Tasks these give.
    pub tasks: u32,
    /// The level of the cell's own score.
    pub level: Option<Band>,
}

/// Adds a sealed meeting to the sums of its month, which is to be carried up then.
///
/// # Errors
/// Database faults only.
pub fn add_to_month(tx: &mut Tx, org: OrgId, month: Month, sums: &Sums, now: Timestamp) -> db::Result<()> {
    const ADDED: [&str; 16] = [
        "expected",
        "present",
        "excused",
        "unexcused",
        "leaders_expected",
        "leaders_present",
        "speakers",
        "notices",
        "notices_in_time",
        "resolutions",
        "tasks",
        "good",
        "fair",
        "average",
        "poor",
        "meetings",
    ];
    let columns = ADDED.join(", ");
    let places: Vec<String> = (3..3 + ADDED.len()).map(|n| format!("${n}")).collect();
    let set: Vec<String> = ADDED.iter().map(|c| format!("{c} = cell_month.{c} + excluded.{c}")).collect();
    let level = |band| i64::from(sums.level == Some(band));
    tx.exec(
        &format!(
            "insert into cell_month (org_id, month, {columns}) values ($1, $2, {})
             on conflict (org_id, month) do update set {}",
            places.join(", "),
            set.join(", ")
        ),
        values![
            org,
            month.to_string(),
            sums.expected,
            sums.present,
            sums.excused,
            sums.unexcused,
            sums.leaders_expected,
            sums.leaders_present,
            sums.speakers,
            i64::from(sums.notice.is_some()),
            i64::from(sums.notice == Some(true)),
            sums.resolutions,
            sums.tasks,
            level(Band::Good),
            level(Band::Fair),
            level(Band::Average),
            level(Band::Poor),
            1_i64
        ],
    )?;
    board::due(tx, org, month, now)
}

/// When the first notice of a meeting was sent.
///
/// # Errors
/// Database faults only.
pub fn noticed_at(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Option<Timestamp>> {
    tx.scalar("select min(sent_at) from notice where org_id = $1 and meeting_id = $2", values![org, meeting])
}

/// How many tasks a meeting has given that are in force.
///
/// # Errors
/// Database faults only.
pub fn tasks_in_force(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<u32> {
    tx.scalar(
        "select count(*) from resolution r join task t on t.org_id = r.org_id and t.resolution_id = r.resolution_id
         where r.org_id = $1 and r.meeting_id = $2 and t.in_force = 1",
        values![org, meeting],
    )
}

/// Notes beside a line of a sealed roll what a correction says of it.
///
/// # Errors
/// `Conflict` when the person is not on it; database faults.
pub fn correct_line(tx: &mut Tx, org: OrgId, meeting: MeetingId, person: PersonId, mark: Mark, by: IssuedId) -> db::Result<()> {
    tx.changed(
        "update roll set corrected = $4, correction_id = $5, version = version + 1
         where org_id = $1 and meeting_id = $2 and person_id = $3",
        values![org, meeting, person, mark.code(), by],
    )
}

/// Moves the sums of a month by what a correction of a roll changed.
///
/// # Errors
/// Database faults only.
pub fn shift_month(tx: &mut Tx, org: OrgId, month: Month, (before, after): (&Tally, &Tally), now: Timestamp) -> db::Result<()> {
    let many = |n: usize| i64::try_from(n).unwrap_or(0);
    let by = |f: fn(&Tally) -> i64| f(after) - f(before);
    let many_of =
        [many(after.excused.len()) - many(before.excused.len()), many(after.unexcused.len()) - many(before.unexcused.len())];
    tx.exec(
        "update cell_month set expected = expected + $3, present = present + $4, excused = excused + $5,
         unexcused = unexcused + $6, leaders_present = leaders_present + $7 where org_id = $1 and month = $2",
        values![
            org,
            month.to_string(),
            by(|t| i64::from(t.rate.denom)),
            by(|t| i64::from(t.rate.numer)),
            many_of[0],
            many_of[1],
            by(|t| i64::from(t.leaders.numer))
        ],
    )?;
    board::due(tx, org, month, now)
}

/// The organisation above on a date, as the dated edges say.
///
/// # Errors
/// Database faults only.
pub fn parent_on(tx: &mut Tx, org: OrgId, on: jiff::civil::Date) -> db::Result<Option<OrgId>> {
    let found: Option<(Option<OrgId>,)> = tx.opt(
        "select parent_id from org_edge where org_id = $1 and from_date <= $2 and (to_date is null or to_date > $2)
         order by from_date desc limit 1",
        values![org, on],
    )?;
    Ok(found.and_then(|f| f.0))
}
