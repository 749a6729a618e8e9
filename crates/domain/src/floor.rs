//! The floor of a running meeting: the turn of one speaker, the queue of an item, the item's clock.
//! Touches refusals and moments that are handed in. Rules: section 2.3, M7, DD-05 (who ended has spoken).

use crate::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};

crate::codes! {
    /// Where the turn of one speaker stands.
    pub enum TurnState {
        /// In the queue.
        Waiting = "waiting" / "Chờ phát biểu",
        /// Has the floor.
        Speaking = "speaking" / "Đang phát biểu",
        /// Was interrupted and goes on later.
        Paused = "paused" / "Tạm dừng",
        /// Has spoken.
        Done = "done" / "Đã phát biểu",
        /// Does not speak after all, or was noted by mistake. Final.
        Withdrawn = "withdrawn" / "Thôi phát biểu",
    }
}

impl TurnState {
    /// Whether the turn still stands in the queue.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Waiting | Self::Speaking | Self::Paused)
    }
}

/// From `since` to `now`; a clock that jumps back costs nobody time.
fn stretch(since: Option<Timestamp>, now: Timestamp) -> SignedDuration {
    since.map_or(SignedDuration::ZERO, |since| now.duration_since(since).max(SignedDuration::ZERO))
}

/// The turn of one speaker: its state, the time of finished stretches, the start of a running one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// State.
    pub state: TurnState,
    /// How long the finished stretches took together.
    pub before: SignedDuration,
    /// When the running stretch began; set exactly while speaking.
    pub since: Option<Timestamp>,
}

impl Default for Turn {
    fn default() -> Self {
        Self { state: TurnState::Waiting, before: SignedDuration::ZERO, since: None }
    }
}

impl Turn {
    /// How long the speaker has spoken at a moment.
    pub fn spoken(&self, now: Timestamp) -> SignedDuration {
        self.before.saturating_add(stretch(self.since, now))
    }

    /// Gives the floor, for the first time or after a pause.
    ///
    /// # Errors
    /// When the speaker has it already, or the turn is over.
    pub fn start(&self, now: Timestamp) -> Result<Self, Refusal> {
        match self.state {
            TurnState::Waiting | TurnState::Paused => Ok(Self { state: TurnState::Speaking, since: Some(now), ..*self }),
            TurnState::Speaking => Err(self.refuse("mời phát biểu", "Đồng chí này đang phát biểu.")),
            TurnState::Done | TurnState::Withdrawn => {
                Err(self.refuse("mời phát biểu", "Muốn mời lần nữa, hãy thêm đồng chí vào hàng chờ."))
            }
        }
    }

    /// Interrupts the speaker, who goes on later.
    ///
    /// # Errors
    /// When the speaker does not have the floor.
    pub fn pause(&self, now: Timestamp) -> Result<Self, Refusal> {
        match self.state {
            TurnState::Speaking => Ok(Self { state: TurnState::Paused, before: self.spoken(now), since: None }),
            TurnState::Waiting | TurnState::Paused | TurnState::Done | TurnState::Withdrawn => {
                Err(self.refuse("tạm dừng", "Chỉ tạm dừng được lượt đang phát biểu."))
            }
        }
    }

    /// Ends the turn: the speaker has spoken.
    ///
    /// # Errors
    /// When the speaker never began, or the turn is over.
    pub fn end(&self, now: Timestamp) -> Result<Self, Refusal> {
        match self.state {
            TurnState::Speaking | TurnState::Paused => Ok(Self { state: TurnState::Done, before: self.spoken(now), since: None }),
            TurnState::Waiting => {
                Err(self.refuse("kết thúc lượt", "Hãy bấm “Bắt đầu” khi đồng chí phát biểu, hoặc “Bỏ khỏi hàng chờ”."))
            }
            TurnState::Done | TurnState::Withdrawn => Err(self.refuse("kết thúc lượt", "Lượt này đã kết thúc.")),
        }
    }

