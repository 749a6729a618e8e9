//! `nep demo`: makes the demonstration once, then serves it on this machine only. Its passwords
//! are printed and known to everybody, so no public address is ever opened on such data (P-24).
//! Only here may the clock be put elsewhere: made-up data can be looked at on any day of the month.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::bail;
use clap::Args;
use db::Db;
use jiff::Timestamp;
use jiff::civil::DateTime;

use super::{Place, say, serve, words};
use crate::account::store as accounts;
use crate::actor::ShiftedClock;
use crate::demo::{self, PASSWORD, Seat, Whose};
use crate::search::store::source;

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Thư mục dữ liệu mẫu (mặc định: demo)
    #[arg(long, value_name = "THƯ_MỤC", default_value = "demo")]
    data: PathBuf,
    /// Địa chỉ PostgreSQL của một cơ sở dữ liệu trống, dùng thay cho thư mục
    #[arg(long, value_name = "ĐỊA_CHỈ")]
    database: Option<String>,
    /// Địa chỉ lắng nghe, chỉ trên máy này (mặc định: 127.0.0.1:8080)
    #[arg(long, value_name = "ĐỊA_CHỈ:CỔNG", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Coi như bây giờ là lúc này, ví dụ 2026-12-03T14:00, để xem thử một ngày khác của tháng
    #[arg(long, value_name = "NGÀY_GIỜ")]
    now: Option<DateTime>,
    /// Chỉ dựng hai năm sinh hoạt của một đảng bộ cơ sở: xong trong chốc lát, đủ để xem một chi bộ
    #[arg(long)]
    small: bool,
    /// Chỉ tạo dữ liệu, không chạy máy chủ
    #[arg(long)]
    only_make: bool,
}

pub(super) fn run(demo: &Demo) -> anyhow::Result<()> {
    if !demo.listen.ip().is_loopback() {
        bail!("dữ liệu mẫu có mật khẩu ai cũng biết nên chỉ chạy trên máy này (127.0.0.1).");
    }
    let db = Place { data: demo.data.clone(), database: demo.database.clone() }.open()?;
    let mut app = serve::app(db.clone(), &format!("http://{}", demo.listen), false)?;
    if let Some(now) = demo.now {
        app.clock = Arc::new(ShiftedClock::starting(now));
    }
    if !is_demo(&db)? {
        make(&db, &app.rules, app.clock.now(), if demo.small { Whose::Show } else { Whose::All })?;
    }
    crate::board::work::carry_all(&app).map_err(|fault| anyhow::anyhow!("không tổng hợp được số liệu: {fault}"))?;
    // A moment's work is done before the first page; that of the whole block goes on behind it.
    if demo.small || demo.only_make {
        source::ensure(&db, &|| true).map_err(words::database)?;
    }
    let seats = db.read_now(demo::seats).map_err(words::database)?.unwrap_or_default();
    welcome(&seats, demo.listen);
    if demo.only_make {
        return Ok(());
    }
    // The messages of the day are there before the first page; nothing of them leaves this machine.
    crate::message::work::bundles(&app).map_err(|fault| anyhow::anyhow!("không lập được tin nhắc việc: {fault}"))?;
    serve::serve_app(app, demo.listen)
}

/// Whether a database holds the demonstration.
pub(super) fn is_demo(db: &Db) -> anyhow::Result<bool> {
    Ok(db.read_now(demo::seats).map_err(words::database)?.is_some())
}

fn make(db: &Db, rules: &domain::rulepack::Library, now: Timestamp, whose: Whose) -> anyhow::Result<()> {
    if db.read_now(accounts::any).map_err(words::database)? {
        bail!("nơi này đang có dữ liệu thật; dữ liệu mẫu cần một thư mục riêng.");
    }
    let told =
        if whose == Whose::Show { "hai năm sinh hoạt của một đảng bộ cơ sở" } else { "hai năm sinh hoạt" };
    say(&format!("Đang tạo dữ liệu mẫu: 66 tổ chức cơ sở đảng, 289 chi bộ, 4.055 đảng viên, {told}…"));
    let begun = std::time::Instant::now();
    let mut told = 0;
    let mut progress = |percent: usize| {
        if percent / 10 > told {
            told = percent / 10;
            say(&format!("  {:>3} %  ({} giây)", told * 10, begun.elapsed().as_secs()));
        }
    };
    demo::make(db, rules, now, whose, &mut progress).map_err(|fault| anyhow::anyhow!("không tạo được dữ liệu mẫu: {fault}"))
}

fn welcome(seats: &[Seat], listen: SocketAddr) {
    let width = |f: fn(&Seat) -> &str| seats.iter().map(|s| f(s).chars().count()).max().unwrap_or(0);
    let (roles, logins) = (width(|s| &s.role), width(|s| &s.login));
    say(&format!("\nTài khoản dùng thử:\nMật khẩu của mọi tài khoản: {PASSWORD}"));
    for seat in seats {
        say(&format!("  {:<roles$}  {:<logins$}  {}, {}", seat.role, seat.login, seat.name, seat.place));
    }
    say(&format!(
        "\nNên thử trước, với tài khoản bí thư chi bộ tại http://{listen}:\n\
         \x20 1. Bàn làm việc: xem việc của tháng, mở buổi sinh hoạt tới đã chuẩn bị và gửi thông báo.\n\
         \x20 2. Năm sinh hoạt: xem kỳ bị bỏ lỡ (màu đỏ) và lên kế hoạch chuyên đề quý còn trống.\n\
         \x20 3. Nghị quyết, nhiệm vụ: xem việc quá hạn, xác nhận việc đã báo cáo.\n\
         \x20 4. Sổ biên bản: xem biên bản đã khóa, tải về PDF hoặc Word.\n\
         Sau đó đăng nhập bằng tài khoản đảng viên trên điện thoại (bề ngang hẹp) để trả lời thông báo.\n"
    ));
}
