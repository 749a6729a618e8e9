//! The demonstration: a made-up block of 66 grassroots organisations, 289 cells and 4,055 members
//! with two years of history, the same every time. Made through the stores of the features and the
//! decisions of the domain, so that it is what people would have entered; one huge transaction, after which the
//! index of what may be found is still to be made.

mod block;
mod board;
mod cell;
mod classified;
mod desk;
mod guidance;
mod held;
mod history;
mod names;
mod opened;
mod people;
mod posts;
mod reform;
mod reorg;
mod scored;
mod seed;
mod shelf;
mod table;
mod tasks;
mod told;
mod voice;
mod words;

use std::sync::Arc;

use db::{Db, Tx};
use domain::rulepack::Library;
use jiff::Timestamp;

use crate::account::password::hash_now;
use crate::account::store as accounts;
use crate::actor::{Actor, Ids, local};
use crate::fault::Fault;
use crate::search::store::source;

/// The password of every demonstration account; such data are served on this machine only.
pub const PASSWORD: &str = "sinh hoat nen nep";
/// Setting that marks a database as a demonstration and names its accounts.
const MARK: &str = "demo";

/// Somebody to sign in as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Post, in words.
    pub role: String,
    /// Full name.
    pub name: String,
    /// What to type to sign in.
    pub login: String,
    /// Where the post is held.
    pub place: String,
}

/// The accounts of a demonstration; `None` when the database is none.
///
/// # Errors
/// Database faults only.
pub fn seats(tx: &mut Tx) -> db::Result<Option<Vec<Seat>>> {
    let Some(text) = accounts::setting(tx, MARK)? else {
        return Ok(None);
    };
    let seat = |line: &str| {
        let mut parts = line.split('\t').map(str::to_owned);
        Some(Seat { role: parts.next()?, name: parts.next()?, login: parts.next()?, place: parts.next()? })
    };
    Ok(Some(text.lines().filter_map(seat).collect()))
}

/// Whose two years are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Those of every cell.
    All,
    /// Those of the show case and the cells beside it, which takes a moment instead of minutes.
    Show,
}

/// Makes the demonstration in an empty database; `progress` hears how many per cent are done.
/// `Whose::Show` leaves out the history of cells that do not belong with the show case.
///
/// # Errors
/// A refusal of the domain would be a mistake here; database faults.
pub fn make(db: &Db, rules: &Library, now: Timestamp, whose: Whose, progress: &mut dyn FnMut(usize)) -> Result<(), Fault> {
    let hash = hash_now(PASSWORD).ok_or_else(|| Fault::Document("no memory for a password hash".to_owned()))?;
    db.write_now_bulk(|tx| {
        source::put_off(tx)?;
        let system = Actor::system(now, Arc::new(Ids::new(1)));
        let mut maker = Maker { tx, rules, system, now, hash };
        let mut block = block::found(&mut maker)?;
        classified::pilots(&mut maker, &block)?;
        history::live(&mut maker, &mut block, whose, progress)?;
        voice::heard(&mut maker, &block.cells)?;
        classified::results(&mut maker, &block)?;
        reorg::draft(&mut maker, &block)?;
        guidance::send(&mut maker, &block)?;
        posts::congresses(&mut maker, &block)?;
        let seats = people::seat_all(&mut maker, &block)?;
        shelf::fill(&mut maker, &block)?;
        opened::show(&mut maker, &block)?;
        let lines: Vec<String> = seats.into_iter().map(|s| [s.role, s.name, s.login, s.place].join("\t")).collect();
        accounts::set_setting(maker.tx, MARK, &lines.join("\n"))?;
        progress(100);
        Ok(())
    })
}

/// The hands that make it.
struct Maker<'a, 'b> {
    tx: &'a mut Tx<'b>,
    rules: &'a Library,
    system: Actor,
    now: Timestamp,
    hash: String,
}

impl Maker<'_, '_> {
    /// Today, where the demonstration ends.
    fn today(&self) -> jiff::civil::Date {
        local(self.now).date()
    }
}
