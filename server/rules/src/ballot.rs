//! The ballot: the manifest that a round is held under, the tokens that let it be marked, the cast, its receipt.
//! Pure, and the whole of the verifier: no I/O, no clock, randomness only passed in.
//! It must not know seats, sessions, addresses, HTTP or stores.

pub mod canonical;
pub mod cast;
pub mod check;
pub mod edition;
pub mod fingerprint;
pub mod fraud;
pub mod frozen;
pub mod item;
pub mod manifest;
pub mod merkle;
pub mod opinion;
pub mod phone;
pub mod promise;
pub mod receipt;
pub mod record;
mod rows;
pub mod seal;
pub mod text;
pub mod token;
pub mod verify;

pub use cast::{BadCast, Ballot, Batch, answer_bytes, row_answer};
pub use check::check;
pub use edition::Edition;
pub use frozen::{BadManifest, Frozen};
pub use item::BoxItem;
pub use manifest::Manifest;
pub use opinion::Opinion;

use sha2::{Digest, Sha256};

/// SHA-256 over the parts one after the other.
#[must_use]
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// Exactly `N` bytes from base64url without padding; none if the text is anything else, so that a value has one spelling.
#[must_use]
pub fn from_base64url<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let length = data_encoding::BASE64URL_NOPAD.decode_len(text.len()).ok()?;
    if length != N {
        return None;
    }
    data_encoding::BASE64URL_NOPAD.decode_mut(text.as_bytes(), &mut bytes).ok()?;
    Some(bytes)
}

/// The one spelling of bytes in a ballot: base64url without padding (RFC 4648, section 5).
#[must_use]
pub fn to_base64url(bytes: &[u8]) -> String {
    data_encoding::BASE64URL_NOPAD.encode(bytes)
}
