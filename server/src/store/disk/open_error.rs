//! Why a data directory cannot be used, each with a sentence that says what to do. It knows no store.

use std::path::PathBuf;

/// Why the store did not open. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// Another server works in this directory.
    InUse(PathBuf),
    /// The directory is not there and cannot be made, or cannot be written.
    NotWritable(PathBuf),
    /// A newer server wrote this directory, in this format.
    Newer(PathBuf, u32),
    /// An older server wrote this directory, in a format from which there is no way to ours.
    TooOld(PathBuf, u32),
    /// The disk is full.
    DiskIsFull(PathBuf),
    /// Bringing the directory to our format failed; the backup is in the second path.
    MigrationFailed(PathBuf, PathBuf, String),
    /// A file is not what it should be.
    Damaged(PathBuf, String),
    /// The secret under which this directory keeps its codes is not there.
    SecretIsMissing(PathBuf),
    /// The system gives no randomness.
    NoRandomness,
}

impl OpenError {
    /// One sentence each for the person at the terminal: Chinese, English.
    #[must_use]
    pub fn sentences(&self) -> [String; 2] {
        match self {
            Self::InUse(at) => [
                format!("另一个评议服务正在使用数据目录 {}:请先停止它,或换一个目录。", at.display()),
                format!("Another Pingyi server is using {}: stop it first, or choose another directory.", at.display()),
            ],
            Self::NotWritable(at) => [
                format!("数据目录 {} 不能写入:请检查权限,或换一个目录。", at.display()),
                format!("{} cannot be written: check its permissions, or choose another directory.", at.display()),
            ],
            Self::Newer(at, format) => [
                format!("数据目录 {} 由更新的版本写成(格式 {format}):请使用该版本或更新的版本。", at.display()),
                format!(
                    "{} was written by a newer version (format {format}): use that version or a later one.",
                    at.display()
                ),
            ],
            Self::TooOld(at, format) => [
                format!("数据目录 {} 的格式 {format} 过旧:请先用中间版本打开一次。", at.display()),
                format!("{} has the old format {format}: open it once with a version in between.", at.display()),
            ],
            Self::DiskIsFull(at) => [
                format!("数据目录 {} 所在磁盘已满:请腾出空间后重新启动。", at.display()),
                format!("The disk of {} is full: free some space, then start again.", at.display()),
            ],
            Self::MigrationFailed(at, backup, why) => [
                format!(
                    "数据目录 {} 升级失败({why}):请用备份 {} 恢复,并用旧版本打开。",
                    at.display(),
                    backup.display()
                ),
                format!(
                    "Bringing {} to the new format failed ({why}): put the backup in {} back and use the old version.",
                    at.display(),
                    backup.display()
                ),
            ],
            Self::Damaged(at, why) => [
                format!("文件 {} 已损坏({why}):请恢复备份。", at.display()),
                format!("{} is damaged ({why}): restore a backup.", at.display()),
            ],
            Self::SecretIsMissing(at) => [
                format!(
                    "缺少服务器密钥文件 {}:请把它放回;如果已经丢失,请建一个同名的空文件后重新启动,之后须重新打印纸条和链接。",
                    at.display()
                ),
                format!(
                    "The server's secret {} is missing: put it back; if it is lost, make an empty file of that name, start again, and print slips and links anew.",
                    at.display()
                ),
            ],
            Self::NoRandomness => [
                "系统没有提供随机数:请稍后重试。".to_owned(),
                "The system gives no randomness: try again later.".to_owned(),
            ],
        }
    }
}

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [chinese, english] = self.sentences();
        write!(f, "{chinese} {english}")
    }
}

impl std::error::Error for OpenError {}
