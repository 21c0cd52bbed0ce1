//! Casts that replicas must have before they are acknowledged: those that wait are sent together, on a way of their own, so that
//! a replica that is slow holds up nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::step::{Call, StepAnswer, unreadable};
use super::transport::Transport;
use crate::store::{Result, StoreError};

/// Casts that may wait; whoever comes when there are more waits for a place.
const WAITING_MAX: usize = 4_096;
/// Casts that are sent together.
const TOGETHER_MAX: usize = 256;

/// A cast on its way.
struct QueuedCast {
    call: Call,
    answer: oneshot::Sender<Result<StepAnswer>>,
}

/// The way for casts that replicas must have.
pub(in crate::store::redis) struct ReplicatedCasts {
    casts: mpsc::Sender<QueuedCast>,
}

impl ReplicatedCasts {
    /// Starts the task that sends them; it ends with the last handle.
    pub(in crate::store::redis) fn start(transport: Arc<dyn Transport>, replicas: u32) -> Self {
        let (casts, mut waiting) = mpsc::channel::<QueuedCast>(WAITING_MAX);
        tokio::spawn(async move {
            let mut together = Vec::new();
            while waiting.recv_many(&mut together, TOGETHER_MAX).await > 0 {
                // What is sent together is of one meeting, and so in one place.
                let mut meetings: BTreeMap<String, Vec<QueuedCast>> = BTreeMap::new();
                for cast in together.drain(..) {
                    meetings.entry(cast.call.keys[0].clone()).or_default().push(cast);
                }
                let sent = meetings.into_values().map(|casts| send(&*transport, casts, replicas));
                futures_util::future::join_all(sent).await;
            }
        });
        Self { casts }
    }

    /// Casts, and waits until replicas have it. An error where they do not have it in time: nobody knows then.
    pub(in crate::store::redis) async fn cast(&self, call: Call) -> Result<StepAnswer> {
        let stopping = || StoreError::Broken("the store is stopping".to_owned());
        let (answer, answered) = oneshot::channel();
        self.casts.send(QueuedCast { call, answer }).await.map_err(|_| stopping())?;
        answered.await.map_err(|_| stopping())?
    }
}

async fn send(transport: &dyn Transport, casts: Vec<QueuedCast>, replicas: u32) {
    let (calls, waiting): (Vec<Call>, Vec<_>) = casts.into_iter().map(|cast| (cast.call, cast.answer)).unzip();
    let mut replies = transport.run_replicated(&calls, replicas).await.map(Vec::into_iter);
    for answer in waiting {
        let read = match &mut replies {
            Ok(replies) => replies.next().map_or_else(|| Err(unreadable()), StepAnswer::read),
            Err(error) => Err(error.clone()),
        };
        // A caller that is gone needs no answer: its repeat gets the same.
        drop(answer.send(read));
    }
}
