//! `pingyi restore`: brings an archived meeting back into a data directory, with its results, rounds and history, and with
//! links of its own. Ballots and codes are in no archive: nothing can be voted on again, or counted anew.

use std::path::PathBuf;

use super::serve::print_links;
use super::{Outcome, StoppedServer, no_randomness, store_failed};
use crate::creation;
use crate::export::restore::{ARCHIVE_BYTES_MAX, Restored, Unreadable, restore};
use crate::store::Created;
use crate::terminal::said;

/// What `restore` can be told.
#[derive(clap::Args, Clone, Debug)]
#[group(skip)]
pub struct Arguments {
    /// The archive, as the chair downloaded it.
    pub file: PathBuf,
    /// Where the meeting goes.
    #[command(flatten)]
    pub stopped: StoppedServer,
}

/// Restores the meeting.
///
/// # Errors
/// One sentence that says what to do.
pub async fn run(arguments: Arguments) -> Outcome {
    let file = arguments.file.display();
    let size = std::fs::metadata(&arguments.file).map(|about| about.len()).unwrap_or_default();
    if size > ARCHIVE_BYTES_MAX as u64 {
        return Err(sentence(&file, &Unreadable::TooLarge));
    }
    let bytes = std::fs::read(&arguments.file).map_err(|error| {
        let zh = format!("{file} 不能读取（{error}）：请检查文件名和权限。");
        let en = format!("{file} cannot be read ({error}): check its name and the permissions.");
        said(&zh, &en).to_owned()
    })?;
    let Restored { meeting: archived, manifests } = restore(&bytes).map_err(|why| sentence(&file, &why))?;
    let title = archived.meeting.plan.title.clone();
    let id = archived.meeting.id.clone();
    let store = arguments.stopped.store_for_a_meeting().await?;
    let (new, handout) =
        creation::with_secrets(archived.meeting, archived.seats, store.secret()).map_err(|_| no_randomness())?;
    if store.create(new).await.map_err(|error| store_failed(&error))? == Created::Exists {
        let zh = format!("数据目录里已有会议 {id}，没有改动：请换一个数据目录。");
        let en = format!("Meeting {id} is in this data directory already, nothing was changed: use another directory.");
        return Err(said(&zh, &en).to_owned());
    }
    for (round, manifest) in &manifests {
        store.keep_manifest(&id, *round, manifest).await.map_err(|error| store_failed(&error))?;
    }
    print_links(&title, &handout, &arguments.stopped.base_url());
    if !archived.withheld.is_empty() {
        let rounds = archived.withheld.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
        let zh =
            format!("第 {rounds} 轮的各票种票数不在档案中：这些轮次的结果请看档案里的 results.json 和 print.html。");
        let en = format!(
            "The counts by group of round {rounds} are in no archive: for their results see results.json and print.html in it."
        );
        println!("{}", said(&zh, &en));
    }
    Ok(())
}

fn sentence(file: &std::path::Display<'_>, why: &Unreadable) -> String {
    let (zh, en) = match why {
        Unreadable::NotAnArchive => (
            format!("{file} 不是会议档案，或没有下载完整：请重新下载。"),
            format!("{file} is no archive of a meeting, or is cut off: download it again."),
        ),
        Unreadable::OtherFormat => (
            format!("{file} 的档案格式本程序不认识：请用制作它的版本或更新的版本。"),
            format!(
                "{file} has a format that this version does not know: use the version that made it, or a newer one."
            ),
        ),
        Unreadable::TooLarge => (
            format!("{file} 太大，不像是会议档案：请核对文件。"),
            format!("{file} is larger than an archive can be: check that it is the right file."),
        ),
        Unreadable::Broken(what) => (
            format!("{file} 的内容自相矛盾（{what}）：请重新下载。"),
            format!("{file} contradicts itself ({what}): download it again."),
        ),
    };
    said(&zh, &en).to_owned()
}
