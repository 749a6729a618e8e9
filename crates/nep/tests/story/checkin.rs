//! Self check-in by a code that changes: taken, late, wrong, closed, of another meeting; the secretary's
//! word stands; entries by number and by card that can be taken back (MD-01, MD-02, M3).

use std::sync::Arc;

use db::values;
use domain::id::{MeetingId, OrgId};
use domain::meeting::MeetingKind;
use jiff::civil::date;
use nep::live::store as live;

use crate::holding::{Held, planned};
use crate::site::{Browser, Page, Site, each};

/// A meeting that was opened at 14:00, nobody marked; the secretary's browser.
async fn opened(site: &Arc<Site>) -> (Held, Browser) {
    let held = planned(site, date(2026, 12, 3), MeetingKind::Regular);
    site.at(date(2026, 12, 3).at(14, 0, 0, 0));
    let secretary = site.sign_in("lethianh").await;
    secretary.post(&format!("{}/dieu-hanh/mo", held.base), &[("gio", "14:00")]).await.is(303);
    (held, secretary)
}

fn clock(site: &Arc<Site>, minute: i8, second: i8) {
    site.at(date(2026, 12, 3).at(14, minute, second, 0));
}

async fn switch(secretary: &Browser, held: &Held, what: &str) -> Page {
    secretary.post(&format!("{}/ma-diem-danh", held.base), &[("viec", what)]).await
}

fn shown(page: &Page) -> String {
    page.body.split("data-refocus>").nth(1).and_then(|rest| rest.get(..4)).expect("a code on the page").to_owned()
}

async fn code(secretary: &Browser, held: &Held) -> String {
    shown(&secretary.get(&format!("{}/ma-diem-danh", held.base)).await.is(200))
}

async fn type_in(member: &Browser, held: &Held, code: &str) -> Page {
    member.post(&format!("{}/tu-diem-danh", held.base), &[("ma_so", code)]).await
}

/// A code that is neither of these.
fn other(codes: &[&str]) -> String {
    (0..).map(|n| format!("{n:04}")).find(|c| !codes.contains(&c.as_str())).unwrap()
}

/// Mark, who set it, wrong codes, time of arrival.
fn line(site: &Arc<Site>, held: &Held, login: &str) -> (String, String, i64, String) {
    use domain::code::Code;
    let (cell, id, who): (OrgId, MeetingId, _) = (site.cast.cell, held.id, site.person(login));
    let line = site.write(move |tx| Ok(live::line_of(tx, cell, id, who)?)).unwrap();
    (
        line.mark.map_or("", Code::code).to_owned(),
        line.by.map_or("", Code::code).to_owned(),
        line.tries,
        line.arrived_at.map(|at| domain::vi::time_short(at.time())).unwrap_or_default(),
    )
}

fn is(mark: &str, by: &str, tries: i64, at: &str) -> (String, String, i64, String) {
    (mark.to_owned(), by.to_owned(), tries, at.to_owned())
}

