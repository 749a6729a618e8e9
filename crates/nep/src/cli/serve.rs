//! `nep serve`: starts safely (P-24). No default password, no public address without TLS in front,
//! no demonstration data for strangers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use db::Db;

use super::worker::Background;
use super::{Place, say, words};
use crate::account::password::Hasher;
use crate::account::store as accounts;
use crate::actor::{Ids, SystemClock};
use crate::app::{App, router};
use crate::message::mail::Mail;
use crate::message::webhook::Hook;
use crate::message::work::Outgoing;
use crate::process::{Lease, Role};

/// Connections to each replica.
const READERS: usize = 4;

#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    place: Place,
    /// Địa chỉ lắng nghe (mặc định: 127.0.0.1:8080; biến môi trường NEP_LISTEN)
    #[arg(long, value_name = "ĐỊA_CHỈ:CỔNG", default_value = "127.0.0.1:8080", env = "NEP_LISTEN")]
    listen: SocketAddr,
    /// Địa chỉ mọi người dùng để truy cập, ví dụ https://nep.donvi.vn (biến môi trường NEP_ADDRESS)
    #[arg(long, value_name = "ĐỊA_CHỈ", env = "NEP_ADDRESS")]
    address: Option<String>,
    /// Có máy chủ trung gian lo TLS đứng trước (biến môi trường NEP_BEHIND_PROXY)
    #[arg(long, env = "NEP_BEHIND_PROXY")]
    behind_proxy: bool,
    /// Không làm việc nền ở đây; “nep worker” hoặc máy chủ khác làm (biến môi trường NEP_NO_WORKER)
    #[arg(long, env = "NEP_NO_WORKER")]
    no_worker: bool,
    /// Địa chỉ một bản sao chỉ đọc của PostgreSQL; nhiều bản thì lặp lại (biến môi trường NEP_REPLICAS, cách nhau bằng dấu cách)
    #[arg(long = "replica", value_name = "ĐỊA_CHỈ", env = "NEP_REPLICAS", hide_env_values = true, value_delimiter = ' ')]
    replicas: Vec<String>,
    /// Bản sao chậm hơn chừng này mili giây thì không dùng (mặc định: 1000; biến môi trường NEP_REPLICA_LAG)
    #[arg(long, value_name = "MILI_GIÂY", default_value = "1000", env = "NEP_REPLICA_LAG")]
    replica_lag: u32,
    #[command(flatten)]
    out: Out,
}

/// The ways out. What they hold is a secret: it is read from here alone, never stored and never logged.
#[derive(Debug, Args)]
pub(super) struct Out {
    /// Máy chủ thư gửi tin nhắc việc: smtp://tên:mật_khẩu@máy:587 (STARTTLS) hoặc smtps://…; có mật khẩu thì dùng biến môi trường NEP_MAIL
    #[arg(long, value_name = "ĐỊA_CHỈ", env = "NEP_MAIL", hide_env_values = true)]
    mail: Option<String>,
    /// Địa chỉ người gửi, ví dụ "Nếp <nep@donvi.vn>" (biến môi trường NEP_MAIL_FROM)
    #[arg(long, value_name = "ĐỊA_CHỈ", env = "NEP_MAIL_FROM")]
    mail_from: Option<String>,
    /// Địa chỉ https://… nhận tin nhắc việc dạng webhook (biến môi trường NEP_WEBHOOK)
    #[arg(long, value_name = "ĐỊA_CHỈ", env = "NEP_WEBHOOK", hide_env_values = true)]
    webhook: Option<String>,
    /// Khóa bí mật để ký webhook, ít nhất 24 ký tự; nên đặt bằng biến môi trường NEP_WEBHOOK_SECRET
    #[arg(long, value_name = "KHÓA", env = "NEP_WEBHOOK_SECRET", hide_env_values = true)]
    webhook_secret: Option<String>,
}

impl Out {
    /// # Errors
    /// When half of a way is set up, or what was given cannot be used.
    pub(super) fn read(&self) -> anyhow::Result<Outgoing> {
        let mail = match (&self.mail, &self.mail_from) {
            (Some(server), Some(from)) => Some(Mail::read(server, from).map_err(anyhow::Error::msg)?),
            (Some(_), None) => bail!("đã khai máy chủ thư thì cần thêm địa chỉ người gửi: --mail-from hoặc NEP_MAIL_FROM."),
            (None, _) => None,
        };
        let hook = match (&self.webhook, &self.webhook_secret) {
            (Some(address), Some(secret)) => Some(Hook::read(address, secret).map_err(anyhow::Error::msg)?),
            (Some(_), None) => bail!("đã khai webhook thì cần thêm khóa bí mật: NEP_WEBHOOK_SECRET."),
            (None, _) => None,
        };
        Ok(Outgoing { mail, hook })
    }
}

