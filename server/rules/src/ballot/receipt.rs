//! Receipts: the box's signature that a ballot went in. It proves that, and nothing about the content.
//! Ed25519 is deterministic (RFC 8032), so every retry gets the same bytes; no time is in them.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

/// Bytes of a receipt.
pub const RECEIPT_BYTES: usize = 64;

/// The receipt for a ballot: the box key's signature over `"pingyi-receipt/1\0" ‖ M ‖ leaf`.
#[must_use]
pub fn sign(box_key: &SigningKey, m: &[u8; 32], leaf: &[u8; 32]) -> [u8; RECEIPT_BYTES] {
    box_key.sign(&message(m, leaf)).to_bytes()
}

/// Whether a receipt is the box key's for that ballot under that manifest.
#[must_use]
pub fn is_good(box_key: &VerifyingKey, m: &[u8; 32], leaf: &[u8; 32], receipt: &[u8; RECEIPT_BYTES]) -> bool {
    box_key.verify_strict(&message(m, leaf), &Signature::from_bytes(receipt)).is_ok()
}

fn message(m: &[u8; 32], leaf: &[u8; 32]) -> Vec<u8> {
    [b"pingyi-receipt/1\0".as_slice(), m, leaf].concat()
}
