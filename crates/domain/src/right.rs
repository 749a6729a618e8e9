//! What a route asks of the person before it, and whether that person has it.
//! Touches roles, standings and meeting kinds only. Rules: P-10, ST-04, VT-02, CB-03.

use crate::meeting::MeetingKind;
use crate::post::Role;
use crate::roll::Standing;

crate::codes! {
    /// What a route asks for, always of one organisation.
    pub enum Right {
        /// Anyone, signed in or not.
        Public = "public" / "Mọi người",
        /// Anyone signed in, for things of their own.
        SignedIn = "signed_in" / "Người đã đăng nhập, với dữ liệu của mình",
        /// A notice of the cell's meeting: its members, its leaders and who follows it.
        NoticeRead = "notice_read" / "Xem thông báo sinh hoạt",
        /// The cell's meetings, minutes and tasks.
        CellRead = "cell_read" / "Xem nội dung sinh hoạt của chi bộ",
        /// The cell's figures without content.
        CellStats = "cell_stats" / "Xem số liệu tổng hợp",
        /// Preparing a meeting; reading the committee's own meetings.
        MeetingPrepare = "meeting_prepare" / "Chuẩn bị buổi sinh hoạt",
        /// Sending notices, deciding excuses, opening, adopting, sealing.
        MeetingLead = "meeting_lead" / "Chủ trì buổi sinh hoạt",
        /// Writing the minutes of one meeting.
        MinutesWrite = "minutes_write" / "Ghi biên bản",
        /// Reporting on and confirming tasks.
        TaskAct = "task_act" / "Thực hiện, báo cáo nhiệm vụ",
        /// The list of members.
        MemberManage = "member_manage" / "Quản lý đảng viên",
        /// The organisation itself: its name, place in the tree, posts.
        OrgManage = "org_manage" / "Quản lý tổ chức",
        /// Accounts and activation slips.
        AccountManage = "account_manage" / "Quản lý tài khoản",
        /// The installation: backup, health, versions. Asked of the topmost organisation.
        SystemAdmin = "system_admin" / "Quản trị hệ thống",
        /// How meetings were scored, without their content (ST-04).
        ScoreRead = "score_read" / "Xem điểm, mức xếp loại các buổi sinh hoạt",
        /// Scoring a meeting from above, for who follows the cell or leads above it (VT-03).
        ScoreAbove = "score_above" / "Cấp trên chấm điểm buổi sinh hoạt",
        /// Writing and issuing what a committee sends to the cells below: its leaders and its office (L1, L2).
        GuidanceIssue = "guidance_issue" / "Ban hành định hướng, tài liệu cho chi bộ",
        /// Proposing, confirming and reading what a cell below is opened to a committee (P-25): its members, asked of
        /// the committee. Who administers the installation has no part in it, whatever other post they hold.
        ContentOpen = "content_open" / "Xem nội dung chi bộ mở cho cấp ủy",
    }
}

/// How a person stands towards the organisation a route is about, on the day of the request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Position<'a> {
    /// Whether anyone is signed in.
    pub signed_in: bool,
    /// Whether the organisation is a cell, which does not manage its own place in the tree.
    pub is_cell: bool,
    /// The membership in this organisation that holds today; none for a former member.
    pub membership: Option<Standing>,
    /// The roles held in this organisation today.
    pub roles_here: &'a [Role],
    /// The roles held today in any organisation above this one.
    pub roles_above: &'a [Role],
    /// Whether the person is the appointed secretary of the meeting the route is about.
    pub minutes_secretary: bool,
}

impl Position<'_> {
    /// A member who takes part. A suspended member keeps only what is their own.
    fn takes_part(&self) -> bool {
        match self.membership {
            None | Some(Standing::Suspended) => false,
            Some(
                Standing::Official
                | Standing::Probationary
                | Standing::TemporaryHere
                | Standing::TemporaryAway
                | Standing::Exempt,
            ) => true,
        }
    }

    /// Whether one of the roles is held here. A suspended member exercises none.
    fn here(&self, roles: &[Role]) -> bool {
        self.membership != Some(Standing::Suspended) && self.roles_here.iter().any(|r| roles.contains(r))
    }

    fn above(&self, roles: &[Role]) -> bool {
        self.roles_above.iter().any(|r| roles.contains(r))
    }

    fn leads(&self) -> bool {
        self.here(&LEADERS)
    }

    fn administers(&self) -> bool {
        self.roles_here.contains(&Role::Admin) || self.above(&[Role::Admin])
    }
}

const LEADERS: [Role; 4] = [Role::Secretary, Role::Deputy, Role::Committee, Role::Standing];
const CHAIRS: [Role; 2] = [Role::Secretary, Role::Deputy];
const OFFICE: [Role; 3] = [Role::Secretary, Role::Deputy, Role::Clerk];
const STRUCTURE: [Role; 4] = [Role::Secretary, Role::Deputy, Role::Standing, Role::Clerk];
const ABOVE: [Role; 5] = [Role::Secretary, Role::Deputy, Role::Standing, Role::Committee, Role::Clerk];

