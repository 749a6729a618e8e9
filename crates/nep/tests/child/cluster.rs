//! PostgreSQL servers of a test's own, in a temporary folder: a primary, standbys, and their sudden end.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use db::Db;
use tempfile::TempDir;

use super::certificate;

/// The servers of one test.
pub struct Cluster {
    room: TempDir,
    bin: PathBuf,
    root: bool,
}

/// One server; it ends with this value.
pub struct Node {
    bin: PathBuf,
    root: bool,
    data: PathBuf,
    pub port: u16,
}

fn run(root: bool, bin: &Path, program: &str, args: &[&str]) {
    let path = bin.join(program);
    let mut command = match root {
        true => Command::new("runuser"),
        false => Command::new(&path),
    };
    if root {
        command.args(["-u", "postgres", "--"]).arg(&path);
    }
    let done = command.args(args).current_dir("/").stdin(Stdio::null()).output().unwrap();
    // A server that goes on holds no pipe of ours: its words go to its own log.
    assert!(done.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn installed() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|all| all.flatten().map(|e| e.path().join("bin")).collect())
        .unwrap_or_default();
    found.sort();
    let told = Command::new("pg_config").arg("--bindir").output().ok().filter(|o| o.status.success());
    found.extend(told.map(|o| PathBuf::from(String::from_utf8_lossy(&o.stdout).trim())));
    found.into_iter().rev().find(|bin| bin.join("initdb").exists() && bin.join("pg_basebackup").exists())
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Cluster {
    /// A folder for servers; none where PostgreSQL is not installed.
    pub fn new() -> Option<Self> {
        let Some(bin) = installed() else {
            eprintln!("PostgreSQL is not installed: not run");
            return None;
        };
        let room = tempfile::tempdir().unwrap();
        let root = Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout.starts_with(b"0\n"));
        if root {
            assert!(Command::new("chown").arg("postgres").arg(room.path()).status().unwrap().success());
        }
        Some(Self { room, bin, root })
    }

    fn node(&self, name: &str) -> Node {
        Node { bin: self.bin.clone(), root: self.root, data: self.room.path().join(name), port: free_port() }
    }

    /// A new server.
    pub fn primary(&self) -> Node {
        let node = self.node("primary");
        let data = node.data.to_str().unwrap();
        run(
            self.root,
            &self.bin,
            "initdb",
            &["-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"],
        );
        node.start();
        node
    }

    /// A copy that follows it.
    pub fn standby(&self, of: &Node, name: &str) -> Node {
        let node = self.node(name);
        let (data, port) = (node.data.to_str().unwrap(), of.port.to_string());
        let from = format!("host=127.0.0.1 port={port} user=postgres application_name={name}");
        run(
            self.root,
            &self.bin,
            "pg_basebackup",
            &["-d", &from, "-D", data, "-R", "-X", "stream", "--checkpoint=fast", "--no-sync"],
        );
        node.start();
        node
    }
}

impl Node {
    fn start(&self) {
        let (data, log) = (self.data.to_str().unwrap(), format!("{}.log", self.data.display()));
        let folder = self.data.parent().unwrap().display();
        let options =
            format!("-c listen_addresses=127.0.0.1 -p {} -k {folder} -c shared_buffers=32MB -c max_connections=60", self.port);
        run(self.root, &self.bin, "pg_ctl", &["-D", data, "-l", &log, "-w", "-t", "60", "-s", "-o", &options, "start"]);
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Runs statements, each in a transaction of its own or none.
    pub fn tell(&self, statements: &[&str]) {
        let port = self.port.to_string();
        for sql in statements {
            run(
                self.root,
                &self.bin,
                "psql",
                &["-h", "127.0.0.1", "-p", &port, "-U", "postgres", "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", sql],
            );
        }
    }

    /// From now on nothing is acknowledged before a standby has it; waits until one is connected.
    pub fn waits_for_standby(&self) {
        self.tell(&["alter system set synchronous_standby_names = '*'", "select pg_reload_conf()"]);
        let db = Db::open(&self.url()).unwrap();
        let begun = Instant::now();
        loop {
            let keeping = db.keeping().unwrap().unwrap();
            if keeping.waits && keeping.waited_for == Some(1) {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "no standby came: {keeping:?}");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// From now on it is reached by TLS only; the certificate of the authority that vouches for it as `localhost`.
    pub fn speaks_tls_only(&self) -> PathBuf {
        let openssl = |args: &[&str]| run(self.root, Path::new("/usr/bin"), "openssl", args);
        let made = certificate::make(&self.data, &openssl);
        self.tell(&["alter system set ssl = on"]);
        let rules = "hostssl all all 127.0.0.1/32 trust\nhostssl all all ::1/128 trust\nlocal all all trust\n";
        std::fs::write(self.data.join("pg_hba.conf"), rules).unwrap();
        self.tell(&["select pg_reload_conf()"]);
        thread::sleep(Duration::from_millis(500));
        made.authority
    }

    /// Makes a standby take writes.
    pub fn promote(&self) {
        run(self.root, &self.bin, "pg_ctl", &["-D", self.data.to_str().unwrap(), "-w", "-t", "60", "-s", "promote"]);
    }

    /// Ends every process of it at once, as when its machine is gone.
    pub fn kill(&self) {
        let Ok(file) = std::fs::read_to_string(self.data.join("postmaster.pid")) else { return };
        let Some(head) = file.lines().next().and_then(|l| l.trim().parse::<u32>().ok()) else { return };
        let mut pids = vec![head.to_string()];
        for entry in std::fs::read_dir("/proc").unwrap().flatten() {
            let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
            // `pid (name) state parent …`
            let parent = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1));
            if parent == Some(&head.to_string()) {
                pids.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        drop(Command::new("kill").arg("-9").args(&pids).stderr(Stdio::null()).status());
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}
