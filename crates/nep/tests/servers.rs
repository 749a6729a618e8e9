//! Two servers and a worker on one PostgreSQL, all real processes: a meeting that is held through both at
//! once, numbers of their own for ids, and background work that is done once.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

mod child;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use child::{Client, Server, Small, nep, small_in};
use db::{Db, Engine, values};
use domain::agenda::{Part, Step};
use domain::delivery::Channel;
use domain::id::{Id, ItemId, MeetingId, OrgId, PersonId, TaskId};
use domain::meeting::MeetingKind;
use domain::reminder::{About, Kind, Line};
use jiff::civil::date;
use jiff::{Timestamp, ToSpan};
use nep::actor::{Actor, Ids, local};
use nep::fault::Fault;
use nep::meeting::store::{self as meetings, Item, NewMeeting};
use nep::message::store::{self as messages, delivery};

/// A meeting of today with two items, chaired by the first of the members, written by the second.
fn planned(db: &Db, known: &Small) -> (MeetingId, ItemId) {
    let (cell, people) = (known.cell, known.people.clone());
    db.write_now(move |tx| {
        let actor = Actor::system(Timestamp::now(), Arc::new(Ids::new(900))).at(people[0], cell, Timestamp::now());
        let today = local(actor.now);
        let new = NewMeeting {
            kind: MeetingKind::Regular,
            title: "Sinh hoạt thường kỳ".to_owned(),
            starts_at: today.date().at(today.hour(), today.minute(), 0, 0),
            ends_at: today.date().at(today.hour(), today.minute(), 0, 0),
            place: "Phòng họp".to_owned(),
            chair: Some(people[0]),
            secretary: Some(people[1]),
            topic: None,
            periods: meetings::periods_of(MeetingKind::Regular, today.date()),
        };
        let meeting = meetings::create(tx, &actor, cell, &new)?;
        let item = |step, title: &str| Item {
            id: ItemId::new(0),
            position: 0,
            step,
            part: Part::Content,
            title: title.to_owned(),
            presenter: None,
            minutes: 20,
            points: String::new(),
            information: String::new(),
            conclusion: String::new(),
            secret: false,
            paper_ref: None,
            postponed: false,
            version: 1,
        };
        let first = meetings::add_item(tx, &actor, cell, meeting, &item(Step::Discussion, "Thảo luận"))?;
        meetings::add_item(tx, &actor, cell, meeting, &item(Step::Conclusion, "Kết luận"))?;
        Ok::<_, Fault>((meeting, first))
    })
    .unwrap()
}

/// Numbers of the events a server tells of a meeting.
fn listen(client: &Client, port: u16, path: &str) -> Receiver<i64> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let head =
        format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/event-stream\r\ncookie: {}\r\n\r\n", client.cookies);
    stream.write_all(head.as_bytes()).unwrap();
    let (tell, told) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if let Some(seq) = line.strip_prefix("id: ").and_then(|n| n.trim().parse().ok())
                && tell.send(seq).is_err()
            {
                return;
            }
        }
    });
    told
}

/// Waits until a number is told.
fn hears(ear: &Receiver<i64>, wanted: i64) {
    let begun = Instant::now();
    let mut last = 0;
    while last < wanted {
        assert!(begun.elapsed() < Duration::from_secs(20), "heard up to {last}, not {wanted}");
        last = ear.recv_timeout(Duration::from_secs(20)).unwrap();
    }
}