#[test]
fn a_member_checks_in_with_the_code_and_every_screen_learns_of_it() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        let member = site.sign_in("doquocbao").await;
        member.get(&held.base).await.is(200).says_not(&["Mã điểm danh", "Tôi có mặt"]);
        secretary.get(&format!("{}/diem-danh", held.base)).await.is(200).says(&["Mở tự điểm danh"]).says_not(&["data-left"]);
        secretary.get(&format!("{}/dieu-hanh", held.base)).await.is(200).says(&["Mở tự điểm danh"]);
        let mut ear = secretary.listen(&format!("{}/dien-bien", held.base), None).await.unwrap();
        switch(&secretary, &held, "mo").await.is(303);
        ear.hears(&["roll"]).await;
        let now = code(&secretary, &held).await;
        // The same code on the three pages of whoever takes the roll, how it is read, and for how long.
        for page in ["diem-danh", "dieu-hanh", "ma-diem-danh"] {
            let page = secretary.get(&format!("{}/{page}", held.base)).await.is(200);
            assert_eq!(shown(&page), now);
            page.says(&[&domain::checkin::spoken(&now), "60 giây", "Đóng tự điểm danh", "Chưa có đồng chí nào tự điểm danh"]);
        }
        // Opening again keeps it. No page that a member can open has it.
        switch(&secretary, &held, "mo").await.is(303);
        assert_eq!(code(&secretary, &held).await, now);
        let spoken = domain::checkin::spoken(&now);
        for page in ["", "/man-chieu", "/tu-diem-danh"] {
            let page = member.get(&format!("{}{page}", held.base)).await.is(200);
            page.says_not(&[&spoken, &format!(">{now}<"), "data-refocus"]);
        }
        member.get(&format!("{}/ma-diem-danh", held.base)).await.is(404);
        member.get(&held.base).await.is(200).says(&["Mã điểm danh", "Tôi có mặt", "inputmode=\"numeric\""]);
        clock(&site, 0, 42);
        let spaced = format!(" {} {} ", &now[..2], &now[2..]);
        let to = type_in(&member, &held, &spaced).await.is(303).to;
        assert_eq!(to, format!("{}#tu-diem-danh", held.base));
        ear.hears(&["roll"]).await;
        assert_eq!(line(&site, &held, "doquocbao"), is("present", "member", 0, "14:00"));
        member.get(&held.base).await.is(200).says(&["Đã ghi có mặt lúc 14:00"]).says_not(&["Tôi có mặt", "Thư ký đã ghi"]);
        let roll = secretary.get(&format!("{}/diem-danh", held.base)).await.is(200);
        roll.says(&["Có mặt 1/11", "Có mặt 14:00, tự điểm danh", "1 đồng chí đã tự điểm danh"]);
        // Twice is once.
        type_in(&member, &held, &now).await.is(303);
        type_in(&member, &held, "nhầm").await.is(303);
        assert_eq!(line(&site, &held, "doquocbao"), is("present", "member", 0, "14:00"));
    });
}

#[test]
fn a_code_is_taken_in_its_window_and_the_next_one_and_nowhere_else() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        switch(&secretary, &held, "mo").await.is(303);
        let first = code(&secretary, &held).await;
        clock(&site, 0, 59);
        assert_eq!(code(&secretary, &held).await, first);
        clock(&site, 1, 0);
        let second = code(&secretary, &held).await;
        clock(&site, 1, 59);
        type_in(&site.sign_in("doquocbao").await, &held, &first).await.is(303);
        clock(&site, 2, 0);
        let third = code(&secretary, &held).await;
        // Codes of four digits may happen to be equal; then there is nothing to tell apart.
        if first != second && first != third {
            type_in(&site.sign_in("leminhduc").await, &held, &first).await.is(422).says(&["Mã chưa đúng", "Còn 4 lần"]);
            assert_eq!(line(&site, &held, "leminhduc"), is("", "", 1, ""));
        }
        type_in(&site.sign_in("leminhduc").await, &held, &second).await.is(303);
        // Closed, codes are worth nothing; opened again, there are others.
        switch(&secretary, &held, "dong").await.is(303);
        let dat = site.sign_in("trinhcongdat").await;
        dat.get(&held.base).await.is(200).says_not(&["Tôi có mặt"]);
        type_in(&dat, &held, &third).await.is(422).says(&["Tự điểm danh đang đóng", "báo thư ký"]);
        assert_eq!(line(&site, &held, "trinhcongdat"), is("", "", 0, ""));
        switch(&secretary, &held, "mo").await.is(303);
        let (a, b) = (code(&secretary, &held).await, second.clone());
        if a != third && a != b {
            type_in(&dat, &held, &third).await.is(422);
            assert_eq!(line(&site, &held, "trinhcongdat"), is("", "", 1, ""));
        }
        // The meeting ends: so does it, also when the meeting is taken up again.
        clock(&site, 40, 0);
        secretary.post(&format!("{}/dieu-hanh/ket-thuc", held.base), &[("gio", "14:40")]).await.is(303);
        type_in(&dat, &held, &a).await.is(422).says(&["Tự điểm danh đang đóng"]);
        switch(&secretary, &held, "mo").await.is(422).says(&["đang diễn ra"]);
        secretary.get(&format!("{}/ma-diem-danh", held.base)).await.is(200).says(&["Đã họp"]).says_not(&["data-refocus"]);
        let ha = site.sign_in("nguyenthiha").await;
        ha.post(&format!("{}/dieu-hanh/mo-lai", held.base), &[("ly_do", "bấm nhầm")]).await.is(303);
        dat.get(&held.base).await.is(200).says_not(&["Tôi có mặt"]);
    });
}