/// Whether a position gives a right. Nothing is given to who is not signed in, save what is public.
pub fn allows(right: Right, at: &Position<'_>) -> bool {
    if right == Right::Public {
        return true;
    }
    if !at.signed_in {
        return false;
    }
    match right {
        Right::Public | Right::SignedIn => true,
        Right::NoticeRead => at.takes_part() || at.leads() || at.here(&[Role::Follower]),
        Right::CellRead => at.takes_part() || at.leads(),
        Right::CellStats => at.leads() || at.here(&[Role::Follower, Role::Clerk]) || at.above(&ABOVE),
        Right::MeetingPrepare => at.leads(),
        Right::MeetingLead => at.here(&CHAIRS),
        Right::MinutesWrite => {
            let belongs = at.takes_part() || at.here(&ABOVE);
            at.leads() || (at.minutes_secretary && belongs)
        }
        Right::TaskAct => at.takes_part() || at.leads(),
        Right::MemberManage => at.leads() || at.here(&[Role::Clerk]) || at.above(&OFFICE),
        Right::OrgManage => at.above(&STRUCTURE) || (!at.is_cell && at.here(&STRUCTURE)) || at.administers(),
        Right::AccountManage => at.here(&[Role::Secretary, Role::Clerk]) || at.above(&[Role::Clerk]) || at.administers(),
        Right::SystemAdmin => at.administers(),
        Right::ScoreRead => allows(Right::CellRead, at) || allows(Right::CellStats, at),
        // Nobody scores their own cell as its superior.
        Right::ScoreAbove => (at.here(&[Role::Follower]) || at.above(&LEADERS)) && at.membership.is_none() && !at.leads(),
        Right::GuidanceIssue => !at.is_cell && at.here(&ABOVE),
        Right::ContentOpen => !at.is_cell && at.leads() && !at.administers(),
    }
}

