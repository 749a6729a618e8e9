//! Ten minutes without network: what a page kept arrives late, in order and once, with the moment at
//! which it was pressed (P-1, P-27).

use std::sync::Arc;

use db::values;
use domain::code::Code;
use domain::id::PersonId;
use domain::meeting::MeetingKind;
use jiff::Timestamp;
use jiff::civil::{DateTime, date};
use nep::actor::{local, moment};
use nep::live::room::store as rooms;
use nep::live::store as live;

use crate::holding::{Held, contributions, planned, roll};
use crate::interleaving::Dice;
use crate::site::{Browser, Page, Site, each};

/// 14:`minute` of the meeting's day.
fn hour(minute: i8, second: i8) -> DateTime {
    date(2026, 12, 3).at(14, minute, second, 0)
}

/// A meeting opened at 14:00; the secretary's browser.
async fn opened(site: &Arc<Site>) -> (Held, Browser) {
    let held = planned(site, date(2026, 12, 3), MeetingKind::Regular);
    site.at(hour(0, 0));
    let secretary = site.sign_in("lethianh").await;
    secretary.post(&format!("{}/dieu-hanh/mo", held.base), &[("gio", "14:00")]).await.is(303);
    (held, secretary)
}

/// A sending of the page's outbox: its key, how many seconds ago it was pressed.
async fn late(who: &Browser, path: &str, fields: &[(&str, &str)], key: &str, seconds: i64) -> Page {
    let ago = (seconds * 1000).to_string();
    who.post_with(path, fields, &[("x-nep-once", key), ("x-nep-ago", &ago), ("x-nep-go", "1")]).await
}

#[track_caller]
fn once(page: Page) -> Page {
    let page = page.is(200);
    assert_eq!(page.headers["x-nep-once"], "da-ghi");
    assert!(page.body.len() < 100, "a short answer: {}", page.body);
    page
}

fn keys(site: &Arc<Site>) -> i64 {
    site.write(|tx| Ok(tx.scalar("select count(*) from once", values![])?))
}

fn arrived(site: &Arc<Site>, held: &Held, login: &str) -> Option<DateTime> {
    let (cell, id, person) = (site.cast.cell, held.id, site.person(login));
    let lines = site.write(move |tx| Ok(live::roll(tx, cell, id)?));
    lines.iter().find(|l| l.person == person).and_then(|l| l.arrived_at)
}

#[test]
fn a_sending_that_arrives_twice_is_carried_out_once_and_says_so() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        roll(&site, &secretary, &held).await;
        let an = site.person("phamvanan").to_string();
        let form = format!("{}/dieu-hanh/muc/{}", held.base, held.items[0]);
        let speaks = [("noi", an.as_str()), ("version", "1"), ("ket_luan", "")];
        let key = "0e57d004-2b97-4e7a-b45f-5387367791cd";
        let first = late(&secretary, &form, &speaks, key, 0).await.is(204);
        assert!(first.headers["x-nep-to"].to_str().unwrap().contains("/dieu-hanh?muc="), "{first:?}");
        assert_eq!(first.to, "");
        once(late(&secretary, &form, &speaks, key, 1).await);
        once(late(&secretary, &form, &speaks, key, 86_000).await);
        assert_eq!(contributions(&site, held.id).len(), 1);
        // Another key is another press; without a key nothing is remembered.
        late(&secretary, &form, &speaks, "1e57d004-2b97-4e7a-b45f-5387367791cd", 0).await.is(204);
        secretary.post(&form, &speaks).await.is(303);
        assert_eq!(contributions(&site, held.id).len(), 3);
        assert_eq!(keys(&site), 2);
        // The same key of somebody else is a sending of its own.
        let chair = site.sign_in("nguyenthiha").await;
        late(&chair, &form, &speaks, key, 0).await.is(204);
        once(late(&chair, &form, &speaks, key, 0).await);
        assert_eq!(contributions(&site, held.id).len(), 4);
        // What is no key of ours is none, and never harms.
        for odd in ["x", "'; drop table once; --", &"a".repeat(65)] {
            late(&secretary, &form, &speaks, odd, 0).await.is(204);
        }
        assert_eq!(contributions(&site, held.id).len(), 7);
        assert_eq!(keys(&site), 3);
    });
}

