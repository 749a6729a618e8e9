//! The program as a child process: commands with what they print, servers that are killed, and a
//! browser of a few lines that speaks HTTP/1.1 over a bare socket.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::zombie_processes,
    reason = "a test helper: what fails here fails the test"
)]
#![allow(dead_code, reason = "each test binary uses its own part")]

pub mod certificate;
pub mod cluster;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use db::{Db, Tx};
use domain::id::{OrgId, PersonId, TaskId};
use domain::post::Role;
use domain::resolution::TaskDraft;
use domain::roll::Standing;
use jiff::Timestamp;
use jiff::civil::date;
use nep::account::password::hash_now;
use nep::account::store as accounts;
use nep::actor::{Actor, Ids, moment};
use nep::fault::Fault;
use nep::ledger::store::{self as ledger, Sealing};
use nep::meeting::store::{self as meetings, NewMeeting};
use nep::member::store::{self as members, NewPerson};
use nep::org::store::{self as orgs, NewOrg};
use nep::resolution::store::{self as resolutions, Text};
use nep::schema::migrations;
use nep::task::store as tasks;

pub const PASSWORD: &str = "con mèo trên mái ngói";

/// What a command did.
pub struct Done {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Done {
    #[track_caller]
    pub fn works(self) -> Self {
        assert_eq!(self.code, Some(0), "out: {}\nerr: {}", self.out, self.err);
        self
    }

    #[track_caller]
    pub fn fails_saying(self, words: &[&str]) -> Self {
        assert!(self.code.is_some_and(|c| c != 0), "{:?} out: {}\nerr: {}", self.code, self.out, self.err);
        for w in words {
            assert!(self.err.contains(w) || self.out.contains(w), "“{w}” not in out: {}\nerr: {}", self.out, self.err);
        }
        assert!(self.err.contains("Lỗi"), "errors are said on stderr: {}", self.err);
        self
    }

    #[track_caller]
    pub fn says(self, words: &[&str]) -> Self {
        for w in words {
            assert!(self.out.contains(w), "“{w}” not in {}", self.out);
        }
        self
    }

    /// The lines of the output that start with this.
    pub fn lines(&self, start: &str) -> Vec<String> {
        self.out.lines().filter(|l| l.starts_with(start)).map(str::to_owned).collect()
    }
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nep"));
    command.args(args).stdin(Stdio::null()).env_remove("NEP_DATA").env_remove("NEP_DATABASE").env_remove("NEP_LISTEN");
    for name in ["NEP_MAIL", "NEP_MAIL_FROM", "NEP_WEBHOOK", "NEP_WEBHOOK_SECRET", "NEP_FROM", "NEP_TO", "NEP_REPLICAS"] {
        command.env_remove(name);
    }
    command
}

/// Runs a command to its end.
pub fn nep(args: &[&str]) -> Done {
    nep_with(args, &[])
}

/// As [`nep`], with settings from the environment.
pub fn nep_with(args: &[&str], settings: &[(&str, &str)]) -> Done {
    let done = command(args).envs(settings.iter().copied()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Done { code: done.status.code(), out: text(done.stdout), err: text(done.stderr) }
}

/// A server that ends with this value.
pub struct Server {
    child: Child,
    pub port: u16,
    /// What it said before it was ready.
    pub said: String,
}

impl Server {
    /// Starts `nep serve` and waits until it says that it runs.
    pub fn start(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    /// As [`Server::start`], with settings from the environment.
    pub fn start_with(data: &Path, settings: &[(&str, &str)]) -> Self {
        Self::start_args(&["--data", data.to_str().unwrap()], settings)
    }

    /// As [`Server::start`], with any arguments.
    pub fn start_args(args: &[&str], settings: &[(&str, &str)]) -> Self {
        Self::run(&[&["serve", "--listen", "127.0.0.1:0"], args].concat(), settings)
    }

    fn run(args: &[&str], settings: &[(&str, &str)]) -> Self {
        let mut child =
            command(args).envs(settings.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let out = child.stdout.take().unwrap();
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        let mut said = String::new();
        loop {
            let line = told.recv_timeout(Duration::from_secs(60)).unwrap_or_else(|_| panic!("the server did not start: {said}"));
            said.push_str(&line);
            said.push('\n');
            if let Some(at) = line.strip_prefix("Nếp đang chạy ở http://127.0.0.1:") {
                return Self { child, port: at.trim().parse().unwrap(), said };
            }
            if line == "Nếp đang làm việc nền." {
                return Self { child, port: 0, said };
            }
        }
    }

    /// Asks it to end, and waits until it has.
    pub fn stop(mut self) {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }

    /// Ends it at once, as a power cut would end the process.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Starts `nep worker`.
pub fn worker(args: &[&str], settings: &[(&str, &str)]) -> Server {
    Server::run(&[&["worker"], args].concat(), settings)
}

/// A browser: one connection, cookies, the form key.
pub struct Client {
    stream: BufReader<TcpStream>,
    pub cookies: String,
    pub key: String,
}

impl Client {
    pub fn new(port: u16) -> std::io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), cookies: String::new(), key: String::new() })
    }

    /// The same session on a new connection.
    pub fn again(&self, port: u16) -> std::io::Result<Self> {
        Ok(Self { cookies: self.cookies.clone(), key: self.key.clone(), ..Self::new(port)? })
    }

    pub fn get(&mut self, path: &str) -> std::io::Result<(u16, String)> {
        self.send("GET", path, None)
    }

    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> std::io::Result<(u16, String)> {
        let key = self.key.clone();
        let body: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).append_pair("_k", &key).finish();
        self.send("POST", path, Some(&body))
    }

