//! `pingyi demo`: the institute's meeting on a data directory of its own, with simulated phones, so that one person alone
//! sees a full hall. The chair is whoever opens the chair's link; some slips stay free for phones in the hand.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::serve::{create, print_links, told_url, wait_for_stop, write_slips};
use super::{Outcome, RedisArguments, language, listen, no_randomness, open_store, sample};
use crate::rehearsal::crowd::{THINK, coming, crowd};
use crate::rehearsal::{RehearsalError, Scrutineer, ServerAddress, SheetSource, Target, capability};
use crate::role::Role;
use crate::running::Running;
use crate::secret::{self, printed_slip};
use crate::terminal::{qr, said};
use pingyi_rules::meeting::plan::Admission;

/// What `demo` can be told.
#[derive(clap::Args, Clone, Debug)]
#[group(skip)]
pub struct Arguments {
    /// Where to listen.
    #[arg(long, default_value = "0.0.0.0:8080")]
    pub listen: SocketAddr,
    /// The address that phones are told, where it is not this machine's own.
    #[arg(long)]
    pub url: Option<String>,
    /// How many phones are simulated.
    #[arg(long, default_value_t = 30)]
    pub phones: usize,
    /// Where random marks begin: the same number gives the same marks.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Nobody confirms what the chair asks for: open the scrutineer's link yourself.
    #[arg(long)]
    pub no_scrutineer: bool,
    /// The operator key that every server is given; with --redis only.
    #[arg(long, env = "PINGYI_KEY", hide_env_values = true)]
    pub key: Option<String>,
    /// Where several servers meet.
    #[command(flatten)]
    pub redis: RedisArguments,
}

/// How long the simulated scrutineer looks at what the chair asks for: long enough to do it from the own page.
const READS: Duration = Duration::from_secs(5);
/// A demonstration may wait for its person over lunch.
const PATIENCE: Duration = Duration::from_secs(12 * 3600);

/// A scrutineer besides the phones.
pub(super) async fn confirms_what_is_asked(target: &Target) -> Outcome {
    let said = |error: RehearsalError| error.sentence(language());
    let address = Arc::new(ServerAddress::parse(&target.base_url).map_err(said)?);
    let secret = capability(&target.handout, Role::Scrutineer).map_err(said)?;
    let scrutineer = Scrutineer::opens(&address, secret, PATIENCE).await.map_err(said)?;
    tokio::spawn(async move {
        if let Err(error) = scrutineer.confirms_all(READS).await {
            tracing::warn!("{}", error.sentence(language()));
        }
    });
    Ok(())
}

/// Runs the demonstration until Ctrl-C; its data is removed afterwards.
///
/// # Errors
/// One sentence that says what to do.
pub async fn run(arguments: Arguments) -> Outcome {
    let folder = sample()?;
    let listener = listen(arguments.listen).await?;
    let address = listener.local_addr().unwrap_or(arguments.listen);
    let base_url = told_url(arguments.url.as_deref(), address);
    let data = std::env::temp_dir().join(format!("pingyi-demo-{}", uuid::Uuid::new_v4().simple()));
    let store = open_store(&data, &arguments.redis, arguments.key.as_deref()).await?;
    let handout = create(&*store, &folder).await?;
    let key = arguments.key.map_or_else(secret::token, Ok).map_err(|_| no_randomness())?;
    let operator = secret::operator_digest(&key);
    let running = Running::start(listener, Arc::clone(&store), base_url.clone(), Some(operator));
    println!("{} {base_url}", said("演示已启动：", "The demonstration is listening at"));
    print_links(&format!("{} · {}", folder.plan.title, folder.plan.host), &handout, &base_url);
    write_slips(&data, &folder, &handout, &base_url)?;
    // Simulated phones reach the server where it listens, whatever name real ones are told.
    let own = if address.ip().is_unspecified() { SocketAddr::from(([127, 0, 0, 1], address.port())) } else { address };
    let target = Target { base_url: format!("http://{own}"), handout };
    if !arguments.no_scrutineer {
        confirms_what_is_asked(&target).await?;
    }
    let voters = coming(&folder, arguments.phones);
    let sheets = SheetSource::Random(arguments.seed);
    let mut crowd = crowd(&target, &folder, &sheets, voters, THINK).map_err(|error| error.sentence(language()))?;
    println!("{}", said("给您自己的手机留的纸条：", "Slips for phones of your own:"));
    for free in &crowd.free {
        let Some(seat) = folder.seats.iter().find(|seat| seat.seat == free.seat) else { continue };
        println!("  {}  {}", seat.group, printed_slip(&free.code));
    }
    if folder.plan.admission == Admission::Slips
        && let Some(free) = crowd.free.last()
    {
        let link = target.handout.slip_link(&base_url, &free.code);
        println!(
            "\n{}\n{}\n  {link}\n",
            said("用自己的手机扫码，直接入座：", "Scan with your own phone to take a seat:"),
            qr(&link)
        );
    }
    println!(
        "{}\n",
        said(
            "现在打开主持人和大屏的链接，在主持台按 → 一步步推进；模拟手机会自己签到、填表、投票。Ctrl-C 结束。",
            "Now open the chair's and the projector's links and press → in the console; the simulated phones check in, fill in and vote by themselves. Ctrl-C ends it."
        )
    );
    if !arguments.no_scrutineer {
        let text = said(
            "模拟监票人在您提请五秒后确认；想自己确认，请打开监票人链接，或加 --no-scrutineer。",
            "A simulated scrutineer confirms five seconds after you ask; open the scrutineer's link to be quicker, or add --no-scrutineer.",
        );
        println!("{text}\n");
    }
    let watching = crowd.until_the_end(|error| tracing::warn!("{}", error.sentence(language())));
    tokio::select! {
        () = async { watching.await; std::future::pending::<()>().await } => {}
        () = wait_for_stop() => {}
    }
    running.stop().await;
    drop(store);
    // What cannot be removed is in the system's temporary directory, which is cleared by the system.
    let _ = std::fs::remove_dir_all(&data);
    Ok(())
}
