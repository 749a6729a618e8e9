//! The nation's months: how long the program takes to carry a year of them up, how fast its board answers beside a
//! scan of the facts, and how far the sums are behind while 200 meetings a second are sealed.
//! May touch: the database, `nep serve` and `nep worker` as child processes.

use anyhow::{Context, ensure};
use postgres::{Client, NoTls};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::load::{MONTHS, Made, whole};
use super::{Nation, megabytes};
use crate::browser::Browser;
use crate::load::quantile;
use crate::measure::{LONG, say};
use crate::server::{Server, free};
use crate::table::{Aim, Table};

/// Meetings sealed in a second.
const SEALED: u32 = 200;
/// How often a board is read.
const READS: usize = 300;
/// Patience with the first carrying: a whole year of the whole nation.
const PATIENCE: Duration = Duration::from_secs(20 * 60);

/// A worker; it ends with this value.
struct Worker(Child);

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Measures all of it.
pub fn measure(sql: &mut Client, nation: &Nation, made: &Made, table: &mut Table) -> anyhow::Result<()> {
    let begun = Instant::now();
    let child = Command::new(&nation.nep)
        .args(["worker", "--database", &nation.database])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()?;
    let _worker = Worker(child);
    let months: i64 = sql.query_one("select count(*) from cell_month", &[])?.get(0);
    while carried(sql, made)? < months {
        ensure!(begun.elapsed() < PATIENCE, "the months are not carried within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
    let span = begun.elapsed().as_secs_f64();
    say(&format!("carried: {months} months in {span:.1} s"));
    table.put("rollup.first_s", span, "s", Aim::None);
    table.put("rollup.months_per_s", whole(u64::try_from(months)?) / span, "1/s", Aim::None);
    sql.batch_execute("vacuum analyze")?;
    let folder = tempfile::tempdir()?;
    if let Err(error) = boards(sql, nation, made, table, folder.path()) {
        table.miss("board.nation", &error);
    }
    scan(sql, made, table)?;
    lag(sql, nation, made, table)
}

/// How many months of cells have arrived at the top.
fn carried(sql: &mut Client, made: &Made) -> anyhow::Result<i64> {
    let top = made.top.raw();
    let arrived =
        "select cast(coalesce(sum(meetings), 0) as bigint) from org_month where org_id = $1 and month between $2 and $3";
    Ok(sql.query_one(arrived, &[&top, &made.first, &made.last])?.get(0))
}

fn boards(sql: &mut Client, nation: &Nation, made: &Made, table: &mut Table, folder: &Path) -> anyhow::Result<()> {
    let province: i64 = sql.query_one("select min(org_id) from org_edge where parent_id = $1", &[&made.top.raw()])?.get(0);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let at = free()?;
        let mut command = Command::new(&nation.nep);
        command.args(["serve", "--no-worker", "--database", &nation.database, "--listen", &at.to_string()]);
        let server = Server::start(command, at, "/dang-nhap", &folder.join("nep.log"), LONG).await?;
        let mut browser = Browser::new(at);
        browser.hold("nep", made.session);
        for (name, org) in [("nation", made.top.raw()), ("province", province)] {
            // The address of the year it shows, without the way there.
            let page = browser.page(&format!("/tc/{org}/buc-tranh")).await.context("the board")?;
            let path = page.path.clone();
            table.note(format!("board.{name}: {} bytes, {} as sent", page.text.len(), page.wire.len()));
            let mut times = Vec::with_capacity(READS);
            for _ in 0..READS {
                let begun = Instant::now();
                browser.page(&path).await?;
                times.push(ms(begun.elapsed()));
            }
            times.sort_by(f64::total_cmp);
            table.put(format!("board.{name}.p50_ms"), quantile(&times, 0.5), "ms", Aim::None);
            let aim = if name == "nation" { Aim::Most(50.0) } else { Aim::None };
            table.put(format!("board.{name}.p99_ms"), quantile(&times, 0.99), "ms", aim);
        }
        table.put("nation.nep_rss_mb", server.memory("VmRSS")?, "MB", Aim::None);
        anyhow::Ok(())
    })?;
    let own: i32 = sql.query_one("select pg_backend_pid()", &[])?.get(0);
    table.put("nation.postgres_mb", postgres_memory(own), "MB", Aim::None);
    Ok(())
}

fn ms(span: Duration) -> f64 {
    span.as_secs_f64() * 1000.0
}

/// The process that started another.
fn parent(folder: &Path) -> Option<String> {
    let stat = std::fs::read_to_string(folder.join("stat")).ok()?;
    // `pid (name) state parent …`
    Some(stat.rsplit(')').next()?.split_whitespace().nth(1)?.to_owned())
}

