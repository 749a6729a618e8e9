//! Votes from their opening to their result: by name in the hand or on one's own device, secret on
//! paper with two counts (BQ-01 … BQ-09, KN-01, P-11), on both engines.

use std::sync::Arc;

use db::values;
use domain::ballot::{BallotState, Choice, Sheet, Tally};
use domain::id::{BallotId, PersonId, ResolutionId};
use domain::meeting::MeetingKind;
use domain::resolution::ResolutionState;
use jiff::civil::date;
use nep::live::store as live;
use nep::live::vote::{act, store as ballots};
use nep::meeting::store as meetings;
use nep::resolution::store::{self as resolutions, Text};

use crate::holding::{Held, planned, roll};
use crate::site::{Browser, Site, each};

/// The meeting of the story, opened, with its roll: seven of nine electors are there.
async fn begun(site: &Arc<Site>) -> (Held, Browser) {
    let held = planned(site, date(2026, 12, 3), MeetingKind::Regular);
    site.at(date(2026, 12, 3).at(13, 58, 0, 0));
    let secretary = site.sign_in("lethianh").await;
    secretary.post(&format!("{}/dieu-hanh/mo", held.base), &[("gio", "14:00")]).await.is(303);
    roll(site, &secretary, &held).await;
    (held, secretary)
}

/// Opens a vote; its address for who leads, and its id.
async fn opened(secretary: &Browser, held: &Held, fields: &[(&str, &str)]) -> (String, BallotId) {
    let page = secretary.post(&format!("{}/dieu-hanh/bieu-quyet", held.base), fields).await.is(303);
    let address = page.to.split('?').next().unwrap().to_owned();
    let id = address.rsplit('/').next().unwrap().parse().unwrap_or_else(|_| panic!("opened at {}", page.to));
    (address, id)
}

fn results(site: &Arc<Site>, held: &Held) -> Vec<live::Vote> {
    let (cell, id) = (site.cast.cell, held.id);
    site.write(move |tx| Ok(live::votes(tx, cell, id)?))
}

fn count_of(vote: &live::Vote) -> (u32, u32, u32, u32, u32, bool) {
    (vote.yes, vote.no, vote.other, vote.electorate, vote.present, vote.passed)
}

#[test]
fn hands_by_name_over_a_frozen_electorate() {
    each(|site| async move {
        let (held, secretary) = begun(&site).await;
        let asked = [("loai", "resolution"), ("noi_dung", "Nghị quyết tháng 12"), ("cach_thuc", "hands_named")];
        // Neither button of counted hands records anything here.
        let (address, which) = opened(&secretary, &held, &[&asked[..], &[("cach", "tat-ca"), ("tan_thanh", "3")]].concat()).await;
        assert!(results(&site, &held).is_empty());
        secretary.get(&address).await.is(200).says(&[
            "Quá nửa của <b>9</b>",
            "cần <b>5</b>",
            "Đã ghi 0/7 đồng chí",
            "Không có mặt lúc mở biểu quyết",
            "còn 7 đồng chí chưa biểu quyết",
        ]);
        // Phước comes now: counted in the nine, and without a vote this time.
        let phuoc = site.person("danghuuphuoc");
        secretary.post(&format!("{}/diem-danh", held.base), &[("mark", &format!("{phuoc}:c"))]).await.is(303);
        let note = format!("{address}/ghi");
        let mark = |login: &str, letter: &str| format!("{}:{letter}", site.person(login));
        secretary
            .post(&note, &[("mark", &mark("danghuuphuoc", "c"))])
            .await
            .is(422)
            .says(&["chưa được điểm danh có mặt lúc mở biểu quyết"]);
        for stranger in ["vungocdung", "hoangvanut", "buithion", "phanthilan"] {
            secretary.post(&note, &[("mark", &mark(stranger, "c"))]).await.is(404);
        }
        let to = secretary.post(&note, &[("mark", &mark("doquocbao", "c"))]).await.is(303).to;
        assert_eq!(to, format!("{address}#dv-{}", site.person("doquocbao")));
        secretary.post(&note, &[("mark", &mark("doquocbao", "k"))]).await.is(303);
        secretary.post(&note, &[("mark", &mark("trinhcongdat", "y"))]).await.is(303);
        secretary.post(&note, &[("mark", "all:c")]).await.is(303);
        secretary.get(&address).await.is(200).says(&["Đã ghi 7/7 đồng chí: tán thành 5, không tán thành 1, ý kiến khác 1"]);
        // Who approves has nothing to keep; who does not may.
        let (bao, ha) = (site.person("doquocbao").to_string(), site.person("nguyenthiha").to_string());
        secretary.post(&format!("{address}/ket-thuc"), &[("bao_luu", &ha)]).await.is(422).says(&["không có ý kiến để bảo lưu"]);
        secretary
            .post(&format!("{}/dieu-hanh/ket-thuc", held.base), &[("gio", "15:30")])
            .await
            .is(422)
            .says(&["Còn lần biểu quyết chưa kết thúc"]);
        secretary.post(&format!("{address}/ket-thuc"), &[("bao_luu", &bao)]).await.is(303);
        secretary.post(&format!("{address}/ket-thuc"), &[]).await.is(422).says(&["đã kết thúc"]);
        secretary.post(&note, &[("mark", &mark("doquocbao", "c"))]).await.is(422);
        let votes = results(&site, &held);
        assert_eq!(votes.iter().map(count_of).collect::<Vec<_>>(), [(5, 1, 1, 9, 7, true)]);
        assert_eq!((votes[0].ballot, votes[0].reserved.as_str()), (Some(which), "Đỗ Quốc Bảo"));
        secretary.get(&address).await.is(200).says(&[
            "Tán thành 5/9 đảng viên chính thức, đạt 55,6 %; cần quá nửa (ít nhất 5 đồng chí): đủ",
            "Đồng chí đến sau không biểu quyết lần này",
            "Không tán thành, bảo lưu ý kiến",
        ]);
        secretary
            .get(&format!("{}/bien-ban", held.base))
            .await
            .is(200)
            .says(&["Nghị quyết tháng 12 (biểu quyết ghi tên): tán thành 5/9 đồng chí", "Bảo lưu ý kiến: đồng chí Đỗ Quốc Bảo."]);
    });
}

