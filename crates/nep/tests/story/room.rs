//! A running meeting on several screens: queue of speakers, item in hand, what each may see, and the
//! events by which two servers on one database agree (section 2.3, M5, M7, T6).

use std::sync::Arc;
use std::time::Duration;

use db::values;
use domain::id::{ItemId, MeetingId, RowId};
use domain::meeting::MeetingKind;
use jiff::civil::date;
use nep::live::room::hub::Limits;
use nep::live::room::store as rooms;
use nep::member::store as members;

use crate::holding::{Held, contributions, planned, roll};
use crate::site::{Browser, Site, each};

/// A meeting that was opened at 14:00 with its roll taken; the secretary's browser.
async fn opened(site: &Arc<Site>) -> (Held, Browser) {
    let held = planned(site, date(2026, 12, 3), MeetingKind::Regular);
    site.at(date(2026, 12, 3).at(14, 0, 0, 0));
    let secretary = site.sign_in("lethianh").await;
    secretary.post(&format!("{}/dieu-hanh/mo", held.base), &[("gio", "14:00")]).await.is(303);
    roll(site, &secretary, &held).await;
    (held, secretary)
}

/// Turns of a meeting: login-independent id, state, seconds spoken.
fn turns(site: &Arc<Site>, id: MeetingId) -> Vec<(RowId, &'static str, i64)> {
    use domain::code::Code;
    let cell = site.cast.cell;
    let queue = site.write(move |tx| Ok(rooms::queue(tx, cell, id)?));
    queue.iter().map(|s| (s.id, s.turn.state.code(), s.turn.before.as_secs())).collect()
}

fn minute(site: &Arc<Site>, minute: i8, second: i8) {
    site.at(date(2026, 12, 3).at(14, minute, second, 0));
}

struct Desk<'a> {
    browser: &'a Browser,
    base: String,
    item: ItemId,
}

impl Desk<'_> {
    async fn press(&self, field: &str, value: impl ToString, status: u16) -> crate::site::Page {
        let form = format!("{}/dieu-hanh/muc/{}", self.base, self.item);
        let value = value.to_string();
        self.browser.post(&form, &[(field, value.as_str()), ("version", "1"), ("ket_luan", "")]).await.is(status)
    }
}

#[test]
fn a_turn_that_ends_is_one_contribution_and_a_withdrawn_one_is_none() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        let desk = Desk { browser: &secretary, base: held.base.clone(), item: held.items[0] };
        let [an, bao, duc] = ["phamvanan", "doquocbao", "leminhduc"].map(|l| site.person(l));
        desk.press("cho", bao, 303).await;
        desk.press("cho", duc, 303).await;
        // Asking twice keeps the place.
        desk.press("cho", bao, 303).await;
        minute(&site, 1, 0);
        desk.press("moi", an, 303).await;
        let queue = turns(&site, held.id);
        assert_eq!(queue.iter().map(|t| t.1).collect::<Vec<_>>(), ["waiting", "waiting", "speaking"]);
        minute(&site, 2, 30);
        desk.press("tam_dung", queue[2].0, 303).await;
        desk.press("tam_dung", queue[2].0, 303).await;
        minute(&site, 5, 0);
        desk.press("bat_dau", queue[2].0, 303).await;
        minute(&site, 5, 20);
        // The next one begins: who spoke has spoken.
        desk.press("bat_dau", queue[0].0, 303).await;
        assert_eq!(turns(&site, held.id)[2], (queue[2].0, "done", 110));
        assert_eq!(contributions(&site, held.id).iter().map(|c| c.1).collect::<Vec<_>>(), [an]);
        desk.press("ket_luot", queue[0].0, 303).await;
        desk.press("ket_luot", queue[0].0, 303).await;
        desk.press("thoi", queue[1].0, 303).await;
        desk.press("thoi", queue[1].0, 303).await;
        let spoken = contributions(&site, held.id);
        assert_eq!(spoken.iter().map(|c| c.1).collect::<Vec<_>>(), [an, bao]);
        desk.press("bat_dau", queue[1].0, 404).await;
        desk.press("ket_luot", 4711, 404).await;
        // Taking back what was noted takes the turn out of the queue too.
        desk.press("bo", spoken[0].0, 303).await;
        assert_eq!(turns(&site, held.id).iter().map(|t| t.1).collect::<Vec<_>>(), ["done"]);
        assert_eq!(contributions(&site, held.id).len(), 1);
        // Who is absent does not speak; nor does anybody of elsewhere.
        desk.press("moi", site.person("ngothiquynh"), 422).await.says(&["chưa được điểm danh có mặt"]);
        desk.press("cho", site.person("danghuuphuoc"), 422).await.says(&["không dự buổi này"]);
        desk.press("cho", site.person("phanthilan"), 404).await;
    });
}

