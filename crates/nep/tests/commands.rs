//! The commands as whoever looks after the machine uses them: backup and restore, what verify and
//! doctor find, a newer schema, and a first start that opens no door (P-6, P-7, P-12, P-24).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "what fails in a test fails the test"
)]

mod child;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use child::{Client, Server, nep, open, small};
use db::values;

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_backup_of_a_running_server_restores_with_equal_counts_and_heads() {
    let room = tempfile::tempdir().unwrap();
    let (data, copy, back) = (room.path().join("data"), room.path().join("copy.db"), room.path().join("back"));
    let known = small(&data);
    let server = Server::start(&data);
    let mut ha = Client::sign_in(server.port, &known.logins[0]);
    ha.post("/toi/co-chu", &[("co", "24")]).unwrap();
    let made = nep(&["backup", text(&copy), "--data", text(&data)]).works();
    drop(server);
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);

    let restored = nep(&["restore", text(&copy), "--data", text(&back)]).works().says(&["Toàn vẹn"]);
    assert_eq!(restored.lines("Số lượng"), made.lines("Số lượng"));
    assert_eq!(restored.lines("Sổ cái"), made.lines("Sổ cái"));
    assert!(made.lines("Sổ cái")[0].contains("2 mục"), "{}", made.out);
    assert_eq!(fs::metadata(back.join("nep.db")).unwrap().permissions().mode() & 0o777, 0o600);
    let original = nep(&["verify", "--data", text(&data)]).works();
    assert_eq!(original.lines("Sổ cái"), made.lines("Sổ cái"));

    nep(&["backup", text(&copy), "--data", text(&data)]).fails_saying(&["không ghi đè"]);
    nep(&["restore", text(&copy), "--data", text(&back)]).fails_saying(&["không trống"]);
}

#[test]
fn a_cut_or_foreign_file_is_refused_and_leaves_nothing_behind() {
    let room = tempfile::tempdir().unwrap();
    let (data, copy) = (room.path().join("data"), room.path().join("copy.db"));
    small(&data);
    nep(&["backup", text(&copy), "--data", text(&data)]).works();
    let whole = fs::read(&copy).unwrap();
    let mut flipped = whole.clone();
    // Into the schema at the head of the file, which every check reads.
    flipped[100..612].fill(0xA5);
    for (name, bytes) in [
        ("cut", &whole[..whole.len() / 2]),
        ("flipped", &flipped[..]),
        ("empty", &[][..]),
        ("foreign", &b"PK\x03\x04 not a database at all, only some words"[..]),
    ] {
        let (file, back) = (room.path().join(name), room.path().join(format!("{name}-back")));
        fs::write(&file, bytes).unwrap();
        nep(&["restore", text(&file), "--data", text(&back)]).fails_saying(&["sao lưu"]);
        let left = fs::read_dir(&back).map_or(0, Iterator::count);
        assert_eq!(left, 0, "{name}");
    }
    nep(&["restore", text(&room.path().join("none")), "--data", text(&room.path().join("x"))]).fails_saying(&["không mở được"]);
}

#[test]
fn verify_finds_and_locates_what_was_changed_behind_the_programs_back() {
    let tampering = [
        ("update issued set content = '{}' where number = 1", "nội dung đã bị sửa sau khi khóa"),
        ("delete from issued where number = 2", "đã bị xóa"),
        ("update ledger set content_hash = 'x' where seq = 1", "mục 1 đã bị sửa"),
        ("delete from ledger where seq = 2", "bị cắt"),
        ("update audit set action = 'nothing' where seq = 3", "dòng 3 đã bị sửa"),
        ("delete from audit where seq = 2", "thiếu dòng 2"),
    ];
    let room = tempfile::tempdir().unwrap();
    let data = room.path().join("data");
    small(&data);
    nep(&["verify", "--data", text(&data)]).works().says(&["Toàn vẹn"]);
    for (n, (sql, words)) in tampering.into_iter().enumerate() {
        let copy = room.path().join(n.to_string());
        fs::create_dir(&copy).unwrap();
        fs::copy(data.join("nep.db"), copy.join("nep.db")).unwrap();
        open(&copy).write_now(move |tx| tx.exec(sql, values![])).unwrap();
        let found = nep(&["verify", "--data", text(&copy)]).fails_saying(&[words]);
        assert_eq!(found.code, Some(1));
        assert!(!found.lines("SAI").is_empty(), "{}", found.out);
    }
}

#[test]
fn a_newer_schema_is_refused_in_words_and_left_alone() {
    let room = tempfile::tempdir().unwrap();
    let data = room.path().join("data");
    small(&data);
    open(&data)
        .write_now(|tx| {
            tx.exec("insert into schema_migration (number, name, checksum, applied_at) values (999, 'later', 'x', 1)", values![])
        })
        .unwrap();
    for args in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["migrate"],
        &["verify"],
        &["doctor"],
        &["backup", text(&room.path().join("b.db"))],
    ] {
        let args: Vec<&str> = args.iter().copied().chain(["--data", text(&data)]).collect();
        nep(&args).fails_saying(&["phiên bản mới hơn", "999"]);
    }
    assert!(!room.path().join("b.db").exists());
}

