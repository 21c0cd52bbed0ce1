//! `pingyi crowd`: simulated phones in a meeting that somebody else chairs, on a running server. A demonstration is a server
//! with a crowd; browser tests and trials in a hall use it by itself.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use super::{Outcome, language, read_folder};
use crate::creation::Handout;
use crate::rehearsal::crowd::{THINK, coming, crowd};
use crate::rehearsal::{SheetSource, Target};
use crate::terminal::said;

/// What `crowd` can be told.
#[derive(clap::Args, Clone, Debug)]
#[group(skip)]
pub struct Arguments {
    /// The meeting folder.
    pub meeting: PathBuf,
    /// The running server.
    #[arg(long)]
    pub url: String,
    /// Links and codes of the meeting there, as `serve --handout` or `create --handout` wrote them.
    #[arg(long)]
    pub handout: PathBuf,
    /// What every voter marks, as a CSV file; at random without it.
    #[arg(long)]
    pub sheets: Option<PathBuf>,
    /// Seats that stay away, besides those whom the roster calls absent: 1,8,15.
    #[arg(long, value_delimiter = ',')]
    pub leave: Vec<u32>,
    /// The longest that a voter thinks after the round was opened, in seconds.
    #[arg(long)]
    pub think_s: Option<u64>,
    /// A simulated scrutineer confirms what the chair asks for.
    #[arg(long)]
    pub scrutineer: bool,
}

/// Lets the phones come, and the scrutineer where one is wanted, and ends when the meeting does.
///
/// # Errors
/// One sentence that says what to do.
pub async fn run(arguments: Arguments) -> Outcome {
    let language = language();
    let folder = read_folder(&arguments.meeting)?;
    let sheets = match &arguments.sheets {
        Some(file) => SheetSource::read(file, &folder, language).map_err(|error| error.sentence(language))?,
        None => SheetSource::Random(1),
    };
    let handout: Handout = std::fs::read(&arguments.handout)
        .map_err(|error| error.to_string())
        .and_then(|text| serde_json::from_slice(&text).map_err(|error| error.to_string()))
        .map_err(|error| format!("{}: {error}", arguments.handout.display()))?;
    let voters = if arguments.leave.is_empty() {
        coming(&folder, folder.seats.len())
    } else {
        let stays = |seat: u32| arguments.leave.contains(&seat);
        folder.seats.iter().filter(|seat| seat.present && !stays(seat.seat)).collect()
    };
    let think: RangeInclusive<Duration> =
        arguments.think_s.map_or(THINK, |most| Duration::ZERO..=Duration::from_secs(most));
    let target = Target { base_url: arguments.url.clone(), handout };
    if arguments.scrutineer {
        super::demo::confirms_what_is_asked(&target).await?;
    }
    let mut crowd = crowd(&target, &folder, &sheets, voters, think).map_err(|error| error.sentence(language))?;
    for free in &crowd.free {
        let group = folder.seats.iter().find(|seat| seat.seat == free.seat).map_or("", |seat| seat.group.as_str());
        println!("{} {group} {}", said("空着的纸条：", "Free slip:"), free.code);
    }
    let mut problems = Vec::new();
    crowd.until_the_end(|error| problems.push(error.sentence(language))).await;
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}
