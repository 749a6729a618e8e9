//! What comes after the talking: the page before the end, reading back with marks, the secretary's
//! screen, a meeting entered from paper, and the pulse (M7, M14, M15, P-8, P-11).

use std::sync::Arc;

use db::values;
use domain::agenda::{Part, Step};
use domain::code::Code;
use domain::id::{MeetingId, PersonId};
use domain::meeting::{MeetingKind, MeetingState};
use domain::pulse::{Answer, Question};
use domain::roll::Standing;
use jiff::civil::date;
use nep::live::store as live;
use nep::meeting::store::{self as meetings, make::blank};
use nep::member::store::{self as members, NewPerson};
use nep::notice::store::opinions::{self, OpinionState, Written};

use crate::holding::{Held, contributions, hold, planned, roll};
use crate::minutes::seal;
use crate::site::{Browser, Page, Site, each};

/// Opens the meeting of the story and takes its roll.
async fn opened(site: &Arc<Site>) -> (Held, Browser) {
    let held = planned(site, date(2026, 12, 3), MeetingKind::Regular);
    site.at(date(2026, 12, 3).at(13, 58, 0, 0));
    let anh = site.sign_in("lethianh").await;
    anh.post(&format!("{}/dieu-hanh/mo", held.base), &[("gio", "14:00")]).await.is(303);
    roll(site, &anh, &held).await;
    (held, anh)
}

/// An opinion a member sent before the meeting.
fn prepared_opinion(site: &Arc<Site>, held: &Held, login: &str, body: &str) {
    let (hands, cell, id) = (site.hands(login, site.cast.cell), site.cast.cell, held.id);
    let new = Written { id: None, version: 0, item: None, body: body.to_owned(), state: OpinionState::Sent, wants_floor: true };
    site.write(move |tx| {
        opinions::save(tx, &hands, cell, id, &new)?;
        Ok(())
    });
}

/// The value of a button whose words begin so, with the name it is sent under.
#[track_caller]
fn pressed(page: &Page, name: &str, words: &str) -> String {
    let at = page.body.match_indices(&format!("name=\"{name}\" value=\"")).find(|(at, _)| {
        let rest = &page.body[*at..];
        rest.split('>').nth(1).is_some_and(|text| text.starts_with(words))
    });
    let (at, found) = at.unwrap_or_else(|| panic!("no button {name} “{words}”:\n{}", page.body));
    page.body[at + found.len()..].split('"').next().unwrap().to_owned()
}

