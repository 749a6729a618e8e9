//! A programme of changes (phương án sắp xếp): what is asked for a date, as one whole, and where it stands
//! between drafting and the end of the time in which it can be taken back.
//! Pure. Rules: TC-20 … TC-26, L10.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::id::OrgId;
use crate::refusal::Refusal;

/// One thing a programme asks for. Their order in a programme means nothing: new organisations come first,
/// then kinds, places, mergers and ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A new organisation; the caller makes its id.
    Found {
        /// The new id.
        id: OrgId,
        /// Its kind.
        kind: String,
        /// Its name.
        name: String,
        /// Under which, which may itself be new.
        parent: OrgId,
    },
    /// Several go under one.
    Move {
        /// Which, each with all that stands under it.
        orgs: Vec<OrgId>,
        /// The new parent.
        to: OrgId,
    },
    /// Several end in one, which takes their members and what stands under them.
    Merge {
        /// Those that end.
        orgs: Vec<OrgId>,
        /// The one that goes on, or a new one.
        into: OrgId,
    },
    /// Every organisation of some kinds gets another kind (QĐ 208).
    Unify {
        /// The kinds there are.
        kinds: Vec<String>,
        /// The kind there will be.
        to: String,
    },
    /// Several get a name or a kind of their own.
    Recast {
        /// Which, and what they will be.
        orgs: Vec<Renaming>,
    },
    /// Several end; nothing is left in them or under them.
    End {
        /// Which.
        orgs: Vec<OrgId>,
    },
}

/// A new name, a new kind or both for one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renaming {
    /// Which.
    pub org: OrgId,
    /// The name; none keeps it, as far as it does not say the old kind.
    pub name: Option<String>,
    /// The kind; none keeps it.
    pub kind: Option<String>,
}

crate::codes! {
    /// Where a programme stands.
    pub enum ProgrammeState {
        /// Being prepared; nothing has changed.
        Draft = "draft" / "Đang soạn",
        /// Decided; carried out on its day.
        Approved = "approved" / "Đã duyệt, chờ đến ngày",
        /// Carried out.
        Carried = "carried" / "Đã thực hiện",
        /// Carried out and taken back.
        Undone = "undone" / "Đã hoàn tác",
        /// Put away without being carried out.
        Dropped = "dropped" / "Đã bỏ",
    }
}

impl ProgrammeState {
    /// Whether what it asks for may be edited.
    pub fn is_open(self) -> bool {
        self == Self::Draft
    }

    /// It is decided.
    ///
    /// # Errors
    /// Unless it is being prepared, or without a deciding document.
    pub fn approve(self, document: &str) -> Result<Self, Refusal> {
        match self {
            Self::Draft if document.trim().is_empty() => Err(Refusal::missing("van_ban", "văn bản quyết định")),
            Self::Draft => Ok(Self::Approved),
            Self::Approved | Self::Carried | Self::Undone | Self::Dropped => {
                Err(Refusal::state("duyệt phương án", self, "Hãy tải lại trang để xem tình trạng mới."))
            }
        }
    }

    /// Its day has come.
    ///
    /// # Errors
    /// Unless it was decided; before its day.
    pub fn carry(self, on: Date, today: Date) -> Result<Self, Refusal> {
        match self {
            Self::Approved if today < on => Err(Refusal::new("too_early", "Chưa đến ngày thực hiện phương án.")),
            Self::Approved => Ok(Self::Carried),
            Self::Draft | Self::Carried | Self::Undone | Self::Dropped => {
                Err(Refusal::state("thực hiện phương án", self, "Hãy duyệt phương án trước."))
            }
        }
    }

    /// It is edited again: a decided one before its day, or one that was taken back.
    ///
    /// # Errors
    /// When it was carried out or put away.
    pub fn reopen(self) -> Result<Self, Refusal> {
        match self {
            Self::Approved | Self::Undone => Ok(Self::Draft),
            Self::Draft | Self::Carried | Self::Dropped => {
                Err(Refusal::state("soạn lại phương án", self, "Hãy lập một phương án mới."))
            }
        }
    }

    /// It is put away.
    ///
    /// # Errors
    /// Unless it is being prepared or was taken back.
    pub fn discard(self) -> Result<Self, Refusal> {
        match self {
            Self::Draft | Self::Undone => Ok(Self::Dropped),
            Self::Approved => Err(Refusal::state("bỏ phương án", self, "Hãy thôi duyệt trước.")),
            Self::Carried | Self::Dropped => Err(Refusal::state("bỏ phương án", self, "Phương án được giữ để tra cứu.")),
        }
    }

