//! A whole meeting as one zip file that can be read without the server: results, explanations and history as JSON, tables
//! as xlsx and CSV, every form on one page for any browser, and `meeting.json`, from which a server restores it.

use std::io::{Cursor, Write as _};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::csv::csv;
use super::tables::TableSource;
use super::words::Language;
use super::xlsx::xlsx;
use crate::protocol::{Explained, PlanView, Prints, ResultView, RoundView};
use crate::view::chain;
use pingyi_rules::meeting::Meeting;
use pingyi_rules::meeting::plan::EntitledSeat;

/// What `meeting.json` says it is.
pub const FORMAT: &str = "pingyi-archive/1";
/// From which a server restores the meeting.
pub const MEETING_FILE: &str = "meeting.json";
/// The history as a chain.
pub const HISTORY_FILE: &str = "history.json";

/// Bytes of all records in an archive; what does not fit is told by its digest only.
pub const RECORDS_BYTES_MAX: usize = 48 * 1024 * 1024;
/// Where records are that do not fit.
const LEFT_OUT_FILE: &str = "records/left-out.txt";

const README: &str = "\u{feff}评议：会议档案  Pingyi: the archive of a meeting\r\n\r\n\
    print.html      用浏览器打开，可打印全部表格  open it in a browser: every form, ready to print\r\n\
    tables/         各轮汇总表（xlsx、csv）  the tables of each round\r\n\
    results.json    结果  the results, as the chair saw them\r\n\
    explained.json  每个数字的算式  every figure with its formula\r\n\
    history.json    每一步操作，逐条串成校验链  every command with its time (milliseconds since 1970), each with a digest over all before it\r\n\
    records/        已公布各轮的测评记录，可用 pingyi verify 核验  the record of each published round, as everybody may have it\r\n\
    manifests/      各轮规则清单，其摘要即校验码  the rules of each round, as they were fingerprinted\r\n\
    meeting.json    用于恢复：pingyi restore 档案.zip  from which a server restores it: pingyi restore FILE\r\n";

/// What `meeting.json` holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeetingFile {
    /// [`FORMAT`].
    pub format: String,
    /// The meeting, without the counts that are withheld.
    pub meeting: Meeting,
    /// The entitled seats; names only where the admission is by roster.
    pub seats: Vec<EntitledSeat>,
    /// The rounds whose counts by group are withheld.
    pub withheld: Vec<u32>,
}

/// What an archive is made of; each part was cut to what the chair may see before.
#[derive(Clone, Debug)]
pub struct ArchiveContents {
    /// From which it is restored.
    pub meeting: MeetingFile,
    /// What is printed, which holds plan and results.
    pub prints: Prints,
    /// Every figure of each round, opened.
    pub explained: Vec<Explained>,
    /// The canonical manifest of each round that has one.
    pub manifests: Vec<(u32, Vec<u8>)>,
    /// The record of each published round, as everybody can download it (rule r8).
    pub records: Vec<(u32, Bytes)>,
    /// The print page with `prints` in it.
    pub print_page: Vec<u8>,
}

/// The file.
///
/// # Errors
/// In words, where a part cannot be written; within the limits of a meeting it can.
pub fn archive(contents: &ArchiveContents) -> Result<Vec<u8>, String> {
    let mut zip = Zip(ZipWriter::new(Cursor::new(Vec::new())));
    zip.add("README.txt", README.as_bytes())?;
    zip.add("print.html", &contents.print_page)?;
    zip.add_json("results.json", &contents.prints.results)?;
    zip.add_json("explained.json", &contents.explained)?;
    zip.add_json(HISTORY_FILE, &chain::lines(&contents.meeting.meeting.history))?;
    for result in &contents.prints.results {
        for language in [Language::Zh, Language::En] {
            zip.add_tables(&contents.prints, result, language)?;
        }
    }
    for (round, manifest) in &contents.manifests {
        zip.add(&format!("manifests/round-{round}.json"), manifest)?;
    }
    zip.add_records(contents)?;
    zip.add_json(MEETING_FILE, &contents.meeting)?;
    let file = zip.0.finish().map_err(|error| error.to_string())?;
    Ok(file.into_inner())
}

/// Where a round's record is.
#[must_use]
pub fn record_file(round: u32) -> String {
    format!("records/round-{round}.json")
}

/// What the tables of a result are made of.
#[must_use]
pub fn source<'a>(
    plan: &'a PlanView,
    rounds: &'a [RoundView],
    result: &'a ResultView,
    language: Language,
) -> TableSource<'a> {
    TableSource { plan, result, round: rounds.iter().find(|round| round.number == result.round), language }
}

struct Zip(ZipWriter<Cursor<Vec<u8>>>);

impl Zip {
    fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), String> {
        // Without a time: the same meeting gives the same file.
        let options = SimpleFileOptions::DEFAULT.compression_method(CompressionMethod::Deflated);
        self.0.start_file(name, options).map_err(|error| error.to_string())?;
        self.0.write_all(bytes).map_err(|error| error.to_string())
    }

    fn add_json(&mut self, name: &str, value: &impl Serialize) -> Result<(), String> {
        let json = serde_json::to_vec_pretty(value).map_err(|error| error.to_string())?;
        self.add(name, &json)
    }

    fn add_records(&mut self, contents: &ArchiveContents) -> Result<(), String> {
        let (mut room, mut left_out) = (RECORDS_BYTES_MAX, String::new());
        for (number, record) in &contents.records {
            if let Some(rest) = room.checked_sub(record.len()) {
                room = rest;
                self.add(&record_file(*number), record)?;
            } else {
                let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(record));
                let id = &contents.meeting.meeting.id;
                left_out += &format!("/m/{id}/rounds/{number}/record.json  SHA-256 {digest}\r\n");
            }
        }
        if left_out.is_empty() { Ok(()) } else { self.add(LEFT_OUT_FILE, left_out.as_bytes()) }
    }

    fn add_tables(&mut self, prints: &Prints, result: &ResultView, language: Language) -> Result<(), String> {
        let source = source(&prints.plan, &prints.rounds, result, language);
        let at = format!("tables/round-{}.{}", result.round, language.code());
        self.add(&format!("{at}.xlsx"), &xlsx(&source.tables())?)?;
        for (name, table) in [
            ("summary", source.summary()),
            ("groups", source.all_groups()),
            ("accounts", source.accounts()),
            ("rules", source.rules()),
        ] {
            self.add(&format!("{at}.{name}.csv"), &csv(&table))?;
        }
        Ok(())
    }
}
