//! `pingyi serve`: the service on its embedded store or on Redis, with the join address as a QR code and a chair's link on the terminal.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{
    Outcome, RedisArguments, given_key, listen, no_randomness, open_store, operator_key, read_folder, sample,
    store_failed, write_private,
};
use crate::creation::{self, Handout, MeetingRequest};
use crate::descriptors::connections_max;
use crate::export::slips;
use crate::folder::Folder;
use crate::links;
use crate::role::Role;
use crate::running::Running;
use crate::store::Store;
use crate::store::disk::slips_file;
use crate::terminal::{base_url, qr, said};
use pingyi_rules::meeting::{LinkOccasion, LinkRole};

/// Meetings whose links are printed at the start; a laptop in a hall has one.
const MEETINGS_PRINTED_MAX: u32 = 3;
/// Meetings whose seats are counted at the start.
const MEETINGS_COUNTED_MAX: u32 = 200;

/// What `serve` can be told.
#[derive(clap::Args, Clone, Debug)]
#[group(skip)]
pub struct Arguments {
    /// Where to listen.
    #[arg(long, default_value = "0.0.0.0:8080")]
    pub listen: SocketAddr,
    /// The data directory.
    #[arg(long, default_value = "data")]
    pub data: PathBuf,
    /// The address that phones are told, where it is not this machine's own (behind a proxy, or a name).
    #[arg(long)]
    pub url: Option<String>,
    /// The meeting folder for an empty data directory; a sample meeting without it.
    #[arg(long)]
    pub meeting: Option<PathBuf>,
    /// Where a new meeting's links and codes are also written as JSON. Keep it as safe as the slips.
    #[arg(long)]
    pub handout: Option<PathBuf>,
    /// Let anybody create meetings, without the operator key.
    #[arg(long)]
    pub open: bool,
    /// The operator key, the same on every server of several, which needs it; without it one is made at the first start.
    #[arg(long, env = "PINGYI_KEY", hide_env_values = true)]
    pub key: Option<String>,
    /// Where several servers meet.
    #[command(flatten)]
    pub redis: RedisArguments,
}

/// Serves until Ctrl-C or a termination signal.
///
/// # Errors
/// One sentence that says what to do.
pub async fn run(arguments: Arguments) -> Outcome {
    let folder = arguments.meeting.as_deref().map(read_folder).transpose()?;
    let listener = listen(arguments.listen).await?;
    let address = listener.local_addr().unwrap_or(arguments.listen);
    let base_url = told_url(arguments.url.as_deref(), address);
    let store = open_store(&arguments.data, &arguments.redis, arguments.key.as_deref()).await?;
    let (operator, new_key) = match &arguments.key {
        Some(key) => (given_key(key)?, None),
        None => operator_key(&arguments.data)?,
    };
    // Several servers start on one Redis: none of them makes a sample for all.
    let sample = arguments.redis.redis.is_none();
    let handout = first_meeting(&*store, &arguments.data, folder, &base_url, sample).await?;
    if let (Some(file), Some(handout)) = (&arguments.handout, &handout) {
        write_handout(file, handout)?;
    }
    let running = Running::start(listener, Arc::clone(&store), base_url.clone(), (!arguments.open).then_some(operator));
    // From now on: whoever stops a server that has just started finds it listening for that.
    let stop = tokio::spawn(wait_for_stop());
    println!("{} {base_url}", said("评议已启动：", "Pingyi is listening at"));
    if let Some(key) = new_key {
        let head =
            said("管理密钥（只显示这一次，新建会议时用）：", "Operator key (shown this once; it creates meetings):");
        println!("{head} {key}");
    }
    // A server that comes back while Redis is being filled again has no links to print, and is needed all the more.
    if let Err(sentence) = print_meetings(&*store, handout.as_ref(), &base_url).await {
        eprintln!("{sentence}");
    }
    warn_of_too_few_connections(&*store).await;
    // An end of the task is an end as well.
    let _ = stop.await;
    println!("{}", said("正在停止……", "Stopping…"));
    running.stop().await;
    Ok(())
}

/// The address that phones are told, without a slash at its end.
#[must_use]
pub fn told_url(url: Option<&str>, address: SocketAddr) -> String {
    url.map_or_else(|| base_url(address), |url| url.trim_end_matches('/').to_owned())
}

/// Puts a meeting into an empty data directory: the given one, else the sample.
async fn first_meeting(
    store: &dyn Store,
    data: &Path,
    folder: Option<Folder>,
    base_url: &str,
    with_sample: bool,
) -> Result<Option<Handout>, String> {
    let is_empty = store.meetings(1).await.map_err(|error| store_failed(&error))?.is_empty();
    if !is_empty || (folder.is_none() && !with_sample) {
        return Ok(None);
    }
    let folder = folder.map_or_else(sample, Ok)?;
    let handout = create(store, &folder).await?;
    write_slips(data, &folder, &handout, base_url)?;
    Ok(Some(handout))
}

