//! A message on its way out of the program: by mail or webhook, sent at most once by itself.
//! Pure. Rules: P-1 (nothing lost), P-27 (nothing twice), ahead.md 9.

use crate::refusal::Refusal;

crate::codes! {
    /// By which way a message leaves.
    pub enum Channel {
        /// A mail to the address the person confirmed.
        Mail = "mail" / "Thư điện tử",
        /// A signed request to the address of the installation.
        Webhook = "webhook" / "Webhook",
    }
}

crate::codes! {
    /// Where a delivery stands.
    pub enum DeliveryState {
        /// Waits for its first or its next try.
        Queued = "queued" / "Chờ gửi",
        /// A server has it in hand.
        Sending = "sending" / "Đang gửi",
        /// The other side said that it took it. Final.
        Sent = "sent" / "Đã gửi",
        /// Nobody knows whether the other side took it; never tried again by itself.
        Unclear = "unclear" / "Không rõ đã gửi hay chưa",
        /// Refused for good, or tried often enough.
        Dead = "dead" / "Không gửi được",
        /// No longer wanted by its reader. Final.
        Withdrawn = "withdrawn" / "Thôi gửi",
    }
}

crate::codes! {
    /// Why a delivery failed, without addresses or words of the other side.
    pub enum Why {
        /// No connection came about.
        Connection = "connection" / "Không kết nối được máy nhận",
        /// No TLS came about, or the certificate is not trusted.
        Tls = "tls" / "Không lập được kết nối TLS tin cậy",
        /// The mail server does not take name and password.
        SignIn = "sign_in" / "Máy chủ thư không nhận tên đăng nhập hoặc mật khẩu",
        /// The other side asks to try later.
        Busy = "busy" / "Máy nhận đang bận, hẹn gửi lại",
        /// The other side says no.
        Refused = "refused" / "Máy nhận từ chối",
        /// The address cannot be written to.
        Address = "address" / "Địa chỉ nhận không dùng được",
        /// The connection broke after everything was sent and before the answer.
        Broken = "broken" / "Mất kết nối khi chờ trả lời",
        /// The server of the program ended while it was sending.
        Stopped = "stopped" / "Máy chủ dừng giữa lúc gửi",
        /// The way out is not set up on this installation any more.
        Unset = "unset" / "Kênh gửi không còn được cài đặt",
    }
}

/// How a try ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The other side took it.
    Taken,
    /// It was not taken; another try may succeed.
    Later(Why),
    /// It was not taken and never will be.
    Never(Why),
    /// Nobody knows.
    Unclear(Why),
    /// Its reader wants none any more.
    Unwanted,
}

/// Minutes before each next try; all of them within half a day, so that a message of yesterday does
/// not arrive beside today's.
pub const PAUSES: [i64; 6] = [1, 5, 15, 60, 180, 360];

/// What follows from a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// Where the delivery stands now.
    pub state: DeliveryState,
    /// Minutes until it is tried again.
    pub pause: Option<i64>,
    /// Why it failed.
    pub why: Option<Why>,
}

impl DeliveryState {
    /// A server takes it in hand.
    ///
    /// # Errors
    /// When it does not wait.
    pub fn claim(self) -> Result<Self, Refusal> {
        match self {
            Self::Queued => Ok(Self::Sending),
            Self::Sending | Self::Sent | Self::Unclear | Self::Dead | Self::Withdrawn => {
                Err(Refusal::state("gửi", self, "Tin này không chờ gửi."))
            }
        }
    }