#[test]
fn moving_on_and_ending_close_what_runs() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        let base = format!("{}/dieu-hanh", held.base);
        let mut desk = Desk { browser: &secretary, base: held.base.clone(), item: held.items[0] };
        desk.press("moi", site.person("phamvanan"), 303).await;
        minute(&site, 19, 0);
        secretary.get(&base).await.is(200).says(&["19:00", "dự kiến 20 phút", "Sắp hết giờ"]);
        minute(&site, 21, 0);
        secretary.get(&base).await.is(200).says(&["21:00", "Quá giờ"]);
        let to = desk.press("sang", held.items[1], 303).await.to;
        assert!(to.ends_with(&format!("?muc={0}#muc-{0}", held.items[1])), "{to}");
        assert_eq!(contributions(&site, held.id).len(), 1);
        minute(&site, 22, 5);
        secretary.get(&base).await.is(200).says(&["Mục 2. Thảo luận", "1:05"]);
        // A look at another item does not move the room; taking the first one up again goes on counting.
        secretary
            .get(&format!("{base}?muc={}", held.items[0]))
            .await
            .is(200)
            .says(&["Buổi họp đang bàn mục 2. Thảo luận", "Đưa mục này ra bàn"]);
        desk.press("sang", held.items[0], 303).await;
        minute(&site, 22, 10);
        secretary.get(&base).await.is(200).says(&["21:05", "Quá giờ"]);
        desk.item = held.items[0];
        desk.press("moi", site.person("doquocbao"), 303).await;
        minute(&site, 40, 0);
        secretary.post(&format!("{base}/ket-thuc"), &[("gio", "14:40")]).await.is(303);
        assert_eq!(contributions(&site, held.id).len(), 2, "who had the floor at the end has spoken");
        desk.press("moi", site.person("leminhduc"), 422).await.says(&["Lượt phát biểu chỉ tính khi đang họp"]);
        // Afterwards names are noted as before, without a clock.
        desk.press("noi", site.person("leminhduc"), 303).await;
        secretary.get(&base).await.is(200).says(&["Chạm vào tên để ghi"]).says_not(&["data-room", "Xin phát biểu"]);
        let ha = site.sign_in("nguyenthiha").await;
        ha.post(&format!("{base}/mo-lai"), &[("ly_do", "bấm nhầm")]).await.is(303);
        ha.get(&base).await.is(200).says(&["38:55", "data-run"]);
    });
}

#[test]
fn a_member_asks_to_speak_and_says_what_was_prepared() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        let (cell, id, item, bao) = (site.cast.cell, held.id, held.items[0], site.person("doquocbao"));
        site.write(move |tx| {
            tx.exec(
                "insert into opinion (org_id, opinion_id, meeting_id, item_id, person_id, body, state, wants_floor, written_at)
                 values ($1, 77, $2, $3, $4, 'Đề nghị mua máy in.', 'sent', 1, 1)",
                values![cell, id, item, bao],
            )?;
            Ok(())
        });
        let member = site.sign_in("doquocbao").await;
        let own = format!("{}/phat-bieu", held.base);
        let page = member.get(&held.base).await.is(200);
        page.says(&["Đang bàn mục 1", "Nhiệm vụ tháng 12", "Xin phát biểu", "Chưa có đồng chí nào chờ", "Đề nghị mua máy in."]);
        member.post(&own, &[("viec", "xin")]).await.is(303);
        member.get(&held.base).await.is(200).says(&["Đồng chí đã xin phát biểu", "Đồng chí là người tiếp theo", "Thôi xin"]);
        let desk = Desk { browser: &secretary, base: held.base.clone(), item };
        secretary.get(&format!("{}/dieu-hanh", held.base)).await.is(200).says(&["1. đ/c Đỗ Quốc Bảo", "có ý kiến gửi trước"]);
        member.post(&own, &[("viec", "thoi")]).await.is(303);
        member.post(&own, &[("viec", "thoi")]).await.is(303);
        assert!(turns(&site, held.id).is_empty() && contributions(&site, held.id).is_empty());
        // Invited by the opinion: its words are noted once, and it waits no more.
        secretary.get(&format!("{}/dieu-hanh", held.base)).await.is(200).says(&["Ý kiến gửi trước", "Mời phát biểu"]);
        desk.press("moi_yk", 77, 303).await;
        member.get(&held.base).await.is(200).says(&["Mời đồng chí phát biểu"]).says_not(&["Xin phát biểu"]);
        desk.press("ket_luot", turns(&site, held.id)[0].0, 303).await;
        let spoken = contributions(&site, held.id);
        assert_eq!((spoken.len(), spoken[0].2.as_str()), (1, "Đề nghị mua máy in."));
        // Absent members, the exempt who did not come, and strangers do not stand in the queue.
        let phuoc = site.sign_in("danghuuphuoc").await;
        phuoc.post(&own, &[("viec", "xin")]).await.is(422).says(&["không dự buổi này"]);
        phuoc.get(&held.base).await.is(200).says_not(&["Xin phát biểu</button>"]);
        for login in ["phanthilan", "tranvanlam", "quantrivien"] {
            site.sign_in(login).await.post(&own, &[("viec", "xin")]).await.is(404);
        }
    });
}

