//! How a step is called and read: one `.lua` file behind a common beginning, run by its hash. What a step does is known by the
//! file that declares it.

use std::collections::VecDeque;

use redis::{RedisError, ToRedisArgs, Value};

use crate::store::StoreError;

/// The version of the steps. A meeting keeps the one that it was made with; a server that finds a later one than its own does
/// not serve that meeting, and one that finds an earlier one brings it over (rules l43, l91).
pub(in crate::store::redis) const STEPS_VERSION: u32 = 2;

/// One step.
#[derive(Debug)]
pub struct RedisStep {
    /// As it is declared, such as `CLAIM_SEAT`: for a stand-in of Redis.
    pub name: &'static str,
    /// What Redis runs.
    pub code: &'static str,
    /// What Redis knows it by: SHA-1 of the code, in hexadecimal digits.
    pub hash: String,
}

impl RedisStep {
    pub(in crate::store::redis) fn new(name: &'static str, code: &'static str) -> Self {
        Self { name, code, hash: redis::Script::new(code).get_hash().to_owned() }
    }
}

/// Declares steps beside the one who calls them: files of `steps/` without their ending, the parts that a step shares with others
/// first. Every step begins with `parts/prelude.lua`.
macro_rules! steps {
    ($($visible:vis $name:ident: $($file:literal),+;)+) => {
        $(
            $visible static $name: std::sync::LazyLock<$crate::store::redis::client::step::RedisStep> =
                std::sync::LazyLock::new(|| {
                    let code = concat!(
                        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/redis/steps/parts/prelude.lua")),
                        $(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/redis/steps/", $file, ".lua"))),+
                    );
                    $crate::store::redis::client::step::RedisStep::new(stringify!($name), code)
                });
        )+
    };
}

pub(in crate::store::redis) use steps;

/// The state of a meeting at Redis when a step begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store::redis) enum Standing {
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
pub(in crate::store::redis) struct Arguments(Vec<Vec<u8>>);

impl Arguments {
    pub(in crate::store::redis) fn new() -> Self {
        Self::default()
    }

    /// With one argument more.
    pub(in crate::store::redis) fn and(mut self, argument: impl ToRedisArgs) -> Self {
        self.push(argument);
        self
    }

    /// Adds bytes as they are.
    pub(in crate::store::redis) fn extend(&mut self, arguments: impl IntoIterator<Item = Vec<u8>>) {
        self.0.extend(arguments);
    }

    pub(in crate::store::redis) fn push(&mut self, argument: impl ToRedisArgs) {
        self.0.extend(argument.to_redis_args());
    }
}

/// A step on its way: everything that is sent of it.
#[derive(Clone, Debug)]
pub struct Call {
    /// What is to be run.
    pub step: &'static RedisStep,
    /// What every key of the meeting begins with, and the key of the meeting itself: all are in one place of a Cluster.
    pub keys: [String; 2],
    /// The epoch that the caller knows, the caller, its version and operator key; then those of the step.
    pub arguments: Vec<Vec<u8>>,
}

/// Who calls, and what the caller knows.
pub(in crate::store::redis) struct Caller<'a> {
    pub(in crate::store::redis) key: String,
    pub(in crate::store::redis) epoch: &'a str,
    pub(in crate::store::redis) server: &'a str,
    /// What its operator key is known by.
    pub(in crate::store::redis) check: &'a str,
}

impl Caller<'_> {
    pub(in crate::store::redis) fn call(self, step: &'static RedisStep, arguments: &Arguments) -> Call {
        // The first key is never there: while a Cluster moves a slot, it answers "try again" to whoever names a key that is and
        // one that is not, instead of running a step where half of the meeting is.
        let meeting = format!("{}:meeting", self.key);
        let ours = format!("{STEPS_VERSION} {}", self.check);
        let known = [self.epoch.as_bytes(), self.server.as_bytes(), ours.as_bytes()];
        let arguments = known.into_iter().chain(arguments.0.iter().map(Vec::as_slice)).map(<[u8]>::to_vec).collect();
        Call { step, keys: [self.key, meeting], arguments }
    }
}

/// What is broken outside of us, for the log; it holds no argument.
pub(in crate::store::redis) fn broken(error: &RedisError) -> StoreError {
    StoreError::Broken(format!("redis: {error}"))
}

pub(in crate::store::redis) fn unreadable() -> StoreError {
    StoreError::Broken("redis: a step answered something else than it should".to_owned())
}

/// What a step answered.
#[derive(Debug)]
pub(in crate::store::redis) struct StepAnswer {
    pub(in crate::store::redis) epoch: String,
    pub(in crate::store::redis) version: u32,
    pub(in crate::store::redis) standing: Standing,
    rest: VecDeque<Value>,
}

impl StepAnswer {
    pub(in crate::store::redis) fn read(value: Value) -> Result<Self, StoreError> {
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
    pub(in crate::store::redis) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(in crate::store::redis) fn bytes(&mut self) -> Result<Vec<u8>, StoreError> {
        self.rest.pop_front().map_or_else(|| Err(unreadable()), bytes_of)
    }

    pub(in crate::store::redis) fn text(&mut self) -> Result<String, StoreError> {
        text_of(self.bytes()?)
    }

    pub(in crate::store::redis) fn number(&mut self) -> Result<u32, StoreError> {
        self.text()?.parse().map_err(|_| unreadable())
    }

    pub(in crate::store::redis) fn list(&mut self) -> Result<Vec<Vec<u8>>, StoreError> {
        match self.rest.pop_front() {
            Some(Value::Array(values)) => values.into_iter().map(bytes_of).collect(),
            _ => Err(unreadable()),
        }
    }

    pub(in crate::store::redis) fn texts(&mut self) -> Result<Vec<String>, StoreError> {
        self.list()?.into_iter().map(text_of).collect()
    }

    /// A list of names and numbers that take turns.
    pub(in crate::store::redis) fn numbers(&mut self) -> Result<Vec<(String, u32)>, StoreError> {
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
