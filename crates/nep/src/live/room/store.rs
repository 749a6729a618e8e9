//! The room as rows: item in hand, clocks, queue, events. A turn that ends leaves one contribution;
//! screens read events by number, so that several servers on one database agree; old events go.
//! Touches its own tables and contributions. Rules: section 2.3, DD-05.

use db::{Tx, values};
use domain::code::Code;
use domain::floor::{ItemClock, Turn, TurnState, call};
use domain::id::{ItemId, MeetingId, OrgId, PersonId, RowId};
use domain::refusal::Refusal;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::actor::Actor;
use crate::fault::Fault;
use crate::live::store as live;

domain::codes! {
    /// What of a meeting changed; a page names the topics its regions show.
    pub enum Topic {
        /// Opened, ended, taken up again.
        State = "state" / "Trạng thái của buổi",
        /// The item in hand and its clock.
        Item = "item" / "Mục đang bàn",
        /// The queue and who has spoken.
        Floor = "floor" / "Phát biểu",
        /// The roll.
        Roll = "roll" / "Điểm danh",
        /// Votes.
        Vote = "vote" / "Biểu quyết",
        /// Conclusions and summaries.
        Minutes = "minutes" / "Biên bản",
        /// Chair, secretary, guests, dues.
        People = "people" / "Thành phần",
    }
}

/// Tells every open screen that something changed: one row, no content. Called in the transaction
/// of the change itself.
///
/// # Errors
/// Database faults only.
pub fn tell(tx: &mut Tx, now: Timestamp, org: OrgId, meeting: MeetingId, topic: Topic) -> db::Result<()> {
    tx.exec(
        "insert into room (org_id, meeting_id, seq) values ($1, $2, 1)
         on conflict (org_id, meeting_id) do update set seq = room.seq + 1",
        values![org, meeting],
    )?;
    tx.exec(
        "insert into room_event (org_id, meeting_id, seq, topic, at)
         select org_id, meeting_id, seq, cast($3 as text), cast($4 as bigint) from room where org_id = $1 and meeting_id = $2",
        values![org, meeting, topic.code(), now],
    )?;
    Ok(())
}

/// Lets go of the events of a cell's other meetings that are older than a day: their screens closed
/// long ago, and one that is opened again reads its page first. Their numbers stay counted in `room`.
///
/// # Errors
/// Database faults only.
pub fn sweep(tx: &mut Tx, actor: &Actor, org: OrgId, opened: MeetingId) -> db::Result<()> {
    let before = actor.now.checked_sub(24.hours()).unwrap_or(actor.now);
    tx.exec("delete from room_event where org_id = $1 and meeting_id <> $2 and at < $3", values![org, opened, before])?;
    Ok(())
}

/// The number of the last event of a meeting, 0 before the first.
///
/// # Errors
/// Database faults only.
pub fn last(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<i64> {
    let seq: Option<i64> = tx.scalar_opt("select seq from room where org_id = $1 and meeting_id = $2", values![org, meeting])?;
    Ok(seq.unwrap_or(0))
}

/// Events after a number, in order, at most `most`.
///
/// # Errors
/// Database faults only.
pub fn after(tx: &mut Tx, org: OrgId, meeting: MeetingId, seq: i64, most: i64) -> db::Result<Vec<(i64, Topic)>> {
    let mut out = Vec::new();
    tx.each(
        "select seq, topic from room_event where org_id = $1 and meeting_id = $2 and seq > $3 order by seq limit $4",
        values![org, meeting, seq, most],
        |row| {
            out.push((row.get(0)?, row.code(1)?));
            Ok(())
        },
    )?;
    Ok(out)
}

/// Where a meeting is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Room {
    /// The item in hand; none before the first.
    pub item: Option<ItemId>,
    /// Since when its clock runs; none while it stands.
    pub since: Option<Timestamp>,
    /// The number of the last event.
    pub seq: i64,
    /// Since when members check in with a code; none while they do not.
    pub code_since: Option<Timestamp>,
}

db::row!(Room { item, since, seq, code_since });

