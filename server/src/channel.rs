//! The sealed channel: its keys, and that nothing which went through it once goes through again. In a hall without HTTPS every
//! request that carries or returns a secret is an envelope (`envelope`) to the key of its meeting, which is made of the
//! servers' secret and so is the same on all of them, from the meeting's creation on. What no meeting is known of is sealed to
//! the key of the servers themselves.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest as _, Sha256};

use crate::config::{SEALED_AGE_MAX, SEALED_SEEN_MAX};
use crate::server_secret::{ServerSecret, keyed};
use pingyi_rules::envelope::{AnswerSecret, EnvelopeKey, KEY_BYTES};

/// For which key something is sealed: a meeting's id, or nothing for the servers'.
pub type Scope<'a> = &'a str;

/// Letters of a meeting's id at most.
const ID_LETTERS_MAX: usize = 64;
/// Bytes of a key's hash that are in links: 128 bits.
const HASH_BYTES: usize = 16;

/// Whether a text can be a scope.
#[must_use]
pub fn is_scope(text: &str) -> bool {
    text.len() <= ID_LETTERS_MAX && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// The key of a scope; nothing for a text that is none.
#[must_use]
pub fn key_of(secret: &ServerSecret, scope: Scope<'_>) -> Option<EnvelopeKey> {
    is_scope(scope).then(|| EnvelopeKey::from_bytes(&keyed(&secret.key_for("channel"), &[scope.as_bytes()])))?
}

/// The public half as it travels, in base64url; nothing for a text that is no scope.
#[must_use]
pub fn public_key(secret: &ServerSecret, scope: Scope<'_>) -> Option<String> {
    key_of(secret, scope).map(|key| BASE64URL_NOPAD.encode(&key.public()))
}

/// What an envelope of a scope is tied to.
#[must_use]
pub fn info(scope: Scope<'_>) -> Vec<u8> {
    [b"pingyi-channel/1\0", scope.as_bytes()].concat()
}

/// The hash of a public key as it is in links and on slips, 22 letters: a page that came with it takes no other key.
#[must_use]
pub fn hash_of(public: &[u8; KEY_BYTES]) -> String {
    let hash = Sha256::new().chain_update(b"pingyi-channel-key/1\0").chain_update(public).finalize();
    BASE64URL_NOPAD.encode(&hash[..HASH_BYTES])
}

/// The hash of a meeting's key on servers with this secret; empty for what is no id.
#[must_use]
pub fn hash_for(secret: &ServerSecret, meeting: &str) -> String {
    key_of(secret, meeting).map(|key| hash_of(&key.public())).unwrap_or_default()
}

/// Where phones join a meeting, as it is in codes that are scanned.
#[must_use]
pub fn join_link(base_url: &str, meeting: &str, key_hash: &str) -> String {
    format!("{base_url}/m/{meeting}#h={key_hash}")
}

/// What was sealed at a time that the server's clock is not near, or came before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stale;

/// The envelopes that were opened a moment ago.
pub struct Fresh {
    // A std mutex: held for a look-up.
    seen: Mutex<Seen>,
}

/// Of this period and of the one before: whatever is young enough is in one of them.
struct Seen {
    since: Instant,
    now: HashSet<[u8; KEY_BYTES]>,
    before: HashSet<[u8; KEY_BYTES]>,
}

impl Default for Fresh {
    fn default() -> Self {
        let seen = Seen { since: Instant::now(), now: HashSet::new(), before: HashSet::new() };
        Self { seen: Mutex::new(seen) }
    }
}

impl Fresh {
    /// Whether an envelope is of now and the first of its kind; from then on it is not.
    ///
    /// # Errors
    /// [`Stale`].
    pub fn check(&self, now_ms: u64, sealed_at_ms: u64, envelope: &AnswerSecret) -> Result<(), Stale> {
        if Duration::from_millis(now_ms.abs_diff(sealed_at_ms)) > SEALED_AGE_MAX {
            return Err(Stale);
        }
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // An envelope passes from so long before its time to so long after it.
        if seen.since.elapsed() > 2 * SEALED_AGE_MAX || seen.now.len() >= SEALED_SEEN_MAX {
            seen.before = std::mem::take(&mut seen.now);
            seen.since = Instant::now();
        }
        let is_new = !seen.before.contains(&envelope.encapsulated()) && seen.now.insert(envelope.encapsulated());
        if is_new { Ok(()) } else { Err(Stale) }
    }
}
