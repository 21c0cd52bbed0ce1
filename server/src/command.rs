//! The subcommands. Each reads its arguments, does its work through the library, and says on the terminal what a person
//! must know; what goes wrong is one sentence that says what to do.

pub mod create;
pub mod crowd;
pub mod demo;
pub mod rehearse;
pub mod serve;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::folder::{self, Files, Folder, Language};
use crate::secret;
use crate::store::local::LocalStore;
use crate::store::{Digest, MeetingStore as _};
use crate::terminal::{is_chinese, said};

/// What a subcommand ends with: nothing, or a sentence for the terminal.
pub type Outcome = Result<(), String>;

/// The file in the data directory that holds the operator key's digest.
const OPERATOR_FILE: &str = "operator-key";

/// The institute's meeting, which a fresh server and the demonstration run.
const SAMPLE: [(&str, &str); 4] = [
    ("meeting", include_str!("../../meetings/institute/meeting.toml")),
    ("roster", include_str!("../../meetings/institute/roster.csv")),
    ("subjects", include_str!("../../meetings/institute/subjects.csv")),
    ("agenda", include_str!("../../meetings/institute/agenda.csv")),
];

/// The language of the terminal.
#[must_use]
pub fn language() -> Language {
    if is_chinese() { Language::Chinese } else { Language::English }
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

/// The local store in a directory.
///
/// # Errors
/// One sentence that says what to do.
pub fn open_store(data: &Path) -> Result<Arc<LocalStore>, String> {
    match LocalStore::open(data) {
        Ok(store) => Ok(Arc::new(store)),
        Err(error) => {
            let [zh, en] = error.sentences();
            Err(said(&zh, &en).to_owned())
        }
    }
}

/// A listener on an address.
///
/// # Errors
/// One sentence that says what to do.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, String> {
    crate::http::bind(address).await.map_err(|error| match error.kind() {
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

/// The operator key's digest, and at the first start the key itself, which is never stored.
///
/// # Errors
/// One sentence that says what to do.
pub fn operator_key(data: &Path) -> Result<(Digest, Option<String>), String> {
    let file = data.join(OPERATOR_FILE);
    if let Ok(text) = std::fs::read_to_string(&file) {
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
    std::fs::write(&file, data_encoding::HEXLOWER.encode(&digest)).map_err(|error| {
        let zh = format!("{} 不能写入（{error}）：请检查权限和磁盘空间。", file.display());
        let en = format!("{} cannot be written ({error}): check permissions and disk space.", file.display());
        said(&zh, &en).to_owned()
    })?;
    Ok((digest, Some(key)))
}

fn no_randomness() -> String {
    said("系统没有提供随机数：请稍后重试。", "The system gives no randomness: try again later.").to_owned()
}

/// A sentence for a store that failed while a command ran.
fn store_failed(error: &crate::store::StoreError) -> String {
    let zh = format!("数据目录出错（{error}）：请检查磁盘后重试。");
    let en = format!("The data directory failed ({error}): check the disk and try again.");
    said(&zh, &en).to_owned()
}

/// A new link for a role of a meeting that exists: the operator at the terminal may always have one.
async fn new_capability(store: &LocalStore, meeting: &str, role: crate::protocol::Role) -> Result<String, String> {
    let capability = secret::token().map_err(|_| no_randomness())?;
    let digest = secret::capability_digest(&capability);
    store.add_capability(meeting, role, digest).await.map_err(|error| store_failed(&error))?;
    Ok(capability)
}
