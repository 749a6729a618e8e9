//! The absence chain from the sealed rolls to a notice that a person confirms, each step with who must
//! not see it (L7, DD-06, DD-11, P-10, P-28). Nothing happens by itself.

use std::sync::Arc;

use domain::absence::{Standing, months as months_of};
use domain::agenda::{Part, Step};
use domain::id::MeetingId;
use domain::meeting::{MeetingKind, MeetingState};
use domain::period::PeriodKey;
use domain::roll::Mark;
use domain::vi;
use jiff::civil::{Date, date};
use nep::absence::{act, store};
use nep::ledger::store as ledger;
use nep::meeting::store::{self as meetings, NewMeeting, of_years};
use nep::member::store as members;
use nep::minutes::{draft, seal};

use crate::site::{Browser, Page, Site, each};
use crate::stage;

/// A regular meeting of a month with minutes sealed as the product seals them.
pub fn sealed(site: &Arc<Site>, month: u8, gone: &[&str]) -> MeetingId {
    let periods = PeriodKey::regular(2026, month).into_iter().collect();
    sealed_for(site, periods, date(2026, i8::try_from(month).unwrap(), 3), gone)
}

/// As [`sealed`], on a day of one's choice and for several kỳ.
fn sealed_for(site: &Arc<Site>, periods: Vec<PeriodKey>, day: Date, gone: &[&str]) -> MeetingId {
    let cell = site.cast.cell;
    let hands = site.hands("nguyenthiha", cell);
    let new = NewMeeting {
        kind: MeetingKind::Regular,
        title: format!("Sinh hoạt ngày {}", vi::date(day)),
        starts_at: day.at(14, 0, 0, 0),
        ends_at: day.at(15, 45, 0, 0),
        place: "phòng họp".to_owned(),
        chair: Some(hands.person),
        secretary: Some(site.person("leminhduc")),
        topic: None,
        periods,
    };
    let chair = hands.clone();
    let meeting = site.write(move |tx| Ok(meetings::create(tx, &chair, cell, &new)?));
    stage::item(site, cell, meeting, (Part::Content, Step::Discussion), "Thảo luận", "Thống nhất.");
    stage::bring(site, cell, meeting, MeetingState::Open);
    let away: Vec<_> = gone.iter().map(|who| (site.person(who), Mark::Unexcused)).collect();
    stage::roll(site, cell, meeting, &away, day.at(14, 0, 0, 0));
    stage::bring(site, cell, meeting, MeetingState::Closed);
    let library = site.app.rules.clone();
    site.write(move |tx| {
        draft::begin(tx, &hands, cell, meeting)?;
        seal::adopt_now(tx, &hands, cell, meeting, None)?;
        seal::seal_now(tx, &hands, cell, meeting, &library)
    });
    meeting
}

fn months(site: &Arc<Site>, login: &str) -> usize {
    let (cell, person) = (site.cast.cell, site.person(login));
    site.app.db.read_now(move |tx| act::facts(tx, cell, person, 2026)).unwrap().standing.unexcused.len()
}

async fn opens(site: &Arc<Site>, by: &Browser, login: &str) -> Page {
    let base = format!("/cb/{}/xet-vang", site.cast.cell);
    by.post(&base, &[("dong_chi", &site.person(login).to_string()), ("nam", "2026")]).await
}

/// The address of a case, from where opening it leads.
fn case_of(page: Page) -> String {
    page.is(303).to.split('?').next().unwrap().to_owned()
}

