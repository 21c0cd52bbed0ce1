//! `pingyi create`: adds a meeting from a folder, to a running server with the operator key, or to the data directory of
//! one that does not run; prints the links of its roles and writes its slips.

use std::path::PathBuf;

use super::serve::{create, print_links, write_handout, write_slips};
use super::{Outcome, StoppedServer, language, read_folder};
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
    /// Without it.
    #[command(flatten)]
    pub stopped: StoppedServer,
    /// Where the page of slips is written.
    #[arg(long, default_value = ".")]
    pub out: PathBuf,
    /// Also write links and codes as JSON, for `crowd` or a program that prints its own slips. Keep it as safe as the slips.
    #[arg(long)]
    pub handout: Option<PathBuf>,
}

/// Adds the meeting.
///
/// # Errors
/// Every mistake of the folder, or one sentence that says what to do.
pub async fn run(arguments: Arguments) -> Outcome {
    let folder = read_folder(&arguments.folder)?;
    let (handout, base_url) = match &arguments.url {
        Some(url) => {
            let asked = prepare(url, arguments.stopped.key.as_deref(), &folder).await;
            let target = asked.map_err(|error| error.sentence(language()))?;
            (target.handout, target.base_url)
        }
        None => {
            let store = arguments.stopped.store_for_a_meeting().await?;
            (create(&*store, &folder).await?, arguments.stopped.base_url())
        }
    };
    print_links(&folder.plan.title, &handout, &base_url);
    if let Some(file) = &arguments.handout {
        write_handout(file, &handout)?;
    }
    write_slips(&arguments.out, &folder, &handout, &base_url)
}