#[test]
fn a_code_of_another_meeting_opens_nothing() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        let second = planned(&site, date(2026, 12, 3), MeetingKind::Extraordinary);
        secretary.post(&format!("{}/dieu-hanh/mo", second.base), &[("gio", "14:00")]).await.is(303);
        for meeting in [&held, &second] {
            switch(&secretary, meeting, "mo").await.is(303);
        }
        let mut both = Vec::new();
        for minute in 0..3 {
            clock(&site, minute, 0);
            both.push((code(&secretary, &held).await, code(&secretary, &second).await));
        }
        assert!(both.iter().any(|(a, b)| a != b), "two meetings with one secret: {both:?}");
        let (here, there) = both.pop().unwrap();
        if !both.iter().any(|(a, _)| *a == there) && here != there {
            type_in(&site.sign_in("doquocbao").await, &held, &there).await.is(422);
            assert_eq!(line(&site, &held, "doquocbao"), is("", "", 1, ""));
            assert_eq!(line(&site, &second, "doquocbao"), is("", "", 0, ""));
        }
        // Whoever is not on the list is told so; strangers find nothing.
        for login in ["phanthilan", "tranvanlam", "quantrivien"] {
            type_in(&site.sign_in(login).await, &held, &here).await.is(404);
        }
    });
}

#[test]
fn five_wrong_codes_and_only_the_secretary_can() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        switch(&secretary, &held, "mo").await.is(303);
        let right = code(&secretary, &held).await;
        let wrong = other(&[&right]);
        let member = site.sign_in("doquocbao").await;
        // What cannot be a code is no try.
        for text in ["", "12", "40725", "mã nào"] {
            type_in(&member, &held, text).await.is(422).says(&["4 chữ số"]);
        }
        for left in (1..=4).rev() {
            type_in(&member, &held, &wrong).await.is(422).says(&[&format!("Còn {left} lần")]);
        }
        member.get(&held.base).await.is(200).says(&["Còn 1 lần", "Tôi có mặt"]);
        type_in(&member, &held, &wrong).await.is(422).says(&["đã hết lần nhập", "nhập sai mã 5 lần"]).says_not(&["Tôi có mặt"]);
        // The right one comes too late, and nothing more is counted.
        type_in(&member, &held, &right).await.is(422).says(&["nhập sai mã 5 lần", "báo thư ký"]);
        assert_eq!(line(&site, &held, "doquocbao"), is("", "", 5, ""));
        member.get(&held.base).await.is(200).says(&["nhập sai mã 5 lần"]).says_not(&["Tôi có mặt"]);
        // Closing and opening does not give new tries.
        switch(&secretary, &held, "dong").await.is(303);
        switch(&secretary, &held, "mo").await.is(303);
        type_in(&member, &held, &code(&secretary, &held).await).await.is(422);
        let roll = format!("{}/diem-danh", held.base);
        secretary.get(&roll).await.is(200).says(&["đã nhập sai mã 5 lần"]);
        secretary.post(&roll, &[("number", "5")]).await.is(303);
        assert_eq!(line(&site, &held, "doquocbao"), is("present", "secretary", 5, "14:00"));
        // Another member has tries of their own.
        type_in(&site.sign_in("trinhcongdat").await, &held, &code(&secretary, &held).await).await.is(303);
    });
}

