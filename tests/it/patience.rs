//! How tests wait: for a state, never for a time.

use std::fmt::Display;
use std::time::Duration;

use tokio::time::{Instant, interval};

/// How long anything is waited for. It ends what hangs and says nothing of how fast a thing is: on a machine at a
/// twelfth of its speed a hall of forty took more than a minute, and nothing was wrong.
pub const PATIENCE: Duration = Duration::from_secs(300);
/// The pause between two looks.
const LOOK_INTERVAL: Duration = Duration::from_millis(20);

/// Waits for a state.
pub async fn eventually<T>(what: impl Display, mut is: impl AsyncFnMut() -> Option<T>) -> T {
    let (give_up_at, mut look) = (Instant::now() + PATIENCE, interval(LOOK_INTERVAL));
    loop {
        look.tick().await;
        if let Some(found) = is().await {
            return found;
        }
        assert!(Instant::now() < give_up_at, "waited {PATIENCE:?} for {what}");
    }
}
