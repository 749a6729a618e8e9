//! Papers of an invented cell, shared by the tests.
#![allow(dead_code, missing_docs, clippy::too_many_lines)]

use documents::*;
use jiff::civil::date;

pub fn para(text: &str) -> Block {
    Block::Para { text: text.into(), indent: true, align: None }
}

pub fn heading(level: u8, text: &str) -> Block {
    Block::Heading { level, text: text.into() }
}

pub fn lead(label: &str, text: &str) -> Block {
    Block::Lead { label: label.into(), text: text.into() }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|t| (*t).to_owned()).collect()
}

fn column(title: &str, width_pct: f64, align: Align) -> Column {
    Column { title: title.into(), width_pct, align }
}

pub fn head(number: Option<String>, day: jiff::civil::Date) -> Head {
    Head {
        superior: "ĐẢNG BỘ PHƯỜNG BẾN TRE".into(),
        issuer: "CHI BỘ KHU PHỐ MẪU".into(),
        number,
        place: "Bến Tre".into(),
        date_text: date_text(day),
    }
}

pub fn minutes() -> Document {
    let day = date(2026, 2, 3);
    Document {
        profile: Profile::hd05_2026(),
        date: day,
        head: head(Some(number_text(Some(5), "BB", "CB")), day),
        title: Title {
            kind: "BIÊN BẢN".into(), summary: Some("Sinh hoạt chi bộ thường kỳ tháng 02 năm 2026".into())
        },
        blocks: minutes_blocks(),
        signatures: vec![
            Signature::for_part("NGƯỜI GHI BIÊN BẢN", "Trần Thị Mẫu"),
            Signature::for_part("CHỦ TRÌ HỘI NGHỊ", "Nguyễn Văn Thí Dụ"),
        ],
        recipients: strings(&["Đảng ủy phường (để báo cáo)", "Lưu Chi bộ"]),
        footer: Some("Mã nội dung đã chốt (SHA-256): 9f2c1d7ab04e55c3a8e6f1029b7d4c5e6f708192a3b4c5d6e7f8091a2b3c4d5e".into()),
        draft: false,
    }
}