    /// What follows from a try; `tries` counts this one. Whoever sent it may still say so after the
    /// others had given it up.
    ///
    /// # Errors
    /// When it was not in anybody's hand.
    pub fn settle(self, tries: i64, outcome: Outcome) -> Result<Next, Refusal> {
        match self {
            Self::Sending | Self::Unclear => {}
            Self::Queued | Self::Sent | Self::Dead | Self::Withdrawn => {
                return Err(Refusal::state("ghi kết quả gửi", self, "Tin này không ở trạng thái đang gửi."));
            }
        }
        let next = |state, pause, why| Ok(Next { state, pause, why });
        match outcome {
            Outcome::Taken => next(Self::Sent, None, None),
            Outcome::Unwanted => next(Self::Withdrawn, None, None),
            Outcome::Never(why) => next(Self::Dead, None, Some(why)),
            Outcome::Unclear(why) => next(Self::Unclear, None, Some(why)),
            Outcome::Later(why) => {
                let pause = usize::try_from(tries - 1).ok().and_then(|n| PAUSES.get(n)).copied();
                let state = if pause.is_some() { Self::Queued } else { Self::Dead };
                next(state, pause, Some(why))
            }
        }
    }

    /// Whoever had it in hand is gone: nobody knows whether it was taken.
    ///
    /// # Errors
    /// When it was in nobody's hand.
    pub fn give_up(self) -> Result<Self, Refusal> {
        match self {
            Self::Sending => Ok(Self::Unclear),
            Self::Queued | Self::Sent | Self::Unclear | Self::Dead | Self::Withdrawn => {
                Err(Refusal::state("thôi chờ", self, "Tin này không ở trạng thái đang gửi."))
            }
        }
    }

    /// A person wants it sent once more, knowing that it may arrive twice.
    ///
    /// # Errors
    /// When it has not failed.
    pub fn resend(self) -> Result<Self, Refusal> {
        match self {
            Self::Unclear | Self::Dead => Ok(Self::Queued),
            Self::Queued | Self::Sending | Self::Sent | Self::Withdrawn => {
                Err(Refusal::state("gửi lại", self, "Chỉ gửi lại tin không gửi được hoặc không rõ đã gửi hay chưa."))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;
    use DeliveryState::{Dead, Queued, Sending, Sent, Unclear, Withdrawn};

    #[test]
    fn every_step_from_every_state_by_table() {
        let table = [
            (Queued, Some(Sending), None, false, None),
            (Sending, None, Some(Unclear), true, None),
            (Sent, None, None, false, None),
            (Unclear, None, None, true, Some(Queued)),
            (Dead, None, None, false, Some(Queued)),
            (Withdrawn, None, None, false, None),
        ];
        assert_eq!(table.len(), DeliveryState::ALL.len());
        for (state, claimed, given_up, settles, again) in table {
            assert_eq!(state.claim().ok(), claimed, "{state:?}");
            assert_eq!(state.give_up().ok(), given_up, "{state:?}");
            assert_eq!(state.resend().ok(), again, "{state:?}");
            assert_eq!(state.settle(1, Outcome::Taken).is_ok(), settles, "{state:?}");
        }
    }

    #[test]
    fn a_try_ends_as_it_ended_and_pauses_grow() {
        let of = |tries, outcome| Sending.settle(tries, outcome).unwrap();
        assert_eq!(of(1, Outcome::Taken), Next { state: Sent, pause: None, why: None });
        assert_eq!(of(3, Outcome::Never(Why::Refused)), Next { state: Dead, pause: None, why: Some(Why::Refused) });
        assert_eq!(of(1, Outcome::Unclear(Why::Broken)), Next { state: Unclear, pause: None, why: Some(Why::Broken) });
        assert_eq!(of(1, Outcome::Unwanted).state, Withdrawn);
        let pauses: Vec<Option<i64>> = (1..=7).map(|n| of(n, Outcome::Later(Why::Busy)).pause).collect();
        assert_eq!(pauses, [Some(1), Some(5), Some(15), Some(60), Some(180), Some(360), None]);
        assert_eq!(of(7, Outcome::Later(Why::Busy)).state, Dead);
        assert!(PAUSES.is_sorted() && PAUSES.iter().sum::<i64>() < 12 * 60);
    }
}