#[test]
fn each_votes_by_name_on_their_own_device_and_may_change_until_the_end() {
    each(|site| async move {
        let (held, secretary) = begun(&site).await;
        let asked = [("loai", "other"), ("noi_dung", "Kế hoạch quý I"), ("cach_thuc", "electronic")];
        let (address, which) = opened(&secretary, &held, &asked).await;
        let own = format!("{}/bieu-quyet/{which}", held.base);
        let bao = site.sign_in("doquocbao").await;
        bao.get(&held.base).await.is(200).says(&["Kế hoạch quý I", "Không tán thành", "<b>ghi tên</b>", &own]);
        // The first press asks to check; nothing is kept by it.
        bao.post(&own, &[("chon", "yes")]).await.is(200).says(&[
            "Kiểm tra trước khi biểu quyết",
            "Biểu quyết: Tán thành",
            "Kế hoạch quý I",
            "đ/c Đỗ Quốc Bảo",
            "không phải bỏ phiếu kín",
        ]);
        secretary.get(&address).await.is(200).says(&["Đã biểu quyết 0/7", "Còn 7 đồng chí chưa biểu quyết"]);
        let to = bao.post(&own, &[("chon", "yes"), ("chac", "1")]).await.is(303).to;
        assert_eq!(to, format!("{own}?xong=bq"), "what was chosen stands in no address");
        bao.get(&to).await.is(200).says(&["Đồng chí đã biểu quyết: Tán thành", "Có thể đổi"]);
        bao.post(&own, &[("chon", "yes"), ("chac", "1"), ("bao_luu", "1")]).await.is(422).says(&["không có ý kiến để bảo lưu"]);
        bao.post(&own, &[("chon", ""), ("chac", "1")]).await.is(422).says(&["Hãy chọn tán thành"]);
        bao.post(&own, &[("chon", "other"), ("chac", "1"), ("bao_luu", "1")]).await.is(303);
        bao.get(&held.base).await.is(200).says(&["Đồng chí đã biểu quyết: Ý kiến khác, bảo lưu ý kiến"]);
        // Who leads sees who is missing, not how it goes; members see neither.
        secretary
            .get(&address)
            .await
            .is(200)
            .says(&["Đã biểu quyết 1/7", "đ/c Phạm Văn An"])
            .says_not(&["Ý kiến khác", "bảo lưu ý kiến"]);
        let dat = site.sign_in("trinhcongdat").await;
        dat.get(&own).await.is(200).says(&["Tán thành"]).says_not(&["Đỗ Quốc Bảo", "Phạm Văn An", "đã biểu quyết"]);
        dat.get(&address).await.is(404);
        // Those without a vote read why; those from elsewhere find nothing.
        for (login, words) in [
            ("vungocdung", "dự bị"),
            ("hoangvanut", "được miễn"),
            ("buithion", "sinh hoạt tạm thời"),
            ("danghuuphuoc", "chưa được điểm danh có mặt"),
        ] {
            let other = site.sign_in(login).await;
            other.get(&own).await.is(200).says(&["Đồng chí không biểu quyết lần này", words]).says_not(&["name=\"chon\""]);
            other.post(&own, &[("chon", "yes"), ("chac", "1")]).await.is(422).says(&[words]);
            other.post(&own, &[("chon", "yes")]).await.is(422).says(&[words]);
        }
        for login in ["phanthilan", "tranvanlam", "quantrivien"] {
            let outside = site.sign_in(login).await;
            outside.get(&own).await.is(404);
            outside.post(&own, &[("chon", "yes"), ("chac", "1")]).await.is(404);
        }
        let lan = site.sign_in("phanthilan").await;
        let through = format!("/cb/{}/buoi/{}/bieu-quyet/{which}", site.cast.sibling, held.id);
        lan.post(&through, &[("chon", "yes"), ("chac", "1")]).await.is(404);
        for login in ["nguyenthiha", "leminhduc", "phamvanan", "lethianh", "tranvansau"] {
            let one = site.sign_in(login).await;
            one.post(&own, &[("chon", "yes"), ("chac", "1")]).await.is(303);
        }
        secretary.post(&format!("{address}/ghi"), &[("mark", "all:c")]).await.is(422).says(&["theo cách"]);
        secretary.get(&address).await.is(200).says(&["Còn 1 đồng chí chưa biểu quyết", "đ/c Trịnh Công Đạt"]);
        secretary.post(&format!("{address}/ket-thuc"), &[]).await.is(303);
        dat.post(&own, &[("chon", "yes"), ("chac", "1")]).await.is(422).says(&["đã kết thúc"]);
        let votes = results(&site, &held);
        assert_eq!(votes.iter().map(count_of).collect::<Vec<_>>(), [(5, 0, 1, 9, 7, true)]);
        assert_eq!(votes[0].reserved, "Đỗ Quốc Bảo");
        dat.get(&own).await.is(200).says(&["Đủ số tán thành", "Vì sao?", "Điều lệ Đảng"]).says_not(&["name=\"chon\""]);
        bao.get(&own).await.is(200).says(&["Đồng chí đã biểu quyết: <b>Ý kiến khác</b>"]);
        bao.get(&held.base).await.is(200).says_not(&["Kế hoạch quý I</h2>"]);
        secretary.get(&address).await.is(200).says(&["Chưa biểu quyết", "Ý kiến khác, bảo lưu ý kiến"]);
    });
}

