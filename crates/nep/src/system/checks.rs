//! The list of checks: what is measured in, one line for each thing out. Decides, reads nothing.
//! Rules: P-2, P-5, P-6 (backup, integrity), P-24 (address, files), P-4 (clock).

use db::{Engine, Keeping};
use domain::rulepack::Library;
use domain::vi;
use jiff::Timestamp;
use web::random::digest;

use super::machine::Machine;
use super::store::{Checked, Facts};
use crate::account::store::manage::InUse;
use crate::actor::local;
use crate::schema::migrations;

/// How one thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Well.
    Fine,
    /// Somebody should look at it.
    Warning,
    /// Something is wrong.
    Wrong,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How it stands.
    pub level: Level,
    /// What was looked at.
    pub name: &'static str,
    /// How it was found.
    pub words: String,
    /// What to do about it; empty when there is nothing to do.
    pub act: &'static str,
    /// What is told only to who sits at the machine: files and places.
    pub here: String,
}

/// Hours after which a backup is old.
const BACKUP_HOURS: i64 = 7 * 24;
/// Days after which a check is old.
const CHECK_DAYS: i64 = 31;

fn fine(name: &'static str, words: String) -> Line {
    Line { level: Level::Fine, name, words, act: "", here: String::new() }
}

fn told(level: Level, name: &'static str, words: String, act: &'static str) -> Line {
    Line { level, name, words, act, here: String::new() }
}

/// Every check, in the order they are told.
pub fn lines(facts: &Facts, machine: &Machine, library: &Library, now: Timestamp) -> Vec<Line> {
    let mut out = vec![fine("Chương trình", format!("phiên bản {}", env!("CARGO_PKG_VERSION"))), schema(facts, machine)];
    out.push(file_check(facts, now));
    out.push(chain_check(facts, now));
    out.push(rules(library, now));
    out.push(clock(facts, now));
    out.push(backup(facts, machine, now));
    out.extend(machine.keeping.as_ref().map(standby));
    out.extend(machine.replicas.map(replicas));
    out.extend(machine.folder.as_ref().map(|f| permissions(&f.open)));
    out.push(room(facts, machine));
    out.extend(machine.address.as_deref().map(address));
    out.push(messages(facts));
    out.push(accounts(facts));
    out.push(fine("Số lượng", counted(facts)));
    out.push(fine("Sổ cái văn bản", head("mục", &facts.ledger)));
    out.push(fine("Nhật ký", head("dòng", &facts.audit)));
    out
}

fn schema(facts: &Facts, machine: &Machine) -> Line {
    let engine = match machine.engine {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    };
    let known = migrations(machine.engine).last().map_or(0, |m| i64::from(m.number));
    let words = format!("{engine}, phiên bản {}", facts.schema);
    if facts.schema == known {
        return fine("Cơ sở dữ liệu", words);
    }
    let words = format!("{words}, chương trình cần phiên bản {known}");
    told(Level::Wrong, "Cơ sở dữ liệu", words, "Hãy dùng đúng phiên bản chương trình, hoặc chạy “nep migrate”.")
}

/// `lúc 09:00 ngày 22/11/2026`.
fn moment(at: Timestamp) -> String {
    local(at).strftime("%H:%M ngày %d/%m/%Y").to_string()
}

fn days(at: Timestamp, now: Timestamp) -> i64 {
    now.duration_since(at).as_hours() / 24
}

fn file_check(facts: &Facts, now: Timestamp) -> Line {
    let name = "Tệp dữ liệu";
    match facts.file {
        None => told(Level::Warning, name, "chưa kiểm tra lần nào".to_owned(), "Hãy kiểm tra tệp dữ liệu."),
        Some(found) if found.wrong > 0 => {
            let words = format!("{} chỗ hỏng, kiểm tra lúc {}", vi::number(found.wrong), moment(found.at));
            told(Level::Wrong, name, words, "Hãy dừng máy chủ, giữ nguyên tệp và khôi phục từ bản sao lưu gần nhất.")
        }
        Some(found) => aged(name, "toàn vẹn", &found, now, "Hãy kiểm tra lại tệp dữ liệu."),
    }
}

