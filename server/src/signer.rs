//! The issuer's private half: a key that signs blinded messages without seeing what they are.
//! It knows neither seats nor contests; who may have a signature is decided by the issuer that holds it.

use pingyi_rsa::{PrivateKey, RsaError};

use pingyi_rules::ballot::token::{EXPONENT, PublicKey, TOKEN_BYTES};

/// Bits of every token key.
const MODULUS_BITS: u16 = 2048;

/// Why a blinded message was not signed, or a key not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlindSignError {
    /// The blinded message is not below the modulus (RFC 9474, section 4.3, "invalid input").
    NotBelowModulus,
    /// The signature did not verify: a fault in the computation would give the key away, so nothing is answered.
    Fault,
    /// The stored key is no RSA key of 2048 bits with e = 65537.
    OtherKey,
    /// The cryptographic library failed, for want of memory or of randomness.
    Library,
}

impl From<RsaError> for BlindSignError {
    fn from(_: RsaError) -> Self {
        Self::Library
    }
}

/// A key that signs blindly. The same message gives the same signature, always: a lost reply can be asked for again.
pub trait BlindSign: Send + Sync {
    /// The public half, as the manifest publishes it.
    fn public(&self) -> &PublicKey;

    /// `z^d mod n`, checked to verify before it is answered (RFC 9474, section 4.3).
    ///
    /// # Errors
    /// [`BlindSignError::NotBelowModulus`] for `z ≥ n`; the others are faults of the machine.
    fn blind_sign(&self, blinded: &[u8; TOKEN_BYTES]) -> Result<[u8; TOKEN_BYTES], BlindSignError>;
}

/// A [`BlindSign`] whose key is in this process, on AWS-LC, whose private operation is constant time and blinded once more.
pub struct RsaSigner {
    key: PrivateKey,
    public: PublicKey,
}

impl RsaSigner {
    /// A new key, from AWS-LC's own randomness. Takes 50 ms to 1 s: make keys ahead.
    ///
    /// # Errors
    /// [`BlindSignError::Library`].
    pub fn generate() -> Result<Self, BlindSignError> {
        Self::from_key(PrivateKey::generate(MODULUS_BITS)?)
    }

    /// The key that [`to_pkcs8`](Self::to_pkcs8) wrote.
    ///
    /// # Errors
    /// [`BlindSignError::OtherKey`] for anything but such a key.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, BlindSignError> {
        let key = PrivateKey::from_pkcs8(der).map_err(|_| BlindSignError::OtherKey)?;
        let signer = Self::from_key(key)?;
        // One signature shows that the parts belong together; testing the factors for primality would take 0.1 s a key.
        signer.blind_sign(&[2; TOKEN_BYTES]).map_err(|_| BlindSignError::OtherKey)?;
        Ok(signer)
    }

    /// The private key as PKCS#8 in DER, to be kept while the round is open and erased when it closes.
    ///
    /// # Errors
    /// [`BlindSignError::Library`].
    pub fn to_pkcs8(&self) -> Result<Vec<u8>, BlindSignError> {
        Ok(self.key.to_pkcs8()?)
    }

    fn from_key(key: PrivateKey) -> Result<Self, BlindSignError> {
        if key.exponent() != EXPONENT {
            return Err(BlindSignError::OtherKey);
        }
        let modulus: [u8; TOKEN_BYTES] = key.modulus().try_into().map_err(|_| BlindSignError::OtherKey)?;
        let public = PublicKey::from_modulus(&modulus).map_err(|_| BlindSignError::OtherKey)?;
        Ok(Self { key, public })
    }
}

impl BlindSign for RsaSigner {
    fn public(&self) -> &PublicKey {
        &self.public
    }

    fn blind_sign(&self, blinded: &[u8; TOKEN_BYTES]) -> Result<[u8; TOKEN_BYTES], BlindSignError> {
        // Both are big-endian and of one length, so comparing bytes compares numbers.
        if blinded.as_slice() >= self.public.modulus() {
            return Err(BlindSignError::NotBelowModulus);
        }
        if is_its_own_root(blinded, self.public.modulus()) {
            return Ok(*blinded);
        }
        let signature = self.key.private_operation(blinded)?;
        if self.key.public_operation(&signature)? != blinded {
            return Err(BlindSignError::Fault);
        }
        signature.try_into().map_err(|_| BlindSignError::Fault)
    }
}

impl std::fmt::Debug for RsaSigner {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The private half never reaches a log line.
        write!(out, "RsaSigner({:?})", self.public)
    }
}

/// Whether a number below the odd modulus is 0, 1 or n − 1: with an odd exponent each is its own signature, under every key. AWS-LC
/// computes none for them. That this takes less time says nothing of the key.
fn is_its_own_root(number: &[u8; TOKEN_BYTES], modulus: &[u8]) -> bool {
    let (upper, last) = (&number[..TOKEN_BYTES - 1], number[TOKEN_BYTES - 1]);
    let is_small = upper.iter().all(|byte| *byte == 0) && last <= 1;
    is_small || (*upper == modulus[..TOKEN_BYTES - 1] && last == modulus[TOKEN_BYTES - 1] - 1)
}
