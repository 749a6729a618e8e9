//! How long a question over everything one may see takes, page and all, for the secretary of a cell.
//! May touch: one server, as a browser.

use anyhow::ensure;
use std::time::Instant;

use crate::browser::Browser;
use crate::load::quantile;
use crate::table::{Aim, Table};

/// Words that stand everywhere, here and there, and nowhere; with diacritics and without.
const ASKED: [&str; 10] = [
    "chi+b%E1%BB%99",
    "dang+vien",
    "nghi+quyet",
    "nguyen",
    "nhi%E1%BB%87m+v%E1%BB%A5+th%C3%A1ng",
    "chuyen+doi+so",
    "so+05",
    "ke+hoach+quy",
    "khong+co+o+dau",
    "a",
];
/// How often each is asked.
const TIMES: usize = 40;

/// Asks one question after the other.
pub async fn measure(table: &mut Table, browser: &mut Browser) -> anyhow::Result<()> {
    let mut times = Vec::new();
    for round in 0..TIMES {
        for words in ASKED {
            let begun = Instant::now();
            let page = browser.get(&format!("/tim?q={words}")).await?;
            let took = begun.elapsed().as_secs_f64() * 1000.0;
            ensure!(page.status == 200, "a question answered {}", page.status);
            // The first round warms up what a server keeps in memory.
            if round > 0 {
                times.push(took);
            }
        }
    }
    times.sort_unstable_by(f64::total_cmp);
    table.put("search.block.p50_ms", quantile(&times, 0.5), "ms", Aim::None);
    table.put("search.block.p99_ms", quantile(&times, 0.99), "ms", Aim::Most(20.0));
    Ok(())
}