fn chain_check(facts: &Facts, now: Timestamp) -> Line {
    let name = "Nhật ký, sổ cái";
    match facts.chains {
        None => told(Level::Warning, name, "chưa đối chiếu lần nào".to_owned(), "Hãy chạy “nep verify” trên máy chủ."),
        Some(found) if found.wrong > 0 => {
            let words = format!("{} chỗ không khớp, đối chiếu lúc {}", vi::number(found.wrong), moment(found.at));
            told(Level::Wrong, name, words, "Hãy báo cấp ủy; chạy “nep verify” để biết chỗ không khớp.")
        }
        Some(found) => aged(name, "khớp", &found, now, "Hãy chạy lại “nep verify” trên máy chủ."),
    }
}

fn aged(name: &'static str, word: &str, found: &Checked, now: Timestamp, act: &'static str) -> Line {
    let words = format!("{word}, kiểm tra lúc {}", moment(found.at));
    match days(found.at, now) {
        days if days > CHECK_DAYS => told(Level::Warning, name, format!("{words}, đã {days} ngày"), act),
        _ => fine(name, words),
    }
}

fn rules(library: &Library, now: Timestamp) -> Line {
    let today = local(now).date();
    let rules = library.at(today);
    let in_force = library.documents().filter(|d| d.from <= today && d.to.is_none_or(|to| to >= today)).count();
    let layout = rules.profile().map(|p| format!(", mẫu thể thức {}", p.code)).unwrap_or_default();
    let words =
        format!("{} số liệu có hiệu lực ngày {}, theo {in_force} văn bản{layout}", rules.figures().count(), vi::date(today));
    fine("Gói quy định", words)
}

/// A clock that runs behind what was recorded gives wrong dates to everything that follows.
fn clock(facts: &Facts, now: Timestamp) -> Line {
    match facts.last_event {
        Some(last) if last > now => {
            let words = format!("máy đang là {}, sớm hơn việc đã ghi lúc {}", moment(now), moment(last));
            told(Level::Wrong, "Đồng hồ", words, "Hãy chỉnh lại ngày giờ của máy chủ.")
        }
        _ => fine("Đồng hồ", format!("{} (giờ Việt Nam)", moment(now))),
    }
}

fn backup(facts: &Facts, machine: &Machine, now: Timestamp) -> Line {
    let name = "Sao lưu";
    if machine.engine == Engine::Postgres {
        return fine(name, "do PostgreSQL đảm nhiệm".to_owned());
    }
    let Some((at, file)) = &facts.backup else {
        let act = "Hãy chạy “nep backup” và giữ bản sao ở máy khác.";
        return told(Level::Warning, name, "chưa có bản nào".to_owned(), act);
    };
    let days = days(*at, now);
    let words = match days {
        0 => format!("bản gần nhất {}", moment(*at)),
        _ => format!("bản gần nhất {}, đã {days} ngày", moment(*at)),
    };
    let old = now.duration_since(*at).as_hours() >= BACKUP_HOURS;
    let line = match old {
        true => {
            told(Level::Warning, name, words, "Bản sao lưu đã cũ quá 7 ngày. Hãy chạy “nep backup” và giữ bản sao ở máy khác.")
        }
        false => fine(name, words),
    };
    Line { here: file.clone(), ..line }
}

/// Whether what was acknowledged is also on another machine (P-1, P-23).
fn standby(keeping: &Keeping) -> Line {
    let name = "Bản dự phòng";
    let see = "Hãy sửa cấu hình PostgreSQL theo docs/SCALE.md.";
    let wrong = |words: &str| told(Level::Wrong, name, words.to_owned(), see);
    if !keeping.disk {
        return wrong("PostgreSQL không chờ ổ đĩa (fsync hoặc full_page_writes tắt): mất điện là hỏng dữ liệu");
    }
    if !matches!(keeping.commit.as_str(), "on" | "remote_apply") {
        return wrong(&format!("synchronous_commit = {}: việc đã báo lưu có thể mất khi máy hỏng", keeping.commit));
    }
    match (keeping.standbys, keeping.waits, keeping.waited_for) {
        (0, false, _) => told(
            Level::Warning,
            name,
            "không có; máy hỏng ổ đĩa là mất những gì ghi sau bản sao lưu cuối".to_owned(),
            "Hãy lập bản dự phòng đồng bộ theo docs/SCALE.md.",
        ),
        (_, false, _) => wrong("đang chạy không đồng bộ: chuyển sang bản đó có thể mất việc đã báo lưu"),
        (0, true, _) | (_, true, Some(0)) => wrong("bản đồng bộ không kết nối: việc ghi đang phải chờ"),
        (n, true, _) => fine(name, format!("{} bản đang nhận dữ liệu, việc ghi chờ bản đồng bộ", vi::number(n))),
    }
}

