//! Indexes of earlier tasks, kept between requests. Each is checked against the database by a stamp
//! before it is used, so that several servers agree; what was used longest ago goes first.
//! May touch: memory. At most 200,000 tasks of 64 organisations are kept, about 32 MB.

use std::sync::{Arc, Mutex, PoisonError};

use db::Tx;
use domain::id::TaskId;
use domain::repeat::Index;
use domain::rulepack::Rules;

use super::store::{self, Whose};

/// Tasks of one organisation that are compared; older ones are not.
const OF_ONE: i64 = 50_000;
/// Tasks kept in all.
const IN_ALL: usize = 200_000;
/// Organisations kept.
const ORGS: usize = 64;

/// An index and which task stands at which place.
#[derive(Debug)]
pub struct Kept {
    /// The index.
    pub index: Index,
    /// The tasks, newest first.
    pub ids: Vec<TaskId>,
}

type Entry = (Whose, (i64, i64), Arc<Kept>);

/// The indexes, the one used last at the end.
#[derive(Debug, Default)]
pub struct Shelf(Mutex<Vec<Entry>>);

impl Shelf {
    /// The index of an organisation's earlier tasks, built when it is not there or out of date.
    ///
    /// # Errors
    /// Database faults only.
    pub fn of(&self, tx: &mut Tx, whose: Whose, rules: &Rules) -> db::Result<Arc<Kept>> {
        let stamp = store::stamp(tx, whose)?;
        if let Some(kept) = self.take(whose, stamp) {
            return Ok(kept);
        }
        let rows = store::texts(tx, whose, OF_ONE)?;
        let index = Index::new(rows.iter().map(|(_, text)| text.as_str()), rules);
        let kept = Arc::new(Kept { index, ids: rows.into_iter().map(|(id, _)| id).collect() });
        self.put((whose, stamp, Arc::clone(&kept)));
        Ok(kept)
    }

    fn take(&self, whose: Whose, stamp: (i64, i64)) -> Option<Arc<Kept>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = all.iter().position(|e| e.0 == whose)?;
        let entry = all.remove(at);
        if entry.1 != stamp {
            return None;
        }
        let kept = Arc::clone(&entry.2);
        all.push(entry);
        Some(kept)
    }

    fn put(&self, entry: Entry) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|e| e.0 != entry.0);
        all.push(entry);
        while all.len() > 1 && (all.len() > ORGS || all.iter().map(|e| e.2.ids.len()).sum::<usize>() > IN_ALL) {
            all.remove(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::OrgId;
    use jiff::civil::date;

    fn entry(org: i64, tasks: usize) -> Entry {
        let rules = domain::rulepack::shipped().unwrap().at(date(2026, 12, 3));
        let kept = Kept { index: Index::new([], &rules), ids: vec![TaskId::new(1); tasks] };
        (Whose::Own(OrgId::new(org)), (1, 1), Arc::new(kept))
    }

    #[test]
    fn what_was_used_longest_ago_goes_first_and_what_is_out_of_date_is_not_used() {
        let shelf = Shelf::default();
        (1..=4).for_each(|n| shelf.put(entry(n, 50_000)));
        assert!(shelf.take(Whose::Own(OrgId::new(1)), (1, 1)).is_some(), "used again");
        shelf.put(entry(5, 50_000));
        assert!(shelf.take(Whose::Own(OrgId::new(2)), (1, 1)).is_none(), "went first");
        assert!(shelf.take(Whose::Own(OrgId::new(1)), (1, 1)).is_some());
        assert!(shelf.take(Whose::Above(OrgId::new(1)), (1, 1)).is_none(), "another's");
        assert!(shelf.take(Whose::Own(OrgId::new(1)), (2, 5)).is_none(), "out of date");
        (10..100).for_each(|n| shelf.put(entry(n, 1)));
        assert_eq!(shelf.0.lock().unwrap().len(), ORGS);
    }
}
