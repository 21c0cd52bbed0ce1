//! The issuer's private half: a key that signs blinded messages without seeing what they are.
//! It knows neither seats nor contests; who may have a signature is decided by the issuer that holds it.

use openssl::bn::BigNum;
use openssl::pkey::{PKey, Private};
use openssl::rsa::{Padding, Rsa};

use pingyi_rules::ballot::token::{EXPONENT, PublicKey, TOKEN_BYTES};

/// Bits of every token key.
const MODULUS_BITS: u32 = 2048;

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

impl From<openssl::error::ErrorStack> for BlindSignError {
    fn from(_: openssl::error::ErrorStack) -> Self {
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

/// A [`BlindSign`] on OpenSSL, whose private operation is constant time and blinded once more.
pub struct OpensslSigner {
    key: Rsa<Private>,
    public: PublicKey,
}

impl OpensslSigner {
    /// A new key, from OpenSSL's own randomness. Takes 50 ms to 1 s: make keys ahead.
    ///
    /// # Errors
    /// [`BlindSignError::Library`].
    pub fn generate() -> Result<Self, BlindSignError> {
        let exponent = BigNum::from_slice(&EXPONENT)?;
        Self::from_key(Rsa::generate_with_e(MODULUS_BITS, &exponent)?)
    }

    /// The key that [`to_pkcs8`](Self::to_pkcs8) wrote.
    ///
    /// # Errors
    /// [`BlindSignError::OtherKey`] for anything but such a key.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, BlindSignError> {
        let key = PKey::private_key_from_pkcs8(der).and_then(|key| key.rsa()).map_err(|_| BlindSignError::OtherKey)?;
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
        Ok(PKey::from_rsa(self.key.clone())?.private_key_to_pkcs8()?)
    }

    fn from_key(key: Rsa<Private>) -> Result<Self, BlindSignError> {
        if key.e().to_vec() != EXPONENT {
            return Err(BlindSignError::OtherKey);
        }
        let modulus: [u8; TOKEN_BYTES] = key.n().to_vec().try_into().map_err(|_| BlindSignError::OtherKey)?;
        let public = PublicKey::from_modulus(&modulus).map_err(|_| BlindSignError::OtherKey)?;
        Ok(Self { key, public })
    }
}

impl BlindSign for OpensslSigner {
    fn public(&self) -> &PublicKey {
        &self.public
    }

    fn blind_sign(&self, blinded: &[u8; TOKEN_BYTES]) -> Result<[u8; TOKEN_BYTES], BlindSignError> {
        // Both are big-endian and of one length, so comparing bytes compares numbers.
        if blinded.as_slice() >= self.public.modulus() {
            return Err(BlindSignError::NotBelowModulus);
        }
        let mut signature = [0; TOKEN_BYTES];
        let mut repeated = [0; TOKEN_BYTES];
        let signed = self.key.private_decrypt(blinded, &mut signature, Padding::NONE)?;
        let checked = self.key.public_encrypt(&signature, &mut repeated, Padding::NONE)?;
        if signed != TOKEN_BYTES || checked != TOKEN_BYTES || repeated != *blinded {
            return Err(BlindSignError::Fault);
        }
        Ok(signature)
    }
}

impl std::fmt::Debug for OpensslSigner {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The private half never reaches a log line.
        write!(out, "OpensslSigner({:?})", self.public)
    }
}
