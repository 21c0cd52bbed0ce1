//! The command line: what can be asked of the binary, and nothing of how it is done.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use pingyi::command::{create, crowd, demo, links, rehearse, restore, serve, verify};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// 评议: a live voting service for meetings that evaluate people's work.
#[derive(Parser)]
#[command(name = "pingyi", version, about, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Commands>,
    /// What `pingyi` alone does is `pingyi serve`.
    #[command(flatten)]
    serve: serve::Arguments,
}

#[derive(Subcommand)]
enum Commands {
    /// Start the service; with an empty data directory, on a sample meeting. 启动服务
    Serve(serve::Arguments),
    /// The institute's meeting with simulated phones, so that one person sees a full hall. 演示
    Demo(demo::Arguments),
    /// Add a meeting from a folder, and print its links and slips. 新建会议
    Create(create::Arguments),
    /// List the links of a meeting's roles, give out a new one, or withdraw one. 查看、新发、撤销链接
    Links(links::Arguments),
    /// Run a whole meeting with simulated phones and write its results. 演练
    Rehearse(rehearse::Arguments),
    /// Bring an archived meeting back into a data directory. 恢复会议档案
    Restore(restore::Arguments),
    /// Simulated phones in a meeting of a running server that you chair. 模拟手机
    Crowd(crowd::Arguments),
    /// Recount a record; ends with 0, or with 10 + the number of the check that fails. 核验记录
    Verify(verify::Arguments),
    /// Whose code is in this program, and under what licences. 第三方许可
    Notices,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    start_log();
    match &arguments.command {
        Some(Commands::Verify(arguments)) => return verify::run(arguments),
        Some(Commands::Notices) => {
            pingyi::notices::print();
            return ExitCode::SUCCESS;
        }
        _ => {}
    }
    pingyi::descriptors::raise();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&format!("The system gives no threads: {error}")),
    };
    let done = runtime.block_on(async {
        match arguments.command {
            None => serve::run(arguments.serve).await,
            Some(Commands::Serve(arguments)) => serve::run(arguments).await,
            Some(Commands::Demo(arguments)) => demo::run(arguments).await,
            Some(Commands::Create(arguments)) => create::run(arguments).await,
            Some(Commands::Links(arguments)) => links::run(arguments).await,
            Some(Commands::Rehearse(arguments)) => rehearse::run(arguments).await,
            Some(Commands::Restore(arguments)) => restore::run(arguments).await,
            Some(Commands::Crowd(arguments)) => crowd::run(arguments).await,
            // Answered above: they need no runtime.
            Some(Commands::Verify(_) | Commands::Notices) => Ok(()),
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => failed(&what),
    }
}

/// The libraries that see what goes through sockets.
const SOCKETS: [&str; 2] = ["tungstenite", "tokio_tungstenite"];

/// Writes the log to stderr: by `RUST_LOG`, levels of targets as in `info,pingyi=debug`, or else from `info` of this program. What
/// goes through a socket stays out of it also at `trace`: the first message on each has a phone's credential (rule s52).
fn start_log() {
    let usual = || Targets::new().with_target("pingyi", LevelFilter::INFO);
    let asked = std::env::var("RUST_LOG").unwrap_or_default();
    let (targets, mistake) = match asked.parse() {
        _ if asked.is_empty() => (usual(), None),
        Ok(targets) => (targets, None),
        Err(mistake) => (usual(), Some(mistake)),
    };
    let targets = SOCKETS.into_iter().fold(targets, |targets, library| targets.with_target(library, LevelFilter::WARN));
    let lines = fmt::layer().with_writer(std::io::stderr).with_target(false);
    tracing_subscriber::registry().with(targets).with(lines).init();
    if let Some(mistake) = mistake {
        tracing::warn!("RUST_LOG is left aside ({mistake}): write levels of targets, as in info,pingyi=debug.");
    }
}

fn failed(what: &str) -> ExitCode {
    use std::io::Write as _;
    // Where even this cannot be written there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{what}");
    ExitCode::FAILURE
}
