//! `nep backup` and `nep restore`: a whole, checked copy in one file, and the way back into an
//! empty folder. Neither overwrites anything (P-6).

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use jiff::Timestamp;

use super::{Place, say, verify, words};
use crate::system::store;

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// Tệp sao lưu sẽ tạo
    #[arg(value_name = "TỆP")]
    file: PathBuf,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// Tệp sao lưu
    #[arg(value_name = "TỆP")]
    file: PathBuf,
    /// Thư mục dữ liệu mới, phải trống hoặc chưa có (mặc định: data; biến môi trường NEP_DATA)
    #[arg(long, value_name = "THƯ_MỤC", default_value = "data", env = "NEP_DATA")]
    data: PathBuf,
}

pub(super) fn backup(backup: &Backup) -> anyhow::Result<()> {
    if backup.place.database.is_some() {
        bail!("dữ liệu PostgreSQL được sao lưu bằng công cụ của PostgreSQL (pg_dump, pg_basebackup).");
    }
    if backup.file.exists() {
        bail!("tệp {} đã có; bản sao lưu không ghi đè. Hãy chọn tên khác.", backup.file.display());
    }
    let db = backup.place.open_as_it_is()?;
    db.backup_to(&backup.file).map_err(words::database).context("không sao lưu được")?;
    let made = Place { data: PathBuf::new(), database: Some(format!("sqlite:{}", backup.file.display())) };
    let copy = db::Db::open(&made.url()).map_err(words::database)?;
    say(&format!("Đã sao lưu vào {}.", backup.file.display()));
    verify::report(&copy)?;
    drop(copy);
    let (now, file) = (Timestamp::now(), backup.file.display().to_string());
    db.write_now(move |tx| store::note_backup(tx, now, &file)).map_err(words::database)
}

pub(super) fn restore(restore: &Restore) -> anyhow::Result<()> {
    must_be_sqlite(&restore.file)?;
    must_be_empty(&restore.data)?;
    let place = Place::folder(&restore.data);
    if let Err(error) = bring_back(&restore.file, &place) {
        // What was brought back is of no use; the backup itself is untouched.
        for name in ["nep.db", "nep.db-wal", "nep.db-shm"] {
            drop(fs::remove_file(restore.data.join(name)));
        }
        return Err(error);
    }
    say(&format!("Đã khôi phục vào {}.", restore.data.display()));
    verify::check(&place.open()?)
}

/// Copies the file and looks whether the engine can read all of it and the program knows its schema.
fn bring_back(file: &Path, place: &Place) -> anyhow::Result<()> {
    let mut from = File::open(file)?;
    let mut to = OpenOptions::new().write(true).create_new(true).mode(0o600).open(place.file())?;
    io::copy(&mut from, &mut to).context("không chép được tệp sao lưu")?;
    to.sync_all()?;
    drop(to);
    let db = db::Db::open(&place.url()).map_err(words::database).context("không đọc được tệp sao lưu")?;
    let wrong = db.integrity().map_err(words::database).context("không đọc được tệp sao lưu")?;
    if let Some(first) = wrong.first() {
        bail!("tệp sao lưu bị hỏng: {first}");
    }
    drop(db);
    place.open().map(drop)
}

fn must_be_sqlite(file: &Path) -> anyhow::Result<()> {
    let mut head = [0u8; 16];
    let mut from = File::open(file).with_context(|| format!("không mở được tệp sao lưu {}", file.display()))?;
    if from.read_exact(&mut head).is_err() || &head != b"SQLite format 3\0" {
        bail!("tệp {} không phải tệp sao lưu của Nếp.", file.display());
    }
    Ok(())
}

fn must_be_empty(folder: &Path) -> anyhow::Result<()> {
    if !folder.exists() {
        return Ok(fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?);
    }
    let mut entries = fs::read_dir(folder).with_context(|| format!("{} không phải thư mục", folder.display()))?;
    if entries.next().is_some() {
        bail!("thư mục {} không trống; khôi phục không ghi đè dữ liệu đang có.", folder.display());
    }
    Ok(())
}