    /// It is taken back; `later` names what has been built on the new order since, each as a sentence.
    ///
    /// # Errors
    /// Unless it was carried out; when the time is over; when something depends on the new order.
    pub fn undo(self, carried: Option<Timestamp>, now: Timestamp, hours: i64, later: &[String]) -> Result<Self, Refusal> {
        let (Self::Carried, Some(carried)) = (self, carried) else {
            return Err(Refusal::state("hoàn tác", self, "Chỉ hoàn tác được phương án đã thực hiện."));
        };
        if now.duration_since(carried) > SignedDuration::from_hours(hours) {
            return Err(Refusal::new(
                "undo_over",
                format!("Đã quá {hours} giờ từ khi thực hiện nên không hoàn tác được nữa. Nếu cần, hãy lập một phương án mới."),
            ));
        }
        match later {
            [] => Ok(Self::Undone),
            [first, rest @ ..] => {
                let more = if rest.is_empty() { String::new() } else { format!(" Còn {} lý do khác.", rest.len()) };
                Err(Refusal::new("undo_built_on", format!("Không hoàn tác được nữa. {first}{more}")))
            }
        }
    }
}

/// The name after the kind changed: where it begins with the words of the old kind it begins with those of
/// the new one; otherwise it stays.
pub fn name_in_kind(name: &str, old: &str, new: &str) -> String {
    match name.strip_prefix(old) {
        Some(rest) if rest.starts_with(' ') => format!("{new}{rest}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;
    use jiff::civil::date;

    #[test]
    fn every_transition_from_every_state() {
        use ProgrammeState::{Approved, Carried, Draft, Dropped, Undone};
        let day = date(2026, 12, 1);
        let now = Timestamp::from_second(1_000_000).unwrap();
        let table = [
            (Draft, Some(Approved), None, None, Some(Dropped), None),
            (Approved, None, Some(Carried), Some(Draft), None, None),
            (Carried, None, None, None, None, Some(Undone)),
            (Undone, None, None, Some(Draft), Some(Dropped), None),
            (Dropped, None, None, None, None, None),
        ];
        assert_eq!(table.len(), ProgrammeState::ALL.len());
        for (state, approve, carry, reopen, discard, undo) in table {
            assert_eq!(state.approve("QĐ 1").ok(), approve, "{state:?}");
            assert_eq!(state.carry(day, day).ok(), carry, "{state:?}");
            assert_eq!(state.reopen().ok(), reopen, "{state:?}");
            assert_eq!(state.discard().ok(), discard, "{state:?}");
            assert_eq!(state.undo(Some(now), now, 72, &[]).ok(), undo, "{state:?}");
            assert_eq!(state.is_open(), state == Draft);
        }
        assert_eq!(Draft.approve(" ").unwrap_err().code, "missing");
        assert_eq!(Approved.carry(day, date(2026, 11, 30)).unwrap_err().code, "too_early");
    }

    #[test]
    fn taking_back_has_its_time_and_nothing_built_on_it() {
        let at = Timestamp::from_second(1_000_000).unwrap();
        let after = |hours| at.checked_add(SignedDuration::from_hours(hours)).unwrap();
        let undo = |now, later: &[String]| ProgrammeState::Carried.undo(Some(at), now, 72, later);
        assert!(undo(after(72), &[]).is_ok());
        assert_eq!(undo(after(73), &[]).unwrap_err().code, "undo_over");
        let built = ["Chi bộ A đã khóa biên bản.".to_owned(), "Chi bộ B cũng vậy.".to_owned()];
        let refusal = undo(after(1), &built).unwrap_err();
        assert_eq!(refusal.text(), "Không hoàn tác được nữa. Chi bộ A đã khóa biên bản. Còn 1 lý do khác.");
    }

    #[test]
    fn a_name_follows_its_kind_only_where_it_says_it() {
        assert_eq!(name_in_kind("Chi bộ cơ sở Ban Nội chính", "Chi bộ cơ sở", "Chi bộ"), "Chi bộ Ban Nội chính");
        assert_eq!(name_in_kind("Chi bộ Ban Nội chính", "Chi bộ cơ sở", "Chi bộ"), "Chi bộ Ban Nội chính");
        assert_eq!(name_in_kind("Chi bộ cơ sởX", "Chi bộ cơ sở", "Chi bộ"), "Chi bộ cơ sởX");
    }
}
