//! Casts that replicas must have before they are acknowledged: those that wait are sent together, with one WAIT behind them, on
//! a connection of their own, so that a replica that is slow holds up nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;

use redis::{Cmd, Pipeline, RedisError, Value};
use tokio::sync::{mpsc, oneshot};

use crate::store::redis::client::connection::Link;
use crate::store::redis::client::step::{Answer, CAST, broken, is_not_loaded, unreadable};
use crate::store::{Result, StoreError};

/// Casts that may wait; whoever comes when there are more waits for a place.
const WAITING_MAX: usize = 4_096;
/// Casts that are sent together.
const TOGETHER_MAX: usize = 256;
/// How long replicas have.
const WAIT_MS: u64 = 2_000;

/// A cast on its way.
struct Waiting {
    /// The meeting's key: what is sent together is of one meeting, and so in one place.
    key: String,
    by_hash: Cmd,
    by_code: Cmd,
    answer: oneshot::Sender<Result<Answer>>,
}

/// The way for casts that replicas must have.
pub(in crate::store::redis) struct Replicated {
    casts: mpsc::Sender<Waiting>,
}

impl Replicated {
    /// Starts the task that sends them; it ends with the last handle.
    pub(in crate::store::redis) fn start(link: Link, replicas: u32) -> Self {
        let (casts, mut waiting) = mpsc::channel::<Waiting>(WAITING_MAX);
        let link = Arc::new(link);
        tokio::spawn(async move {
            let mut together = Vec::new();
            while waiting.recv_many(&mut together, TOGETHER_MAX).await > 0 {
                let mut meetings: BTreeMap<String, Vec<Waiting>> = BTreeMap::new();
                for cast in together.drain(..) {
                    meetings.entry(cast.key.clone()).or_default().push(cast);
                }
                let sent = meetings.into_values().map(|casts| send(&link, casts, replicas));
                futures_util::future::join_all(sent).await;
            }
        });
        Self { casts }
    }

    /// Casts, and waits until replicas have it. An error where they do not have it in time: nobody knows then.
    pub(in crate::store::redis) async fn cast(
        &self,
        key: String,
        command: impl Fn(&str, &str) -> Cmd,
    ) -> Result<Answer> {
        let stopping = || StoreError::Broken("the store is stopping".to_owned());
        let (answer, answered) = oneshot::channel();
        let (by_hash, by_code) = (command("EVALSHA", &CAST.hash), command("EVAL", &CAST.code));
        self.casts.send(Waiting { key, by_hash, by_code, answer }).await.map_err(|_| stopping())?;
        answered.await.map_err(|_| stopping())?
    }
}

async fn send(link: &Link, casts: Vec<Waiting>, replicas: u32) {
    let pipeline = |command: &dyn Fn(&Waiting) -> Cmd| {
        let mut pipeline = Pipeline::new();
        casts.iter().for_each(|cast| {
            pipeline.add_command(command(cast));
        });
        pipeline.cmd("WAIT").arg(replicas).arg(WAIT_MS);
        pipeline
    };
    let mut answers = link.ask_all(&pipeline(&|cast| cast.by_hash.clone())).await;
    if answers.as_ref().is_err_and(is_not_loaded) {
        answers = link.ask_all(&pipeline(&|cast| cast.by_code.clone())).await;
    }
    let answers = judged(answers, casts.len(), replicas);
    for (number, cast) in casts.into_iter().enumerate() {
        let answer = match &answers {
            Ok(answers) => answers.get(number).cloned().map_or_else(|| Err(unreadable()), Answer::read),
            Err(error) => Err(error.clone()),
        };
        // A caller that is gone needs no answer: its repeat gets the same.
        drop(cast.answer.send(answer));
    }
}

fn judged(answers: std::result::Result<Vec<Value>, RedisError>, casts: usize, replicas: u32) -> Result<Vec<Value>> {
    let mut answers = answers.map_err(|error| broken(&error))?;
    let Some(Value::Int(reached)) = answers.pop().filter(|_| answers.len() == casts) else { return Err(unreadable()) };
    if reached < i64::from(replicas) {
        return Err(StoreError::Broken("redis: too few replicas have it; it may be repeated".to_owned()));
    }
    Ok(answers)
}
