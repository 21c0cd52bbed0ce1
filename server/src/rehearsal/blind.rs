//! The client half of RFC 9474, variant RSABSSA-SHA384-PSS-Deterministic: encode, blind, finalize, for e = 65537 and any modulus of 2048 bits or more.
//! It knows numbers only: no contest, no ballot key. It is the half of simulated phones, so nothing here has to be constant time: a person's
//! phone computes the same in TypeScript.

use num_bigint::BigUint;
use rand::CryptoRng;
use sha2::{Digest, Sha384};

use pingyi_rules::ballot::token::verify;

/// Bytes of the PSS salt.
pub const SALT_BYTES: usize = 48;
const HASH_BYTES: usize = 48;

/// Why a message could not be blinded or a signature not finalized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlindError {
    /// The random factor has no inverse; with an honest modulus this does not happen.
    NoInverse,
    /// What the issuer answered is no signature of the blinded message.
    BadSignature,
    /// A number has another length than a token's, which no key of a manifest leads to.
    Library,
}

/// A blinded message and what takes the blinding off again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blinded {
    /// Goes to the issuer: `m·r^e mod n`, as long as the modulus.
    pub message: Vec<u8>,
    /// Stays on the phone: `r⁻¹ mod n`, as long as the modulus.
    pub inverse: Vec<u8>,
}

/// A message with what blinds it: the PSS salt and the factor, `0 < factor < modulus`.
pub struct Blinder<'a> {
    /// What is to be signed.
    pub message: &'a [u8],
    /// [`SALT_BYTES`] random bytes.
    pub salt: &'a [u8],
    /// Uniform below the modulus.
    pub factor: BigUint,
}

/// Blinds messages for one key, each with a random salt and a random factor of its own (RFC 9474, section 4.2).
///
/// # Errors
/// [`BlindError::NoInverse`].
pub fn blind(
    modulus: &[u8],
    messages: &[impl AsRef<[u8]>],
    rng: &mut impl CryptoRng,
) -> Result<Vec<Blinded>, BlindError> {
    let n = BigUint::from_bytes_be(modulus);
    let mut salts = vec![[0; SALT_BYTES]; messages.len()];
    let mut blinders = Vec::with_capacity(messages.len());
    for (message, salt) in messages.iter().zip(&mut salts) {
        rng.fill_bytes(salt);
        blinders.push(Blinder { message: message.as_ref(), salt, factor: random_below(&n, modulus.len(), rng) });
    }
    blind_with(modulus, &blinders)
}

/// Uniform in 1…n − 1. Rejection keeps it uniform; with the top bit of the modulus set, half of the draws pass or more.
fn random_below(n: &BigUint, length: usize, rng: &mut impl CryptoRng) -> BigUint {
    let mut bytes = vec![0; length];
    loop {
        rng.fill_bytes(&mut bytes);
        let drawn = BigUint::from_bytes_be(&bytes);
        if drawn < *n && drawn != BigUint::ZERO {
            return drawn;
        }
    }
}

/// Blinds messages with given salts and factors. All factors are inverted by one inversion and three multiplications each
/// (Montgomery's trick), because an inversion costs as much as the rest of a blinding four times over.
///
/// # Errors
/// [`BlindError::NoInverse`].
pub fn blind_with(modulus: &[u8], blinders: &[Blinder<'_>]) -> Result<Vec<Blinded>, BlindError> {
    let n = BigUint::from_bytes_be(modulus);
    let bits = 8 * modulus.len() - modulus.first().map_or(0, |byte| byte.leading_zeros() as usize) - 1;
    let inverses = inverses(&n, blinders)?;
    let blinded = blinders.iter().zip(inverses).map(|(blinder, inverse)| {
        let encoded = BigUint::from_bytes_be(&encode(blinder.message, blinder.salt, bits));
        let message = encoded * to_the_exponent(&blinder.factor, &n) % &n;
        Blinded { message: padded(&message, modulus.len()), inverse: padded(&inverse, modulus.len()) }
    });
    Ok(blinded.collect())
}

/// `number^65537 mod n`. Sixteen squares: the general routine computes a table of sixteen powers first, and takes four times as long.
fn to_the_exponent(number: &BigUint, n: &BigUint) -> BigUint {
    let mut power = number.clone();
    for _ in 0..16 {
        power = &power * &power % n;
    }
    power * number % n
}

/// Big-endian, as long as the modulus, which every number here is below.
fn padded(number: &BigUint, length: usize) -> Vec<u8> {
    let bytes = number.to_bytes_be();
    let mut padded = vec![0; length - bytes.len()];
    padded.extend_from_slice(&bytes);
    padded
}

fn inverses(n: &BigUint, blinders: &[Blinder<'_>]) -> Result<Vec<BigUint>, BlindError> {
    let mut product = BigUint::from(1_u8);
    let mut before = Vec::with_capacity(blinders.len());
    for blinder in blinders {
        let next = &product * &blinder.factor % n;
        before.push(std::mem::replace(&mut product, next));
    }
    let mut rest = product.modinv(n).ok_or(BlindError::NoInverse)?;
    let mut inverses = Vec::with_capacity(blinders.len());
    for (blinder, before) in blinders.iter().zip(before).rev() {
        inverses.push(&rest * before % n);
        rest = rest * &blinder.factor % n;
    }
    inverses.reverse();
    Ok(inverses)
}

/// Takes the blinding off the issuer's answer and checks the signature (RFC 9474, section 4.4).
///
/// # Errors
/// [`BlindError::BadSignature`].
pub fn finalize(modulus: &[u8], message: &[u8], blind_signature: &[u8], inverse: &[u8]) -> Result<Vec<u8>, BlindError> {
    let number = BigUint::from_bytes_be;
    let signature = padded(&(number(blind_signature) * number(inverse) % number(modulus)), modulus.len());
    if verify(modulus, message, &signature) { Ok(signature) } else { Err(BlindError::BadSignature) }
}

/// EMSA-PSS-ENCODE with SHA-384 and MGF1-SHA-384 (RFC 8017, section 9.1.1), for `bits` = bits of the modulus − 1, at least 2047.
#[must_use]
pub fn encode(message: &[u8], salt: &[u8], bits: usize) -> Vec<u8> {
    let length = bits.div_ceil(8);
    let hash = Sha384::new().chain_update([0; 8]).chain_update(Sha384::digest(message)).chain_update(salt).finalize();
    let mut encoded = vec![0; length];
    let (masked, tail) = encoded.split_at_mut(length - HASH_BYTES - 1);
    let salt_at = masked.len() - salt.len();
    masked[salt_at - 1] = 1;
    masked[salt_at..].copy_from_slice(salt);
    for (counter, block) in (0_u32..).zip(masked.chunks_mut(HASH_BYTES)) {
        let mask = Sha384::new().chain_update(hash).chain_update(counter.to_be_bytes()).finalize();
        block.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
    }
    masked[0] &= 0xff >> (8 * length - bits);
    tail[..HASH_BYTES].copy_from_slice(&hash);
    tail[HASH_BYTES] = 0xbc;
    encoded
}