/// Three hundred presses, each sent at least once and a thousand sendings in all, shuffled, two at a time
/// from two devices of one person, so that now and then both send the same press at once.
#[test]
fn a_thousand_sendings_in_any_order_from_two_devices_carry_out_each_press_once() {
    each(|site| async move {
        let (held, desk) = opened(&site).await;
        roll(&site, &desk, &held).await;
        let phone = site.sign_in("lethianh").await;
        let form = format!("{}/dieu-hanh/muc/{}", held.base, held.items[0]);
        let people = ["phamvanan", "doquocbao", "nguyenthiha"].map(|login| site.person(login));
        let mut dice = Dice(7);
        let mut sendings: Vec<usize> = (0..300).collect();
        sendings.extend((0..700).map(|_| dice.below(300)));
        for at in (1..sendings.len()).rev() {
            sendings.swap(at, dice.below(at + 1));
        }
        let send = async |who: &Browser, press: usize| {
            let speaker = people[press % 3].to_string();
            let key = format!("{press:08x}-2b97-4e7a-b45f-5387367791cd");
            let page = late(who, &form, &[("noi", &speaker), ("version", "1"), ("ket_luan", "")], &key, 60).await;
            assert!([200, 204].contains(&page.status.as_u16()), "{} {}", page.status, page.body);
            usize::from(page.status == 204)
        };
        let mut carried_out = 0;
        for pair in sendings.chunks(2) {
            let (a, b) = tokio::join!(send(&desk, pair[0]), send(&phone, pair[1]));
            carried_out += a + b;
        }
        assert_eq!(carried_out, 300, "each press was carried out by one sending");
        let made = contributions(&site, held.id);
        for person in people {
            assert_eq!(made.iter().filter(|c| c.1 == person).count(), 100);
        }
    });
}

#[test]
fn two_sendings_with_one_key_at_the_same_time_are_one() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        roll(&site, &secretary, &held).await;
        let twin = site.twin(nep::live::room::hub::Limits::default());
        let there = secretary.at(&twin);
        let an = site.person("phamvanan").to_string();
        let form = format!("{}/dieu-hanh/muc/{}", held.base, held.items[0]);
        let speaks = [("noi", an.as_str()), ("version", "1"), ("ket_luan", "")];
        for n in 0..12 {
            let key = format!("{n:08}-2b97-4e7a-b45f-5387367791cd");
            let (a, b, c) = tokio::join!(
                late(&secretary, &form, &speaks, &key, 0),
                late(&there, &form, &speaks, &key, 0),
                late(&secretary, &form, &speaks, &key, 0),
            );
            let mut all = [a.status.as_u16(), b.status.as_u16(), c.status.as_u16()];
            all.sort_unstable();
            assert_eq!(all, [200, 200, 204]);
            assert_eq!(contributions(&site, held.id).len(), n + 1);
        }
    });
}

#[test]
fn what_is_refused_leaves_no_key_and_may_be_sent_again() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        let form = format!("{}/dieu-hanh/muc/{}", held.base, held.items[0]);
        let an = site.person("phamvanan").to_string();
        let key = "0e57d004-2b97-4e7a-b45f-5387367791cd";
        let calls = [("moi", an.as_str()), ("version", "1"), ("ket_luan", "")];
        // Nobody is there yet.
        late(&secretary, &form, &calls, key, 0).await.is(422).says(&["chưa được điểm danh có mặt"]);
        assert_eq!(keys(&site), 0);
        roll(&site, &secretary, &held).await;
        late(&secretary, &form, &calls, key, 0).await.is(204);
        once(late(&secretary, &form, &calls, key, 0).await);
        // Somebody concluded meanwhile: the words stay with who wrote them, nothing is remembered.
        let concludes = [("version", "1"), ("ket_luan", "Kết luận của thư ký.")];
        let chair = site.sign_in("nguyenthiha").await;
        chair.post(&form, &[("version", "1"), ("ket_luan", "Kết luận của chủ trì.")]).await.is(303);
        let crossed = "1e57d004-2b97-4e7a-b45f-5387367791cd";
        for _ in 0..2 {
            late(&secretary, &form, &concludes, crossed, 5)
                .await
                .is(409)
                .says(&["Kết luận của thư ký.", "Kết luận của chủ trì."]);
        }
        assert_eq!(keys(&site), 1);
    });
}

