//! The promise of a round's rules: the box key's signature of its manifest. A box key signs one manifest a round; two of them under
//! one key are a proof that somebody was to vote under other rules than the hall. Pure; it knows neither phone nor wall.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

/// Bytes of a promise.
pub const PROMISE_BYTES: usize = 64;

/// What the box key signs: `"pingyi-manifest/2\0" ‖ meeting ‖ u32 round ‖ M`. Round and M have one length, so no two of these are
/// the same text.
#[must_use]
pub fn message(meeting: &str, round: u32, m: &[u8; 32]) -> Vec<u8> {
    [b"pingyi-manifest/2\0".as_slice(), meeting.as_bytes(), &round.to_be_bytes(), m].concat()
}

/// The promise that a round of a meeting is held under the manifest of this hash.
#[must_use]
pub fn sign(box_key: &SigningKey, meeting: &str, round: u32, m: &[u8; 32]) -> [u8; PROMISE_BYTES] {
    box_key.sign(&message(meeting, round, m)).to_bytes()
}

/// Whether it is the box key's promise, strictly.
#[must_use]
pub fn is_good(box_key: &VerifyingKey, meeting: &str, round: u32, m: &[u8; 32], promise: &[u8; PROMISE_BYTES]) -> bool {
    box_key.verify_strict(&message(meeting, round, m), &Signature::from_bytes(promise)).is_ok()
}
