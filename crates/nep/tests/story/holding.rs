//! A meeting from its opening to its end: expected list, roll, who spoke, votes, guests
//! (DD-01 …, BQ-01 …, VT-02), and a helper that brings a meeting there.

use std::sync::Arc;

use db::values;
use domain::agenda::{Part, Step};
use domain::id::{ItemId, MeetingId, PersonId, RowId};
use domain::meeting::MeetingKind;
use domain::roll::Standing;
use jiff::civil::date;
use nep::meeting::store::{self as meetings, Item, NewMeeting};
use nep::member::store as members;

use crate::site::{Browser, Site, each};

/// A meeting with its items: report, discussion, a secret one, conclusion.
pub struct Held {
    /// The meeting.
    pub id: MeetingId,
    /// Its items.
    pub items: Vec<ItemId>,
    /// Its address.
    pub base: String,
}

fn item(step: Step, title: &str, secret: bool) -> Item {
    Item {
        id: ItemId::new(0),
        position: 0,
        step,
        part: Part::Content,
        title: title.to_owned(),
        presenter: None,
        minutes: 20,
        points: String::new(),
        information: String::new(),
        conclusion: String::new(),
        secret,
        paper_ref: secret.then(|| "Sổ mật số 2, trang 14".to_owned()),
        postponed: false,
        version: 1,
    }
}

/// A meeting of the office cell on 03/12/2026 at 14:00: Hà chairs, Ánh, a plain member, writes.
pub fn planned(site: &Arc<Site>, day: jiff::civil::Date, kind: MeetingKind) -> Held {
    let cell = site.cast.cell;
    let (ha, anh) = (site.person("nguyenthiha"), site.person("lethianh"));
    let actor = site.hands("nguyenthiha", cell);
    let (id, items) = site.write(move |tx| {
        let new = NewMeeting {
            kind,
            title: format!("Sinh hoạt thường kỳ tháng {} năm {}", day.month(), day.year()),
            starts_at: day.at(14, 0, 0, 0),
            ends_at: day.at(16, 0, 0, 0),
            place: "Phòng họp tầng 2".to_owned(),
            chair: Some(ha),
            secretary: Some(anh),
            topic: None,
            periods: meetings::periods_of(kind, day),
        };
        let id = meetings::create(tx, &actor, cell, &new)?;
        let mut items = Vec::new();
        for (step, title, secret) in [
            (Step::Report, "Nhiệm vụ tháng 12", false),
            (Step::Discussion, "Thảo luận", false),
            (Step::Other, "", true),
            (Step::Conclusion, "Kết luận", false),
        ] {
            items.push(meetings::add_item(tx, &actor, cell, id, &item(step, title, secret))?);
        }
        Ok((id, items))
    });
    Held { id, items, base: format!("/cb/{cell}/buoi/{id}") }
}

/// Takes the roll of the story: nine of eleven expected, seven of nine electors.
pub async fn roll(site: &Arc<Site>, secretary: &Browser, held: &Held) {
    let base = format!("{}/diem-danh", held.base);
    let mark = |login: &str, code: &str| format!("{}:{code}", site.person(login));
    secretary.post(&base, &[("mark", &mark("danghuuphuoc", "v"))]).await.is(303);
    secretary.post(&base, &[("mark", &mark("ngothiquynh", "k"))]).await.is(303);
    let sau = format!("{base}/{}", site.person("tranvansau"));
    secretary.post(&sau, &[("trang_thai", "online")]).await.is(303);
    let phuoc = format!("{base}/{}", site.person("danghuuphuoc"));
    secretary.post(&phuoc, &[("trang_thai", "excused"), ("ly_do", "đi công tác")]).await.is(303);
    secretary.post(&base, &[("mark", "all:c")]).await.is(303);
}