/// Replicas that are too far behind answer nothing; the primary has their share.
fn replicas((usable, all): (usize, usize)) -> Line {
    let name = "Bản sao chỉ đọc";
    let words = format!("{usable} trên {all} bản đang dùng được");
    match usable == all {
        true => fine(name, words),
        false => told(Level::Warning, name, words, "Hãy xem bản sao không kịp dữ liệu; máy chính đang trả lời thay."),
    }
}

fn permissions(open: &[String]) -> Line {
    if open.is_empty() {
        return fine("Quyền tệp", "chỉ chủ sở hữu đọc được".to_owned());
    }
    let words = "người khác trên máy đọc được tệp dữ liệu".to_owned();
    let line = told(Level::Wrong, "Quyền tệp", words, "Hãy đặt lại quyền của tệp (chmod 600), hoặc khởi động lại máy chủ.");
    Line { here: open.join(", "), ..line }
}

fn room(facts: &Facts, machine: &Machine) -> Line {
    let name = "Ổ đĩa";
    let data = format!("dữ liệu {} MB", vi::number((facts.size >> 20).max(1)));
    let Some(folder) = &machine.folder else {
        return fine(name, format!("{data} trên máy chủ PostgreSQL"));
    };
    let Some(free) = folder.free_mb else {
        return told(Level::Warning, name, format!("không đo được chỗ trống, {data}"), "Hãy xem chỗ trống trên máy chủ.");
    };
    let words = format!("còn trống {} MB, {data}", vi::number(free));
    match free {
        ..200 => told(Level::Wrong, name, words, "Hãy giải phóng chỗ ngay."),
        200..1024 => told(Level::Warning, name, words, "Hãy giải phóng chỗ."),
        _ => fine(name, words),
    }
}

/// The address as it was declared; without TLS it is for the machine itself.
fn address(address: &str) -> Line {
    let name = "Địa chỉ truy cập";
    if address.starts_with("https://") {
        return fine(name, format!("vào qua {address}, TLS do máy chủ trung gian đứng trước"));
    }
    let host = address.strip_prefix("http://").unwrap_or(address);
    if ["127.", "localhost", "[::1]"].iter().any(|own| host.starts_with(own)) {
        return fine(name, format!("vào qua {address}, chỉ dùng trên chính máy chủ"));
    }
    let act = "Hãy đặt máy chủ trung gian có TLS phía trước, rồi chạy với --behind-proxy và --address https://…";
    told(Level::Warning, name, format!("vào qua {address}, không có TLS"), act)
}

/// Messages that failed wait for somebody who decides.
fn messages(facts: &Facts) -> Line {
    let (waiting, failed) = facts.messages;
    let name = "Tin gửi ra ngoài";
    match failed {
        0 => fine(name, format!("{} tin chờ gửi", vi::number(waiting))),
        _ => {
            let words =
                format!("{} tin gửi hỏng hoặc không rõ đã gửi hay chưa, {} tin chờ gửi", vi::number(failed), vi::number(waiting));
            told(Level::Warning, name, words, "Hãy xem trang Tin gửi ra ngoài, gửi lại nếu cần.")
        }
    }
}

fn accounts(facts: &Facts) -> Line {
    let InUse { accounts, disabled, sessions } = facts.accounts;
    let words =
        format!("{} tài khoản, {} đang khóa; {} phiên đang mở", vi::number(accounts), vi::number(disabled), vi::number(sessions));
    fine("Tài khoản", words)
}

fn counted(facts: &Facts) -> String {
    facts.counts.iter().map(|(name, n)| format!("{} {name}", vi::number(*n))).collect::<Vec<_>>().join(", ")
}

/// How far the chains reach, and one code that changes with any of their heads: written down
/// elsewhere, it shows later that nothing was cut off.
fn head(unit: &str, heads: &[(domain::id::OrgId, i64, String)]) -> String {
    let all: i64 = heads.iter().map(|h| h.1).sum();
    let text: String = heads.iter().map(|(org, seq, hash)| format!("{org} {seq} {hash}\n")).collect();
    match heads {
        [] => format!("chưa có {unit} nào"),
        _ => format!("{} {unit}, mã {}", vi::number(all), digest(&text).chars().take(16).collect::<String>()),
    }
}

#[cfg(test)]
#[path = "checks_tests.rs"]
mod tests;
