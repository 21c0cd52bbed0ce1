//! One at a time for each round, while other rounds go on: a file that takes long to open or to read keeps nobody waiting but
//! those who want the same one. It knows no file.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::boxes::RoundKey;

/// Whose turn it is, by round.
#[derive(Default)]
pub(in crate::store) struct Turns {
    // A std mutex: held for a look-up only.
    rounds: Mutex<HashMap<RoundKey, Turn>>,
}

/// The turn of a round: whoever has the lock is alone with it.
pub(in crate::store) type Turn = Arc<tokio::sync::Mutex<()>>;

impl Turns {
    /// The turn of a round; those that nobody waits for any more are forgotten.
    pub(in crate::store) fn of(&self, meeting: &str, round: u32) -> Turn {
        let mut rounds = self.rounds.lock().unwrap_or_else(PoisonError::into_inner);
        rounds.retain(|_, turn| Arc::strong_count(turn) > 1);
        Arc::clone(rounds.entry((meeting.to_owned(), round)).or_default())
    }
}