/// Holds the meeting of the story up to its end, all of it through pages.
pub async fn hold(site: &Arc<Site>) -> Held {
    let held = planned(site, date(2026, 12, 3), MeetingKind::Regular);
    site.at(date(2026, 12, 3).at(13, 58, 0, 0));
    let secretary = site.sign_in("lethianh").await;
    let desk = format!("{}/dieu-hanh", held.base);
    secretary.post(&format!("{desk}/mo"), &[("gio", "14:00")]).await.is(303);
    roll(site, &secretary, &held).await;
    let an = site.person("phamvanan").to_string();
    let form = format!("{desk}/muc/{}", held.items[0]);
    secretary.post(&form, &[("noi", &an), ("version", "1"), ("ket_luan", "Nhất trí với báo cáo.")]).await.is(303);
    let spoken = contributions(site, held.id);
    let field = format!("tt_{}", spoken[0].0);
    secretary
        .post(&form, &[(&field, "Đề nghị rõ thời hạn."), ("version", "2"), ("ket_luan", "Nhất trí với báo cáo.")])
        .await
        .is(303);
    let vote = [("loai", "other"), ("noi_dung", "Kế hoạch quý I"), ("cach", "tat-ca")];
    secretary.post(&format!("{desk}/bieu-quyet"), &vote).await.is(303);
    secretary.post(&format!("{desk}/dang-phi"), &[("dang_phi", "đã nộp đủ")]).await.is(303);
    site.at(date(2026, 12, 3).at(15, 40, 0, 0));
    secretary.post(&format!("{desk}/ket-thuc"), &[("gio", "15:35")]).await.is(303);
    held
}

/// Contributions of a meeting: id, who, words.
pub fn contributions(site: &Arc<Site>, id: MeetingId) -> Vec<(RowId, PersonId, String)> {
    let cell = site.cast.cell;
    site.write(move |tx| {
        Ok(tx.all(
            "select contribution_id, person_id, summary from contribution where org_id = $1 and meeting_id = $2
             order by said_at, contribution_id",
            values![cell, id],
        )?)
    })
}

fn state(site: &Arc<Site>, id: MeetingId) -> String {
    let cell = site.cast.cell;
    site.write(move |tx| Ok(tx.scalar("select state from meeting where org_id = $1 and meeting_id = $2", values![cell, id])?))
}

#[test]
fn opening_freezes_the_list_and_is_taken_back_only_while_nothing_is_written() {
    each(|site| async move {
        let held = planned(&site, date(2026, 12, 3), MeetingKind::Regular);
        let desk = format!("{}/dieu-hanh", held.base);
        site.at(date(2026, 12, 2).at(9, 0, 0, 0));
        let secretary = site.sign_in("lethianh").await;
        secretary.get(&desk).await.is(200).says(&["11 đồng chí phải dự", "1 đồng chí không thuộc diện", "Khai mạc"]);
        secretary.get(&format!("{}/diem-danh", held.base)).await.is(200).says(&["Chưa khai mạc"]);
        secretary.post(&format!("{desk}/mo"), &[("gio", "14:00")]).await.is(422).says(&["Chưa đến ngày sinh hoạt"]);
        site.at(date(2026, 12, 3).at(13, 58, 0, 0));
        let secretary = site.sign_in("lethianh").await;
        secretary.post(&format!("{desk}/mo"), &[("gio", "14 giờ 2x")]).await.is(422).says(&["không phải là giờ"]);
        let to = secretary.post(&format!("{desk}/mo"), &[("gio", "14:00")]).await.is(303).to;
        assert_eq!(to, format!("{}/diem-danh?xong=mo", held.base));
        secretary.get(&to).await.is(200).says(&["Có mặt 0/11", "(được miễn)", "(dự bị)", "(sinh hoạt tạm thời)"]);
        // A visit of the minutes drafts them and still counts as nothing written.
        secretary.get(&format!("{}/bien-ban", held.base)).await.is(200).says(&["bắt đầu lúc 14 giờ 00"]);
        secretary.get(&desk).await.is(200).says(&["Hoàn tác khai mạc"]);
        secretary.post(&format!("{desk}/huy-mo"), &[]).await.is(303);
        assert_eq!(state(&site, held.id), "draft");
        secretary.post(&format!("{desk}/mo"), &[("gio", "14:05")]).await.is(303);
        secretary.get(&format!("{}/bien-ban", held.base)).await.is(200).says(&["bắt đầu lúc 14 giờ 05"]);
        let base = format!("{}/diem-danh", held.base);
        let an = format!("{}:c", site.person("phamvanan"));
        secretary.post(&base, &[("mark", &an)]).await.is(303);
        secretary.post(&format!("{desk}/huy-mo"), &[]).await.is(422).says(&["không thể quay lại phần chuẩn bị"]);
        assert_eq!(state(&site, held.id), "open");
    });
}

