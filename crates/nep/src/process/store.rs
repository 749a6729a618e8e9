//! Which programs are at work. Touches its own table.

use db::{Tx, row, values};
use domain::code::Code;
use jiff::{SignedDuration, Timestamp};

use super::{GONE, Role, SILENT};
use crate::actor::NUMBERS;

/// A number that was just taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// The number.
    pub number: i64,
    /// The moment its former holder's ids had reached when last heard of; none when it is new.
    pub reached: Option<Timestamp>,
    /// Whether that holder ended in order, so that the moment is exact.
    pub ended: bool,
}

/// A number with its holder.
struct Held {
    number: i64,
    token: Option<String>,
    seen_at: Timestamp,
}
row!(Held { number, token, seen_at });

fn before(now: Timestamp, span: SignedDuration) -> Timestamp {
    now.checked_sub(span).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Takes the lowest number nobody holds.
///
/// # Errors
/// `Busy` when every number is held; database faults.
pub fn claim(tx: &mut Tx, token: &str, role: Role, now: Timestamp) -> db::Result<Taken> {
    let known: Vec<Held> = tx.all("select number, token, seen_at from process order by number", values![])?;
    let since = before(now, GONE);
    // A number whose ids ran far ahead under a wrong clock rests until the clock is there.
    let soon = now.checked_add(SILENT).unwrap_or(now);
    let free = known.iter().find(|h| h.seen_at <= soon && (h.token.is_none() || h.seen_at < since));
    let number = match free {
        Some(held) => held.number,
        None => i64::try_from(known.len()).ok().filter(|n| *n < NUMBERS).ok_or(db::Error::Busy)?,
    };
    let set = values![number, token, role.code(), now];
    match free {
        Some(held) => tx.changed(
            "update process set token = $2, role = $3, seen_at = $4 where number = $1 and seen_at = $5",
            &[set, values![held.seen_at]].concat(),
        )?,
        // Whoever comes second starts over.
        None => drop(tx.exec("insert into process (number, token, role, seen_at) values ($1, $2, $3, $4)", set).map_err(
            |e| match e {
                db::Error::Unique(_) => db::Error::Serialization,
                e => e,
            },
        )?),
    }
    let reached = free.map(|h| h.seen_at);
    Ok(Taken { number, reached, ended: free.is_some_and(|h| h.token.is_none()) })
}

/// Says that the holder is there; false when it has lost its number.
///
/// # Errors
/// Database faults only.
pub fn renew(tx: &mut Tx, token: &str, at: Timestamp) -> db::Result<bool> {
    Ok(tx.exec("update process set seen_at = $2 where token = $1", values![token, at])? > 0)
}

/// Gives the number back, with the moment its ids reached.
///
/// # Errors
/// Database faults only.
pub fn release(tx: &mut Tx, token: &str, at: Timestamp) -> db::Result<()> {
    tx.exec("update process set token = null, seen_at = $2 where token = $1", values![token, at]).map(drop)
}

/// What the programs do that answer requests or do the background work now.
///
/// # Errors
/// Database faults only.
pub fn at_work(tx: &mut Tx, now: Timestamp) -> db::Result<Vec<Role>> {
    let mut out = Vec::new();
    tx.each(
        "select role from process where token is not null and seen_at >= $1 order by number",
        values![before(now, SILENT)],
        |row| {
            out.push(row.code(0)?);
            Ok(())
        },
    )?;
    out.retain(|role| *role != Role::Command);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::migrations;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_second(1_796_000_000 + minutes * 60).unwrap()
    }

    #[test]
    fn a_number_has_one_holder_until_it_ends_or_is_silent() {
        db::testkit::each_engine(|db| {
            db.migrate(&migrations(db.engine())).unwrap();
            let take = |token: &'static str, minutes| db.write_now(move |tx| claim(tx, token, Role::Serve, at(minutes))).unwrap();
            assert_eq!(take("a", 0), Taken { number: 0, reached: None, ended: false });
            assert_eq!(take("b", 0).number, 1);
            assert_eq!(db.read_now(|tx| at_work(tx, at(1))).unwrap(), [Role::Serve, Role::Serve]);
            // One ends in order, the other just stops.
            db.write_now(|tx| release(tx, "b", at(2))).unwrap();
            assert_eq!(db.read_now(|tx| at_work(tx, at(1))).unwrap(), [Role::Serve]);
            assert!(db.read_now(|tx| at_work(tx, at(2))).unwrap().is_empty(), "silent for two minutes");
            assert_eq!(take("c", 3), Taken { number: 1, reached: Some(at(2)), ended: true });
            assert_eq!(take("d", 20).number, 2, "a pause is not yet the end");
            assert!(db.write_now(|tx| renew(tx, "c", at(31))).unwrap());
            assert_eq!(take("e", 40), Taken { number: 0, reached: Some(at(0)), ended: false });
            assert!(!db.write_now(|tx| renew(tx, "a", at(41))).unwrap(), "whoever was silent has lost it");
            // Two years ahead by a wrong clock, and ended.
            db.write_now(|tx| release(tx, "e", at(1_000_000))).unwrap();
            assert_eq!(take("f", 42).number, 3);
        });
    }
}
