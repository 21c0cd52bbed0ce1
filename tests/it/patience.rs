//! How tests wait: for a state, never for a time.

use std::fmt::Display;
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How long anything is waited for. It ends what hangs and says nothing of how fast a thing is: with two dozen busy
/// processes on two cores a hall of forty took more than a minute, and nothing was wrong.
pub const PATIENCE: Duration = Duration::from_secs(300);
/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(10);

/// Waits for a state.
pub async fn eventually<T>(what: impl Display, mut is: impl AsyncFnMut() -> Option<T>) -> T {
    let give_up_at = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = is().await {
            return found;
        }
        assert!(Instant::now() < give_up_at, "waited {PATIENCE:?} for {what}");
        // And not by an interval: looks that were missed on a slow machine would come all at once.
        sleep(PAUSE).await;
    }
}
