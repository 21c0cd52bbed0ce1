//! Secrets that people and pages hold: links, sessions, credentials, slips and personal codes; and the digests that are
//! all a store ever sees of them. Each kind is hashed under a name of its own, so that none can pass for another.

use sha2::{Digest as _, Sha256};

use crate::randomness::{NoRandomness, random};
use crate::store::Digest;
use pingyi_rules::meeting::links::LINK_ID_LETTERS;

/// Crockford's base32: no I, L, O or U, so that a code read aloud or typed from paper has one spelling.
const SLIP_ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Ten characters of 32: 50 bits.
pub const SLIP_CHARACTERS: usize = 10;
/// Digits of a personal code; guessing is held back by a pause after a few failures.
pub const PERSONAL_CODE_DIGITS: usize = 6;

/// 128 random bits in base64url: a link's capability, a session, a phone's credential.
///
/// # Errors
/// [`NoRandomness`].
pub fn token() -> Result<String, NoRandomness> {
    Ok(data_encoding::BASE64URL_NOPAD.encode(&random::<16>()?))
}

/// A slip's code: ten letters and digits.
///
/// # Errors
/// [`NoRandomness`].
pub fn slip() -> Result<String, NoRandomness> {
    let bytes = random::<SLIP_CHARACTERS>()?;
    Ok(bytes.iter().map(|byte| char::from(SLIP_ALPHABET[usize::from(byte % 32)])).collect())
}

/// A personal code of six digits.
///
/// # Errors
/// [`NoRandomness`].
pub fn personal_code() -> Result<String, NoRandomness> {
    // 2⁶⁴ is so much larger than a million that the remainder is as good as even.
    let number = u64::from_be_bytes(random::<8>()?) % 1_000_000;
    Ok(format!("{number:06}"))
}

/// A meeting's id: eight lower-case letters and digits.
///
/// # Errors
/// [`NoRandomness`].
pub fn meeting_id() -> Result<String, NoRandomness> {
    Ok(slip()?[..8].to_lowercase())
}

/// A slip as it is printed: two groups of five.
#[must_use]
pub fn printed_slip(code: &str) -> String {
    code.split_at_checked(SLIP_CHARACTERS / 2).map_or_else(|| code.to_owned(), |(head, tail)| format!("{head}-{tail}"))
}

/// A typed slip in its one spelling: upper case, without blanks and hyphens, look-alikes mapped. Nothing for what cannot be one.
#[must_use]
pub fn typed_slip(typed: &str) -> Option<String> {
    if typed.len() > 64 {
        return None;
    }
    let one_spelling = |character: char| match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        'U' => 'V',
        other => other,
    };
    let code: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(one_spelling).collect();
    let is_slip = code.len() == SLIP_CHARACTERS && code.bytes().all(|byte| SLIP_ALPHABET.contains(&byte));
    is_slip.then_some(code)
}

fn digest(kind: &str, parts: &[&str]) -> Digest {
    let mut hash = Sha256::new();
    hash.update(kind);
    for part in parts {
        hash.update([0]);
        hash.update(part);
    }
    hash.finalize().into()
}

/// The digest of a slip in its one spelling.
#[must_use]
pub fn slip_digest(code: &str) -> Digest {
    digest("pingyi-slip/1", &[code])
}

/// The digest of a roster seat's personal code.
#[must_use]
pub fn personal_digest(meeting: &str, seat: u32, code: &str) -> Digest {
    digest("pingyi-roster/1", &[meeting, &seat.to_string(), code])
}

/// The digest of a link's capability.
#[must_use]
pub fn capability_digest(capability: &str) -> Digest {
    digest("pingyi-capability/1", &[capability])
}

/// What a meeting knows a link by.
#[must_use]
pub fn link_id(capability: &Digest) -> String {
    data_encoding::HEXLOWER.encode(&capability[..LINK_ID_LETTERS / 2])
}

/// The digest of a role's session.
#[must_use]
pub fn session_digest(session: &str) -> Digest {
    digest("pingyi-session/1", &[session])
}

/// The digest of a phone's credential.
#[must_use]
pub fn credential_digest(credential: &str) -> Digest {
    digest("pingyi-credential/1", &[credential])
}

/// The digest of the operator key.
#[must_use]
pub fn operator_digest(key: &str) -> Digest {
    digest("pingyi-operator/1", &[key])
}

/// Whether a text can be a token: 128 bits in base64url.
#[must_use]
pub fn is_token(text: &str) -> bool {
    data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).is_ok_and(|bytes| bytes.len() == 16)
}
