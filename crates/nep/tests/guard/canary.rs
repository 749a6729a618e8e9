//! Secrets stay out of logs and addresses (P-19): values typed into every field never come back
//! in what the server writes to its log, nor in the address of a redirect.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use db::Engine;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::client::pairs;
use crate::pages::{every_page, learn, plausible};
use crate::world::{Spot, World};

/// What the log has been told so far.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn listen() -> Log {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_ansi(false).with_writer(log.clone());
    // Only one listener per process; this is the only test that sets one.
    tracing::subscriber::set_global_default(subscriber.finish()).unwrap();
    log
}

const CANARY: &str = "hoangyen";

#[test]
fn what_is_typed_stays_out_of_the_log_and_of_addresses() {
    let log = listen();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut wrong = Vec::new();
    let (mut sent, mut next) = (0, 0);
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let Some(world) = World::on(engine) else { continue };
        runtime.block_on(async {
            for role in ["secretary", "member", "upper_secretary", "upper_clerk", "admin", "nobody"] {
                let client = world.client(role);
                let urls = every_page(&world, &[Spot::Cell, Spot::Committee]);
                for form in learn(&client, &urls).await.iter().filter(|f| f.method == "post") {
                    let mut fields = plausible(form);
                    for (key, value) in fields.iter_mut().filter(|(k, _)| !["_k", "ve"].contains(&k.as_str())) {
                        let words = form.fields.iter().any(|f| f.name == *key && f.takes_text());
                        if words {
                            next += 1;
                            *value = format!("{CANARY}{next} chìm trong sương");
                        }
                    }
                    if form.action == "/dang-xuat" {
                        continue;
                    }
                    let answer = client.act(&form.action, &fields).await;
                    sent += 1;
                    if answer.to().contains(CANARY) {
                        wrong.push(format!("{} redirects to {}", form.action, answer.to()));
                    }
                }
            }
            // A page, a query, a cookie, an upload and a broken body with secrets in them.
            let client = world.client("secretary");
            client.get(&format!("/dang-nhap?ve=/{CANARY}&ma={CANARY}")).await;
            client.get(&format!("/{CANARY}/khong-co?x={CANARY}")).await;
            let odd = client.request(axum::http::Method::POST, "/toi/mat-khau").header("sec-fetch-site", "same-origin");
            let odd = odd.header("content-type", "multipart/form-data; boundary=x").header("x-other", CANARY);
            client.send(odd.body(Body::from(format!("--x\r\n{CANARY}"))).unwrap()).await;
            client.act("/toi/mat-khau", &pairs(&[("cu", CANARY), ("mat_khau", CANARY), ("nhac_lai", "khác")])).await;
            break_the_database(&world, &client).await;
        });
    }
    let text = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    for line in text.lines().filter(|l| l.contains(CANARY) || l.contains("token-of-") || l.contains("key-of-")) {
        wrong.push(format!("in the log: {line}"));
    }
    println!("{sent} forms with {next} canaries sent; the log has {} lines", text.lines().count());
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
    assert!(text.contains("request failed"), "the log was not listened to:\n{text}");
}

/// Makes statements fail, so that the server logs a fault of the database while a person writes.
async fn break_the_database(world: &World, client: &crate::client::Client) {
    let drop = |tx: &mut db::Tx| {
        tx.exec("alter table login_attempt rename to elsewhere", &[])?;
        Ok::<_, db::Error>(())
    };
    world.app.db.write_now(drop).unwrap();
    let fields = pairs(&[("ten", CANARY), ("mat_khau", CANARY), ("ma", CANARY)]);
    let answer = client.act("/dang-nhap", &fields).await;
    assert_eq!(answer.status, 500);
    assert!(!answer.text().contains(CANARY) && !answer.text().contains("login_attempt"), "{}", answer.text());
}