#[test]
fn old_keys_go_and_young_ones_stay() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        let base = format!("{}/diem-danh", held.base);
        let mark = format!("{}:c", site.person("phamvanan"));
        for n in 1..=3 {
            late(&secretary, &base, &[("mark", &mark)], &format!("{n}e57d004-2b97-4e7a"), 0).await.is(204);
        }
        assert_eq!(keys(&site), 3);
        let (cell, old) = (site.cast.cell, moment(date(2026, 11, 2).at(14, 0, 0, 0)));
        site.write(move |tx| {
            Ok(tx
                .exec("update once set at = $2 where org_id = $1 and once_key <> $3", values![cell, old, "3e57d004-2b97-4e7a"])?)
        });
        late(&secretary, &base, &[("mark", &mark)], "00e57d00-2b97-4e7a", 0).await.is(204);
        assert_eq!(keys(&site), 2);
        once(late(&secretary, &base, &[("mark", &mark)], "3e57d004-2b97-4e7a", 0).await);
    });
}

#[test]
fn the_roll_has_the_time_of_the_press_never_before_the_opening() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        let base = format!("{}/diem-danh", held.base);
        site.at(hour(20, 0));
        let mut n = 0;
        for (login, ago, at) in [
            ("phamvanan", 600, hour(10, 0)),
            ("doquocbao", 0, hour(20, 0)),
            ("leminhduc", 3600, hour(0, 0)),
            ("trinhcongdat", 100_000_000, hour(0, 0)),
            ("nguyenthiha", -900, hour(20, 0)),
        ] {
            n += 1;
            let mark = format!("{}:c", site.person(login));
            late(&secretary, &base, &[("mark", &mark)], &format!("{n}e57d004-2b97-4e7a"), ago).await.is(204);
            assert_eq!(arrived(&site, &held, login), Some(at), "{login}");
        }
        // Taken back, the line says again what the standing says.
        let ut = site.person("hoangvanut");
        late(&secretary, &base, &[("mark", &format!("{ut}:c"))], "6e57d004-2b97-4e7a", 0).await.is(204);
        late(&secretary, &base, &[("mark", &format!("{ut}:0"))], "7e57d004-2b97-4e7a", 0).await.is(204);
        let (cell, id) = (site.cast.cell, held.id);
        let lines = site.write(move |tx| Ok(live::roll(tx, cell, id)?));
        let mark = lines.iter().find(|l| l.person == ut).and_then(|l| l.mark);
        assert_eq!(mark.map(Code::code), Some("exempt"));
    });
}

/// Turns in the order they were asked for: who, state, seconds spoken.
fn turns(site: &Arc<Site>, held: &Held) -> Vec<(PersonId, &'static str, i64)> {
    let (cell, id) = (site.cast.cell, held.id);
    let queue = site.write(move |tx| Ok(rooms::queue(tx, cell, id)?));
    queue.iter().map(|s| (s.person, s.turn.state.code(), s.turn.before.as_secs())).collect()
}

#[test]
fn ten_minutes_of_speakers_arrive_with_their_times() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        roll(&site, &secretary, &held).await;
        let [an, bao, duc] = ["phamvanan", "doquocbao", "leminhduc"].map(|l| site.person(l));
        let (form, second) =
            (format!("{}/dieu-hanh/muc/{}", held.base, held.items[0]), format!("{}/dieu-hanh/muc/{}", held.base, held.items[1]));
        // The network is back at 14:12; everything was pressed between 14:01 and 14:11.
        site.at(hour(12, 0));
        let presses: [(&str, &str, String, i8, i8); 8] = [
            (&form, "moi", an.to_string(), 1, 0),
            (&form, "tam_dung_dc", an.to_string(), 2, 0),
            (&form, "bat_dau_dc", an.to_string(), 3, 0),
            (&form, "ket_luot_dc", an.to_string(), 4, 30),
            (&form, "cho", bao.to_string(), 5, 0),
            (&form, "thoi_dc", bao.to_string(), 5, 30),
            (&form, "moi", duc.to_string(), 6, 0),
            (&form, "sang", held.items[1].to_string(), 8, 15),
        ];
        for (n, (form, field, value, minute, seconds)) in presses.iter().enumerate() {
            let ago = 12 * 60 - i64::from(*minute) * 60 - i64::from(*seconds);
            let fields = [(*field, value.as_str()), ("version", "1"), ("ket_luan", "")];
            late(&secretary, form, &fields, &format!("{n}e57d004-2b97-4e7a"), ago).await.is(204);
        }
        assert_eq!(turns(&site, &held), [(an, "done", 150), (duc, "done", 135)]);
        let said: Vec<Timestamp> = {
            let (cell, id) = (site.cast.cell, held.id);
            site.write(move |tx| Ok(live::contributions(tx, cell, id)?)).iter().map(|c| c.said_at).collect()
        };
        assert_eq!(said.iter().map(|t| local(*t)).collect::<Vec<_>>(), [hour(4, 30), hour(8, 15)]);
        // The first item was in hand from the opening to the press, the second since then.
        secretary.get(&format!("{}/dieu-hanh", held.base)).await.is(200).says(&["Mục 2. Thảo luận", "3:45"]);
        // A step of somebody who has no turn changes nothing; leaving the queue twice is leaving it.
        let press = [("ket_luot_dc", bao.to_string()), ("version", "1".to_owned()), ("ket_luan", String::new())];
        let press: Vec<(&str, &str)> = press.iter().map(|(k, v)| (*k, v.as_str())).collect();
        late(&secretary, &second, &press, "8e57d004-2b97-4e7a", 0).await.is(404);
        let bao = bao.to_string();
        late(&secretary, &second, &[("thoi_dc", &bao), ("version", "1"), ("ket_luan", "")], "9e57d004-2b97-4e7a", 0)
            .await
            .is(204);
        // A member's wish has its time too, and no member gives themself the floor by it.
        let member = site.sign_in("doquocbao").await;
        late(&member, &format!("{}/phat-bieu", held.base), &[("viec", "xin")], "ae57d004-2b97-4e7a", 30).await.is(204);
        let (cell, id) = (site.cast.cell, held.id);
        let asked: Timestamp = site.write(move |tx| {
            let sql = "select asked_at from speaker where org_id = $1 and meeting_id = $2 and state = 'waiting'";
            Ok(tx.scalar(sql, values![cell, id])?)
        });
        assert_eq!(local(asked), hour(11, 30));
    });
}

