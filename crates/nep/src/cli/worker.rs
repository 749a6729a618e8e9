//! `nep worker`: the background work alone, for servers that run with `--no-worker`. Several may run on one
//! database; what one has in hand no other takes.

use std::sync::Arc;

use anyhow::Context;
use clap::Args;

use super::serve::{Out, app, number, stopped};
use super::{Place, say};
use crate::app::App;
use crate::process::Role;
use crate::work::{Stopping, Work};
use crate::{board, message, search};

#[derive(Debug, Args)]
pub(super) struct Worker {
    #[command(flatten)]
    place: Place,
    /// Địa chỉ mọi người dùng để truy cập, ghi trong tin gửi đi, ví dụ https://nep.donvi.vn (biến môi trường NEP_ADDRESS)
    #[arg(long, value_name = "ĐỊA_CHỈ", env = "NEP_ADDRESS", default_value = "http://127.0.0.1:8080")]
    address: String,
    #[command(flatten)]
    out: Out,
}

/// The background work of one program, a thread for each kind.
pub(super) struct Background(Vec<Work>);

impl Background {
    /// Starts all of it.
    pub(super) fn start(app: &App) -> anyhow::Result<Self> {
        let messages = message::work::start(app).context("không mở được luồng gửi tin")?;
        let sums = board::work::start(app).context("không mở được luồng tổng hợp số liệu")?;
        let index = search::work::start(app).context("không mở được luồng lập chỉ mục tìm kiếm")?;
        Ok(Self(vec![messages, sums, index]))
    }

    /// Lets each finish what it has in hand, and waits.
    pub(super) fn stop(self) {
        let stopping: Vec<Stopping> = self.0.into_iter().map(Work::tell).collect();
        stopping.into_iter().for_each(Stopping::wait);
    }
}

pub(super) fn run(worker: &Worker) -> anyhow::Result<()> {
    let out = worker.out.read()?;
    let mut app = app(worker.place.open()?, &worker.address, worker.address.starts_with("https://"))?;
    app.outgoing = Arc::new(out);
    let lease = number(&mut app, Role::Worker)?;
    let background = Background::start(&app)?;
    say("Nếp đang làm việc nền.");
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(stopped());
    background.stop();
    drop(lease);
    Ok(())
}
