//! The command line: one executable, a role per subcommand. Errors go to stderr in Vietnamese,
//! with an exit code that is not 0. May touch every feature's store, never a page.
//! Rules: P-6 (backup), P-7 (newer schema), P-12 (verify), P-24 (first start).

mod args;
mod copy;
mod demo;
mod doctor;
mod import;
mod migrate;
mod serve;
mod verify;
mod words;
mod worker;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use db::Db;

pub use args::{Cli, parse};
pub use serve::{app, serve_app};

use crate::schema::migrations;
use crate::search::store::source;
use crate::system::machine::open_to_others;

#[derive(Debug, Subcommand)]
enum Command {
    /// Chạy máy chủ
    #[command(long_about = "Chạy máy chủ. Bản cài đặt mới in ra mã thiết lập dùng một lần; không có mật khẩu mặc định.")]
    Serve(serve::Serve),
    /// Chạy riêng việc nền (lập và gửi tin, tổng hợp số liệu) cho các máy chủ chạy với --no-worker
    Worker(worker::Worker),
    /// Chạy thử với dữ liệu mẫu, chỉ trên máy này
    #[command(long_about = "Chạy thử với dữ liệu mẫu (đảng bộ, chi bộ và đảng viên không có thật), chỉ trên máy này. \
                            Lần đầu tạo dữ liệu, các lần sau mở lại dữ liệu đã tạo.")]
    Demo(demo::Demo),
    /// Nhập danh sách đảng viên từ tệp XLSX hoặc CSV
    #[command(long_about = "Nhập danh sách đảng viên từ tệp XLSX hoặc CSV vào một chi bộ, hoặc vào các chi bộ của một đảng bộ. \
                            Không có --accept thì chưa ghi gì: bản xem trước chờ ở trang Đảng viên của tổ chức.")]
    Import(import::Import),
    /// Đưa cơ sở dữ liệu lên phiên bản của chương trình này, hoặc chuyển dữ liệu sang cơ sở dữ liệu khác
    #[command(long_about = "Đưa cơ sở dữ liệu lên phiên bản của chương trình này. Có --from và --to thì chép toàn bộ dữ liệu \
                            sang một cơ sở dữ liệu trống, giữa SQLite và PostgreSQL theo cả hai chiều: từng giá trị được đọc lại \
                            và đối chiếu, có gì không khớp thì không giữ lại gì. Phải dừng mọi máy chủ của nguồn trước.")]
    Migrate(migrate::Migrate),
    /// Sao lưu ra một tệp trong khi máy chủ vẫn chạy
    #[command(long_about = "Sao lưu ra một tệp trong khi máy chủ vẫn chạy. Không ghi đè tệp đã có.")]
    Backup(copy::Backup),
    /// Khôi phục từ tệp sao lưu vào một thư mục trống
    #[command(long_about = "Khôi phục từ tệp sao lưu vào một thư mục trống, rồi kiểm tra toàn vẹn như lệnh verify.")]
    Restore(copy::Restore),
    /// Kiểm tra toàn vẹn: tệp dữ liệu, nhật ký và sổ cái văn bản đã khóa
    Verify(Place),
    /// Lập lại chỉ mục tìm kiếm
    #[command(long_about = "Lập lại chỉ mục tìm kiếm từ dữ liệu đã ghi, trong khi máy chủ vẫn chạy. Không đổi dữ liệu nào khác.")]
    Reindex(Place),
    /// Khám tình trạng bản cài đặt
    Doctor(doctor::Doctor),
}

/// Where the data are.
#[derive(Debug, Clone, Args)]
pub struct Place {
    /// Thư mục dữ liệu SQLite (mặc định: data; biến môi trường NEP_DATA)
    #[arg(long, value_name = "THƯ_MỤC", default_value = "data", env = "NEP_DATA")]
    pub data: PathBuf,
    /// Địa chỉ PostgreSQL, dùng thay cho thư mục dữ liệu (biến môi trường NEP_DATABASE)
    #[arg(long, value_name = "ĐỊA_CHỈ", env = "NEP_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
}

