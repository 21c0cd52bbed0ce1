//! The phone's half of a token in Rust: a ballot key, blinded for the issuer, and what its answer makes of it. It gets its
//! randomness from outside and sends nothing itself. The pages do the same in the browser; no server does.

use ed25519_dalek::SigningKey;
use rand::CryptoRng;

use super::blind::{self, BlindError, Blinded};
use pingyi_rules::ballot::phone::PhoneToken;
use pingyi_rules::ballot::token::{TOKEN_BYTES, TokenKey};

/// What a phone keeps before it asks the issuer to sign: lost, the paper is lost.
#[derive(Clone, PartialEq, Eq)]
pub struct Blinding {
    /// The contest.
    pub contest: u16,
    /// The ballot's secret Ed25519 key.
    pub secret: [u8; 32],
    /// What takes the blinding off.
    pub inverse: [u8; TOKEN_BYTES],
    /// What goes to the issuer.
    pub blinded: [u8; TOKEN_BYTES],
}

impl Blinding {
    /// A fresh ballot key for a contest, blinded.
    ///
    /// # Errors
    /// [`BlindError`].
    pub fn new(key: &TokenKey, contest: u16, rng: &mut impl CryptoRng) -> Result<Self, BlindError> {
        Self::many(key, contest, 1, rng)?.pop().ok_or(BlindError::Library)
    }

    /// So many of them, for so many phones of a rehearsal: much cheaper than one by one.
    ///
    /// # Errors
    /// [`BlindError`].
    pub fn many(key: &TokenKey, contest: u16, count: usize, rng: &mut impl CryptoRng) -> Result<Vec<Self>, BlindError> {
        let mut secrets = vec![[0; 32]; count];
        secrets.iter_mut().for_each(|secret| rng.fill_bytes(secret));
        let inputs: Vec<_> = secrets.iter().map(|secret| key.input(&public(secret))).collect();
        let blinded = blind::blind(key.public().modulus(), &inputs, rng)?;
        let one = |(secret, blinded): (_, Blinded)| {
            let (inverse, blinded) = (sized(blinded.inverse)?, sized(blinded.message)?);
            Ok(Self { contest, secret, inverse, blinded })
        };
        secrets.into_iter().zip(blinded).map(one).collect()
    }

    /// The paper that the issuer's answer makes of it.
    ///
    /// # Errors
    /// [`BlindError::BadSignature`] where the answer is no signature of what was asked.
    pub fn finalize(&self, key: &TokenKey, answer: &[u8; TOKEN_BYTES]) -> Result<PhoneToken, BlindError> {
        let token = blind::finalize(key.public().modulus(), &key.input(&public(&self.secret)), answer, &self.inverse)?;
        Ok(PhoneToken { contest: self.contest, secret: self.secret, token: sized(token)? })
    }
}

fn public(secret: &[u8; 32]) -> [u8; 32] {
    SigningKey::from_bytes(secret).verifying_key().to_bytes()
}

// Neither secrets nor what ties them to a seat's request ever reach a log line.
impl std::fmt::Debug for Blinding {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Blinding(c{})", self.contest)
    }
}

fn sized(bytes: Vec<u8>) -> Result<[u8; TOKEN_BYTES], BlindError> {
    bytes.try_into().map_err(|_| BlindError::Library)
}
