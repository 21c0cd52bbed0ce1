//! Why a rehearsal could not go on: closed kinds, each a sentence that says what to do.
//! It knows what went wrong between a simulated page and the server, and nothing of how it was noticed.

use std::fmt;

use crate::folder::ReportLanguage;
use crate::protocol::{Problem, ProblemKind};
use pingyi_rules::meeting::Refusal;

/// Why a rehearsal stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RehearsalError {
    /// The address is no `http://host:port`.
    BadAddress(String),
    /// Nobody answers at the address, though it was tried for a while.
    NoAnswer(String),
    /// The operator key is missing or another one.
    WrongKey,
    /// The server's own data directory or port could not be had.
    OwnServer(String),
    /// A file could not be read or written.
    File(String, String),
    /// Mistakes in the sheets, each a whole sentence.
    Sheets(Vec<String>),
    /// The server answered something that a phone does not expect.
    Said(Activity, Problem),
    /// A close code that forbids to come back.
    ClosedForGood(u16),
    /// An answer that cannot be read.
    Unreadable(Activity),
    /// The manifest is not the one that the view names.
    OtherManifest,
    /// A receipt is not the box's.
    BadReceipt,
    /// The issuer's answer is no signature of what was asked.
    BadPaper,
    /// A ballot that should be in was not taken.
    NotTaken(&'static str),
    /// A state did not come within the time that the rehearsal allows.
    Waited(Waited),
    /// The system has no randomness.
    NoRandomness,
    /// A simulated page stopped in an unforeseen way.
    Broken(String),
}

/// What a page was doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// Making the meeting.
    Creating,
    /// Taking a seat.
    Joining,
    /// Exchanging a link for a session.
    OpeningSession,
    /// Looking at the meeting.
    Following,
    /// Fetching the manifest.
    FetchingManifest,
    /// Asking for papers.
    AskingForPapers,
    /// Casting.
    Casting,
    /// Pressing the chair's button.
    Commanding,
    /// Fetching a record.
    FetchingRecord,
    /// Listing, giving out or withdrawing links.
    KeepingLinks,
}

/// What a chair waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waited {
    /// Everybody who comes to have a seat: how many have one, of how many.
    Present(u32, u32),
    /// The round's keys: made, of how many.
    Keys(u32, u32),
    /// Papers: seats with papers, of how many.
    Issued(u32, u32),
    /// Sheets: returned, of how many.
    Returned(u32, u32),
    /// The next view.
    View,
}

impl RehearsalError {
    /// The sentence for whoever rehearses.
    #[must_use]
    pub fn sentence(&self, language: ReportLanguage) -> String {
        match language {
            ReportLanguage::Chinese => self.chinese(),
            ReportLanguage::English => self.english(),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::BadAddress(address) => format!("“{address}”不是服务器地址，请写成 http://192.168.1.10:8080 的样子。"),
            Self::NoAnswer(why) => format!("服务器没有应答（{why}）。请检查地址，以及 pingyi 是否正在那里运行。"),
            Self::WrongKey => "服务器不接受这个管理密钥。请用 --key 给出服务器首次启动时打印的密钥。".to_owned(),
            Self::OwnServer(why) => format!("演练用的服务器无法启动：{why}。"),
            Self::File(name, why) => format!("文件 {name} 无法读写：{why}。"),
            Self::Sheets(mistakes) => mistakes.join("\n"),
            Self::Said(activity, problem) => format!("{}时，服务器拒绝：{}。", activity.chinese(), said(problem)),
            Self::ClosedForGood(code) => format!("服务器关闭了连接，并要求不再重连（{code}）。"),
            Self::Unreadable(activity) => {
                format!("{}时，服务器的回答无法读懂。服务器与本程序的版本可能不同。", activity.chinese())
            }
            Self::OtherManifest => "清单与屏幕上的指纹不一致，不能投票。".to_owned(),
            Self::BadReceipt => "回执不是票箱签发的，这张票可能没有收到。".to_owned(),
            Self::BadPaper => "发出的测评票签名有误。".to_owned(),
            Self::NotTaken(verdict) => format!("一张测评票没有被收下（{verdict}）。"),
            Self::Waited(what) => format!("等待太久：{}。", what.chinese()),
            Self::NoRandomness => "系统无法提供随机数。".to_owned(),
            Self::Broken(why) => format!("一部模拟手机意外停止：{why}。"),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::BadAddress(address) => {
                format!("\"{address}\" is no address of a server; write it like http://192.168.1.10:8080.")
            }
            Self::NoAnswer(why) => {
                format!("The server does not answer ({why}). Check the address, and that pingyi is running there.")
            }
            Self::WrongKey => {
                "The server does not accept this operator key; give the one that its first start printed with --key."
                    .to_owned()
            }
            Self::OwnServer(why) => format!("The server for the rehearsal could not be started: {why}."),
            Self::File(name, why) => format!("The file {name} could not be read or written: {why}."),
            Self::Sheets(mistakes) => mistakes.join("\n"),
            Self::Said(activity, problem) => {
                format!("While {}, the server refused: {}.", activity.english(), said(problem))
            }
            Self::ClosedForGood(code) => format!("The server closed a connection for good ({code})."),
            Self::Unreadable(activity) => format!(
                "While {}, the server's answer could not be read; server and program may be of different versions.",
                activity.english()
            ),
            Self::OtherManifest => {
                "The manifest is not the one whose fingerprint is shown; nobody may vote under it.".to_owned()
            }
            Self::BadReceipt => "A receipt is not the box's; the ballot may not have been received.".to_owned(),
            Self::BadPaper => "A paper was not signed as it was asked for.".to_owned(),
            Self::NotTaken(verdict) => format!("A ballot was not taken ({verdict})."),
            Self::Waited(what) => format!("It took too long: {}.", what.english()),
            Self::NoRandomness => "The system has no randomness to give.".to_owned(),
            Self::Broken(why) => format!("A simulated phone stopped unexpectedly: {why}."),
        }
    }
}

