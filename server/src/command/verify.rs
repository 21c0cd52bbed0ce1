//! `pingyi verify`: recounts a record and says what it found. It reads files and prints; every check is `ballot::verify`'s.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::language;
use crate::folder::ReportLanguage;
use pingyi_rules::ballot::fraud::Fraud;
use pingyi_rules::ballot::verify::{FRAUD, Fault, RecordPlace, Summary, verify, verify_fraud, verify_with_whole};

/// Ballots from which on the terminal is told how far it is.
const PROGRESS_BALLOTS: usize = 10_000;

/// What `verify` can be told.
#[derive(clap::Args, Clone, Debug)]
#[group(skip)]
pub struct Arguments {
    /// The record, as it was downloaded; not needed for a proof of fraud.
    #[arg(required_unless_present = "proof")]
    pub record: Option<PathBuf>,
    /// The whole record, as scrutineers have it: both must be one count.
    #[arg(long, requires = "record")]
    pub whole: Option<PathBuf>,
    /// A phone's proof: its ballots must be in the record. Or a proof of fraud that a phone kept.
    #[arg(long)]
    pub proof: Option<PathBuf>,
    /// zh or en; the terminal's language without it.
    #[arg(long, value_parser = spoken)]
    pub language: Option<ReportLanguage>,
}

fn spoken(text: &str) -> Result<ReportLanguage, &'static str> {
    match text {
        "zh" => Ok(ReportLanguage::Chinese),
        "en" => Ok(ReportLanguage::English),
        _ => Err("zh or en"),
    }
}

/// Checks, prints, and ends with 0 where it counted again, with [`FORM_ONLY`](pingyi_rules::ballot::verify::FORM_ONLY) where there was
/// nothing to count, with 10 + the number of the first check that fails, or with 1 for a file that cannot be read.
#[must_use]
pub fn run(arguments: &Arguments) -> ExitCode {
    let language = arguments.language.unwrap_or_else(language);
    let read = |file: &Path| {
        std::fs::read(file).map_err(|error| match language {
            ReportLanguage::Chinese => format!("{} 无法读取（{error}）：请检查文件名和权限。", file.display()),
            ReportLanguage::English => {
                format!("{} cannot be read ({error}): check its name and permissions.", file.display())
            }
        })
    };
    let beside = |file: &Option<PathBuf>| file.as_deref().map(read).transpose();
    let read_all = || -> Result<_, String> {
        Ok((beside(&arguments.record)?, beside(&arguments.whole)?, beside(&arguments.proof)?))
    };
    let (record, whole, proof) = match read_all() {
        Ok(files) => files,
        Err(sentence) => {
            complain(&sentence);
            return ExitCode::FAILURE;
        }
    };
    let Some(record) = record else { return judged(verify_fraud(&proof.unwrap_or_default()), language) };
    let progress = Progress::default().shown();
    let found_in = match &whole {
        Some(whole) => verify_with_whole(&record, whole, proof.as_deref(), &progress),
        None => verify(&record, proof.as_deref(), &progress),
    };
    match found_in {
        Ok(summary) => {
            say(&found(&summary, language));
            ExitCode::from(summary.exit_code())
        }
        Err(fault) => {
            complain(&sentence(&fault, language));
            ExitCode::from(fault.check.exit_code())
        }
    }
}

/// What is said of a proof of fraud by itself.
fn judged(fraud: Result<Fraud, Fault>, language: ReportLanguage) -> ExitCode {
    match fraud {
        Ok(fraud) => {
            say(&told(&fraud, language));
            ExitCode::from(FRAUD)
        }
        Err(fault) => {
            complain(&sentence(&fault, language));
            ExitCode::from(fault.check.exit_code())
        }
    }
}

/// What a proof of fraud says.
fn told(fraud: &Fraud, language: ReportLanguage) -> String {
    let Fraud { box_key, meeting, round, manifests, .. } = fraud;
    let hashes: String = manifests.iter().map(|promised| format!("\n  {}", promised.hash)).collect();
    match language {
        ReportLanguage::Chinese => format!(
            "这是作弊的证据：会议 {meeting} 第 {round} 轮，同一把票箱密钥（{box_key}）签署了两份不同的规则清单：{hashes}\n有人拿到的测评规则与会场不同。请暂停测评，交给监票人。"
        ),
        ReportLanguage::English => format!(
            "This is a proof of fraud: for round {round} of meeting {meeting} one box key ({box_key}) signed two manifests:{hashes}\nSomebody was to vote under other rules than the hall. Stop the evaluation, and give it to the scrutineers."
        ),
    }
}

/// Every tenth of a long list, on the terminal.
#[derive(Default)]
struct Progress {
    tenths: AtomicUsize,
}

impl Progress {
    fn shown(self) -> impl Fn(usize, usize) + Sync {
        move |done, of| {
            let tenth = done * 10 / of.max(1);
            if of >= PROGRESS_BALLOTS && self.tenths.fetch_max(tenth, Ordering::Relaxed) < tenth {
                complain(&format!("{done} / {of}"));
            }
        }
    }
}

