//! The network of the simulation, and Redis at its end: what is late, lost or repeated, and who is cut off from whom. Steps are
//! run by a real redis-server, each at once, so that the order of events is the simulation's own.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use pingyi::store::redis::client::step::Call;
use redis::Value;
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::faults::Weather;
use super::resp::{Answer, Resp, bytes};
use super::server::NOW_MS;
use super::world::SERVERS;

/// Where in the words of a step the epoch is that its caller knows.
const KNOWN_EPOCH: usize = 5;
/// And where the round is of a box that is brought back; how many sheets, and all that is in it, follow.
const BROUGHT_ROUND: usize = 8;

/// Keys of Redis, each with its value as Redis writes it.
pub type Keys = Vec<(Vec<u8>, Vec<u8>)>;

/// How a leg of a way ended.
pub enum Leg {
    Passed,
    /// The connection ended, and the sender knows.
    Ended,
    /// Nobody ever hears of it.
    Silent,
}

pub struct Network {
    state: Mutex<State>,
    /// Rule d72: servers do not tell Redis which epoch they know, and bring no ballot back.
    pub forgets_epochs: bool,
}

pub struct State {
    seed: u64,
    /// How often something was drawn for a server and a step: the order in which others draw changes nothing of it.
    draws: BTreeMap<(usize, &'static str), u64>,
    redis: Resp,
    pub is_up: bool,
    /// Grows whenever connections to Redis end.
    pub incarnation: u64,
    pub to_redis: [Weather; SERVERS],
    to_phones: [Weather; SERVERS],
    /// Who hears which channel.
    pub hearing: [Option<Hearing>; SERVERS],
    /// Steps whose sender has given up, and that Redis gets once the way is free: what a socket holds is sent though nobody waits.
    pub late: Vec<(usize, u64, Call)>,
    /// What Redis could not run, which is a mistake in a step.
    pub broken_steps: Vec<String>,
    steps: u64,
    /// What the order of all steps comes to: two runs of a seed with one number had one order.
    order: DefaultHasher,
    /// Whether each step is told.
    tells: bool,
}

pub struct Hearing {
    pub channels: BTreeSet<String>,
    pub pokes: mpsc::Sender<String>,
}

impl State {
    /// A number below `below` for the next time that this server does this.
    pub fn draws(&mut self, server: usize, what: &'static str, below: u64) -> u64 {
        let count = self.draws.entry((server, what)).or_default();
        *count += 1;
        let mut hasher = DefaultHasher::new();
        (self.seed, server, what, *count).hash(&mut hasher);
        hasher.finish() % below
    }

    /// How long a leg takes in this weather, and how it ends.
    pub fn leg(&mut self, weather: Weather, server: usize, what: &'static str) -> (Duration, Leg) {
        let (delay_max, lost) = match weather {
            Weather::Calm | Weather::Cut => (2, 0),
            Weather::Slow => (900, 0),
            Weather::Lossy => (40, 20),
        };
        let delay = Duration::from_millis(self.draws(server, what, delay_max + 1));
        let ending = match (self.draws(server, what, 100) < lost, self.draws(server, what, 2)) {
            (false, _) => Leg::Passed,
            (true, 0) => Leg::Ended,
            (true, _) => Leg::Silent,
        };
        (delay, ending)
    }

    pub fn runs(&mut self, server: usize, call: &Call, forgets_epochs: bool) -> Answer {
        self.steps += 1;
        (NOW_MS.get(), server, call.step.name).hash(&mut self.order);
        let answer = self.answers(call, forgets_epochs);
        if self.tells {
            let told = |value: &Value| match value {
                Value::BulkString(bytes) if bytes.len() < 40 => String::from_utf8_lossy(bytes).into_owned(),
                Value::Array(values) => format!("[{}]", values.len()),
                Value::Int(number) => number.to_string(),
                _ => "…".to_owned(),
            };
            let told = answer.as_ref().map(|answer| match answer {
                Value::Array(values) => values.iter().map(told).collect::<Vec<_>>().join(" "),
                other => told(other),
            });
            println!("{} server {server}: {} {told:?}", NOW_MS.get() % 1_000_000, call.step.name);
        }
        answer
    }

