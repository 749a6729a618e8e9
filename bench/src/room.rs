//! A meeting of more than three hundred: everybody checks in with the code on the wall, thirty vote, sixty
//! screens stay open and fetch their page at every change, as the real ones do.
//! May touch: one server on this machine, as many browsers. Aims are those of the issue "The room".

use anyhow::{Context, ensure};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinSet;

use crate::browser::{Browser, Page, value_of};
use crate::load::quantile;
use crate::measure::say;
use crate::table::{Aim, Table};

/// Members who check in.
const MEMBERS: usize = 300;
/// Screens that stay open.
const SCREENS: usize = 60;
/// Members who vote.
const VOTERS: usize = 30;
/// Everybody checks in within this time: twice as fast as asked for.
const CHECK_IN: Duration = Duration::from_secs(30);
/// The votes come within this time.
const VOTE: Duration = Duration::from_secs(10);
/// Changes by the secretary whose way to the screens is measured.
const CHANGES: usize = 30;
const PASSWORD: &str = "buổi sinh hoạt đông đủ 2026";

/// When a screen heard of an event, by the number of the event.
type Heard = Arc<Mutex<BTreeMap<i64, Vec<Instant>>>>;

/// Runs the meeting in the cell of whoever is signed in, after its 300 members were taken over.
pub async fn measure(table: &mut Table, secretary: &mut Browser, cell: &str) -> anyhow::Result<()> {
    say("room: slips and accounts …");
    let people = accounts(secretary, cell).await?;
    ensure!(people.len() >= MEMBERS, "only {} members could be given an account", people.len());
    say("room: a meeting is opened …");
    let meeting = open(secretary, cell).await?;
    let heard: Heard = Heard::default();
    let screens = Screens::open(secretary.at(), &people, &meeting, &heard).await?;
    let mut errors = 0;

    say("room: 300 members check in …");
    secretary.post(&format!("{meeting}/ma-diem-danh"), &[("viec", "mo")]).await?;
    let code = Arc::new(Mutex::new(code(secretary, &meeting).await?));
    let renewed = renew(secretary.copy(), meeting.clone(), code.clone());
    let path = format!("{meeting}/tu-diem-danh");
    let (times, wrong) = spread(secretary.at(), &people, MEMBERS, CHECK_IN, |browser, _| {
        let (path, code) = (path.clone(), code.clone());
        async move { browser.form(&path, &[("ma_so", code.lock().await.as_str())]) }
    })
    .await?;
    renewed.abort();
    table.put("room.checkin.p50_ms", quantile(&times, 0.5), "ms", Aim::None);
    table.put("room.checkin.p95_ms", quantile(&times, 0.95), "ms", Aim::Most(300.0));
    errors += wrong;

    say("room: thirty vote …");
    let fields = [("loai", "other"), ("noi_dung", "Thông qua kế hoạch"), ("cach_thuc", "electronic")];
    let opened = secretary.post(&format!("{meeting}/dieu-hanh/bieu-quyet"), &fields).await?;
    ensure!(opened.status == 303, "opening a vote answered {}", opened.status);
    let ballot = opened.to.split("/lan-bq/").nth(1).and_then(|r| r.split(['?', '#']).next()).context("no vote was opened")?;
    let path = format!("{meeting}/bieu-quyet/{ballot}");
    let (times, wrong) = spread(secretary.at(), &people, VOTERS, VOTE, |browser, n| {
        let (path, choice) = (path.clone(), ["yes", "yes", "no"].get(n % 3).copied().unwrap_or("yes"));
        async move { browser.form(&path, &[("chon", choice), ("chac", "1")]) }
    })
    .await?;
    table.put("room.vote.p95_ms", quantile(&times, 0.95), "ms", Aim::Most(300.0));
    errors += wrong;

    say("room: the way of a change to sixty screens …");
    let times = pushes(secretary, &meeting, &heard).await?;
    table.put("room.push.p50_ms", quantile(&times, 0.5), "ms", Aim::None);
    table.put("room.push.p95_ms", quantile(&times, 0.95), "ms", Aim::Most(1000.0));
    let (fetched, wrong) = screens.close().await;
    errors += wrong;
    #[expect(clippy::cast_precision_loss, reason = "a count for people")]
    table.put("room.errors", errors as f64, "", Aim::Most(0.0));
    table.note(format!(
        "room: {MEMBERS} check in within {} s, {VOTERS} vote within {} s, {SCREENS} screens fetched their page {fetched} times",
        CHECK_IN.as_secs(),
        VOTE.as_secs()
    ));
    Ok(())
}

