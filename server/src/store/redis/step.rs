//! The steps: one `.lua` file each behind a common beginning, run by their hash, and what they answer.
//! It knows how a step is called and read, not what it does.

use std::collections::VecDeque;
use std::sync::LazyLock;

use redis::{Cmd, ErrorKind, RedisError, ServerErrorKind, ToRedisArgs, Value};

use super::link::Link;
use crate::store::StoreError;

/// The version of the steps. A meeting keeps the one that it was made with; a server that finds a later one than its own does
/// not serve that meeting, and one that finds an earlier one brings it over (rules l43, l91).
pub(super) const STEPS_VERSION: u32 = 2;

/// One step.
pub(super) struct Step {
    pub(super) code: String,
    pub(super) hash: String,
}

impl Step {
    fn of(code: &str) -> Self {
        Self { code: code.to_owned(), hash: redis::Script::new(code).get_hash().to_owned() }
    }
}

macro_rules! steps {
    ($($name:ident: $($part:literal),+;)+) => {
        $(pub(super) static $name: LazyLock<Step> =
            LazyLock::new(|| Step::of(concat!(include_str!("prelude.lua"), $(include_str!($part)),+)));)+
    };
}

steps! {
    CREATE: "stopping.lua", "seating.lua", "emptying.lua", "create.lua";
    LOAD: "load.lua";
    REPLACE: "replace.lua";
    WHOLE: "whole.lua";
    CLAIM: "seating.lua", "sitting.lua", "claim.lua";
    REPLACE_SLIPS: "seating.lua", "coding.lua", "replace_slips.lua";
    SEAT: "seating.lua", "seat.lua";
    ROSTER: "roster.lua";
    ISSUE: "seating.lua", "issue.lua";
    LOOK: "look.lua";
    CAST: "putting.lua", "cast.lua";
    MERGE_BOX: "putting.lua", "merge_box.lua";
    TAKE_FRESH: "take_fresh.lua";
    GIVE_POOL: "give_pool.lua";
    FREEZE: "waiting.lua", "freeze.lua";
    SIGN_OFF: "waiting.lua", "sign_off.lua";
    SETTLE: "settle.lua";
    PILE: "pile.lua";
    KEEP_KEYS: "keep_keys.lua";
    KEYS: "keys.lua";
    ERASE: "erasing.lua", "erase.lua";
    KEEP_MANIFEST: "keep_manifest.lua";
    MANIFEST: "manifest.lua";
    ADD_LINK: "listing.lua", "add_link.lua";
    REMOVE_LINK: "remove_link.lua";
    LINKS: "links.lua";
    OPEN_SESSION: "listing.lua", "open_session.lua";
    SESSION: "session.lua";
    EARLIER: "earlier.lua";
    EARLIER_PILE: "earlier_pile.lua";
    BEGIN_EPOCH: "stopping.lua", "begin_epoch.lua";
    MERGE_DOCUMENT: "merge_document.lua";
    MERGE_FACTS: "seating.lua", "sitting.lua", "listing.lua", "erasing.lua", "coding.lua", "merge_facts.lua";
    MERGED: "merged.lua";
    RESUME: "resume.lua";
    FOUND: "found.lua";
    RESERVE: "reserve.lua";
    FORGET: "forget.lua";
    FIND: "find.lua";
    NAMING: "naming.lua";
    LIST: "list.lua";
    BEAT: "beat.lua";
    STAND: "stand.lua";
    DESTROY_NAMES: "destroy_names.lua";
    DESTROY: "destroy.lua";
    DESTROYED: "destroyed.lua";
    INVENTORY: "inventory.lua";
}

/// Where a meeting stands at Redis, as it is when a step begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Steps are carried out.
    Fine,
    /// There is no such meeting.
    Unknown,
    /// It was made by a later version of the steps than ours.
    Newer,
    /// It was made by an earlier one.
    Earlier,
    /// It is sealed under another operator key.
    Stranger,
    /// Redis lost history, and nobody noticed before.
    Lost,
    /// Its epoch is not the one that the caller knows.
    Other,
    /// Servers are bringing back what they have.
    Recovering,
}

/// The arguments of a call.
#[derive(Clone, Default)]
pub(super) struct Arguments(Vec<Vec<u8>>);

impl Arguments {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// With one argument more.
    pub(super) fn and(mut self, argument: impl ToRedisArgs) -> Self {
        self.push(argument);
        self
    }

    pub(super) fn push(&mut self, argument: impl ToRedisArgs) {
        self.0.extend(argument.to_redis_args());
    }
}