/// Many hands at once: everybody is counted once, and what the result says is what the seats say.
#[test]
fn a_vote_cast_twice_at_once_counts_once() {
    each(|site| async move {
        let (held, secretary) = begun(&site).await;
        let asked = [("loai", "other"), ("noi_dung", "Kế hoạch quý I"), ("cach_thuc", "electronic")];
        let (_, which) = opened(&secretary, &held, &asked).await;
        let (cell, id) = (site.cast.cell, held.id);
        let people = ["nguyenthiha", "leminhduc", "phamvanan", "lethianh", "doquocbao", "trinhcongdat"];
        let mut threads = Vec::new();
        for round in 0..4_usize {
            for (n, login) in people.iter().enumerate() {
                let (site, login) = (site.clone(), (*login).to_owned());
                threads.push(std::thread::spawn(move || {
                    let hands = site.hands(&login, cell);
                    let choice = [Choice::Yes, Choice::No, Choice::Other][(n + round) % 3];
                    site.app.db.write_now(move |tx| {
                        let meeting = meetings::get(tx, cell, id)?;
                        act::cast(tx, &hands, &meeting, which, (choice, false))
                    })
                }));
            }
        }
        // The end comes in between: whoever is too late is told so and not counted.
        let closing = {
            let site = site.clone();
            std::thread::spawn(move || {
                let hands = site.hands("lethianh", cell);
                site.app.db.write_now(move |tx| act::close(tx, &hands, (cell, id), which, &[]))
            })
        };
        let cast = threads.into_iter().map(|t| t.join().unwrap()).filter(Result::is_ok).count();
        closing.join().unwrap().unwrap();
        let votes = results(&site, &held);
        assert_eq!(votes.len(), 1);
        let named = site.write(move |tx| {
            let ballot = ballots::get(tx, cell, id, which)?;
            Ok(ballots::named(tx, cell, &ballot)?)
        });
        assert_eq!(named.state, BallotState::Closed);
        assert_eq!(votes[0].count(), named.count(), "the result is what stands in the seats");
        let said = named.seats.iter().filter(|s| s.choice.is_some()).count();
        assert!(said <= people.len() && said <= cast.max(1), "{said} of {cast}");
        assert_eq!(named.seats.len(), 9);
    });
}