#[test]
fn a_member_sees_the_facts_first_and_a_person_confirms_the_notice() {
    each(|site| async move {
        let cell = site.cast.cell;
        let february = sealed(&site, 2, &["vungocdung", "danghuuphuoc"]);
        let april = sealed(&site, 4, &["vungocdung"]);
        sealed(&site, 6, &["vungocdung"]);
        let (ha, an) = (site.sign_in("nguyenthiha").await, site.sign_in("phamvanan").await);
        let (dung, anh) = (site.sign_in("vungocdung").await, site.sign_in("lethianh").await);
        let base = format!("/cb/{cell}/xet-vang");

        // Nothing has happened by itself: the member was told nothing.
        dung.get("/").await.is(200).says_not(&["Xem số liệu dự sinh hoạt"]);
        ha.get(&format!("/cb/{cell}")).await.is(200).says(&["Trao đổi với 1 đồng chí về việc dự sinh hoạt"]);
        let list = ha.get(&base).await.is(200);
        list.says(&["Vũ Ngọc Dung", "tháng 2, tháng 4 và tháng 6", "Đến mức chi bộ xem xét", "DD-06"])
            .says_not(&["Đặng Hữu Phước"]);
        for login in ["lethianh", "vungocdung", "phanthilan", "tranvanlam", "hothiclerk", "quantrivien"] {
            site.sign_in(login).await.get(&base).await.is(404);
        }

        // Chi ủy reads, who chairs opens; one month is no case, one case is enough.
        opens(&site, &an, "vungocdung").await.is(404);
        opens(&site, &ha, "danghuuphuoc").await.is(422).says(&["chưa đến mức phải nhắc"]);
        let case = case_of(opens(&site, &ha, "vungocdung").await);
        opens(&site, &ha, "vungocdung").await.is(422).says(&["đang được xem xét"]);
        let own = case.replace(&base, "/toi/xet-vang");

        // The member sees the facts; nobody else sees that page.
        dung.get("/").await.is(200).says(&["Xem số liệu dự sinh hoạt năm 2026 và nêu ý kiến", "02/12/2026"]);
        ha.get(&case).await.is(200).says(&["Đồng chí chưa mở xem số liệu"]);
        let facts = dung.get(&own).await.is(200);
        facts.says(&["03/02/2026", "03/04/2026", "03/06/2026", "Nêu ý kiến về buổi ngày 03/02/2026", "Không trả lời thông báo"]);
        for other in [&ha, &an, &anh] {
            other.get(&own).await.is(404);
            other.post(&own, &[("viec", "khong")]).await.is(404);
        }
        ha.get(&case).await.is(200).says(&["Đồng chí đã mở xem số liệu, chưa nêu ý kiến"]);
        ha.post(&format!("{case}/du-thao"), &[]).await.is(422).says(&["còn được nêu ý kiến đến hết ngày 02/12/2026"]);

        objections(&site, (&ha, &dung), (&case, &own), (february, april)).await;
        let issued = notice(&site, [&ha, &an, &dung, &anh], (&case, &own)).await;

        // The member keeps the own page also after leaving the cell; the papers of the cell stay there.
        let (hands, person) = (site.hands("nguyenthiha", cell), site.person("vungocdung"));
        site.write(move |tx| Ok(members::leave(tx, &hands, cell, person, date(2026, 11, 22))?));
        dung.get(&own).await.is(200).says(&["Thông báo đã được xác nhận"]).says_not(&[&format!("/cb/{cell}/van-ban/")]);
        dung.get(&issued).await.is(404);
        let wrong = site.app.db.read_now(move |tx| {
            let mut wrong = nep::audit::store::check(tx, cell)?;
            let root = nep::org::store::get(tx, cell, date(2026, 11, 22))?.root();
            wrong.extend(ledger::check(tx, root)?);
            Ok::<_, db::Error>(wrong)
        });
        assert_eq!(wrong.unwrap(), Vec::<String>::new());
    });
}

/// One objection is upheld and corrects the sealed minutes, one is not.
async fn objections(
    site: &Arc<Site>,
    (ha, dung): (&Browser, &Browser),
    (case, own): (&str, &str),
    (february, april): (MeetingId, MeetingId),
) {
    let cell = site.cast.cell;
    let say = |meeting: MeetingId| (meeting.to_string(), format!("noi_dung_{meeting}"));
    let (id, field) = say(february);
    let words = [("buoi", id.as_str()), ("y_kien", "was_there"), (field.as_str(), "Tôi đến sau khi đã điểm danh.")];
    dung.post(own, &words).await.is(303);
    dung.post(own, &words).await.is(422).says(&["đã nêu ý kiến về buổi này"]);
    let (id, field) = say(april);
    dung.post(own, &[("buoi", &id), ("y_kien", "had_asked"), (&field, "")]).await.is(303);
    ha.get(&format!("/cb/{cell}")).await.is(200).says(&["Quyết định 2 ý kiến về điểm danh"]);

    let page = ha.get(case).await.is(200).says(&["Tôi đến sau khi đã điểm danh.", "Hôm đó tôi có dự", "Tôi đã xin phép vắng"]);
    let links: Vec<String> = page
        .body
        .match_indices(&format!("action=\"{case}/y-kien/"))
        .map(|(at, _)| page.body[at + 8..].split('"').next().unwrap().to_owned())
        .collect();
    assert_eq!(links.len(), 2);
    let reason = |link: &str| format!("ly_do_{}", link.rsplit('/').next().unwrap());
    ha.post(&links[0], &[("quyet_dinh", "upheld")]).await.is(422).says(&["Hãy ghi lý do quyết định"]);
    let before = site.app.db.read_now(move |tx| {
        let first = meetings::get(tx, cell, february)?.sealed.unwrap();
        ledger::get(tx, cell, first)
    });
    let before = before.unwrap();
    ha.post(&links[0], &[("quyet_dinh", "upheld"), (&reason(&links[0]), "Hai đồng chí xác nhận có dự.")]).await.is(303);
    ha.post(&links[0], &[("quyet_dinh", "upheld"), (&reason(&links[0]), "Lần nữa.")]).await.is(409);
    ha.post(&links[1], &[("quyet_dinh", "rejected"), (&reason(&links[1]), "Không có đề nghị nào được ghi.")]).await.is(303);

    // The sealed record is what it was; a correction stands beside it and every figure follows it.
    let first = before.id;
    let (after, newer) = site
        .app
        .db
        .read_now(move |tx| Ok::<_, db::Error>((ledger::get(tx, cell, first)?, ledger::corrections(tx, cell, first)?)))
        .unwrap();
    assert_eq!((after.content, newer.len()), (before.content, 1));
    let correction = ha.get(&format!("/cb/{cell}/van-ban/{}", newer[0].id)).await.is(200);
    correction.says(&["Đính chính điểm danh: đồng chí Vũ Ngọc Dung: có mặt.", "Hai đồng chí xác nhận có dự."]);
    assert_eq!(months(site, "vungocdung"), 2);
    dung.get("/toi").await.is(200).says(&["1 / 3 buổi"]);
    let figures = ha.get(&format!("/cb/{cell}/nam/2026/du-sinh-hoat")).await.is(200);
    figures.says(&["1 lượt điểm danh được tính theo bản đính chính"]);
    dung.get(own).await.is(200).says(&[
        "Có mặt (theo bản đính chính)",
        "Chấp nhận, đính chính biên bản",
        "Giữ nguyên như biên bản",
        "Không có đề nghị nào được ghi.",
    ]);
}

