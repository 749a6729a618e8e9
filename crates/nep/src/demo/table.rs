//! The block as a table: its grassroots organisations, the cells below them and what they work on.
//! All invented; the province does not exist.

/// The invented province.
pub const PLACE: &str = "An Lam";
/// The committee above all.
pub const BLOCK: &str = "Đảng bộ Khối các cơ quan tỉnh An Lam (dữ liệu mẫu)";

/// What kind of work is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// An office of the administration.
    Office,
    /// Courts, inspectors, taxes, treasuries.
    Control,
    /// Hospitals and centres of health.
    Health,
    /// Schools.
    School,
    /// Enterprises.
    Firm,
    /// Associations, funds, centres.
    Union,
}

use Line::{Control, Firm, Health, Office, School, Union};

/// Grassroots committees: name without “Đảng bộ”, line, number of cells below. 263 cells in all.
pub const COMMITTEES: [(&str, Line, usize); 40] = [
    ("Sở Xây dựng", Office, 9),
    ("Sở Tài chính", Office, 8),
    ("Sở Nội vụ", Office, 8),
    ("Sở Tư pháp", Office, 6),
    ("Sở Công Thương", Office, 7),
    ("Sở Nông nghiệp và Môi trường", Office, 12),
    ("Sở Y tế", Office, 7),
    ("Sở Giáo dục và Đào tạo", Office, 7),
    ("Sở Văn hóa, Thể thao và Du lịch", Office, 8),
    ("Sở Khoa học và Công nghệ", Office, 6),
    ("Thanh tra tỉnh", Control, 5),
    ("Văn phòng Ủy ban nhân dân tỉnh", Office, 7),
    ("Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân tỉnh", Office, 4),
    ("Tòa án nhân dân tỉnh", Control, 6),
    ("Viện kiểm sát nhân dân tỉnh", Control, 6),
    ("Cơ quan Ủy ban Mặt trận Tổ quốc tỉnh", Union, 6),
    ("Ban Quản lý khu kinh tế", Office, 5),
    ("Thuế tỉnh", Control, 8),
    ("Kho bạc tỉnh", Control, 6),
    ("Bảo hiểm xã hội tỉnh", Control, 7),
    ("Thống kê tỉnh", Control, 5),
    ("Ngân hàng Chính sách xã hội tỉnh", Firm, 5),
    ("Ngân hàng Nông nghiệp tỉnh", Firm, 7),
    ("Bưu điện tỉnh", Firm, 6),
    ("Viễn thông tỉnh", Firm, 6),
    ("Công ty Điện lực tỉnh", Firm, 9),
    ("Công ty Cấp nước tỉnh", Firm, 6),
    ("Công ty Xổ số kiến thiết", Firm, 4),
    ("Công ty Môi trường đô thị", Firm, 6),
    ("Bệnh viện Đa khoa tỉnh", Health, 12),
    ("Bệnh viện Y học cổ truyền tỉnh", Health, 6),
    ("Bệnh viện Phụ sản tỉnh", Health, 7),
    ("Trung tâm Kiểm soát bệnh tật tỉnh", Health, 6),
    ("Trường Chính trị tỉnh", School, 5),
    ("Trường Cao đẳng Sư phạm", School, 7),
    ("Trường Cao đẳng Y tế", School, 6),
    ("Trường Cao đẳng nghề", School, 7),
    ("Báo và Phát thanh, Truyền hình tỉnh", Union, 7),
    ("Ban Quản lý dự án đầu tư xây dựng tỉnh", Office, 5),
    ("Trung tâm Phục vụ hành chính công tỉnh", Office, 3),
];

