//! Processes under measurement: started, awaited, asked for their memory, ended.
//! May touch: child processes and /proc.

use anyhow::{Context, bail, ensure};
use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::http::Conn;

/// A running process that serves HTTP. Dropping it ends it.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub at: SocketAddr,
    /// From its start to its first good answer.
    pub ready: Duration,
}

/// An address on this machine that is free now.
pub fn free() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

impl Server {
    /// Starts a program and waits until `path` answers 200; what it says goes to a file.
    pub async fn start(mut command: Command, at: SocketAddr, path: &str, log: &Path, patience: Duration) -> anyhow::Result<Self> {
        let out = File::options().create(true).append(true).open(log)?;
        let err = out.try_clone()?;
        let begun = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(out).stderr(err).spawn().context("the server does not start")?;
        let request = format!("GET {path} HTTP/1.1\r\nhost: {at}\r\n\r\n");
        loop {
            if let Ok(mut conn) = Conn::open(at).await
                && conn.ask(request.as_bytes()).await.is_ok_and(|status| status == 200)
            {
                return Ok(Self { child, at, ready: begun.elapsed() });
            }
            if let Some(status) = child.try_wait()? {
                bail!("the server ended with {status}: {}", last_words(log));
            }
            if begun.elapsed() > patience {
                child.kill()?;
                child.wait()?;
                bail!("the server was not ready within {patience:?}: {}", last_words(log));
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// The process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// A number of kilobytes from the process's status, as megabytes.
    pub fn memory(&self, name: &str) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|l| l.strip_prefix(name)).with_context(|| format!("no {name} in /proc"))?;
        let kb: f64 = line.trim_start_matches(':').trim().trim_end_matches("kB").trim().parse()?;
        Ok(kb / 1024.0)
    }

    /// Asks the process to stop and waits.
    pub fn stop(mut self) -> anyhow::Result<()> {
        let asked = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status()?;
        ensure!(asked.success(), "the server could not be asked to stop");
        let begun = Instant::now();
        while self.child.try_wait()?.is_none() {
            ensure!(begun.elapsed() < Duration::from_secs(20), "the server does not stop");
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing can be done about a process that cannot be ended.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn last_words(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(5)..).unwrap_or_default().join(" | ")
}