#[test]
fn who_comes_and_goes_after_the_opening_changes_neither_the_list_nor_the_figures() {
    each(|site| async move {
        let held = planned(&site, date(2026, 12, 3), MeetingKind::Regular);
        site.at(date(2026, 12, 3).at(13, 58, 0, 0));
        let secretary = site.sign_in("lethianh").await;
        let (desk, list) = (format!("{}/dieu-hanh", held.base), format!("{}/diem-danh", held.base));
        secretary.post(&format!("{desk}/mo"), &[("gio", "14:00")]).await.is(303);
        roll(&site, &secretary, &held).await;
        let figures = ["Có mặt 9/11, đạt 81,8 %", "Đảng viên chính thức được biểu quyết: có mặt 7/9"];
        secretary.get(&list).await.is(200).says(&figures).says_not(&["Cao Văn Mạnh"]);
        // Written later with dates that reach back before the meeting: one came, one left, one was renamed.
        let (cell, hands) = (site.cast.cell, site.hands("nguyenthiha", site.cast.cell));
        let (manh, bao) = (site.person("caovanmanh"), site.person("doquocbao"));
        site.write(move |tx| {
            members::join(tx, &hands, cell, manh, Standing::Official, date(2026, 11, 1), None)?;
            members::leave(tx, &hands, cell, bao, date(2026, 12, 1))?;
            tx.exec("update person set name = 'Đỗ Quốc Bảo Bình' where person_id = $1", values![bao])?;
            Ok(())
        });
        let page = secretary.get(&list).await.is(200);
        page.says(&figures).says(&["Đỗ Quốc Bảo"]).says_not(&["Cao Văn Mạnh", "Đỗ Quốc Bảo Bình"]);
        let vote = [("loai", "other"), ("noi_dung", "Kế hoạch quý I"), ("cach", "tat-ca")];
        secretary.post(&format!("{desk}/bieu-quyet"), &vote).await.is(303);
        secretary.get(&format!("{desk}?phan=bieu-quyet")).await.is(200).says(&["Tán thành 7/9 đảng viên chính thức"]);
    });
}

#[test]
fn only_leaders_and_the_appointed_secretary_lead_the_meeting() {
    each(|site| async move {
        let held = planned(&site, date(2026, 12, 3), MeetingKind::Regular);
        site.at(date(2026, 12, 3).at(13, 58, 0, 0));
        for (login, status) in [
            ("nguyenthiha", 200),
            ("leminhduc", 200),
            ("phamvanan", 200),
            ("lethianh", 200),
            ("doquocbao", 404),
            ("tranvansau", 404),
            ("phanthilan", 404),
            ("tranvanlam", 404),
            ("quantrivien", 404),
        ] {
            let browser = site.sign_in(login).await;
            for page in ["dieu-hanh", "diem-danh"] {
                let got = browser.get(&format!("{}/{page}", held.base)).await;
                assert_eq!(got.status.as_u16(), status, "{login} {page}");
            }
        }
        // The sibling's secretary does not reach it through her own cell either.
        let lan = site.sign_in("phanthilan").await;
        let through = format!("/cb/{}/buoi/{}/dieu-hanh", site.cast.sibling, held.id);
        lan.get(&through).await.is(404);
        lan.post(&format!("{through}/mo"), &[("gio", "14:00")]).await.is(404);
    });
}