/// Reads where a meeting is.
///
/// # Errors
/// Database faults only.
pub fn room(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Room> {
    let room =
        tx.opt("select item_id, since, seq, code_since from room where org_id = $1 and meeting_id = $2", values![org, meeting])?;
    Ok(room.unwrap_or_default())
}

/// The clock of every item that was in hand.
///
/// # Errors
/// Database faults only.
pub fn clocks(tx: &mut Tx, org: OrgId, meeting: MeetingId, room: &Room) -> db::Result<Vec<(ItemId, ItemClock)>> {
    let rows: Vec<(ItemId, i64)> = tx.all(
        "select item_id, used_ms from item_clock where org_id = $1 and meeting_id = $2 order by item_id",
        values![org, meeting],
    )?;
    let since = |item: ItemId| room.since.filter(|_| room.item == Some(item));
    let mut out: Vec<(ItemId, ItemClock)> = rows
        .into_iter()
        .map(|(item, ms)| (item, ItemClock { before: SignedDuration::from_millis(ms), since: since(item) }))
        .collect();
    if let Some(item) = room.item.filter(|i| out.iter().all(|(o, _)| o != i)) {
        out.push((item, ItemClock { since: since(item), ..ItemClock::default() }));
    }
    Ok(out)
}

fn millis(time: SignedDuration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// Puts an item in hand: the clock of the last one stops and keeps its time, the new one's runs.
/// None stops the clock. Whoever spoke on the item that is left has spoken.
///
/// # Errors
/// A refusal; database faults.
pub fn take_up(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, item: Option<ItemId>) -> Result<(), Fault> {
    let now = actor.acted_at();
    let room = room(tx, org, meeting)?;
    if room.item == item && room.since.is_some() && item.is_some() {
        return Ok(());
    }
    if let (Some(old), Some(_)) = (room.item, room.since) {
        let used = clocks(tx, org, meeting, &room)?.into_iter().find(|(i, _)| *i == old).map(|(_, c)| c.stop(now).before);
        tx.exec(
            "insert into item_clock (org_id, meeting_id, item_id, used_ms) values ($1, $2, $3, $4)
             on conflict (org_id, meeting_id, item_id) do update set used_ms = excluded.used_ms",
            values![org, meeting, old, millis(used.unwrap_or_default())],
        )?;
    }
    for speaker in queue(tx, org, meeting)?.into_iter().filter(|s| Some(s.item) != item && s.turn.state == TurnState::Speaking) {
        end(tx, actor, org, meeting, &speaker)?;
    }
    tx.exec(
        "insert into room (org_id, meeting_id, item_id, since) values ($1, $2, $3, $4)
         on conflict (org_id, meeting_id) do update set item_id = coalesce(excluded.item_id, room.item_id), since = excluded.since",
        values![org, meeting, item, item.map(|_| now)],
    )?;
    Ok(tell(tx, actor.now, org, meeting, Topic::Item)?)
}

/// Ends what runs when the meeting ends: the clock stops, who had the floor has spoken.
///
/// # Errors
/// A refusal; database faults.
pub fn stop(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId) -> Result<(), Fault> {
    for speaker in queue(tx, org, meeting)? {
        if matches!(speaker.turn.state, TurnState::Speaking | TurnState::Paused) {
            end(tx, actor, org, meeting, &speaker)?;
        }
    }
    take_up(tx, actor, org, meeting, None)
}

/// Forgets item, clocks and queue when an opening made by mistake is taken back. Events stay: screens
/// that are open must learn of it.
///
/// # Errors
/// Database faults only.
pub fn forget(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<()> {
    tx.exec("delete from speaker where org_id = $1 and meeting_id = $2", values![org, meeting])?;
    tx.exec("delete from item_clock where org_id = $1 and meeting_id = $2", values![org, meeting])?;
    tx.exec(
        "update room set item_id = null, since = null, code_secret = null, code_since = null where org_id = $1 and meeting_id = $2",
        values![org, meeting],
    )?;
    Ok(())
}

/// A turn as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speaker {
    /// Identifier.
    pub id: RowId,
    /// Item of the agenda.
    pub item: ItemId,
    /// Who.
    pub person: PersonId,
    /// Prepared opinion that is spoken.
    pub opinion: Option<RowId>,
    /// State and time.
    pub turn: Turn,
    /// What was noted of it, once it has ended.
    pub contribution: Option<RowId>,
}

impl db::FromRow for Speaker {
    fn from_row(row: &db::Row) -> db::Result<Self> {
        let turn = Turn { state: row.code(4)?, before: SignedDuration::from_millis(row.get(5)?), since: row.get(6)? };
        Ok(Self {
            id: row.get(0)?,
            item: row.get(1)?,
            person: row.get(2)?,
            opinion: row.get(3)?,
            turn,
            contribution: row.get(7)?,
        })
    }
}

/// The turns of a meeting that were not withdrawn, in the order they were asked for.
///
/// # Errors
/// Database faults only.
pub fn queue(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<Speaker>> {
    tx.all(
        "select speaker_id, item_id, person_id, opinion_id, state, spoken_ms, since, contribution_id from speaker
         where org_id = $1 and meeting_id = $2 and state <> 'withdrawn' order by speaker_id",
        values![org, meeting],
    )
}

/// Adds a person to the queue of an item; who stands there already keeps the place. The prepared
/// opinion named, or the one for which the person asked to speak, is what they will say.
///
/// # Errors
/// Database faults only.
pub fn ask(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    meeting: MeetingId,
    item: ItemId,
    person: PersonId,
    opinion: Option<RowId>,
) -> db::Result<RowId> {
    let all = queue(tx, org, meeting)?;
    if let Some(there) = all.iter().find(|s| s.item == item && s.person == person && s.turn.state.is_live()) {
        return Ok(there.id);
    }
    let taken = |id: RowId| all.iter().any(|s| s.opinion == Some(id));
    let wanted = live::sent_opinions(tx, org, meeting)?.into_iter().find(|o| {
        o.person == person && !taken(o.id) && o.item.is_none_or(|i| i == item) && opinion.map_or(o.wants_floor, |w| w == o.id)
    });
    let id: RowId = actor.id();
    tx.exec(
        "insert into speaker (org_id, speaker_id, meeting_id, item_id, person_id, opinion_id, state, asked_at)
         values ($1, $2, $3, $4, $5, $6, 'waiting', $7)",
        values![org, id, meeting, item, person, wanted.map(|o| o.id), actor.acted_at()],
    )?;
    tell(tx, actor.now, org, meeting, Topic::Floor)?;
    Ok(id)
}

/// A step of a turn as somebody presses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// Gives the floor.
    Start,
    /// Interrupts.
    Pause,
    /// Ends the turn.
    End,
    /// Leaves the queue.
    Withdraw,
}

impl Press {
    /// The state it leads to.
    fn goal(self) -> TurnState {
        match self {
            Self::Start => TurnState::Speaking,
            Self::Pause => TurnState::Paused,
            Self::End => TurnState::Done,
            Self::Withdraw => TurnState::Withdrawn,
        }
    }
}

/// Does a step. A second press of the same button, or of somebody else's, changes nothing.
///
/// # Errors
/// A refusal of the rules; `NotFound` when the meeting has no such turn; database faults.
pub fn press(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, id: RowId, press: Press) -> Result<(), Fault> {
    let all = queue(tx, org, meeting)?;
    let Some(at) = all.iter().position(|s| s.id == id) else {
        return if press == Press::Withdraw && withdrawn(tx, org, meeting, id)? { Ok(()) } else { Err(Fault::NotFound) };
    };
    let Some(speaker) = all.get(at) else { return Err(Fault::NotFound) };
    if speaker.turn.state == press.goal() {
        return Ok(());
    }
    match press {
        Press::Start => {
            let turns: Vec<Turn> = all.iter().map(|s| s.turn).collect();
            for (old, new) in all.iter().zip(call(&turns, at, actor.acted_at())?) {
                settle(tx, actor, org, meeting, old, new)?;
            }
        }
        Press::Pause => settle(tx, actor, org, meeting, speaker, speaker.turn.pause(actor.acted_at())?)?,
        Press::End => end(tx, actor, org, meeting, speaker)?,
        Press::Withdraw => settle(tx, actor, org, meeting, speaker, speaker.turn.withdraw()?)?,
    }
    Ok(())
}

fn withdrawn(tx: &mut Tx, org: OrgId, meeting: MeetingId, id: RowId) -> db::Result<bool> {
    let row: Option<(i64,)> = tx.opt(
        "select speaker_id from speaker where org_id = $1 and meeting_id = $2 and speaker_id = $3",
        values![org, meeting, id],
    )?;
    Ok(row.is_some())
}

fn end(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, speaker: &Speaker) -> Result<(), Fault> {
    settle(tx, actor, org, meeting, speaker, speaker.turn.end(actor.acted_at())?)
}

/// Keeps what became of a turn; one that has ended leaves its contribution, once.
fn settle(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, old: &Speaker, new: Turn) -> Result<(), Fault> {
    if old.turn == new {
        return Ok(());
    }
    let mut contribution = old.contribution;
    if new.state == TurnState::Done && contribution.is_none() {
        let said = said(tx, org, meeting, old)?;
        let opinion = said.as_ref().map(|(id, _)| *id);
        let words = said.map(|(_, words)| words).unwrap_or_default();
        contribution = Some(live::add_contribution(tx, actor, org, meeting, old.item, old.person, opinion, &words)?);
    }
    tx.changed(
        "update speaker set state = $4, spoken_ms = $5, since = $6, contribution_id = $7
         where org_id = $1 and meeting_id = $2 and speaker_id = $3",
        values![org, meeting, old.id, new.state.code(), millis(new.before), new.since, contribution],
    )?;
    Ok(tell(tx, actor.now, org, meeting, Topic::Floor)?)
}

/// The prepared opinion of a turn with its words; of a secret item no word is kept.
fn said(tx: &mut Tx, org: OrgId, meeting: MeetingId, speaker: &Speaker) -> db::Result<Option<(RowId, String)>> {
    let Some(wanted) = speaker.opinion else { return Ok(None) };
    let Some(opinion) = live::sent_opinions(tx, org, meeting)?.into_iter().find(|o| o.id == wanted) else { return Ok(None) };
    let secret: bool =
        tx.scalar("select secret from agenda_item where org_id = $1 and item_id = $2", values![org, speaker.item])?;
    Ok(Some((wanted, if secret { String::new() } else { opinion.body })))
}

/// What happens to the queue when a contribution is taken back: its turn was noted by mistake.
///
/// # Errors
/// A refusal; database faults.
pub fn taken_back(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, contribution: RowId) -> Result<(), Fault> {
    for speaker in queue(tx, org, meeting)?.into_iter().filter(|s| s.contribution == Some(contribution)) {
        settle(tx, actor, org, meeting, &speaker, speaker.turn.take_back()?)?;
    }
    Ok(tell(tx, actor.now, org, meeting, Topic::Floor)?)
}

/// Somebody's words were noted without their turn: who waited to say just that waits no more.
///
/// # Errors
/// Database faults only.
pub fn spoken_for(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, opinion: RowId) -> Result<(), Fault> {
    for speaker in queue(tx, org, meeting)?.into_iter().filter(|s| s.opinion == Some(opinion)) {
        if let Ok(turn) = speaker.turn.withdraw() {
            settle(tx, actor, org, meeting, &speaker, turn)?;
        }
    }
    Ok(())
}

/// A member's own wish: in the queue of the item in hand, or out of it.
///
/// # Errors
/// A refusal of the rules; database faults.
pub fn wish(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, wants: bool) -> Result<(), Fault> {
    let room = room(tx, org, meeting)?;
    let own: Vec<Speaker> =
        queue(tx, org, meeting)?.into_iter().filter(|s| s.person == actor.person && s.turn.state == TurnState::Waiting).collect();
    if !wants {
        for speaker in own.iter().filter(|s| room.item.is_none_or(|i| i == s.item)) {
            press(tx, actor, org, meeting, speaker.id, Press::Withdraw)?;
        }
        return Ok(());
    }
    let Some(item) = room.item else {
        return Err(Refusal::new("no_item", "Buổi sinh hoạt chưa vào mục nào. Đồng chí chờ chủ trì bắt đầu chương trình.").into());
    };
    ask(tx, actor, org, meeting, item, actor.person, None)?;
    Ok(())
}