#[test]
fn the_page_before_the_end_says_what_is_missing_and_takes_the_rest_over() {
    each(|site| async move {
        let (held, anh) = opened(&site).await;
        let (cell, id) = (site.cast.cell, held.id);
        let hands = site.hands("nguyenthiha", cell);
        let (kept, dropped) = site.write(move |tx| {
            let item = |title: &str| meetings::Item { minutes: 5, ..blank(Part::Content, Step::Other, title) };
            let kept = meetings::add_item(tx, &hands, cell, id, &item("Việc chưa bàn"))?;
            Ok((kept, meetings::add_item(tx, &hands, cell, id, &item("Việc thôi không bàn"))?))
        });
        prepared_opinion(&site, &held, "doquocbao", "Xin thêm máy in.");
        prepared_opinion(&site, &held, "vungocdung", "Xin đổi giờ họp.");
        let page = anh.get(&format!("{}/ket-thuc", held.base)).await.is(200);
        let page = page.says(&[
            "Sẽ báo cho ai",
            "Sẽ chuyển sang kỳ sau",
            "Mục “Việc chưa bàn”: chưa bàn.",
            "Ý kiến gửi trước của đồng chí Đỗ Quốc Bảo: chưa phát biểu.",
            "Sẽ khóa",
            "Còn thiếu",
            "Chưa có kết luận của đồng chí chủ trì.",
            &format!("{}/thu-ky?muc={}#ket_luan", held.base, held.items[3]),
            "Vẫn kết thúc được",
            "Giờ kết thúc",
        ]);
        assert_eq!(
            page.body.matches("name=\"giu\"").count(),
            page.body.matches("\" checked><span>").count(),
            "all is kept by default"
        );
        let bao = pressed_box(&page, "đồng chí Đỗ Quốc Bảo");
        let item = format!("muc-{kept}");
        // A wrong hour keeps what was chosen.
        let end = format!("{}/dieu-hanh/ket-thuc", held.base);
        let choice = |hour: &'static str| {
            [("gio", hour.to_owned()), ("chon", "1".to_owned()), ("giu", item.clone()), ("giu", bao.clone())]
        };
        let post = |fields: Vec<(&'static str, String)>| {
            let (anh, end) = (&anh, end.clone());
            async move {
                let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
                anh.post(&end, &fields).await
            }
        };
        let wrong = post(choice("13:00").to_vec()).await.is(422).says(&["Giờ kết thúc phải sau giờ bắt đầu"]);
        assert!(wrong.body.contains(&format!("value=\"{item}\" checked")));
        assert!(wrong.body.contains(&format!("value=\"muc-{dropped}\"><span>")), "what was let go stays so");
        post(choice("15:35").to_vec()).await.is(303);
        // The next meeting of the kind fetches what was kept, and only that.
        let ha = site.sign_in("nguyenthiha").await;
        let to = ha.post(&format!("/cb/{cell}/buoi/tao"), &[("ky", "2027-tk-1")]).await.is(303).to;
        let next: MeetingId = to.split('/').nth(4).unwrap().parse().unwrap();
        let (titles, words) = site.write(move |tx| {
            let titles: Vec<String> = meetings::items(tx, cell, next)?.into_iter().map(|i| i.title).collect();
            Ok((titles, opinions::sent(tx, cell, next)?.into_iter().map(|o| o.body).collect::<Vec<_>>()))
        });
        assert!(
            titles.contains(&"Việc chưa bàn".to_owned()) && !titles.contains(&"Việc thôi không bàn".to_owned()),
            "{titles:?}"
        );
        assert_eq!(words, ["Xin thêm máy in."]);
        // Ended anew after being reopened, nothing is carried twice.
        ha.post(&format!("{}/dieu-hanh/mo-lai", held.base), &[("ly_do", "còn một việc")]).await.is(303);
        ha.post(&end, &[("gio", "15:50")]).await.is(303);
        let again = site.write(move |tx| {
            let titles = meetings::items(tx, cell, next)?.into_iter().filter(|i| i.title == "Việc chưa bàn").count();
            Ok((titles, opinions::sent(tx, cell, next)?.len()))
        });
        assert_eq!(again, (1, 1));
    });
}

