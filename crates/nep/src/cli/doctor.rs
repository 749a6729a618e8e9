//! `nep doctor`: how the installation is, line by line, for whoever looks after the machine.
//! Reads only; knows no content.

use std::process::Command;

use anyhow::bail;
use clap::Args;
use db::Db;
use domain::vi;
use jiff::Timestamp;

use super::{Place, copy, open_to_others, say, store, words};
use crate::account::store as accounts;
use crate::actor::local;

#[derive(Debug, Args)]
pub(super) struct Doctor {
    #[command(flatten)]
    place: Place,
}

/// How one thing stands.
enum Finding {
    Fine(String),
    Warning(String),
    Wrong(String),
}

use Finding::{Fine, Warning, Wrong};

pub(super) fn run(doctor: &Doctor) -> anyhow::Result<()> {
    let place = &doctor.place;
    let db = place.open_as_it_is()?;
    let now = Timestamp::now();
    let mut findings = vec![
        Fine(format!("Chương trình: phiên bản {}", env!("CARGO_PKG_VERSION"))),
        schema(&db)?,
        integrity(&db),
        rules(now),
        clock(&db, now)?,
        last_backup(&db, now)?,
        counts(&db)?,
    ];
    if place.database.is_none() {
        findings.push(permissions(place));
        findings.push(disk(place));
    }
    let mut wrong = 0;
    for finding in findings {
        let (mark, text) = match finding {
            Fine(text) => ("OK      ", text),
            Warning(text) => ("CẢNH BÁO", text),
            Wrong(text) => {
                wrong += 1;
                ("LỖI     ", text)
            }
        };
        say(&format!("{mark}  {text}"));
    }
    if wrong > 0 {
        bail!("có {wrong} mục lỗi");
    }
    Ok(())
}

fn schema(db: &Db) -> anyhow::Result<Finding> {
    let engine = match db.engine() {
        db::Engine::Sqlite => "SQLite",
        db::Engine::Postgres => "PostgreSQL",
    };
    let version = db.schema_version().map_err(words::database)?;
    Ok(Fine(format!("Cơ sở dữ liệu: {engine}, phiên bản {version}")))
}

fn integrity(db: &Db) -> Finding {
    match db.integrity() {
        Ok(found) if found.is_empty() => Fine("Tệp dữ liệu: toàn vẹn".to_owned()),
        Ok(found) => Wrong(format!("Tệp dữ liệu: {}", found.join("; "))),
        Err(error) => Wrong(format!("Tệp dữ liệu: {}", words::database(error))),
    }
}

fn rules(now: Timestamp) -> Finding {
    match domain::rulepack::shipped() {
        Err(error) => Wrong(format!("Gói quy định: {error}")),
        Ok(library) => {
            let today = local(now).date();
            let rules = library.at(today);
            let in_force = library.documents().filter(|d| d.from <= today && d.to.is_none_or(|to| to >= today)).count();
            Fine(format!(
                "Gói quy định: {} số liệu có hiệu lực ngày {}, theo {in_force} văn bản",
                rules.figures().count(),
                vi::date(today)
            ))
        }
    }
}

/// A clock that runs behind what was recorded gives wrong dates to everything that follows.
fn clock(db: &Db, now: Timestamp) -> anyhow::Result<Finding> {
    let last = db.read_now(store::last_event).map_err(words::database)?;
    let shown = local(now).strftime("%H:%M ngày %d/%m/%Y").to_string();
    Ok(match last {
        Some(last) if last > now => Wrong(format!(
            "Đồng hồ: máy đang là {shown}, sớm hơn việc đã ghi lúc {}",
            local(last).strftime("%H:%M ngày %d/%m/%Y")
        )),
        _ => Fine(format!("Đồng hồ: {shown} (giờ Việt Nam)")),
    })
}

fn last_backup(db: &Db, now: Timestamp) -> anyhow::Result<Finding> {
    if db.engine() == db::Engine::Postgres {
        return Ok(Fine("Sao lưu: do PostgreSQL đảm nhiệm".to_owned()));
    }
    let note = db.read_now(|tx| accounts::setting(tx, copy::LAST_BACKUP)).map_err(words::database)?;
    let made = note.as_deref().and_then(|n| n.split_once('|')).and_then(|(ms, file)| {
        let at = Timestamp::from_millisecond(ms.parse().ok()?).ok()?;
        Some((at, file.to_owned()))
    });
    let Some((at, file)) = made else {
        return Ok(Warning("Sao lưu: chưa có bản nào. Hãy chạy “nep backup” và giữ bản sao ở máy khác".to_owned()));
    };
    let days = now.duration_since(at).as_hours() / 24;
    let text = format!("Sao lưu: bản gần nhất {} ({file})", local(at).strftime("%H:%M ngày %d/%m/%Y"));
    Ok(if days > 7 { Warning(format!("{text}, đã {days} ngày")) } else { Fine(text) })
}

fn counts(db: &Db) -> anyhow::Result<Finding> {
    let counts = db.read_now(store::counts).map_err(words::database)?;
    let words: Vec<String> = counts.into_iter().map(|(name, n)| format!("{} {name}", vi::number(n))).collect();
    Ok(Fine(format!("Số lượng: {}", words.join(", "))))
}

fn permissions(place: &Place) -> Finding {
    let open: Vec<&str> =
        ["nep.db", "nep.db-wal", "nep.db-shm"].into_iter().filter(|n| open_to_others(&place.data.join(n))).collect();
    if open.is_empty() {
        return Fine("Quyền tệp: chỉ chủ sở hữu đọc được".to_owned());
    }
    Wrong(format!("Quyền tệp: người khác trên máy đọc được {}. Hãy chạy: chmod 600", open.join(", ")))
}

/// Free room where the data are, as `df` tells it: the standard library cannot.
fn disk(place: &Place) -> Finding {
    let told = Command::new("df").arg("-Pk").arg(&place.data).output().ok().filter(|o| o.status.success());
    let free = told.and_then(|o| {
        let text = String::from_utf8_lossy(&o.stdout).into_owned();
        text.lines().nth(1)?.split_whitespace().nth(3)?.parse::<i64>().ok()
    });
    let Some(free_mb) = free.map(|kb| kb / 1024) else {
        return Warning("Ổ đĩa: không đo được chỗ trống".to_owned());
    };
    let size_mb = std::fs::metadata(place.file()).map_or(0, |m| i64::try_from(m.len() >> 20).unwrap_or(0));
    let text = format!("Ổ đĩa: còn trống {} MB, dữ liệu {} MB", vi::number(free_mb), vi::number(size_mb));
    match free_mb {
        ..200 => Wrong(format!("{text}. Hãy giải phóng chỗ ngay")),
        200..1024 => Warning(text),
        _ => Fine(text),
    }
}