#[test]
fn who_has_not_been_heard_is_for_the_chair_alone() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        let desk = format!("{}/dieu-hanh", held.base);
        for (login, sees) in [("nguyenthiha", true), ("leminhduc", true), ("phamvanan", false), ("lethianh", false)] {
            let page = site.sign_in(login).await.get(&desk).await.is(200);
            assert_eq!(page.body.contains("Ai chưa phát biểu"), sees, "{login}");
        }
        let ha = site.sign_in("nguyenthiha").await;
        let press = Desk { browser: &secretary, base: held.base.clone(), item: held.items[0] };
        press.press("noi", site.person("trinhcongdat"), 303).await;
        let body = ha.get(&desk).await.is(200).body;
        let panel = body.split("id=\"ai-noi\"").nth(1).unwrap().split("</ul>").next().unwrap();
        // In the order of names, absent and merely exempt members left out, the counts beside them.
        let names: Vec<usize> =
            ["Phạm Văn An", "Lê Thị Ánh", "Đỗ Quốc Bảo", "Trịnh Công Đạt"].iter().map(|n| panel.find(n).unwrap()).collect();
        assert!(names.is_sorted(), "{names:?}");
        assert!(!panel.contains("Ngô Thị Quỳnh") && panel.contains("0 kỳ"));
        assert_eq!(panel.matches("Đã nói</span>").count(), 1);
        // Nothing of it, and no name at all, goes to the projector or to a member.
        let screen = ha.get(&format!("{}/man-chieu", held.base)).await.is(200);
        screen.says(&["Mục 1 / 4", "Nhiệm vụ tháng 12"]).says_not(&["kỳ</span>", "Trịnh Công Đạt", "Nguyễn Thị Hà", "<nav"]);
        secretary.get(&held.base).await.is(200).says_not(&["Ai chưa phát biểu"]);
        let vote = [("loai", "admit"), ("noi_dung", "Kết nạp quần chúng Mai Văn Tám"), ("tan_thanh", "7")];
        secretary.post(&format!("{desk}/bieu-quyet"), &vote).await.is(303);
        let screen = ha.get(&format!("{}/man-chieu", held.base)).await.is(200);
        screen.says(&["Đề nghị kết nạp đảng viên", "Tán thành 7/9"]).says_not(&["Mai Văn Tám"]);
        site.sign_in("tranvanlam").await.get(&format!("{}/man-chieu", held.base)).await.is(404);
    });
}