fn minutes_blocks() -> Vec<Block> {
    let voting = Block::Table {
        columns: vec![
            column("TT", 8.0, Align::Center),
            column("Nội dung biểu quyết", 44.0, Align::Left),
            column("Tán thành", 16.0, Align::Center),
            column("Không tán thành", 16.0, Align::Center),
            column("Ý kiến khác", 16.0, Align::Center),
        ],
        rows: vec![
            strings(&["1", "Nghị quyết tháng 02 năm 2026", "21/21 (100%)", "0", "0"]),
            strings(&["2", "Giới thiệu đ/c Lê Thị Ví Dụ đi học lớp nhận thức về Đảng", "20/21 (95,2%)", "0", "1"]),
        ],
    };
    let mut blocks = vec![
        lead("Thời gian:", "19 giờ 00 phút, ngày 03 tháng 02 năm 2026."),
        lead("Địa điểm:", "Nhà văn hóa Khu phố Mẫu, phường Bến Tre."),
        heading(2, "1. Thành phần"),
        Block::Bullets(strings(&[
            "Tổng số đảng viên của chi bộ: 24 đồng chí (chính thức 22, dự bị 02).",
            "Có mặt: 22/24 đồng chí; được miễn sinh hoạt: 01 đồng chí.",
            "Vắng mặt: 01 đồng chí (đ/c Phạm Văn Giả Định, có lý do: đi công tác).",
            "Chủ trì: đồng chí Nguyễn Văn Thí Dụ, Bí thư Chi bộ. Thư ký: đồng chí Trần Thị Mẫu.",
        ])),
        heading(1, "I- NỘI DUNG SINH HOẠT"),
        para(
            "Đồng chí Bí thư Chi bộ thông qua chương trình, phổ biến thông tin thời sự và các văn bản mới của Đảng ủy phường; báo cáo kết quả thực hiện nghị quyết tháng 01 năm 2026, dự kiến nhiệm vụ tháng 02 năm 2026.",
        ),
        heading(2, "1. Kết quả lãnh đạo thực hiện nhiệm vụ tháng 01"),
        Block::Numbered(strings(&[
            "Đã tổ chức cho 24/24 đảng viên học tập Nghị quyết của Đảng ủy phường.",
            "Vận động nhân dân chỉnh trang 02 tuyến hẻm; thăm, tặng quà 15 gia đình chính sách.",
            "Thu, nộp đảng phí tháng 01 đầy đủ, đúng hạn.",
        ])),
        heading(2, "2. Ý kiến của đảng viên"),
        lead(
            "Đồng chí Lê Thị Ví Dụ:",
            "Đề nghị chi bộ phân công đảng viên phụ trách từng tổ, từng hộ; có việc cụ thể, có thời hạn, có người kiểm tra. Nhất trí với dự thảo nghị quyết.",
        ),
        lead(
            "Đồng chí Hoàng Văn Minh Họa:",
            "Nhất trí với báo cáo. Đề nghị Đảng ủy phường sớm trả lời kiến nghị về đèn chiếu sáng hẻm 12 mà chi bộ đã nêu từ tháng 11 năm 2025.",
        ),
        heading(2, "3. Kết luận của chủ trì"),
        para(
            "Chi bộ thống nhất đánh giá tháng 01 hoàn thành các nhiệm vụ đề ra; tháng 02 tập trung bảo đảm an ninh trật tự dịp Tết, chăm lo hộ nghèo, chuẩn bị kế hoạch sinh hoạt chuyên đề quý I.",
        ),
        heading(1, "II- BIỂU QUYẾT"),
        voting,
        heading(1, "III- PHÂN CÔNG NHIỆM VỤ"),
    ];
    blocks.push(Block::Table {
        columns: vec![
            column("TT", 8.0, Align::Center),
            column("Nhiệm vụ", 46.0, Align::Left),
            column("Người thực hiện", 26.0, Align::Left),
            column("Thời hạn", 20.0, Align::Center),
        ],
        rows: (1..=12)
            .map(|i| {
                vec![
                    i.to_string(),
                    format!("Nắm tình hình, vận động các hộ thuộc Tổ {i} thực hiện nếp sống văn minh dịp Tết"),
                    "Đ/c Lê Thị Ví Dụ".into(),
                    "28-02-2026".into(),
                ]
            })
            .collect(),
    });
    blocks.push(heading(1, "IV- ĐÁNH GIÁ CHẤT LƯỢNG BUỔI SINH HOẠT"));
    blocks.push(para("Chi bộ tự chấm 92/100 điểm, xếp loại Tốt (phiếu chấm kèm theo)."));
    blocks.push(para("Biên bản đã được thông qua trước chi bộ, 100% đảng viên có mặt nhất trí. Buổi sinh hoạt kết thúc lúc 20 giờ 45 phút cùng ngày."));
    blocks
}

/// Minutes of which only the score is left.
pub fn scored() -> Document {
    let mut doc = minutes();
    doc.blocks = vec![
        heading(1, "I- ĐÁNH GIÁ CHẤT LƯỢNG BUỔI SINH HOẠT"),
        para("Chi bộ tự chấm 92/100 điểm, xếp loại Tốt (phiếu chấm kèm theo)."),
        score(),
        para("92/100 điểm: từ 90 điểm trở lên là Tốt."),
    ];
    doc
}

/// The filled-in score sheet under its section, cells without a figure left empty.
fn score() -> Block {
    let row = |cells: [&str; 5]| strings(&cells);
    Block::Table {
        columns: vec![
            column("Tiêu chí", 46.0, Align::Left),
            column("Tối đa", 11.0, Align::Right),
            column("Gợi ý theo số liệu", 13.0, Align::Right),
            column("Chi bộ chấm", 12.0, Align::Right),
            column("Lý do cao hơn gợi ý", 18.0, Align::Left),
        ],
        rows: vec![
            row(["1. Chấp hành thời gian, thời lượng sinh hoạt", "5", "5", "5", ""]),
            row(["4. Tổ chức sinh hoạt", "40", "", "36,5", ""]),
            row(["4.2. Đủ nội dung; biểu dương, phê bình; nhiều ý kiến phát biểu", "25", "–", "21,5", ""]),
            row(["6. Kết quả lãnh đạo thực hiện kết luận, nghị quyết", "30", "28", "30", "Hai nhiệm vụ chờ cấp trên phê duyệt"]),
            row(["Tổng", "100", "", "92", ""]),
        ],
    }
}