#[test]
fn the_secretarys_list_is_final() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        switch(&secretary, &held, "mo").await.is(303);
        let right = code(&secretary, &held).await;
        let roll = format!("{}/diem-danh", held.base);
        let mark = async |login: &str, code: &str| {
            secretary.post(&roll, &[("mark", &format!("{}:{code}", site.person(login)))]).await.is(303)
        };
        // Marked absent by the secretary: told so, and unchanged.
        mark("doquocbao", "k").await;
        let bao = site.sign_in("doquocbao").await;
        bao.get(&held.base).await.is(200).says(&["Thư ký đã ghi: Vắng không có lý do"]).says_not(&["Tôi có mặt"]);
        type_in(&bao, &held, &right).await.is(422).says(&["Thư ký đã ghi: Vắng không có lý do", "báo thư ký nếu chưa đúng"]);
        assert_eq!(line(&site, &held, "doquocbao"), is("unexcused", "secretary", 0, ""));
        // Marked present by the secretary: nothing left to do.
        mark("leminhduc", "c").await;
        let duc = site.sign_in("leminhduc").await;
        duc.get(&held.base).await.is(200).says(&["Đã ghi có mặt lúc 14:00", "Thư ký đã ghi"]);
        type_in(&duc, &held, "0000").await.is(303);
        assert_eq!(line(&site, &held, "leminhduc"), is("present", "secretary", 0, "14:00"));
        // A member's own mark is taken back by the secretary, and stays so.
        let dat = site.sign_in("trinhcongdat").await;
        type_in(&dat, &held, &right).await.is(303);
        mark("trinhcongdat", "0").await;
        assert_eq!(line(&site, &held, "trinhcongdat"), is("", "secretary", 0, ""));
        type_in(&dat, &held, &right).await.is(422).says(&["Thư ký đã bỏ ghi có mặt"]);
        dat.get(&held.base).await.is(200).says(&["Thư ký đã bỏ ghi có mặt"]).says_not(&["Tôi có mặt"]);
        // What stands since the opening gives way: an exempt member who came, one who had leave to be absent.
        let (cell, id, phuoc) = (site.cast.cell, held.id, site.person("danghuuphuoc"));
        site.write(move |tx| {
            let set = "update roll set mark = 'excused', reason = 'đi công tác' where org_id = $1 and meeting_id = $2 and person_id = $3";
            tx.exec(set, values![cell, id, phuoc])?;
            Ok(())
        });
        for login in ["hoangvanut", "danghuuphuoc"] {
            type_in(&site.sign_in(login).await, &held, &right).await.is(303);
            assert_eq!(line(&site, &held, login), is("present", "member", 0, "14:00"));
        }
        secretary.get(&roll).await.is(200).says_not(&["đi công tác"]);
        // All who are left, by the secretary; leaving early is noted as for anybody else.
        clock(&site, 5, 0);
        secretary.post(&roll, &[("mark", "all:c")]).await.is(303);
        assert_eq!(line(&site, &held, "hoangvanut"), is("present", "member", 0, "14:00"));
        assert_eq!(line(&site, &held, "phamvanan"), is("present", "secretary", 0, "14:05"));
        let own = format!("{roll}/{}", site.person("hoangvanut"));
        secretary.post(&own, &[("trang_thai", "present"), ("gio_ve", "15:10")]).await.is(303);
        secretary.get(&roll).await.is(200).says(&["Có mặt 14:00, về lúc 15:10"]);
    });
}