#[test]
fn a_meeting_is_held_through_two_servers_at_once() {
    let Some(fresh) = db::testkit::fresh(Engine::Postgres) else { return };
    let known = small_in(&fresh);
    let (meeting, item) = planned(&fresh, &known);
    let servers = [(); 2].map(|()| Server::start_args(&["--database", &fresh.url, "--no-worker"], &[]));
    let numbers: Vec<(i64, String)> = fresh
        .read_now(|tx| tx.all("select number, role from process where token is not null order by number", values![]))
        .unwrap();
    assert_eq!(numbers, [(0, "serve".to_owned()), (1, "serve".to_owned())]);
    // Who signs in at one is known to the other.
    let chair = Client::sign_in(servers[0].port, &known.logins[0]);
    let clerk = Client::sign_in(servers[1].port, &known.logins[1]);
    let mut hands: Vec<Client> = [&chair, &clerk].iter().flat_map(|c| servers.iter().map(|s| c.again(s.port).unwrap())).collect();
    let base = format!("/cb/{}/buoi/{meeting}", known.cell);
    let mut turn = 0;
    let mut press = |path: &str, fields: &[(&str, &str)]| {
        turn += 1;
        let at = turn % hands.len();
        let (status, body) = hands[at].post(&format!("{base}{path}"), fields).unwrap();
        assert_eq!(status, 303, "{path} by {at}: {body}");
    };
    // It began two minutes ago and is over a minute later.
    let began = local(Timestamp::now()).time().saturating_sub(2.minutes());
    let clock = |minutes: i8| began.saturating_add(i64::from(minutes).minutes()).strftime("%H:%M").to_string();
    press("/dieu-hanh/mo", &[("gio", &clock(0))]);
    let ears: Vec<Receiver<i64>> = servers.iter().map(|s| listen(&chair, s.port, &format!("{base}/dien-bien"))).collect();
    press("/diem-danh", &[("mark", "all:c")]);
    for n in 0..24 {
        let who = known.people[n % known.people.len()].to_string();
        press(&format!("/dieu-hanh/muc/{item}"), &[("noi", &who), ("version", "1")]);
        if n % 6 == 0 {
            let seq = seq(&fresh, known.cell, meeting);
            ears.iter().for_each(|ear| hears(ear, seq));
        }
    }
    // Both at once, too.
    let votes = thread::scope(|scope| {
        let post = |session: &Client, port: u16, n: usize| {
            let (mut client, path) = (session.again(port).unwrap(), format!("{base}/dieu-hanh/bieu-quyet"));
            move || {
                (0..6)
                    .filter(|k| {
                        let what = format!("Nội dung {n}.{k}");
                        client.post(&path, &[("loai", "other"), ("noi_dung", &what), ("cach", "tat-ca")]).unwrap().0 == 303
                    })
                    .count()
            }
        };
        let all = [scope.spawn(post(&chair, servers[0].port, 0)), scope.spawn(post(&clerk, servers[1].port, 1))];
        all.into_iter().map(|t| t.join().unwrap()).sum::<usize>()
    });
    assert_eq!(votes, 12);
    press("/dieu-hanh/ket-thuc", &[("gio", &clock(1))]);
    let last = seq(&fresh, known.cell, meeting);
    ears.iter().for_each(|ear| hears(ear, last));
    let (said, taken, state, events): (i64, i64, String, i64) = fresh
        .read_now(move |tx| {
            tx.one(
                "select (select count(*) from contribution where org_id = $1 and meeting_id = $2),
                        (select count(*) from vote where org_id = $1 and meeting_id = $2), state,
                        (select count(*) from room_event where org_id = $1 and meeting_id = $2)
                 from meeting where org_id = $1 and meeting_id = $2",
                values![known.cell, meeting],
            )
        })
        .unwrap();
    assert_eq!((said, taken, state.as_str(), events), (24, 12, "closed", last), "every event has its number");
    drop(servers);
    nep(&["verify", "--database", &fresh.url]).works();
}

fn seq(db: &Db, cell: OrgId, meeting: MeetingId) -> i64 {
    db.read_now(move |tx| tx.scalar("select seq from room where org_id = $1 and meeting_id = $2", values![cell, meeting]))
        .unwrap()
}

const MESSAGES: i64 = 120;
const SECRET: &str = "một khóa đủ dài để không ai đoán được";