/// What the processes of the server hold together to which a connection belongs, shared memory once.
fn postgres_memory(own: i32) -> f64 {
    let Some(head) = parent(&Path::new("/proc").join(own.to_string())) else { return 0.0 };
    let mut kilobytes = 0i64;
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy() == head || parent(&entry.path()).as_ref() == Some(&head) {
            let text = std::fs::read_to_string(entry.path().join("smaps_rollup")).unwrap_or_default();
            let pss =
                text.lines().find_map(|l| l.strip_prefix("Pss:")).and_then(|l| l.trim().split(' ').next()?.parse::<i64>().ok());
            kilobytes += pss.unwrap_or(0);
        }
    }
    megabytes(kilobytes * 1024)
}

/// The same figures from the facts: every line of every roll, by province and month.
fn scan(sql: &mut Client, made: &Made, table: &mut Table) -> anyhow::Result<()> {
    let text = "select p.org_id, substr(m.starts_at, 1, 7), count(distinct m.meeting_id), count(*), count(*) filter (where r.mark = 'present')
                from org_edge p join org o on o.path >= p.path and o.path < p.path || '~' and o.is_cell = 1
                join meeting m on m.org_id = o.org_id join roll r on r.org_id = m.org_id and r.meeting_id = m.meeting_id
                where p.parent_id = $1 group by 1, 2";
    let mut times = Vec::new();
    for _ in 0..3 {
        let begun = Instant::now();
        let rows = sql.query(text, &[&made.top.raw()])?;
        ensure!(!rows.is_empty(), "the scan found nothing");
        times.push(ms(begun.elapsed()));
    }
    times.sort_by(f64::total_cmp);
    table.put("board.nation.scan_ms", quantile(&times, 0.5), "ms", Aim::None);
    Ok(())
}

/// Seals at a rate and looks when each meeting has arrived at the top.
fn lag(sql: &mut Client, nation: &Nation, made: &Made, table: &mut Table) -> anyhow::Result<()> {
    let cells: i64 = sql.query_one("select count(*) from org where is_cell = 1", &[])?.get(0);
    let first: i64 = sql.query_one("select min(org_id) from org where is_cell = 1", &[])?.get(0);
    let base = carried(sql, made)?;
    let all = nation.seconds * SEALED;
    let sealed: Arc<Mutex<Vec<Instant>>> = Arc::default();
    let begun = Instant::now();
    let writers: Vec<_> = (0..8u32)
        .map(|n| {
            let (database, last, sealed) = (nation.database.clone(), made.last.clone(), Arc::clone(&sealed));
            std::thread::spawn(move || seal(&database, &last, (first, cells), (n, all), begun, &sealed))
        })
        .collect();
    let (mut lags, mut seen) = (Vec::new(), 0usize);
    while seen < usize::try_from(all)? {
        ensure!(begun.elapsed() < PATIENCE, "the meetings do not arrive");
        let arrived = usize::try_from(carried(sql, made)? - base)?;
        let now = Instant::now();
        let committed = sealed.lock().map_err(|_| anyhow::anyhow!("a writer broke down"))?.clone();
        for at in committed.get(seen..arrived.min(committed.len())).unwrap_or_default() {
            lags.push(ms(now.saturating_duration_since(*at)));
            seen += 1;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    for writer in writers {
        writer.join().map_err(|_| anyhow::anyhow!("a writer broke down"))??;
    }
    let committed = sealed.lock().map_err(|_| anyhow::anyhow!("a writer broke down"))?.clone();
    let span = committed.iter().max().map_or(Duration::ZERO, |last| last.saturating_duration_since(begun));
    lags.sort_by(f64::total_cmp);
    table.put("rollup.sealed_per_s", f64::from(all) / span.as_secs_f64(), "1/s", Aim::None);
    table.put("rollup.lag_ms", quantile(&lags, 0.5), "ms", Aim::None);
    table.put("rollup.lag_p99_ms", quantile(&lags, 0.99), "ms", Aim::None);
    table.note(format!(
        "{cells} cells, {MONTHS} months each; a sealed meeting changes its cell's month and leaves it to be carried"
    ));
    Ok(())
}

/// What sealing leaves in the months, every n-th of eight.
fn seal(
    database: &str,
    month: &str,
    (first, cells): (i64, i64),
    (own, all): (u32, u32),
    begun: Instant,
    sealed: &Mutex<Vec<Instant>>,
) -> anyhow::Result<()> {
    let mut sql = Client::connect(database, NoTls)?;
    for n in (own..all).step_by(8) {
        let due = begun + Duration::from_secs(1) * n / SEALED;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let org = first + i64::from(n) * 7919 % cells;
        let mut tx = sql.transaction()?;
        let now = jiff::Timestamp::now().as_millisecond();
        tx.execute(
            "update cell_month set meetings = meetings + 1, expected = expected + 22, present = present + 20 where org_id = $1 and month = $2",
            &[&org, &month],
        )?;
        tx.execute(
            "insert into month_due (org_id, month, at) values ($1, $2, $3) on conflict (org_id, month) do update set at = month_due.at",
            &[&org, &month, &now],
        )?;
        tx.commit()?;
        sealed.lock().map_err(|_| anyhow::anyhow!("a writer broke down"))?.push(Instant::now());
    }
    Ok(())
}
