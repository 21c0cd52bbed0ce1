//! Keys for the next round, made in the background while it is a draft.
//! One task a round collects them; the meeting's task asks how far it is and takes the whole set when it is complete.

use std::sync::{Arc, Mutex};

use super::held;
use crate::ballot::signer::OpensslSigner;
use crate::hub::Watched;
use crate::round_keys::{KeyMaker, RoundKeys, new_box_key};
use crate::store::Store;

/// Keys on their way.
pub(super) struct Preparing {
    /// The round that they are for.
    pub(super) round: u32,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    made: usize,
    complete: Option<Arc<RoundKeys>>,
}

impl Preparing {
    /// Starts to collect, unless the store has the keys already.
    pub(super) fn start(
        store: Arc<dyn Store>,
        maker: KeyMaker,
        watched: Arc<Watched>,
        meeting: String,
        round: u32,
        needed: usize,
    ) -> Self {
        let shared = Arc::new(Mutex::new(Shared::default()));
        let collected = Arc::clone(&shared);
        tokio::spawn(async move {
            if let Err(error) = collect(store.as_ref(), &maker, &watched, &meeting, round, needed, &collected).await {
                tracing::error!(meeting, round, error, "the keys of a round could not be made");
            }
            watched.screens.poke();
        });
        Self { round, shared }
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
    meeting: &str,
    round: u32,
    needed: usize,
    shared: &Mutex<Shared>,
) -> Result<(), String> {
    let kept = store.keys(meeting, round).await.map_err(|error| error.to_string())?;
    if let Some(keys) = kept.and_then(|kept| RoundKeys::read(&kept)).filter(|keys| keys.tokens.len() == needed) {
        finish(shared, keys);
        return Ok(());
    }
    let mut tokens: Vec<Arc<OpensslSigner>> = Vec::with_capacity(needed);
    while tokens.len() < needed {
        tokens.push(Arc::new(maker.key().await.ok_or("the key maker has stopped")?));
        // The last one counts only when all of them are kept: what the chair sees as ready can be armed.
        held(shared).made = tokens.len().min(needed - 1);
        watched.screens.poke();
    }
    let keys = RoundKeys { tokens, box_key: new_box_key()? };
    let text = keys.kept().map_err(|error| format!("{error:?}"))?;
    store.keep_keys(meeting, round, &text).await.map_err(|error| error.to_string())?;
    finish(shared, keys);
    Ok(())
}

fn finish(shared: &Mutex<Shared>, keys: RoundKeys) {
    let mut shared = held(shared);
    shared.made = keys.tokens.len();
    shared.complete = Some(Arc::new(keys));
}
