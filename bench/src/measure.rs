//! Measures one page: turn by turn with a server that gives the same bytes ready made.
//! May touch: servers on this machine, a temporary folder.

use anyhow::ensure;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use crate::browser::{Browser, Page};
use crate::load::{Outcome, Work, drive};
use crate::server::{Server, free};
use crate::still;
use crate::table::{Aim, Table};

/// Numbers of connections.
pub const CONNS: [usize; 3] = [1, 8, 32];
/// Page and still server take turns this often.
const TURNS: u32 = 4;
/// Uncounted time at the beginning of each turn.
pub const WARM: Duration = Duration::from_millis(100);
/// Patience with a start.
pub const LONG: Duration = Duration::from_secs(180);

/// What measures, and what it measured.
pub struct Meter<'a> {
    /// For files of a moment.
    pub folder: &'a Path,
    /// Time for each page and number of connections.
    pub span: Duration,
    /// Process that serves, when it is known: its time on the processor is counted.
    pub process: Option<u32>,
    /// Everything measured so far.
    pub table: Table,
}

impl<'a> Meter<'a> {
    /// A meter with an empty table.
    pub fn new(folder: &'a Path, seconds: f64) -> Self {
        Self { folder, span: Duration::from_secs_f64(seconds.clamp(0.2, 20.0)), process: None, table: Table::default() }
    }

    /// One page at each number of connections, turn by turn with the still server.
    pub async fn page(&mut self, browser: &mut Browser, name: &str, found: &Page) -> anyhow::Result<()> {
        say(&format!("{name} {} …", found.path));
        let request: Arc<[u8]> = browser.request("GET", &found.path, "accept: text/html\r\n", b"").into();
        let page = browser.page(&found.path).await?;
        let still = self.still(&page).await?;
        let note = format!("{name}: {}, {} bytes, {} as sent", page.path, page.text.len(), page.wire.len());
        self.table.note(note);
        let span = self.span / TURNS;
        for conns in CONNS {
            let (mut ours, mut bare) = (Outcome::default(), Outcome::default());
            let mut work = Duration::ZERO;
            for _ in 0..TURNS {
                let before = self.process.map(worked).unwrap_or_default();
                ours.add(drive(browser.at(), Work::Same(request.clone()), conns, WARM, span).await?);
                work += self.process.map(worked).unwrap_or_default().saturating_sub(before);
                bare.add(drive(still.at, Work::Same(request.clone()), conns, WARM, span / 2).await?);
            }
            ensure!(!ours.times.is_empty() && !bare.times.is_empty(), "no answer came in time with {conns} connections");
            self.put(&format!("{name}.c{conns}"), &ours, conns, true);
            self.table.put(format!("{name}.c{conns}.ratio"), ours.rate() / bare.rate(), "", Aim::Least(0.3));
            if self.process.is_some() {
                // Warming up is work too, so the rate is taken over the whole turn.
                let answers = ours.rate() * (self.span + WARM * TURNS).as_secs_f64();
                self.table.put(format!("{name}.c{conns}.cpu_us"), work.as_secs_f64() * 1e6 / answers, "µs", Aim::None);
            }
            self.table.put(format!("{name}.c{conns}.still_rps"), bare.rate(), "1/s", Aim::None);
        }
        Ok(())
    }

    /// Puts down what a load gave.
    pub fn put(&mut self, name: &str, outcome: &Outcome, conns: usize, is_page: bool) {
        let rate = if is_page && conns > 1 { Aim::Least(3000.0) } else { Aim::None };
        let half = if is_page && conns == 1 { Aim::Most(2.0) } else { Aim::None };
        self.table.put(format!("{name}.rps"), outcome.rate(), "1/s", rate);
        self.table.put(format!("{name}.p50_ms"), outcome.within(0.5), "ms", half);
        self.table.put(format!("{name}.p99_ms"), outcome.within(0.99), "ms", Aim::None);
    }

    async fn still(&self, page: &Page) -> anyhow::Result<Server> {
        let file = self.folder.join("still.body");
        std::fs::write(&file, &page.wire)?;
        let at = free()?;
        let still = still::Still { file, kind: page.kind.clone(), encoding: page.encoding.clone(), listen: at };
        let mut command = Command::new(std::env::current_exe()?);
        command.args(still.args());
        Server::start(command, at, "/", &self.folder.join("still.log"), LONG).await
    }
}

/// Time the threads of a process spent on a processor.
fn worked(process: u32) -> Duration {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let nanos = |task: std::fs::DirEntry| -> Option<u64> {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse().ok()
    };
    Duration::from_nanos(tasks.filter_map(nanos).sum())
}

/// Speaks to whoever runs the benchmark.
#[expect(clippy::print_stdout, reason = "the benchmark speaks to whoever runs it")]
pub fn say(text: &str) {
    println!("{text}");
}
