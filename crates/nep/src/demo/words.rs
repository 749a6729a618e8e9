//! What is said and written in the meetings of the demonstration: sentences with open places,
//! filled from the work of each organisation. Pure; plausible, about nobody.

use super::seed::Seed;
use super::table::Line;

/// Fills `{viec}` with a kind of work and `{n}` with a number.
fn fill(seed: &mut Seed, line: Line, sentence: &str) -> String {
    let work = seed.pick(line.works());
    let n = seed.between(2, 9);
    let percent = seed.between(86, 99);
    let mut out = sentence.replace("{viec}", work).replace("{n}", &n.to_string()).replace("{p}", &percent.to_string());
    if let Some(first) = out.chars().next() {
        out.replace_range(..first.len_utf8(), &first.to_uppercase().to_string());
    }
    out
}

fn sentences(seed: &mut Seed, line: Line, from: &[&'static str], count: usize) -> String {
    let start = seed.below(from.len());
    let picked: Vec<String> =
        (0..count).filter_map(|i| from.get((start + i * 3) % from.len())).map(|s| fill(seed, line, s)).collect();
    picked.join(" ")
}

const NEWS: &[&str] = &[
    "chi bộ quán triệt các văn bản mới của cấp trên về sinh hoạt chi bộ và công tác đảng viên.",
    "thông tin thời sự trong nước, quốc tế và tình hình phát triển kinh tế - xã hội của tỉnh trong tháng.",
    "phổ biến kế hoạch của đảng ủy về kiểm tra, giám sát và công tác phát triển đảng viên.",
    "thông báo kết luận của đảng ủy về sắp xếp tổ chức bộ máy, yêu cầu đảng viên giữ vững tư tưởng.",
    "giới thiệu các quy định mới về kỷ luật, kỷ cương và trách nhiệm nêu gương.",
    "thông tin về tình hình thiên tai, dịch bệnh và công tác phòng, chống trên địa bàn.",
];

const RESULTS: &[&str] = &[
    "trong tháng, việc {viec} đạt {p} % kế hoạch.",
    "việc {viec} có chuyển biến, còn {n} việc chậm so với tiến độ.",
    "đơn vị hoàn thành {n} đầu việc trọng tâm, nhất là {viec}.",
    "tư tưởng đảng viên, người lao động ổn định, tin tưởng vào sự lãnh đạo của cấp ủy.",
    "còn {n} hồ sơ quá hạn do phối hợp giữa các bộ phận chưa kịp thời.",
    "phong trào thi đua gắn với {viec} được duy trì đều.",
    "một số đảng viên chưa chủ động trong việc {viec}.",
    "đơn vị được cấp trên ghi nhận kết quả {viec}.",
];

const PLANS: &[&str] = &[
    "tháng tới tập trung {viec}, phân công rõ người làm, người kiểm tra.",
    "tiếp tục khắc phục hạn chế đã chỉ ra trong {viec}.",
    "chuẩn bị nội dung sinh hoạt chuyên đề quý và hồ sơ đảng viên.",
    "hoàn thành {n} đầu việc còn lại của nghị quyết kỳ trước.",
    "rà soát cam kết tu dưỡng, rèn luyện của từng đảng viên.",
];

/// The monthly report: news, results, plans.
pub fn report(seed: &mut Seed, line: Line) -> String {
    format!("{}\n{}\n{}", sentences(seed, line, NEWS, 1), sentences(seed, line, RESULTS, 2), sentences(seed, line, PLANS, 1))
}

const EVALUATION: &[&str] = &[
    "biểu dương {n} đồng chí hoàn thành tốt nhiệm vụ, nhất là {viec}.",
    "các đồng chí cơ bản hoàn thành nhiệm vụ được phân công; {n} đồng chí cần đẩy nhanh tiến độ.",
    "nhắc nhở việc báo cáo kết quả nhiệm vụ còn chậm, yêu cầu khắc phục trong tháng tới.",
    "ghi nhận tinh thần trách nhiệm của các đồng chí tham gia {viec}.",
];

/// How the members did.
pub fn evaluation(seed: &mut Seed, line: Line) -> String {
    sentences(seed, line, EVALUATION, 2)
}

const CRITICISM: &[&str] = &[
    "đồng chí phụ trách tự nhận còn chậm trong {viec}, hứa khắc phục trước kỳ sau.",
    "chi bộ góp ý việc phối hợp giữa các bộ phận, đề nghị trao đổi sớm khi có vướng mắc.",
    "cấp ủy nhận trách nhiệm về việc đôn đốc nhiệm vụ chưa thường xuyên.",
    "một số đồng chí tự phê bình về việc ít phát biểu trong sinh hoạt.",
];

/// Self-criticism and criticism.
pub fn criticism(seed: &mut Seed, line: Line) -> String {
    sentences(seed, line, CRITICISM, 1)
}

const SPEECHES: &[&str] = &[
    "nhất trí với dự thảo; đề nghị bổ sung việc {viec} vào nhiệm vụ tháng tới.",
    "việc {viec} còn chậm vì thiếu người; đề nghị phân công lại.",
    "đề nghị rút kinh nghiệm việc báo cáo chậm, gửi số liệu trước ngày 25 hằng tháng.",
    "góp ý cần có người kiểm tra cụ thể đối với việc {viec}.",
    "phản ánh ý kiến của quần chúng về {viec}, đề nghị chi ủy xem xét.",
    "đề nghị tổ chức hướng dẫn lại cho {n} đồng chí mới về {viec}.",
    "cho rằng nghị quyết nên chọn ít việc nhưng rõ kết quả.",
    "báo cáo thêm kết quả {viec}: đạt {p} %, cao hơn tháng trước.",
    "đề nghị gắn {viec} với cam kết nêu gương của từng đảng viên.",
    "nhất trí với phần kiểm điểm; cần nêu rõ trách nhiệm ở những việc quá hạn.",
    "đề nghị mời đại diện đoàn thanh niên dự khi bàn về {viec}.",
    "nêu khó khăn về kinh phí khi {viec}, kiến nghị cấp trên hỗ trợ.",
    "đăng ký nhận việc {viec} và báo cáo ở kỳ sau.",
    "đề nghị chuyển tài liệu họp sớm hơn để đảng viên có thời gian nghiên cứu.",
    "góp ý phương pháp làm việc: trao đổi trực tiếp trước khi gửi văn bản.",
    "liên hệ trách nhiệm bản thân trong {viec}, hứa hoàn thành đúng hạn.",
];

/// What somebody said.
pub fn speech(seed: &mut Seed, line: Line) -> String {
    let sentence = seed.pick(SPEECHES);
    fill(seed, line, sentence)
}

const CONCLUSIONS: &[&str] = &[
    "chi bộ thống nhất đánh giá kết quả tháng qua; tập trung {viec}, khắc phục các việc quá hạn.",
    "thống nhất nhiệm vụ tháng tới, trọng tâm là {viec}; từng việc có người làm, người kiểm tra, thời hạn.",
    "tiếp thu ý kiến của các đồng chí; giao chi ủy theo dõi, đôn đốc việc {viec}.",
    "chi bộ yêu cầu hoàn thành {n} việc còn lại của kỳ trước, nhất là {viec}.",
];

/// The chair's conclusion.
pub fn conclusion(seed: &mut Seed, line: Line) -> String {
    let sentence = seed.pick(CONCLUSIONS);
    fill(seed, line, sentence)
}

const SYNTHESIS: &[&str] = &[
    "tiếp thu {n} ý kiến phát biểu; ý kiến về {viec} được đưa vào nhiệm vụ tháng tới.",
    "các ý kiến cơ bản nhất trí; một kiến nghị được chuyển lên đảng ủy cấp trên.",
    "chủ trì giải đáp {n} ý kiến, ghi nhận đề xuất về {viec}.",
];

/// How what was said is taken up.
pub fn synthesis(seed: &mut Seed, line: Line) -> String {
    let sentence = seed.pick(SYNTHESIS);
    fill(seed, line, sentence)
}

/// A task as it is written: content, requirement, measure.
pub fn task(seed: &mut Seed, line: Line) -> (String, String, String) {
    const CONTENT: &[&str] = &[
        "đẩy nhanh tiến độ {viec}",
        "rà soát, khắc phục hạn chế trong {viec}",
        "xây dựng kế hoạch {viec} tháng tới",
        "kiểm tra việc {viec} tại các bộ phận",
        "hướng dẫn đồng nghiệp {viec}",
        "tổng hợp khó khăn trong {viec}, đề xuất giải pháp",
        "giúp đỡ {n} quần chúng ưu tú, hoàn thiện hồ sơ kết nạp",
        "chuẩn bị tài liệu sinh hoạt chuyên đề quý",
        "cập nhật hồ sơ đảng viên, thu nộp đảng phí đúng quy định",
        "hoàn thành {n} báo cáo định kỳ đúng thời hạn",
    ];
    const REQUIREMENT: &[&str] = &[
        "Có báo cáo kết quả gửi chi ủy trước thời hạn",
        "Hoàn thành 100 % đầu việc, không để quá hạn",
        "Có danh mục việc, người làm và kết quả cụ thể",
        "Đúng quy trình, được lãnh đạo bộ phận xác nhận",
        "Khắc phục xong các hạn chế đã nêu tại cuộc họp",
    ];
    const MEASURE: &[&str] = &[
        "Phân công từng việc, kiểm tra hằng tuần",
        "Phối hợp các bộ phận liên quan, báo cáo khi có vướng mắc",
        "Lập kế hoạch chi tiết, bố trí làm thêm khi cần",
        "Trao đổi trực tiếp, rút kinh nghiệm sau mỗi đợt",
        "",
    ];
    let content = seed.pick(CONTENT);
    (fill(seed, line, content), seed.pick(REQUIREMENT).to_owned(), seed.pick(MEASURE).to_owned())
}

/// What the doer reports.
pub fn evidence(seed: &mut Seed) -> String {
    const WORDS: &[&str] = &[
        "Đã hoàn thành, có báo cáo gửi chi ủy.",
        "Hoàn thành các đầu việc theo kế hoạch; kết quả đã được bộ phận xác nhận.",
        "Đã làm xong và rút kinh nghiệm trong bộ phận.",
        "Hoàn thành; còn một việc nhỏ chuyển sang theo dõi thường xuyên.",
        "Đã tổng hợp kết quả, lưu tại hồ sơ công việc của đơn vị.",
    ];
    seed.pick(WORDS).to_owned()
}

/// Why a task was sent back.
pub fn lacking(seed: &mut Seed) -> String {
    const WORDS: &[&str] =
        &["Cần bổ sung số liệu kết quả.", "Chưa có xác nhận của bộ phận liên quan.", "Còn thiếu phần đề xuất giải pháp."];
    seed.pick(WORDS).to_owned()
}

/// Why more time is given, or a task is given up.
pub fn reason(seed: &mut Seed) -> String {
    const WORDS: &[&str] = &[
        "Khối lượng việc phát sinh trong tháng lớn.",
        "Chờ hướng dẫn của cơ quan cấp trên.",
        "Đồng chí được phân công đi công tác dài ngày.",
        "Kinh phí chưa được cấp kịp thời.",
    ];
    seed.pick(WORDS).to_owned()
}

/// What is done next about a late task.
pub fn next_step(seed: &mut Seed) -> String {
    const WORDS: &[&str] = &[
        "Bố trí thêm một đồng chí cùng làm.",
        "Làm việc với đơn vị phối hợp trong tuần tới.",
        "Chia thành hai đợt, báo cáo đợt một trước kỳ sau.",
        "Đề nghị cấp ủy cho ý kiến về kinh phí.",
    ];
    seed.pick(WORDS).to_owned()
}

/// Why somebody could not come: code of the rule packs and words.
pub fn absence(seed: &mut Seed) -> (&'static str, &'static str) {
    const REASONS: [(&str, &str, u32); 6] = [
        ("duty_trip", "Đi công tác", 34),
        ("on_duty", "Trực cơ quan", 20),
        ("sick", "Ốm", 16),
        ("study", "Đi học, tập huấn", 12),
        ("leave", "Nghỉ phép", 12),
        ("family", "Việc gia đình", 6),
    ];
    let table: Vec<(&str, u32)> = REASONS.iter().map(|(code, _, weight)| (*code, *weight)).collect();
    let code = seed.weighted(&table);
    REASONS.iter().find(|r| r.0 == code).map_or(("family", "Việc gia đình"), |r| (r.0, r.1))
}

/// The parts of a resolution: assessment, direction, organising.
pub fn resolution(seed: &mut Seed, line: Line) -> (String, String, String) {
    (
        sentences(seed, line, RESULTS, 2),
        sentences(seed, line, PLANS, 2),
        "Chi ủy phân công, đôn đốc; từng đồng chí được giao việc báo cáo kết quả trước kỳ sinh hoạt sau. Nghị quyết được phổ biến \
         đến toàn thể đảng viên trong chi bộ."
            .to_owned(),
    )
}

/// What is said of the dues.
pub fn dues(seed: &mut Seed, members: usize) -> String {
    if seed.chance(82) {
        return format!("{members}/{members} đồng chí đã nộp đảng phí đúng hạn");
    }
    let late = usize::try_from(seed.between(1, 2)).unwrap_or(1).min(members);
    format!("{}/{members} đồng chí đã nộp; {late} đồng chí nộp chậm, sẽ nộp trong tuần", members - late)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_whole_and_vary() {
        let mut seed = Seed::new(9, 9);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..300 {
            for line in [Line::Office, Line::Health, Line::Firm] {
                for text in
                    [report(&mut seed, line), speech(&mut seed, line), conclusion(&mut seed, line), task(&mut seed, line).0]
                {
                    assert!(!text.contains('{') && text.chars().next().is_some_and(char::is_uppercase), "{text}");
                    assert!(!text.contains("  ") && !text.contains(".."), "{text}");
                    seen.insert(text);
                }
            }
        }
        assert!(seen.len() > 1_500, "{}", seen.len());
    }
}
