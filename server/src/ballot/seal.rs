//! The envelope of a cast on its way: HPKE (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
//! ChaCha20-Poly1305, one message. In a hall without HTTPS a listener reads nothing of a sheet. On the wire stand the
//! encapsulated key, 32 bytes, and the ciphertext. It must not know what is inside, nor who sent it.

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256 as Kem;
use hpke::{Deserializable, Kem as _, OpModeR, OpModeS, Serializable, single_shot_open, single_shot_seal_with_rng};
use rand::CryptoRng;

/// Bytes of either half of a seal key.
pub const SEAL_KEY_BYTES: usize = 32;
/// By how much an envelope is longer than what is in it: the encapsulated key and the tag.
pub const ENVELOPE_BYTES: usize = 48;

/// What opens the envelopes of one round.
#[derive(Clone)]
pub struct SealKey(<Kem as hpke::Kem>::PrivateKey);

impl SealKey {
    /// A new one.
    #[must_use]
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self(Kem::gen_keypair_with_rng(rng).0)
    }

    /// The key that [`to_bytes`](Self::to_bytes) wrote; nothing for other bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; SEAL_KEY_BYTES]) -> Option<Self> {
        <Kem as hpke::Kem>::PrivateKey::from_bytes(bytes).ok().map(Self)
    }

    /// The private half, to be kept.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; SEAL_KEY_BYTES] {
        self.0.to_bytes().into()
    }

    /// The public half, as the manifest names it.
    #[must_use]
    pub fn public(&self) -> [u8; SEAL_KEY_BYTES] {
        Kem::sk_to_pk(&self.0).to_bytes().into()
    }

    /// What is in an envelope that was sealed to this key under the manifest with hash `m`; nothing for any other bytes.
    #[must_use]
    pub fn open(&self, m: &[u8; 32], envelope: &[u8]) -> Option<Vec<u8>> {
        let (key, ciphertext) = envelope.split_at_checked(SEAL_KEY_BYTES)?;
        let key = <Kem as hpke::Kem>::EncappedKey::from_bytes(key).ok()?;
        let mode = OpModeR::Base;
        single_shot_open::<ChaCha20Poly1305, HkdfSha256, Kem>(&mode, &self.0, &key, &info(m), ciphertext, b"").ok()
    }
}

/// An envelope around `body` that only the holder of the private half opens; nothing where `public` is no key.
/// Each call makes another one.
#[must_use]
pub fn seal(public: &[u8; SEAL_KEY_BYTES], m: &[u8; 32], body: &[u8], rng: &mut impl CryptoRng) -> Option<Vec<u8>> {
    let key = <Kem as hpke::Kem>::PublicKey::from_bytes(public).ok()?;
    let sealed =
        single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, Kem>(&OpModeS::Base, &key, &info(m), body, b"", rng);
    let (key, ciphertext) = sealed.ok()?;
    Some([key.to_bytes().as_slice(), &ciphertext].concat())
}

/// Ties an envelope to its round.
fn info(m: &[u8; 32]) -> Vec<u8> {
    [b"pingyi-seal/1\0".as_slice(), m].concat()
}

// A private key never reaches a log line.
impl std::fmt::Debug for SealKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("SealKey")
    }
}
