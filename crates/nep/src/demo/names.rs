//! Made-up Vietnamese names, with family and middle names about as frequent as in life. Nobody
//! real is meant; names everybody knows from public life are left out.

use super::seed::Seed;

const FAMILY: [(&str, u32); 30] = [
    ("Nguyễn", 384),
    ("Trần", 121),
    ("Lê", 95),
    ("Phạm", 70),
    ("Hoàng", 51),
    ("Phan", 45),
    ("Vũ", 39),
    ("Võ", 30),
    ("Đặng", 21),
    ("Bùi", 20),
    ("Đỗ", 14),
    ("Hồ", 13),
    ("Ngô", 13),
    ("Dương", 10),
    ("Đinh", 8),
    ("Trịnh", 8),
    ("Mai", 7),
    ("Cao", 7),
    ("Lưu", 6),
    ("Hà", 6),
    ("Tạ", 5),
    ("Trương", 9),
    ("Đoàn", 7),
    ("Thái", 5),
    ("Lương", 6),
    ("Chu", 4),
    ("Lý", 5),
    ("Quách", 2),
    ("Nghiêm", 2),
    ("Phùng", 4),
];

const MEN_MIDDLE: [(&str, u32); 20] = [
    ("Văn", 26),
    ("Minh", 8),
    ("Đức", 9),
    ("Quốc", 7),
    ("Hữu", 8),
    ("Ngọc", 6),
    ("Xuân", 7),
    ("Thanh", 6),
    ("Đình", 7),
    ("Công", 5),
    ("Quang", 6),
    ("Trọng", 5),
    ("Anh", 4),
    ("Bá", 3),
    ("Duy", 4),
    ("Tiến", 4),
    ("Mạnh", 4),
    ("Viết", 3),
    ("Thế", 3),
    ("Hoàng", 3),
];

const MEN_GIVEN: [&str; 64] = [
    "An", "Anh", "Bách", "Bảo", "Bình", "Chiến", "Chung", "Chương", "Cường", "Dũng", "Duy", "Dương", "Đại", "Đạt", "Đăng",
    "Điệp", "Định", "Đông", "Đức", "Giang", "Hà", "Hải", "Hào", "Hiến", "Hiếu", "Hiệp", "Hoan", "Hòa", "Hoàng", "Hùng", "Huy",
    "Hưng", "Khang", "Khánh", "Khoa", "Kiên", "Lâm", "Linh", "Long", "Lực", "Mạnh", "Minh", "Nam", "Nghĩa", "Nhân", "Phong",
    "Phú", "Phúc", "Phương", "Quân", "Quang", "Quyết", "Sơn", "Tài", "Tâm", "Thành", "Thắng", "Thịnh", "Tiến", "Toàn", "Trung",
    "Tuấn", "Tùng", "Vinh",
];

const WOMEN_MIDDLE: [(&str, u32); 18] = [
    ("Thị", 34),
    ("Thị Thu", 7),
    ("Thị Minh", 5),
    ("Thị Ngọc", 6),
    ("Thị Hồng", 7),
    ("Thị Thanh", 7),
    ("Thị Bích", 4),
    ("Thị Kim", 4),
    ("Thị Phương", 4),
    ("Thị Hải", 2),
    ("Thị Lan", 2),
    ("Ngọc", 4),
    ("Thu", 4),
    ("Thanh", 3),
    ("Minh", 3),
    ("Thùy", 4),
    ("Hoài", 2),
    ("Diệu", 2),
];

const WOMEN_GIVEN: [&str; 60] = [
    "An",
    "Anh",
    "Ánh",
    "Bình",
    "Châu",
    "Chi",
    "Cúc",
    "Diễm",
    "Dung",
    "Duyên",
    "Đào",
    "Giang",
    "Hà",
    "Hạnh",
    "Hằng",
    "Hậu",
    "Hiền",
    "Hoa",
    "Hòa",
    "Hoài",
    "Hồng",
    "Huệ",
    "Huyền",
    "Hương",
    "Khánh",
    "Lan",
    "Lệ",
    "Liên",
    "Linh",
    "Loan",
    "Lý",
    "Mai",
    "Minh",
    "My",
    "Nga",
    "Ngân",
    "Nhàn",
    "Nhung",
    "Oanh",
    "Phương",
    "Phượng",
    "Quyên",
    "Quỳnh",
    "Tâm",
    "Thảo",
    "Thắm",
    "Thơm",
    "Thu",
    "Thủy",
    "Thúy",
    "Trang",
    "Trinh",
    "Tuyết",
    "Tươi",
    "Vân",
    "Vy",
    "Xuân",
    "Yên",
    "Yến",
    "Tình",
];

/// Names of public life that chance might make.
const LEFT_OUT: [&str; 12] = [
    "Phạm Minh Chính",
    "Trần Thanh Mẫn",
    "Trần Cẩm Tú",
    "Lương Cường",
    "Võ Văn Thưởng",
    "Nguyễn Xuân Phúc",
    "Phạm Văn Đồng",
    "Trần Đức Lương",
    "Lê Đức Anh",
    "Lê Đức Thọ",
    "Phan Văn Khải",
    "Trần Đại Quang",
];

/// A full name for a man or a woman.
pub fn full(seed: &mut Seed, woman: bool) -> String {
    loop {
        let family = seed.weighted(&FAMILY);
        let (middle, given) = if woman {
            (seed.weighted(&WOMEN_MIDDLE), seed.pick(&WOMEN_GIVEN))
        } else {
            (seed.weighted(&MEN_MIDDLE), seed.pick(&MEN_GIVEN))
        };
        let name = format!("{family} {middle} {given}");
        if middle.split(' ').all(|m| m != given) && !LEFT_OUT.contains(&name.as_str()) {
            return name;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn names_are_about_as_frequent_as_in_life() {
        let mut seed = Seed::new(5, 5);
        let names: Vec<String> = (0..4_055).map(|n| full(&mut seed, n % 5 < 2)).collect();
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        for name in &names {
            *count.entry(name.as_str()).or_default() += 1;
            assert!((3..=4).contains(&name.split(' ').count()), "{name}");
        }
        let nguyen = names.iter().filter(|n| n.starts_with("Nguyễn ")).count();
        assert!((1_350..1_750).contains(&nguyen), "{nguyen}");
        // Namesakes exist, as in life, but not by the dozen.
        assert!(count.len() > 3_000 && count.values().all(|n| *n < 12), "{}", count.len());
    }
}
