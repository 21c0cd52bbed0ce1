//! The proof of fraud: two manifests of one round that one box key signed. A phone keeps it when it meets the second, and whoever
//! reads it needs nothing else to believe it.

use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};

use super::{canonical, from_base64url, promise};

/// The format that this code reads and writes.
pub const FORMAT: &str = "pingyi-fraud/1";
/// Most bytes of the file, blanks after it included.
pub const BYTES_MAX: usize = 128 * 1024;

/// What a proof of fraud holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fraud {
    /// The Ed25519 key, base64url.
    pub box_key: String,
    /// [`FORMAT`].
    pub format: String,
    /// Two of them, ascending by hash.
    pub manifests: Vec<SignedManifest>,
    /// The meeting's id, 1 to 64 of `A-Z a-z 0-9 - _`.
    pub meeting: String,
    /// The round's number, from 1.
    pub round: u32,
}

/// A manifest as the box key promised it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedManifest {
    /// M in hex.
    pub hash: String,
    /// The box key's signature, base64url.
    pub signature: String,
}

/// Whether bytes say of themselves that they are a proof of fraud, whatever it is worth.
#[must_use]
pub fn is_one(bytes: &[u8]) -> bool {
    let value: Option<serde_json::Value> = serde_json::from_slice(bytes).ok();
    value.is_some_and(|value| value.get("format").and_then(|format| format.as_str()) == Some(FORMAT))
}

/// A proof that holds; nothing for anything else.
#[must_use]
pub fn parse(bytes: &[u8]) -> Option<Fraud> {
    if bytes.len() > BYTES_MAX {
        return None;
    }
    let fraud = Fraud::deserialize(canonical::parse(bytes.trim_ascii_end()).ok()?).ok()?;
    fraud.holds().then_some(fraud)
}

impl Fraud {
    /// Whether both manifests were promised for the round, and are two.
    #[must_use]
    pub fn holds(&self) -> bool {
        let is_sign = |sign: u8| sign.is_ascii_alphanumeric() || b"-_".contains(&sign);
        let is_meeting = (1..=64).contains(&self.meeting.len()) && self.meeting.bytes().all(is_sign);
        let key = from_base64url::<32>(&self.box_key).and_then(|key| VerifyingKey::from_bytes(&key).ok());
        let Some(key) = key.filter(|key| !key.is_weak()) else { return false };
        let is_promised = |promised: &SignedManifest| {
            let hash =
                data_encoding::HEXLOWER.decode(promised.hash.as_bytes()).ok().and_then(|hash| hash.try_into().ok());
            let read = hash.zip(from_base64url(&promised.signature));
            read.is_some_and(|(m, promise)| promise::is_good(&key, &self.meeting, self.round, &m, &promise))
        };
        let [one, other] = self.manifests.as_slice() else { return false };
        self.format == FORMAT
            && is_meeting
            && self.round >= 1
            && one.hash < other.hash
            && is_promised(one)
            && is_promised(other)
    }
}