/// Cells directly below the block: name without “Chi bộ”, line.
pub const CELLS: [(&str, Line); 26] = [
    ("Liên minh Hợp tác xã tỉnh", Union),
    ("Hội Luật gia tỉnh", Union),
    ("Hội Chữ thập đỏ tỉnh", Union),
    ("Hội Nhà báo tỉnh", Union),
    ("Hội Văn học Nghệ thuật tỉnh", Union),
    ("Hội Khuyến học tỉnh", Union),
    ("Hội Đông y tỉnh", Health),
    ("Liên hiệp các hội Khoa học và Kỹ thuật tỉnh", Union),
    ("Quỹ Đầu tư phát triển", Firm),
    ("Quỹ Bảo vệ môi trường", Union),
    ("Trung tâm Phát triển quỹ đất", Office),
    ("Trung tâm Xúc tiến đầu tư", Office),
    ("Trung tâm Lưu trữ lịch sử", Office),
    ("Đoàn Nghệ thuật truyền thống", Union),
    ("Bảo tàng tỉnh", Union),
    ("Thư viện tỉnh", Union),
    ("Trung tâm Trợ giúp pháp lý", Control),
    ("Trung tâm Dịch vụ việc làm", Office),
    ("Trung tâm Khuyến nông", Office),
    ("Trung tâm Giám định y khoa", Health),
    ("Trung tâm Kiểm nghiệm", Health),
    ("Công ty Sách và Thiết bị trường học", Firm),
    ("Công ty Tư vấn xây dựng", Firm),
    ("Công ty Vật tư nông nghiệp", Firm),
    ("Ban Quản lý rừng phòng hộ", Office),
    ("Trường Phổ thông dân tộc nội trú tỉnh", School),
];

/// A cell directly below the block that changed its name within the two years: old, new.
pub const RENAMED: (&str, &str) = ("Trung tâm Xúc tiến đầu tư", "Trung tâm Xúc tiến đầu tư và Thương mại");
/// A cell that was split within the two years.
pub const SPLIT: &str = "Quản lý chất lượng Sở Nông nghiệp và Môi trường";
/// The cell that was split off it.
pub const SPLIT_OFF: &str = "Hợp tác và Phát triển Sở Nông nghiệp và Môi trường";

