//! What is asked of Redis before a server starts on it, and the sentences that say what to change; and the slow log turned off.

use redis::Value;

use super::READ_STANDING;
use super::connection::SharedConnection;
use super::step::{Arguments, Caller, Standing, StepAnswer};
use super::transport::Transport;
use crate::store::disk::OpenError;
use crate::store::redis::client::{DIRECTORY, key_of};
use crate::store::redis::sealing::Sealing;

/// The oldest Redis that steps run on as they were tested.
const OLDEST: (u32, u32) = (7, 0);

/// Why a server does not start on this Redis. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedisOpenError {
    /// The server's own directory cannot be used.
    Directory(OpenError),
    /// The address has another form than the known ones.
    Address(String),
    /// Nobody answers there, or not as Redis does.
    Unreachable(String),
    /// This version is too old.
    TooOld(String),
    /// Redis may throw keys away when memory is short.
    Evicts(String),
    /// Redis keeps the order and the time of every write in a file.
    AppendsToFile,
    /// There are fewer replicas than casts wait for.
    TooFewReplicas {
        /// Replicas that are connected.
        has: u32,
        /// Replicas that casts wait for.
        wanted: u32,
    },
    /// Redis does not tell how it is set.
    CannotBeChecked(String),
    /// What is there is sealed with another operator key.
    OtherKey,
}

impl RedisOpenError {
    /// One sentence each for the person at the terminal: Chinese, English.
    #[must_use]
    pub fn sentences(&self) -> [String; 2] {
        match self {
            Self::Directory(error) => error.sentences(),
            Self::Address(url) => [
                format!(
                    "Redis 地址 {url} 无法识别：请写成 redis://主机:端口、rediss://、redis+sentinel://主机:端口,主机:端口/服务名 或 redis+cluster://主机:端口。"
                ),
                format!(
                    "{url} is no address of Redis: write redis://host:port, rediss://…, redis+sentinel://host:port,host:port/service or redis+cluster://host:port."
                ),
            ],
            Self::Unreachable(why) => [
                format!("Redis 没有应答（{why}）：请启动 Redis，或检查 --redis 的地址与密码。"),
                format!("Redis does not answer ({why}): start it, or check the address and password given with --redis."),
            ],
            Self::TooOld(version) => [
                format!("Redis 版本 {version} 过旧：请使用 7.0 或更新的版本。"),
                format!("Redis {version} is too old: use Redis 7.0 or later."),
            ],
            Self::Evicts(policy) => [
                format!("Redis 的 maxmemory-policy 是 {policy}，内存不足时会丢弃选票：请执行 CONFIG SET maxmemory-policy noeviction。"),
                format!("Redis has maxmemory-policy {policy} and may throw ballots away: run CONFIG SET maxmemory-policy noeviction."),
            ],
            Self::AppendsToFile => [
                "Redis 打开了 AOF，其中留有投票的先后与时间：请执行 CONFIG SET appendonly no 并删除 AOF 文件。".to_owned(),
                "Redis writes an append-only file, which keeps the order and time of votes: run CONFIG SET appendonly no and delete the file.".to_owned(),
            ],
            Self::TooFewReplicas { has, wanted } => [
                format!("Redis 只有 {has} 个副本，--redis-replicas 要求 {wanted} 个：请启动副本，或减小 --redis-replicas。"),
                format!("Redis has {has} replicas and --redis-replicas asks for {wanted}: start replicas, or ask for fewer."),
            ],
            Self::CannotBeChecked(why) => [
                format!("Redis 不允许查看设置（{why}）：请确认 noeviction 且 AOF 已关闭，再加 --redis-unchecked 启动。"),
                format!("Redis does not tell how it is set ({why}): make sure of noeviction and no AOF, then start with --redis-unchecked."),
            ],
            Self::OtherKey => [
                "Redis 里的内容是用另一个管理密钥加密的：请用与其他服务器相同的 --key（或 PINGYI_KEY）启动，或换一个 Redis。".to_owned(),
                "What is at Redis is sealed with another operator key: start with the --key (or PINGYI_KEY) of the other servers, or take another Redis.".to_owned(),
            ],
        }
    }
}

