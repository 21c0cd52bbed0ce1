//! `pingyi create`: adds a meeting from a folder, to a running server with the operator key, or to the data directory of
//! one that does not run; prints the links of its roles and writes its slips.

use std::path::PathBuf;

use super::serve::{create, print_links, told_url, write_handout, write_slips};
use super::{Outcome, RedisArguments, language, open_store, read_folder, tell_new_key};
use crate::rehearsal::own_server::prepare;

/// What `create` can be told.
#[derive(clap::Args, Clone, Debug)]
#[group(skip)]
pub struct Arguments {
    /// The meeting folder: meeting.toml, roster.csv, subjects.csv, agenda.csv.
    pub folder: PathBuf,
    /// A running server, as http://127.0.0.1:8080; without it the meeting goes into the data directory.
    #[arg(long)]
    pub url: Option<String>,
    /// The operator key: that of the running server, or with --redis the one that every server is given.
    #[arg(long, env = "PINGYI_KEY", hide_env_values = true)]
    pub key: Option<String>,
    /// The data directory of a server that does not run.
    #[arg(long, default_value = "data")]
    pub data: PathBuf,
    /// Where that server will listen, for the links.
    #[arg(long, default_value = "0.0.0.0:8080")]
    pub listen: std::net::SocketAddr,
    /// Where the page of slips is written.
    #[arg(long, default_value = ".")]
    pub out: PathBuf,
    /// Also write links and codes as JSON, for `crowd` or a program that prints its own slips. Keep it as safe as the slips.
    #[arg(long)]
    pub handout: Option<PathBuf>,
    /// Where several servers meet: the meeting goes there, with a copy in the data directory.
    #[command(flatten)]
    pub redis: RedisArguments,
}

/// Adds the meeting.
///
/// # Errors
/// Every mistake of the folder, or one sentence that says what to do.
pub async fn run(arguments: Arguments) -> Outcome {
    let folder = read_folder(&arguments.folder)?;
    let (handout, base_url) = match &arguments.url {
        Some(url) => {
            let asked = prepare(url, arguments.key.as_deref(), &folder).await;
            let target = asked.map_err(|error| error.sentence(language()))?;
            (target.handout, target.base_url)
        }
        None => {
            let store = open_store(&arguments.data, &arguments.redis, arguments.key.as_deref()).await?;
            tell_new_key(&arguments.data, arguments.key.as_deref())?;
            (create(&*store, &folder).await?, told_url(None, arguments.listen))
        }
    };
    print_links(&folder.plan.title, &handout, &base_url);
    if let Some(file) = &arguments.handout {
        write_handout(file, &handout)?;
    }
    write_slips(&arguments.out, &folder, &handout, &base_url)
}
