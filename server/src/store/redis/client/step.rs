//! The steps: one `.lua` file each behind a common beginning, run by their hash, and what they answer.
//! It knows how a step is called and read, not what it does.

use std::collections::VecDeque;
use std::sync::LazyLock;

use redis::{Cmd, ErrorKind, RedisError, ServerErrorKind, ToRedisArgs, Value};

use crate::store::StoreError;
use crate::store::redis::client::connection::Link;

/// The version of the steps. A meeting keeps the one that it was made with; a server that finds a later one than its own does
/// not serve that meeting, and one that finds an earlier one brings it over (rules l43, l91).
pub(in crate::store::redis) const STEPS_VERSION: u32 = 2;

/// One step.
pub(in crate::store::redis) struct Step {
    pub(in crate::store::redis) code: String,
    pub(in crate::store::redis) hash: String,
}

impl Step {
    fn of(code: &str) -> Self {
        Self { code: code.to_owned(), hash: redis::Script::new(code).get_hash().to_owned() }
    }
}

macro_rules! steps {
    ($($name:ident: $($part:literal),+;)+) => {
        $(pub(in crate::store::redis) static $name: LazyLock<Step> =
            LazyLock::new(|| Step::of(concat!(include_str!("../steps/parts/prelude.lua"), $(include_str!($part)),+)));)+
    };
}

steps! {
    CREATE_MEETING: "../steps/parts/stop_live_releases.lua", "../steps/parts/seat_groups.lua", "../steps/parts/empty_earlier.lua", "../steps/meeting/create_meeting.lua";
    READ_DOCUMENT: "../steps/meeting/read_document.lua";
    REPLACE_DOCUMENT: "../steps/meeting/replace_document.lua";
    READ_COPY: "../steps/meeting/read_copy.lua";
    CLAIM_SEAT: "../steps/parts/seat_groups.lua", "../steps/parts/take_seat.lua", "../steps/people/claim_seat.lua";
    REPLACE_SLIPS: "../steps/parts/seat_groups.lua", "../steps/parts/slip_codes.lua", "../steps/people/replace_slips.lua";
    READ_SEAT: "../steps/parts/seat_groups.lua", "../steps/people/read_seat.lua";
    READ_ROSTER: "../steps/people/read_roster.lua";
    ISSUE_TOKENS: "../steps/parts/seat_groups.lua", "../steps/people/issue_tokens.lua";
    READ_PROGRESS: "../steps/meeting/read_progress.lua";
    CAST: "../steps/parts/put_entries.lua", "../steps/box/cast.lua";
    MERGE_BOX: "../steps/parts/put_entries.lua", "../steps/box/merge_box.lua";
    TAKE_FRESH: "../steps/box/take_fresh.lua";
    GIVE_BACK_POOL: "../steps/box/give_back_pool.lua";
    FREEZE: "../steps/parts/unsigned_servers.lua", "../steps/box/freeze.lua";
    SIGN_OFF: "../steps/parts/unsigned_servers.lua", "../steps/box/sign_off.lua";
    SETTLE: "../steps/box/settle.lua";
    READ_BOX: "../steps/box/read_box.lua";
    KEEP_KEYS: "../steps/meeting/keep_keys.lua";
    READ_KEYS: "../steps/meeting/read_keys.lua";
    ERASE_KEYS: "../steps/parts/erase_round_keys.lua", "../steps/meeting/erase_keys.lua";
    KEEP_MANIFEST: "../steps/meeting/keep_manifest.lua";
    READ_MANIFEST: "../steps/meeting/read_manifest.lua";
    ADD_LINK: "../steps/parts/limited_lists.lua", "../steps/meeting/add_link.lua";
    REMOVE_LINK: "../steps/meeting/remove_link.lua";
    READ_LINKS: "../steps/meeting/read_links.lua";
    OPEN_SESSION: "../steps/parts/limited_lists.lua", "../steps/meeting/open_session.lua";
    READ_SESSION: "../steps/meeting/read_session.lua";
    READ_EARLIER: "../steps/recovery/read_earlier.lua";
    READ_EARLIER_BOX: "../steps/recovery/read_earlier_box.lua";
    BEGIN_EPOCH: "../steps/parts/stop_live_releases.lua", "../steps/recovery/begin_epoch.lua";
    MERGE_DOCUMENT: "../steps/recovery/merge_document.lua";
    MERGE_FACTS: "../steps/parts/seat_groups.lua", "../steps/parts/take_seat.lua", "../steps/parts/limited_lists.lua", "../steps/parts/erase_round_keys.lua", "../steps/parts/slip_codes.lua", "../steps/recovery/merge_facts.lua";
    NOTE_MERGED: "../steps/recovery/note_merged.lua";
    END_RECOVERY: "../steps/recovery/end_recovery.lua";
    CREATE_DIRECTORY: "../steps/directory/create_directory.lua";
    RESERVE_NAMES: "../steps/directory/reserve_names.lua";
    FORGET_NAMES: "../steps/directory/forget_names.lua";
    FIND_MEETINGS: "../steps/directory/find_meetings.lua";
    NAME_MEETINGS: "../steps/directory/name_meetings.lua";
    LIST_MEETINGS: "../steps/directory/list_meetings.lua";
    HEARTBEAT: "../steps/directory/heartbeat.lua";
    READ_STANDING: "../steps/meeting/read_standing.lua";
    READ_PEOPLE_NAMES: "../steps/people/read_people_names.lua";
    DESTROY_PEOPLE: "../steps/people/destroy_people.lua";
    NOTE_DESTROYED: "../steps/people/note_destroyed.lua";
    INVENTORY: "../steps/meeting/inventory.lua";
}

/// Where a meeting stands at Redis, as it is when a step begins.
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

    pub(in crate::store::redis) fn push(&mut self, argument: impl ToRedisArgs) {
        self.0.extend(argument.to_redis_args());
    }
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
    pub(in crate::store::redis) fn command(&self, how: &str, step: &str, arguments: &Arguments) -> Cmd {
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
pub(in crate::store::redis) fn is_not_loaded(error: &RedisError) -> bool {
    error.kind() == ErrorKind::Server(ServerErrorKind::NoScript)
}

/// What is broken outside of us, for the log; it holds no argument.
pub(in crate::store::redis) fn broken(error: &RedisError) -> StoreError {
    StoreError::Broken(format!("redis: {error}"))
}

/// Runs a step.
pub(in crate::store::redis) async fn run(
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

pub(in crate::store::redis) fn unreadable() -> StoreError {
    StoreError::Broken("redis: a step answered something else than it should".to_owned())
}

/// What a step answered.
#[derive(Debug)]
pub(in crate::store::redis) struct Answer {
    pub(in crate::store::redis) epoch: String,
    pub(in crate::store::redis) version: u32,
    pub(in crate::store::redis) standing: Standing,
    rest: VecDeque<Value>,
}

impl Answer {
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