#[test]
fn two_closings_at_once_give_one_result() {
    each(|site| async move {
        let (held, secretary) = begun(&site).await;
        let asked = [("loai", "other"), ("noi_dung", "Kế hoạch quý I"), ("cach_thuc", "hands_named")];
        let (address, which) = opened(&secretary, &held, &asked).await;
        secretary.post(&format!("{address}/ghi"), &[("mark", "all:c")]).await.is(303);
        let (cell, id) = (site.cast.cell, held.id);
        let closings: Vec<_> = (0..4)
            .map(|_| {
                let site = site.clone();
                std::thread::spawn(move || {
                    let hands = site.hands("lethianh", cell);
                    site.app.db.write_now(move |tx| act::close(tx, &hands, (cell, id), which, &[])).is_ok()
                })
            })
            .collect();
        let done = closings.into_iter().map(|t| t.join().unwrap()).filter(|ok| *ok).count();
        assert_eq!(done, 1);
        assert_eq!(results(&site, &held).iter().map(count_of).collect::<Vec<_>>(), [(7, 0, 0, 9, 7, true)]);
    });
}

const SHEET: [(&str, &str); 8] = [
    ("phat_ra", "7"),
    ("thu_ve", "7"),
    ("hop_le", "6"),
    ("khong_hop_le", "1"),
    ("tan_thanh_0", "6"),
    ("khong_0", ""),
    ("tan_thanh_1", "3"),
    ("khong_1", "2"),
];

fn sheet<'a>(change: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    SHEET.iter().map(|(k, v)| (*k, change.iter().find(|(c, _)| c == k).map_or(*v, |(_, to)| *to))).collect()
}

#[test]
fn a_secret_ballot_is_on_paper_and_two_counts_must_agree() {
    each(|site| async move {
        let (held, secretary) = begun(&site).await;
        let names = "Nguyễn Văn Mới\nTrần Thị Mai";
        let asked = [("loai", "admit"), ("noi_dung", "Đề nghị kết nạp"), ("cach_thuc", "paper"), ("ten_phieu", names)];
        secretary
            .post(&format!("{}/dieu-hanh/bieu-quyet", held.base), &[asked[0], asked[1], asked[2], ("ten_phieu", "Mai\nMai")])
            .await
            .is(422)
            .says(&["ghi hai lần"]);
        let (address, which) = opened(&secretary, &held, &asked).await;
        let own = format!("{}/bieu-quyet/{which}", held.base);
        secretary.get(&format!("{address}/bien-ban")).await.is(422).says(&["Chưa có biên bản kiểm phiếu"]);
        for file in ["in/phieu", "in/kiem-phieu"] {
            let pdf = secretary.get(&format!("{address}/{file}")).await.is(200);
            assert!(pdf.bytes.starts_with(b"%PDF") && pdf.media_type == "application/pdf", "{file}");
        }
        // Nobody votes on paper through the software, and members are told so.
        let bao = site.sign_in("doquocbao").await;
        bao.get(&held.base).await.is(200).says(&["Bỏ phiếu kín trên giấy", "Phần mềm không ghi"]).says_not(&["name=\"chon\""]);
        bao.post(&own, &[("chon", "yes"), ("chac", "1")]).await.is(422).says(&["theo cách"]);
        secretary.post(&format!("{address}/ket-thuc"), &[]).await.is(422).says(&["theo cách"]);
        let tellers = format!("{address}/kiem-phieu");
        let id = |login: &str| site.person(login).to_string();
        let choose = async |first: &str, second: &str| {
            secretary.post(&tellers, &[("kiem_phieu_1", &id(first)), ("kiem_phieu_2", &id(second))]).await
        };
        choose("doquocbao", "doquocbao").await.is(422).says(&["phải là hai người khác nhau"]);
        choose("doquocbao", "ngothiquynh").await.is(422).says(&["Ngô Thị Quỳnh không có mặt"]);
        choose("doquocbao", "phanthilan").await.is(404);
        choose("doquocbao", "trinhcongdat").await.is(303);
        count_twice(&site, &secretary, &bao, (&address, &own)).await;
        // Both lines of the paper have their result, over all official members.
        let votes = results(&site, &held);
        let said: Vec<_> = votes.iter().map(|v| (v.question.as_str(), count_of(v))).collect();
        assert_eq!(
            said,
            [
                ("Đề nghị kết nạp: Nguyễn Văn Mới", (6, 0, 0, 9, 7, true)),
                ("Đề nghị kết nạp: Trần Thị Mai", (3, 2, 1, 9, 7, false))
            ]
        );
        record_of(&site, &secretary, &held, &address).await;
        // Nothing leads from a ballot to a person.
        let cell = site.cast.cell;
        let seats: i64 = site.write(move |tx| Ok(tx.scalar("select count(*) from vote_seat where org_id = $1", values![cell])?));
        assert_eq!(seats, 0);
    });
}

