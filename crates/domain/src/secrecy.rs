//! Recognises a file that bears a mark of state secrecy, so that it is never taken in.
//! Pure: a name and a text in, a level out. Rules: BM-01 … BM-03, CB-05; trust.md P-30.
//!
//! It looks for the *mark* (Mật, Tối mật, Tuyệt mật), not for the subject: a document about the
//! protection of state secrets is not secret. When in doubt about a name it says marked, because a
//! name can be changed but a secret cannot be taken back.

use unicode_normalization::UnicodeNormalization;

mod traces;

pub use traces::Traces;

crate::codes! {
    /// The level a mark names.
    pub enum Level {
        /// Mật.
        Secret = "mat" / "Mật",
        /// Tối mật.
        TopSecret = "toi-mat" / "Tối mật",
        /// Tuyệt mật.
        Highest = "tuyet-mat" / "Tuyệt mật",
    }
}

/// The level that a file's name or text is marked with; the highest if there are several.
pub fn marking(file_name: &str, text: &str) -> Option<Level> {
    name_marking(file_name).max(text_marking(text))
}

/// Words before "mật" with which it is no mark: bí mật, bảo mật, túi mật …
const BEFORE: &[&str] = &[
    "bí",
    "bảo",
    "cơ",
    "cẩn",
    "thân",
    "thầm",
    "không",
    "phi",
    "chống",
    "lộ",
    "túi",
    "sỏi",
    "gan",
    "đường",
    "lấy",
    "ong",
    "nước",
    "hút",
    "độ",
    "dấu",
    "trăng",
    "ngọt",
    "rỉ",
    "tuần",
    "chế",
];

/// Words after "mật" with which it is no mark: mật thiết, mật độ, mật khẩu …
const AFTER: &[&str] = &[
    "thiết", "độ", "ong", "mã", "khẩu", "vụ", "thám", "ngữ", "đàm", "nghị", "thư", "báo", "danh", "ước", "hương", "lệnh", "mía",
    "hoa", "tông", "điện", "hiệu", "bài",
];

fn name_marking(file_name: &str) -> Option<Level> {
    let name: String = file_name.nfc().flat_map(char::to_lowercase).collect();
    let stem = match name.rsplit_once('.') {
        Some((stem, ext)) if ext.len() <= 5 && ext.chars().all(|c| c.is_ascii_alphanumeric()) => stem,
        _ => name.as_str(),
    };
    let is_edge = |c: char| !c.is_alphanumeric() && !c.is_whitespace();
    stem.split(is_edge).filter_map(segment_marking).max()
}

/// A part of a name between brackets, hyphens, underscores or dots.
fn segment_marking(segment: &str) -> Option<Level> {
    let words: Vec<&str> = segment.split_whitespace().collect();
    // Without diacritics only a part that is nothing but the mark: "mat" alone is also face or eye.
    match words.as_slice() {
        ["toi", "mat"] => return Some(Level::TopSecret),
        ["tuyet", "mat"] => return Some(Level::Highest),
        _ => {}
    }
    words
        .iter()
        .enumerate()
        .filter(|(_, w)| **w == "mật")
        .filter_map(|(i, _)| {
            let before = i.checked_sub(1).and_then(|b| words.get(b)).copied();
            let after = words.get(i + 1).copied();
            match before {
                Some("tối") => Some(Level::TopSecret),
                Some("tuyệt") => Some(Level::Highest),
                Some(word) if BEFORE.contains(&word) => None,
                _ if after.is_some_and(|word| AFTER.contains(&word)) => None,
                _ => Some(Level::Secret),
            }
        })
        .max()
}

fn text_marking(text: &str) -> Option<Level> {
    text.lines().filter_map(line_marking).max()
}

/// A line marks if it, or a cell of it, is the stamp alone in capitals, or the field "Độ mật: …".
fn line_marking(line: &str) -> Option<Level> {
    // Most lines are prose: look closer only at those that can hold a stamp.
    if !line.contains(['M', 'm', 'Đ', 'D']) {
        return None;
    }
    let line: String = line.nfc().collect();
    let lower = line.to_lowercase();
    if let Some((head, value)) = lower.split_once(':')
        && matches!(head.trim_matches(|c: char| !c.is_alphanumeric()), "độ mật" | "mức độ mật" | "dấu độ mật" | "dấu chỉ độ mật")
    {
        return match squeeze(value).as_str() {
            "mật" => Some(Level::Secret),
            "tốimật" => Some(Level::TopSecret),
            "tuyệtmật" => Some(Level::Highest),
            _ => None,
        };
    }
    line.split(['\t', '|'])
        .flat_map(|cell| cell.split("   "))
        .filter_map(|cell| match squeeze(cell).as_str() {
            "MẬT" => Some(Level::Secret),
            "TỐIMẬT" => Some(Level::TopSecret),
            "TUYỆTMẬT" => Some(Level::Highest),
            _ => None,
        })
        .max()
}