/// The right that reading a meeting of a kind asks for: the committee's own meetings are for
/// the committee, all others for the cell.
pub fn to_read(kind: MeetingKind) -> Right {
    match kind {
        MeetingKind::Committee => Right::MeetingPrepare,
        MeetingKind::Regular
        | MeetingKind::Thematic
        | MeetingKind::Combined
        | MeetingKind::Congress
        | MeetingKind::Review
        | MeetingKind::Extraordinary
        | MeetingKind::Other => Right::CellRead,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;

    fn cell() -> Position<'static> {
        Position { signed_in: true, is_cell: true, ..Position::default() }
    }
    fn member(standing: Standing) -> Position<'static> {
        Position { membership: Some(standing), ..cell() }
    }
    fn post(role: &'static [Role]) -> Position<'static> {
        Position { roles_here: role, ..member(Standing::Official) }
    }
    fn above(role: &'static [Role]) -> Position<'static> {
        Position { roles_above: role, ..cell() }
    }

    fn named_secretary(position: Position<'static>) -> Position<'static> {
        Position { minutes_secretary: true, ..position }
    }
    /// Held in the cell by somebody who is no member of it.
    fn guest(role: &'static [Role]) -> Position<'static> {
        Position { roles_here: role, ..cell() }
    }

    /// Who, and which rights in the order of `Right::ALL`: Public, SignedIn, NoticeRead, CellRead,
    /// CellStats, MeetingPrepare, MeetingLead, MinutesWrite, TaskAct, MemberManage, OrgManage,
    /// AccountManage, SystemAdmin, ScoreRead, ScoreAbove, GuidanceIssue, ContentOpen.
    fn members() -> Vec<(Position<'static>, &'static str)> {
        let suspended = Position { roles_here: &[Role::Secretary], ..member(Standing::Suspended) };
        let nobody = Position { signed_in: false, roles_here: &[Role::Secretary, Role::Admin], ..member(Standing::Official) };
        vec![
            (nobody, "x................"),
            (cell(), "xx..............."),
            (named_secretary(cell()), "xx..............."),
            (member(Standing::Official), "xxxx....x....x..."),
            (member(Standing::Probationary), "xxxx....x....x..."),
            (member(Standing::TemporaryHere), "xxxx....x....x..."),
            (member(Standing::TemporaryAway), "xxxx....x....x..."),
            (member(Standing::Exempt), "xxxx....x....x..."),
            (member(Standing::Suspended), "xx..............."),
            (named_secretary(suspended), "xx..............."),
            (named_secretary(member(Standing::Probationary)), "xxxx...xx....x..."),
        ]
    }

    /// The same for posts here and above.
    fn posts() -> Vec<(Position<'static>, &'static str)> {
        vec![
            (post(&[Role::Secretary]), "xxxxxxxxxx.x.x..."),
            (post(&[Role::Deputy]), "xxxxxxxxxx...x..."),
            (post(&[Role::Committee]), "xxxxxx.xxx...x..."),
            (post(&[Role::Standing]), "xxxxxx.xxx...x..."),
            (post(&[Role::Clerk]), "xxxxx...xx.x.x..."),
            (guest(&[Role::Follower]), "xxx.x........xx.."),
            (guest(&[Role::Admin]), "xx........xxx...."),
            (above(&[Role::Secretary]), "xx..x....xx..xx.."),
            (above(&[Role::Deputy]), "xx..x....xx..xx.."),
            (above(&[Role::Standing]), "xx..x.....x..xx.."),
            (above(&[Role::Committee]), "xx..x........xx.."),
            (above(&[Role::Clerk]), "xx..x....xxx.x..."),
            (above(&[Role::Follower]), "xx..............."),
            (above(&[Role::Admin]), "xx........xxx...."),
            (above(&[Role::Committee, Role::Admin]), "xx..x.....xxxxx.."),
        ]
    }

    #[test]
    fn the_whole_table_of_rights_and_positions() {
        for (position, expected) in members().into_iter().chain(posts()) {
            assert_eq!(expected.len(), Right::ALL.len(), "{position:?}");
            for (right, mark) in Right::ALL.iter().zip(expected.chars()) {
                let given = allows(*right, &position);
                assert_eq!(given, mark == 'x', "{right:?} for {position:?}");
            }
        }
    }

    #[test]
    fn a_committee_manages_its_own_place_and_a_cell_does_not() {
        let secretary = post(&[Role::Secretary]);
        assert!(!allows(Right::OrgManage, &secretary));
        let of_committee = Position { is_cell: false, membership: None, ..secretary };
        assert!(allows(Right::OrgManage, &of_committee));
    }

    #[test]
    fn what_goes_down_is_issued_by_the_committee_itself() {
        for (role, issues) in [
            (&[Role::Secretary][..], true),
            (&[Role::Deputy], true),
            (&[Role::Standing], true),
            (&[Role::Committee], true),
            (&[Role::Clerk], true),
            (&[Role::Follower], false),
            (&[Role::Admin], false),
        ] {
            let here = Position { signed_in: true, roles_here: role, ..Position::default() };
            assert_eq!(allows(Right::GuidanceIssue, &here), issues, "{role:?}");
            let above = Position { roles_here: &[], roles_above: role, ..here };
            assert!(!allows(Right::GuidanceIssue, &above), "{role:?} of a committee above");
        }
    }

    #[test]
    fn what_a_cell_opens_is_for_the_members_of_the_committee_and_no_administrator() {
        for (role, opens) in [
            (&[Role::Secretary][..], true),
            (&[Role::Deputy], true),
            (&[Role::Standing], true),
            (&[Role::Committee], true),
            (&[Role::Clerk], false),
            (&[Role::Follower], false),
            (&[Role::Admin], false),
            (&[Role::Secretary, Role::Admin], false),
        ] {
            let here = Position { signed_in: true, roles_here: role, ..Position::default() };
            assert_eq!(allows(Right::ContentOpen, &here), opens, "{role:?}");
            let administers = Position { roles_above: &[Role::Admin], ..here };
            assert!(!allows(Right::ContentOpen, &administers), "{role:?} and administrator above");
            let above = Position { roles_here: &[], roles_above: role, ..here };
            assert!(!allows(Right::ContentOpen, &above), "{role:?} of a committee above");
            assert!(!allows(Right::ContentOpen, &Position { is_cell: true, ..here }), "{role:?} of a cell");
        }
    }

    #[test]
    fn the_administrator_never_reads_content() {
        for roles in [&[Role::Admin][..], &[Role::Admin, Role::Admin]] {
            for position in [
                Position { roles_here: roles, ..cell() },
                Position { roles_above: roles, ..cell() },
                Position { roles_above: roles, minutes_secretary: true, is_cell: false, ..cell() },
            ] {
                for right in [
                    Right::NoticeRead,
                    Right::CellRead,
                    Right::CellStats,
                    Right::MeetingPrepare,
                    Right::MeetingLead,
                    Right::MinutesWrite,
                    Right::TaskAct,
                    Right::MemberManage,
                    Right::ContentOpen,
                ] {
                    assert!(!allows(right, &position), "{right:?}");
                }
            }
        }
    }

    #[test]
    fn the_committees_own_meetings_are_not_read_by_every_member() {
        let reader = member(Standing::Official);
        for kind in MeetingKind::ALL {
            assert_eq!(allows(to_read(*kind), &reader), *kind != MeetingKind::Committee, "{kind}");
        }
    }

    #[test]
    fn a_committees_clerk_may_be_named_secretary_of_its_meeting() {
        let clerk = Position { signed_in: true, roles_here: &[Role::Clerk], minutes_secretary: true, ..Position::default() };
        assert!(allows(Right::MinutesWrite, &clerk));
        let not_named = Position { minutes_secretary: false, ..clerk };
        assert!(!allows(Right::MinutesWrite, &not_named));
    }
}
