//! The library of the demonstration: topics and experiences that cells sent up, some published widely and
//! used elsewhere, some waiting, sent back, held with secret content.

use domain::id::{Id, OrgId, RowId};
use domain::library::{EntryKind, Subject, Text, UseState};
use domain::period::PeriodKey;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::Maker;
use super::cell::{Block, Cell};
use super::table::TOPICS;
use crate::actor::{Actor, moment};
use crate::fault::Fault;
use crate::library::store::{self as library, Begun, Written, files, uses};
use crate::org::store as orgs;

/// What each topic of the table is about, in its order.
const SUBJECTS: [Subject; 14] = [
    Subject::Example,
    Subject::Example,
    Subject::Digital,
    Subject::Building,
    Subject::Work,
    Subject::Digital,
    Subject::Inspection,
    Subject::Building,
    Subject::Ideology,
    Subject::Work,
    Subject::Inspection,
    Subject::Ideology,
    Subject::Inspection,
    Subject::People,
];

/// What came of them, in turn.
const RESULTS: [&str; 4] = [
    "Mỗi đồng chí đăng ký một việc cụ thể, chi bộ kiểm tra ở kỳ sau.",
    "Thống nhất ba việc làm trong quý, phân công người kiểm tra, đôn đốc.",
    "Số đồng chí phát biểu cao hơn các kỳ trước; hai đề xuất được đưa vào nghị quyết.",
    "Sửa quy trình nội bộ, công khai tại phòng làm việc, rút gọn được một bước.",
];

/// Experiences: subject, name, situation, way, result.
const WAYS: [(Subject, &str, &str, &str, &str); 6] = [
    (
        Subject::Building,
        "Gửi câu hỏi thảo luận trước ba ngày để nhiều đồng chí phát biểu",
        "Trước đây mỗi kỳ chỉ hai, ba đồng chí phát biểu.",
        "Bí thư chọn hai câu hỏi sát việc của chi bộ.\nGửi cùng thông báo trước ba ngày.\nMỗi kỳ mời trước ba đồng chí chuẩn bị ý kiến.",
        "Sau ba tháng, trên nửa số đồng chí phát biểu.",
    ),
    (
        Subject::Work,
        "Kiểm điểm nhiệm vụ theo danh sách việc, mỗi việc một phút",
        "Phần kiểm điểm nghị quyết kỳ trước kéo dài, ít kết luận.",
        "Lập danh sách việc có người làm, thời hạn.\nNgười làm báo cáo một phút, người kiểm tra xác nhận.\nViệc chậm phải nêu nguyên nhân và bước tiếp theo.",
        "Phần kiểm điểm còn hai mươi phút, việc quá hạn giảm rõ.",
    ),
    (
        Subject::People,
        "Phân công đảng viên trẻ giúp đồng chí cao tuổi dùng Sổ tay đảng viên điện tử",
        "Nhiều đồng chí cao tuổi chưa đọc được tài liệu trên điện thoại.",
        "Mỗi đồng chí trẻ giúp hai đồng chí.\nHướng dẫn tại nhà vào chiều thứ bảy.\nIn bản chữ to cho đồng chí chưa có điện thoại.",
        "Mười trên mười hai đồng chí tự đọc được tài liệu.",
    ),
    (
        Subject::Digital,
        "Đưa thủ tục nội bộ lên một trang, ai cũng tra được",
        "Hồ sơ nội bộ nằm ở nhiều nơi, hỏi nhau mất thời gian.",
        "Chi bộ giao một đồng chí gom thủ tục.\nMỗi thủ tục một trang, có mẫu.\nSoát lại mỗi quý.",
        "Không còn trả lại hồ sơ vì thiếu mẫu.",
    ),
    (
        Subject::Inspection,
        "Giám sát việc giao cho đảng viên bằng ba câu hỏi",
        "Giám sát thường xuyên còn hình thức.",
        "Việc được giao là gì?\nĐến đâu, vướng gì?\nChi bộ giúp được gì?",
        "Phát hiện sớm hai việc có nguy cơ chậm, điều chỉnh kịp thời.",
    ),
    (
        Subject::Order,
        "Tự kiểm tra phòng cháy, chữa cháy trước mùa khô",
        "Phương tiện có nhưng ít người biết dùng.",
        "Đảng viên phụ trách từng tầng.\nTập sử dụng bình chữa cháy mỗi quý.\nGhi sổ kiểm tra.",
        "Mọi phòng có người biết dùng phương tiện tại chỗ.",
    ),
];

/// The thematic kỳ `back` quarters before the one of a day.
fn quarter(today: Date, back: i64) -> Option<PeriodKey> {
    let day = today.checked_sub((back * 3).months()).ok()?;
    PeriodKey::of(domain::period::PeriodKind::Thematic, day)
}

