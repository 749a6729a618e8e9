//! The command line: one executable, a role per subcommand. Errors go to stderr in Vietnamese,
//! with an exit code that is not 0.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::{Args, Parser, Subcommand};
use db::Db;

use crate::account::password::Hasher;
use crate::account::store as accounts;
use crate::actor::{Ids, SystemClock};
use crate::app::{App, router};
use crate::schema::migrations;

/// Nếp: sinh hoạt chi bộ nền nếp, nghị quyết đến nơi đến chốn.
#[derive(Debug, Parser)]
#[command(name = "nep", version, about, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Chạy máy chủ
    Serve(Serve),
    /// Đưa cơ sở dữ liệu lên phiên bản của chương trình này
    Migrate(Place),
}

/// Where the data are.
#[derive(Debug, Clone, Args)]
pub struct Place {
    /// Thư mục dữ liệu (SQLite)
    #[arg(long, default_value = "data", env = "NEP_DATA")]
    pub data: PathBuf,
    /// Địa chỉ PostgreSQL, dùng thay cho thư mục dữ liệu
    #[arg(long, env = "NEP_DATABASE")]
    pub database: Option<String>,
}

impl Place {
    /// Opens the database and brings it up to date.
    ///
    /// # Errors
    /// When it cannot be reached, or belongs to a newer program.
    pub fn open(&self) -> anyhow::Result<Db> {
        let url = match &self.database {
            Some(url) => url.clone(),
            None => format!("sqlite:{}", self.data.join("nep.db").display()),
        };
        let db = Db::open(&url).context("không mở được cơ sở dữ liệu")?;
        db.migrate(&migrations(db.engine())).context("không đưa được cơ sở dữ liệu lên phiên bản mới")?;
        Ok(db)
    }
}

#[derive(Debug, Args)]
struct Serve {
    #[command(flatten)]
    place: Place,
    /// Địa chỉ lắng nghe
    #[arg(long, default_value = "127.0.0.1:8080", env = "NEP_LISTEN")]
    listen: SocketAddr,
    /// Địa chỉ mọi người dùng để truy cập, ví dụ https://nep.donvi.vn
    #[arg(long, env = "NEP_ADDRESS")]
    address: Option<String>,
    /// Có máy chủ trung gian lo TLS đứng trước
    #[arg(long, env = "NEP_BEHIND_PROXY")]
    behind_proxy: bool,
}

/// Runs what the command line asks.
///
/// # Errors
/// Anything that stops the program, in words.
pub fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Serve(serve) => serve_until_stopped(&serve),
        Command::Migrate(place) => place.open().map(drop),
    }
}

fn serve_until_stopped(serve: &Serve) -> anyhow::Result<()> {
    if !serve.listen.ip().is_loopback() && !serve.behind_proxy {
        bail!(
            "địa chỉ {} mở ra ngoài máy này nhưng chưa có TLS. Hãy đặt máy chủ trung gian có TLS phía trước rồi thêm --behind-proxy.",
            serve.listen
        );
    }
    let db = serve.place.open()?;
    let address = serve.address.clone().unwrap_or_else(|| format!("http://{}", serve.listen));
    let secure = address.starts_with("https://");
    if let Some(code) = offer_set_up(&db)? {
        say(&format!("Mã thiết lập (dùng một lần): {code}\nMở {address}/thiet-lap để bắt đầu."));
    }
    serve_app(app(db, &address, secure)?, serve.listen)
}

/// What the server holds, on the machine's own clock.
///
/// # Errors
/// When a shipped rule pack is broken.
pub fn app(db: Db, address: &str, secure: bool) -> anyhow::Result<App> {
    let rules = domain::rulepack::shipped().map_err(|e| anyhow::anyhow!("gói quy định có lỗi: {e}"))?;
    Ok(App {
        db,
        clock: Arc::new(SystemClock),
        ids: Arc::new(Ids::new(web::random::number())),
        jar: web::cookie::Jar { secure },
        hasher: Hasher::default(),
        rules: Arc::new(rules),
        address: address.trim_end_matches('/').into(),
    })
}

/// Serves until the process is told to stop, then lets requests finish.
///
/// # Errors
/// When the address is taken.
pub fn serve_app(app: App, listen: SocketAddr) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen).await.with_context(|| format!("không lắng nghe được ở {listen}"))?;
        say(&format!("Nếp đang chạy ở http://{listen}"));
        axum::serve(listener, router(app)).with_graceful_shutdown(stopped()).await?;
        Ok(())
    })
}

async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
            return;
        }
    }
    let _ = interrupt.await;
}

/// A set-up code for a database without any account; its hash is stored, the code printed once.
fn offer_set_up(db: &Db) -> anyhow::Result<Option<String>> {
    let code = web::random::clear_code(12);
    let hash = web::random::digest(&code);
    let offered = db.write_now(move |tx| {
        if accounts::any(tx)? {
            return Ok(false);
        }
        accounts::set_setting(tx, "set_up_code", &hash)?;
        Ok::<_, db::Error>(true)
    })?;
    Ok(offered.then_some(code))
}

/// One line for whoever started the program.
#[expect(clippy::print_stdout, reason = "the command line speaks to its user")]
pub fn say(text: &str) {
    println!("{text}");
}
