//! The subcommands. Each reads its arguments, does its work through the library, and says on the terminal what a person
//! must know; what goes wrong is one sentence that says what to do.

pub mod create;
pub mod crowd;
pub mod demo;
pub mod links;
pub mod rehearse;
pub mod restore;
pub mod serve;
pub mod verify;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::folder::{self, Files, Folder, ReportLanguage};
use crate::private_file;
use crate::secret;
use crate::server_secret::ServerSecret;
use crate::store::disk::OPERATOR_FILE;
use crate::store::local::LocalStore;
use crate::store::redis::{RedisOptions, RedisStore};
use crate::store::{Digest, Store};
use crate::terminal::{is_chinese, said};

/// What a subcommand ends with: nothing, or a sentence for the terminal.
pub type Outcome = Result<(), String>;

/// Characters that an operator key must have where it is given.
const GIVEN_KEY_MIN: usize = 20;

/// The institute's meeting, which a fresh server and the demonstration run.
const SAMPLE: [(&str, &str); 4] = [
    ("meeting", include_str!("../../meetings/institute/meeting.toml")),
    ("roster", include_str!("../../meetings/institute/roster.csv")),
    ("subjects", include_str!("../../meetings/institute/subjects.csv")),
    ("agenda", include_str!("../../meetings/institute/agenda.csv")),
];

/// The language of the terminal.
#[must_use]
pub fn language() -> ReportLanguage {
    if is_chinese() { ReportLanguage::Chinese } else { ReportLanguage::English }
}

/// The sample meeting.
///
/// # Errors
/// None as shipped: a test reads it.
pub fn sample() -> Result<Folder, String> {
    let bytes = |name: &str| SAMPLE.iter().find(|(known, _)| *known == name).map(|(_, text)| text.as_bytes().to_vec());
    let files = Files {
        meeting: bytes("meeting"),
        roster: bytes("roster"),
        subjects: bytes("subjects"),
        agenda: bytes("agenda"),
        components: None,
    };
    folder::read_files(&files, language()).map_err(|mistakes| listed(&mistakes))
}

/// A meeting folder on disk.
///
/// # Errors
/// Every mistake in it, one a line.
pub fn read_folder(path: &Path) -> Result<Folder, String> {
    folder::read(path, language()).map_err(|mistakes| {
        let head = said(
            "会议文件夹有错误，请按下列各行修改后重试：",
            "The meeting folder has mistakes; mend each of these lines and try again:",
        );
        format!("{head}\n{}", listed(&mistakes))
    })
}

fn listed(mistakes: &[folder::Mistake]) -> String {
    mistakes.iter().map(|mistake| format!("  {mistake}")).collect::<Vec<_>>().join("\n")
}

/// Where several servers meet; without it a server keeps everything by itself.
#[derive(clap::Args, Clone, Debug, Default)]
#[group(skip)]
pub struct RedisArguments {
    /// Redis, where several servers meet: redis://host:port, rediss://…, redis+sentinel://host:port,host:port/service or
    /// redis+cluster://host:port.
    #[arg(long, env = "PINGYI_REDIS", hide_env_values = true)]
    pub redis: Option<String>,
    /// Replicas of Redis that must have a cast before it is acknowledged.
    #[arg(long, env = "PINGYI_REDIS_REPLICAS", default_value_t = 0)]
    pub redis_replicas: u32,
    /// Take a Redis that does not tell how it is set, as managed ones do.
    #[arg(long, env = "PINGYI_REDIS_UNCHECKED")]
    pub redis_unchecked: bool,
    /// What people call this server where others wait for it; the machine's name without it.
    #[arg(long, env = "PINGYI_NAME")]
    pub name: Option<String>,
}

impl RedisArguments {
    /// What the store at Redis is told; none without one.
    fn options(&self, key: Option<&str>) -> Result<Option<RedisOptions>, String> {
        let Some(url) = self.redis.clone() else { return Ok(None) };
        let Some(key) = key else {
            let zh = "用 --redis 时必须给出 --key（或 PINGYI_KEY）：各服务器用同一个，Redis 里的内容由它加密。";
            let en =
                "--redis needs --key (or PINGYI_KEY), the same on every server: what is at Redis is sealed with it.";
            return Err(said(zh, en).to_owned());
        };
        given_key(key)?;
        let secret = ServerSecret::of_operator_key(key).ok_or_else(|| {
            said("内存不足：请腾出内存后重新启动。", "There is not enough memory: free some, then start again.")
                .to_owned()
        })?;
        let of_machine = || ["HOSTNAME", "COMPUTERNAME"].iter().find_map(|name| std::env::var(name).ok());
        let name = self.name.clone().or_else(of_machine).unwrap_or_default();
        // It is in a round and its record.
        let name = name.chars().filter(|sign| !sign.is_control()).take(80).collect();
        Ok(Some(RedisOptions { url, secret, name, replicas: self.redis_replicas, unchecked: self.redis_unchecked }))
    }
}

/// A server that does not run: where its meetings are kept, and what it will say of itself.
#[derive(clap::Args, Clone, Debug)]
#[group(skip)]
pub struct StoppedServer {
    /// The data directory of a server that does not run.
    #[arg(long, default_value = "data")]
    pub data: PathBuf,
    /// Where that server will listen, for the links.
    #[arg(long, default_value = "0.0.0.0:8080")]
    pub listen: SocketAddr,
    /// The operator key, where one is needed: a running server's own, or with --redis the one that every server is given.
    #[arg(long, env = "PINGYI_KEY", hide_env_values = true)]
    pub key: Option<String>,
    /// Where it meets others: the meeting is there, with a copy in the data directory.
    #[command(flatten)]
    pub redis: RedisArguments,
}

