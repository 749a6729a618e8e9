//! Posts held for a time (bí thư, phó bí thư, cấp ủy viên…); what is lacking is `posts_due`.
//! Touches ids, dates and refusals. Rules: L10, M2.

use crate::code::Code;
use crate::id::{OrgId, PersonId};
use crate::refusal::Refusal;
use jiff::civil::Date;
use std::collections::BTreeSet;

crate::codes! {
    /// What a person is in an organisation, for a time.
    pub enum Role {
        /// Bí thư.
        Secretary = "secretary" / "Bí thư",
        /// Phó bí thư.
        Deputy = "deputy" / "Phó bí thư",
        /// Chi ủy viên in a cell, cấp ủy viên above.
        Committee = "committee" / "Cấp ủy viên",
        /// Ủy viên ban thường vụ of a committee above.
        Standing = "standing" / "Ủy viên ban thường vụ",
        /// The committee's assistant, who looks after its cells.
        Clerk = "clerk" / "Cán bộ giúp việc cấp ủy",
        /// The committee member above who follows this cell; held in the cell itself.
        Follower = "follower" / "Cấp ủy viên theo dõi chi bộ",
        /// The technical administrator, without any content.
        Admin = "admin" / "Quản trị kỹ thuật",
    }
}

impl Role {
    /// The name of the post in a cell or in a committee above.
    pub fn label_in(self, is_cell: bool) -> &'static str {
        match self {
            Self::Committee if is_cell => "Chi ủy viên",
            other => other.label(),
        }
    }

    /// Whether the post leads its organisation; leaders' attendance is shown apart (M2).
    pub fn is_leader(self) -> bool {
        match self {
            Self::Secretary | Self::Deputy | Self::Committee | Self::Standing => true,
            Self::Clerk | Self::Follower | Self::Admin => false,
        }
    }
}

/// A post of a person in an organisation. Both days are included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Post {
    /// Who holds it.
    pub person: PersonId,
    /// What it is.
    pub role: Role,
    /// Where.
    pub org: OrgId,
    /// The first day.
    pub from: Date,
    /// The first day it is no longer held; none while it lasts.
    pub to: Option<Date>,
}

impl Post {
    /// Whether the post is held on a day.
    pub fn held_on(&self, date: Date) -> bool {
        self.from <= date && self.to.is_none_or(|to| date < to)
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.to.is_none_or(|to| other.from < to) && other.to.is_none_or(|to| self.from < to)
    }
}

/// The roles a person holds in an organisation on a day, each once, in the order of [`Role`].
pub fn roles_on(posts: &[Post], person: PersonId, org: OrgId, date: Date) -> Vec<Role> {
    let held: BTreeSet<Role> =
        posts.iter().filter(|p| p.person == person && p.org == org && p.held_on(date)).map(|p| p.role).collect();
    held.into_iter().collect()
}

/// Whether a post can be given beside those that exist.
///
/// # Errors
/// When it ends before it begins, or the organisation would have two secretaries at a time.
pub fn appoint(existing: &[Post], new: &Post) -> Result<(), Refusal> {
    if new.to.is_some_and(|to| to <= new.from) {
        return Err(Refusal::new("post_dates", "Ngày cuối giữ chức vụ không thể trước ngày bắt đầu. Hãy sửa lại ngày.").at("to"));
    }
    let clash = existing
        .iter()
        .filter(|p| p.org == new.org && p.role == new.role && p.overlaps(new))
        .find(|p| new.role == Role::Secretary || p.person == new.person);
    match clash {
        None => Ok(()),
        Some(p) if p.person == new.person => {
            Err(Refusal::new("post_twice", "Đồng chí này đã giữ chức vụ đó trong thời gian đã chọn. Hãy chọn thời gian khác.")
                .at("from"))
        }
        Some(_) => Err(Refusal::new(
            "two_secretaries",
            "Trong cùng thời gian chỉ có một đồng chí Bí thư. Hãy ghi ngày cuối giữ chức vụ của đồng chí Bí thư trước đó.",
        )
        .at("from")),
    }
}

/// How many persons make up a cell's committee on a day: secretary and deputy belong to it.
pub fn committee_size(posts: &[Post], org: OrgId, date: Date) -> u32 {
    let members: BTreeSet<PersonId> = posts
        .iter()
        .filter(|p| p.org == org && p.held_on(date))
        .filter(|p| matches!(p.role, Role::Secretary | Role::Deputy | Role::Committee | Role::Standing))
        .map(|p| p.person)
        .collect();
    u32::try_from(members.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const CELL: OrgId = OrgId::new(1);

    fn post(person: i64, role: Role, from: Date, to: Option<Date>) -> Post {
        Post { person: PersonId::new(person), role, org: CELL, from, to }
    }

    #[test]
    fn a_post_is_held_from_its_first_day_until_the_day_it_ends() {
        let p = post(1, Role::Secretary, date(2025, 1, 1), Some(date(2025, 12, 31)));
        let table =
            [(date(2024, 12, 31), false), (date(2025, 1, 1), true), (date(2025, 12, 30), true), (date(2025, 12, 31), false)];
        for (day, held) in table {
            assert_eq!(p.held_on(day), held, "{day}");
        }
    }

    #[test]
    fn a_committee_member_of_a_cell_is_called_chi_uy_vien() {
        assert_eq!(Role::Committee.label_in(true), "Chi ủy viên");
        assert_eq!(Role::Committee.label_in(false), "Cấp ủy viên");
        assert_eq!(Role::Secretary.label_in(true), "Bí thư");
    }

    #[test]
    fn a_cell_has_one_secretary_at_a_time() {
        let old = post(1, Role::Secretary, date(2024, 1, 1), Some(date(2025, 5, 31)));
        let early = post(2, Role::Secretary, date(2025, 5, 30), None);
        assert_eq!(appoint(&[old], &early).unwrap_err().code, "two_secretaries");
        let after = post(2, Role::Secretary, date(2025, 5, 31), None);
        assert!(appoint(&[old], &after).is_ok());
        let deputy = post(2, Role::Deputy, date(2024, 1, 1), None);
        assert!(appoint(&[old], &deputy).is_ok());
    }

    #[test]
    fn nobody_holds_the_same_post_twice_at_a_time_or_backwards() {
        let p = post(1, Role::Committee, date(2024, 1, 1), None);
        let again = post(1, Role::Committee, date(2025, 1, 1), None);
        assert_eq!(appoint(&[p], &again).unwrap_err().code, "post_twice");
        let backwards = post(3, Role::Committee, date(2024, 1, 2), Some(date(2024, 1, 1)));
        assert_eq!(appoint(&[p], &backwards).unwrap_err().code, "post_dates");
    }

    #[test]
    fn roles_are_those_of_the_person_the_place_and_the_day() {
        let posts = [
            post(1, Role::Committee, date(2024, 1, 1), None),
            post(1, Role::Secretary, date(2025, 1, 1), None),
            post(2, Role::Deputy, date(2024, 1, 1), None),
        ];
        let on = |day| roles_on(&posts, PersonId::new(1), CELL, day);
        assert_eq!(on(date(2024, 6, 1)), [Role::Committee]);
        assert_eq!(on(date(2025, 6, 1)), [Role::Secretary, Role::Committee]);
        assert!(roles_on(&posts, PersonId::new(1), OrgId::new(2), date(2025, 6, 1)).is_empty());
    }
}