pub fn resolution() -> Document {
    let day = date(2026, 2, 4);
    let mut doc = minutes();
    doc.date = day;
    doc.head = head(Some(number_text(Some(2), "NQ", "CB")), day);
    doc.title = Title { kind: "NGHỊ QUYẾT".into(), summary: Some("về nhiệm vụ tháng 02 năm 2026".into()) };
    doc.blocks = vec![
        Block::Para {
            text: "- Căn cứ Điều lệ Đảng Cộng sản Việt Nam;\n- Căn cứ kết quả sinh hoạt chi bộ ngày 03-02-2026,".into(),
            indent: true,
            align: None,
        },
        Block::Para { text: "CHI BỘ QUYẾT NGHỊ".into(), indent: false, align: Some(Align::Center) },
        heading(1, "I- PHƯƠNG HƯỚNG, NHIỆM VỤ"),
        heading(2, "1. Về chính trị tư tưởng"),
        heading(3, "1.1. Tuyên truyền"),
        para("Tuyên truyền trong đảng viên và nhân dân kết quả Đại hội XIV của Đảng."),
        para("Nghị quyết được thông qua với 21/21 đồng chí tán thành, đạt 100%."),
    ];
    doc.signatures = vec![Signature::for_body("T/M CHI BỘ", "BÍ THƯ", "Nguyễn Văn Thí Dụ")];
    doc.recipients = strings(&["Đảng ủy phường (để báo cáo)", "Các đồng chí đảng viên", "Lưu Chi bộ"]);
    doc.footer = None;
    doc
}

pub fn notice() -> Document {
    let mut doc = resolution();
    doc.head.number = Some(number_text(None, "TB", "CB"));
    doc.title =
        Title { kind: "THÔNG BÁO".into(), summary: Some("sinh hoạt chi bộ thường kỳ tháng 3 năm 2026".into()) };
    doc.blocks =
        vec![para("Chi bộ kính mời các đồng chí đảng viên dự sinh hoạt."), lead("Ghi chép:", ""), Block::Lines(3), Block::Gap];
    doc.draft = true;
    doc
}

pub fn book() -> Book {
    let mut closing = resolution();
    closing.title = Title { kind: "LỜI KẾT SỔ".into(), summary: None };
    closing.blocks = vec![para("Sổ này gồm 02 biên bản, các trang được đánh số liên tục.")];
    closing.recipients = vec![];
    let entry = |document: Document, contents_line: &str| BookEntry { contents_line: contents_line.into(), document };
    Book {
        cover: Cover {
            superior: "ĐẢNG BỘ PHƯỜNG BẾN TRE".into(),
            issuer: "CHI BỘ KHU PHỐ MẪU".into(),
            title: "SỔ BIÊN BẢN".into(),
            lines: strings(&["Nhiệm kỳ 2025 - 2027", "Năm 2026"]),
            place_date: "Bến Tre, năm 2026".into(),
        },
        contents_title: "MỤC LỤC".into(),
        entries: vec![
            entry(minutes(), "Biên bản số 05-BB/CB, ngày 03 tháng 02 năm 2026, sinh hoạt chi bộ thường kỳ tháng 02 năm 2026"),
            entry(resolution(), "Nghị quyết số 02-NQ/CB"),
        ],
        closing,
    }
}

pub fn slips(n: usize) -> Vec<Slip> {
    (0..n)
        .map(|i| Slip {
            name: ["Nguyễn Văn Thí Dụ", "Trần Thị Mẫu", "Hoàng Nguyễn Minh Họa Thị Phương Thảo"][i % 3].into(),
            cell: "Chi bộ Khu phố Mẫu, Đảng bộ phường Bến Tre".into(),
            code: format!("K7MQ23{:02}", i + 10),
            url: format!("https://nep.bentre.example/k/K7MQ23{:02}", i + 10),
            expires: "hết ngày 17-02-2026".into(),
        })
        .collect()
}

pub fn ballot(names: &[&str]) -> BallotPaper {
    BallotPaper {
        superior: "ĐẢNG BỘ PHƯỜNG BẾN TRE".into(),
        issuer: "CHI BỘ KHU PHỐ MẪU".into(),
        date: "ngày 17 tháng 02 năm 2026".into(),
        kind: "PHIẾU BIỂU QUYẾT".into(),
        question: "Đề nghị xếp loại chất lượng đảng viên năm 2026".into(),
        how: "Đồng chí đánh dấu X vào một trong hai ô ở mỗi dòng.".into(),
        choices: vec!["Tán thành".into(), "Không tán thành".into(), "Ý kiến khác".into()],
        names: names.iter().map(|n| (*n).to_owned()).collect(),
    }
}