/// Who calls, and what the caller knows.
pub(super) struct Caller<'a> {
    pub(super) key: String,
    pub(super) epoch: &'a str,
    pub(super) server: &'a str,
    /// What its operator key is known by.
    pub(super) check: &'a str,
}

impl Caller<'_> {
    pub(super) fn command(&self, how: &str, step: &str, arguments: &Arguments) -> Cmd {
        let mut command = redis::cmd(how);
        // The first key is never there: while a Cluster moves a slot, it answers "try again" to whoever names a key that is and
        // one that is not, instead of running a step where half of the meeting is.
        let meeting = format!("{}:meeting", self.key);
        let ours = format!("{STEPS_VERSION} {}", self.check);
        command.arg(step).arg(2).arg(&self.key).arg(meeting).arg(self.epoch).arg(self.server).arg(ours);
        for argument in &arguments.0 {
            command.arg(argument.as_slice());
        }
        command
    }
}

/// Whether Redis does not have the step yet.
pub(super) fn is_not_loaded(error: &RedisError) -> bool {
    error.kind() == ErrorKind::Server(ServerErrorKind::NoScript)
}

/// What is broken outside of us, for the log; it holds no argument.
pub(super) fn broken(error: &RedisError) -> StoreError {
    StoreError::Broken(format!("redis: {error}"))
}

/// Runs a step.
pub(super) async fn run(
    link: &Link,
    caller: &Caller<'_>,
    step: &Step,
    arguments: &Arguments,
) -> Result<Answer, StoreError> {
    let by_hash = link.ask(&caller.command("EVALSHA", &step.hash, arguments)).await;
    let answer = match by_hash {
        Err(error) if is_not_loaded(&error) => link.ask(&caller.command("EVAL", &step.code, arguments)).await,
        answered => answered,
    };
    Answer::read(answer.map_err(|error| broken(&error))?)
}

pub(super) fn unreadable() -> StoreError {
    StoreError::Broken("redis: a step answered something else than it should".to_owned())
}

/// What a step answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) epoch: String,
    pub(super) version: u32,
    pub(super) standing: Standing,
    rest: VecDeque<Value>,
}

impl Answer {
    pub(super) fn read(value: Value) -> Result<Self, StoreError> {
        let Value::Array(values) = value else { return Err(unreadable()) };
        let mut reading = Self { epoch: String::new(), version: 0, standing: Standing::Fine, rest: values.into() };
        reading.epoch = reading.text()?;
        reading.version = reading.number()?;
        reading.standing = match reading.text()?.as_str() {
            "fine" => Standing::Fine,
            "unknown" => Standing::Unknown,
            "newer" => Standing::Newer,
            "earlier" => Standing::Earlier,
            "stranger" => Standing::Stranger,
            "lost" => Standing::Lost,
            "other" => Standing::Other,
            "recovering" => Standing::Recovering,
            _ => return Err(unreadable()),
        };
        Ok(reading)
    }

    /// Whether nothing is left to read.
    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn bytes(&mut self) -> Result<Vec<u8>, StoreError> {
        self.rest.pop_front().map_or_else(|| Err(unreadable()), bytes_of)
    }

    pub(super) fn text(&mut self) -> Result<String, StoreError> {
        text_of(self.bytes()?)
    }

    pub(super) fn number(&mut self) -> Result<u32, StoreError> {
        self.text()?.parse().map_err(|_| unreadable())
    }

    pub(super) fn list(&mut self) -> Result<Vec<Vec<u8>>, StoreError> {
        match self.rest.pop_front() {
            Some(Value::Array(values)) => values.into_iter().map(bytes_of).collect(),
            _ => Err(unreadable()),
        }
    }

    pub(super) fn texts(&mut self) -> Result<Vec<String>, StoreError> {
        self.list()?.into_iter().map(text_of).collect()
    }

    /// A list of names and numbers that take turns.
    pub(super) fn numbers(&mut self) -> Result<Vec<(String, u32)>, StoreError> {
        let texts = self.texts()?;
        let pairs = texts.chunks_exact(2);
        pairs.map(|pair| Ok((pair[0].clone(), pair[1].parse().map_err(|_| unreadable())?))).collect()
    }
}

fn bytes_of(value: Value) -> Result<Vec<u8>, StoreError> {
    match value {
        Value::BulkString(bytes) => Ok(bytes),
        Value::SimpleString(text) => Ok(text.into_bytes()),
        Value::Int(number) => Ok(number.to_string().into_bytes()),
        _ => Err(unreadable()),
    }
}

fn text_of(bytes: Vec<u8>) -> Result<String, StoreError> {
    String::from_utf8(bytes).map_err(|_| unreadable())
}
