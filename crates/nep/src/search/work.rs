//! What makes the index where there is none, while people work: after an update of the program, after a move to
//! another engine, after the demonstration was made.

use std::time::Duration;

use super::store::source;
use crate::app::App;
use crate::work::{Work, tried};

/// How long it rests between two looks, which cost one row read.
const REST: Duration = Duration::from_secs(60);

/// Begins to look after the index.
///
/// # Errors
/// When the system gives no thread.
pub fn start(app: &App) -> std::io::Result<Work> {
    let db = app.db.clone();
    Work::start("search", REST, move |goes_on| tried("search", source::ensure(&db, goes_on)))
}