#[test]
fn two_people_at_one_desk_lose_no_word_of_each_other() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        let ha = site.sign_in("nguyenthiha").await;
        let (item, form) = (held.items[0], format!("{}/dieu-hanh/muc/{}", held.base, held.items[0]));
        let page = format!("{}/dieu-hanh?muc={item}", held.base);
        let desk = Desk { browser: &secretary, base: held.base.clone(), item };
        desk.press("noi", site.person("phamvanan"), 303).await;
        let spoken = contributions(&site, held.id)[0].0;
        let (tt, goc) = (format!("tt_{spoken}"), format!("goc_{spoken}"));
        let old = ha.get(&page).await.is(200);
        let (base, conclusion) = (old.field(&goc), old.field("goc_ket_luan"));
        secretary
            .post(
                &form,
                &[
                    (&tt, "Rõ thời hạn."),
                    (&goc, &base),
                    ("version", "1"),
                    ("ket_luan", "Nhất trí."),
                    ("goc_ket_luan", &conclusion),
                ],
            )
            .await
            .is(303);
        // The chair's page is older; her button carries the fields as they stood, and changes none.
        let bao = site.person("doquocbao").to_string();
        let tap =
            [("cho", bao.as_str()), (&tt, ""), (&goc, &base), ("version", "1"), ("ket_luan", ""), ("goc_ket_luan", &conclusion)];
        ha.post(&form, &tap).await.is(303);
        assert_eq!(contributions(&site, held.id)[0].2, "Rõ thời hạn.");
        ha.get(&page).await.is(200).says(&["Nhất trí."]);
        // What she really wrote meets the other text.
        let wrote =
            [(tt.as_str(), "Rõ người làm."), (&goc, &base), ("version", "1"), ("ket_luan", ""), ("goc_ket_luan", &conclusion)];
        let crossed = ha.post(&form, &wrote).await.is(422).says(&["“Rõ thời hạn.”", "Rõ người làm."]);
        let again = crossed.field(&goc);
        let joined = [(tt.as_str(), "Rõ người, rõ thời hạn."), (&goc, &again), ("version", "2"), ("ket_luan", "Nhất trí.")];
        ha.post(&form, &joined).await.is(303);
        assert_eq!(contributions(&site, held.id)[0].2, "Rõ người, rõ thời hạn.");
    });
}

fn quick() -> Limits {
    Limits { recheck: Duration::from_millis(100), patience: Duration::from_millis(200), per_session: 2, ..Limits::default() }
}

#[test]
fn what_is_written_through_one_server_is_heard_at_the_other() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        let other = site.twin(Limits::default());
        let stream = format!("{}/dien-bien", held.base);
        let member = site.sign_in("doquocbao").await.at(&other);
        let mut ear = member.listen(&stream, None).await.unwrap();
        secretary.post(&format!("{}/phat-bieu", held.base), &[("viec", "xin")]).await.is(303);
        let seq = ear.hears(&["floor"]).await;
        // And the other way round, at once on the same server too.
        let mut here = secretary.listen(&stream, Some(seq)).await.unwrap();
        member.post(&format!("{}/phat-bieu", held.base), &[("viec", "xin")]).await.is(303);
        assert_eq!(here.hears(&["floor"]).await, seq + 1);
        assert_eq!(ear.hears(&["floor"]).await, seq + 1);
        // Whoever was away hears everything that happened meanwhile, in order.
        drop(here);
        let desk = Desk { browser: &secretary, base: held.base.clone(), item: held.items[0] };
        desk.press("sang", held.items[1], 303).await;
        let vote = [("loai", "other"), ("noi_dung", "Kế hoạch quý I"), ("cach", "tat-ca")];
        secretary.post(&format!("{}/dieu-hanh/bieu-quyet", held.base), &vote).await.is(303);
        let mut back = member.listen(&format!("{stream}?sau=1"), Some(seq + 1)).await.unwrap();
        assert_eq!(back.hears(&["item", "vote"]).await, seq + 3);
        // From a number that never was, everything is new.
        let mut lost = secretary.listen(&stream, Some(9_000_000)).await.unwrap();
        assert_eq!(lost.next().await.unwrap().1.len(), 7);
        // Who cannot hold a stream is answered at once.
        let plain = secretary.get(&format!("{stream}?sau={seq}")).await.is(200);
        assert_eq!(plain.body, format!("id: {}\ndata: item floor vote\n\n", seq + 3));
    });
}

#[test]
fn a_stream_is_for_who_may_read_as_long_as_they_may() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        let other = site.twin(quick());
        let stream = format!("{}/dien-bien", held.base);
        for login in ["phanthilan", "tranvanlam", "quantrivien"] {
            let got = site.sign_in(login).await.listen(&stream, None).await;
            assert_eq!(got.err().map(|p| p.status.as_u16()), Some(404), "{login}");
        }
        let nobody = site.browser().listen(&stream, None).await;
        assert_eq!(nobody.err().map(|p| p.status.as_u16()), Some(303));
        // Signing out here ends the stream here at once, and the one at the other server soon.
        let member = site.sign_in("doquocbao").await;
        let mut here = member.listen(&stream, Some(0)).await.unwrap();
        let mut there = member.at(&other).listen(&stream, Some(0)).await.unwrap();
        assert!(here.next().await.is_some() && there.next().await.is_some());
        member.post("/dang-xuat", &[]).await.is(303);
        assert_eq!(here.next().await, None);
        assert_eq!(there.next().await, None);
        // Who leaves the cell hears no more of it.
        let son = site.sign_in("trinhcongdat").await;
        let mut ear = son.at(&other).listen(&stream, Some(0)).await.unwrap();
        assert!(ear.next().await.is_some());
        let (hands, cell, dat) = (site.hands("nguyenthiha", site.cast.cell), site.cast.cell, site.person("trinhcongdat"));
        site.write(move |tx| Ok(members::leave(tx, &hands, cell, dat, date(2026, 12, 3))?));
        assert_eq!(ear.next().await, None);
        drop((here, there, ear));
        secretary.get(&stream).await.is(200);
    });
}