/// Gives everybody without an account a slip and activates it, each in a browser of their own.
async fn accounts(secretary: &mut Browser, cell: &str) -> anyhow::Result<Vec<Arc<Browser>>> {
    let slips = secretary.post(&format!("{cell}/tai-khoan/phieu"), &[("cho", "chua-co"), ("dang", "trang")]).await?;
    ensure!(slips.status == 200, "printing slips answered {}", slips.status);
    let codes = slips.text.split("class=\"said num\">").skip(1).filter_map(|r| r.split('<').next()).map(str::to_owned);
    let mut people = Vec::new();
    for code in codes.take(MEMBERS) {
        let mut browser = Browser::new(secretary.at());
        browser.page("/kich-hoat").await?;
        let fields = [("ma", code.as_str()), ("buoc", "2"), ("mat_khau", PASSWORD), ("nhac_lai", PASSWORD)];
        let done = browser.post("/kich-hoat", &fields).await?;
        ensure!(done.status == 200, "activating an account answered {}", done.status);
        browser.page("/").await?;
        people.push(Arc::new(browser));
    }
    Ok(people)
}

/// A meeting of today outside the plan, opened.
pub async fn open(secretary: &mut Browser, cell: &str) -> anyhow::Result<String> {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(7))).strftime("%d/%m/%Y").to_string();
    let made = secretary.post(&format!("{cell}/buoi/tao"), &[("loai", "other"), ("ngay", &today), ("gio", "00:05")]).await?;
    let rest = made.to.strip_prefix(&format!("{cell}/buoi/")).context("no meeting was made")?;
    let meeting = format!("{cell}/buoi/{}", rest.split(['/', '?', '#']).next().unwrap_or_default());
    secretary.post(&format!("{meeting}/muc"), &[("buoc", "other"), ("ten", "Việc chung"), ("phut", "30")]).await?;
    let desk = secretary.page(&format!("{meeting}/dieu-hanh")).await?;
    let people = options(&desk, "chu_tri");
    let (chair, scribe) = (people.first().context("nobody can lead")?, people.get(1).context("nobody can write")?);
    secretary.post(&format!("{meeting}/dieu-hanh/nguoi"), &[("chu_tri", chair), ("thu_ky", scribe)]).await?;
    let opened = secretary.post(&format!("{meeting}/dieu-hanh/mo"), &[("gio", "00:05")]).await?;
    ensure!(opened.status == 303, "opening the meeting answered {}", opened.status);
    Ok(meeting)
}

fn options(page: &Page, name: &str) -> Vec<String> {
    let list =
        page.text.split(&format!("<select id=\"{name}\"")).nth(1).and_then(|r| r.split("</select>").next()).unwrap_or_default();
    list.split("<option").filter_map(|o| value_of(o.split('>').next()?, "value")).filter(|v| !v.is_empty()).collect()
}

/// The code on the wall.
async fn code(secretary: &mut Browser, meeting: &str) -> anyhow::Result<String> {
    let page = secretary.page(&format!("{meeting}/ma-diem-danh")).await?;
    let digits = page.text.split("class=\"digits\"").nth(1).and_then(|r| r.split('>').nth(1)).and_then(|r| r.split('<').next());
    Ok(digits.context("no code on the wall")?.chars().filter(char::is_ascii_digit).collect())
}

/// Looks at the wall every few seconds, as people do.
fn renew(mut secretary: Browser, meeting: String, kept: Arc<Mutex<String>>) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(5)).await;
            if let Ok(fresh) = code(&mut secretary, &meeting).await {
                *kept.lock().await = fresh;
            }
        }
    })
}

/// The first `count` people send one request each, evenly over a time, each on a connection of their own; the
/// times of the answers in milliseconds, sorted, and how many were not what a member expects.
async fn spread<F, R>(
    at: SocketAddr,
    people: &[Arc<Browser>],
    count: usize,
    over: Duration,
    request: F,
) -> anyhow::Result<(Vec<f64>, usize)>
where
    F: Fn(Arc<Browser>, usize) -> R,
    R: Future<Output = Vec<u8>> + Send + 'static,
{
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    for (n, person) in people.iter().take(count).enumerate() {
        let share = over.mul_f64(f64::from(u32::try_from(n)?) / f64::from(u32::try_from(count)?));
        let request = request(person.clone(), n);
        tasks.spawn(async move {
            tokio::time::sleep_until((begun + share).into()).await;
            let bytes = request.await;
            let asked = Instant::now();
            let mut conn = crate::http::Conn::open(at).await?;
            let status = conn.ask(&bytes).await?;
            anyhow::Ok((asked.elapsed().as_secs_f64() * 1000.0, status))
        });
    }
    let (mut times, mut wrong) = (Vec::new(), 0);
    while let Some(done) = tasks.join_next().await {
        match done? {
            Ok((time, 303)) => times.push(time),
            Ok(_) | Err(_) => wrong += 1,
        }
    }
    times.sort_unstable_by(f64::total_cmp);
    Ok((times, wrong))
}