    fn send(&mut self, method: &str, path: &str, body: Option<&str>) -> std::io::Result<(u16, String)> {
        let body = body.unwrap_or_default();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nsec-fetch-site: same-origin\r\ncookie: {}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n",
            self.cookies,
            body.len()
        );
        let stream = self.stream.get_mut();
        stream.write_all(head.as_bytes())?;
        stream.write_all(body.as_bytes())?;
        self.receive()
    }

    fn receive(&mut self) -> std::io::Result<(u16, String)> {
        let broken = || std::io::Error::other("the answer was cut");
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(broken());
        }
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(broken)?;
        let (mut length, mut chunked) = (0usize, false);
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(broken());
            }
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            let Some((name, value)) = line.split_once(": ") else { continue };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().map_err(|_| broken())?,
                "transfer-encoding" => chunked = value == "chunked",
                "set-cookie" => self.keep(value),
                _ => {}
            }
        }
        let mut body = Vec::new();
        if chunked {
            loop {
                let mut size = String::new();
                self.stream.read_line(&mut size)?;
                let size = usize::from_str_radix(size.trim(), 16).map_err(|_| broken())?;
                let mut part = vec![0; size + 2];
                self.stream.read_exact(&mut part)?;
                part.truncate(size);
                body.extend(part);
                if size == 0 {
                    break;
                }
            }
        } else {
            body = vec![0; length];
            self.stream.read_exact(&mut body)?;
        }
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }

    fn keep(&mut self, cookie: &str) {
        let pair = cookie.split(';').next().unwrap_or_default();
        let name = pair.split('=').next().unwrap_or_default();
        let mut kept: Vec<&str> =
            self.cookies.split("; ").filter(|c| !c.is_empty() && !c.starts_with(&format!("{name}="))).collect();
        kept.push(pair);
        self.cookies = kept.join("; ");
    }

    /// Signs in and learns the form key.
    pub fn sign_in(port: u16, login: &str) -> Self {
        let mut client = Self::new(port).unwrap();
        let (status, body) = client.post("/dang-nhap", &[("ten", login), ("mat_khau", PASSWORD)]).unwrap();
        assert_eq!(status, 303, "{body}");
        let (_, page) = client.get("/toi/tai-khoan").unwrap();
        client.key = page.split("<meta name=\"csrf\" content=\"").nth(1).and_then(|r| r.split('"').next()).unwrap().to_owned();
        client
    }
}

