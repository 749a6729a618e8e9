//! Each check by table: what is measured, how it is judged, what is said to do.

use domain::id::OrgId;
use jiff::ToSpan;
use jiff::civil::date;

use super::super::machine::Folder;
use super::super::store::Checked;
use super::*;

fn now() -> Timestamp {
    crate::actor::moment(date(2026, 11, 22).at(9, 0, 0, 0))
}

fn ago(hours: i64) -> Timestamp {
    now().checked_sub(hours.hours()).unwrap()
}

fn facts() -> Facts {
    Facts {
        schema: migrations(Engine::Sqlite).last().map_or(0, |m| i64::from(m.number)),
        size: 12 << 20,
        counts: vec![("tổ chức", 3)],
        last_event: Some(ago(1)),
        backup: Some((ago(24), "/srv/sao-luu/nep-1.db".to_owned())),
        file: Some(Checked { at: ago(1), wrong: 0 }),
        chains: Some(Checked { at: ago(1), wrong: 0 }),
        messages: (2, 0),
        accounts: InUse { accounts: 12, disabled: 1, sessions: 4 },
        ledger: vec![(OrgId::new(1), 3, "abc".to_owned())],
        audit: vec![(OrgId::new(1), 10, "def".to_owned()), (OrgId::new(2), 5, "ghi".to_owned())],
    }
}

fn machine() -> Machine {
    Machine {
        engine: Engine::Sqlite,
        folder: Some(Folder { free_mb: Some(5000), open: Vec::new() }),
        keeping: None,
        replicas: None,
        address: Some("https://nep.donvi.vn".to_owned()),
    }
}

fn all(facts: &Facts, machine: &Machine) -> Vec<Line> {
    lines(facts, machine, &domain::rulepack::shipped().unwrap(), now())
}

#[track_caller]
fn line(facts: &Facts, machine: &Machine, name: &str) -> Line {
    all(facts, machine).into_iter().find(|l| l.name == name).unwrap_or_else(|| panic!("no line {name}"))
}

#[test]
fn a_sound_installation_is_fine_in_every_line() {
    let found = all(&facts(), &machine());
    assert_eq!(found.len(), 15);
    for l in &found {
        assert_eq!((l.level, l.act), (Level::Fine, ""), "{l:?}");
    }
    assert_eq!(line(&facts(), &machine(), "Tài khoản").words, "12 tài khoản, 1 đang khóa; 4 phiên đang mở");
    assert!(line(&facts(), &machine(), "Nhật ký").words.starts_with("15 dòng, mã "));
}

#[test]
fn a_backup_ages() {
    let table = [
        (0, Level::Fine, "bản gần nhất 09:00 ngày 22/11/2026"),
        (25, Level::Fine, "bản gần nhất 08:00 ngày 21/11/2026, đã 1 ngày"),
        (167, Level::Fine, "đã 6 ngày"),
        (168, Level::Warning, "đã 7 ngày"),
        (24 * 40, Level::Warning, "đã 40 ngày"),
    ];
    for (hours, level, words) in table {
        let l = line(&Facts { backup: Some((ago(hours), "f".to_owned())), ..facts() }, &machine(), "Sao lưu");
        assert_eq!(l.level, level, "{hours}");
        assert!(l.words.ends_with(words), "{}", l.words);
        assert_eq!(l.act.contains("quá 7 ngày"), level == Level::Warning);
    }
    let none = line(&Facts { backup: None, ..facts() }, &machine(), "Sao lưu");
    assert_eq!((none.level, none.words.as_str()), (Level::Warning, "chưa có bản nào"));
    let elsewhere = Machine { engine: Engine::Postgres, folder: None, ..machine() };
    assert_eq!(line(&Facts { backup: None, ..facts() }, &elsewhere, "Sao lưu").level, Level::Fine);
}

