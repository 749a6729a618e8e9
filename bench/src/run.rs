//! The order of a run: data, starts, sign-in, pages, saving, files, import, backup, the table.
//! May touch: child processes on this machine, a temporary folder, the folder of results.

use anyhow::{Context, ensure};
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

use crate::advice;
use crate::block;
use crate::browser::Browser;
use crate::find::{self, Places, Writable};
use crate::load::{Section, Work, drive, quantile};
use crate::measure::{CONNS, LONG, Meter, WARM, say};
use crate::room;
use crate::search;
use crate::server::{Server, free};
use crate::sheet;
use crate::table::{Aim, facts};

/// What to measure and with what.
#[derive(Debug, Args)]
pub struct Run {
    /// The program
    #[arg(long)]
    nep: PathBuf,
    /// How it was built; printed
    #[arg(long, default_value = "release")]
    profile: String,
    /// Folder of results
    #[arg(long, default_value = "target/bench")]
    out: PathBuf,
    /// Use this data folder (it will be written to) instead of making the demonstration anew
    #[arg(long)]
    data: Option<PathBuf>,
    /// Who signs in; read from what the demonstration prints when not given
    #[arg(long)]
    login: Option<String>,
    /// With which password
    #[arg(long)]
    password: Option<String>,
    /// Seconds for each page and number of connections
    #[arg(long, default_value_t = 2.4)]
    seconds: f64,
    /// Only what begins with one of these names, for example page.home
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

/// One page of a server that runs already, for looking into what costs.
#[derive(Debug, Args)]
pub struct One {
    /// Where the server listens
    #[arg(long)]
    at: SocketAddr,
    /// Who signs in
    #[arg(long)]
    login: String,
    /// With which password
    #[arg(long)]
    password: String,
    /// The page
    #[arg(long)]
    path: String,
    /// Its process, to count its time on the processor
    #[arg(long)]
    process: Option<u32>,
    /// Seconds for each number of connections
    #[arg(long, default_value_t = 2.4)]
    seconds: f64,
}

/// Measures one page of a running server beside the still one.
pub fn one(one: &One) -> anyhow::Result<bool> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let folder = tempfile::tempdir()?;
    let table = runtime.block_on(async {
        let mut meter = Meter::new(folder.path(), one.seconds);
        meter.process = one.process;
        let mut browser = Browser::new(one.at);
        find::sign_in(&mut browser, &one.login, &one.password).await?;
        let page = browser.page(&one.path).await?;
        meter.page(&mut browser, "page.one", &page).await?;
        anyhow::Ok(meter.table)
    })?;
    say(&table.to_string());
    Ok(true)
}

/// A run under way.
struct Bench<'a> {
    run: &'a Run,
    meter: Meter<'a>,
    data: PathBuf,
}

/// Measures everything; false when something could not be measured.
pub fn run(run: &Run) -> anyhow::Result<bool> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let folder = tempfile::tempdir()?;
    let head = facts(&run.profile);
    say(&head);
    let data = run.data.clone().unwrap_or_else(|| folder.path().join("data"));
    let mut bench = Bench { run, meter: Meter::new(folder.path(), run.seconds), data };
    runtime.block_on(bench.all())?;
    let table = bench.meter.table;
    say(&table.to_string());
    std::fs::create_dir_all(&run.out)?;
    std::fs::write(run.out.join("results.tsv"), table.tsv())?;
    std::fs::write(run.out.join("results.txt"), format!("{head}\n{table}"))?;
    Ok(table.complete())
}

