//! How a PostgreSQL server keeps what it acknowledged: whether another machine has it before anybody is told.
//! May touch: the engine's settings and statistics, reading only.

use crate::{Db, Engine, Result, values};

/// What a server does before it acknowledges a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keeping {
    /// Standbys that receive what is written.
    pub standbys: i64,
    /// Those of them it waits for; nothing when this account may not know.
    pub waited_for: Option<i64>,
    /// Whether it is told to wait for any.
    pub waits: bool,
    /// The setting `synchronous_commit` as it holds here.
    pub commit: String,
    /// Whether the disk is waited for at all, and pages are protected.
    pub disk: bool,
}

impl Db {
    /// How a PostgreSQL server keeps what it acknowledged; nothing for SQLite, which always waits for its disk. Blocks.
    ///
    /// # Errors
    /// Database faults only.
    pub fn keeping(&self) -> Result<Option<Keeping>> {
        if self.engine() == Engine::Sqlite {
            return Ok(None);
        }
        let (standbys, synchronous, names, commit, disk, knows): (i64, i64, String, String, bool, bool) =
            self.read_now(|tx| {
                tx.one(
                    "select count(*), count(*) filter (where sync_state in ('sync', 'quorum')),
                            current_setting('synchronous_standby_names'), current_setting('synchronous_commit'),
                            current_setting('fsync') = 'on' and current_setting('full_page_writes') = 'on',
                            pg_has_role(current_user, 'pg_read_all_stats', 'usage')
                     from pg_stat_replication",
                    values![],
                )
            })?;
        let waited_for = knows.then_some(synchronous);
        Ok(Some(Keeping { standbys, waited_for, waits: !names.is_empty(), commit, disk }))
    }
}
