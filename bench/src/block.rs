//! The whole block as its committee sees it: Bức tranh chung of 289 cells, one year, asked by one browser.
//! May touch: one server, as a browser.

use anyhow::{Context, ensure};
use std::sync::Arc;

use crate::browser::Browser;
use crate::find;
use crate::load::{Work, drive};
use crate::measure::{Meter, WARM, say};
use crate::table::Aim;

/// Measures the board of the block for the present year.
pub async fn measure(meter: &mut Meter<'_>, mut browser: Browser, said: &str) -> anyhow::Result<()> {
    let (login, password) =
        find::seat(said, "Bí thư đảng ủy cấp trên").context("the demonstration names no secretary of the block")?;
    find::sign_in(&mut browser, &login, &password).await?;
    let home = browser.page("/").await?;
    let path = home.links().iter().find(|l| l.ends_with("/buc-tranh")).cloned().context("no board on the first page")?;
    let page = browser.page(&path).await?;
    ensure!(page.status == 200, "the board answered {}", page.status);
    say(&format!("board.block {path} …"));
    meter.table.note(format!("board.block: {path}, {} bytes, {} as sent", page.text.len(), page.wire.len()));
    let request: Arc<[u8]> = browser.request("GET", &path, "accept: text/html\r\n", b"").into();
    let outcome = drive(browser.at(), Work::Same(request), 1, WARM, meter.span).await?;
    ensure!(!outcome.times.is_empty(), "the board answered nothing in time");
    meter.table.put("board.block.p50_ms", outcome.within(0.5), "ms", Aim::None);
    meter.table.put("board.block.p99_ms", outcome.within(0.99), "ms", Aim::Most(20.0));
    Ok(())
}
