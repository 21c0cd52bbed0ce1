//! One thread that owns one thing, and takes all jobs that wait for it at once: so one sync of the disk answers many callers.
//! It knows neither SQLite nor the box. Where the disk is used in place there is no thread, and no group.

use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use crate::store::{Result, StoreError};

/// Jobs that may wait; whoever comes when there are more waits for a place.
const WAITING_MAX: usize = 4_096;
/// Jobs that are taken at once: enough to make a sync cheap, few enough to answer the first ones soon.
const GROUP_MAX: usize = 1_024;

/// What the thread owns.
pub(in crate::store) trait Work: Send + 'static {
    /// One thing to do, with the way to answer it.
    type Job: Send + 'static;

    /// Does all of them, makes them durable, then answers each.
    fn commit(&mut self, jobs: Vec<Self::Job>);
}

/// The way to the thread. Dropping it ends the thread, after what waits is done.
pub(in crate::store) struct GroupCommit<J> {
    way: Way<J>,
    thread: Option<JoinHandle<()>>,
}

enum Way<J> {
    Jobs(mpsc::Sender<J>),
    // A std mutex: held for as long as one job takes, never across an await.
    InPlace(Mutex<Box<dyn FnMut(J) + Send>>),
    Ended,
}

impl<J: Send + 'static> GroupCommit<J> {
    /// Starts the thread; `in_place` is whether whoever asks does the job instead, alone and at once.
    pub(in crate::store) fn start(name: &str, mut work: impl Work<Job = J>, in_place: bool) -> std::io::Result<Self> {
        if in_place {
            let act = move |job| work.commit(vec![job]);
            return Ok(Self { way: Way::InPlace(Mutex::new(Box::new(act))), thread: None });
        }
        let (sender, mut receiver) = mpsc::channel(WAITING_MAX);
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            let mut group = Vec::new();
            while receiver.blocking_recv_many(&mut group, GROUP_MAX) > 0 {
                work.commit(std::mem::take(&mut group));
            }
        })?;
        Ok(Self { way: Way::Jobs(sender), thread: Some(thread) })
    }

    /// Waits for a place, then for the answer.
    pub(in crate::store) async fn ask<T>(&self, job: impl FnOnce(oneshot::Sender<Result<T>>) -> J) -> Result<T> {
        let stopping = || StoreError::Broken("the store is stopping".to_owned());
        let (sender, answer) = oneshot::channel();
        match &self.way {
            Way::Jobs(jobs) => jobs.send(job(sender)).await.map_err(|_| stopping())?,
            Way::InPlace(act) => (act.lock().unwrap_or_else(PoisonError::into_inner))(job(sender)),
            Way::Ended => return Err(stopping()),
        }
        answer.await.map_err(|_| stopping())?
    }
}

impl<J> Drop for GroupCommit<J> {
    fn drop(&mut self) {
        self.way = Way::Ended;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so itself, and its callers were told that the store stopped.
            drop(thread.join());
        }
    }
}
