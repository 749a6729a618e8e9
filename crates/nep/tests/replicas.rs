//! Pages from a replica: never for who has just written, never behind by more than the bound, and from the
//! primary again when the replica is gone.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

mod child;

use std::future::Future;
use std::time::{Duration, Instant};

use child::cluster::Cluster;
use child::{Client, Server, nep_with, small_in};
use db::{Db, Error, Sees, values};

const BOUND: Duration = Duration::from_millis(500);

/// Who answers, and the newest number it knows.
async fn asked(db: &Db) -> (bool, i64) {
    db.read(|tx| tx.one::<(bool, i64)>("select pg_is_in_recovery(), (select coalesce(max(n), 0) from tried)", values![]))
        .await
        .unwrap()
}

async fn becomes<F: Future<Output = bool>>(what: &str, is: impl Fn() -> F) {
    let begun = Instant::now();
    while !is().await {
        assert!(begun.elapsed() < Duration::from_secs(20), "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[test]
fn a_replica_answers_only_what_it_knows_and_the_primary_all_the_rest() {
    let Some(cluster) = Cluster::new() else { return };
    let primary = cluster.primary();
    primary.tell(&["create table tried (n bigint not null primary key)"]);
    let replica = cluster.standby(&primary, "replica");
    let db = Db::open(&primary.url()).unwrap();
    assert_eq!(db.replicas(), None);
    db.follow(&[replica.url()], 2, BOUND).unwrap();
    assert!(db.follow(&[replica.url()], 2, BOUND).is_err(), "once");
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let near = || async { db.seeing(Sees::UpTo(0), asked(&db)).await.0.0 };
        becomes("the replica is used", near).await;
        assert_eq!(db.replicas(), Some((1, 1)));
        assert!(!asked(&db).await.0, "work that says nothing is answered by the primary");
        assert!(!db.seeing(Sees::Everything, asked(&db)).await.0.0);
        // Within one piece of work: what it wrote itself is there.
        let write = async |n: i64| db.write(move |tx| tx.exec("insert into tried values ($1)", values![n])).await.unwrap();
        let work = async {
            write(1).await;
            asked(&db).await
        };
        assert_eq!(db.seeing(Sees::UpTo(0), work).await, ((false, 1), true));
        // From one piece of work to the next: the mark.
        let mut by_replica = 0;
        for n in 2..=200 {
            assert!(db.seeing(Sees::Everything, write(n)).await.1);
            let mark = db.mark().await.unwrap();
            if n % 10 == 0 {
                tokio::time::sleep(Duration::from_millis(150)).await;
            }
            let ((there, known), wrote) = db.seeing(Sees::UpTo(mark), asked(&db)).await;
            assert_eq!((known, wrote), (n, false), "from the replica: {there}");
            by_replica += usize::from(there);
        }
        assert!(by_replica > 5, "{by_replica}");
        // A replica that stands still is not read beyond the bound.
        replica.tell(&["select pg_wal_replay_pause()"]);
        write(201).await;
        tokio::time::sleep(BOUND + Duration::from_millis(200)).await;
        assert_eq!(db.seeing(Sees::UpTo(0), asked(&db)).await.0, (false, 201));
        assert_eq!(db.replicas(), Some((0, 1)));
        replica.tell(&["select pg_wal_replay_resume()"]);
        becomes("the replica is used again", near).await;
        // A primary that is gone makes no replica answer for ever; a replica that is gone takes nothing with it.
        replica.kill();
        for _ in 0..20 {
            assert_eq!(db.seeing(Sees::UpTo(0), asked(&db)).await.0, (false, 201));
        }
        primary.kill();
        let refused = db.read(|tx| tx.scalar::<i64>("select cast(1 as bigint)", values![])).await;
        assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
    });
}

#[test]
fn who_has_just_written_sees_it_on_the_next_page() {
    let Some(cluster) = Cluster::new() else { return };
    let primary = cluster.primary();
    let known = small_in(&Db::open(&primary.url()).unwrap());
    let replica = cluster.standby(&primary, "replica");
    let (own, near) = (primary.url(), replica.url());
    let server = Server::start_args(&["--database", &own, "--replica", &near, "--no-worker"], &[]);
    let mut client = Client::sign_in(server.port, &known.logins[0]);
    let task = format!("/cb/{}/nhiem-vu/{}", known.cell, known.task);
    let look = |client: &mut Client, n: usize| {
        let words = format!("lời nhắc số {n}.");
        assert_eq!(client.post(&format!("{task}/don-doc"), &[("nhac", &words)]).unwrap().0, 303);
        assert!(client.cookies.contains("nep-moc="), "{}", client.cookies);
        let (status, page) = client.get(&task).unwrap();
        assert_eq!((status, page.contains(&words)), (200, true), "{n}");
    };
    for n in 0..40 {
        look(&mut client, n);
    }
    // Pages do come from the replica once it has all of that.
    std::thread::sleep(Duration::from_millis(1200));
    for _ in 0..20 {
        assert_eq!(client.get(&task).unwrap().0, 200);
    }
    assert!(just_read(&near) > 0, "nobody read there");
    assert!(Db::open(&near).is_err(), "a replica is no database to write to");
    replica.tell(&["select pg_wal_replay_pause()"]);
    for n in 40..60 {
        look(&mut client, n);
    }
    replica.kill();
    for n in 60..70 {
        look(&mut client, n);
    }
}

#[test]
fn a_server_reached_over_a_network_is_spoken_to_by_tls_if_it_can_be_trusted() {
    let Some(cluster) = Cluster::new() else { return };
    let primary = cluster.primary();
    let ca = primary.speaks_tls_only();
    let trusted = [("SSL_CERT_FILE", ca.to_str().unwrap())];
    let address = |host: &str, mode: &str| format!("postgres://postgres@{host}:{}/postgres{mode}", primary.port);
    let migrate = |url: &str, settings: &[(&str, &str)]| nep_with(&["migrate", "--database", url], settings);
    let refused = &["không kết nối được"];
    migrate(&address("localhost", ""), &trusted).fails_saying(refused);
    migrate(&address("localhost", "?sslmode=require"), &[("SSL_CERT_FILE", "/dev/null")]).fails_saying(refused);
    // The certificate is another host's.
    migrate(&address("127.0.0.1", "?sslmode=require"), &trusted).fails_saying(refused);
    migrate(&address("localhost", "?sslmode=require"), &trusted).works().says(&["phiên bản"]);
}

/// Connections whose last word was the end of a reading transaction, not long ago.
fn just_read(url: &str) -> i64 {
    let port = url.rsplit(':').next().unwrap().split('/').next().unwrap().to_owned();
    let sql = "select count(*) from pg_stat_activity where application_name = 'nep' and query in ('commit', 'rollback')
               and state_change > now() - interval '2 seconds'";
    let done = std::process::Command::new("psql")
        .args(["-h", "127.0.0.1", "-p", &port, "-U", "postgres", "-qAtX", "-c", sql])
        .output()
        .unwrap();
    String::from_utf8_lossy(&done.stdout).trim().parse().unwrap()
}
