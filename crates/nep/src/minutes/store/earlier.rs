//! The meeting whose minutes came before.

use db::{Tx, values};
use domain::code::Code;
use domain::id::MeetingId;
use jiff::civil::DateTime;

use crate::meeting::store::Meeting;
use crate::meeting::store::held::HELD;

/// The last meeting of the same kind that was held before this one, and when it began.
///
/// # Errors
/// Database faults only.
pub fn last_before(tx: &mut Tx, meeting: &Meeting) -> db::Result<Option<(MeetingId, DateTime)>> {
    tx.opt(
        &format!(
            "select m.meeting_id, m.starts_at from meeting m where m.org_id = $1 and m.starts_at < $2 and m.kind = $3
             and {HELD} order by m.starts_at desc limit 1"
        ),
        values![meeting.org, meeting.starts_at, meeting.kind.code()],
    )
}
