//! An item turns out to be a state secret after its words were copied: what the program copied goes,
//! what people wrote stands in the way and is named, and afterwards no column of text holds a trace (P-30).

use std::sync::Arc;

use db::values;
use domain::agenda::{Part, Step};
use domain::id::{ItemId, RowId};
use domain::meeting::MeetingKind;
use domain::period::PeriodKey;
use jiff::civil::date;
use nep::ledger::verify;
use nep::meeting::store as meetings;
use nep::meeting::store::make::blank;
use nep::notice::store::opinions::{self, OpinionState, Written};

use crate::holding::{Held, contributions, planned, roll};
use crate::minutes::seal;
use crate::site::{Browser, Site, each};
use crate::stage;

const HEADING: &str = "Phương án Q7";
const SAID: &str = "Bố trí lực lượng trực tại kho số 4 trong ba đêm liền.";
const SPOKEN: &str = "Kho số 4 cần thêm hai đồng chí trực đêm cùng với tổ bảo vệ.";
const PLACE: &str = "Sổ mật số 2, trang 15";
/// Words that stand nowhere but in what is secret.
const MARKS: [&str; 3] = ["Q7", "kho số 4", "Kho số 4"];

/// Every column of text, read from the schema itself.
fn columns() -> Vec<(String, String)> {
    let schema = include_str!("../../../../schema/sqlite.sql");
    let mut out = Vec::new();
    let mut table = "";
    for line in schema.lines() {
        if let Some(name) = line.strip_prefix("create table ") {
            table = name.trim_end_matches(" (");
        }
        if let Some((column, kind)) = line.trim().split_once(' ')
            && line.starts_with("  ")
            && kind.trim_end_matches(',').split(' ').next() == Some("text")
        {
            out.push((table.to_owned(), column.to_owned()));
        }
    }
    out
}

/// Where in the database a word stands.
fn places(site: &Arc<Site>, word: &'static str) -> Vec<String> {
    let columns = columns();
    assert!(columns.len() > 150, "the schema was not read: {}", columns.len());
    site.write(move |tx| {
        let mut found = Vec::new();
        for (table, column) in &columns {
            let rows: Vec<(Option<String>,)> = tx.all(&format!("select {column} from {table}"), &[])?;
            if rows.iter().any(|r| r.0.as_deref().is_some_and(|text| text.contains(word))) {
                found.push(format!("{table}.{column}"));
            }
        }
        Ok(found)
    })
}

#[track_caller]
fn no_trace(site: &Arc<Site>) {
    for mark in MARKS {
        assert_eq!(places(site, mark), Vec::<String>::new(), "{mark}");
    }
}

/// The meeting of December with an item that will turn out to be secret; an opinion on it and a general
/// one that quotes it were sent.
fn with_item(site: &Arc<Site>) -> (Held, ItemId) {
    let mut held = planned(site, date(2026, 12, 3), MeetingKind::Regular);
    let (cell, id) = (site.cast.cell, held.id);
    let hands = site.hands("nguyenthiha", cell);
    let new =
        meetings::Item { points: format!("Hỏi về {HEADING}"), minutes: 20, ..blank(Part::Content, Step::Other, HEADING) };
    let item = site.write(move |tx| meetings::add_item(tx, &hands, cell, id, &new));
    held.items.push(item);
    let bao = site.hands("doquocbao", cell);
    site.write(move |tx| {
        let on = |item, body: &str, state| {
            let body = body.to_owned();
            Written { id: None, version: 0, item, body, state, wants_floor: false }
        };
        let general = "Việc chung: đề nghị họp đúng giờ.\nVề phương án Q7 xin nói riêng.";
        opinions::save(tx, &bao, cell, id, &on(Some(item), SPOKEN, OpinionState::Sent))?;
        opinions::save(tx, &bao, cell, id, &on(None, general, OpinionState::Draft))?;
        Ok(())
    });
    (held, item)
}

async fn open(site: &Arc<Site>, held: &Held) -> Browser {
    site.at(date(2026, 12, 3).at(13, 58, 0, 0));
    let anh = site.sign_in("lethianh").await;
    anh.post(&format!("{}/dieu-hanh/mo", held.base), &[("gio", "14:00")]).await.is(303);
    roll(site, &anh, held).await;
    anh
}