#[test]
fn the_roll_is_taken_by_buttons_and_by_number_and_its_figures_are_exact() {
    each(|site| async move {
        let held = planned(&site, date(2026, 12, 3), MeetingKind::Regular);
        site.at(date(2026, 12, 3).at(13, 58, 0, 0));
        let secretary = site.sign_in("lethianh").await;
        secretary.post(&format!("{}/dieu-hanh/mo", held.base), &[("gio", "14:00")]).await.is(303);
        let base = format!("{}/diem-danh", held.base);
        // By number, and again to take it back; an unknown number changes nothing.
        let to = secretary.post(&base, &[("number", "5")]).await.is(303).to;
        assert_eq!(to, format!("{base}?so=5#nhap-so"));
        let page = secretary.get(&format!("{base}?so=5")).await.is(200);
        page.says(&["5. Đỗ Quốc Bảo: có mặt 13:58", "Có mặt 1/11", "autofocus"]);
        secretary.post(&base, &[("number", "5")]).await.is(303);
        secretary.get(&base).await.is(200).says(&["Có mặt 0/11"]);
        secretary.post(&base, &[("number", "99")]).await.is(303);
        secretary.get(&format!("{base}?so=99")).await.is(200).says(&["Không có số 99", "Có mặt 0/11"]);
        // A button returns to the same member.
        let bao = site.person("doquocbao");
        let to = secretary.post(&base, &[("mark", &format!("{bao}:c"))]).await.is(303).to;
        assert_eq!(to, format!("{base}#dv-{bao}"));
        roll(&site, &secretary, &held).await;
        secretary.get(&base).await.is(200).says(&[
            "Có mặt 9/11, đạt 81,8 %",
            "Cấp ủy: có mặt 3/3, đạt 100 %",
            "Đảng viên chính thức được biểu quyết: có mặt 7/9",
            "1 đồng chí dự trực tuyến",
            "1 đồng chí được miễn",
            "dưới 90 %",
            "Có 1 đồng chí vắng không có lý do",
            "Vắng có lý do: đi công tác",
        ]);
        // Leaving early stays present; the exempt member who comes is extra and no elector.
        let dat = format!("{base}/{}", site.person("trinhcongdat"));
        secretary.post(&dat, &[("trang_thai", "present"), ("gio_ve", "15:10")]).await.is(303);
        let ut = format!("{}:c", site.person("hoangvanut"));
        secretary.post(&base, &[("mark", &ut)]).await.is(303);
        secretary.get(&base).await.is(200).says(&["về lúc 15:10", "Có mặt 9/11", "1 đồng chí dự ngoài diện", "7/9"]);
        secretary
            .get(&format!("{base}?dv={}", site.person("buithion")))
            .await
            .is(200)
            .says_not(&["Sinh hoạt tạm thời nơi khác</option>"]);
        let on = format!("{base}/{}", site.person("buithion"));
        secretary.post(&on, &[("trang_thai", "away")]).await.is(422).says(&["sinh hoạt tạm thời tại chi bộ"]);
        secretary.post(&on, &[("trang_thai", "bay-qua")]).await.is(422);
        let stranger = format!("{base}/{}", site.person("phanthilan"));
        secretary.post(&stranger, &[("trang_thai", "present")]).await.is(404);
    });
}

#[test]
fn votes_count_official_members_only_and_all_of_them() {
    each(|site| async move {
        let held = planned(&site, date(2026, 12, 3), MeetingKind::Regular);
        site.at(date(2026, 12, 3).at(13, 58, 0, 0));
        let secretary = site.sign_in("lethianh").await;
        let desk = format!("{}/dieu-hanh", held.base);
        secretary.post(&format!("{desk}/mo"), &[("gio", "14:00")]).await.is(303);
        roll(&site, &secretary, &held).await;
        secretary.get(&format!("{desk}?phan=bieu-quyet")).await.is(200).says(&[
            "Ghi cả 7 đồng chí có mặt tán thành",
            "1 đồng chí dự bị không biểu quyết",
            "1 đồng chí sinh hoạt tạm thời tại chi bộ không biểu quyết",
            "1 đồng chí được miễn không tính",
        ]);
        let post = async |fields: &[(&str, &str)]| secretary.post(&format!("{desk}/bieu-quyet"), fields).await;
        post(&[("loai", "resolution"), ("noi_dung", "Nghị quyết tháng 12"), ("tan_thanh", "8")])
            .await
            .is(422)
            .says(&["nhiều hơn 7 đảng viên chính thức có mặt", "Nghị quyết tháng 12"]);
        post(&[("loai", "resolution"), ("noi_dung", ""), ("tan_thanh", "5")]).await.is(422).says(&["Hãy ghi nội dung"]);
        let reserved = site.person("trinhcongdat").to_string();
        post(&[
            ("loai", "resolution"),
            ("noi_dung", "Nghị quyết tháng 12"),
            ("tan_thanh", "5"),
            ("khong", "1"),
            ("khac", "1"),
            ("bao_luu", &reserved),
        ])
        .await
        .is(303);
        post(&[("loai", "admit"), ("noi_dung", "Đề nghị kết nạp đồng chí Mai"), ("tan_thanh", "5"), ("khong", "2")])
            .await
            .is(303);
        secretary.get(&format!("{desk}?phan=bieu-quyet")).await.is(200).says(&[
            "Tán thành 5/9 đảng viên chính thức, đạt 55,6 %; cần quá nửa (ít nhất 5 đồng chí): đủ để thông qua.",
            "Tán thành 5/9 đảng viên chính thức, đạt 55,6 %; cần từ hai phần ba trở lên (ít nhất 6 đồng chí): chưa đủ để thông qua.",
            "Bảo lưu ý kiến: đồng chí Trịnh Công Đạt",
        ]);
        // A result recorded by mistake is taken back; one of nowhere is not there.
        secretary.post(&format!("{desk}/bieu-quyet/4711/bo"), &[]).await.is(404);
        let (cell, id) = (site.cast.cell, held.id);
        let votes: Vec<(i64,)> = site.write(move |tx| {
            Ok(tx.all("select vote_id from vote where org_id = $1 and meeting_id = $2 order by vote_id", values![cell, id])?)
        });
        secretary.post(&format!("{desk}/bieu-quyet/{}/bo", votes[1].0), &[]).await.is(303);
        secretary.get(&format!("{desk}?phan=bieu-quyet")).await.is(200).says_not(&["đồng chí Mai"]);
    });
}