impl Bench<'_> {
    async fn all(&mut self) -> anyhow::Result<()> {
        let said = if self.run.data.is_none() { self.demo().await? } else { String::new() };
        self.starts().await?;
        let server = self.serve().await?;
        self.meter.table.put("memory.start_mb", server.memory("VmRSS")?, "MB", Aim::None);
        self.meter.process = Some(server.process());
        let mut browser = Browser::new(server.at);
        let (login, password) = self.account(&said)?;
        find::sign_in(&mut browser, &login, &password).await?;
        let places = find::places(&mut browser).await?;
        self.pages(&mut browser, &places).await;
        self.search(&mut browser).await;
        self.take_over(&mut browser, &places).await;
        self.members(&mut browser, &places).await;
        self.save(browser.at(), &mut browser, &places).await;
        self.block(browser.at(), &said).await;
        self.meter.table.put("memory.rss_mb", server.memory("VmRSS")?, "MB", Aim::Most(80.0));
        self.meter.table.put("memory.anon_mb", server.memory("RssAnon")?, "MB", Aim::None);
        self.files(&mut browser, &places).await;
        self.import(&mut browser, &places).await;
        self.room(&mut browser, &places).await;
        self.meter.table.put("memory.peak_mb", server.memory("VmHWM")?, "MB", Aim::None);
        let asked = Instant::now();
        server.stop()?;
        self.meter.table.put("stop.ms", ms(asked.elapsed()), "ms", Aim::None);
        self.backup();
        self.advice();
        Ok(())
    }

    /// The board of the whole block, as its secretary asks for it; not where somebody else's data are measured.
    async fn block(&mut self, at: SocketAddr, said: &str) {
        if !self.wanted("board") || self.run.data.is_some() {
            return;
        }
        if let Err(error) = block::measure(&mut self.meter, Browser::new(at), said).await {
            self.meter.table.miss("board.block", &error);
        }
    }

    /// Advice and near-repeats: nothing but the rules, so no server is asked.
    fn advice(&mut self) {
        if self.wanted("lint") || self.wanted("repeat") {
            say("advice and near-repeats …");
            if let Err(error) = advice::measure(&mut self.meter.table) {
                self.meter.table.miss("lint, repeat", &error);
            }
        }
    }

    fn wanted(&self, name: &str) -> bool {
        self.run.only.is_empty() || self.run.only.iter().any(|o| name.starts_with(o.as_str()))
    }

    fn command(&self, what: &str, at: Option<SocketAddr>) -> Command {
        let mut command = Command::new(&self.run.nep);
        command.arg(what).arg("--data").arg(&self.data).env("NEP_LOG", "warn");
        if let Some(at) = at {
            command.arg("--listen").arg(at.to_string());
        }
        command
    }

    /// Makes the demonstration data; gives what the program said.
    async fn demo(&mut self) -> anyhow::Result<String> {
        say("making the demonstration data …");
        let (at, log) = (free()?, self.meter.folder.join("demo.log"));
        let server = Server::start(self.command("demo", Some(at)), at, "/dang-nhap", &log, LONG * 3).await?;
        self.meter.table.put("demo.make_s", server.ready.as_secs_f64(), "s", Aim::Most(30.0));
        server.stop()?;
        // What may be found is indexed behind the first pages; here before anything else is measured.
        let begun = Instant::now();
        let indexed = self.command("reindex", None).stdout(Stdio::null()).status()?;
        ensure!(indexed.success(), "the index of the demonstration was not made");
        self.meter.table.put("demo.index_s", begun.elapsed().as_secs_f64(), "s", Aim::None);
        let size = std::fs::metadata(self.data.join("nep.db")).map_or(0, |m| m.len());
        #[expect(clippy::cast_precision_loss, reason = "a size for people")]
        self.meter.table.put("demo.db_mb", size as f64 / 1_048_576.0, "MB", Aim::None);
        Ok(std::fs::read_to_string(log)?)
    }

    async fn serve(&self) -> anyhow::Result<Server> {
        let at = free()?;
        let log = self.meter.folder.join("serve.log");
        Server::start(self.command("serve", Some(at)), at, "/dang-nhap", &log, LONG).await
    }

    async fn starts(&mut self) -> anyhow::Result<()> {
        let mut times = Vec::new();
        for _ in 0..5 {
            let server = self.serve().await?;
            times.push(ms(server.ready));
            server.stop()?;
        }
        times.sort_unstable_by(f64::total_cmp);
        self.meter.table.put("start.ready_ms", quantile(&times, 0.5), "ms", Aim::Most(150.0));
        Ok(())
    }

    /// Login and password of the secretary of the show-case cell.
    fn account(&self, said: &str) -> anyhow::Result<(String, String)> {
        if let (Some(login), Some(password)) = (&self.run.login, &self.run.password) {
            return Ok((login.clone(), password.clone()));
        }
        find::account(said).context("the demonstration names no secretary of a cell; give --login and --password")
    }

    async fn pages(&mut self, browser: &mut Browser, places: &Places) {
        let pages = [
            ("page.home", &places.home),
            ("page.year", &places.year),
            ("page.meeting", &places.meeting),
            ("page.minutes", &places.minutes),
        ];
        for (name, page) in pages {
            match page {
                Some(page) if self.wanted(name) => {
                    if let Err(error) = self.meter.page(browser, name, page).await {
                        self.meter.table.miss(name, &error);
                    }
                }
                Some(_) => {}
                None => self.meter.table.miss(name, &anyhow::anyhow!("there is no such page")),
            }
        }
    }

    async fn search(&mut self, browser: &mut Browser) {
        if !self.wanted("search.block") {
            return;
        }
        say("search …");
        if let Err(error) = search::measure(&mut self.meter.table, browser).await {
            self.meter.table.miss("search.block", &error);
        }
    }

    /// Takes 300 members over from a sheet as a secretary does.
    async fn take_over(&mut self, browser: &mut Browser, places: &Places) {
        if !self.wanted("page.members300") && !self.wanted("room") {
            return;
        }
        let done = async { find::take_over(browser, &places.cell, &sheet::members(300, 700_000)?).await };
        if let Err(error) = done.await {
            self.meter.table.miss("members", &error);
        }
    }

    /// A meeting of those 300.
    async fn room(&mut self, browser: &mut Browser, places: &Places) {
        if !self.wanted("room") {
            return;
        }
        if let Err(error) = room::measure(&mut self.meter.table, browser, &places.cell).await {
            self.meter.table.miss("room", &error);
        }
    }

    /// The list of 300 members.
    async fn members(&mut self, browser: &mut Browser, places: &Places) {
        let name = "page.members300";
        if !self.wanted(name) {
            return;
        }
        let measured = async {
            let list = places.members.as_ref().context("there is no list of members")?;
            let page = browser.page(&list.path).await?;
            self.meter.page(browser, name, &page).await
        };
        if let Err(error) = measured.await {
            self.meter.table.miss(name, &error);
        }
    }

    async fn save(&mut self, at: SocketAddr, browser: &mut Browser, places: &Places) {
        if !self.wanted("save") {
            return;
        }
        let mut sections = places.sections.clone();
        // On most days no meeting of the demonstration is waiting for its minutes: one is opened.
        if sections.is_empty()
            && let Ok(meeting) = room::open(browser, &places.cell).await
            && let Ok(page) = browser.page(&format!("{meeting}/bien-ban")).await
        {
            sections = find::sections(&page);
        }
        if sections.is_empty() {
            self.meter.table.miss("save", &anyhow::anyhow!("no minutes are being written"));
            return;
        }
        say(&format!("save {} and {} more sections …", sections[0].path, sections.len() - 1));
        let hands = Arc::new(browser.copy());
        let section = |w: &Writable| {
            let (path, text) = (w.path.clone(), w.text.clone());
            Mutex::new(Section { path, version: w.version, text, turn: 0, hands: hands.clone() })
        };
        let work: Arc<Vec<_>> = Arc::new(sections.iter().map(section).collect());
        let span = self.meter.span;
        for conns in CONNS {
            match drive(at, Work::Save(work.clone()), conns, WARM, span).await {
                Ok(outcome) => self.meter.put(&format!("save.c{conns}"), &outcome, conns, false),
                Err(error) => self.meter.table.miss(&format!("save.c{conns}"), &error),
            }
        }
        self.meter.table.note(format!("save: {} sections; more connections than sections wait for their turn", sections.len()));
    }

    async fn files(&mut self, browser: &mut Browser, places: &Places) {
        for (name, path) in ["pdf.minutes", "docx.minutes"].into_iter().zip(&places.files) {
            if !self.wanted(name) {
                continue;
            }
            let measured = async {
                let path = path.as_ref().context("the minutes page links to no such file")?;
                say(&format!("{name} {path} …"));
                let work = Work::Same(browser.request("GET", path, "", b"").into());
                let span = Duration::from_secs(3);
                let first = drive(browser.at(), work.clone(), 1, WARM, span).await?;
                let many = drive(browser.at(), work, 8, WARM, span).await?;
                anyhow::Ok((first, many))
            };
            match measured.await {
                Ok((first, many)) => {
                    self.meter.table.put(format!("{name}.p50_ms"), first.within(0.5), "ms", Aim::None);
                    self.meter.table.put(format!("{name}.per_s"), many.rate(), "1/s", Aim::None);
                }
                Err(error) => self.meter.table.miss(name, &error),
            }
        }
    }

    /// Reading a sheet of 5,000 rows as far as its preview, nothing written; median of three.
    async fn import(&mut self, browser: &mut Browser, places: &Places) {
        let name = "import.5000_rows.preview_ms";
        if !self.wanted(name) {
            return;
        }
        let measured = async {
            let mut times = Vec::new();
            let sheet = sheet::members(5000, 100_000)?;
            for _ in 0..3 {
                let asked = Instant::now();
                find::preview(browser, &places.cell, &sheet).await?;
                times.push(ms(asked.elapsed()));
            }
            times.sort_unstable_by(f64::total_cmp);
            anyhow::Ok(quantile(&times, 0.5))
        };
        match measured.await {
            Ok(time) => self.meter.table.put(name, time, "ms", Aim::Most(2000.0)),
            Err(error) => self.meter.table.miss(name, &error),
        }
    }

    fn backup(&mut self) {
        let begun = Instant::now();
        let status = self.command("backup", None).arg(self.meter.folder.join("backup.nep")).status();
        match status {
            Ok(status) if status.success() => self.meter.table.put("backup_s", begun.elapsed().as_secs_f64(), "s", Aim::None),
            Ok(status) => self.meter.table.miss("backup_s", &anyhow::anyhow!("the program ended with {status}")),
            Err(error) => self.meter.table.miss("backup_s", &error.into()),
        }
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
