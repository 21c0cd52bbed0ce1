//! The client half of RFC 9474, variant RSABSSA-SHA384-PSS-Deterministic: encode, blind, finalize, for e = 65537 and any modulus of 2048 bits or more.
//! It knows numbers only: no contest, no ballot key.

use openssl::bn::{BigNum, BigNumContext, BigNumContextRef, BigNumRef};
use openssl::error::ErrorStack;
use rand::CryptoRng;
use sha2::{Digest, Sha384};

use pingyi_rules::ballot::token::{EXPONENT, verify};

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
    /// The cryptographic library failed, for want of memory.
    Library,
}

impl From<ErrorStack> for BlindError {
    fn from(_: ErrorStack) -> Self {
        Self::Library
    }
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
    pub factor: BigNum,
}

/// Blinds messages for one key, each with a random salt and a random factor of its own (RFC 9474, section 4.2).
///
/// # Errors
/// [`BlindError::NoInverse`], [`BlindError::Library`].
pub fn blind(
    modulus: &[u8],
    messages: &[impl AsRef<[u8]>],
    rng: &mut impl CryptoRng,
) -> Result<Vec<Blinded>, BlindError> {
    let n = BigNum::from_slice(modulus)?;
    let mut salts = vec![[0; SALT_BYTES]; messages.len()];
    let mut blinders = Vec::with_capacity(messages.len());
    for (message, salt) in messages.iter().zip(&mut salts) {
        rng.fill_bytes(salt);
        blinders.push(Blinder { message: message.as_ref(), salt, factor: random_below(&n, modulus.len(), rng)? });
    }
    blind_with(modulus, &blinders)
}

/// Uniform in 1…n − 1. Rejection keeps it uniform; with the top bit of the modulus set, half of the draws pass or more.
fn random_below(n: &BigNumRef, length: usize, rng: &mut impl CryptoRng) -> Result<BigNum, BlindError> {
    let mut bytes = vec![0; length];
    loop {
        rng.fill_bytes(&mut bytes);
        let drawn = BigNum::from_slice(&bytes)?;
        if *drawn < *n && drawn.num_bits() > 0 {
            return Ok(drawn);
        }
    }
}

/// Blinds messages with given salts and factors. All factors are inverted by one inversion and three multiplications each
/// (Montgomery's trick), because an inversion costs as much as the rest of a blinding four times over.
///
/// # Errors
/// [`BlindError::NoInverse`], [`BlindError::Library`].
pub fn blind_with(modulus: &[u8], blinders: &[Blinder<'_>]) -> Result<Vec<Blinded>, BlindError> {
    let length = i32::try_from(modulus.len()).map_err(|_| BlindError::Library)?;
    let n = BigNum::from_slice(modulus)?;
    let bits = n.num_bits().unsigned_abs() as usize - 1;
    let exponent = BigNum::from_slice(&EXPONENT)?;
    let mut context = BigNumContext::new()?;
    let inverses = inverses(&n, blinders, &mut context)?;
    let mut blinded = Vec::with_capacity(blinders.len());
    for (blinder, inverse) in blinders.iter().zip(inverses) {
        let mut masked = BigNum::new()?;
        masked.mod_exp(&blinder.factor, &exponent, &n, &mut context)?;
        let encoded = BigNum::from_slice(&encode(blinder.message, blinder.salt, bits))?;
        let mut message = BigNum::new()?;
        message.mod_mul(&encoded, &masked, &n, &mut context)?;
        blinded.push(Blinded { message: message.to_vec_padded(length)?, inverse: inverse.to_vec_padded(length)? });
    }
    Ok(blinded)
}

fn inverses(
    n: &BigNumRef,
    blinders: &[Blinder<'_>],
    context: &mut BigNumContextRef,
) -> Result<Vec<BigNum>, BlindError> {
    let mut product = BigNum::from_u32(1)?;
    let mut before = Vec::with_capacity(blinders.len());
    for blinder in blinders {
        let mut next = BigNum::new()?;
        next.mod_mul(&product, &blinder.factor, n, context)?;
        before.push(std::mem::replace(&mut product, next));
    }
    let mut rest = BigNum::new()?;
    rest.mod_inverse(&product, n, context).map_err(|_| BlindError::NoInverse)?;
    let mut inverses = Vec::with_capacity(blinders.len());
    for (blinder, before) in blinders.iter().zip(before).rev() {
        let (mut inverse, mut next) = (BigNum::new()?, BigNum::new()?);
        inverse.mod_mul(&rest, &before, n, context)?;
        next.mod_mul(&rest, &blinder.factor, n, context)?;
        rest = next;
        inverses.push(inverse);
    }
    inverses.reverse();
    Ok(inverses)
}

/// Takes the blinding off the issuer's answer and checks the signature (RFC 9474, section 4.4).
///
/// # Errors
/// [`BlindError::BadSignature`], [`BlindError::Library`].
pub fn finalize(modulus: &[u8], message: &[u8], blind_signature: &[u8], inverse: &[u8]) -> Result<Vec<u8>, BlindError> {
    let length = i32::try_from(modulus.len()).map_err(|_| BlindError::Library)?;
    let n = BigNum::from_slice(modulus)?;
    let mut context = BigNumContext::new()?;
    let mut signature = BigNum::new()?;
    let (blind_signature, inverse) = (BigNum::from_slice(blind_signature)?, BigNum::from_slice(inverse)?);
    signature.mod_mul(&blind_signature, &inverse, &n, &mut context)?;
    let signature = signature.to_vec_padded(length)?;
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