    /// Leaves the queue without having spoken.
    ///
    /// # Errors
    /// When the turn has begun or is over.
    pub fn withdraw(&self) -> Result<Self, Refusal> {
        match self.state {
            TurnState::Waiting => Ok(Self { state: TurnState::Withdrawn, ..*self }),
            TurnState::Speaking | TurnState::Paused => {
                Err(self.refuse("thôi phát biểu", "Lượt này đã bắt đầu; hãy bấm “Kết thúc lượt”."))
            }
            TurnState::Done | TurnState::Withdrawn => Err(self.refuse("thôi phát biểu", "Lượt này đã kết thúc.")),
        }
    }

    /// Takes back a turn that was noted by mistake, together with what was noted of it.
    ///
    /// # Errors
    /// When it has not ended.
    pub fn take_back(&self) -> Result<Self, Refusal> {
        match self.state {
            TurnState::Done => Ok(Self { state: TurnState::Withdrawn, ..*self }),
            TurnState::Waiting | TurnState::Speaking | TurnState::Paused | TurnState::Withdrawn => {
                Err(self.refuse("bỏ lượt", "Chỉ bỏ được lượt đã phát biểu."))
            }
        }
    }

    fn refuse(&self, action: &str, hint: &str) -> Refusal {
        Refusal::state(action, self.state, hint)
    }
}

/// Gives the floor to one turn of a queue; whoever had it has spoken. At most one speaks at a time.
///
/// # Errors
/// When that turn cannot start, or is not in the queue.
pub fn call(queue: &[Turn], at: usize, now: Timestamp) -> Result<Vec<Turn>, Refusal> {
    let mut after = queue.to_vec();
    let called =
        after.get_mut(at).ok_or_else(|| Refusal::new("no_turn", "Lượt này không còn trong hàng chờ. Hãy tải lại trang."))?;
    *called = called.start(now)?;
    for (i, turn) in after.iter_mut().enumerate() {
        if i != at && turn.state == TurnState::Speaking {
            *turn = turn.end(now)?;
        }
    }
    Ok(after)
}

crate::codes! {
    /// How the time of an item stands against its plan.
    pub enum Pace {
        /// Time is left.
        OnTime = "on_time" / "Đúng giờ",
        /// Little time is left.
        Near = "near" / "Sắp hết giờ",
        /// More was used than planned.
        Over = "over" / "Quá giờ",
    }
}

/// How long an item has been in hand, over all the times it was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ItemClock {
    /// How long the finished stretches took together.
    pub before: SignedDuration,
    /// When the running stretch began.
    pub since: Option<Timestamp>,
}

impl ItemClock {
    /// How much time was used at a moment.
    pub fn used(&self, now: Timestamp) -> SignedDuration {
        self.before.saturating_add(stretch(self.since, now))
    }

    /// Lets the clock run; one that runs goes on.
    #[must_use]
    pub fn run(&self, now: Timestamp) -> Self {
        Self { since: self.since.or(Some(now)), ..*self }
    }

    /// Stops the clock and keeps what was used.
    #[must_use]
    pub fn stop(&self, now: Timestamp) -> Self {
        Self { before: self.used(now), since: None }
    }
}

/// From how many seconds before its end an item is said to end soon: the minutes given, at most a
/// quarter of the plan, so that a short item does not begin with a warning.
pub fn near_seconds(planned_minutes: u32, near_minutes: u32) -> i64 {
    let planned = i64::from(planned_minutes) * 60;
    (i64::from(near_minutes) * 60).min(planned / 4)
}

/// How an item stands; none when it was not planned in minutes.
pub fn pace(planned_minutes: u32, near_minutes: u32, used: SignedDuration) -> Option<Pace> {
    if planned_minutes == 0 {
        return None;
    }
    let left = i64::from(planned_minutes) * 60 - used.as_secs();
    Some(match left {
        left if left < 0 => Pace::Over,
        left if left <= near_seconds(planned_minutes, near_minutes) => Pace::Near,
        _ => Pace::OnTime,
    })
}

/// `4:05`, `1:02:30`: minutes and seconds as a clock shows them.
pub fn clock_words(time: SignedDuration) -> String {
    let s = time.as_secs().max(0);
    match s / 3600 {
        0 => format!("{}:{:02}", s / 60, s % 60),
        h => format!("{h}:{:02}:{:02}", s / 60 % 60, s % 60),
    }
}

#[cfg(test)]
#[path = "floor_tests.rs"]
mod tests;
