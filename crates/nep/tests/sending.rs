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
use child::{Server, open, small};
use db::values;
use domain::delivery::{Channel, DeliveryState};
use domain::id::{Id, OrgId, PersonId, TaskId};
use domain::reminder::{Kind, Line};
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
    prepare(&data);
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
        wait(|| taken.count.load(Ordering::SeqCst) >= kill);
        server.kill();
        time_passes(&data);
    }
    let server = Server::start_with(&data, &settings);
    wait(|| open_ends(&data) == 0);
    drop(server);
    compare(&data, &taken);
}

fn wait(done: impl Fn() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(90), "nothing more goes out");
        thread::sleep(Duration::from_millis(2));
    }
}

/// Messages for people who confirmed an address, on their way by both ways.
fn prepare(data: &Path) {
    open(data)
        .write_now(|tx| {
            let actor = Actor::system(Timestamp::now(), Arc::new(Ids::new(9)));
            for n in 1..=MESSAGES {
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
                let line = Line { kind: Kind::Due, org: OrgId::new(1), task: TaskId::new(n) };
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