/// Bảo counts on his own device, Đạt on the secretary's; first they differ.
async fn count_twice(site: &Arc<Site>, secretary: &Browser, bao: &Browser, (address, own): (&str, &str)) {
    let mine = format!("{own}/kiem-phieu");
    let dat = format!("{address}/kiem-phieu/{}", site.person("trinhcongdat"));
    let an = site.sign_in("phamvanan").await;
    an.get(&mine).await.is(422).says(&["không thuộc ban kiểm phiếu"]);
    an.post(&mine, &SHEET).await.is(422).says(&["không thuộc ban kiểm phiếu"]);
    secretary.get(&format!("{address}/kiem-phieu/{}", site.person("phamvanan"))).await.is(404);
    bao.get(&mine).await.is(200).says(&["Nguyễn Văn Mới", "Trần Thị Mai", "không hỏi số của đồng chí Trịnh Công Đạt"]);
    for (change, words) in [
        (vec![("phat_ra", "8"), ("thu_ve", "7")], vec!["nhiều hơn 7 đảng viên chính thức có mặt"]),
        (vec![("thu_ve", "8"), ("hop_le", "7")], vec!["nhiều hơn 7 phiếu đã phát ra"]),
        (vec![("hop_le", "5")], vec!["phải bằng số phiếu thu về (7)", "Nguyễn Văn Mới: tán thành (6)"]),
        (vec![("tan_thanh_1", "5")], vec!["Trần Thị Mai: tán thành (5) và không tán thành (2)"]),
        (vec![("phat_ra", "")], vec!["Hãy nhập số phiếu phát ra."]),
        (vec![("khong_1", "hai")], vec!["Cần một số"]),
    ] {
        bao.post(&mine, &sheet(&change)).await.is(422).says(&words);
    }
    bao.post(&mine, &SHEET).await.is(303);
    bao.get(&mine).await.is(200).says(&["Đang chờ đồng chí Trịnh Công Đạt"]);
    // The other one enters a count without seeing the first.
    secretary
        .get(&dat)
        .await
        .is(200)
        .says(&["Số liệu kiểm phiếu của đồng chí Trịnh Công Đạt"])
        .says_not(&["value=\"6\"", "value=\"7\""]);
    secretary.get(address).await.is(200).says(&["Đã nhập", "Chưa nhập"]).says_not(&[
        "Số phiếu</h2>",
        "<dd class=\"num\">",
        "<td class=\"r\"",
    ]);
    secretary.post(&dat, &sheet(&[("tan_thanh_1", "4")])).await.is(303);
    secretary
        .get(address)
        .await
        .is(200)
        .says(&["Số liệu của hai đồng chí chưa khớp", "Trần Thị Mai: tán thành", ">3<", ">4<"])
        .says_not(&["Nguyễn Văn Mới: tán thành"]);
    bao.post(&mine, &SHEET).await.is(422).says(&["Kiểm lại từ đầu"]);
    assert_eq!(secretary.get(&format!("{address}/bien-ban/pdf")).await.status.as_u16(), 422);
    secretary.post(&format!("{address}/kiem-lai"), &[]).await.is(303);
    secretary.get(address).await.is(200).says(&["Kiểm lần 2"]);
    secretary.post(&dat, &SHEET).await.is(303);
    bao.post(&mine, &sheet(&[("khong_0", "0")])).await.is(303);
    secretary.get(address).await.is(200).says(&[
        "Đã có kết quả",
        "Trần Thị Mai",
        "Chưa đủ số tán thành",
        "Số phiếu không hợp lệ",
        "Tán thành 6/9 đảng viên chính thức, đạt 66,7 %; cần từ hai phần ba trở lên",
    ]);
    secretary.post(&format!("{address}/kiem-lai"), &[]).await.is(422);
    bao.post(&mine, &SHEET).await.is(422);
}