impl Line {
    /// Names of cells below a committee of this line, the office first.
    pub fn units(self) -> &'static [&'static str] {
        match self {
            Office => &[
                "Văn phòng",
                "Thanh tra",
                "Kế hoạch - Tài chính",
                "Tổ chức - Pháp chế",
                "Quản lý chuyên ngành",
                "Thẩm định",
                "Trung tâm Kỹ thuật",
                "Trung tâm Thông tin",
                "Chi cục Nghiệp vụ 1",
                "Chi cục Nghiệp vụ 2",
                "Quản lý chất lượng",
                "Hợp tác và Phát triển",
            ],
            Control => &[
                "Văn phòng",
                "Nghiệp vụ 1",
                "Nghiệp vụ 2",
                "Nghiệp vụ 3",
                "Tổ chức cán bộ",
                "Kiểm tra nội bộ",
                "Công nghệ thông tin",
                "Tuyên truyền - Hỗ trợ",
            ],
            Health => &[
                "Khối Hành chính",
                "Khoa Khám bệnh",
                "Khoa Nội",
                "Khoa Ngoại",
                "Khoa Hồi sức cấp cứu",
                "Khoa Dược",
                "Khoa Xét nghiệm",
                "Khoa Nhi",
                "Khoa Chẩn đoán hình ảnh",
                "Khoa Dinh dưỡng",
                "Khoa Phục hồi chức năng",
                "Phòng Điều dưỡng",
            ],
            School => &[
                "Khối Hành chính",
                "Phòng Đào tạo",
                "Khoa Cơ bản",
                "Khoa Chuyên ngành",
                "Khoa Lý luận",
                "Học sinh, sinh viên",
                "Trung tâm Ngoại ngữ, Tin học",
            ],
            Firm => &[
                "Văn phòng",
                "Kỹ thuật - An toàn",
                "Kinh doanh",
                "Tài chính - Kế toán",
                "Xí nghiệp 1",
                "Xí nghiệp 2",
                "Xí nghiệp 3",
                "Dịch vụ khách hàng",
                "Đội xe - Kho",
            ],
            Union => &["Văn phòng", "Tuyên truyền", "Phong trào", "Nội dung", "Kỹ thuật", "Tổ chức - Kiểm tra", "Chuyên đề"],
        }
    }

    /// Type of cell in the rule packs.
    pub fn cell_type(self) -> &'static str {
        match self {
            Office | Control | Union => "office",
            Health | School => "service",
            Firm => "enterprise",
        }
    }

    /// What is done there, as it goes on after “công tác”, “việc”, “nhiệm vụ”.
    pub fn works(self) -> &'static [&'static str] {
        match self {
            Office => &[
                "giải quyết hồ sơ của người dân, doanh nghiệp",
                "cải cách thủ tục hành chính",
                "giải ngân vốn đầu tư công",
                "số hóa hồ sơ, tài liệu",
                "thẩm định hồ sơ dự án",
                "tham mưu văn bản của cơ quan",
                "tiếp công dân, giải quyết đơn thư",
                "rà soát quy trình nội bộ",
            ],
            Control => &[
                "kiểm tra, giám sát theo kế hoạch",
                "xử lý hồ sơ nghiệp vụ đúng thời hạn",
                "thu hồi các khoản phải thu qua kiểm tra",
                "đối chiếu số liệu với các đơn vị",
                "tuyên truyền, hỗ trợ người nộp hồ sơ",
                "rà soát án, hồ sơ tồn đọng",
                "ứng dụng công nghệ trong nghiệp vụ",
            ],
            Health => &[
                "tiếp đón và khám bệnh",
                "thực hiện quy trình chuyên môn, an toàn người bệnh",
                "quản lý thuốc, vật tư y tế",
                "đổi mới phong cách phục vụ người bệnh",
                "triển khai bệnh án điện tử",
                "kiểm soát nhiễm khuẩn",
                "phòng, chống dịch bệnh theo mùa",
            ],
            School => &[
                "đổi mới phương pháp giảng dạy",
                "quản lý nền nếp dạy và học",
                "biên soạn giáo trình, bài giảng",
                "tuyển sinh, giới thiệu việc làm",
                "nghiên cứu khoa học của giảng viên",
                "bồi dưỡng quần chúng ưu tú trong học sinh, sinh viên",
            ],
            Firm => &[
                "thực hiện kế hoạch sản xuất, kinh doanh",
                "bảo đảm an toàn lao động",
                "giảm tổn thất, tiết kiệm chi phí",
                "chăm sóc khách hàng",
                "bảo trì thiết bị, lưới, tuyến",
                "chăm lo đời sống người lao động",
            ],
            Union => &[
                "tuyên truyền chủ trương, chính sách mới",
                "tổ chức hoạt động phong trào ở cơ sở",
                "nắm bắt, phản ánh ý kiến hội viên",
                "chuẩn bị nội dung các chương trình, ấn phẩm",
                "vận động nguồn lực xã hội",
                "số hóa tư liệu, hiện vật",
            ],
        }
    }
}

