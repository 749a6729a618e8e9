//! Load: some connections that ask as fast as they are answered, for a bounded time and count.
//! May touch: servers on this machine. One thread, so that most of the machine is the server's.

use anyhow::{Context, ensure};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::browser::Browser;
use crate::http::Conn;

/// No slice asks more often than this.
const COUNT_MAX: usize = 400_000;

/// What the connections send.
#[derive(Clone)]
pub enum Work {
    /// The same bytes again and again.
    Same(Arc<[u8]>),
    /// Sections of minutes, each saved by one connection at a time on the version it got last.
    Save(Arc<Vec<Mutex<Section>>>),
}

/// A section of minutes that is being written.
pub struct Section {
    /// Where it is saved.
    pub path: String,
    /// Version saved last.
    pub version: i64,
    /// What stands there.
    pub text: String,
    /// Number of the next save, also its key.
    pub turn: u64,
    /// Makes requests with the session's cookies.
    pub hands: Arc<Browser>,
}

impl Section {
    /// The request a page's script sends after some typing.
    fn request(&self) -> Vec<u8> {
        let text = format!("{} (lần ghi thứ {})", self.text, self.turn);
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.append_pair("text", &text)
            .append_pair("base_version", &self.version.to_string())
            .append_pair("key", &format!("{:08x}-0000-4000-8000-{:012x}", std::process::id(), self.turn))
            .append_pair("csrf", &self.hands.key);
        let headers = format!(
            "content-type: application/x-www-form-urlencoded;charset=UTF-8\r\naccept: application/json\r\nx-csrf-token: {}\r\n",
            self.hands.key
        );
        self.hands.request("POST", &self.path, &headers, body.finish().as_bytes())
    }
}

/// What a slice of load gave.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Time of each answer in nanoseconds.
    pub times: Vec<u32>,
    /// Time measured.
    pub span: Duration,
}

impl Outcome {
    /// Adds another slice.
    pub fn add(&mut self, other: Self) {
        self.times.extend(other.times);
        self.span += other.span;
    }

    /// Answers per second.
    pub fn rate(&self) -> f64 {
        let count = u32::try_from(self.times.len()).unwrap_or(u32::MAX);
        if self.span.is_zero() { 0.0 } else { f64::from(count) / self.span.as_secs_f64() }
    }

    /// The time within which this share of answers came, in milliseconds.
    pub fn within(&self, share: f64) -> f64 {
        let mut times = self.times.clone();
        times.sort_unstable();
        quantile(&times, share) / 1e6
    }
}

/// The value below which a share of sorted values lies.
pub fn quantile<T: Copy + Into<f64>>(sorted: &[T], share: f64) -> f64 {
    let count = u32::try_from(sorted.len()).unwrap_or(u32::MAX);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length is an index")]
    let at = (f64::from(count) * share).ceil() as usize;
    sorted.get(at.saturating_sub(1)).or(sorted.last()).map_or(0.0, |v| (*v).into())
}

/// Asks with `conns` connections: first for `warm` without counting, then for `span`.
pub async fn drive(to: SocketAddr, work: Work, conns: usize, warm: Duration, span: Duration) -> anyhow::Result<Outcome> {
    let begin = Instant::now() + warm;
    let end = begin + span;
    let mut tasks = JoinSet::new();
    for n in 0..conns {
        tasks.spawn(one(to, work.clone(), n, begin, end));
    }
    let mut times = Vec::new();
    let all = async {
        while let Some(done) = tasks.join_next().await {
            times.extend(done.context("a connection's task was lost")??);
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(warm + span + Duration::from_secs(30), all).await.context("answers stopped coming")??;
    Ok(Outcome { times, span })
}

async fn one(to: SocketAddr, work: Work, n: usize, begin: Instant, end: Instant) -> anyhow::Result<Vec<u32>> {
    let mut conn = Conn::open(to).await?;
    let mut times = Vec::with_capacity(4096);
    for _ in 0..COUNT_MAX {
        let asked = match &work {
            Work::Same(request) => same(&mut conn, request).await?,
            Work::Save(sections) => save(&mut conn, sections, n).await?,
        };
        let now = Instant::now();
        if now >= end {
            break;
        }
        if asked >= begin {
            times.push(u32::try_from((now - asked).as_nanos()).unwrap_or(u32::MAX));
        }
        if conn.closing() {
            conn = Conn::open(to).await?;
        }
    }
    Ok(times)
}

async fn same(conn: &mut Conn, request: &[u8]) -> anyhow::Result<Instant> {
    let asked = Instant::now();
    let status = conn.ask(request).await?;
    ensure!(status == 200, "an answer with status {status} under load");
    Ok(asked)
}

async fn save(conn: &mut Conn, sections: &[Mutex<Section>], n: usize) -> anyhow::Result<Instant> {
    let section = sections.get(n % sections.len().max(1)).context("no section to save")?;
    let mut section = section.lock().await;
    let request = section.request();
    let asked = Instant::now();
    let status = conn.ask(&request).await?;
    let body = conn.body()?;
    ensure!(status == 200, "a save answered {status}: {}", String::from_utf8_lossy(&body));
    let answer: serde_json::Value = serde_json::from_slice(&body).context("a save answers JSON")?;
    let version = answer.get("version").and_then(number).context("a save answers with a version")?;
    ensure!(version > section.version, "a save did not give a new version");
    section.version = version;
    section.turn += 1;
    Ok(asked)
}

/// A number, also when it is written as text: scripts lose digits of long numbers.
fn number(value: &serde_json::Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_known_values() {
        let values: Vec<u32> = (1..=100).collect();
        for (share, wanted) in [(0.5, 50.0), (0.99, 99.0), (1.0, 100.0), (0.0, 1.0)] {
            assert!((quantile(&values, share) - wanted).abs() < 1e-9, "{share}");
        }
        assert!((quantile::<u32>(&[], 0.5)).abs() < 1e-9);
        assert!((quantile(&[7u32], 0.99) - 7.0).abs() < 1e-9);
    }
}