/// Fills the library.
pub(super) fn fill(maker: &mut Maker, block: &Block) -> Result<(), Fault> {
    let Some(show) = block.show() else { return Ok(()) };
    let near: Vec<&Cell> = block.cells.iter().filter(|c| c.committee == show.committee && c.org != show.org).collect();
    let far: Vec<&Cell> = block.cells.iter().filter(|c| c.committee != show.committee).collect();
    let mut published: Vec<(OrgId, RowId)> = Vec::new();
    for (n, (topic, subject)) in TOPICS.iter().zip(SUBJECTS).enumerate() {
        // Those of the show case's own committee now and then; the others were spread by the committee above.
        let cell = if n % 4 == 0 { near.get(n / 4) } else { far.get(n * 17 % far.len().max(1)) };
        let Some(cell) = cell.copied() else { continue };
        let back = i64::try_from(n % 4).unwrap_or(0) + 2;
        let result = RESULTS.get(n % RESULTS.len()).copied().unwrap_or_default();
        let new = Said { subject, title: topic.0, aim: topic.1, content: topic.2, result };
        let id = sent(maker, cell, quarter(maker.today(), back), &new)?;
        publish(maker, block, cell, id, n % 4 != 0)?;
        published.push((cell.org, id));
    }
    for (n, way) in WAYS.iter().enumerate() {
        let Some(cell) = far.get((n * 29 + 7) % far.len().max(1)).copied() else { continue };
        let new = Said { subject: way.0, title: way.1, aim: way.2, content: way.3, result: way.4 };
        let id = sent(maker, cell, None, &new)?;
        publish(maker, block, cell, id, true)?;
        published.push((cell.org, id));
    }
    used(maker, &published, &near, &far)?;
    own(maker, block, show, &near)?;
    under_review(maker, &near)
}

struct Said {
    subject: Subject,
    title: &'static str,
    aim: &'static str,
    content: &'static str,
    result: &'static str,
}

impl Said {
    fn written(&self, cell: &Cell) -> Written {
        let own = |t: &str| t.to_owned();
        let text = Text { title: own(self.title), aim: own(self.aim), content: own(self.content), result: own(self.result) };
        let presenter = cell.deputy.map(|d| cell.name_of(d)).unwrap_or_default();
        Written { text, subject: self.subject, presenter_agrees: !presenter.is_empty(), presenter }
    }
}

/// When an entry of a kỳ was sent: soon after its quarter; an experience a month ago.
fn sent_at(maker: &Maker, period: Option<PeriodKey>) -> Timestamp {
    let today = maker.today();
    let month_ago = today.checked_sub(30.days()).unwrap_or(today);
    let day = period.and_then(|p| p.end_day().checked_add(4.days()).ok()).unwrap_or(month_ago);
    moment(day.min(month_ago).at(15, 20, 0, 0))
}

fn begun(maker: &mut Maker, cell: &Cell, period: Option<PeriodKey>, new: &Said) -> Result<(Actor, RowId), Fault> {
    let at = sent_at(maker, period);
    let hands = maker.system.at(cell.secretary, cell.org, at);
    let kind = if period.is_some() { EntryKind::Topic } else { EntryKind::Experience };
    let cell_type = orgs::get(maker.tx, cell.org, maker.today())?.cell_type;
    let year = period.map_or(hands.today().year(), |p| p.year);
    let id = library::begin(maker.tx, &hands, cell.org, &Begun { kind, period, year, cell_type }, &new.written(cell))?;
    Ok((hands, id))
}

fn sent(maker: &mut Maker, cell: &Cell, period: Option<PeriodKey>, new: &Said) -> Result<RowId, Fault> {
    let (hands, id) = begun(maker, cell, period, new)?;
    let entry = library::get(maker.tx, cell.org, id)?;
    let state = entry.state.submit(entry.kind, &entry.text(), true)?;
    let questions = format!("{}\n\nCâu hỏi thảo luận:\n{}\n", new.title, new.content);
    files::add(maker.tx, &hands, cell.org, id, ("goi-y-thao-luan.txt", "text/plain; charset=utf-8", questions.as_bytes()))?;
    library::submit(maker.tx, &hands, &entry, state)?;
    Ok(id)
}

fn publish(maker: &mut Maker, block: &Block, cell: &Cell, id: RowId, widely: bool) -> Result<(), Fault> {
    let entry = library::get(maker.tx, cell.org, id)?;
    let at = entry.submitted_at.and_then(|t| t.checked_add(jiff::SignedDuration::from_hours(72)).ok()).unwrap_or(maker.now);
    let under = if widely { block.root } else { cell.committee };
    let hands = maker.system.at(Id::new(0), under, at);
    let state = entry.state.publish(false)?;
    Ok(library::decide(maker.tx, &hands, &entry, state, ("", Some(under)))?)
}