/// What was said on the item, its conclusion, and a vote on it.
async fn discuss(site: &Arc<Site>, anh: &Browser, held: &Held, item: ItemId) {
    let desk = format!("{}/dieu-hanh", held.base);
    let an = site.person("phamvanan").to_string();
    let form = format!("{desk}/muc/{item}");
    anh.post(&form, &[("noi", &an), ("version", "1"), ("ket_luan", SAID)]).await.is(303);
    let (spoken, ..): (RowId, _, _) = contributions(site, held.id)[0].clone();
    anh.post(&form, &[(&format!("tt_{spoken}"), SPOKEN), ("version", "2"), ("ket_luan", SAID)]).await.is(303);
    let vote = [("loai", "other"), ("noi_dung", HEADING), ("muc", &item.to_string()), ("cach", "tat-ca")];
    anh.post(&format!("{desk}/bieu-quyet"), &vote).await.is(303);
}

#[test]
fn copies_the_program_made_go_and_those_people_wrote_are_named() {
    each(|site| async move {
        let (held, item) = with_item(&site);
        let anh = open(&site, &held).await;
        let ha = site.sign_in("nguyenthiha").await;
        discuss(&site, &anh, &held, item).await;
        let (minutes, desk) = (format!("{}/bien-ban", held.base), format!("{}/dieu-hanh", held.base));
        anh.get(&minutes).await.is(200).says(&[SAID, SPOKEN]);
        // Copies: a draft resolution, a task, a section somebody wrote, words set aside, a second vote.
        let base = format!("{}/nghi-quyet", held.base);
        let made = ha.post(&base, &[]).await.is(303).to;
        let draft = format!("{base}/{}", made.split("nq=").nth(1).unwrap().split('&').next().unwrap());
        ha.get(&base).await.is(200).says(&[&format!("- {HEADING}: {SAID}")]);
        ha.post(&format!("{draft}/nhiem-vu"), &[("noi_dung", SAID)]).await.is(303);
        let text = format!("Chi bộ thống nhất.\nGiao tổ bảo vệ: {}", SAID.to_lowercase());
        let words = [("text", text.as_str()), ("base_version", "1"), ("key", "k-1")];
        anh.post(&format!("{minutes}/closing"), &words).await.is(200);
        let crossed = [("text", SAID), ("base_version", "1"), ("key", "k-2")];
        ha.post(&format!("{minutes}/closing"), &crossed).await.is(409);
        let vote = [("loai", "other"), ("noi_dung", "Việc trực tại kho số 4 trong ba đêm liền"), ("cach", "tat-ca")];
        anh.post(&format!("{desk}/bieu-quyet"), &vote).await.is(303);

        // Passages marked in reading back, and what the speaker says of the words recorded.
        for (section, passage) in [(format!("item-{item}"), SPOKEN), ("closing".to_owned(), SAID)] {
            anh.post(&format!("{}/doc-lai/{section}/danh-dau", held.base), &[("doan", passage)]).await.is(303);
        }
        let an = site.sign_in("phamvanan").await;
        let read = an.get(&held.base).await.is(200).says(&[SPOKEN]).field("ban");
        let spoken = contributions(&site, held.id)[0].0;
        let asks = [("viec", "sua"), ("ban", read.as_str()), ("de_nghi", "Ghi rõ: Kho số 4 cần ba đồng chí.")];
        an.post(&format!("{}/loi-ghi/{spoken}", held.base), &asks).await.is(303);

        let flag = format!("{desk}/muc/{item}/mat");
        anh.get(&format!("{desk}?muc={item}")).await.is(200).says(&["Mục này là nội dung mật", "không lấy lại được"]);
        anh.post(&flag, &[]).await.is(422).says(&["Hãy ghi số sổ, số trang"]);
        let refused = anh.post(&flag, &[("so_giay", PLACE)]).await.is(422);
        refused.says(&[
            "ự thảo Nghị quyết về nhiệm vụ tháng 12 năm 2026 (nhiệm vụ thứ 1)",
            "nội dung biểu quyết lần thứ 2",
            "phần “Kết thúc” của biên bản",
            "có phần chép từ mục này. Hãy sửa hoặc bỏ phần đó trước",
        ]);
        // Refused is refused: nothing was taken away.
        ha.get(&base).await.is(200).says(&[&format!("- {HEADING}: {SAID}")]);
        anh.get(&minutes).await.is(200).says(&[SPOKEN]);

        // People mend what they wrote.
        let cell = site.cast.cell;
        let task: i64 = site.write(move |tx| Ok(tx.scalar("select task_id from task where org_id = $1", values![cell])?));
        let vote: i64 = site.write(move |tx| {
            Ok(tx.scalar("select vote_id from vote where org_id = $1 order by vote_id desc limit 1", values![cell])?)
        });
        ha.post(&format!("{draft}/nhiem-vu/{task}/thu-tu"), &[("viec", "bo")]).await.is(303);
        anh.post(&format!("{desk}/bieu-quyet/{vote}/bo"), &[]).await.is(303);
        let words = [("text", "Chi bộ thống nhất."), ("base_version", "2"), ("key", "k-3")];
        anh.post(&format!("{minutes}/closing"), &words).await.is(200);
        anh.post(&flag, &[("so_giay", PLACE)]).await.is(303);
        no_trace(&site);

        // That somebody spoke and how the vote went stays; so does what was never secret.
        assert_eq!(contributions(&site, held.id).len(), 1);
        anh.get(&minutes).await.is(200).says(&["Nội dung mật, ghi riêng tại Sổ mật số 2, trang 15.", "Chi bộ thống nhất."]);
        anh.get(&format!("{desk}?phan=bieu-quyet")).await.is(200).says(&["Tán thành 7/9 đồng chí"]);
        ha.get(&base).await.is(200).says(&["về nhiệm vụ tháng 12 năm 2026"]);
        let left: String = site.write(|tx| Ok(tx.scalar("select body from opinion", &[])?));
        assert_eq!(left, "Việc chung: đề nghị họp đúng giờ.\nNội dung theo quy định về bảo vệ bí mật nhà nước");
        anh.post(&format!("{desk}/muc/{item}"), &[("version", "9"), ("ket_luan", "chữ")]).await.is(422).says(&["Nội dung mật"]);

        // And the meeting goes on to its seal without a trace.
        site.at(date(2026, 12, 3).at(15, 40, 0, 0));
        anh.post(&format!("{desk}/ket-thuc"), &[("gio", "15:35")]).await.is(303);
        let aside: i64 = site.write(|tx| Ok(tx.scalar("select aside_id from minutes_aside", &[])?));
        let page = ha.get(&format!("{minutes}/closing/ghep?ban={aside}")).await.is(200);
        let joined = [("ban", aside.to_string()), ("version", page.field("version")), ("ghep", "Chi bộ thống nhất.".to_owned())];
        let joined: Vec<(&str, &str)> = joined.iter().map(|(k, v)| (*k, v.as_str())).collect();
        ha.post(&format!("{minutes}/closing/ghep"), &joined).await.is(303);
        ha.post(&format!("{draft}/xoa"), &[("ban", &ha.get(&base).await.field("ban"))]).await.is(303);
        let sealed = seal(&held, &ha).await;
        ha.get(&sealed).await.is(200).says(&["Sổ mật số 2, trang 15"]);
        no_trace(&site);
        // Nor does it reach a committee that the minutes are opened to.
        let (to, record) = (site.cast.committee.to_string(), sealed.rsplit('/').next().unwrap());
        let share = [("cap_uy", to.as_str()), ("van_ban", record), ("muc_dich", "Báo cáo"), ("den_ngay", "10/12/2026")];
        let made = ha.post(&format!("/cb/{cell}/mo-noi-dung/chia-se"), &share).await.is(303).to;
        let opening = made.split('?').next().unwrap().rsplit('/').next().unwrap();
        let lam = site.sign_in("tranvanlam").await;
        let read = lam.get(&format!("/tc/{to}/mo-noi-dung/{opening}/{record}")).await.is(200);
        let words = read.body.replace('\u{a0}', " ");
        assert!(words.contains("Sổ mật số 2, trang 15"), "{words}");
        assert!(MARKS.iter().all(|mark| !words.contains(mark)), "{words}");
        assert_eq!(verify::all(&site.app.db), Vec::<String>::new());
    });
}