#[test]
fn an_entry_by_number_or_card_is_said_and_can_be_taken_back() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        let (cell, id) = (site.cast.cell, held.id);
        let cards = [("doquocbao", "02.123456"), ("leminhduc", "02.999999"), ("trinhcongdat", "02.999999")];
        let people: Vec<_> = cards.iter().map(|(login, card)| (site.person(login), *card)).collect();
        site.write(move |tx| {
            for (who, card) in &people {
                tx.exec("update person set card_number = $2 where person_id = $1", values![*who, *card])?;
            }
            Ok(())
        });
        let roll = format!("{}/diem-danh", held.base);
        let enter = async |number: &str| secretary.post(&roll, &[("number", number)]).await.is(303).to;
        // As a barcode reader sends it, with zeros before it and full-width.
        for (typed, login, number) in [("\r\n0005\r\n", "doquocbao", 5), ("２", "leminhduc", 2)] {
            assert_eq!(enter(typed).await, format!("{roll}?so={number}#nhap-so"));
            assert_eq!(line(&site, &held, login).0, "present");
        }
        // Taken back it is what it was, once; a line changed since stays.
        let page = secretary.get(&format!("{roll}?so=5")).await.is(200);
        let page = page.says(&["5. Đỗ Quốc Bảo: có mặt 14:00", "Hoàn tác"]);
        let entry = page.body.split("name=\"hoan_tac\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let to = secretary.post(&roll, &[("hoan_tac", &entry)]).await.is(303).to;
        assert_eq!(to, format!("{roll}?so=5&lui=1#nhap-so"));
        let back = secretary.get(to.split('#').next().unwrap()).await.is(200);
        back.says(&["Đã hoàn tác. 5. Đỗ Quốc Bảo: chưa điểm danh", "autofocus"]).says_not(&["name=\"hoan_tac\""]);
        assert_eq!(line(&site, &held, "doquocbao"), is("", "", 0, ""));
        let again = secretary.post(&roll, &[("hoan_tac", &entry)]).await.is(303).to;
        assert_eq!(again, format!("{roll}?lui=0#nhap-so"));
        secretary.get(again.split('#').next().unwrap()).await.is(200).says(&["Không hoàn tác được nữa"]);
        assert_eq!(line(&site, &held, "doquocbao"), is("", "", 0, ""));
        // A card marks as there and never takes back; a number of two cards, or of none, is nobody's.
        for _ in 0..2 {
            assert_eq!(enter("02123456").await, format!("{roll}?so=5#nhap-so"), "no card number in an address");
            assert_eq!(line(&site, &held, "doquocbao").0, "present");
        }
        for typed in ["02999999", "02555555", "bảy"] {
            assert_eq!(enter(typed).await, format!("{roll}?so=khong#nhap-so"));
        }
        secretary.get(&format!("{roll}?so=khong")).await.is(200).says(&["Không đồng chí nào trong danh sách có số vừa nhập"]);
        // An absence with its reason comes back whole.
        let phuoc = site.person("danghuuphuoc");
        secretary.post(&format!("{roll}/{phuoc}"), &[("trang_thai", "excused"), ("ly_do", "đi công tác")]).await.is(303);
        enter("10").await;
        assert_eq!(line(&site, &held, "danghuuphuoc").0, "present");
        let entry = last_entry(&site, cell, id);
        secretary.post(&roll, &[("hoan_tac", &entry)]).await.is(303);
        secretary.get(&roll).await.is(200).says(&["Vắng có lý do: đi công tác"]);
        // All who are left are one entry; whoever was changed since stays as changed.
        let to = secretary.post(&roll, &[("mark", "all:c")]).await.is(303).to;
        let page = secretary.get(to.split('#').next().unwrap()).await.is(200);
        page.says(&["Đã ghi có mặt 8 đồng chí còn lại", "Hoàn tác"]);
        let entry = last_entry(&site, cell, id);
        secretary.post(&roll, &[("mark", &format!("{}:v", site.person("phamvanan")))]).await.is(303);
        secretary.post(&roll, &[("hoan_tac", &entry)]).await.is(303);
        secretary.get(&roll).await.is(200).says(&["Có mặt 2/11"]);
        assert_eq!(line(&site, &held, "phamvanan"), is("excused", "secretary", 0, ""));
        assert_eq!(line(&site, &held, "lethianh"), is("", "", 0, ""), "as before the entry");
    });
}

fn last_entry(site: &Arc<Site>, cell: OrgId, id: MeetingId) -> String {
    site.write(move |tx| {
        let entry: i64 = tx.scalar("select max(entry_id) from roll where org_id = $1 and meeting_id = $2", values![cell, id])?;
        Ok(entry.to_string())
    })
}

#[test]
fn two_servers_show_one_code_and_an_opening_taken_back_forgets_it() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        switch(&secretary, &held, "mo").await.is(303);
        let other = site.twin(nep::live::room::hub::Limits::default());
        assert_eq!(code(&secretary, &held).await, code(&secretary.at(&other), &held).await);
        let right = code(&secretary, &held).await;
        secretary.post(&format!("{}/dieu-hanh/huy-mo", held.base), &[]).await.is(303);
        let member = site.sign_in("doquocbao").await;
        type_in(&member, &held, &right).await.is(404);
        secretary.post(&format!("{}/dieu-hanh/mo", held.base), &[("gio", "14:00")]).await.is(303);
        type_in(&member, &held, &right).await.is(422).says(&["đang đóng"]);
        // Somebody marked by their own code was recorded: the opening can no longer be taken back.
        switch(&secretary, &held, "mo").await.is(303);
        type_in(&member, &held, &code(&secretary, &held).await).await.is(303);
        secretary.post(&format!("{}/dieu-hanh/huy-mo", held.base), &[]).await.is(422);
    });
}