/// What the small data hold.
#[derive(Debug, Clone)]
pub struct Small {
    pub cell: OrgId,
    pub people: Vec<PersonId>,
    pub task: TaskId,
    pub logins: Vec<String>,
}

/// A cell with a few members, a task in force and two sealed documents, in a new folder.
pub fn small(data: &Path) -> Small {
    small_in(&open(data))
}

/// As [`small`], in any empty database.
pub fn small_in(db: &Db) -> Small {
    db.migrate(&migrations(db.engine())).unwrap();
    let hash = hash_now(PASSWORD).unwrap();
    db.write_now(move |tx| settle(tx, &hash)).unwrap()
}

/// The database of a folder, beside the program.
pub fn open(data: &Path) -> Db {
    std::fs::create_dir_all(data).unwrap();
    Db::open(&format!("sqlite:{}", data.join("nep.db").display())).unwrap()
}

const NAMES: [&str; 6] = ["Lê Thị Hà", "Đỗ Văn An", "Vũ Minh Đức", "Bùi Thị Ơn", "Hồ Văn Sáu", "Mai Thị Lan"];

fn settle(tx: &mut Tx, hash: &str) -> Result<Small, Fault> {
    let born = date(2020, 1, 1);
    let actor = Actor::system(moment(date(2025, 6, 1).at(8, 0, 0, 0)), Arc::new(Ids::new(3)));
    let cell = orgs::found(
        tx,
        &actor,
        &NewOrg {
            parent: None,
            name: "Chi bộ Thử nghiệm".to_owned(),
            short_name: "Chi bộ Thử nghiệm".to_owned(),
            kind: "cell_base".to_owned(),
            symbol: "CB".to_owned(),
            is_cell: true,
            place: "An Lam".to_owned(),
            cell_type: None,
            born_on: born,
            document: None,
        },
    )?;
    orgs::open_term(tx, &actor, cell, "2025-2030", date(2025, 1, 1))?;
    let mut people: Vec<PersonId> = Vec::new();
    let mut logins = Vec::new();
    for name in NAMES {
        let person = members::add_person(tx, &actor, &NewPerson { name: name.to_owned(), ..NewPerson::default() })?;
        members::join(tx, &actor, cell, person, Standing::Official, born, None)?;
        logins.push(accounts::set_password(tx, &actor, person, name, hash)?.login);
        people.push(person);
    }
    orgs::appoint(tx, &actor, cell, people[0], Role::Secretary, born, None)?;
    let actor = actor.at(people[0], cell, Timestamp::now());
    let starts_at = date(2025, 6, 3).at(14, 0, 0, 0);
    let new = NewMeeting {
        kind: domain::meeting::MeetingKind::Regular,
        title: "Sinh hoạt thường kỳ tháng 6".to_owned(),
        starts_at,
        ends_at: starts_at,
        place: "Phòng họp".to_owned(),
        chair: Some(people[0]),
        secretary: Some(people[1]),
        topic: None,
        periods: Vec::new(),
    };
    let meeting = meetings::create(tx, &actor, cell, &new)?;
    let resolution =
        resolutions::create(tx, &actor, cell, meeting, &Text { title: "về nhiệm vụ".to_owned(), ..Text::default() })?;
    let draft = TaskDraft { content: "Rà soát hồ sơ".to_owned(), doer: Some(people[1]), ..TaskDraft::default() };
    let task = tasks::add(tx, &actor, cell, resolution, meeting, &draft)?;
    tasks::put_in_force(tx, &actor, cell, resolution, true)?;
    for n in 1..=2 {
        let sealing = Sealing {
            kind: domain::numbering::DocKind::Minutes,
            issued_on: date(2025, 6, 3),
            title: format!("Biên bản số {n}"),
            content: format!("{{\"text\":\"nội dung {n}\"}}"),
            meeting: Some(meeting),
            corrects: None,
        };
        ledger::seal(tx, &actor, cell, &sealing)?;
    }
    Ok(Small { cell, people, task, logins })
}
