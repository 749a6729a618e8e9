//! The first steps of a new installation, ticked off by what is there, never by hand.
//! May touch counts of a cell. Rules: experience.md 10 (from a sheet to the first notice in minutes).

use domain::id::OrgId;
use domain::post::Role;
use jiff::civil::Date;

use super::page::Todo;
use super::store::Progress;

/// The steps of a cell for who chairs it, done ones too; empty once the first minutes are sealed.
pub fn of_cell(org: OrgId, at: &Progress, roles: &[Role], today: Date) -> Vec<Todo> {
    let secretary = roles.contains(&Role::Secretary);
    if at.sealed || !(secretary || roles.contains(&Role::Deputy)) {
        return Vec::new();
    }
    // A cell founded in December owes nothing more this year (SH-01): the year to lay out is the next.
    let year = if today.month() == 12 { today.year().saturating_add(1) } else { today.year() };
    let meeting = at.draft.map_or_else(|| format!("/cb/{org}/buoi"), |m| format!("/cb/{org}/buoi/{m}"));
    let all: [(bool, String, &str, &str); 6] = [
        (
            at.members > 1,
            format!("/cb/{org}/dang-vien/nhap"),
            "Nhập danh sách đảng viên",
            "Tải lên tệp Excel đang dùng; xem trước rồi mới ghi.",
        ),
        (
            at.posts > 1,
            if roles.contains(&Role::Admin) { format!("/tc/{org}/quan-ly") } else { format!("/cb/{org}/to-chuc") },
            "Ghi nhiệm kỳ và chức vụ trong chi bộ",
            "Số văn bản chạy theo nhiệm kỳ; quyền trong hệ thống theo chức vụ.",
        ),
        (
            at.members > 1 && at.slips >= at.members,
            if secretary { format!("/cb/{org}/tai-khoan") } else { format!("/cb/{org}/dang-vien") },
            "In phiếu kích hoạt cho đảng viên",
            "Mỗi đồng chí một phiếu, tự chọn mật khẩu trên điện thoại.",
        ),
        (
            at.planned > 0,
            format!("/cb/{org}/nam/{year}/du-kien"),
            "Lên lịch năm sinh hoạt",
            "12 kỳ thường kỳ và 4 chuyên đề đã có sẵn, chỉ cần ghi ngày dự kiến.",
        ),
        (
            at.meetings > 0,
            format!("/cb/{org}/buoi/tao"),
            "Chuẩn bị buổi sinh hoạt đầu tiên",
            "Chọn kỳ gần nhất; chương trình 15 bước được điền sẵn.",
        ),
        (at.noticed > 0, meeting, "Gửi thông báo đầu tiên", "Đảng viên trả lời ngay trên điện thoại."),
    ];
    if all.iter().all(|s| s.0) {
        return Vec::new();
    }
    let next = all.iter().position(|s| !s.0);
    (0..)
        .zip(all)
        .map(|(n, (done, href, title, small))| {
            let (class, word) = match (done, next == Some(n)) {
                (true, _) => ("done", "Xong"),
                (false, true) => ("due", "Làm tiếp"),
                (false, false) => ("none", "Chưa làm"),
            };
            Todo { href, title: title.to_owned(), small: small.to_owned(), class, word: word.to_owned() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn steps_tick_themselves_off_and_go_away_after_the_first_minutes() {
        let words = |at: &Progress| -> Vec<String> {
            of_cell(OrgId::new(1), at, &[Role::Secretary], date(2026, 11, 22)).into_iter().map(|t| t.word).collect()
        };
        let fresh = Progress { members: 1, posts: 1, slips: 1, ..Progress::default() };
        assert_eq!(words(&fresh), ["Làm tiếp", "Chưa làm", "Chưa làm", "Chưa làm", "Chưa làm", "Chưa làm"]);
        let imported = Progress { members: 18, posts: 3, slips: 1, ..Progress::default() };
        assert_eq!(words(&imported), ["Xong", "Xong", "Làm tiếp", "Chưa làm", "Chưa làm", "Chưa làm"]);
        let all = Progress { slips: 18, planned: 16, meetings: 1, noticed: 1, ..imported };
        assert!(words(&all).is_empty());
        assert!(words(&Progress { sealed: true, ..imported }).is_empty());
        assert!(of_cell(OrgId::new(1), &fresh, &[Role::Committee], date(2026, 11, 22)).is_empty());
    }

    #[test]
    fn steps_lead_where_something_can_be_done() {
        let links = |roles: &[Role], today: Date| -> Vec<String> {
            of_cell(OrgId::new(1), &Progress::default(), roles, today).into_iter().map(|t| t.href).collect()
        };
        let plain = links(&[Role::Secretary], date(2026, 11, 30));
        // Posts are given to members, so these come first.
        assert_eq!(plain[..2], ["/cb/1/dang-vien/nhap", "/cb/1/to-chuc"]);
        assert_eq!(plain[3..5], ["/cb/1/nam/2026/du-kien", "/cb/1/buoi/tao"]);
        // Who administers may also name the deputy; in December the year to lay out is the next.
        let head = links(&[Role::Secretary, Role::Admin], date(2026, 12, 1));
        assert_eq!((head[1].as_str(), head[3].as_str()), ("/tc/1/quan-ly", "/cb/1/nam/2027/du-kien"));
    }
}
