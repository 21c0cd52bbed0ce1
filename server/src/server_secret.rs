//! The secret that only the servers of one store have: the key of all that they keep or send in a form that nobody else can
//! read or try out. It is never written to the database, to Redis, to a log or to an answer.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::randomness::{NoRandomness, random};
use crate::store::Digest;

/// What the operator key is stretched with: 32 MiB and a tenth of a second at a start, so that who finds something sealed
/// at Redis cannot try short keys by the million.
const STRETCH_LOG_N: u8 = 15;
const STRETCH_R: u32 = 8;
const STRETCH_SALT: &[u8] = b"pingyi-server/1";

/// 256 bits, from which each use has a key of its own.
#[derive(Clone)]
pub struct ServerSecret([u8; 32]);

impl std::fmt::Debug for ServerSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServerSecret")
    }
}

impl ServerSecret {
    /// A random one, for a server that keeps it in a file of its own.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn random() -> Result<Self, NoRandomness> {
        Ok(Self(random()?))
    }

    /// The one of all servers that were given this operator key: it is in no file and at no meeting point. None where the
    /// system has not the 32 MiB that this takes.
    #[must_use]
    pub fn of_operator_key(key: &str) -> Option<Self> {
        let cost = scrypt::Params::new(STRETCH_LOG_N, STRETCH_R, 1).ok()?;
        let mut secret = [0; 32];
        scrypt::scrypt(key.as_bytes(), STRETCH_SALT, &cost, &mut secret).ok()?;
        Some(Self(secret))
    }

    /// As it is written to its file.
    #[must_use]
    pub fn written(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.0) + "\n"
    }

    /// As it was written; none for any other text.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        data_encoding::HEXLOWER.decode(text.trim().as_bytes()).ok()?.try_into().ok().map(Self)
    }

    /// The key for one purpose. From one key nothing is known of another.
    #[must_use]
    pub fn key_for(&self, purpose: &str) -> [u8; 32] {
        keyed(&self.0, &[b"pingyi-key/1", purpose.as_bytes()])
    }

    /// A slip's or a personal code's digest as it is kept: without the key nobody can try codes on a copied database (rule s100).
    #[must_use]
    pub fn kept_code(&self, digest: &Digest) -> Digest {
        keyed(&self.key_for("codes"), &[digest])
    }
}

/// HMAC-SHA-256 over the parts, each with its length before it.
#[must_use]
pub fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> Digest {
    // A key shorter than a block is filled with zeros (RFC 2104), which cannot fail as a slice of unknown length might.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