    fn answers(&mut self, call: &Call, forgets_epochs: bool) -> Answer {
        let mut words: Vec<&[u8]> = vec![b"EVALSHA", call.step.hash.as_bytes(), b"2"];
        words.extend(call.keys.iter().map(String::as_bytes));
        words.extend(call.arguments.iter().map(Vec::as_slice));
        if forgets_epochs {
            words[KNOWN_EPOCH] = b"";
            // A box that is brought back is an empty one: whoever noticed nothing has nothing to bring back.
            if call.step.name == "MERGE_BOX" {
                words.truncate(BROUGHT_ROUND + 1);
                words.push(b"0");
            }
        }
        match self.redis.ask(&words) {
            Err(error) if error.starts_with("NOSCRIPT") => {
                words.splice(..2, [b"EVAL" as &[u8], call.step.code.as_bytes()]);
                self.redis.ask(&words)
            }
            answered => answered,
        }
    }
}

impl Network {
    pub fn new(seed: u64, redis: Resp, forgets_epochs: bool, tells: bool) -> Arc<Self> {
        let state = State {
            seed,
            draws: BTreeMap::new(),
            redis,
            is_up: true,
            incarnation: 0,
            to_redis: [Weather::Calm; SERVERS],
            to_phones: [Weather::Calm; SERVERS],
            hearing: [const { None }; SERVERS],
            late: Vec::new(),
            broken_steps: Vec::new(),
            steps: 0,
            order: DefaultHasher::new(),
            tells,
        };
        Arc::new(Self { state: Mutex::new(state), forgets_epochs })
    }

    // A std mutex: held for as long as Redis takes for a step, never across an await.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub fn way_to_redis(&self, server: usize, weather: Weather) {
        self.state().to_redis[server] = weather;
    }

    pub fn way_to_phones(&self, server: usize, weather: Weather) {
        self.state().to_phones[server] = weather;
    }

    /// Steps that Redis ran.
    pub fn steps(&self) -> u64 {
        self.state().steps
    }

    /// What their order comes to.
    pub fn order(&self) -> u64 {
        self.state().order.finish()
    }

    pub fn broken_steps(&self) -> Vec<String> {
        self.state().broken_steps.clone()
    }

    /// Redis goes, and with it every connection.
    pub fn redis_goes(&self) {
        let mut state = self.state();
        state.is_up = false;
        state.incarnation += 1;
        state.hearing = [const { None }; SERVERS];
        state.late.clear();
    }

    pub fn redis_comes_back(&self) {
        self.state().is_up = true;
    }

    /// Everything that Redis holds now.
    pub fn keys(&self) -> Keys {
        keys(&mut self.state().redis)
    }

    pub fn flush(&self) {
        self.state().redis.ask(&[b"FLUSHALL"]).unwrap();
    }

    /// Redis holds this, and nothing else, as the process that wrote it, or as another one.
    pub fn redis_holds(&self, keys: &Keys, is_another: bool) {
        let redis = &mut self.state().redis;
        let info = String::from_utf8(bytes(redis.ask(&[b"INFO", b"server"]))).unwrap();
        let run = info.lines().find_map(|line| line.strip_prefix("run_id:")).unwrap().trim();
        let run = if is_another { "another" } else { run };
        let mut all: Vec<Vec<&[u8]>> = vec![vec![b"FLUSHALL"]];
        for (name, dump) in keys {
            all.push(vec![b"RESTORE", name, b"0", dump]);
            if name.ends_with(b":meeting") {
                all.push(vec![b"HSET", name, b"run", run.as_bytes()]);
            }
        }
        redis.ask_all(&all).into_iter().for_each(|answer| drop(answer.unwrap()));
    }

    /// Runs what nobody waits for any more, where the way is free again.
    pub fn delivers_late(&self) {
        let mut state = self.state();
        for (server, incarnation, call) in std::mem::take(&mut state.late) {
            if incarnation != state.incarnation {
                continue;
            }
            if state.to_redis[server] == Weather::Cut {
                state.late.push((server, incarnation, call));
            } else {
                drop(state.runs(server, &call, self.forgets_epochs));
            }
        }
    }

    /// Passes between phones and a server in one direction; false where it was lost.
    pub async fn passes_hall(&self, server: usize, who: &'static str) -> bool {
        let (weather, (delay, ending)) = {
            let mut state = self.state();
            let weather = state.to_phones[server];
            (weather, state.leg(weather, server, who))
        };
        sleep(delay).await;
        weather != Weather::Cut && matches!(ending, Leg::Passed)
    }
}

/// All that a Redis holds.
pub fn keys(redis: &mut Resp) -> Keys {
    let Ok(Value::Array(names)) = redis.ask(&[b"KEYS", b"*"]) else { panic!("Redis does not list its keys") };
    let mut names: Vec<Vec<u8>> = names.into_iter().map(|name| bytes(Ok(name))).collect();
    names.sort();
    let dumps: Vec<Vec<&[u8]>> = names.iter().map(|name| vec![b"DUMP" as &[u8], name]).collect();
    let dumps = redis.ask_all(&dumps);
    names.into_iter().zip(dumps.into_iter().map(bytes)).collect()
}
