//! What the column "Việc" of a row says, in the words people write there. Pure.

use crate::vi;

/// What is to be done with an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    /// A new one.
    Found,
    /// Under another, perhaps with a new name or kind.
    Move,
    /// Into another.
    Merge,
    /// It ends.
    End,
    /// Another name.
    Rename,
    /// Another kind, perhaps with a name.
    Recast,
    /// Nothing.
    Keep,
}

/// Reads the words; the error is a sentence.
pub(super) fn read(text: &str) -> Result<Work, String> {
    let folded: String = vi::fold(text).chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let folded = folded.split_whitespace().collect::<Vec<_>>().join(" ");
    let has = |part: &str| format!(" {folded} ").contains(&format!(" {part} "));
    let any = |parts: &[&str]| parts.iter().any(|p| has(p));
    if folded.is_empty() {
        return Err("Chưa ghi việc. Hãy ghi: chuyển, nhập, giải thể, đổi tên, đổi loại hoặc thành lập.".to_owned());
    }
    if any(&["tach", "chia"]) {
        return Err("Chia tách chi bộ không làm bằng bảng, vì phải chọn từng đảng viên. Hãy thành lập tổ chức mới ở đây, rồi tách ở trang của chi bộ.".to_owned());
    }
    if any(&["giu", "giu nguyen", "khong"]) {
        return Ok(Work::Keep);
    }
    if any(&["nhap", "sap nhap", "hop nhat", "gop"]) {
        return Ok(Work::Merge);
    }
    if any(&["giai the", "ket thuc", "cham dut", "xoa"]) {
        return Ok(Work::End);
    }
    if any(&["thanh lap", "lap", "lap moi"]) {
        return Ok(Work::Found);
    }
    let recasts = any(&["doi loai", "chuyen loai", "loai"]);
    // "Chuyển loại" and "chuyển đổi" say nothing of a place.
    let rest = format!(" {folded} ").replace(" chuyen loai ", " ").replace(" chuyen doi ", " ");
    if rest.contains(" chuyen ") || rest.contains(" dieu chuyen ") {
        return Ok(Work::Move);
    }
    match (recasts, any(&["doi ten", "ten moi"])) {
        (true, _) => Ok(Work::Recast),
        (false, true) => Ok(Work::Rename),
        (false, false) => Err(format!(
            "Không hiểu việc “{text}”. Hãy ghi một trong các việc: chuyển, nhập, giải thể, đổi tên, đổi loại, thành lập."
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn works_are_read_in_the_words_people_write() {
        let table = [
            ("chuyển", Work::Move),
            ("Chuyển về trực thuộc", Work::Move),
            ("CHUYỂN GIAO", Work::Move),
            ("Điều chuyển nguyên trạng", Work::Move),
            ("chuyển và đổi tên", Work::Move),
            ("Nhập", Work::Merge),
            ("sáp nhập vào", Work::Merge),
            ("Hợp nhất", Work::Merge),
            ("giải thể, nhập vào", Work::Merge),
            ("Giải thể", Work::End),
            ("kết thúc hoạt động", Work::End),
            ("Chấm dứt hoạt động", Work::End),
            ("đổi tên", Work::Rename),
            ("Đổi tên và đổi loại", Work::Recast),
            ("đổi loại", Work::Recast),
            ("chuyển loại hình", Work::Recast),
            ("Chuyển đổi loại", Work::Recast),
            ("Thành lập", Work::Found),
            ("lập mới", Work::Found),
            ("giữ nguyên", Work::Keep),
            ("không thay đổi", Work::Keep),
        ];
        for (text, work) in table {
            assert_eq!(read(text), Ok(work), "{text}");
            assert_eq!(read(&vi::fold(text)), Ok(work), "{text}");
        }
        for text in ["", "chia tách", "kiểm tra", "?"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