#[test]
fn words_written_in_the_items_own_section_are_taken_out_by_who_wrote_them() {
    each(|site| async move {
        let (held, item) = with_item(&site);
        let anh = open(&site, &held).await;
        discuss(&site, &anh, &held, item).await;
        let section = format!("{}/bien-ban/item-{item}", held.base);
        anh.get(&format!("{}/bien-ban", held.base)).await.is(200);
        let write = async |base: &str, key: &str, text: &str| {
            anh.post(&section, &[("text", text), ("base_version", base), ("key", key)]).await
        };
        write("1", "k-1", "Nói khác đi: canh kho phía bắc.").await.is(200);
        let flag = format!("{}/dieu-hanh/muc/{item}/mat", held.base);
        anh.post(&flag, &[("so_giay", PLACE)]).await.is(422).says(&["hần ghi mục 5 trong biên bản"]);
        write("2", "k-2", "").await.is(200);
        anh.post(&flag, &[("so_giay", PLACE)]).await.is(303);
        no_trace(&site);
        assert_eq!(places(&site, "kho phía bắc"), Vec::<String>::new(), "other words of that section go with it");
        anh.get(&format!("{}/bien-ban", held.base)).await.is(200).says(&["Nội dung mật, ghi riêng tại Sổ mật số 2, trang 15."]);
    });
}

