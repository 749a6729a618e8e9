//! What the database says went wrong, in the words of whoever runs the command. The engine's own
//! words follow only where nothing better is known.

use db::Error;

/// An error of the database in Vietnamese.
pub fn database(error: Error) -> anyhow::Error {
    let words = match &error {
        Error::NewerSchema { found, known } => format!(
            "dữ liệu do phiên bản mới hơn của chương trình ghi (phiên bản {found}, chương trình này biết đến {known}). \
             Hãy dùng chương trình mới hơn; chưa có gì bị thay đổi"
        ),
        Error::Migration(what) => format!("lịch sử nâng cấp của cơ sở dữ liệu không khớp với chương trình này ({what})"),
        Error::Corrupt(what) => format!("tệp dữ liệu bị hỏng hoặc không phải dữ liệu của Nếp ({what})"),
        Error::DiskFull => "ổ đĩa đã đầy".to_owned(),
        Error::Busy => "cơ sở dữ liệu đang bận, hãy thử lại sau".to_owned(),
        Error::Unavailable(why) => format!("không kết nối được máy chủ cơ sở dữ liệu ({why})"),
        other => other.to_string(),
    };
    anyhow::anyhow!(words)
}