#[test]
fn who_spoke_is_one_tap_and_no_word_is_lost_by_it() {
    each(|site| async move {
        let held = planned(&site, date(2026, 12, 3), MeetingKind::Regular);
        site.at(date(2026, 12, 3).at(13, 58, 0, 0));
        let (cell, item, bao) = (site.cast.cell, held.items[1], site.person("doquocbao"));
        let id = held.id;
        let opinion: RowId = site.write(move |tx| {
            let opinion = RowId::new(77);
            tx.exec(
                "insert into opinion (org_id, opinion_id, meeting_id, item_id, person_id, body, state, wants_floor, written_at)
                 values ($1, $2, $3, $4, $5, 'Đề nghị mua máy in.', 'sent', 1, 1)",
                values![cell, opinion, id, item, bao],
            )?;
            Ok(opinion)
        });
        let secretary = site.sign_in("lethianh").await;
        let desk = format!("{}/dieu-hanh", held.base);
        secretary.post(&format!("{desk}/mo"), &[("gio", "14:00")]).await.is(303);
        roll(&site, &secretary, &held).await;
        let form = format!("{desk}/muc/{item}");
        let page = format!("{desk}?muc={item}");
        secretary.get(&page).await.is(200).says(&["Đề nghị mua máy in.", "Xin phát biểu"]);
        secretary.post(&form, &[("y_kien", &opinion.to_string()), ("version", "1"), ("ket_luan", "")]).await.is(303);
        let spoken = contributions(&site, held.id);
        assert_eq!((spoken.len(), spoken[0].1, spoken[0].2.as_str()), (1, bao, "Đề nghị mua máy in."));
        secretary.get(&page).await.is(200).says_not(&["Ý kiến gửi trước"]);
        // The tap carries what stands in the other fields of the item.
        let field = format!("tt_{}", spoken[0].0);
        let an = site.person("phamvanan").to_string();
        let tap =
            [("noi", an.as_str()), (field.as_str(), "Đề nghị mua hai máy in."), ("version", "1"), ("ket_luan", "Giao đ/c An.")];
        let to = secretary.post(&form, &tap).await.is(303).to;
        assert_eq!(to, format!("{page}#muc-{item}"));
        let spoken = contributions(&site, held.id);
        assert_eq!(spoken.iter().map(|s| s.2.as_str()).collect::<Vec<_>>(), ["Đề nghị mua hai máy in.", ""]);
        secretary.get(&page).await.is(200).says(&["Giao đ/c An."]);
        // Two people conclude one item: the second one sees both texts and loses neither.
        let ha = site.sign_in("nguyenthiha").await;
        let page2 = ha.post(&form, &[("version", "1"), ("ket_luan", "Giao đ/c Đức.")]).await.is(409);
        page2.says(&["Giao đ/c An.", "Giao đ/c Đức.", "name=\"version\" value=\"2\""]);
        ha.post(&form, &[("version", "2"), ("ket_luan", "Giao đ/c An và đ/c Đức.")]).await.is(303);
        // Taking back, absent people, secret items, foreign items.
        secretary
            .post(&form, &[("bo", &spoken[0].0.to_string()), ("version", "3"), ("ket_luan", "Giao đ/c An và đ/c Đức.")])
            .await
            .is(303);
        assert_eq!(contributions(&site, held.id).len(), 1);
        secretary.get(&page).await.is(200).says(&["Ý kiến gửi trước"]);
        let absent = site.person("ngothiquynh").to_string();
        let kept = [("noi", absent.as_str()), ("version", "3"), ("ket_luan", "Giao đ/c An và đ/c Đức.")];
        secretary.post(&form, &kept).await.is(422).says(&["chưa được điểm danh có mặt"]);
        let secret = format!("{desk}/muc/{}", held.items[2]);
        secretary
            .post(&secret, &[("version", "1"), ("ket_luan", "điều mật")])
            .await
            .is(422)
            .says(&["Nội dung mật không được ghi"]);
        secretary.post(&secret, &[("noi", &an), ("version", "1"), ("ket_luan", "")]).await.is(303);
        secretary.post(&format!("{desk}/muc/12345"), &[("noi", &an), ("version", "1")]).await.is(404);
    });
}

