//! Messages go out while the program is killed: each arrives once, or is shown as failed. The real program
//! sends to a mail server and a webhook receiver; what they took is compared with what the database says.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "what fails here fails the test"
)]

mod child;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use child::{Server, certificate, open, small};
use db::values;
use domain::delivery::{Channel, DeliveryState};
use domain::id::{Id, OrgId, PersonId, TaskId};
use domain::reminder::{About, Kind, Line};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use jiff::civil::date;
use nep::actor::{Actor, Ids};
use nep::fault::Fault;
use nep::message::store::{self, choice, delivery};
use sha2::Sha256;

const MESSAGES: i64 = 200;
const SECRET: &str = "một khóa đủ dài để không ai đoán được";
/// At how many messages taken the program is killed, over both ways; then it goes on to the end.
const KILLS: [usize; 6] = [1, 30, 31, 120, 250, 333];

/// What arrived, by way and message.
#[derive(Default)]
struct Taken {
    seen: Mutex<BTreeMap<(&'static str, String), usize>>,
    count: AtomicUsize,
}

impl Taken {
    fn take(&self, way: &'static str, id: &str) {
        *self.seen.lock().unwrap().entry((way, id.to_owned())).or_default() += 1;
        self.count.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn each_message_arrives_once_or_is_shown_as_failed_though_the_program_is_killed() {
    let room = tempfile::tempdir().unwrap();
    let data = room.path().join("data");
    small(&data);
    prepare(&data, MESSAGES);
    let taken = Arc::new(Taken::default());
    let mail = listen(taken.clone(), mail_server);
    let hook = listen(taken.clone(), receiver);
    let settings = [
        ("NEP_MAIL", format!("smtp://127.0.0.1:{mail}")),
        ("NEP_MAIL_FROM", "nep@donvi.vn".to_owned()),
        ("NEP_WEBHOOK", format!("http://127.0.0.1:{hook}/nhan")),
        ("NEP_WEBHOOK_SECRET", SECRET.to_owned()),
    ];
    let settings: Vec<(&str, &str)> = settings.iter().map(|(k, v)| (*k, v.as_str())).collect();
    for kill in KILLS {
        let server = Server::start_with(&data, &settings);
        wait(&data, || taken.count.load(Ordering::SeqCst) >= kill);
        server.kill();
        time_passes(&data);
    }
    let server = Server::start_with(&data, &settings);
    wait(&data, || open_ends(&data) == 0);
    drop(server);
    compare(&data, &taken);
}

fn wait(data: &Path, done: impl Fn() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing more goes out: {:?}", states(data));
        thread::sleep(Duration::from_millis(2));
    }
}

/// Messages for people who confirmed an address, on their way by both ways.
fn prepare(data: &Path, messages: i64) {
    open(data)
        .write_now(move |tx| {
            let actor = Actor::system(Timestamp::now(), Arc::new(Ids::new(9)));
            for n in 1..=messages {
                let person = PersonId::new(n);
                let chosen = choice::Choice {
                    address: format!("dc{n}@donvi.vn"),
                    code_hash: None,
                    code_until: None,
                    tries: 0,
                    sent_day: None,
                    sent: 0,
                    confirmed_at: Some(actor.now),
                };
                choice::put(tx, person, &chosen)?;
                let line = Line { kind: Kind::Due, org: OrgId::new(1), about: About::Task(TaskId::new(n)) };
                let message = store::keep(tx, &actor, date(2026, 11, 26), (person, Id::new(1)), &[line])?.unwrap();
                delivery::add(tx, &actor, message, person, Channel::Mail)?;
                delivery::add(tx, &actor, message, person, Channel::Webhook)?;
            }
            Ok::<_, Fault>(())
        })
        .unwrap();
}

/// The next start is long after the kill, as far as deliveries in hand are concerned.
fn time_passes(data: &Path) {
    open(data)
        .write_now(|tx| {
            let sql = "update delivery set claimed_at = claimed_at - 3600000 where state = 'sending'";
            assert!(tx.exec(sql, values![])? <= 1, "one delivery is in hand at a time");
            Ok::<_, db::Error>(())
        })
        .unwrap();
}

fn open_ends(data: &Path) -> i64 {
    open(data)
        .read_now(|tx| tx.scalar::<i64>("select count(*) from delivery where state in ('queued', 'sending')", values![]))
        .unwrap()
}

fn compare(data: &Path, taken: &Taken) {
    let (rows, failed) = open(data)
        .read_now(|tx| {
            let mut rows: Vec<(String, String, DeliveryState)> = Vec::new();
            tx.each("select channel, message_id, state from delivery", values![], |row| {
                rows.push((row.get(0)?, format!("tin-{}", row.get::<i64>(1)?), row.code(2)?));
                Ok(())
            })?;
            Ok::<_, db::Error>((rows, delivery::failed(tx, 1000)?.len()))
        })
        .unwrap();
    let seen = taken.seen.lock().unwrap();
    let (mut sent, mut unclear, mut arrived) = (0, 0, 0);
    for (channel, id, state) in &rows {
        let way = if channel == "mail" { "mail" } else { "webhook" };
        let times = seen.get(&(way, id.clone())).copied().unwrap_or(0);
        arrived += times;
        match state {
            DeliveryState::Sent => {
                assert_eq!(times, 1, "{way} {id} is called sent");
                sent += 1;
            }
            DeliveryState::Unclear => {
                assert!(times <= 1, "{way} {id} arrived {times} times");
                unclear += 1;
            }
            other => panic!("{way} {id} is {other:?}"),
        }
    }
    assert_eq!(arrived, seen.values().sum::<usize>(), "nothing arrived that nobody sent");
    assert!(rows.len() as i64 >= MESSAGES * 2);
    assert_eq!(failed, unclear, "what is unclear is shown as failed");
    assert!(unclear <= KILLS.len(), "{unclear}");
    assert!(unclear >= 1, "no kill ever met a delivery in hand");
    println!("{} deliveries, {} kills: {sent} sent, {unclear} unclear, {arrived} arrived", rows.len(), KILLS.len());
}

fn listen(taken: Arc<Taken>, serve: fn(TcpStream, &Taken)) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let taken = taken.clone();
            thread::spawn(move || serve(stream, &taken));
        }
    });
    port
}