/// The record of the count in its three forms, and the minutes that tell of the result.
async fn record_of(site: &Arc<Site>, secretary: &Browser, held: &Held, address: &str) {
    secretary.get(&format!("{address}/bien-ban")).await.is(200).says(&[
        "BIÊN BẢN KIỂM PHIẾU",
        "CHI BỘ VĂN PHÒNG SỞ XÂY DỰNG",
        "Số phiếu phát ra: 7 phiếu.",
        "Số phiếu không hợp lệ: 1 phiếu.",
        "Đồng chí Đỗ Quốc Bảo, trưởng ban kiểm phiếu.",
        "6 (66,7 %)",
        "từ hai phần ba trở lên tán thành (ít nhất 6 đồng chí)",
        "T/M BAN KIỂM PHIẾU",
    ]);
    let pdf = secretary.get(&format!("{address}/bien-ban/pdf")).await.is(200);
    assert!(pdf.bytes.starts_with(b"%PDF"));
    let docx = secretary.get(&format!("{address}/bien-ban/docx")).await.is(200);
    assert!(docx.bytes.starts_with(b"PK"));
    secretary.get(&format!("{address}/bien-ban/odt")).await.is(404);
    secretary.get(&format!("{}/bien-ban", held.base)).await.is(200).says(&[
        "Đề nghị kết nạp: Nguyễn Văn Mới (bỏ phiếu kín): tán thành 6/9 đồng chí, đạt 66,7 %",
        "Đề nghị kết nạp: Trần Thị Mai (bỏ phiếu kín): tán thành 3/9 đồng chí",
    ]);
    let dung = site.sign_in("vungocdung").await;
    dung.get(&format!("{address}/bien-ban")).await.is(404);
}

/// Both tellers send the same count at the same moment: neither waits for the other for ever, and
/// there is one result.
#[test]
fn two_counts_that_arrive_together_give_one_result() {
    each(|site| async move {
        let (held, secretary) = begun(&site).await;
        let asked = [("loai", "other"), ("noi_dung", "Kế hoạch quý I"), ("cach_thuc", "paper")];
        let (address, which) = opened(&secretary, &held, &asked).await;
        let tellers = [site.person("phamvanan"), site.person("doquocbao")];
        let chosen = tellers.map(|t| t.to_string());
        let fields = [("kiem_phieu_1", chosen[0].as_str()), ("kiem_phieu_2", chosen[1].as_str())];
        secretary.post(&format!("{address}/kiem-phieu"), &fields).await.is(303);
        let (cell, id) = (site.cast.cell, held.id);
        let threads = tellers.map(|teller| {
            let site = site.clone();
            std::thread::spawn(move || {
                let hands = site.hands("lethianh", cell);
                let marks = vec![Tally { yes: 6, no: 0, other: 0 }];
                let sheet = Sheet { issued: 7, collected: 7, valid: 6, invalid: 1, marks };
                let library = site.app.rules.clone();
                site.app.db.write_now(move |tx| act::count(tx, &hands, (cell, id), which, (teller, &sheet), &library))
            })
        });
        for thread in threads {
            thread.join().unwrap().unwrap();
        }
        assert_eq!(results(&site, &held).iter().map(count_of).collect::<Vec<_>>(), [(6, 0, 0, 9, 7, true)]);
    });
}