/// The secretary marks members one after the other; how long after each press the screens heard of it.
async fn pushes(secretary: &mut Browser, meeting: &str, heard: &Heard) -> anyhow::Result<Vec<f64>> {
    let roll = secretary.page(&format!("{meeting}/diem-danh")).await?;
    let marks = roll.text.split("name=\"mark\" value=\"").skip(1).filter_map(|r| r.split('"').next());
    let marks: Vec<String> = marks.filter(|m| m.ends_with(":v")).take(CHANGES).map(str::to_owned).collect();
    let mut times = Vec::new();
    for mark in &marks {
        let last = heard.lock().await.keys().next_back().copied().unwrap_or_default();
        let asked = Instant::now();
        let done = secretary.post(&format!("{meeting}/diem-danh"), &[("mark", mark)]).await?;
        ensure!(done.status == 303, "marking a member answered {}", done.status);
        tokio::time::sleep(Duration::from_millis(400)).await;
        for arrived in heard.lock().await.range(last + 1..).flat_map(|(_, at)| at) {
            times.push(arrived.saturating_duration_since(asked).as_secs_f64() * 1000.0);
        }
    }
    ensure!(times.len() >= marks.len() * SCREENS * 9 / 10, "only {} of {} news arrived", times.len(), marks.len() * SCREENS);
    times.sort_unstable_by(f64::total_cmp);
    Ok(times)
}

/// Screens of members that listen and fetch their page.
struct Screens {
    tasks: JoinSet<()>,
    counts: Arc<Mutex<(usize, usize)>>,
}

impl Screens {
    async fn open(at: SocketAddr, people: &[Arc<Browser>], meeting: &str, heard: &Heard) -> anyhow::Result<Self> {
        let (mut tasks, counts) = (JoinSet::new(), Arc::new(Mutex::new((0, 0))));
        for person in people.iter().rev().take(SCREENS) {
            let news = Arc::new(Notify::new());
            let request = person.request("GET", &format!("{meeting}/dien-bien"), "accept: text/event-stream\r\n", b"");
            let mut stream = TcpStream::connect(at).await?;
            stream.write_all(&request).await?;
            tasks.spawn(listen(stream, heard.clone(), news.clone()));
            tasks.spawn(follow(person.copy(), meeting.to_owned(), news, counts.clone()));
        }
        Ok(Self { tasks, counts })
    }

    /// Closes the screens: how often they fetched, how often in vain.
    async fn close(mut self) -> (usize, usize) {
        self.tasks.abort_all();
        while self.tasks.join_next().await.is_some() {}
        *self.counts.lock().await
    }
}

/// Notes when each event arrived.
async fn listen(mut stream: TcpStream, heard: Heard, news: Arc<Notify>) {
    let mut text = Vec::new();
    while stream.read_buf(&mut text).await.is_ok_and(|n| n > 0) {
        let now = Instant::now();
        let Some(end) = text.windows(2).rposition(|w| w == b"\n\n") else {
            continue;
        };
        let lines: Vec<u8> = text.drain(..end + 2).collect();
        let ids = String::from_utf8_lossy(&lines).lines().filter_map(|l| l.strip_prefix("id:")?.trim().parse().ok()).max();
        if let Some(id) = ids {
            heard.lock().await.entry(id).or_default().push(now);
            news.notify_one();
        }
    }
}

/// Fetches the page after news, one at a time.
async fn follow(mut person: Browser, meeting: String, news: Arc<Notify>, counts: Arc<Mutex<(usize, usize)>>) {
    loop {
        news.notified().await;
        let good = person.get(&meeting).await.is_ok_and(|page| page.status == 200);
        let mut counts = counts.lock().await;
        counts.0 += 1;
        counts.1 += usize::from(!good);
        drop(counts);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
