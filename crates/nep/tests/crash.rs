//! “Đã báo lưu là không mất” (P-1): the real program is killed at random moments while writers
//! post; what was acknowledged is there exactly once, what was not is there at most once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what fails here fails the test")]

mod child;

use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use child::{Client, Server, Small, open, small};
use db::values;

/// Rounds of one run: a change runs a short version of the release test.
const KILLS: usize = 25;
const WRITERS: usize = 6;

/// What one writer sent: everything, and the part that was acknowledged.
#[derive(Default)]
struct Sent {
    tried: Vec<String>,
    acknowledged: Vec<String>,
}

#[test]
fn what_was_acknowledged_survives_the_kill_exactly_once() {
    let room = tempfile::tempdir().unwrap();
    let data = room.path().join("data");
    let known = small(&data);
    let mut server = Server::start(&data);
    // Whoever leads the cell and whoever does the task may remind of it.
    let logins = known.logins.iter().take(2).cycle().take(WRITERS);
    let sessions: Vec<Client> = logins.map(|l| Client::sign_in(server.port, l)).collect();
    let mut ledger = Sent::default();
    let mut slowest = Duration::ZERO;
    for round in 0..KILLS {
        let port = server.port;
        let stop = AtomicBool::new(false);
        let count = AtomicUsize::new(0);
        let sent: Vec<Sent> = thread::scope(|scope| {
            let writers: Vec<_> = sessions
                .iter()
                .enumerate()
                .map(|(n, session)| {
                    let (stop, count, known) = (&stop, &count, &known);
                    scope.spawn(move || write(session, port, known, &format!("lượt {round} người {n}"), stop, count))
                })
                .collect();
            // At least a few answers, then any moment of the next tenths of a second.
            while count.load(Ordering::Relaxed) < 10 {
                thread::sleep(Duration::from_millis(1));
            }
            thread::sleep(Duration::from_micros(RandomState::new().build_hasher().finish() % 120_000));
            server.kill();
            stop.store(true, Ordering::Relaxed);
            writers.into_iter().map(|w| w.join().unwrap()).collect()
        });
        for one in sent {
            ledger.tried.extend(one.tried);
            ledger.acknowledged.extend(one.acknowledged);
        }
        let begun = Instant::now();
        server = Server::start(&data);
        slowest = slowest.max(begun.elapsed());
        compare(&data, &known, &ledger, round);
    }
    drop(server);
    assert!(ledger.acknowledged.len() >= KILLS * 10, "{}", ledger.acknowledged.len());
    assert!(ledger.tried.len() > ledger.acknowledged.len(), "no kill ever met a write on its way");
    child::nep(&["verify", "--data", data.to_str().unwrap()]).works();
    println!(
        "{KILLS} kills, {} acknowledged of {} writes, slowest start {slowest:?}",
        ledger.acknowledged.len(),
        ledger.tried.len()
    );
}

/// Posts one note after the other until the server is gone.
fn write(session: &Client, port: u16, known: &Small, who: &str, stop: &AtomicBool, count: &AtomicUsize) -> Sent {
    let mut sent = Sent::default();
    let Ok(mut client) = session.again(port) else { return sent };
    let path = format!("/cb/{}/nhiem-vu/{}/don-doc", known.cell, known.task);
    for n in 0.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let words = format!("{who} lời {n}");
        sent.tried.push(words.clone());
        match client.post(&path, &[("nhac", &words)]) {
            Ok((303, _)) => {
                sent.acknowledged.push(words);
                count.fetch_add(1, Ordering::Relaxed);
            }
            Ok((status, body)) => panic!("{status}: {body}"),
            Err(_) => break,
        }
    }
    sent
}

/// Everything acknowledged is there once, nothing is there twice, nothing is there that nobody sent.
fn compare(data: &std::path::Path, known: &Small, ledger: &Sent, round: usize) {
    let (cell, task) = (known.cell, known.task);
    let rows: Vec<(String,)> = open(data)
        .read_now(move |tx| tx.all("select body from task_event where org_id = $1 and task_id = $2", values![cell, task]))
        .unwrap();
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for (body,) in rows {
        *found.entry(body).or_default() += 1;
    }
    let lost: Vec<&String> = ledger.acknowledged.iter().filter(|w| !found.contains_key(*w)).collect();
    let doubled: Vec<&String> = found.iter().filter(|(_, n)| **n > 1).map(|(w, _)| w).collect();
    let tried: HashSet<&String> = ledger.tried.iter().collect();
    let foreign: Vec<&String> = found.keys().filter(|w| !tried.contains(w)).collect();
    assert!(lost.is_empty(), "round {round}: lost {lost:?}");
    assert!(doubled.is_empty(), "round {round}: doubled {doubled:?}");
    assert!(foreign.is_empty(), "round {round}: never sent {foreign:?}");
}