/// The letters alone, so that "[ TỐI  MẬT ]" and "M Ậ T" are the stamp they are.
fn squeeze(cell: &str) -> String {
    cell.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn marked_names_are_recognised() {
        for (name, level) in [
            ("Báo cáo (Mật).docx", Level::Secret),
            ("[MẬT] Kế hoạch.pdf", Level::Secret),
            ("Báo cáo_MẬT.docx", Level::Secret),
            ("Mật - Kế hoạch phòng thủ.doc", Level::Secret),
            ("Công văn mật số 5.pdf", Level::Secret),
            ("Tài liệu mật.pdf", Level::Secret),
            ("Kế hoạch TỐI MẬT.pdf", Level::TopSecret),
            ("toi_mat_(Tối mật).pdf", Level::TopSecret),
            ("ke hoach (toi mat).pdf", Level::TopSecret),
            ("TUYỆT MẬT.pdf", Level::Highest),
            ("ke hoach-tuyet mat.pdf", Level::Highest),
            ("Danh sách (mật) (tuyệt mật).xlsx", Level::Highest),
        ] {
            assert_eq!(marking(name, ""), Some(level), "{name}");
            let nfd: String = name.nfd().collect();
            assert_eq!(marking(&nfd, ""), Some(level), "{name}");
        }
    }

    #[test]
    fn names_that_only_speak_of_secrets_are_not() {
        for name in [
            "Luật Bảo vệ bí mật nhà nước 2025.pdf",
            "BÍ MẬT NHÀ NƯỚC.docx",
            "Quan hệ mật thiết với Nhân dân.docx",
            "Mật độ dân số.xlsx",
            "MẬT ĐỘ.xlsx",
            "Không chứa bí mật.docx",
            "Tài liệu không mật.docx",
            "Quy định bảo mật.docx",
            "Đổi mật khẩu.docx",
            "Nuôi ong lấy mật.docx",
            "khuon_mat.jpg",
            "mat tran to quoc.docx",
            "Mặt trận Tổ quốc.docx",
            "Quy định về độ mật.docx",
            "Cơ mật viện.docx",
            "Biên bản tháng 12.docx",
            "",
        ] {
            assert_eq!(marking(name, ""), None, "{name}");
        }
    }

    #[test]
    fn a_stamp_on_a_line_of_its_own_is_recognised() {
        for (text, level) in [
            ("MẬT\nBáo cáo", Level::Secret),
            ("Báo cáo\n\n   (MẬT)  \n", Level::Secret),
            ("M Ậ T", Level::Secret),
            ("[ TỐI  MẬT ]", Level::TopSecret),
            ("TUYỆT MẬT", Level::Highest),
            ("TUYỆT MẬT\tĐẢNG CỘNG SẢN VIỆT NAM", Level::Highest),
            ("| MẬT | ĐẢNG CỘNG SẢN VIỆT NAM |", Level::Secret),
            ("MẬT          ĐẢNG CỘNG SẢN VIỆT NAM", Level::Secret),
            ("Độ mật: Tối mật", Level::TopSecret),
            ("MẬT\nTUYỆT MẬT", Level::Highest),
        ] {
            assert_eq!(marking("a.docx", text), Some(level), "{text}");
        }
    }

    #[test]
    fn prose_about_secrets_is_not_marked() {
        for text in [
            "Tài liệu này không chứa bí mật nhà nước.",
            "Gắn bó mật thiết với Nhân dân; mật độ cao.",
            "ba cấp độ: Tuyệt mật, Tối mật, Mật",
            "mật",
            "Mật",
            "BÍ MẬT",
            "BẢO MẬT",
            "MẬT ĐỘ",
            "Độ mật: Không",
            "độ mật: mật hoặc tối mật",
            "",
        ] {
            assert_eq!(marking("a.docx", text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_stamp_is_found_whatever_stands_around_it(before in "[a-z ]{0,20}", after in "[a-z ]{0,20}") {
            let text = format!("{before}\nTỐI MẬT\n{after}");
            prop_assert_eq!(marking("a", &text), Some(Level::TopSecret));
        }

        #[test]
        fn any_text_gets_an_answer(name in any::<String>(), text in any::<String>()) {
            let _ = marking(&name, &text);
        }
    }
}