/// Draft, change of words, confirmation; the address of the issued notice.
async fn notice(site: &Arc<Site>, [ha, an, dung, anh]: [&Browser; 4], (case, own): (&str, &str)) -> String {
    let cell = site.cast.cell;
    ha.post(&format!("{case}/thong-bao"), &[]).await.is(422);
    dung.post(own, &[("viec", "khong")]).await.is(303);
    an.post(&format!("{case}/du-thao"), &[]).await.is(303);
    let page = ha.get(case).await.is(200);
    page.says(&[
        "2 kỳ sinh hoạt thường kỳ: tháng 4 (buổi ngày 03/04/2026) và tháng 6 (buổi ngày 03/06/2026)",
        "đính chính những chỗ đúng",
    ]);
    let page = ha.get(case).await.is(200);
    let version = page.field("version");
    // The draft is chi ủy's alone.
    dung.get(own).await.is(200).says(&["Chi ủy đang xem xét"]).says_not(&["đề nghị đồng chí dự sinh hoạt đầy đủ"]);
    dung.get(&format!("{own}/pdf")).await.is(422);
    let text = "Chi bộ đề nghị đồng chí Vũ Ngọc Dung dự sinh hoạt đầy đủ.";
    an.post(&format!("{case}/du-thao"), &[("noi_dung", text), ("version", &version)]).await.is(303);
    ha.post(&format!("{case}/du-thao"), &[("noi_dung", "Lời khác"), ("version", &version)]).await.is(409);
    ha.post(&format!("{case}/thong-bao"), &[("version", &version)]).await.is(409);
    an.post(&format!("{case}/thong-bao"), &[]).await.is(404);
    let version = ha.get(case).await.is(200).field("version");
    ha.post(&format!("{case}/thong-bao"), &[("version", &version)]).await.is(303);
    ha.post(&format!("{case}/khep-lai"), &[("ly_do_khep", "Nhầm")]).await.is(422);

    // The first paper on the page is the notice; those of the meetings stand below.
    let issued = ha.get(case).await.is(200).link(&format!("/cb/{cell}/van-ban/"));
    ha.get(&issued).await.is(200).says(&[text, "Số 01-TB/CB", "đồng chí Vũ Ngọc Dung"]);
    an.get(&issued).await.is(200);
    dung.get(own).await.is(200).says(&[text, "Đã thông báo trong tổ chức"]);
    dung.get("/").await.is(200).says(&["Đọc thông báo về việc dự sinh hoạt năm 2026"]).says_not(&[text]);
    // Only inside: no other member, nobody outside, in no list of theirs.
    anh.get(&issued).await.is(404);
    anh.get(&format!("{issued}/docx")).await.is(404);
    anh.get(&format!("/cb/{cell}/so-bien-ban")).await.is(200).says_not(&["dự sinh hoạt chi bộ"]);
    anh.get("/").await.is(200).says_not(&["dự sinh hoạt chi bộ"]);
    ha.get(&format!("/cb/{cell}/so-bien-ban")).await.is(200).says(&["Thông báo về việc dự sinh hoạt chi bộ"]);
    for login in ["phanthilan", "tranvanlam", "hothiclerk"] {
        site.sign_in(login).await.get(&issued).await.is(404);
    }
    issued
}

