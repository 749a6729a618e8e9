//! The code of a window of time: HMAC-SHA-256 of meeting and window under the secret of the opening.
//! May touch: nothing. Rules: MD-01; no code of another meeting, opening or window is ever right by design.

use domain::checkin;
use domain::id::MeetingId;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The code of a window; empty, and so never equal to what is typed, where the system cannot hash.
pub fn of(secret: &str, meeting: MeetingId, window: i64) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(&meeting.raw().to_be_bytes());
    mac.update(&window.to_be_bytes());
    checkin::code(&mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_code_belongs_to_its_secret_its_meeting_and_its_window() {
        let id = MeetingId::new;
        assert_eq!(of("a", id(1), 7), of("a", id(1), 7));
        let row = |secret: &str, meeting: i64| (0..50).map(|w| of(secret, id(meeting), w)).collect::<Vec<_>>();
        let rows: BTreeSet<_> = [row("a", 1), row("b", 1), row("a", 2), row("ab", 1)].into_iter().collect();
        assert_eq!(rows.len(), 4);
        let codes: BTreeSet<String> = row("a", 1).into_iter().collect();
        assert!(codes.len() > 45 && codes.iter().all(|c| c.len() == checkin::DIGITS), "{codes:?}");
    }

    #[test]
    fn the_hash_is_the_one_of_the_standard() {
        // RFC 4231, test case 2.
        let mut mac = Hmac::<Sha256>::new_from_slice(b"Jefe").unwrap();
        mac.update(b"what do ya want for nothing?");
        let hash = web::random::hex(&mac.finalize().into_bytes());
        assert_eq!(hash, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}
