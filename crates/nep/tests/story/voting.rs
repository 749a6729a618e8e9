//! How many must approve is a figure with a source and dates: a committee may ask for more from a day
//! on, and a vote already taken stays judged by what held when it was taken (BQ-01, P-12).

use db::values;
use domain::meeting::MeetingKind;
use jiff::civil::date;
use nep::ledger::verify;
use nep::minutes::snapshot::Sealed;

use crate::holding::{Held, hold, planned, roll};
use crate::minutes::seal;
use crate::site::each;

const FIGURE: &str = "vote.threshold.other";

fn votes_page(held: &Held) -> String {
    format!("{}/dieu-hanh?phan=bieu-quyet", held.base)
}

#[test]
fn a_vote_is_judged_by_the_figure_of_its_day_and_stays_so() {
    each(|site| async move {
        // Seven of nine official members approve; the pack asks for more than half.
        let held = hold(&site).await;
        let ha = site.sign_in("nguyenthiha").await;
        let citation = "trên 50 %. Theo Điều lệ Đảng (khóa XI) (BQ-01, ";
        ha.get(&votes_page(&held)).await.is(200).says(&[
            "cần quá nửa (ít nhất 5 đồng chí): đủ",
            citation,
            "Từ hai phần ba trở lên",
        ]);

        // The committee asks for more, from before that meeting on; never for less than the pack.
        let clerk = site.sign_in("hothiclerk").await;
        let set = format!("/tc/{}/quy-dinh/{FIGURE}", site.cast.committee);
        clerk.get(&set).await.is(200).says(&["Được hiểu là trên giá trị này"]);
        let sent = |value: &'static str| [("gia_tri", value), ("tu", "01/12/2026"), ("van_ban", "Quy chế 03-QC/ĐU")];
        for (value, words) in [("40 %", "không được đặt thấp hơn"), ("100 %", "vẫn đạt được"), ("sáu", "không dùng được")]
        {
            clerk.post(&set, &sent(value)).await.is(422).says(&[words]);
        }
        clerk.post(&set, &sent("80 %")).await.is(303);

        // The vote that was taken is still one that passed, and is sealed as such.
        ha.get(&votes_page(&held)).await.is(200).says(&["cần quá nửa", "chốt lúc biểu quyết, theo quy định có hiệu lực khi đó"]);
        ha.get(&format!("{}/bien-ban", held.base)).await.is(200);
        let address = seal(&held, &ha).await;
        ha.get(&address).await.is(200).says(&["được thông qua"]);
        let before = ha.get(&format!("{address}/docx")).await.is(200).bytes;
        let (cell, id) = (site.cast.cell, held.id);
        let content: String = site.write(move |tx| {
            Ok(tx.scalar("select content from issued where org_id = $1 and meeting_id = $2", values![cell, id])?)
        });
        let vote = Sealed::from_json(&content).unwrap().votes.remove(0);
        assert_eq!((vote.threshold.as_str(), vote.yes, vote.electorate, vote.passed), ("majority", 7, 9, true));
        assert_eq!(verify::all(&site.app.db), Vec::<String>::new());

        // The same count a month later does not do.
        let later = planned(&site, date(2027, 1, 5), MeetingKind::Regular);
        site.at(date(2027, 1, 5).at(13, 58, 0, 0));
        let anh = site.sign_in("lethianh").await;
        anh.post(&format!("{}/dieu-hanh/mo", later.base), &[("gio", "14:00")]).await.is(303);
        roll(&site, &anh, &later).await;
        let vote = [("loai", "other"), ("noi_dung", "Kế hoạch quý I"), ("cach", "tat-ca")];
        anh.post(&format!("{}/dieu-hanh/bieu-quyet", later.base), &vote).await.is(303);
        anh.get(&votes_page(&later)).await.is(200).says(&[
            "cần trên 80 % (ít nhất 8 đồng chí): chưa đủ để thông qua",
            "Không thông qua",
            "Theo Quy chế 03-QC/ĐU (BQ-01",
            "nội dung khác",
        ]);
        let ha = site.sign_in("nguyenthiha").await;
        assert_eq!(ha.get(&format!("{address}/docx")).await.is(200).bytes, before);
    });
}

#[test]
fn what_an_admission_needs_is_not_what_a_plan_needs() {
    each(|site| async move {
        let held = planned(&site, date(2026, 12, 3), MeetingKind::Regular);
        site.at(date(2026, 12, 3).at(13, 58, 0, 0));
        let anh = site.sign_in("lethianh").await;
        anh.post(&format!("{}/dieu-hanh/mo", held.base), &[("gio", "14:00")]).await.is(303);
        roll(&site, &anh, &held).await;
        // Of nine electors five approve: more than half, less than two thirds.
        let address = format!("{}/dieu-hanh/bieu-quyet", held.base);
        for (subject, question) in [("other", "Kế hoạch quý I"), ("admit", "Kết nạp quần chúng ưu tú")] {
            let form = [("loai", subject), ("noi_dung", question), ("tan_thanh", "5"), ("khong", "1"), ("cach", "dem")];
            anh.post(&address, &form).await.is(303);
        }
        anh.get(&votes_page(&held)).await.is(200).says(&[
            "cần quá nửa (ít nhất 5 đồng chí): đủ",
            "cần từ hai phần ba trở lên (ít nhất 6 đồng chí): chưa đủ",
            "kết nạp, công nhận chính thức, xóa tên",
            "ít nhất 2/3. Theo Điều lệ Đảng (khóa XI) (KN-01",
        ]);
    });
}