#[test]
fn what_several_have_to_do_is_done_once() {
    let Some(fresh) = db::testkit::fresh(Engine::Postgres) else { return };
    let known = small_in(&fresh);
    waiting(&fresh, &known);
    let taken: Arc<Mutex<BTreeMap<String, usize>>> = Arc::default();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let hook = format!("http://127.0.0.1:{}/nhan", listener.local_addr().unwrap().port());
    let seen = taken.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let seen = seen.clone();
            thread::spawn(move || take(stream, &seen));
        }
    });
    let settings = [("NEP_WEBHOOK", hook.as_str()), ("NEP_WEBHOOK_SECRET", SECRET)];
    let own = ["--database", fresh.url.as_str()];
    let idle = Server::start_args(&[&own[..], &["--no-worker"]].concat(), &settings);
    thread::sleep(Duration::from_millis(700));
    assert!(taken.lock().unwrap().is_empty(), "a server without a worker sends nothing");
    let workers = [child::worker(&own, &settings), child::worker(&own, &settings)];
    let server = Server::start_args(&own, &settings);
    let begun = Instant::now();
    let open = || -> i64 {
        fresh.read_now(|tx| tx.scalar("select count(*) from delivery where state in ('queued', 'sending')", values![])).unwrap()
    };
    while open() > 0 {
        assert!(begun.elapsed() < Duration::from_secs(60), "{} wait", open());
        thread::sleep(Duration::from_millis(20));
    }
    let states: BTreeSet<String> = fresh
        .read_now(|tx| tx.all::<(String,)>("select distinct state from delivery", values![]))
        .unwrap()
        .into_iter()
        .map(|r| r.0)
        .collect();
    assert_eq!(states, BTreeSet::from(["sent".to_owned()]));
    let roles: Vec<(String,)> =
        fresh.read_now(|tx| tx.all("select role from process where token is not null order by role", values![])).unwrap();
    assert_eq!(roles.iter().map(|r| r.0.as_str()).collect::<Vec<_>>(), ["serve", "serve", "worker", "worker"]);
    let taken = taken.lock().unwrap();
    assert!(i64::try_from(taken.len()).unwrap() >= MESSAGES, "{}", taken.len());
    assert!(taken.values().all(|n| *n == 1), "{:?}", taken.iter().filter(|(_, n)| **n > 1).collect::<Vec<_>>());
    // Each ends in order and gives its number back.
    for worker in workers {
        worker.stop();
    }
    let left: i64 = fresh
        .read_now(|tx| tx.scalar("select count(*) from process where role = 'worker' and token is not null", values![]))
        .unwrap();
    assert_eq!(left, 0);
    drop((idle, server));
}

/// Messages of many people on their way to a webhook.
fn waiting(db: &Db, known: &Small) {
    let cell = known.cell;
    db.write_now(move |tx| {
        let actor = Actor::system(Timestamp::now(), Arc::new(Ids::new(901)));
        for n in 1..=MESSAGES {
            let person = PersonId::new(n);
            let line = Line { kind: Kind::Due, org: cell, about: About::Task(TaskId::new(n)) };
            let message = messages::keep(tx, &actor, date(2026, 11, 26), (person, Id::new(1)), &[line])?.unwrap();
            delivery::add(tx, &actor, message, person, Channel::Webhook)?;
        }
        Ok::<_, Fault>(())
    })
    .unwrap();
}

/// A receiver of a few lines.
fn take(mut stream: TcpStream, seen: &Mutex<BTreeMap<String, usize>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut id, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("webhook-id") => id = value.to_owned(),
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().unwrap(),
            None if line.trim_end().is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    if reader.read_exact(&mut body).is_err() {
        return;
    }
    *seen.lock().unwrap().entry(id).or_default() += 1;
    // Long enough for the others to reach for the same.
    thread::sleep(Duration::from_millis(5));
    drop(stream.write_all(b"HTTP/1.1 204 No Content\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"));
}