#[test]
fn a_meeting_ends_after_it_began_and_goes_on_with_a_reason() {
    each(|site| async move {
        let held = planned(&site, date(2026, 12, 3), MeetingKind::Regular);
        site.at(date(2026, 12, 3).at(13, 58, 0, 0));
        let ha = site.sign_in("nguyenthiha").await;
        let desk = format!("{}/dieu-hanh", held.base);
        ha.post(&format!("{desk}/mo"), &[("gio", "14:00")]).await.is(303);
        ha.post(&format!("{desk}/khach"), &[("khach_ten", "Trần Văn Lâm"), ("khach_chuc_vu", "Bí thư Đảng ủy")]).await.is(303);
        ha.post(&format!("{desk}/khach"), &[("khach_ten", " ")]).await.is(422).says(&["họ và tên khách mời"]);
        ha.get(&format!("{desk}?phan=thanh-phan")).await.is(200).says(&["đồng chí Trần Văn Lâm, Bí thư Đảng ủy"]);
        let duc = site.person("leminhduc").to_string();
        ha.post(&format!("{desk}/nguoi"), &[("chu_tri", ""), ("thu_ky", &duc)]).await.is(422);
        ha.post(&format!("{desk}/nguoi"), &[("chu_tri", &duc), ("thu_ky", "")]).await.is(303);
        ha.get(&desk).await.is(200).says(&["đồng chí Lê Minh Đức, Phó bí thư Chi bộ", "Chưa cử thư ký"]);
        let lan = site.person("phanthilan").to_string();
        ha.post(&format!("{desk}/nguoi"), &[("chu_tri", &lan)]).await.is(404);
        ha.post(&format!("{desk}/ket-thuc"), &[("gio", "13:00")]).await.is(422).says(&["Giờ kết thúc phải sau giờ bắt đầu"]);
        ha.post(&format!("{desk}/ket-thuc"), &[("gio", "14:40")]).await.is(303);
        ha.get(&desk).await.is(200).says(&["Thời lượng 40 phút, ngắn hơn 90 phút", "SH-05"]);
        ha.post(&format!("{desk}/mo-lai"), &[("ly_do", "")]).await.is(422).says(&["lý do mở lại"]);
        ha.post(&format!("{desk}/mo-lai"), &[("ly_do", "bấm nhầm")]).await.is(303);
        assert_eq!(state(&site, held.id), "open");
        // A plain member who is no longer secretary is out.
        let anh = site.sign_in("lethianh").await;
        anh.get(&desk).await.is(404);
        anh.post(&format!("{desk}/mo-lai"), &[("ly_do", "x")]).await.is(404);
    });
}

#[test]
fn the_committee_meets_alone() {
    each(|site| async move {
        let held = planned(&site, date(2026, 12, 1), MeetingKind::Committee);
        site.at(date(2026, 12, 1).at(8, 0, 0, 0));
        let ha = site.sign_in("nguyenthiha").await;
        ha.post(&format!("{}/dieu-hanh/mo", held.base), &[("gio", "08:00")]).await.is(303);
        ha.get(&format!("{}/diem-danh", held.base)).await.is(200).says(&["Có mặt 0/3"]);
    });
}