impl std::fmt::Display for RedisOpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [chinese, english] = self.sentences();
        write!(f, "{chinese} {english}")
    }
}

impl std::error::Error for RedisOpenError {}

/// Asks every primary. With `unchecked` only what every Redis tells is asked.
pub(in crate::store::redis) async fn check(
    connection: &SharedConnection,
    replicas: u32,
    unchecked: bool,
) -> Result<(), RedisOpenError> {
    let unreachable = |error: redis::RedisError| RedisOpenError::Unreachable(error.to_string());
    for server in connection.ask_each(redis::cmd("INFO").arg("server")).await.map_err(unreachable)? {
        let version = field(&server, "redis_version").unwrap_or_default();
        let mut numbers = version.split('.').map(|number| number.parse().unwrap_or(0));
        let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        if found < OLDEST {
            return Err(RedisOpenError::TooOld(version));
        }
    }
    for replication in connection.ask_each(redis::cmd("INFO").arg("replication")).await.map_err(unreachable)? {
        let has = field(&replication, "connected_slaves").and_then(|count| count.parse().ok()).unwrap_or(0);
        if has < replicas {
            return Err(RedisOpenError::TooFewReplicas { has, wanted: replicas });
        }
    }
    if unchecked {
        return Ok(());
    }
    let untold = |why: &str| RedisOpenError::CannotBeChecked(why.to_owned());
    for (name, wanted) in [("maxmemory-policy", "noeviction"), ("appendonly", "no")] {
        let asked = connection.ask_each(redis::cmd("CONFIG").arg("GET").arg(name)).await;
        for setting in asked.map_err(|error| untold(&error.to_string()))? {
            let set = setting_of(&setting, name).ok_or_else(|| untold(name))?;
            if set != wanted {
                return Err(if name == "appendonly" {
                    RedisOpenError::AppendsToFile
                } else {
                    RedisOpenError::Evicts(set)
                });
            }
        }
    }
    Ok(())
}

/// Whether what is there is sealed with this operator key, or nothing is there. It changes nothing.
pub(in crate::store::redis) async fn check_key(
    transport: &dyn Transport,
    sealing: &Sealing,
) -> Result<(), RedisOpenError> {
    let unreachable = |error: crate::store::StoreError| RedisOpenError::Unreachable(error.to_string());
    let caller = Caller { key: key_of(DIRECTORY), epoch: "", server: "", check: sealing.check() };
    let reply = transport.run(&caller.call(&READ_STANDING, &Arguments::new())).await.map_err(unreachable)?;
    match StepAnswer::read(reply).map_err(unreachable)?.standing {
        Standing::Stranger => Err(RedisOpenError::OtherKey),
        _ => Ok(()),
    }
}

/// The slow log keeps when a command came and how it begins: a ballot must not be in it. Nothing else is set by us.
pub(in crate::store::redis) async fn forget_slow_commands(connection: &SharedConnection) -> Result<(), RedisOpenError> {
    let untold = |error: redis::RedisError| RedisOpenError::CannotBeChecked(error.to_string());
    connection
        .ask_each(redis::cmd("CONFIG").arg("SET").arg("slowlog-log-slower-than").arg(-1))
        .await
        .map_err(untold)?;
    connection.ask_each(redis::cmd("SLOWLOG").arg("RESET")).await.map_err(untold).map(drop)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::BulkString(bytes) => String::from_utf8(bytes.clone()).ok(),
        Value::SimpleString(text) | Value::VerbatimString { text, .. } => Some(text.clone()),
        _ => None,
    }
}

fn field(info: &Value, name: &str) -> Option<String> {
    let text = text(info)?;
    let mut lines = text.lines();
    lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(':').map(|value| value.trim().to_owned()))
}

fn setting_of(answer: &Value, name: &str) -> Option<String> {
    match answer {
        Value::Map(pairs) => {
            pairs.iter().find(|(key, _)| text(key).as_deref() == Some(name)).and_then(|(_, v)| text(v))
        }
        Value::Array(values) => {
            let mut pairs = values.chunks_exact(2);
            pairs.find(|pair| text(&pair[0]).as_deref() == Some(name)).and_then(|pair| text(&pair[1]))
        }
        _ => None,
    }
}