/// The verdict on a record that does not hold, with where it does not.
#[must_use]
pub fn sentence(fault: &Fault, language: ReportLanguage) -> String {
    let [zh, en] = fault.check.sentences();
    let number = fault.check.number();
    let place = match &fault.place {
        RecordPlace::Whole => String::new(),
        RecordPlace::Ballot(at) => format!("#{}", at + 1),
        RecordPlace::Contest(contest) => format!("c{contest}"),
        RecordPlace::Group(group, None) => group.clone(),
        RecordPlace::Group(group, Some(contest)) => format!("c{contest}.g{group}"),
        RecordPlace::Member(member) => (*member).to_owned(),
    };
    let place = if place.is_empty() { place } else { format!(" [{place}]") };
    let place = match (fault.in_whole, language) {
        (false, _) => place,
        (true, ReportLanguage::Chinese) => format!("（完整记录）{place}"),
        (true, ReportLanguage::English) => format!(" (in the whole record){place}"),
    };
    match language {
        ReportLanguage::Chinese => format!("V{number}：{zh}{place}"),
        ReportLanguage::English => format!("V{number}: {en}{place}"),
    }
}

fn found(summary: &Summary, language: ReportLanguage) -> String {
    let manifest = summary.frozen.manifest();
    let zh = language == ReportLanguage::Chinese;
    let mut lines = Vec::new();
    let mut line = |chinese: String, english: String| lines.push(if zh { chinese } else { english });
    let (title, round) = (&manifest.title, manifest.round);
    line(format!("{title}，第 {round} 轮"), format!("{title}, round {round}"));
    let print = summary.frozen.fingerprint();
    let fingerprint = |hash: &[u8; 32]| summary.frozen.edition().fingerprint(hash);
    line(format!("校验码    {print}"), format!("Fingerprint    {print}"));
    let (digits, digest) = (fingerprint(&summary.digest), data_encoding::HEXLOWER.encode(&summary.digest));
    line(format!("记录码    {digits}  sha256 {digest}"), format!("Record digest  {digits}  sha256 {digest}"));
    let leaves = summary.leaves;
    line(format!("票        {leaves}"), format!("Ballots        {leaves}"));
    for row in summary.tally.iter().flat_map(|tally| &tally.rows) {
        let branch = manifest.contests.iter().find(|contest| contest.c == row.c).map_or("", |contest| &contest.branch);
        let score = row.score.as_deref().unwrap_or("–");
        line(format!("  {branch}：{score}"), format!("  {branch}: {score}"));
    }
    for left in &summary.left_out {
        let (name, sheets) = (&left.name, left.sheets);
        line(
            format!("未等服务器“{name}”即计票：它收到的 {sheets} 份可能未计入。"),
            format!("Counted without server “{name}”: up to {sheets} sheets that it took may be missing."),
        );
    }
    if let Some(whole) = &summary.whole {
        let (digits, digest) = (fingerprint(whole), data_encoding::HEXLOWER.encode(whole));
        line(format!("完整记录码 {digits}  sha256 {digest}"), format!("Whole record   {digits}  sha256 {digest}"));
    }
    if summary.is_sealed && summary.whole.is_none() {
        line(
            "票由监票人保管，公开的只有摘要：V4–V7 未查。".to_owned(),
            "The ballots are with the scrutineers and only their leaves are public: V4 to V7 were not checked."
                .to_owned(),
        );
    }
    if let Some(own) = summary.own {
        line(format!("凭证中的 {own} 张票都在记录里。"), format!("All {own} ballots of the proof are in the record."));
    }
    if let Some(fraud) = &summary.fraud {
        let [chinese, english] =
            [ReportLanguage::Chinese, ReportLanguage::English].map(|language| told(fraud, language));
        line(chinese, english);
    }
    let [zh, en] = holds(summary);
    line(zh.to_owned(), en.to_owned());
    lines.join("\n")
}

/// The last sentence: what of a record that holds was proved. Chinese, English.
fn holds(summary: &Summary) -> [&'static str; 2] {
    if summary.whole.is_some() {
        return match &summary.tally {
            Some(_) => [
                "两份记录是同一次计票：完整记录已重新计票，公开记录正是由它得出的。",
                "Both are one count: the whole record was recounted, and the public one is exactly what follows from it.",
            ],
            None => [
                "两份记录是同一次计票：完整记录已重新计票；公开记录不含数字，票与它相同。",
                "Both are one count: the whole record was recounted; the public one tells no figure, of the same ballots.",
            ],
        };
    }
    match (&summary.tally, summary.is_sealed) {
        (_, false) => ["记录成立：已重新计票，结果与记录一致。", "The record holds: counting again gives its result."],
        (Some(_), true) => [
            "形式成立，结果没有重新计票：这份记录里没有票，请与监票人手中的完整记录一起核验。",
            "Its form holds; the result was not recounted: there are no ballots in this record, only in the whole one that the scrutineers have.",
        ],
        (None, true) => [
            "形式成立，结果没有重新计票：结果没有向会场公布，这份记录里没有计票数字。",
            "Its form holds; the result was not recounted: it was not released to the hall, and this record tells no figure.",
        ],
    }
}

fn say(text: &str) {
    // Whoever closed the terminal still gets the exit code.
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