/// Cells that took what was published; some have told what came of it.
fn used(maker: &mut Maker, published: &[(OrgId, RowId)], near: &[&Cell], far: &[&Cell]) -> Result<(), Fault> {
    let told = ["Nhiều đồng chí phát biểu, câu hỏi sát việc.", "Rút được hai việc đưa ngay vào nghị quyết."];
    for (n, (source, id)) in published.iter().enumerate() {
        let entry = library::get(maker.tx, *source, *id)?;
        for k in 0..n * 5 % 4 {
            let cells = if k == 0 { near } else { far };
            let Some(cell) = cells.get((n * 13 + k * 31 + 3) % cells.len().max(1)).filter(|c| c.org != *source) else { continue };
            let Some(period) = quarter(maker.today(), 1) else { continue };
            let at = moment(period.first_day().at(9, 0, 0, 0)).min(maker.now);
            let hands = maker.system.at(cell.secretary, cell.org, at);
            let cell_type = orgs::get(maker.tx, cell.org, maker.today())?.cell_type;
            let taken = uses::take(maker.tx, &hands, cell.org, &entry, (period, cell_type.as_deref()))?;
            if let Some(words) = told.get(k) {
                let row = uses::get(maker.tx, cell.org, taken)?;
                let spoke = i64::try_from(5 + n % 7).ok();
                let after = maker.system.at(cell.secretary, cell.org, sent_at(maker, Some(period)));
                uses::report(maker.tx, &after, &row, UseState::Reported, (words, "Nên thêm thời gian thảo luận.", spoke))?;
            }
        }
    }
    Ok(())
}

const OWN: Said = Said {
    subject: Subject::Building,
    title: "Nâng cao chất lượng sinh hoạt chi bộ từ khâu chuẩn bị nội dung",
    aim: "Buổi sinh hoạt bàn đúng việc, đúng trọng tâm, nhiều đồng chí tham gia.",
    content: "Khâu chuẩn bị nào còn hình thức?\nMỗi đồng chí chuẩn bị ý kiến như thế nào?",
    result: "Chi bộ thống nhất gửi tài liệu trước ba ngày và phân công người phát biểu mở đầu.",
};
const RETURNED: Said = Said {
    subject: Subject::Work,
    title: "Chia nhỏ nhiệm vụ dài hạn thành việc theo tháng",
    aim: "Nhiệm vụ cả năm khó kiểm điểm từng tháng.",
    content: "Chia nhiệm vụ thành việc có kết quả từng tháng.\nGhi người kiểm tra cho từng việc.",
    result: "Đang áp dụng.",
};

/// What the show case wrote: one published and used by a neighbour, one sent back.
fn own(maker: &mut Maker, block: &Block, show: &Cell, near: &[&Cell]) -> Result<(), Fault> {
    let id = sent(maker, show, quarter(maker.today(), 2), &OWN)?;
    publish(maker, block, show, id, false)?;
    if let (Some(cell), Some(period)) = (near.last(), quarter(maker.today(), 1)) {
        let entry = library::get(maker.tx, show.org, id)?;
        let hands = maker.system.at(cell.secretary, cell.org, sent_at(maker, Some(period)));
        let cell_type = orgs::get(maker.tx, cell.org, maker.today())?.cell_type;
        let taken = uses::take(maker.tx, &hands, cell.org, &entry, (period, cell_type.as_deref()))?;
        let row = uses::get(maker.tx, cell.org, taken)?;
        let words = ("Tài liệu gửi sớm, thảo luận đúng trọng tâm.", "Câu hỏi thứ hai nên cụ thể hơn.", Some(9));
        uses::report(maker.tx, &hands, &row, UseState::Reported, words)?;
    }
    let id = sent(maker, show, None, &RETURNED)?;
    let entry = library::get(maker.tx, show.org, id)?;
    let hands = maker.system.at(Id::new(0), show.committee, maker.now);
    let remarks = "Đề nghị ghi rõ kết quả sau ba tháng áp dụng và nêu một ví dụ.";
    let state = entry.state.send_back(false, remarks)?;
    Ok(library::decide(maker.tx, &hands, &entry, state, (remarks, None))?)
}

/// What waits for the committee of the show case, and topics whose content is secret.
fn under_review(maker: &mut Maker, near: &[&Cell]) -> Result<(), Fault> {
    let last = quarter(maker.today(), 1);
    for (n, cell) in near.iter().skip(near.len() / 2).take(4).enumerate() {
        let Some(topic) = TOPICS.get(n + 2) else { continue };
        let subject = SUBJECTS.get(n + 2).copied().unwrap_or(Subject::Other);
        let result = RESULTS.get(n).copied().unwrap_or_default();
        let new = Said { subject, title: topic.0, aim: topic.1, content: topic.2, result };
        if n < 3 {
            sent(maker, cell, last, &new)?;
            continue;
        }
        let (hands, id) = begun(maker, cell, last, &new)?;
        let entry = library::get(maker.tx, cell.org, id)?;
        let state = entry.state.withhold()?;
        library::withhold(maker.tx, &hands, &entry, state)?;
    }
    Ok(())
}
