//! `pingyi links`: which links of a meeting's roles were given out, one more for somebody who needs one, and an end of one that
//! is in the wrong hands; at a running server with the operator key, or on the data directory of one that does not run.

use std::sync::Arc;
use std::time::Duration;

use clap::ValueEnum;

use super::serve::print_links;
use super::{Outcome, StoppedServer, language, store_failed};
use crate::clock::now_ms;
use crate::creation::Handout;
use crate::hub::NotDone;
use crate::links::{self, AskLink, LinkList, WithdrawLink};
use crate::protocol::{MeetingList, ProblemKind};
use crate::rehearsal::problem::{Activity, RehearsalError, RequestError};
use crate::rehearsal::{ServerAddress, Wire};
use crate::store::Store;
use crate::terminal::said;
use pingyi_rules::meeting::{Link, LinkOccasion, LinkRole, Refusal};

/// How long a running server is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// Meetings among which the one that is meant is looked for.
const MEETINGS_MAX: u32 = 200;

/// What `links` can be told; without `--new` and `--withdraw` it lists them.
#[derive(clap::Args, Clone, Debug)]
#[group(skip)]
pub struct Arguments {
    /// One more link for this role, for a deputy or for whoever lost one. 新发
    #[arg(long, value_name = "ROLE")]
    pub new: Option<GivenRole>,
    /// End the link with this id, and all pages that were opened with it. 撤销
    #[arg(long, value_name = "ID", conflicts_with = "new")]
    pub withdraw: Option<String>,
    /// The meeting's id; needed where there are several.
    #[arg(long)]
    pub meeting: Option<String>,
    /// A running server, as http://127.0.0.1:8080; without it the data directory of one that does not run.
    #[arg(long)]
    pub url: Option<String>,
    /// Without it.
    #[command(flatten)]
    pub stopped: StoppedServer,
}

/// A role that has links.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum GivenRole {
    /// 主持人.
    Chair,
    /// 大屏.
    Projector,
    /// 计票人.
    Teller,
    /// 监票人.
    Scrutineer,
}

impl From<GivenRole> for LinkRole {
    fn from(role: GivenRole) -> Self {
        match role {
            GivenRole::Chair => Self::Chair,
            GivenRole::Projector => Self::Projector,
            GivenRole::Teller => Self::Teller,
            GivenRole::Scrutineer => Self::Scrutineer,
        }
    }
}

/// Does it.
///
/// # Errors
/// One sentence that says what to do.
pub async fn run(arguments: Arguments) -> Outcome {
    let desk = Desk::of(&arguments).await?;
    let meeting = desk.meeting(arguments.meeting.as_deref()).await?;
    if let Some(role) = arguments.new {
        let handout = desk.give(&meeting, role.into()).await?;
        let base_url = match &arguments.url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => arguments.stopped.base_url(),
        };
        print_links(&meeting, &handout, &base_url);
    } else if let Some(link) = &arguments.withdraw {
        desk.withdraw(&meeting, link).await?;
        let zh = format!("链接 {link} 已撤销：它不能再打开页面，用它打开的页面已经关闭。");
        let en = format!("Link {link} is withdrawn: it opens nothing any more, and what was opened with it is closed.");
        println!("{}", said(&zh, &en));
    } else {
        tell(&meeting, &desk.list(&meeting).await?);
    }
    Ok(())
}

/// Where it is done.
enum Desk {
    Server { wire: Wire, key: Option<String> },
    Store(Arc<dyn Store>),
}

impl Desk {
    async fn of(arguments: &Arguments) -> Result<Self, String> {
        match &arguments.url {
            Some(url) => {
                let address = ServerAddress::parse(url).map_err(|error| error.sentence(language()))?;
                let key = arguments.stopped.key.clone();
                Ok(Self::Server { wire: Wire::new(Arc::new(address), PATIENCE), key })
            }
            None => Ok(Self::Store(arguments.stopped.store().await?)),
        }
    }

    /// The meeting that is meant: the named one, or the only one.
    async fn meeting(&self, named: Option<&str>) -> Result<String, String> {
        let meetings: Vec<(String, String)> = match self {
            Self::Server { wire, .. } => {
                let bytes = wire.get("/api/meetings", None).await.map_err(of_wire)?;
                let list: MeetingList =
                    serde_json::from_slice(&bytes).map_err(|_| of_wire(RequestError::Unreadable))?;
                list.meetings.into_iter().map(|meeting| (meeting.id, meeting.title)).collect()
            }
            Self::Store(store) => {
                let list = store.meetings(MEETINGS_MAX).await.map_err(|error| store_failed(&error))?;
                list.into_iter().map(|meeting| (meeting.id, meeting.title)).collect()
            }
        };
        match (named, meetings.as_slice()) {
            (Some(named), _) => Ok(named.to_owned()),
            (None, [(only, _)]) => Ok(only.clone()),
            (None, []) => Err(said("这里没有会议。", "There is no meeting here.").to_owned()),
            (None, several) => {
                let lines: Vec<String> = several.iter().map(|(id, title)| format!("  {id}  {title}")).collect();
                let head = said(
                    "这里有几个会议，请用 --meeting 指明是哪一个：",
                    "There are several meetings here; say which one with --meeting:",
                );
                Err(format!("{head}\n{}", lines.join("\n")))
            }
        }
    }