#[test]
fn a_case_may_end_without_a_notice_and_nobody_decides_their_own() {
    each(|site| async move {
        for month in [1, 3] {
            sealed(&site, month, &["leminhduc", "danghuuphuoc"]);
        }
        let (ha, duc) = (site.sign_in("nguyenthiha").await, site.sign_in("leminhduc").await);
        opens(&site, &duc, "leminhduc").await.is(422).says(&["việc của chính đồng chí"]);
        let own = case_of(opens(&site, &ha, "leminhduc").await);
        duc.get(&own).await.is(200).says(&["Đây là việc của chính đồng chí", "Đến mức nhắc nhở"]);
        duc.post(&format!("{own}/khep-lai"), &[("ly_do_khep", "Tôi thấy vậy.")]).await.is(422).says(&["việc của chính đồng chí"]);

        let case = case_of(opens(&site, &duc, "danghuuphuoc").await);
        duc.post(&format!("{case}/khep-lai"), &[]).await.is(422).says(&["lý do khép lại"]);
        duc.post(&format!("{case}/khep-lai"), &[("ly_do_khep", "Đồng chí chăm người nhà ốm, đã trao đổi.")]).await.is(303);
        let phuoc = site.sign_in("danghuuphuoc").await;
        let page = phuoc.get(&case.replace(&format!("/cb/{}", site.cast.cell), "/toi")).await.is(200);
        page.says(&["đã khép lại, không có thông báo nào", "Đồng chí chăm người nhà ốm"]).says_not(&["Nêu ý kiến về buổi"]);
        phuoc.get("/").await.is(200).says_not(&["Xem số liệu dự sinh hoạt"]);
        // The time to object ends; then who chairs may go on although the member said nothing.
        site.at(date(2026, 12, 3).at(9, 0, 0, 0));
        let ha = site.sign_in("nguyenthiha").await;
        ha.post(&format!("{own}/du-thao"), &[]).await.is(303);
        ha.get(&own).await.is(200).says(&["Lưu dự thảo", "tháng 1 (buổi ngày 03/01/2026) và tháng 3 (buổi ngày 03/03/2026)"]);
    });
}

/// The task list counts from the absences alone where they tell enough; a case is judged by everything of the year.
#[test]
fn months_without_a_reason_are_the_same_counted_either_way() {
    each(|site| async move {
        let cell = site.cast.cell;
        let kept = |months: &[u8]| -> Vec<PeriodKey> { months.iter().filter_map(|m| PeriodKey::regular(2026, *m)).collect() };
        let on = |month, day| date(2026, month, day);
        // One session for two kỳ is one month; a second session of the same month says better; what it also
        // served is the month it counts for.
        sealed_for(&site, kept(&[1, 2]), on(2, 3), &["vungocdung", "danghuuphuoc"]);
        sealed_for(&site, kept(&[3]), on(3, 3), &["danghuuphuoc", "lethianh"]);
        sealed_for(&site, kept(&[3]), on(3, 20), &["lethianh"]);
        sealed_for(&site, kept(&[4]), on(4, 3), &["vungocdung", "phamvanan"]);
        sealed_for(&site, kept(&[4, 5]), on(5, 3), &[]);
        sealed_for(&site, vec![PeriodKey::thematic(2026, 2).unwrap()], on(6, 3), &["lethianh", "phamvanan"]);
        let by_hand = [("vungocdung", 2), ("danghuuphuoc", 1), ("lethianh", 1), ("phamvanan", 1), ("leminhduc", 0)];
        let gone = site.app.db.read_now(move |tx| {
            let meetings = of_years(tx, cell, &(2026..=2026))?;
            store::without_reason(tx, cell, 2026, &meetings)
        });
        let gone = gone.unwrap();
        for (login, months) in by_hand {
            let entries = gone.get(&site.person(login)).cloned().unwrap_or_default();
            assert_eq!(Standing::of(&months_of(&entries, 2026)).unexcused.len(), months, "{login}");
            assert_eq!(self::months(&site, login), months, "{login}, from the whole year");
        }
        let ha = site.sign_in("nguyenthiha").await;
        ha.get(&format!("/cb/{cell}")).await.is(200).says(&["Trao đổi với 1 đồng chí về việc dự sinh hoạt"]);
    });
}