#[test]
fn what_is_wrong_is_said_with_what_to_do() {
    let f = facts;
    let open = Folder { free_mb: Some(5000), open: vec!["nep.db".to_owned()] };
    let room = |mb| Machine { folder: Some(Folder { free_mb: mb, open: Vec::new() }), ..machine() };
    let at = |address: &str| Machine { address: Some(address.to_owned()), ..machine() };
    let checked = |hours, wrong| Some(Checked { at: ago(hours), wrong });
    let table = [
        (Facts { schema: 999, ..f() }, machine(), "Cơ sở dữ liệu", Level::Wrong),
        (Facts { file: None, ..f() }, machine(), "Tệp dữ liệu", Level::Warning),
        (Facts { file: checked(1, 2), ..f() }, machine(), "Tệp dữ liệu", Level::Wrong),
        (Facts { file: checked(24 * 32, 0), ..f() }, machine(), "Tệp dữ liệu", Level::Warning),
        (Facts { chains: None, ..f() }, machine(), "Nhật ký, sổ cái", Level::Warning),
        (Facts { chains: checked(1, 1), ..f() }, machine(), "Nhật ký, sổ cái", Level::Wrong),
        (Facts { last_event: Some(ago(-1)), ..f() }, machine(), "Đồng hồ", Level::Wrong),
        (Facts { messages: (0, 3), ..f() }, machine(), "Tin gửi ra ngoài", Level::Warning),
        (f(), Machine { folder: Some(open), ..machine() }, "Quyền tệp", Level::Wrong),
        (f(), room(Some(199)), "Ổ đĩa", Level::Wrong),
        (f(), room(Some(1023)), "Ổ đĩa", Level::Warning),
        (f(), room(None), "Ổ đĩa", Level::Warning),
        (f(), at("http://10.0.0.5:8080"), "Địa chỉ truy cập", Level::Warning),
    ];
    for (facts, machine, name, level) in table {
        let l = line(&facts, &machine, name);
        assert_eq!(l.level, level, "{l:?}");
        assert!(l.act.starts_with("Hãy "), "{l:?}");
    }
    assert_eq!(line(&facts(), &at("http://127.0.0.1:8080"), "Địa chỉ truy cập").level, Level::Fine);
    assert_eq!(line(&facts(), &room(Some(1024)), "Ổ đĩa").level, Level::Fine);
}

#[test]
fn a_place_on_the_machine_is_told_only_there() {
    let open = Folder { free_mb: Some(5000), open: vec!["nep.db-wal".to_owned()] };
    for l in all(&facts(), &Machine { folder: Some(open), ..machine() }) {
        assert!(!l.words.contains("/srv") && !l.words.contains("nep.db"), "{l:?}");
        match l.name {
            "Sao lưu" => assert_eq!(l.here, "/srv/sao-luu/nep-1.db"),
            "Quyền tệp" => assert_eq!(l.here, "nep.db-wal"),
            _ => assert_eq!(l.here, ""),
        }
    }
}

#[test]
fn the_code_of_the_chains_changes_with_any_head() {
    let code = |f: &Facts| line(f, &machine(), "Nhật ký").words;
    let mut other = facts();
    other.audit[1].2 = "ghj".to_owned();
    assert_ne!(code(&facts()), code(&other));
    assert_eq!(line(&Facts { ledger: Vec::new(), ..facts() }, &machine(), "Sổ cái văn bản").words, "chưa có mục nào");
}

#[test]
fn a_standby_that_would_lose_what_was_acknowledged_is_called_wrong() {
    let sound = db::Keeping { standbys: 2, waited_for: Some(1), waits: true, commit: "on".to_owned(), disk: true };
    for (keeping, level, words) in [
        (sound.clone(), Level::Fine, "2 bản"),
        (db::Keeping { waited_for: None, ..sound.clone() }, Level::Fine, "2 bản"),
        (db::Keeping { commit: "remote_apply".to_owned(), ..sound.clone() }, Level::Fine, "2 bản"),
        (db::Keeping { standbys: 0, waited_for: Some(0), waits: false, ..sound.clone() }, Level::Warning, "không có"),
        (db::Keeping { waited_for: Some(0), waits: false, ..sound.clone() }, Level::Wrong, "không đồng bộ"),
        (db::Keeping { waited_for: Some(0), ..sound.clone() }, Level::Wrong, "không kết nối"),
        (db::Keeping { standbys: 0, waited_for: None, ..sound.clone() }, Level::Wrong, "không kết nối"),
        (db::Keeping { commit: "off".to_owned(), ..sound.clone() }, Level::Wrong, "synchronous_commit"),
        (db::Keeping { commit: "remote_write".to_owned(), ..sound.clone() }, Level::Wrong, "synchronous_commit"),
        (db::Keeping { disk: false, ..sound.clone() }, Level::Wrong, "không chờ ổ đĩa"),
    ] {
        let found = standby(&keeping);
        assert_eq!(found.level, level, "{keeping:?}");
        assert!(found.words.contains(words), "{keeping:?}: {}", found.words);
    }
    assert_eq!((replicas((2, 2)).level, replicas((1, 2)).level), (Level::Fine, Level::Warning));
}
