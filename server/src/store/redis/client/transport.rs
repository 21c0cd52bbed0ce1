//! The lowest place where a step is sent: all that the store needs of Redis while it runs. A simulation implements
//! it, and the whole store runs on that. It knows calls and channels, and nothing of what they are for.

use std::sync::Arc;

use async_trait::async_trait;
use redis::Value;
use tokio::sync::{Notify, mpsc};

use super::step::Call;
use crate::store::Result;

/// The way to Redis.
#[async_trait]
pub trait Transport: Send + Sync + 'static {
    /// Runs a step, and answers with its reply. It may run twice, because every step may be repeated; after an error nobody knows
    /// whether it ran.
    ///
    /// # Errors
    /// Where there is no reply.
    async fn run(&self, call: &Call) -> Result<Value>;

    /// Runs steps of one meeting, one after the other, and answers with a reply each once so many replicas have all of them.
    ///
    /// # Errors
    /// Where there is no reply, or too few replicas have them in time: nobody knows then.
    async fn run_replicated(&self, calls: &[Call], replicas: u32) -> Result<Vec<Value>>;

    /// Hears a channel from now on, also after the way was lost for a while.
    ///
    /// # Errors
    /// Where it cannot be heard now; it is heard when the way is there again.
    async fn hear(&self, channel: &str) -> Result<()>;

    /// Publishes on a channel. Nobody may hear it.
    ///
    /// # Errors
    /// Where it was not published, or nobody knows.
    async fn publish(&self, channel: &str) -> Result<()>;

    /// Told whenever the way was made anew: whatever was published meanwhile was not heard.
    fn connected(&self) -> Arc<Notify>;
}

/// What a server has of Redis.
pub struct Transports {
    /// For all but casts that replicas must have.
    pub steps: Arc<dyn Transport>,
    /// Names of channels on which somebody published.
    pub pokes: mpsc::Receiver<String>,
    /// For casts that so many replicas must have, so that a replica that is slow holds up nothing else; none where no cast waits.
    pub replicated: Option<(Arc<dyn Transport>, u32)>,
}
