//! The box key of a meeting: one for all its rounds, so that a phone that saw it once takes no manifest of another. Of several
//! servers that load the meeting at once the first one's is everybody's, as with the keys of rounds, beside which it is kept.

use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};

use crate::round_keys::new_box_key;
use crate::store::{Store, StoreError};
use pingyi_rules::meeting::{Meeting, Phase};

/// Where the meeting's own keys are kept: no round has this number.
const OWN: u32 = 0;

/// The form in which it is kept.
#[derive(Serialize, Deserialize)]
struct KeptKey {
    box_key: String,
}

/// The meeting's box key, made now where there is none; nothing where it is erased, where the meeting is over, and where a round was
/// armed before meetings had one: then its rounds go on with keys of their own.
///
/// # Errors
/// When the store cannot tell or keep it.
pub(super) async fn of(store: &dyn Store, meeting: &Meeting) -> Result<Option<SigningKey>, StoreError> {
    if meeting.people_erased {
        return Ok(None);
    }
    let kept = match store.keys(&meeting.id, OWN).await? {
        Some(kept) => kept,
        None if !may_be_made(meeting) => return Ok(None),
        None => {
            let made = new_box_key().map_err(StoreError::Broken)?;
            store.offer_keys(&meeting.id, OWN, None, &written(&made)?).await?
        }
    };
    read(&kept).map(Some).ok_or_else(|| StoreError::Broken("the box key of a meeting cannot be read".to_owned()))
}

fn may_be_made(meeting: &Meeting) -> bool {
    let is_of_before = |round: &pingyi_rules::meeting::Round| round.manifest_hash.is_some() && round.promise.is_none();
    !matches!(meeting.phase, Phase::Closed | Phase::Archived) && !meeting.rounds.iter().any(is_of_before)
}

fn written(key: &SigningKey) -> Result<Vec<u8>, StoreError> {
    let kept = KeptKey { box_key: data_encoding::BASE64URL_NOPAD.encode(key.as_bytes()) };
    serde_json::to_vec(&kept).map_err(|_| StoreError::Broken("a key cannot be written".to_owned()))
}

fn read(kept: &[u8]) -> Option<SigningKey> {
    let kept: KeptKey = serde_json::from_slice(kept).ok()?;
    let secret: [u8; 32] = data_encoding::BASE64URL_NOPAD.decode(kept.box_key.as_bytes()).ok()?.try_into().ok()?;
    Some(SigningKey::from_bytes(&secret))
}