#[test]
fn streams_are_bounded_slow_readers_go_and_a_server_that_stops_lets_go() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        let server = site.twin(quick());
        let stream = format!("{}/dien-bien", held.base);
        let here = secretary.at(&server);
        let first = here.listen(&stream, Some(0)).await.unwrap();
        let mut second = here.listen(&stream, Some(0)).await.unwrap();
        let full = here.listen(&stream, Some(0)).await.err().unwrap().is(429);
        full.says(&["quá nhiều màn hình"]);
        second.hears(&["roll"]).await;
        // The first one takes nothing: it is let go, and its place is free again.
        until(|| server.app.rooms.open().0 == 1).await;
        drop(first);
        let third = here.listen(&stream, Some(0)).await.unwrap();
        // Nobody listens: nobody reads.
        drop((second, third));
        until(|| server.app.rooms.open() == (0, 0)).await;
        let mut last = here.listen(&stream, Some(0)).await.unwrap();
        last.hears(&["roll"]).await;
        server.app.rooms.close();
        assert_eq!(last.next().await, None);
        here.listen(&stream, Some(0)).await.err().unwrap().is(503).says(&["đang khởi động lại"]);
        until(|| server.app.rooms.open() == (0, 0)).await;
    });
}

/// Waits for something that happens by itself; fails after a generous time.
async fn until(holds: impl Fn() -> bool) {
    for _ in 0..2000 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not happen within 20 seconds");
}

#[test]
fn an_opening_taken_back_forgets_the_queue_and_tells_every_screen() {
    each(|site| async move {
        let held = planned(&site, date(2026, 12, 3), MeetingKind::Regular);
        site.at(date(2026, 12, 3).at(14, 0, 0, 0));
        let secretary = site.sign_in("lethianh").await;
        let desk = format!("{}/dieu-hanh", held.base);
        secretary.post(&format!("{desk}/mo"), &[("gio", "14:00")]).await.is(303);
        let mut ear = secretary.listen(&format!("{}/dien-bien", held.base), None).await.unwrap();
        secretary.post(&format!("{}/phat-bieu", held.base), &[("viec", "xin")]).await.is(303);
        ear.hears(&["floor"]).await;
        secretary.post(&format!("{desk}/huy-mo"), &[]).await.is(303);
        ear.hears(&["state"]).await;
        assert!(turns(&site, held.id).is_empty());
        secretary.get(&format!("{}/man-chieu", held.base)).await.is(200).says(&["Đang chuẩn bị"]);
        site.sign_in("doquocbao").await.get(&format!("{}/man-chieu", held.base)).await.is(404);
    });
}

#[test]
fn events_of_an_earlier_meeting_go_a_day_later_and_their_number_stays() {
    each(|site| async move {
        let (held, _) = opened(&site).await;
        let (cell, id) = (site.cast.cell, held.id);
        let events = |of: MeetingId| site.write(move |tx| Ok(rooms::after(tx, cell, of, 0, 1000)?.len()));
        let number = site.write(move |tx| Ok(rooms::last(tx, cell, id)?));
        assert!(number > 0 && events(id) > 0);
        // Twelve hours on the screens of the first may still catch up; two days on nobody does.
        for (day, hour, kept) in [(4, 2, true), (5, 14, false)] {
            let next = planned(&site, date(2026, 12, day), MeetingKind::Extraordinary);
            site.at(date(2026, 12, day).at(hour, 0, 0, 0));
            let secretary = site.sign_in("lethianh").await;
            let time = format!("{hour:02}:00");
            secretary.post(&format!("{}/dieu-hanh/mo", next.base), &[("gio", time.as_str())]).await.is(303);
            assert_eq!(events(id) > 0, kept, "{day}");
            assert!(events(next.id) > 0, "those of the running one stay");
        }
        assert_eq!(site.write(move |tx| Ok(rooms::last(tx, cell, id)?)), number);
    });
}