/// What the server said, by the names of the wire: a rehearsal's reader looks them up in a log as well.
fn said(problem: &Problem) -> String {
    let name = |value: serde_json::Result<serde_json::Value>| {
        value.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    };
    let kind = name(serde_json::to_value(problem.problem));
    match (&problem.refusal, &problem.detail) {
        (Some(refusal), _) => format!("{kind} ({})", name(serde_json::to_value(refusal))),
        (None, Some(detail)) => format!("{kind} ({detail})"),
        (None, None) => kind,
    }
}

impl Activity {
    const fn chinese(self) -> &'static str {
        match self {
            Self::Creating => "创建会议",
            Self::Joining => "入场",
            Self::OpeningSession => "打开链接",
            Self::Following => "查看会议",
            Self::FetchingManifest => "读取清单",
            Self::FetchingRecord => "取得记录",
            Self::KeepingLinks => "查看或更改链接",
            Self::AskingForPapers => "领取测评票",
            Self::Casting => "提交测评表",
            Self::Commanding => "主持会议",
        }
    }

    const fn english(self) -> &'static str {
        match self {
            Self::Creating => "creating the meeting",
            Self::Joining => "taking a seat",
            Self::OpeningSession => "opening a link",
            Self::Following => "following the meeting",
            Self::FetchingManifest => "fetching the manifest",
            Self::FetchingRecord => "fetching a record",
            Self::KeepingLinks => "keeping links",
            Self::AskingForPapers => "asking for papers",
            Self::Casting => "casting a sheet",
            Self::Commanding => "chairing the meeting",
        }
    }
}

impl Waited {
    fn chinese(self) -> String {
        match self {
            Self::Present(have, of) => format!("应有 {of} 人入场，现有 {have} 人"),
            Self::Keys(have, of) => format!("需要 {of} 个密钥，已生成 {have} 个"),
            Self::Issued(have, of) => format!("应发出 {of} 份测评票，已发出 {have} 份"),
            Self::Returned(have, of) => format!("应收回 {of} 份测评表，已收回 {have} 份"),
            Self::View => "会议没有继续".to_owned(),
        }
    }

    fn english(self) -> String {
        match self {
            Self::Present(have, of) => format!("{have} of {of} have a seat"),
            Self::Keys(have, of) => format!("{have} of {of} keys are made"),
            Self::Issued(have, of) => format!("{have} of {of} have their papers"),
            Self::Returned(have, of) => format!("{have} of {of} sheets have returned"),
            Self::View => "the meeting does not go on".to_owned(),
        }
    }
}

impl fmt::Display for RehearsalError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.english())
    }
}

impl std::error::Error for RehearsalError {}

/// Why a request did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestError {
    /// The server said so.
    Said(Problem),
    /// The outcome of the request is not known: the same bytes may be sent again.
    Unknown(String),
    /// The answer cannot be read.
    Unreadable,
}

impl RequestError {
    /// Whether the same bytes are to be sent again, and not sooner than after how many seconds.
    #[must_use]
    pub fn again_after_s(&self) -> Option<u32> {
        match self {
            Self::Unknown(_) => Some(0),
            Self::Said(problem) => match problem.problem {
                ProblemKind::TryAgain => Some(0),
                ProblemKind::SlowDown => Some(problem.retry_after_s.unwrap_or(1)),
                _ => None,
            },
            Self::Unreadable => None,
        }
    }

    /// The kind of problem that the server named.
    #[must_use]
    pub fn kind(&self) -> Option<ProblemKind> {
        match self {
            Self::Said(problem) => Some(problem.problem),
            Self::Unknown(_) | Self::Unreadable => None,
        }
    }

    /// What the meeting refused.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Said(problem) => problem.refusal,
            Self::Unknown(_) | Self::Unreadable => None,
        }
    }

    /// The reason for a rehearsal to stop.
    #[must_use]
    pub fn while_doing(self, activity: Activity) -> RehearsalError {
        match self {
            Self::Said(problem) => RehearsalError::Said(activity, problem),
            Self::Unknown(why) => RehearsalError::NoAnswer(why),
            Self::Unreadable => RehearsalError::Unreadable(activity),
        }
    }
}