impl Place {
    /// Data in a folder.
    pub fn folder(data: &Path) -> Self {
        Self { data: data.to_owned(), database: None }
    }

    /// The SQLite file.
    pub fn file(&self) -> PathBuf {
        self.data.join("nep.db")
    }

    fn url(&self) -> String {
        match &self.database {
            Some(url) => url.clone(),
            None => format!("sqlite:{}", self.file().display()),
        }
    }

    /// Opens the database, creating it if need be, and brings it up to date.
    ///
    /// # Errors
    /// When it cannot be reached, or belongs to a newer program.
    pub fn open(&self) -> anyhow::Result<Db> {
        self.close_to_others()?;
        let db = Db::open(&self.url()).map_err(words::database).context("không mở được cơ sở dữ liệu")?;
        self.close_to_others()?;
        db.migrate(&migrations(db.engine()))
            .map_err(words::database)
            .context("không đưa được cơ sở dữ liệu lên phiên bản của chương trình")?;
        Ok(db)
    }

    /// Opens a database that must be there and of this program's version; changes nothing.
    ///
    /// # Errors
    /// When there is none, or it has another version.
    pub fn open_as_it_is(&self) -> anyhow::Result<Db> {
        if self.database.is_none() && !self.file().exists() {
            bail!("không có dữ liệu ở {}. Hãy chỉ thư mục dữ liệu bằng --data.", self.data.display());
        }
        let db = Db::open(&self.url()).map_err(words::database).context("không mở được cơ sở dữ liệu")?;
        let found = db.schema_version().map_err(words::database)?;
        let known = migrations(db.engine()).last().map_or(0, |m| m.number);
        if found > known {
            return Err(words::database(db::Error::NewerSchema { found, known }));
        }
        if found < known {
            bail!("cơ sở dữ liệu ở phiên bản {found}, chương trình cần phiên bản {known}. Hãy chạy “nep migrate” trước.");
        }
        Ok(db)
    }

    /// Data that were copied by hand may be readable by others on the machine: only their owner may (P-24).
    fn close_to_others(&self) -> anyhow::Result<()> {
        if self.database.is_some() {
            return Ok(());
        }
        for name in ["nep.db", "nep.db-wal", "nep.db-shm"] {
            let path = self.data.join(name);
            if open_to_others(&path) {
                restrict(&path).with_context(|| format!("không đặt lại được quyền của tệp {}", path.display()))?;
            }
        }
        Ok(())
    }
}

fn restrict(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
}

/// Runs what the command line asks.
///
/// # Errors
/// Anything that stops the program, in words.
pub fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Serve(serve) => serve::run(&serve),
        Command::Worker(worker) => worker::run(&worker),
        Command::Demo(demo) => demo::run(&demo),
        Command::Import(import) => import::run(&import),
        Command::Migrate(migrate) => migrate::run(&migrate),
        Command::Backup(backup) => copy::backup(&backup),
        Command::Restore(restore) => copy::restore(&restore),
        Command::Verify(place) => verify::run(&place),
        Command::Reindex(place) => reindex(&place),
        Command::Doctor(doctor) => doctor::run(&doctor),
    }
}

fn reindex(place: &Place) -> anyhow::Result<()> {
    let db = place.open_as_it_is()?;
    let rows = source::rebuild(&db, &|| true).map_err(words::database)?;
    say(&format!("Đã lập lại chỉ mục tìm kiếm: {} mục.", domain::vi::number(i64::try_from(rows).unwrap_or(i64::MAX))));
    Ok(())
}

/// One line for whoever started the program.
#[expect(clippy::print_stdout, reason = "the command line speaks to its user")]
pub fn say(text: &str) {
    println!("{text}");
}