/// A mail server of a few lines: takes everything, one letter after the other.
fn mail_server(stream: TcpStream, taken: &Taken) {
    let mut out = stream.try_clone().unwrap();
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let mut say = |text: &str| out.write_all(text.as_bytes()).is_ok();
    if !say("220 thu.donvi.vn\r\n") {
        return;
    }
    while let Some(line) = lines.next() {
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "DATA" => {
                if !say("354 go on\r\n") {
                    return;
                }
                let mut id = String::new();
                for line in lines.by_ref().take_while(|l| l != ".") {
                    if let Some(rest) = line.strip_prefix("Message-ID: <") {
                        id = rest.split('@').next().unwrap_or_default().to_owned();
                    }
                }
                taken.take("mail", &id);
                // The program may be killed before it hears of it.
                thread::sleep(Duration::from_millis(3));
                "250 taken\r\n"
            }
            "QUIT" => {
                say("221 bye\r\n");
                return;
            }
            _ => "250 ok\r\n",
        };
        if !say(answer) {
            return;
        }
    }
}

/// A receiver that takes nothing whose signature is not right.
fn receiver(mut stream: TcpStream, taken: &Taken) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head: BTreeMap<String, String> = BTreeMap::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(": ") {
            head.insert(name.to_ascii_lowercase(), value.to_owned());
        }
    }
    let mut body = vec![0; head["content-length"].parse().unwrap()];
    if reader.read_exact(&mut body).is_err() {
        return;
    }
    let (id, at) = (&head["webhook-id"], &head["webhook-timestamp"]);
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{id}.{at}.").as_bytes());
    mac.update(&body);
    let right = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    let near = at.parse::<i64>().is_ok_and(|at| (Timestamp::now().as_second() - at).abs() < 300);
    let status = if head["webhook-signature"] == right && near {
        taken.take("webhook", id);
        thread::sleep(Duration::from_millis(3));
        "204 No Content"
    } else {
        "401 Unauthorized"
    };
    drop(stream.write_all(format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").as_bytes()));
}

/// The mail server and the receiver of `tests/browser/post.mjs`, a process of its own.
struct Post {
    child: std::process::Child,
    lines: std::sync::mpsc::Receiver<serde_json::Value>,
    mail: u64,
    hook: u64,
}

impl Post {
    /// None where the packages of the browser tests are not installed.
    fn start(settings: &serde_json::Value) -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/browser");
        if !folder.join("node_modules/smtp-server").exists() {
            println!("skipped: run “npm ci” in tests/browser first");
            return None;
        }
        let mut child = std::process::Command::new("node")
            .arg("post.mjs")
            .arg(settings.to_string())
            .current_dir(folder)
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (tell, lines) = std::sync::mpsc::channel();
        thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                drop(tell.send(serde_json::from_str(&line).unwrap()));
            }
        });
        let ready: serde_json::Value = lines.recv_timeout(Duration::from_secs(30)).unwrap();
        let port = |way: &str| ready["ready"][way].as_u64().unwrap();
        Some(Self { mail: port("mail"), hook: port("hook"), child, lines })
    }

    fn next(&self) -> serde_json::Value {
        self.lines.recv_timeout(Duration::from_secs(30)).expect("something arrives within 30 seconds")
    }

    /// Everything that arrives until there is nothing in the queue any more.
    fn rest(&self) -> Vec<serde_json::Value> {
        self.lines.try_iter().collect()
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn states(data: &Path) -> Vec<(String, String, String)> {
    open(data)
        .read_now(|tx| tx.all("select channel, state, coalesce(why, '') from delivery order by channel, delivery_id", values![]))
        .unwrap()
}

fn served(data: &Path, post: &Post, mail: String, more: &[(&str, &str)]) -> Server {
    let hook = format!("http://127.0.0.1:{}/nhan", post.hook);
    let mut settings = vec![
        ("NEP_MAIL", mail.as_str()),
        ("NEP_MAIL_FROM", "Nếp <nep@donvi.vn>"),
        ("NEP_WEBHOOK", hook.as_str()),
        ("NEP_WEBHOOK_SECRET", SECRET),
        ("NEP_ADDRESS", "http://127.0.0.1:1"),
    ];
    settings.extend(more);
    Server::start_with(data, &settings)
}

#[test]
fn a_real_mail_server_and_a_real_receiver_take_what_is_sent() {
    let settings = serde_json::json!({
        "mail": { "user": "nep", "password": "mật khẩu thư", "refuse": { "dc2@donvi.vn": 550, "dc3@donvi.vn": 451 } },
        "hook": { "secret": SECRET },
    });
    let Some(post) = Post::start(&settings) else { return };
    let room = tempfile::tempdir().unwrap();
    let data = room.path().join("data");
    small(&data);
    prepare(&data, 3);
    let mail = format!("smtp://nep:m%E1%BA%ADt%20kh%E1%BA%A9u%20th%C6%B0@127.0.0.1:{}", post.mail);
    let server = served(&data, &post, mail, &[]);
    wait(&data, || states(&data).iter().filter(|s| s.1 == "queued" && s.2 != "busy" || s.1 == "sending").count() == 0);
    drop(server);
    let arrived = post.rest();
    let letters: Vec<&serde_json::Value> = arrived.iter().filter(|l| l.get("letter").is_some()).collect();
    let own = |l: &&&serde_json::Value| l["to"] == serde_json::json!(["dc1@donvi.vn"]);
    let letter = letters.iter().find(own).unwrap();
    assert_eq!(letters.iter().filter(own).count(), 1);
    assert_eq!(letter["user"], "nep");
    let text = letter["letter"].as_str().unwrap();
    assert!(
        text.contains("Auto-Submitted: auto-generated") && text.contains("From: =?utf-8?b?TuG6v3A=?= <nep@donvi.vn>"),
        "{text}"
    );
    let body: String = text.split("\r\n\r\n").nth(1).unwrap().split_whitespace().collect();
    let body = String::from_utf8(STANDARD.decode(body).unwrap()).unwrap();
    assert!(body.contains("Đồng chí có việc mới trên Nếp: 1 việc cần làm."), "{body}");
    assert!(body.contains("Mở: http://127.0.0.1:1/toi/tin"), "{body}");
    let refused = |code: u64| arrived.iter().filter(|l| l["code"] == code).count();
    assert_eq!((refused(550), refused(451)), (1, 1));
    let hooks: Vec<&serde_json::Value> = arrived.iter().filter(|l| l.get("hook").is_some()).collect();
    assert!(hooks.len() >= 3 && hooks.iter().all(|h| h["good"] == true), "{hooks:?}");
    let one: serde_json::Value = serde_json::from_str(hooks[0]["hook"].as_str().unwrap()).unwrap();
    assert_eq!(one["counts"], serde_json::json!({ "due": 1 }));
    let found = states(&data);
    let mails: Vec<(&str, &str)> = found.iter().filter(|s| s.0 == "mail").map(|s| (s.1.as_str(), s.2.as_str())).collect();
    assert_eq!(mails[..3], [("sent", ""), ("dead", "address"), ("queued", "busy")]);
    assert!(found.iter().filter(|s| s.0 == "webhook").all(|s| s.1 == "sent"), "{found:?}");
}

fn openssl(args: &[&str]) {
    let done = std::process::Command::new("openssl").args(args).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn letters_go_through_tls_to_a_server_that_is_trusted_and_to_no_other() {
    let room = tempfile::tempdir().unwrap();
    let made = certificate::make(room.path(), &openssl);
    let ca = made.authority.to_str().unwrap();
    for (secure, scheme, asked) in [(true, "smtps", ""), (false, "smtp", "?tls=starttls")] {
        let settings = serde_json::json!({ "mail": { "secure": secure, "tls": { "key": made.key, "cert": made.cert } }, "hook": { "secret": SECRET } });
        let Some(post) = Post::start(&settings) else { return };
        let data = room.path().join(scheme);
        small(&data);
        prepare(&data, 1);
        let address = format!("{scheme}://localhost:{}{asked}", post.mail);
        // The authority is unknown to the machine: nothing is sent.
        let server = served(&data, &post, address.clone(), &[("SSL_CERT_FILE", "/dev/null")]);
        wait(&data, || states(&data).iter().all(|s| if s.0 == "mail" { s.2 == "tls" } else { s.1 == "sent" }));
        drop(server);
        assert!(post.rest().iter().all(|l| l.get("letter").is_none()), "{scheme}");
        open(&data).write_now(|tx| tx.exec("update delivery set next_at = 0 where state = 'queued'", values![])).unwrap();
        let server = served(&data, &post, address, &[("SSL_CERT_FILE", ca)]);
        let letter = loop {
            let line = post.next();
            if line.get("letter").is_some() {
                break line;
            }
        };
        assert_eq!(letter["secure"], true, "{scheme}");
        wait(&data, || states(&data).iter().all(|s| s.0 != "mail" || s.1 == "sent"));
        drop(server);
    }
}
