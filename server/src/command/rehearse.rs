//! `pingyi rehearse`: a whole meeting with simulated phones, on a server of its own or on a running one, and its results.

use std::io::Write as _;
use std::path::PathBuf;

use super::{Outcome, language, read_folder};
use crate::folder::{Folder, ReportLanguage};
use crate::protocol::{ChairView, NextAction, NextButton};
use crate::rehearsal::own_server::{OwnServer, prepare};
use crate::rehearsal::{Options, RehearsalError, Results, SheetSource, run as rehearse};
use crate::terminal::said;
use pingyi_rules::meeting::{PlainWish, Wish};

/// What `rehearse` can be told.
#[derive(clap::Args, Clone, Debug)]
#[group(skip)]
pub struct Arguments {
    /// The meeting folder: meeting.toml, roster.csv, subjects.csv, agenda.csv.
    pub meeting: PathBuf,
    /// What every voter marks, as a CSV file; at random without it.
    #[arg(long)]
    pub sheets: Option<PathBuf>,
    /// Where random marks begin: the same number gives the same marks.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// A running server; without it, one is started for the rehearsal and its data is removed afterwards.
    #[arg(long)]
    pub url: Option<String>,
    /// The running server's operator key, unless anybody may create meetings there.
    #[arg(long)]
    pub key: Option<String>,
    /// The folder for results.json.
    #[arg(long)]
    pub out: Option<PathBuf>,
}

/// Rehearses, and prints how it went and what came out.
///
/// # Errors
/// One sentence that says what to do.
pub async fn run(arguments: Arguments) -> Outcome {
    let language = language();
    let worded = |error: RehearsalError| error.sentence(language);
    let folder = read_folder(&arguments.meeting)?;
    let sheets = match &arguments.sheets {
        Some(file) => SheetSource::read(file, &folder, language).map_err(worded)?,
        None => SheetSource::Random(arguments.seed),
    };
    let begun = std::time::Instant::now();
    let results = match &arguments.url {
        Some(url) => hold(url, arguments.key.as_deref(), &folder, &sheets, language).await,
        None => {
            let server = OwnServer::start().await.map_err(worded)?;
            let results = hold(&server.base_url, Some(&server.key), &folder, &sheets, language).await;
            server.stop().await;
            results
        }
    }
    .map_err(worded)?;
    let seconds = begun.elapsed().as_secs_f32();
    say(&results.tables(&folder.plan, language));
    say(&match language {
        ReportLanguage::Chinese => format!("演练完成，用时 {seconds:.1} 秒。"),
        ReportLanguage::English => format!("The rehearsal is done; it took {seconds:.1} s."),
    });
    if let Some(out) = &arguments.out {
        let file = results.write(out).map_err(worded)?;
        say(&format!("{} {}", said("结果已写入", "The results are in"), file.display()));
    }
    Ok(())
}

async fn hold(
    url: &str,
    key: Option<&str>,
    folder: &Folder,
    sheets: &SheetSource,
    language: ReportLanguage,
) -> Result<Results, RehearsalError> {
    let target = prepare(url, key, folder).await?;
    rehearse(&target, folder, sheets, &Options::default(), |view, next| say(&line(folder, view, next, language))).await
}

/// A line of progress: the button, and the heads behind it.
fn line(folder: &Folder, view: &ChairView, next: &NextButton, language: ReportLanguage) -> String {
    let step = |id: Option<u32>| {
        let step = id.and_then(|id| folder.plan.step(id));
        let subject = step.and_then(|step| step.subject).and_then(|id| folder.plan.subject(id));
        subject.map(|subject| subject.branch.clone()).unwrap_or_default()
    };
    let heads = &view.total;
    let zh = language == ReportLanguage::Chinese;
    match next.action {
        NextAction::OpenCheckin => said("开始签到", "Check-in opens").to_owned(),
        NextAction::Begin if zh => format!("会议开始：应到 {} 人，实到 {} 人", heads.entitled, heads.present),
        NextAction::Begin => format!("The meeting begins: {} entitled, {} present", heads.entitled, heads.present),
        NextAction::GoTo => match &next.command {
            Wish::Plain(PlainWish::GoTo { step: id }) => {
                format!("{} {id} {}", said("议程", "Step"), step(Some(*id))).trim_end().to_owned()
            }
            _ => said("下一项议程", "Next step").to_owned(),
        },
        NextAction::StartTimer => {
            format!("{} {}", said("开始计时", "Timer"), step(view.now.step)).trim_end().to_owned()
        }
        NextAction::Arm => said("发出测评票", "Papers are issued").to_owned(),
        NextAction::Open if zh => format!("测评开始：已发出 {} 份", heads.issued),
        NextAction::Open => format!("The round opens: {} issued", heads.issued),
        NextAction::Close if zh => format!("测评结束：已收回 {} 份", heads.returned),
        NextAction::Close => format!("The round closes: {} returned", heads.returned),
        NextAction::Certify => said("监票确认", "The count is certified").to_owned(),
        NextAction::Publish => said("公布结果", "The result is published").to_owned(),
        NextAction::Repeat => said("重新测评", "The round is repeated").to_owned(),
        NextAction::CloseMeeting => said("会议结束", "The meeting is closed").to_owned(),
        NextAction::Archive => said("归档", "Archived").to_owned(),
    }
}

fn say(text: &str) {
    // Where nobody reads the terminal any more, the rehearsal goes on for its results.
    let _ = writeln!(std::io::stdout(), "{text}");
}