/// Makes a meeting of a folder in a store.
///
/// # Errors
/// One sentence that says what to do.
pub async fn create(store: &dyn Store, folder: &Folder) -> Result<Handout, String> {
    let request = MeetingRequest { plan: folder.plan.clone(), seats: folder.seats.clone() };
    let (new, handout) = creation::make(request, store.secret()).map_err(|_| no_randomness())?;
    store.create(new).await.map_err(|error| store_failed(&error))?;
    Ok(handout)
}

/// Writes links and codes as JSON.
///
/// # Errors
/// One sentence that says what to do.
pub fn write_handout(file: &Path, handout: &Handout) -> Outcome {
    let text = serde_json::to_vec(handout).unwrap_or_default();
    write_private(file, &text)
}

/// Writes the page of slips, where the meeting has any.
///
/// # Errors
/// One sentence that says what to do.
pub fn write_slips(directory: &Path, folder: &Folder, handout: &Handout, base_url: &str) -> Outcome {
    if handout.codes.is_empty() {
        return Ok(());
    }
    let file = directory.join(slips_file(&handout.meeting));
    write_private(&file, slips::page(&folder.plan, &folder.seats, handout, base_url).as_bytes())?;
    println!(
        "{} {}",
        said("一人一码纸条，用浏览器打开并打印：", "Slips, to be opened in a browser and printed:"),
        file.display()
    );
    Ok(())
}

async fn print_meetings(store: &dyn Store, handout: Option<&Handout>, base_url: &str) -> Outcome {
    let meetings = store.meetings(MEETINGS_PRINTED_MAX).await.map_err(|error| store_failed(&error))?;
    for meeting in meetings {
        let title = format!("{} · {}", meeting.title, meeting.host);
        if let Some(handout) = handout.filter(|handout| handout.meeting == meeting.id) {
            print_links(&title, handout, base_url);
        } else {
            let roles = [LinkRole::Chair, LinkRole::Projector];
            let given = links::give(store, &meeting.id, &roles, LinkOccasion::Start).await;
            print_links(&title, &given.map_err(|why| super::links::not_done(&why))?, base_url);
        }
    }
    Ok(())
}

/// Says so where the phones of the meetings that are not over may need more connections than this machine gives: each has a
/// socket, and now and then a request beside it.
async fn warn_of_too_few_connections(store: &dyn Store) {
    let connections = connections_max();
    // Where the store cannot tell now, it is told by those who use it.
    let seats = seats(store).await.unwrap_or(0);
    if connections / 2 >= seats {
        return;
    }
    let zh = format!(
        "本机最多只能同时打开 {connections} 个连接，而各会议共有 {seats} 个席位，每个席位最多需要两个：请提高打开文件数的上限（ulimit -n 或 LimitNOFILE），或使用多台服务器。"
    );
    let en = format!(
        "This server can have {connections} connections at once, and its meetings have {seats} seats, which may need two each: \
         raise the limit of open files (ulimit -n, or LimitNOFILE), or use several servers."
    );
    eprintln!("{}", said(&zh, &en));
}

/// Entitled seats of the newest meetings that are not archived.
async fn seats(store: &dyn Store) -> crate::store::Result<usize> {
    let mut seats = 0;
    for meeting in store.meetings(MEETINGS_COUNTED_MAX).await? {
        let stored = store.load(&meeting.id).await?;
        let groups = stored.iter().flat_map(|stored| &stored.meeting.plan.groups);
        seats += groups.map(|group| group.entitled as usize).sum::<usize>();
    }
    Ok(seats)
}

/// Prints the join address and the links of the roles.
pub fn print_links(title: &str, handout: &Handout, base_url: &str) {
    let typed = format!("{base_url}/m/{}", handout.meeting);
    println!("\n{title}\n\n{}\n{} {typed}", qr(&handout.join_link(base_url)), said("  扫码参加：", "  Join:       "));
    let lines = [
        (Role::Chair, said("  主持人：  ", "  Chair:      ")),
        (Role::Projector, said("  大屏：    ", "  Projector:  ")),
        (Role::Teller, said("  计票人：  ", "  Teller:     ")),
        (Role::Scrutineer, said("  监票人：  ", "  Scrutineer: ")),
    ];
    for (role, label) in lines {
        if let Some(link) = handout.link(base_url, role) {
            println!("{label} {link}");
        }
    }
    println!();
}

/// Waits for Ctrl-C, or for the signal with which a service manager stops us.
pub async fn wait_for_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without a way to be told, the server runs until it is ended.
    let _ = interrupt.await;
}