#[test]
fn a_first_start_opens_no_door() {
    let room = tempfile::tempdir().unwrap();
    let data = room.path().join("data");
    let place = ["--data", text(&data)];
    let serve = |more: &[&str]| nep(&[&["serve"], &place[..], more].concat());
    serve(&["--listen", "0.0.0.0:0"]).fails_saying(&["chưa có TLS", "--behind-proxy"]);
    serve(&["--listen", "0.0.0.0:0", "--behind-proxy"]).fails_saying(&["--address https"]);
    serve(&["--listen", "0.0.0.0:0", "--behind-proxy", "--address", "http://nep.donvi.vn"]).fails_saying(&["--address https"]);
    nep(&[&["demo", "--listen", "0.0.0.0:0"], &place[..]].concat()).fails_saying(&["chỉ chạy trên máy này"]);
    assert!(!data.exists(), "a refused start writes nothing");

    let server = Server::start(&data);
    let code = server.said.lines().find_map(|l| l.strip_prefix("Mã thiết lập (dùng một lần): ")).unwrap().to_owned();
    assert!(code.len() >= 12, "{code}");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    for file in fs::read_dir(&data).unwrap() {
        assert_eq!(mode(&file.unwrap().path()), 0o600);
    }
    let mut anyone = Client::new(server.port).unwrap();
    for (name, password) in [("admin", "admin"), ("quantri", "123456"), ("bithu", "bithu12345")] {
        assert_ne!(anyone.post("/dang-nhap", &[("ten", name), ("mat_khau", password)]).unwrap().0, 303);
    }
    assert_eq!(open(&data).read_now(|tx| tx.scalar::<i64>("select count(*) from account", values![])).unwrap(), 0);
}

#[test]
fn demonstration_data_are_never_served_to_strangers_nor_mixed_with_real_ones() {
    let room = tempfile::tempdir().unwrap();
    let (data, real) = (room.path().join("demo"), room.path().join("real"));
    small(&data);
    open(&data).write_now(|tx| nep::account::store::set_setting(tx, "demo", "Bí thư\tA\ta\tB")).unwrap();
    nep(&["serve", "--data", text(&data), "--listen", "0.0.0.0:0", "--behind-proxy", "--address", "https://nep.donvi.vn"])
        .fails_saying(&["dữ liệu mẫu"]);
    small(&real);
    nep(&["demo", "--data", text(&real), "--only-make"]).fails_saying(&["dữ liệu thật"]);
}

#[test]
fn a_demonstration_can_be_looked_at_on_another_day() {
    let room = tempfile::tempdir().unwrap();
    let data = room.path().join("demo");
    let at = |now| ["demo", "--data", text(&data), "--small", "--only-make", "--now", now].map(str::to_owned);
    nep(&at("hom-qua").each_ref().map(String::as_str)).fails_saying(&["hom-qua", "--now"]);
    assert!(!data.exists());
    nep(&at("2031-05-20T08:30").each_ref().map(String::as_str)).works().says(&["Bí thư chi bộ"]);
    let (last, next): (String, String) = open(&data)
        .read_now(|tx| {
            tx.one("select max(case when opened_at is not null then starts_at end), max(starts_at) from meeting", values![])
        })
        .unwrap();
    assert!(last.starts_with("2031-05-"), "the last meeting held: {last}");
    assert!(next.starts_with("2031-06-"), "the next one: {next}");
}

#[test]
fn doctor_tells_line_by_line_and_serving_closes_files_to_others() {
    let room = tempfile::tempdir().unwrap();
    let data = room.path().join("data");
    small(&data);
    let file = data.join("nep.db");
    nep(&["doctor", "--data", text(&data)]).works().says(&[
        "OK",
        "Gói quy định",
        "CẢNH BÁO  Sao lưu: chưa có",
        "Đồng hồ",
        "Ổ đĩa",
    ]);
    nep(&["backup", text(&room.path().join("b.db")), "--data", text(&data)]).works();
    nep(&["doctor", "--data", text(&data)]).works().says(&["OK        Sao lưu: bản gần nhất"]);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    nep(&["doctor", "--data", text(&data)]).fails_saying(&["LỖI       Quyền tệp"]);
    drop(Server::start(&data));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn commands_that_look_at_data_create_none() {
    let room = tempfile::tempdir().unwrap();
    let none = room.path().join("none");
    for command in ["verify", "doctor"] {
        nep(&[command, "--data", text(&none)]).fails_saying(&["không có dữ liệu"]);
    }
    nep(&["backup", text(&room.path().join("b.db")), "--data", text(&none)]).fails_saying(&["không có dữ liệu"]);
    assert!(!none.exists() && !room.path().join("b.db").exists());
    nep(&["migrate", "--data", text(&none)]).works().says(&["phiên bản"]);
    assert!(none.join("nep.db").exists());
}