#[test]
fn what_arrives_after_the_end_is_refused_and_a_session_that_ended_says_so() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        roll(&site, &secretary, &held).await;
        let form = format!("{}/dieu-hanh/muc/{}", held.base, held.items[0]);
        let an = site.person("phamvanan").to_string();
        let calls = [("moi", an.as_str()), ("version", "1"), ("ket_luan", "")];
        site.at(hour(50, 0));
        let chair = site.sign_in("nguyenthiha").await;
        chair.post(&format!("{}/dieu-hanh/ket-thuc", held.base), &[("gio", "14:45")]).await.is(303);
        late(&secretary, &form, &calls, "0e57d004-2b97-4e7a", 1200).await.is(422).says(&["Lượt phát biểu chỉ tính khi đang họp"]);
        // Signed out: a script is told so and keeps its queue; the answer wipes what the browser keeps.
        let key = secretary.key().await;
        let out = secretary.post("/dang-xuat", &[]).await.is(303);
        assert_eq!(out.headers["clear-site-data"], "\"storage\"");
        let answer = secretary
            .post_with(&form, &calls, &[("x-nep-once", "1e57d004-2b97-4e7a"), ("x-csrf-token", &key), ("x-nep-go", "1")])
            .await;
        assert!(answer.status == 401 || answer.to.starts_with("/dang-nhap"), "{answer:?}");
        assert_eq!(keys(&site), 0);
    });
}

#[test]
fn the_organisation_says_whether_text_may_stay_in_the_browser() {
    each(|site| async move {
        let (held, secretary) = opened(&site).await;
        roll(&site, &secretary, &held).await;
        let pages = ["dieu-hanh", "diem-danh", "thu-ky", "bien-ban"].map(|p| format!("{}/{p}", held.base));
        for page in &pages {
            secretary.get(page).await.is(200).says(&["<meta name=\"giu\" content=\"khong\">", "outbox."]);
        }
        let chair = site.sign_in("nguyenthiha").await;
        let rule = format!("/cb/{}/quy-dinh/outbox.keep", site.cast.cell);
        chair.post(&rule, &[("gia_tri", "có"), ("tu", "01/12/2026"), ("van_ban", "Nghị quyết 05-NQ/CB")]).await.is(303);
        for page in &pages {
            secretary.get(page).await.is(200).says(&["<meta name=\"giu\" content=\"may\">"]);
        }
        // Whoever only asks to speak keeps nothing; other pages have no queue.
        let member = site.sign_in("doquocbao").await;
        member.get(&held.base).await.is(200).says(&["<meta name=\"giu\" content=\"trang\">"]);
        member.get("/").await.is(200).says_not(&["name=\"giu\"", "outbox."]);
        secretary.get(&format!("{}/man-chieu", held.base)).await.is(200).says_not(&["name=\"giu\"", "outbox."]);
    });
}
