//! Unguessable tokens. The only place that asks the system for randomness on behalf of pages.

use sha2::{Digest, Sha256};

/// `N` random bytes. Aborts the request (not the server) if the system has none to give.
fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0u8; N];
    // The system's generator fails only where it does not exist at all; a constant token
    // would be worse than any outage, so the caller's task ends.
    if getrandom::fill(&mut out).is_err() {
        std::process::abort();
    }
    out
}

/// A 256-bit token in hexadecimal, for sessions and form keys.
pub fn token() -> String {
    hex(&bytes::<32>())
}

/// A random 64-bit number.
pub fn number() -> u64 {
    u64::from_le_bytes(bytes())
}

/// Letters and digits that cannot be taken for one another when read aloud or from paper.
pub const CLEAR: &[u8] = b"ABCDEFGHJKMNPQRTUVWXYZ2346789";

/// A code of `len` clear characters, without bias.
pub fn clear_code(len: usize) -> String {
    let limit = 256 - 256 % CLEAR.len();
    let mut out = String::with_capacity(len);
    while out.len() < len {
        let [byte] = bytes::<1>();
        let byte = usize::from(byte);
        if byte < limit
            && let Some(c) = CLEAR.get(byte % CLEAR.len())
        {
            out.push(char::from(*c));
        }
    }
    out
}

/// SHA-256 of a text in hexadecimal: what is stored of a token or a code.
pub fn digest(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// Bytes as lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut s, b| {
        let _ = write!(s, "{b:02x}");
        s
    })
}

/// Compares without telling by time where two texts differ.
pub fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0u8, |d, (x, y)| d | (x ^ y)) == 0
}