/// Topics of thematic meetings, each with what it is to achieve and a question.
pub const TOPICS: [(&str, &str, &str); 14] = [
    (
        "Nâng cao trách nhiệm nêu gương của cán bộ, đảng viên trong thực hiện nhiệm vụ",
        "Mỗi đảng viên tự soi lại việc nêu gương ở vị trí của mình, đăng ký một việc làm cụ thể.",
        "Việc nêu gương nào ở chi bộ còn chưa rõ? Đồng chí đăng ký việc gì trong quý này?",
    ),
    (
        "Học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh về nói đi đôi với làm",
        "Liên hệ việc thực hiện lời hứa, cam kết tu dưỡng của từng đảng viên.",
        "Cam kết nào của đồng chí đã làm được, chưa làm được? Vì sao?",
    ),
    (
        "Đẩy mạnh chuyển đổi số trong công việc hằng ngày của đơn vị",
        "Thống nhất những việc cụ thể chuyển sang môi trường số và người làm.",
        "Khâu nào còn làm trên giấy? Ai cần được hướng dẫn thêm?",
    ),
    (
        "Nâng cao chất lượng tự phê bình và phê bình trong sinh hoạt chi bộ",
        "Khắc phục việc ngại phát biểu, góp ý chung chung.",
        "Vì sao còn đồng chí ít phát biểu? Chi bộ cần làm gì?",
    ),
    (
        "Thực hành tiết kiệm, chống lãng phí tại đơn vị",
        "Chỉ ra khoản chi, khâu việc còn lãng phí và cách khắc phục.",
        "Việc tiết kiệm nào làm được ngay trong quý?",
    ),
    (
        "Cải cách hành chính, nâng cao sự hài lòng của người dân",
        "Rút ngắn thời gian giải quyết và giảm số lần đi lại của người dân.",
        "Thủ tục nào còn chậm? Trách nhiệm ở khâu nào?",
    ),
    (
        "Những điều đảng viên không được làm: nhận diện và phòng ngừa trong công việc",
        "Mỗi đảng viên nắm chắc các điều cấm gắn với vị trí công tác.",
        "Vị trí nào dễ phát sinh vi phạm? Cách phòng ngừa là gì?",
    ),
    (
        "Công tác bồi dưỡng, tạo nguồn phát triển đảng viên",
        "Lập danh sách quần chúng ưu tú và phân công đảng viên giúp đỡ.",
        "Đồng chí đang giúp đỡ quần chúng nào? Kết quả ra sao?",
    ),
    (
        "Bảo vệ nền tảng tư tưởng của Đảng trên mạng xã hội",
        "Biết cách kiểm chứng thông tin và ứng xử đúng mực trên mạng.",
        "Đồng chí đã gặp thông tin sai lệch nào, đã xử lý thế nào?",
    ),
    (
        "Xây dựng văn hóa công sở, kỷ luật, kỷ cương hành chính",
        "Khắc phục việc đi muộn, làm việc riêng, trễ hạn.",
        "Biểu hiện nào còn ở đơn vị ta? Cần sửa từ đâu?",
    ),
    (
        "Kiểm tra, giám sát thường xuyên của chi bộ đối với đảng viên",
        "Chi bộ chủ động giám sát việc thực hiện nhiệm vụ được phân công.",
        "Nội dung nào cần giám sát trong sáu tháng tới?",
    ),
    (
        "Sáp nhập, sắp xếp tổ chức: tư tưởng và trách nhiệm của đảng viên",
        "Ổn định tư tưởng, không để công việc gián đoạn khi sắp xếp tổ chức.",
        "Khó khăn lớn nhất sau sắp xếp là gì? Kiến nghị điều gì?",
    ),
    (
        "Phòng, chống tham nhũng, tiêu cực từ chi bộ",
        "Công khai, minh bạch các khâu dễ phát sinh tiêu cực.",
        "Khâu nào cần công khai thêm? Ai chịu trách nhiệm?",
    ),
    (
        "Chăm lo đời sống, giữ gìn đoàn kết nội bộ",
        "Kịp thời nắm bắt tâm tư, giúp đỡ đồng chí khó khăn.",
        "Đồng chí nào đang có khó khăn? Chi bộ giúp được việc gì?",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_has_66_grassroots_organisations_and_289_cells() {
        assert_eq!(COMMITTEES.len() + CELLS.len(), 66);
        let below: usize = COMMITTEES.iter().map(|c| c.2).sum();
        assert_eq!(below + CELLS.len(), 289);
        for (name, line, cells) in COMMITTEES {
            assert!(cells <= line.units().len(), "{name}");
        }
    }
}
