//! The primary of the database is killed while people write, its synchronous standby takes over, and the
//! server goes on by its configuration alone: what was acknowledged is there exactly once (P-1, P-23).

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "what fails here fails the test")]

mod child;

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use child::cluster::Cluster;
use child::{Client, Server, Small, nep, small_in};
use db::{Db, values};

const WRITERS: usize = 6;
/// Acknowledged before the primary goes, and after the standby has taken over.
const ENOUGH: usize = 150;

#[derive(Default)]
struct Sent {
    tried: Vec<String>,
    acknowledged: Vec<String>,
}

#[test]
fn a_primary_that_is_killed_under_load_takes_nothing_with_it_that_was_acknowledged() {
    let Some(cluster) = Cluster::new() else { return };
    let primary = cluster.primary();
    let known = small_in(&Db::open(&primary.url()).unwrap());
    let standby = cluster.standby(&primary, "standby");
    // A standby nobody waits for is called what it is.
    nep(&["doctor", "--database", &primary.url()]).fails_saying(&["LỖI       Bản dự phòng: đang chạy không đồng bộ"]);
    primary.waits_for_standby();
    nep(&["doctor", "--database", &primary.url()]).works().says(&["OK        Bản dự phòng: 1 bản"]);
    let both = format!("postgres://postgres@127.0.0.1:{},127.0.0.1:{}/postgres", primary.port, standby.port);
    let server = Server::start_args(&["--database", &both, "--no-worker"], &[]);
    let sessions: Vec<Client> =
        known.logins.iter().take(2).cycle().take(WRITERS).map(|l| Client::sign_in(server.port, l)).collect();
    let (stop, count, lost) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
    let wait = |wanted: usize, what: &str| {
        let begun = Instant::now();
        while count.load(Ordering::SeqCst) < wanted {
            assert!(begun.elapsed() < Duration::from_secs(60), "{what}: {} acknowledged", count.load(Ordering::SeqCst));
            thread::sleep(Duration::from_millis(2));
        }
    };
    let mut away = Duration::ZERO;
    let sent: Vec<Sent> = thread::scope(|scope| {
        let writers: Vec<_> = sessions
            .iter()
            .enumerate()
            .map(|(n, session)| {
                let (stop, count, lost, known, port) = (&stop, &count, &lost, &known, server.port);
                scope.spawn(move || write(session, port, known, n, stop, count, lost))
            })
            .collect();
        wait(ENOUGH, "before");
        primary.kill();
        let gone = Instant::now();
        // Whatever was on its way has been answered, or waits.
        thread::sleep(Duration::from_millis(300));
        let until = count.load(Ordering::SeqCst);
        standby.promote();
        wait(until + 1, "after the promotion");
        away = gone.elapsed();
        wait(until + ENOUGH, "after the promotion");
        stop.store(true, Ordering::SeqCst);
        writers.into_iter().map(|w| w.join().unwrap()).collect()
    });
    drop(server);
    let (tried, acknowledged): (Vec<_>, Vec<_>) = sent.into_iter().map(|s| (s.tried, s.acknowledged)).unzip();
    let (tried, acknowledged) = (tried.concat(), acknowledged.concat());
    compare(&standby.url(), &known, &tried, &acknowledged);
    nep(&["verify", "--database", &standby.url()]).works();
    println!(
        "{} acknowledged of {} writes, {} without an answer; writing again {away:?} after the end of the primary",
        acknowledged.len(),
        tried.len(),
        lost.load(Ordering::SeqCst)
    );
}

/// Posts one note after the other, through everything that happens.
fn write(
    session: &Client,
    port: u16,
    known: &Small,
    who: usize,
    stop: &AtomicBool,
    count: &AtomicUsize,
    lost: &AtomicUsize,
) -> Sent {
    let mut sent = Sent::default();
    let mut client = session.again(port).unwrap();
    let path = format!("/cb/{}/nhiem-vu/{}/don-doc", known.cell, known.task);
    for n in 0.. {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let words = format!("người {who} lời {n}");
        sent.tried.push(words.clone());
        match client.post(&path, &[("nhac", &words)]) {
            Ok((303, _)) => {
                sent.acknowledged.push(words);
                count.fetch_add(1, Ordering::SeqCst);
            }
            Ok((503, body)) => {
                assert!(body.contains("rõ đã ghi") || body.contains("gián đoạn") || body.contains("đang bận"), "{body}");
                lost.fetch_add(1, Ordering::SeqCst);
                thread::sleep(Duration::from_millis(50));
            }
            Ok((status, body)) => panic!("{status}: {body}"),
            Err(error) => panic!("the server itself went away: {error}"),
        }
    }
    sent
}

fn compare(url: &str, known: &Small, tried: &[String], acknowledged: &[String]) {
    let (cell, task) = (known.cell, known.task);
    let rows: Vec<(String,)> = Db::open(url)
        .unwrap()
        .read_now(move |tx| tx.all("select body from task_event where org_id = $1 and task_id = $2", values![cell, task]))
        .unwrap();
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for (body,) in rows {
        *found.entry(body).or_default() += 1;
    }
    let missing: Vec<&String> = acknowledged.iter().filter(|w| !found.contains_key(*w)).collect();
    let doubled: Vec<&String> = found.iter().filter(|(_, n)| **n > 1).map(|(w, _)| w).collect();
    let tried: HashSet<&String> = tried.iter().collect();
    assert!(missing.is_empty(), "lost: {missing:?}");
    assert!(doubled.is_empty(), "doubled: {doubled:?}");
    assert!(found.keys().all(|w| tried.contains(w)), "never sent");
}