impl StoppedServer {
    /// Its store.
    ///
    /// # Errors
    /// One sentence that says what to do.
    pub async fn store(&self) -> Result<Arc<dyn Store>, String> {
        open_store(&self.data, &self.redis, self.key.as_deref()).await
    }

    /// Its store, into which a meeting goes: where there is no operator key yet, it is made and told.
    ///
    /// # Errors
    /// One sentence that says what to do.
    pub async fn store_for_a_meeting(&self) -> Result<Arc<dyn Store>, String> {
        let store = self.store().await?;
        tell_new_key(&self.data, self.key.as_deref())?;
        Ok(store)
    }

    /// The address that its links name.
    #[must_use]
    pub fn base_url(&self) -> String {
        serve::told_url(None, self.listen)
    }
}

/// The store: the directory's own, or the one of several servers that meet at Redis and were given the same operator key.
///
/// # Errors
/// One sentence that says what to do.
pub async fn open_store(data: &Path, redis: &RedisArguments, key: Option<&str>) -> Result<Arc<dyn Store>, String> {
    let sentence = |[zh, en]: [String; 2]| said(&zh, &en).to_owned();
    match redis.options(key)? {
        None => match LocalStore::open(data) {
            Ok(store) => Ok(Arc::new(store)),
            Err(error) => Err(sentence(error.sentences())),
        },
        Some(options) => match RedisStore::open(data, &options).await {
            Ok(store) => Ok(Arc::new(store)),
            Err(error) => Err(sentence(error.sentences())),
        },
    }
}

/// A listener on an address.
///
/// # Errors
/// One sentence that says what to do.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, String> {
    crate::edge::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            let other = address.port().checked_add(1).unwrap_or(8080);
            let zh = format!(
                "端口 {} 已被占用：请关闭占用它的程序，或用 --listen 0.0.0.0:{other} 换一个端口。",
                address.port()
            );
            let en = format!(
                "Port {} is taken: stop the program that uses it, or choose another one with --listen 0.0.0.0:{other}.",
                address.port()
            );
            said(&zh, &en).to_owned()
        }
        std::io::ErrorKind::PermissionDenied => {
            let zh = format!("没有权限使用端口 {}：请用 --listen 0.0.0.0:8080。", address.port());
            let en = format!("Port {} needs more rights: use --listen 0.0.0.0:8080.", address.port());
            said(&zh, &en).to_owned()
        }
        _ => {
            let zh = format!("不能监听 {address}（{error}）：请用 --listen 指定本机的地址。");
            let en =
                format!("{address} cannot be listened on ({error}): give an address of this machine with --listen.");
            said(&zh, &en).to_owned()
        }
    })
}

/// The digest of an operator key that was given: the same one for every server.
///
/// # Errors
/// One sentence that says what to do.
pub fn given_key(key: &str) -> Result<Digest, String> {
    if key.chars().count() < GIVEN_KEY_MIN {
        let zh = format!("--key 太短：请至少用 {GIVEN_KEY_MIN} 个字符，并且所有服务器用同一个。");
        let en = format!("--key is too short: use at least {GIVEN_KEY_MIN} characters, the same on every server.");
        return Err(said(&zh, &en).to_owned());
    }
    Ok(secret::operator_digest(key))
}

/// The operator key's digest, and at the first start the key itself, which is never stored.
///
/// # Errors
/// One sentence that says what to do.
pub fn operator_key(data: &Path) -> Result<(Digest, Option<String>), String> {
    let file = data.join(OPERATOR_FILE);
    if let Ok(text) = std::fs::read_to_string(&file) {
        // An older version let others read it; where that cannot be changed now, the directory still keeps them out.
        let _ = private_file::make_private(&file);
        let digest =
            data_encoding::HEXLOWER.decode(text.trim().as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        return digest.map(|digest| (digest, None)).ok_or_else(|| {
            let zh = format!("{} 已损坏：请删除它，下次启动会给出新的管理密钥。", file.display());
            let en = format!("{} is damaged: delete it, and the next start gives a new operator key.", file.display());
            said(&zh, &en).to_owned()
        });
    }
    let key = secret::token().map_err(|_| no_randomness())?;
    let digest = secret::operator_digest(&key);
    write_private(&file, data_encoding::HEXLOWER.encode(&digest).as_bytes())?;
    Ok((digest, Some(key)))
}

/// Makes the operator key where there is none yet and tells it: without that, the server would print another one. Where all
/// servers are given one there is nothing to make.
///
/// # Errors
/// One sentence that says what to do.
fn tell_new_key(data: &Path, given: Option<&str>) -> Outcome {
    let (_, new) = match given {
        Some(key) => (given_key(key)?, None),
        None => operator_key(data)?,
    };
    if let Some(key) = new {
        println!("{} {key}", said("管理密钥（只显示这一次）：", "Operator key (shown this once):"));
    }
    Ok(())
}

/// Writes a file that holds secrets: for this user alone.
///
/// # Errors
/// One sentence that says what to do.
fn write_private(file: &Path, content: &[u8]) -> Outcome {
    private_file::write(file, content).map_err(|error| {
        let zh = format!("{} 不能写入（{error}）：请检查权限和磁盘空间。", file.display());
        let en = format!("{} cannot be written ({error}): check permissions and disk space.", file.display());
        said(&zh, &en).to_owned()
    })
}

fn no_randomness() -> String {
    said("系统没有提供随机数：请稍后重试。", "The system gives no randomness: try again later.").to_owned()
}

/// A sentence for a store that failed while a command ran.
fn store_failed(error: &crate::store::StoreError) -> String {
    let zh = format!("数据目录或 Redis 出错（{error}）：请检查磁盘和 Redis 后重试。");
    let en = format!("The data directory or Redis failed ({error}): check disk and Redis and try again.");
    said(&zh, &en).to_owned()
}