/// The value of the box beside some words.
#[track_caller]
fn pressed_box(page: &Page, words: &str) -> String {
    let at = page.body.find(words).unwrap_or_else(|| panic!("“{words}” is not on the page:\n{}", page.body));
    page.body[..at].rsplit("name=\"giu\" value=\"").next().unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn one_page_leads_from_the_end_to_the_seal() {
    each(|site| async move {
        let held = hold(&site).await;
        let (anh, ha) = (site.sign_in("lethianh").await, site.sign_in("nguyenthiha").await);
        ha.get(&format!("{}/bien-ban", held.base)).await.is(200);
        let page = format!("{}/ket-thuc", held.base);
        anh.get(&page).await.is(200).says(&["Bí thư hoặc phó bí thư bấm bước này."]).says_not(&["name=\"ban\""]);
        let mark = ha.get(&page).await.is(200).says(&["Ai xem được", "Thông qua biên bản"]).field("ban");
        ha.post(&format!("{}/thong-qua", held.base), &[("ban", &mark)]).await.is(303);
        ha.get(&page).await.is(200).says(&["Số biên bản", "-BB/CB", "Khóa rồi không sửa được."]);
        ha.post(&format!("{}/khoa", held.base), &[]).await.is(303);
        assert!(ha.get(&page).await.is(303).to.contains("/van-ban/"));
        let before = planned(&site, date(2026, 12, 30), MeetingKind::Other);
        assert!(ha.get(&format!("{}/ket-thuc", before.base)).await.is(303).to.ends_with("/dieu-hanh"));
        ha.post(&format!("{}/dieu-hanh/ket-thuc", before.base), &[("gio", "15:00")]).await.is(422);
        ha.post(&format!("{}/dieu-hanh/ket-thuc", before.base), &[("gio", "x")]).await.is(422);
    });
}

#[test]
fn a_passage_marked_in_reading_back_waits_in_the_editor_until_it_is_mended() {
    each(|site| async move {
        let held = hold(&site).await;
        let anh = site.sign_in("lethianh").await;
        let back = format!("{}/doc-lai", held.base);
        anh.get(&back).await.is(200).says(&["data-readback", "Thành phần", "Kết thúc"]);
        let one = anh.get(&format!("{back}?phan=2")).await.is(200).says(&["Thành phần", "2 / ", "?phan=1", "?phan=3"]);
        let one = one.says_not(&["Địa điểm: Phòng họp"]);
        assert_eq!(one.body.matches("data-part=").count(), 1);
        anh.get(&format!("{back}?phan=999")).await.is(200).says(&["15 giờ 35"]);
        anh.get(&format!("{back}?phan=0")).await.is(200).says(&["Địa điểm: Phòng họp"]);
        let mark = format!("{back}/attendance/danh-dau");
        anh.post(&mark, &[("doan", " ")]).await.is(422).says(&["Hãy bôi đen chỗ cần sửa"]);
        anh.post(&format!("{back}/nothing/danh-dau"), &[("doan", "x")]).await.is(404);
        let to = anh.post(&mark, &[("doan", "Chủ trì: đồng chí")]).await.is(303).to;
        assert!(to.contains("?phan=2&xong=danh-dau"), "{to}");
        anh.post(&mark, &[("doan", "Chủ trì: đồng chí")]).await.is(303);
        anh.get(&to).await.is(200).says(&["Đã đánh dấu chỗ cần sửa.", "<q>Chủ trì: đồng chí</q>"]);
        let editor = anh.get(&format!("{}/bien-ban", held.base)).await.is(200);
        let editor = editor.says(&["Còn 1 chỗ đánh dấu", "Cần sửa: “Chủ trì: đồng chí”", "đ/c Lê Thị Ánh đánh dấu"]);
        let end = anh.get(&format!("{}/ket-thuc", held.base)).await.is(200);
        end.says(&["Còn 1 chỗ đánh dấu cần sửa khi đọc lại.", "bien-ban#muc-attendance"]);
        // Mended and settled by one button, in one go with the words.
        let id = editor.field("dau");
        let (cell, meeting) = (site.cast.cell, held.id);
        let version: i64 = site.write(move |tx| {
            let sql = "select version from minutes_section where org_id = $1 and meeting_id = $2 and section = 'attendance'";
            Ok(tx.scalar(sql, values![cell, meeting])?)
        });
        let fields = [("dau", id.as_str()), ("text", "Chủ trì: đồng chí Hà."), ("base_version", &version.to_string())];
        anh.post(&format!("{}/bien-ban/attendance", held.base), &fields).await.is(303);
        anh.get(&format!("{}/bien-ban", held.base)).await.is(200).says(&["Chủ trì: đồng chí Hà."]).says_not(&["chỗ đánh dấu"]);
        // Nothing is marked once the minutes are sealed.
        let ha = site.sign_in("nguyenthiha").await;
        seal(&held, &ha).await;
        anh.post(&mark, &[("doan", "Chủ trì")]).await.is(422).says(&["đã khóa"]);
    });
}

#[test]
fn the_secretary_turns_a_prepared_opinion_into_a_spoken_one_and_a_conclusion_into_a_task() {
    each(|site| async move {
        let (held, anh) = opened(&site).await;
        prepared_opinion(&site, &held, "doquocbao", "Đề nghị mua máy in.");
        let screen = format!("{}/thu-ky", held.base);
        let item = held.items[0];
        let page = anh.get(&format!("{screen}?muc={item}")).await.is(200);
        let page = page.says(&["Ghi là đã phát biểu", "Đề nghị mua máy in.", "data-autosave", "Chèn tên người phát biểu"]);
        let opinion = pressed(&page, "y_kien", "Ghi là đã phát biểu");
        let save = format!("{screen}/{item}");
        let said = "Giao đ/c An rà soát hồ sơ. Hạn ngày 10/12/2026.";
        let fields = [("y_kien", opinion.as_str()), ("version", "1"), ("ket_luan", said)];
        anh.post(&save, &fields).await.is(303);
        // The section of the item followed at once: nobody had put their own words into it.
        anh.get(&format!("{screen}?muc={item}")).await.is(200).says(&[
            "Đã phát biểu",
            "- Đồng chí Đỗ Quốc Bảo: Đề nghị mua máy in.",
            "Kết luận: Giao đ/c An rà soát hồ sơ.",
            "Lập nhiệm vụ từ câu đã đánh dấu",
        ]);
        // By selection, by ticks, twice the same: one draft, each task once.
        let task = [("nhiem_vu", "chon"), ("phan_chon", "rà soát hồ sơ"), ("version", "2"), ("ket_luan", said)];
        anh.post(&save, &task).await.is(303);
        anh.post(&save, &task).await.is(303);
        let ticks = [("nhiem_vu", "cau"), ("cau", "Hạn ngày 10/12/2026."), ("version", "2"), ("ket_luan", said)];
        let to = anh.post(&save, &ticks).await.is(303).to;
        anh.get(&to)
            .await
            .is(200)
            .says(&["Đã đưa vào dự thảo nghị quyết.", "<li>rà soát hồ sơ</li><li>Hạn ngày 10/12/2026.</li>"]);
        let (cell, id) = (site.cast.cell, held.id);
        let count: (i64, i64) = site.write(move |tx| {
            Ok(tx.one(
                "select (select count(*) from resolution where org_id = $1 and meeting_id = $2),
                 (select count(*) from task where org_id = $1 and meeting_id = $2)",
                values![cell, id],
            )?)
        });
        assert_eq!(count, (1, 2));
        let none = [("nhiem_vu", "chon"), ("version", "2"), ("ket_luan", said)];
        anh.post(&save, &none).await.is(422).says(&["Hãy bôi đen hoặc đánh dấu câu", said]);
        // A section somebody has edited keeps its words; the new facts wait for a tap.
        let key = format!("item-{item}");
        let mine = [("text", "Lời của tôi."), ("base_version", "99")];
        anh.post(&format!("{}/bien-ban/{key}", held.base), &mine).await.is(303);
        let version: i64 = site.write(move |tx| {
            let sql = "select version from minutes_section where org_id = $1 and meeting_id = $2 and section = $3";
            Ok(tx.scalar(sql, values![cell, id, key.clone()])?)
        });
        let mine = [("text", "Lời của tôi."), ("base_version", &version.to_string())];
        anh.post(&format!("{}/bien-ban/item-{item}", held.base), &mine).await.is(303);
        let an = site.person("phamvanan").to_string();
        anh.post(&save, &[("noi", &an), ("version", "2"), ("ket_luan", said)]).await.is(303);
        anh.get(&format!("{screen}?muc={item}")).await.is(200).says(&["Lời của tôi.", "Có số liệu mới"]);
        // Two people conclude: the second one keeps the words and sees the others'.
        let late = [("version", "1"), ("ket_luan", "Kết luận khác.")];
        anh.post(&save, &late).await.is(409).says(&["Kết luận khác.", "Giao đ/c An rà soát hồ sơ."]);
        // A secret item takes no words; a plain member has no such page.
        let secret = [("version", "1"), ("ket_luan", "bí mật")];
        anh.post(&format!("{screen}/{}", held.items[2]), &secret).await.is(422).says(&["Nội dung mật không được ghi"]);
        site.sign_in("doquocbao").await.get(&screen).await.is(404);
    });
}

#[test]
fn the_speaker_answers_for_the_words_and_only_the_secretary_changes_them() {
    each(|site| async move {
        let held = hold(&site).await;
        let (an, anh, bao) = (site.sign_in("phamvanan").await, site.sign_in("lethianh").await, site.sign_in("doquocbao").await);
        let id = contributions(&site, held.id)[0].0;
        let say = format!("{}/loi-ghi/{id}", held.base);
        let page = an.get(&held.base).await.is(200).says(&["Lời ghi của đồng chí trong biên bản", "Đề nghị rõ thời hạn."]);
        let mark = page.field("ban");
        bao.get(&held.base).await.is(200).says_not(&["Lời ghi của đồng chí"]);
        bao.post(&say, &[("viec", "dung"), ("ban", &mark)]).await.is(422).says(&["Chỉ đồng chí đã phát biểu"]);
        an.post(&say, &[("viec", "sua"), ("ban", &mark), ("de_nghi", " ")]).await.is(422).says(&["Hãy ghi đồng chí đề nghị"]);
        let ask = [("viec", "sua"), ("ban", mark.as_str()), ("de_nghi", "Ghi là: rõ thời hạn từng việc.")];
        an.post(&say, &ask).await.is(303);
        an.get(&held.base)
            .await
            .is(200)
            .says(&["Đồng chí đã đề nghị sửa: Ghi là: rõ thời hạn từng việc.", "Đề nghị rõ thời hạn."]);
        let screen = format!("{}/thu-ky?muc={}", held.base, held.items[0]);
        anh.get(&screen).await.is(200).says(&["Đồng chí đề nghị sửa", "Ghi là: rõ thời hạn từng việc.", "Đề nghị rõ thời hạn."]);
        anh.get(&format!("{}/ket-thuc", held.base)).await.is(200).says(&["Còn 1 đề nghị sửa lời ghi", &format!("#noi-{id}")]);
        // The secretary changes the words: the request is answered, and what was read before counts no more.
        let field = format!("tt_{id}");
        let fields =
            [(field.as_str(), "Đề nghị rõ thời hạn từng việc."), ("version", "2"), ("ket_luan", "Nhất trí với báo cáo.")];
        anh.post(&format!("{}/thu-ky/{}", held.base, held.items[0]), &fields).await.is(303);
        anh.get(&screen).await.is(200).says_not(&["Đồng chí đề nghị sửa"]);
        an.post(&say, &[("viec", "dung"), ("ban", &mark)]).await.is(422).says(&["vừa được thư ký sửa"]);
        let mark = an.get(&held.base).await.is(200).says(&["Thư ký đã sửa lời ghi"]).field("ban");
        an.post(&say, &[("viec", "dung"), ("ban", &mark)]).await.is(303);
        anh.get(&screen).await.is(200).says(&["Đồng chí đã xác nhận đúng ý"]);
        let ha = site.sign_in("nguyenthiha").await;
        ha.get(&format!("{}/bien-ban", held.base)).await.is(200);
        let mark2 = ha.get(&format!("{}/thong-qua", held.base)).await.field("ban");
        ha.post(&format!("{}/thong-qua", held.base), &[("ban", &mark2)]).await.is(303);
        an.get(&held.base).await.is(200).says_not(&["Lời ghi của đồng chí trong biên bản"]);
        an.post(&say, &[("viec", "dung"), ("ban", &mark)]).await.is(422).says(&["đã được thông qua"]);
    });
}

/// Adds members until the cell has twenty.
fn twenty(site: &Arc<Site>) -> Vec<PersonId> {
    let cell = site.cast.cell;
    let hands = site.hands("nguyenthiha", cell);
    site.write(move |tx| {
        let mut out: Vec<PersonId> = members::roster(tx, cell, date(2026, 12, 3))?.into_iter().map(|m| m.person).collect();
        for n in out.len()..20 {
            let new = NewPerson { name: format!("Nguyễn Văn Thêm {n}"), birth_year: Some(1985), ..NewPerson::default() };
            let who = members::add_person(tx, &hands, &new)?;
            members::join(tx, &hands, cell, who, Standing::Official, date(2021, 1, 1), None)?;
            out.push(who);
        }
        Ok(out)
    })
}

#[test]
fn a_paper_meeting_of_twenty_is_entered_in_sixty_actions() {
    each(|site| async move {
        let people = twenty(&site);
        assert_eq!(people.len(), 20);
        let held = planned(&site, date(2026, 12, 3), MeetingKind::Regular);
        let page = format!("{}/nhap-sau", held.base);
        site.at(date(2026, 12, 5).at(9, 0, 0, 0));
        let anh = site.sign_in("lethianh").await;
        let first = anh.get(&page).await.is(200).says(&["Tất cả có mặt", "Số của người phát biểu", "Bản quét"]);
        let number = |login: &str| {
            let id = site.person(login);
            let legend = first.body.split(&format!("name=\"dd_{id}\"")).next().unwrap().rsplit("<legend>").next().unwrap();
            legend.split('.').next().unwrap().to_owned()
        };
        let (phuoc, quynh) = (site.person("danghuuphuoc"), site.person("ngothiquynh"));
        let (ha, an, bao) = (number("nguyenthiha"), number("phamvanan"), number("doquocbao"));
        let (mark_a, mark_b, reason) = (format!("dd_{phuoc}"), format!("dd_{quynh}"), format!("ld_{phuoc}"));
        let item = |n: usize, what: &str| format!("{what}_{}", held.items[n]);
        let (i0, i1) = (item(0, "pb"), item(1, "pb"));
        let (k0, v0, v1) = (item(0, "kl"), item(0, "v"), item(1, "v"));
        let (k1, k3, p3, v3) = (item(1, "kl"), item(3, "kl"), item(3, "pb"), item(3, "v"));
        let (p2, v2) = (item(2, "pb"), item(2, "v"));
        let (s0, s1) = (format!("{an}, {bao}"), format!("{ha}, {an}"));
        // What a hand does: taps and keys; the texts beside are words, not actions.
        let taps: [(&str, &str); 3] = [("tat_ca", "1"), (mark_a.as_str(), "excused"), (mark_b.as_str(), "unexcused")];
        let keys: [(&str, &str); 4] =
            [("gio_mo", "1400"), ("gio_ket", "1535"), (i0.as_str(), s0.as_str()), (i1.as_str(), s1.as_str())];
        let texts: [(&str, &str); 6] = [
            (reason.as_str(), "đi công tác"),
            (k0.as_str(), "Nhất trí với báo cáo."),
            (k1.as_str(), ""),
            (k3.as_str(), "Giao chi ủy tổ chức thực hiện."),
            ("bq1_nd", "Thông qua kết luận"),
            ("khong_mat", "1"),
        ];
        let given: [(&str, &str); 9] = [
            ("bq1_loai", "conclusion"),
            (v0.as_str(), "1"),
            (v1.as_str(), "1"),
            (v2.as_str(), "1"),
            (v3.as_str(), "1"),
            (p2.as_str(), ""),
            (p3.as_str(), ""),
            ("bq1_tt", ""),
            ("chu_tri", ""),
        ];
        let jumps = keys.len() + texts.len();
        let choosing = 2; // the subject of the vote: one key, one tap
        let scan = 2; // choosing the file, the confirmation
        let actions = taps.len() + keys.iter().map(|(_, v)| v.chars().count()).sum::<usize>() + jumps + choosing + scan + 1;
        assert!(actions <= 60, "{actions} actions");
        println!("{actions} taps and keys beside the texts");
        let all: Vec<(&str, &str)> = [&taps[..], &keys[..], &texts[..], &given[..]].concat();
        // Wrong in one place: everything typed is still there, nothing is saved.
        let mut wrong = all.clone();
        wrong.retain(|(k, _)| *k != i1.as_str());
        wrong.push((i1.as_str(), "99"));
        let back = anh.upload(&page, &wrong, "tep", "bien-ban.pdf", b"%PDF-1.7 quet").await.is(422);
        let back = back.says(&[
            "Không có số 99 trong danh sách",
            "Nhất trí với báo cáo.",
            "đi công tác",
            "Hãy chọn lại tệp quét",
            "Thông qua kết luận",
        ]);
        assert_eq!((back.field(&i0), back.field("gio_mo")), (s0.clone(), "1400".to_owned()));
        let (cell, id) = (site.cast.cell, held.id);
        assert_eq!(site.write(move |tx| Ok(meetings::get(tx, cell, id)?.state)), MeetingState::Draft);
        anh.upload(&page, &all, "tep", "bien-ban.exe", b"MZ\x90\x00\x03").await.is(422).says(&["không thuộc loại được nhận"]);
        // And right: one transaction from the opening to the end.
        anh.upload(&page, &all, "tep", "bien-ban.pdf", b"%PDF-1.7 quet").await.is(303);
        let (state, present, spoken, votes) = site.write(move |tx| {
            let present = live::roll(tx, cell, id)?.iter().filter(|l| l.mark.is_some_and(|m| m.is_there())).count();
            let m = meetings::get(tx, cell, id)?;
            Ok((m.state, present, live::contributions(tx, cell, id)?.len(), live::votes(tx, cell, id)?))
        });
        assert_eq!((state, present, spoken, votes.len()), (MeetingState::Closed, 17, 4, 1));
        assert!(votes[0].passed && votes[0].yes == votes[0].present, "{votes:?}");
        anh.get(&format!("{}/bien-ban", held.base)).await.is(200).says(&[
            "bắt đầu lúc 14 giờ 00",
            "Có mặt: 17/19 đồng chí",
            "Đặng Hữu Phước (đi công tác)",
            "Kết luận: Nhất trí với báo cáo.",
            "15 giờ 35",
        ]);
        paper_again(&site, &held, &anh, &all, &v0).await;
    });
}

/// Entered a second time nothing is there twice; the scan is read as the minutes are.
async fn paper_again(site: &Arc<Site>, held: &Held, anh: &Browser, all: &[(&str, &str)], version: &str) {
    let (cell, id) = (site.cast.cell, held.id);
    let page = format!("{}/nhap-sau", held.base);
    let mut again: Vec<(&str, &str)> = all.to_vec();
    again.retain(|(k, _)| !k.starts_with("v_"));
    let shown = anh.get(&page).await.is(200).says(&["Đã ghi: Thông qua kết luận", "bien-ban.pdf"]);
    assert_eq!(shown.field(version), "2");
    let versions: Vec<(String, String)> = held.items.iter().map(|i| (format!("v_{i}"), shown.field(&format!("v_{i}")))).collect();
    again.extend(versions.iter().map(|(k, v)| (k.as_str(), v.as_str())));
    anh.post(&page, &again).await.is(303);
    let count = site.write(move |tx| Ok((live::contributions(tx, cell, id)?.len(), live::votes(tx, cell, id)?.len())));
    assert_eq!(count, (4, 1));
    // Somebody else concluded meanwhile: said at the field, the words kept.
    let stale: Vec<(&str, &str)> = again
        .iter()
        .map(|(k, v)| {
            (
                *k,
                if *k == version {
                    "1"
                } else if k.starts_with("kl_") {
                    "Khác."
                } else {
                    *v
                },
            )
        })
        .collect();
    anh.post(&page, &stale).await.is(422).says(&["vừa lưu kết luận"]);
    let file = anh.get(&held.base).await.is(200).says(&["Bản giấy đã quét"]).link(&format!("/cb/{cell}/tep/"));
    anh.get(&file).await.is(200);
    let (bao, lam) = (site.sign_in("doquocbao").await, site.sign_in("tranvanlam").await);
    bao.get(&file).await.is(404);
    bao.get(&page).await.is(404);
    let ha = site.sign_in("nguyenthiha").await;
    ha.get(&file).await.is(200);
    seal(held, &ha).await;
    bao.get(&file).await.is(200);
    // Who follows the cell from above reads notices, not minutes and not their scan.
    lam.get(&file).await.is(404);
    anh.get(&page).await.is(422);
}

/// Answers of a person to all three questions, one tap each.
async fn taps(site: &Arc<Site>, held: &Held, login: &str, answer: Answer) {
    let who = site.sign_in(login).await;
    for question in Question::ALL {
        let page = who.get(&held.base).await.is(200).says(&[question.label()]);
        assert!(page.body.contains(&format!("value=\"{}:{}\"", question.code(), answer.code())));
        let value = format!("{}:{}", question.code(), answer.code());
        who.post(&format!("{}/tham-do", held.base), &[("tra_loi", &value)]).await.is(303);
    }
    who.get(&held.base).await.is(200).says_not(&["Buổi sinh hoạt vừa rồi thế nào?"]);
}

#[test]
fn the_pulse_is_three_taps_and_shows_nothing_below_five_answers() {
    each(|site| async move {
        let held = hold(&site).await;
        let none = "Cần ít nhất 5 câu trả lời";
        let ha = site.sign_in("nguyenthiha").await;
        let counts =
            |page: &Page| page.body.split("Cảm nhận của người dự").nth(1).unwrap().split("</dl>").next().unwrap().to_owned();
        ha.get("/").await.is(200).says(&["Buổi sinh hoạt vừa rồi thế nào?", "Câu 1 / 3", "Không ghi ai trả lời gì"]);
        // Who was absent, and who is no member, is not asked.
        let quynh = site.sign_in("ngothiquynh").await;
        quynh.get("/").await.is(200).says_not(&["Buổi sinh hoạt vừa rồi"]);
        quynh.post(&format!("{}/tham-do", held.base), &[("tra_loi", "useful:good")]).await.is(422);
        site.sign_in("tranvanlam").await.post(&format!("{}/tham-do", held.base), &[("tra_loi", "useful:good")]).await.is(404);
        let people = ["nguyenthiha", "leminhduc", "phamvanan", "lethianh", "doquocbao", "vungocdung"];
        for (n, login) in people.iter().enumerate() {
            taps(&site, &held, login, if n % 2 == 0 { Answer::Good } else { Answer::Poor }).await;
            let page = ha.get(&held.base).await.is(200);
            let seen = counts(&page);
            match n + 1 {
                0..5 => assert!(seen.matches(none).count() == 3 && !seen.contains("<b>"), "{n}: {seen}"),
                // The sixth answer alone would be the difference between two readings.
                _ => {
                    assert!(seen.contains("Tốt: <b>3</b>, Được: <b>0</b>, Chưa: <b>2</b>") && !seen.contains(none), "{n}: {seen}")
                }
            }
        }
        // Twice is once; an answer that is none is refused.
        ha.post(&format!("{}/tham-do", held.base), &[("tra_loi", "useful:poor")]).await.is(303);
        ha.post(&format!("{}/tham-do", held.base), &[("tra_loi", "useful:nothing")]).await.is(422);
        nothing_leads_to_a_person(&site, &held).await;
        // After some days it is asked no more.
        site.at(date(2026, 12, 18).at(9, 0, 0, 0));
        let dat = site.sign_in("trinhcongdat").await;
        dat.get("/").await.is(200).says_not(&["Buổi sinh hoạt vừa rồi"]);
        dat.post(&format!("{}/tham-do", held.base), &[("tra_loi", "useful:good")]).await.is(422).says(&["Đã hết thời gian hỏi"]);
    });
}

/// The counters know no person, the list of who answered knows no answer, and nothing else knows either.
async fn nothing_leads_to_a_person(site: &Arc<Site>, held: &Held) {
    let (cell, id) = (site.cast.cell, held.id);
    let (counted, done, trail) = site.write(move |tx| {
        let counted: i64 =
            tx.scalar("select cast(sum(n) as bigint) from pulse_count where org_id = $1 and meeting_id = $2", values![cell, id])?;
        let done: i64 = tx.scalar("select count(*) from pulse_done where org_id = $1 and meeting_id = $2", values![cell, id])?;
        let trail: i64 = tx.scalar("select count(*) from audit where action like '%pulse%' or detail like '%useful%'", &[])?;
        Ok((counted, done, trail))
    });
    assert_eq!((counted, done, trail), (18, 18, 0));
    // The person's own file says that they answered, never what.
    let own = site.sign_in("leminhduc").await.get("/toi/du-lieu.json").await.is(200);
    let json: serde_json::Value = serde_json::from_str(&own.body).unwrap();
    let text = json.to_string();
    assert!(text.contains("da_tra_loi_tham_do") && !text.contains("poor") && !text.contains("useful"), "{text}");
}
