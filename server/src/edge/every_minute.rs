//! Tells in the log, in one line a minute at most, how often something happened that a flood makes happen. It counts and must
//! know nothing else: no address, code, seat or name can be in its line.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long the first line waits, so that it knows more than the first one of a flood.
const FIRST_AFTER: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// Counters of `N` kinds, and the line that tells them.
pub(super) struct EveryMinute<const N: usize> {
    // A std mutex: held for counting only.
    counted: Arc<Mutex<Counted<N>>>,
    say: fn([u64; N]),
}

struct Counted<const N: usize> {
    untold: [u64; N],
    is_telling: bool,
}

impl<const N: usize> Counted<N> {
    /// What was not told yet; nothing where nothing happened, and then nobody tells any more.
    fn take(&mut self) -> Option<[u64; N]> {
        let untold = std::mem::replace(&mut self.untold, [0; N]);
        self.is_telling = untold != [0; N];
        self.is_telling.then_some(untold)
    }
}

impl<const N: usize> EveryMinute<N> {
    /// Counters at nothing; `say` writes the line.
    pub(super) fn new(say: fn([u64; N])) -> Self {
        Self { counted: Arc::new(Mutex::new(Counted { untold: [0; N], is_telling: false })), say }
    }

    /// It happened once more; a moment later the runtime tells it.
    pub(super) fn note(&self, kind: usize) {
        let mut counted = held(&self.counted);
        counted.untold[kind] += 1;
        if !counted.is_telling
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            counted.is_telling = true;
            runtime.spawn(tell(Arc::clone(&self.counted), self.say));
        }
    }
}

/// Tells until a minute passes in which nothing happened.
async fn tell<const N: usize>(counted: Arc<Mutex<Counted<N>>>, say: fn([u64; N])) {
    tokio::time::sleep(FIRST_AFTER).await;
    loop {
        let Some(untold) = held(&counted).take() else { return };
        say(untold);
        tokio::time::sleep(MINUTE).await;
    }
}

/// A lock whose holder panicked is still a lock over whole numbers.
fn held<const N: usize>(counted: &Mutex<Counted<N>>) -> std::sync::MutexGuard<'_, Counted<N>> {
    counted.lock().unwrap_or_else(PoisonError::into_inner)
}