#[test]
fn a_result_carries_a_resolution_and_is_withdrawn_only_with_a_reason() {
    each(|site| async move {
        let (held, secretary) = begun(&site).await;
        let (cell, id, hands) = (site.cast.cell, held.id, site.hands("nguyenthiha", site.cast.cell));
        let resolution: ResolutionId = site.write(move |tx| {
            let text = Text { title: "về nhiệm vụ tháng 12".to_owned(), ..Text::default() };
            Ok(resolutions::create(tx, &hands, cell, id, &text)?)
        });
        let wanted = resolution.to_string();
        let asked = [("loai", "resolution"), ("noi_dung", "Nghị quyết"), ("cach_thuc", "paper"), ("nghi_quyet", &wanted)];
        secretary
            .post(&format!("{}/dieu-hanh/bieu-quyet", held.base), &[&asked[..], &[("ten_phieu", "Trần Thị Mai")]].concat())
            .await
            .is(422)
            .says(&["không gắn với một nghị quyết"]);
        let (address, _) = opened(&secretary, &held, &asked).await;
        let (an, bao): (PersonId, PersonId) = (site.person("phamvanan"), site.person("doquocbao"));
        let chosen = [("kiem_phieu_1", an.to_string()), ("kiem_phieu_2", bao.to_string())];
        let chosen: Vec<(&str, &str)> = chosen.iter().map(|(k, v)| (*k, v.as_str())).collect();
        secretary.post(&format!("{address}/kiem-phieu"), &chosen).await.is(303);
        let count = [
            ("phat_ra", "7"),
            ("thu_ve", "6"),
            ("hop_le", "6"),
            ("khong_hop_le", "0"),
            ("tan_thanh_0", "5"),
            ("khong_0", "1"),
            ("khac_0", "0"),
        ];
        for teller in [an, bao] {
            secretary.post(&format!("{address}/kiem-phieu/{teller}"), &count).await.is(303);
        }
        let ha = site.sign_in("nguyenthiha").await;
        let page = format!("{}/nghi-quyet", held.base);
        ha.get(&page).await.is(200).says(&["Đủ số tán thành để thông qua", "Tán thành 5/9 đồng chí"]);
        let version = || site.write(move |tx| Ok(resolutions::get(tx, cell, resolution)?.version)).to_string();
        let one = format!("{page}/{resolution}");
        ha.post(&format!("{one}/thong-qua"), &[("ban", &version()), ("ly_do_giu", "Việc thường xuyên của tổ")]).await.is(303);
        let state = site.write(move |tx| Ok(resolutions::get(tx, cell, resolution)?.state));
        assert_eq!(state, ResolutionState::Adopted);
        let vote = results(&site, &held)[0].id;
        secretary.post(&format!("{address}/rut"), &[("ly_do", "ghi nhầm")]).await.is(422).says(&["mở lại nghị quyết trước"]);
        let drop = format!("{}/dieu-hanh/bieu-quyet/{vote}/bo", held.base);
        secretary.post(&drop, &[]).await.is(422).says(&["mở lại nghị quyết trước"]);
        ha.post(&format!("{one}/mo-lai"), &[("ban", &version()), ("ly_do", "ghi nhầm")]).await.is(303);
        secretary.post(&drop, &[]).await.is(422).says(&["rút lại, ghi lý do"]);
        ha.post(&format!("{one}/bieu-quyet/{vote}/bo"), &[]).await.is(422).says(&["rút lại, ghi lý do"]);
        secretary.post(&format!("{address}/rut"), &[("ly_do", "")]).await.is(422).says(&["lý do rút"]);
        secretary.post(&format!("{address}/rut"), &[("ly_do", "ghi nhầm nội dung")]).await.is(303);
        assert!(results(&site, &held).is_empty());
        secretary
            .get(&address)
            .await
            .is(200)
            .says(&["Đã rút", "ghi nhầm nội dung"])
            .says_not(&["Rút lần biểu quyết này</button>"]);
        let desk = format!("{}/dieu-hanh", held.base);
        secretary.get(&format!("{desk}?phan=bieu-quyet")).await.is(200).says(&["Lý do rút: ghi nhầm nội dung"]);
        secretary.post(&format!("{address}/rut"), &[("ly_do", "lần nữa")]).await.is(422).says(&["đã được rút"]);
        // Nobody there, no vote; a meeting with votes is not unopened.
        secretary.post(&format!("{desk}/huy-mo"), &[]).await.is(422);
        secretary.post(&format!("{desk}/ket-thuc"), &[("gio", "15:30")]).await.is(303);
        let asked = [("loai", "other"), ("noi_dung", "Sau giờ"), ("cach_thuc", "electronic")];
        secretary.post(&format!("{desk}/bieu-quyet"), &asked).await.is(422).says(&["đã kết thúc"]);
    });
}