#[test]
fn what_was_issued_cannot_be_taken_back_and_is_said_so() {
    each(|site| async move {
        let (held, item) = with_item(&site);
        let anh = open(&site, &held).await;
        let ha = site.sign_in("nguyenthiha").await;
        discuss(&site, &anh, &held, item).await;
        let base = format!("{}/nghi-quyet", held.base);
        let made = ha.post(&base, &[]).await.is(303).to;
        let draft = format!("{base}/{}", made.split("nq=").nth(1).unwrap().split('&').next().unwrap());
        ha.post(&format!("{draft}/bieu-quyet"), &[("tan_thanh", "7")]).await.is(303);
        let version = ha.get(&base).await.field("ban");
        ha.post(&format!("{draft}/thong-qua"), &[("ban", &version), ("ly_do_giu", "Việc thường xuyên của tổ")]).await.is(303);
        let flag = format!("{}/dieu-hanh/muc/{item}/mat", held.base);
        let adopted = "Nghị quyết về nhiệm vụ tháng 12 năm 2026 đã thông qua, phải mở lại để sửa (phần II)";
        anh.post(&flag, &[("so_giay", PLACE)]).await.is(422).says(&[adopted]);
        site.at(date(2026, 12, 3).at(15, 40, 0, 0));
        anh.post(&format!("{}/dieu-hanh/ket-thuc", held.base), &[("gio", "15:35")]).await.is(303);
        ha.post(&format!("{base}/ban-hanh"), &[]).await.is(303);
        anh.post(&flag, &[("so_giay", PLACE)]).await.is(422).says(&["đã ban hành", "Hãy báo cáo cấp ủy cấp trên"]);
        anh.get(&format!("{}/dieu-hanh?muc={item}", held.base)).await.is(200).says(&[SAID]);
    });
}

#[test]
fn an_item_in_preparation_names_the_later_agenda_and_the_plan_that_took_it_over() {
    each(|site| async move {
        let (held, item) = with_item(&site);
        let ha = site.sign_in("nguyenthiha").await;
        let key = PeriodKey::regular(2027, 1).unwrap();
        let cell = site.cast.cell;
        let next = stage::prepared(&site, cell, "nguyenthiha", MeetingKind::Regular, date(2027, 1, 5), &[key]);
        let copied = stage::item(&site, cell, next, (Part::Content, Step::Other), HEADING, "");
        let page = format!("{}/muc/{item}", held.base);
        let version = ha.get(&page).await.is(200).field("version");
        let fields = [("version", version.as_str()), ("ten", HEADING), ("phut", "20"), ("mat", "1"), ("so_giay", PLACE)];
        ha.post(&page, &fields).await.is(422).says(&["ục 1 của Sinh hoạt thường kỳ 05/01/2027 có phần chép từ mục này"]);
        let other = format!("/cb/{cell}/buoi/{next}/muc/{copied}");
        let version = ha.get(&other).await.is(200).field("version");
        ha.post(&other, &[("version", version.as_str()), ("ten", "Việc khác"), ("phut", "20")]).await.is(303);
        ha.post(&page, &fields).await.is(303);
        no_trace(&site);
    });
}
