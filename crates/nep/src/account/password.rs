//! Passwords by length and a list of the ones everybody tries; no composition rules, no rotation
//! (NIST SP 800-63B-4). Hashing is argon2id, few at a time: each takes 19 MB of memory.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Fewest characters of a password.
pub const MIN_CHARS: usize = 10;
/// Most characters of a password.
pub const MAX_CHARS: usize = 128;

/// What everybody tries first, folded and without blanks.
const COMMON: &[&str] = &[
    "1234567890",
    "0123456789",
    "0987654321",
    "9876543210",
    "123456789a",
    "12345678910",
    "1111111111",
    "0000000000",
    "qwertyuiop",
    "asdfghjkl1",
    "matkhau123",
    "matkhau1234",
    "matkhau12345",
    "password12",
    "password123",
    "password1234",
    "vietnam123",
    "vietnam1234",
    "vietnam2026",
    "vietnam2025",
    "hanoi12345",
    "dangvien123",
    "dangvien2026",
    "chibo12345",
    "bithu12345",
    "dangcongsan",
    "congsan1930",
    "hochiminh1890",
    "iloveyou123",
    "abcdefghij",
    "abc1234567",
    "abcd123456",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "admin12345",
    "administrator",
    "nguyen12345",
    "tranvan123",
    "0912345678",
    "0987654321",
];

/// Why a password will not do, in words; `None` when it will.
pub fn weakness(password: &str, name: &str) -> Option<&'static str> {
    let chars = password.chars().count();
    if chars < MIN_CHARS {
        return Some("Mật khẩu cần ít nhất 10 chữ cái. Một câu dễ nhớ là tốt nhất, ví dụ bốn từ liền nhau.");
    }
    if chars > MAX_CHARS {
        return Some("Mật khẩu dài quá 128 chữ cái.");
    }
    let folded: String = domain::vi::fold(password).split_whitespace().collect();
    let name: String = domain::vi::fold(name).split_whitespace().collect();
    let first = folded.chars().next();
    if COMMON.contains(&folded.as_str()) || folded.chars().all(|c| Some(c) == first) {
        return Some("Mật khẩu này quá dễ đoán. Hãy chọn một câu khác.");
    }
    if !name.is_empty() && folded.trim_end_matches(|c: char| c.is_ascii_digit()) == name {
        return Some("Mật khẩu không được là họ tên của chính mình. Hãy chọn một câu khác.");
    }
    None
}

/// Hashes and verifies, at most two at a time.
#[derive(Debug, Clone)]
pub struct Hasher {
    turns: Arc<Semaphore>,
    /// Verified when there is no such account, so that time tells nothing.
    decoy: Arc<str>,
}

impl Default for Hasher {
    fn default() -> Self {
        let decoy = hash_now("một mật khẩu không ai có").unwrap_or_default();
        Self { turns: Arc::new(Semaphore::new(2)), decoy: decoy.into() }
    }
}

/// Hashes on the calling thread; for the command line and the demo. Keyboards differ in how they
/// compose letters, so the composed form is hashed (SP 800-63B-4, 3.1.1.2).
pub fn hash_now(password: &str) -> Option<String> {
    let mut salt = [0u8; 16];
    getrandom::fill(&mut salt).ok()?;
    let params = Params::default();
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::default().into()),
        params: ParamsString::try_from(&params).ok()?,
        salt: Some(Salt::new(&salt).ok()?),
        hash: Some(output(password, &salt, params)?),
    };
    Some(hash.to_string())
}

fn verify_now(password: &str, hash: &str) -> bool {
    let Ok(known) = PasswordHash::new(hash) else {
        return false;
    };
    let (Ok(params), Some(salt)) = (Params::try_from(&known), known.salt.as_ref()) else {
        return false;
    };
    // Outputs are compared in constant time.
    known.algorithm == Algorithm::Argon2id.ident() && known.hash.is_some() && output(password, salt, params) == known.hash
}

/// Blocks of 1 kB: more than the 32 MB above which no allocator keeps memory for later, so that the
/// 19 MB that are touched go back to the machine as soon as a password is checked.
const ROOM: usize = 33 << 10;

fn output(password: &str, salt: &[u8], params: Params) -> Option<Output> {
    let mut blocks: Vec<Block> = Vec::new();
    blocks.try_reserve_exact(ROOM.max(params.block_count())).ok()?;
    blocks.resize(params.block_count(), Block::new());
    let mut out = [0u8; Params::DEFAULT_OUTPUT_LEN];
    let password = domain::vi::nfc(password);
    Argon2::from(params).hash_password_into_with_memory(password.as_bytes(), salt, &mut out, blocks.as_mut_slice()).ok()?;
    Output::new(&out).ok()
}

impl Hasher {
    /// The hash of a password in PHC form; `None` only when the machine has no memory left.
    pub async fn hash(&self, password: String) -> Option<String> {
        let _turn = self.turns.acquire().await.ok()?;
        tokio::task::spawn_blocking(move || hash_now(&password)).await.ok().flatten()
    }

    /// True when the password is right. Without an account the same work is done for nothing.
    pub async fn verify(&self, password: String, hash: Option<String>) -> bool {
        let Ok(_turn) = self.turns.acquire().await else {
            return false;
        };
        let exists = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.to_string());
        let right = tokio::task::spawn_blocking(move || verify_now(&password, &hash)).await.unwrap_or(false);
        right && exists
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_counts_and_what_everybody_tries_does_not() {
        for (password, fine) in [
            ("ngắn", false),
            ("mật khẩu 123", false),
            ("aaaaaaaaaaaa", false),
            ("Nguyễn Thị Hà 2026", false),
            ("con mèo trên mái ngói", true),
            ("tháng ba hoa gạo", true),
        ] {
            assert_eq!(weakness(password, "Nguyễn Thị Hà").is_none(), fine, "{password}");
        }
    }

    #[test]
    fn a_hash_verifies_only_its_own_password() {
        let hash = hash_now("con mèo trên mái ngói").unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(verify_now("con mèo trên mái ngói", &hash));
        assert!(!verify_now("con mèo dưới mái ngói", &hash));
        assert_ne!(hash_now("con mèo trên mái ngói").unwrap(), hash);
    }

    #[test]
    fn hashes_are_those_of_everybody_else() {
        use argon2::{PasswordHasher, PasswordVerifier};
        let foreign = Argon2::default().hash_password("tháng ba hoa gạo".as_bytes()).unwrap().to_string();
        assert!(verify_now("tháng ba hoa gạo", &foreign));
        assert!(!verify_now("tháng tư hoa gạo", &foreign));
        let own = hash_now("tháng ba hoa gạo").unwrap();
        let known = PasswordHash::new(&own).unwrap();
        assert!(Argon2::default().verify_password("tháng ba hoa gạo".as_bytes(), &known).is_ok());
        assert_eq!(own.split('$').take(4).collect::<Vec<_>>(), foreign.split('$').take(4).collect::<Vec<_>>());
        for broken in ["", "x", "$argon2id$v=19$m=19456,t=2,p=1", "$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$AAAA"] {
            assert!(!verify_now("tháng ba hoa gạo", broken), "{broken}");
        }
    }
}