    async fn list(&self, meeting: &str) -> Result<Vec<Link>, String> {
        match self {
            Self::Server { wire, key, .. } => {
                let path = format!("/api/meetings/{meeting}/links");
                let bytes = wire.get_sealed(&path, key.as_deref()).await.map_err(of_wire)?;
                let list: LinkList = serde_json::from_slice(&bytes).map_err(|_| of_wire(RequestError::Unreadable))?;
                Ok(list.links)
            }
            Self::Store(store) => links::list(&**store, meeting).await.map_err(|why| not_done(&why)),
        }
    }

    async fn give(&self, meeting: &str, role: LinkRole) -> Result<Handout, String> {
        match self {
            Self::Server { wire, key, .. } => {
                let path = format!("/api/meetings/{meeting}/links");
                wire.ask(&path, key.as_deref(), &AskLink { role }).await.map_err(of_wire)
            }
            Self::Store(store) => {
                let given = links::give(&**store, meeting, &[role], LinkOccasion::Request).await;
                given.map_err(|why| not_done(&why))
            }
        }
    }

    async fn withdraw(&self, meeting: &str, link: &str) -> Outcome {
        match self {
            Self::Server { wire, key, .. } => {
                let path = format!("/api/meetings/{meeting}/links/withdraw");
                let asked = WithdrawLink { link: link.to_owned() };
                wire.ask::<LinkList>(&path, key.as_deref(), &asked).await.map(drop).map_err(of_wire)
            }
            Self::Store(store) => links::withdraw(&**store, meeting, link).await.map_err(|why| not_done(&why)),
        }
    }
}

/// Why a running server did not do it.
fn of_wire(why: RequestError) -> String {
    let refusal = match &why {
        RequestError::Said(problem) => problem.refusal,
        _ => None,
    };
    match (why.kind(), refusal) {
        (_, Some(refusal)) => refused(refusal),
        (Some(ProblemKind::NotAllowed), _) => RehearsalError::WrongKey.sentence(language()),
        _ => why.while_doing(Activity::KeepingLinks).sentence(language()),
    }
}

/// Why it was not done, for the terminal.
pub(super) fn not_done(why: &NotDone) -> String {
    match why {
        NotDone::Refused(refusal) => refused(*refusal),
        NotDone::Store(error) => store_failed(error),
        NotDone::SeatsFree(_) => refused(Refusal::OutOfRange),
    }
}

fn refused(refusal: Refusal) -> String {
    let (zh, en) = match refusal {
        Refusal::UnknownLink => (
            "没有这个编号的链接：请用 pingyi links 查看现有的链接。",
            "There is no link with this id: list them with pingyi links.",
        ),
        Refusal::TooManyLinks => (
            "这个角色的链接已达上限：请先用 pingyi links --withdraw 撤销一个。",
            "This role has as many links as it may have: withdraw one with pingyi links --withdraw first.",
        ),
        _ => ("会议现在不接受这个操作。", "The meeting does not take this now."),
    };
    said(zh, en).to_owned()
}

fn tell(meeting: &str, links: &[Link]) {
    println!("{meeting}");
    for link in links {
        let role = match link.role {
            LinkRole::Chair => said("主持人", "chair"),
            LinkRole::Projector => said("大屏", "projector"),
            LinkRole::Teller => said("计票人", "teller"),
            LinkRole::Scrutineer => said("监票人", "scrutineer"),
        };
        let occasion = match link.occasion {
            LinkOccasion::Creation => said("随会议创建", "made with the meeting"),
            LinkOccasion::Start => said("服务启动时打印", "printed at a start"),
            LinkOccasion::Request => said("另行新发", "asked for"),
        };
        let ago = link.at_ms.map(|at_ms| age(now_ms().saturating_sub(at_ms))).unwrap_or_default();
        let replaced = match link.is_replaced {
            true => said("，已被后来打印的取代", ", replaced by a later print"),
            false => "",
        };
        println!("  {}  {role}  {occasion}{ago}{replaced}", link.id);
    }
}

/// How long ago something was.
fn age(ms: u64) -> String {
    let minutes = ms / 60_000;
    let (zh, en) = match minutes {
        0 => ("，刚才".to_owned(), ", just now".to_owned()),
        1..120 => (format!("，{minutes} 分钟前"), format!(", {minutes} min ago")),
        120..2_880 => (format!("，{} 小时前", minutes / 60), format!(", {} h ago", minutes / 60)),
        _ => (format!("，{} 天前", minutes / 1_440), format!(", {} days ago", minutes / 1_440)),
    };
    said(&zh, &en).to_owned()
}
