//! Keys for the next round, made in the background while it is a draft.
//! One task a round collects them; the meeting's task asks how far it is and takes the whole set when it is complete.

use std::sync::{Arc, Mutex};

use ed25519_dalek::SigningKey;
use tokio::task::JoinHandle;

use super::held;
use crate::hub::Watched;
use crate::round_keys::{KeyMaker, RoundKeys, new_box_key, new_seal_key};
use crate::signer::RsaSigner;
use crate::store::Store;

/// Keys on their way. Dropping it ends the way: nobody waits for them any more, and the store is not held for their sake.
pub(super) struct NextKeys {
    /// The round that they are for.
    pub(super) round: u32,
    shared: Arc<Mutex<Shared>>,
    collecting: JoinHandle<()>,
}

impl Drop for NextKeys {
    fn drop(&mut self) {
        self.collecting.abort();
    }
}

#[derive(Default)]
struct Shared {
    made: usize,
    complete: Option<Arc<RoundKeys>>,
}

impl NextKeys {
    /// Starts to collect, unless the store has the keys already.
    pub(super) fn start(
        store: Arc<dyn Store>,
        maker: KeyMaker,
        watched: Arc<Watched>,
        (meeting, round): (String, u32),
        needed: usize,
        box_key: Option<SigningKey>,
    ) -> Self {
        let shared = Arc::new(Mutex::new(Shared::default()));
        let collected = Arc::clone(&shared);
        let collecting = tokio::spawn(async move {
            let place = (meeting.as_str(), round, needed);
            if let Err(error) = collect(store.as_ref(), &maker, &watched, place, box_key, &collected).await {
                tracing::error!(meeting, round, error, "the keys of a round could not be made");
            }
            watched.views.poke();
        });
        Self { round, shared, collecting }
    }

    /// How many keys are there.
    pub(super) fn made(&self) -> usize {
        held(&self.shared).made
    }

    /// The whole set, once it is complete and kept.
    pub(super) fn complete(&self) -> Option<Arc<RoundKeys>> {
        held(&self.shared).complete.clone()
    }
}

async fn collect(
    store: &dyn Store,
    maker: &KeyMaker,
    watched: &Watched,
    (meeting, round, needed): (&str, u32, usize),
    box_key: Option<SigningKey>,
    shared: &Mutex<Shared>,
) -> Result<(), String> {
    let kept = store.keys(meeting, round).await.map_err(|error| error.to_string())?;
    // Keys that were made before the meeting had a box key of its own would be those of another box.
    let is_of_the_box = |keys: &RoundKeys| box_key.as_ref().is_none_or(|key| *key == keys.box_key);
    let complete = |kept: &[u8]| RoundKeys::read(kept).filter(|keys| keys.tokens.len() == needed).filter(is_of_the_box);
    if let Some(keys) = kept.as_deref().and_then(complete) {
        finish(shared, keys);
        return Ok(());
    }
    let box_key = match &box_key {
        Some(key) => key.clone(),
        None => new_box_key()?,
    };
    let mut tokens: Vec<Arc<RsaSigner>> = Vec::with_capacity(needed);
    while tokens.len() < needed {
        tokens.push(Arc::new(maker.key().await.ok_or("the key maker has stopped")?));
        // The last one counts only when all of them are kept: what the chair sees as ready can be armed.
        held(shared).made = tokens.len().min(needed - 1);
        watched.views.poke();
    }
    let keys = RoundKeys { tokens, box_key, seal_key: Some(new_seal_key()?) };
    let text = keys.kept().map_err(|error| format!("{error:?}"))?;
    // Other servers make keys for the round as well: the first ones are everybody's.
    let kept = store.offer_keys(meeting, round, kept.as_deref(), &text).await.map_err(|error| error.to_string())?;
    finish(shared, complete(&kept).ok_or("another server keeps keys for other rows")?);
    Ok(())
}

fn finish(shared: &Mutex<Shared>, keys: RoundKeys) {
    let mut shared = held(shared);
    shared.made = keys.tokens.len();
    shared.complete = Some(Arc::new(keys));
}
