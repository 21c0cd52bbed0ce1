//! What people compare of a hash: twenty-four letters, which is as much as nobody can search through. A manifest, a record and a
//! history are shown by them, and so is a meeting's box key.

use super::edition::Edition;

/// Bytes of a hash that the letters stand for. Who makes a manifest can try as many as a computer has time for: 2⁶⁰ for two that
/// look alike, where sixteen digits took 2²⁶, minutes on a laptop.
const BYTES: usize = 15;
/// Crockford's base 32: no letter that could be read as a digit, nor as another letter.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The fingerprint of a hash: its first 15 bytes in Crockford's base 32, capitals, 4-4-4-4-4-4.
#[must_use]
pub fn fingerprint(hash: &[u8; 32]) -> String {
    let number = hash[..BYTES].iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    let mut text = String::with_capacity(29);
    for place in (0..24).rev() {
        if !text.is_empty() && place % 4 == 3 {
            text.push('-');
        }
        // Five bits are always a place of the alphabet.
        text.push(char::from(ALPHABET[usize::try_from(number >> (5 * place) & 31).unwrap_or(0)]));
    }
    text
}

/// What the first edition showed: the first 8 bytes as a big-endian number modulo 10¹⁶, in sixteen digits, 4-4-4-4. On what was
/// printed then they stand, so they are shown as they were.
#[must_use]
pub fn sixteen_digits(hash: &[u8; 32]) -> String {
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    let digits = format!("{:016}", u64::from_be_bytes(first) % 10_000_000_000_000_000);
    format!("{}-{}-{}-{}", &digits[..4], &digits[4..8], &digits[8..12], &digits[12..])
}

/// Whether a fingerprint that was stored is one of the first edition.
#[must_use]
pub fn is_of_digits(fingerprint: &str) -> bool {
    fingerprint.len() == 19
}

impl Edition {
    /// The fingerprint of a hash as this edition shows it.
    #[must_use]
    pub fn fingerprint(self, hash: &[u8; 32]) -> String {
        match self {
            Self::First => sixteen_digits(hash),
            Self::Second => fingerprint(hash),
        }
    }
}
