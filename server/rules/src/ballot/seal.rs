//! The envelope of a cast on its way, sealed to its round: in a hall without HTTPS a listener reads nothing of a sheet, nor of
//! its receipts. It must not know what is inside, nor who sent it.

use rand::CryptoRng;

use crate::envelope::{self, AnswerSecret, EnvelopeKey};

pub use crate::envelope::{ENVELOPE_BYTES, KEY_BYTES as SEAL_KEY_BYTES};

/// What opens the envelopes of one round.
#[derive(Clone, Debug)]
pub struct SealKey(EnvelopeKey);

impl SealKey {
    /// A new one.
    #[must_use]
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self(EnvelopeKey::generate(rng))
    }

    /// The key that [`to_bytes`](Self::to_bytes) wrote; nothing for other bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; SEAL_KEY_BYTES]) -> Option<Self> {
        EnvelopeKey::from_bytes(bytes).map(Self)
    }

    /// The private half, to be kept.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; SEAL_KEY_BYTES] {
        self.0.to_bytes()
    }

    /// The public half, as the manifest names it.
    #[must_use]
    pub fn public(&self) -> [u8; SEAL_KEY_BYTES] {
        self.0.public()
    }

    /// What is in an envelope that was sealed to this key under the manifest with hash `m`, and what its answer is sealed with;
    /// nothing for any other bytes.
    #[must_use]
    pub fn open(&self, m: &[u8; 32], envelope: &[u8]) -> Option<(Vec<u8>, AnswerSecret)> {
        self.0.open(&info(m), envelope)
    }
}

/// An envelope around `body` that only the holder of the private half opens, and what opens its answer; nothing where `public`
/// is no key. Each call makes another one.
#[must_use]
pub fn seal(
    public: &[u8; SEAL_KEY_BYTES],
    m: &[u8; 32],
    body: &[u8],
    rng: &mut impl CryptoRng,
) -> Option<(Vec<u8>, AnswerSecret)> {
    envelope::seal(public, &info(m), body, rng)
}

/// Ties an envelope to its round.
fn info(m: &[u8; 32]) -> Vec<u8> {
    [b"pingyi-seal/1\0".as_slice(), m].concat()
}