#[test]
fn no_vote_is_opened_before_the_roll() {
    each(|site| async move {
        let held = planned(&site, date(2026, 12, 3), MeetingKind::Regular);
        site.at(date(2026, 12, 3).at(13, 58, 0, 0));
        let secretary = site.sign_in("lethianh").await;
        let desk = format!("{}/dieu-hanh", held.base);
        let asked = [("loai", "other"), ("noi_dung", "Kế hoạch"), ("cach_thuc", "electronic")];
        secretary.post(&format!("{desk}/bieu-quyet"), &asked).await.is(422);
        secretary.post(&format!("{desk}/mo"), &[("gio", "14:00")]).await.is(303);
        secretary.post(&format!("{desk}/bieu-quyet"), &asked).await.is(422).says(&["Hãy điểm danh trước"]);
        roll(&site, &secretary, &held).await;
        secretary
            .post(&format!("{desk}/bieu-quyet"), &[asked[0], ("noi_dung", ""), asked[2]])
            .await
            .is(422)
            .says(&["Hãy ghi nội dung"]);
        // The Enter key in the question presses neither button of counted hands.
        secretary.post(&format!("{desk}/bieu-quyet"), &[asked[0], asked[1], ("cach_thuc", "hands_count")]).await.is(422);
        assert!(results(&site, &held).is_empty());
        let bao = site.sign_in("doquocbao").await;
        bao.post(&format!("{desk}/bieu-quyet"), &asked).await.is(404);
    });
}

#[test]
fn of_measures_of_discipline_each_paper_chooses_one_and_they_add_up() {
    each(|site| async move {
        let (held, secretary) = begun(&site).await;
        let measures = "Khai trừ\nCảnh cáo\nKhiển trách";
        let question = "Thi hành kỷ luật đồng chí Phạm Văn X";
        let asked = [("loai", "discipline"), ("noi_dung", question), ("cach_thuc", "paper"), ("ten_phieu", measures)];
        let (address, _) = opened(&secretary, &held, &asked).await;
        let pdf = secretary.get(&format!("{address}/in/phieu")).await.is(200);
        assert!(pdf.bytes.starts_with(b"%PDF"));
        let (an, bao): (PersonId, PersonId) = (site.person("phamvanan"), site.person("doquocbao"));
        let chosen = [("kiem_phieu_1", an.to_string()), ("kiem_phieu_2", bao.to_string())];
        let chosen: Vec<(&str, &str)> = chosen.iter().map(|(k, v)| (*k, v.as_str())).collect();
        secretary.post(&format!("{address}/kiem-phieu"), &chosen).await.is(303);
        let page = format!("{address}/kiem-phieu/{an}");
        secretary.get(&page).await.is(200).says(&["Khai trừ", "mỗi phiếu một hình thức"]).says_not(&["khong_0"]);
        let count = |light| {
            [
                ("phat_ra", "7"),
                ("thu_ve", "7"),
                ("hop_le", "7"),
                ("tan_thanh_0", "1"),
                ("tan_thanh_1", "2"),
                ("tan_thanh_2", light),
            ]
        };
        secretary.post(&page, &count("5")).await.is(422).says(&["cộng lại là 8, phải bằng 7 phiếu hợp lệ"]);
        for teller in [an, bao] {
            secretary.post(&format!("{address}/kiem-phieu/{teller}"), &count("4")).await.is(303);
        }
        // None of the three has more than half of nine by itself; from the gravest down the third has.
        let votes = results(&site, &held);
        let said: Vec<_> = votes.iter().map(|v| (v.question.clone(), count_of(v))).collect();
        let own = |measure: &str| format!("{question}: {measure}");
        let sum = "Khiển trách (cộng dồn từ hình thức nặng nhất xuống: Khai trừ 1, Cảnh cáo 2, Khiển trách 4)";
        assert_eq!(
            said,
            [
                (own("Khai trừ"), (1, 0, 6, 9, 7, false)),
                (own("Cảnh cáo"), (2, 0, 5, 9, 7, false)),
                (own("Khiển trách"), (4, 0, 3, 9, 7, false)),
                (own(sum), (7, 0, 0, 9, 7, true)),
            ]
        );
        secretary.get(&format!("{address}/bien-ban")).await.is(200).says(&[
            "Số phiếu chọn",
            "Khiển trách: không đủ số tán thành",
            &format!("{sum}: đủ số phiếu để thông qua"),
        ]);
    });
}