pub(super) fn run(serve: &Serve) -> anyhow::Result<()> {
    let address = serve.address.clone().unwrap_or_else(|| format!("http://{}", serve.listen));
    refuse_open_door(serve, &address)?;
    let out = serve.out.read()?;
    let db = serve.place.open()?;
    if !serve.replicas.is_empty() {
        if db.engine() == db::Engine::Sqlite {
            bail!("bản sao chỉ đọc (--replica) chỉ có với PostgreSQL; hãy khai --database.");
        }
        let lag = Duration::from_millis(u64::from(serve.replica_lag.clamp(300, 10_000)));
        db.follow(&serve.replicas, READERS, lag).map_err(words::database).context("không dùng được bản sao chỉ đọc")?;
    }
    if !serve.listen.ip().is_loopback() && super::demo::is_demo(&db)? {
        bail!("đây là dữ liệu mẫu với mật khẩu ai cũng biết, chỉ được mở trên máy này.");
    }
    if let Some(code) = offer_set_up(&db)? {
        say(&format!("Mã thiết lập (dùng một lần): {code}\nMở {address}/thiet-lap để bắt đầu."));
    }
    let secure = address.starts_with("https://");
    let mut app = app(db, &address, secure)?;
    app.outgoing = Arc::new(out);
    serve_with(app, serve.listen, !serve.no_worker)
}

/// A public address needs TLS, which a proxy in front provides and the operator declares.
fn refuse_open_door(serve: &Serve, address: &str) -> anyhow::Result<()> {
    if serve.listen.ip().is_loopback() {
        return Ok(());
    }
    if !serve.behind_proxy {
        bail!(
            "địa chỉ {} mở ra ngoài máy này nhưng chưa có TLS. Hãy đặt máy chủ trung gian có TLS phía trước, rồi thêm \
             --behind-proxy và --address https://….",
            serve.listen
        );
    }
    if !address.starts_with("https://") {
        bail!("đã khai có máy chủ trung gian lo TLS thì cần thêm địa chỉ mọi người truy cập: --address https://….");
    }
    Ok(())
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
        shelf: Arc::default(),
        rooms: Arc::default(),
        address: address.trim_end_matches('/').into(),
        outgoing: Arc::default(),
    })
}

/// Serves until the process is told to stop, then lets requests and the delivery in hand finish.
///
/// # Errors
/// When the address is taken.
pub fn serve_app(app: App, listen: SocketAddr) -> anyhow::Result<()> {
    serve_with(app, listen, true)
}

/// As [`serve_app`], with the background work or without it.
fn serve_with(mut app: App, listen: SocketAddr, works: bool) -> anyhow::Result<()> {
    let lease = number(&mut app, Role::Serve)?;
    let own = app.clone();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen)
            .await
            .with_context(|| format!("không lắng nghe được ở {listen}; có thể cổng này đang được chương trình khác dùng"))?;
        let background = works.then(|| Background::start(&own)).transpose()?;
        say(&format!("Nếp đang chạy ở http://{}", listener.local_addr().unwrap_or(listen)));
        // Streams would hold the server for hours; their readers come back to the next one.
        let rooms = app.rooms.clone();
        let stop = async move {
            stopped().await;
            rooms.close();
        };
        let served = axum::serve(listener, router(app)).with_graceful_shutdown(stop).await;
        // It blocks while it finishes; nothing else runs any more.
        tokio::task::spawn_blocking(move || {
            if let Some(background) = background {
                background.stop();
            }
            drop(lease);
        })
        .await?;
        Ok(served?)
    })
}

/// Takes a number for the ids of this program.
pub(super) fn number(app: &mut App, role: Role) -> anyhow::Result<Lease> {
    let lease = Lease::take(&app.db, Arc::clone(&app.clock), role).map_err(words::database)?;
    app.ids = Arc::clone(&lease.ids);
    Ok(lease)
}

pub(super) async fn stopped() {
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
    let offered = db
        .write_now(move |tx| {
            if accounts::any(tx)? {
                return Ok(false);
            }
            accounts::set_setting(tx, "set_up_code", &hash)?;
            Ok::<_, db::Error>(true)
        })
        .map_err(words::database)?;
    Ok(offered.then_some(code))
}
