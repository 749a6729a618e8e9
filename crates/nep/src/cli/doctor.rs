//! `nep doctor`: how the installation is, line by line, for whoever looks after the machine. Changes
//! nothing but the note of when the file was last checked; knows no content.

use anyhow::bail;
use clap::Args;
use jiff::Timestamp;

use super::{Place, say, words};
use crate::system::checks::{Level, Line, lines};
use crate::system::{machine, store};

#[derive(Debug, Args)]
pub(super) struct Doctor {
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(doctor: &Doctor) -> anyhow::Result<()> {
    let db = doctor.place.open_as_it_is()?;
    let library = domain::rulepack::shipped().map_err(|e| anyhow::anyhow!("gói quy định có lỗi: {e}"))?;
    let now = Timestamp::now();
    let broken = db.integrity().unwrap_or_else(|error| vec![words::database(error).to_string()]);
    let wrong = broken.len();
    // A file that is broken may not be written to: what was found is told all the same.
    drop(db.write_now(move |tx| store::note_check(tx, store::Check::File, now, wrong)));
    let mut facts = db.read_now(move |tx| store::facts(tx, now)).map_err(words::database)?;
    facts.file = Some(store::Checked { at: now, wrong: i64::try_from(wrong).unwrap_or(i64::MAX) });
    let found = lines(&facts, &machine::look(&db, None), &library, now);
    found.iter().for_each(|line| say(&told(line)));
    broken.iter().for_each(|what| say(&format!("          {what}")));
    match found.iter().filter(|l| l.level == Level::Wrong).count() {
        0 => Ok(()),
        wrong => bail!("có {wrong} mục lỗi"),
    }
}

fn told(line: &Line) -> String {
    let mark = match line.level {
        Level::Fine => "OK      ",
        Level::Warning => "CẢNH BÁO",
        Level::Wrong => "LỖI     ",
    };
    let here = if line.here.is_empty() { String::new() } else { format!(" ({})", line.here) };
    let act = if line.act.is_empty() { String::new() } else { format!(". {}", line.act.trim_end_matches('.')) };
    format!("{mark}  {}: {}{here}{act}", line.name, line.words)
}
