//! Rule l35 without a Redis: the whole store over a transport that answers by itself. It must not know how the store asks.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use pingyi::clock::now_ms;
use pingyi::store::disk::MachineDisk;
use pingyi::store::redis::RedisStore;
use pingyi::store::redis::client::step::Call;
use pingyi::store::redis::client::transport::{Transport, Transports};
use pingyi::store::{MeetingStore as _, Result, StoreError};
use redis::Value;
use tempfile::TempDir;
use tokio::sync::{Notify, mpsc};

use super::options;
use crate::patience::eventually;

/// A Redis that holds the directory of meetings, and no meeting.
#[derive(Default)]
struct EmptyRedis {
    stands: Mutex<Stands>,
    connected: Arc<Notify>,
}

#[derive(Default)]
struct Stands {
    epoch: String,
    standing: &'static str,
    ran: Vec<&'static str>,
}

impl EmptyRedis {
    fn becomes(&self, standing: &'static str) {
        self.stands.lock().unwrap().standing = standing;
    }

    fn ran(&self, step: &str) -> bool {
        self.stands.lock().unwrap().ran.contains(&step)
    }
}

fn text(text: &str) -> Value {
    Value::BulkString(text.into())
}

#[async_trait]
impl Transport for EmptyRedis {
    async fn run(&self, call: &Call) -> Result<Value> {
        let mut stands = self.stands.lock().unwrap();
        stands.ran.push(call.step.name);
        let [own, argument] = [1, 3].map(|place| call.arguments.get(place).cloned().unwrap_or_default());
        let own = || Value::Array(vec![Value::BulkString(own.clone())]);
        let mut begins = |standing| {
            stands.epoch = String::from_utf8(argument.clone()).unwrap();
            stands.standing = standing;
        };
        let answer = match call.step.name {
            "CREATE_DIRECTORY" => {
                begins("fine");
                vec![text("made")]
            }
            "BEGIN_EPOCH" => {
                begins("recovering");
                vec![text("begun")]
            }
            "NOTE_MERGED" => vec![text("merged"), own(), own()],
            "END_RECOVERY" => {
                stands.standing = "fine";
                vec![text("resumed")]
            }
            "READ_STANDING" => Vec::new(),
            "HEARTBEAT" | "LIST_MEETINGS" => vec![Value::Array(Vec::new())],
            other => return Err(StoreError::Broken(format!("no meeting is here to run {other} on"))),
        };
        let head =
            [text(&stands.epoch), text("1"), text(if stands.epoch.is_empty() { "unknown" } else { stands.standing })];
        Ok(Value::Array(head.into_iter().chain(answer).collect()))
    }

    async fn run_replicated(&self, _: &[Call], _: u32) -> Result<Vec<Value>> {
        Err(StoreError::Broken("it has no replicas".to_owned()))
    }

    async fn hear(&self, _: &str) -> Result<()> {
        Ok(())
    }

    async fn publish(&self, _: &str) -> Result<()> {
        Ok(())
    }

    fn connected(&self) -> Arc<Notify> {
        Arc::clone(&self.connected)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn l35_lost_history_is_noticed_and_brought_back_over_any_transport() {
    let (_poke, pokes) = mpsc::channel(1);
    let redis = Arc::new(EmptyRedis::default());
    let directory = TempDir::new().unwrap();
    let transports = Transports { steps: redis.clone(), pokes, replicated: None };
    let (options, disk) = (options("", "server"), Arc::new(MachineDisk));
    let store = RedisStore::open_over(directory.path(), &options, transports, disk, now_ms).await.unwrap();
    assert!(redis.ran("CREATE_DIRECTORY"));
    assert_eq!(store.meetings(10).await, Ok(Vec::new()));
    assert!(!redis.ran("BEGIN_EPOCH"));
    redis.becomes("lost");
    assert!(store.meetings(10).await.is_err(), "nothing is said while history is lost");
    eventually("history is back", async || redis.ran("END_RECOVERY").then_some(())).await;
    assert!(redis.ran("BEGIN_EPOCH") && redis.ran("NOTE_MERGED"));
    assert_eq!(store.meetings(10).await, Ok(Vec::new()));
}
