//! The archive as a file: what is in it, what is not, and what comes back.

use std::io::{Cursor, Read as _, Write as _};

use pingyi::export::archive::{ArchiveContents, FORMAT, HISTORY_FILE, MeetingFile, RECORDS_BYTES_MAX, archive};
use pingyi::export::restore::{Unreadable, restore};
use pingyi::view;
use pingyi::view::chain::ChainLine;
use pingyi_rules::meeting::plan::{EntitledSeat, Publication};
use pingyi_rules::meeting::round::PublicRecord;
use pingyi_rules::meeting::{Command, HistoryEntry, Meeting, Phase, PlainWish};
use sha2::{Digest as _, Sha256};

use super::{institute, with_a_small_group};

fn seats(meeting: &Meeting) -> Vec<EntitledSeat> {
    let of_group = |group: &pingyi_rules::meeting::plan::Group| vec![group.id.clone(); group.entitled as usize];
    let groups = meeting.plan.groups.iter().flat_map(of_group);
    let seat = |(seat, group)| EntitledSeat {
        seat,
        name: String::new(),
        role: String::new(),
        group,
        leads_subject: None,
        present: true,
    };
    (1..).zip(groups).map(seat).collect()
}

pub(crate) fn archived(meeting: &Meeting) -> Vec<u8> {
    with_records(meeting, Vec::new())
}

fn with_records(meeting: &Meeting, records: Vec<(u32, bytes::Bytes)>) -> Vec<u8> {
    let kept = view::archived::archived(meeting);
    let prints = view::prints::prints(meeting, view::prints::PrintInputs::default());
    let explained = meeting.rounds.iter().filter_map(|round| view::explained::explained(meeting, round)).collect();
    let format = FORMAT.to_owned();
    let file = MeetingFile { format, meeting: kept.meeting, seats: seats(meeting), withheld: kept.withheld };
    let print_page = serde_json::to_vec(&prints).unwrap();
    archive(&ArchiveContents { meeting: file, prints, explained, manifests: Vec::new(), records, print_page }).unwrap()
}

/// Every part, unpacked; those of workbooks too.
pub(crate) fn unpacked(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut parts = Vec::new();
    for place in 0..zip.len() {
        let mut part = zip.by_index(place).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        let name = part.name().unwrap().into_owned();
        if name.ends_with(".xlsx") {
            parts.extend(unpacked(&bytes));
        }
        parts.push((name, bytes));
    }
    parts
}

#[test]
fn e7_an_archive_holds_what_the_chair_saw_and_gives_it_back() {
    let meeting = institute(Publication::HallScores);
    let file = archived(&meeting);
    let names: Vec<String> = unpacked(&file).into_iter().map(|(name, _)| name).collect();
    for wanted in ["README.txt", "print.html", "results.json", "explained.json", "history.json", "meeting.json"] {
        assert!(names.iter().any(|name| name == wanted), "{wanted} is missing in {names:?}");
    }
    for wanted in ["tables/round-1.zh.xlsx", "tables/round-1.en.summary.csv", "tables/round-1.zh.groups.csv"] {
        assert!(names.iter().any(|name| name == wanted), "{wanted} is missing in {names:?}");
    }
    let back = restore(&file).unwrap();
    assert!(back.meeting.withheld.is_empty());
    assert_eq!(back.meeting.meeting, meeting);
    assert_eq!(back.meeting.seats, seats(&meeting));
    let results = view::result::all_for_chair(&back.meeting.meeting);
    assert_eq!(results, view::result::all_for_chair(&meeting));
    assert_eq!(results.len(), 1);
}

#[test]
fn e5_no_part_of_an_archive_tells_a_small_group() {
    let meeting = with_a_small_group();
    let file = archived(&meeting);
    for (name, bytes) in unpacked(&file) {
        let text = String::from_utf8_lossy(&bytes).replace([' ', '\n'], "");
        for hidden in ["73.33", "46.67", "73.3", "46.7", "[1,1,0,1]", "[0,0,1,2]", "220/3", "\"returned\":3"] {
            assert!(!text.contains(hidden), "{hidden} is in {name}");
        }
    }
    let back = restore(&file).unwrap();
    assert_eq!(back.meeting.withheld, [1]);
    assert_eq!(back.meeting.meeting.rounds[0].tally, None);
    // The totals were told in the hall, and are still there.
    let told = |meeting: &Meeting| view::result::accounts(meeting, &meeting.rounds[0]).unwrap();
    assert_eq!(told(&back.meeting.meeting), told(&meeting));
    let freeze = back.meeting.meeting.history.iter().find(|entry| matches!(entry.command, Command::Freeze { .. }));
    assert!(!format!("{freeze:?}").contains("[1, 1, 0, 1]"), "the history says it again");
    // The control: what was searched for is in an archive that may hold it.
    let mut open = meeting;
    open.plan.k_min = 1;
    let text: String = unpacked(&archived(&open)).iter().map(|(_, bytes)| String::from_utf8_lossy(bytes)).collect();
    assert!(text.contains("73.33") && text.contains("220/3"));
}

#[test]
fn e5_a_held_result_is_in_no_part_of_an_archive() {
    let meeting = institute(Publication::Held);
    let file = archived(&meeting);
    for (name, bytes) in unpacked(&file) {
        let text = String::from_utf8_lossy(&bytes);
        for hidden in ["93.71", "94.29", "98.00", "660/7"] {
            assert!(!text.contains(hidden), "{hidden} is in {name}");
        }
    }
    assert_eq!(restore(&file).unwrap().meeting.withheld, [1]);
}

#[test]
fn e10_a_record_is_the_one_that_was_published_or_none() {
    let record = bytes::Bytes::from_static(b"{}");
    let mut meeting = institute(Publication::HallScores);
    let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(&record));
    let published = PublicRecord { digest, digits: "M4VX-8TQ0-2JRW-6BKC-97ZD-H1YE".to_owned(), sealed: false };
    meeting.rounds[0].record = Some(published);
    let with = |record: &[u8]| restore(&with_records(&meeting, vec![(1, bytes::Bytes::copy_from_slice(record))]));
    assert_eq!(with(&record).unwrap().meeting.meeting, meeting);
    assert!(matches!(with(b"{} "), Err(Unreadable::Broken(what)) if what.contains("records/round-1.json")));
    // One that is too large for a file on a stick is told by its digest, and by where it was.
    let large = vec![b' '; RECORDS_BYTES_MAX + 1];
    let parts = unpacked(&with_records(&meeting, vec![(1, large.clone().into()), (2, record)]));
    let text = |name: &str| parts.iter().find(|(known, _)| known == name).map(|(_, bytes)| bytes.clone());
    assert_eq!(text("records/round-1.json"), None);
    assert_eq!(text("records/round-2.json").unwrap(), b"{}");
    let left_out = String::from_utf8(text("records/left-out.txt").unwrap()).unwrap();
    assert!(left_out.contains(&data_encoding::HEXLOWER.encode(&Sha256::digest(&large))), "{left_out}");
    assert!(left_out.starts_with("/m/m2345678/rounds/1/record.json"));
}

#[test]
fn e8_what_is_no_archive_is_refused_whole() {
    let meeting = institute(Publication::HallScores);
    let file = archived(&meeting);
    assert_eq!(restore(b"not a zip").unwrap_err(), Unreadable::NotAnArchive);
    assert_eq!(restore(&[]).unwrap_err(), Unreadable::NotAnArchive);
    for cut in [1, 100, file.len() / 2, file.len() - 1] {
        assert!(restore(&file[..cut]).is_err(), "cut at {cut}");
    }
    let with = |json: &[u8]| {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("meeting.json", zip::write::SimpleFileOptions::DEFAULT).unwrap();
        zip.write_all(json).unwrap();
        restore(&zip.finish().unwrap().into_inner()).map(|_| ())
    };
    let (_, json) = unpacked(&file).into_iter().find(|(name, _)| name == "meeting.json").unwrap();
    assert_eq!(with(&json), Ok(()));
    let changed = |change: &dyn Fn(&mut MeetingFile)| {
        let mut meeting: MeetingFile = serde_json::from_slice(&json).unwrap();
        change(&mut meeting);
        with(&serde_json::to_vec(&meeting).unwrap()).unwrap_err()
    };
    assert_eq!(changed(&|file| file.format = "pingyi-archive/2".to_owned()), Unreadable::OtherFormat);
    assert!(matches!(changed(&|file| file.meeting.phase = Phase::InSession), Unreadable::Broken(_)));
    assert!(matches!(changed(&|file| file.meeting.id = "../../etc".to_owned()), Unreadable::Broken(_)));
    assert!(matches!(changed(&|file| file.seats[0].seat = 2), Unreadable::Broken(_)));
    assert!(matches!(changed(&|file| file.meeting.people_erased = true), Unreadable::Broken(_)));
    let mut unknown: serde_json::Value = serde_json::from_slice(&json).unwrap();
    unknown["more"] = 1.into();
    assert!(matches!(with(&serde_json::to_vec(&unknown).unwrap()), Err(Unreadable::Broken(_))));
    // A part that unpacks to more than there can be: 65 MiB of blanks.
    let bomb = [json.as_slice(), &vec![b' '; 65 * 1024 * 1024]].concat();
    assert_eq!(with(&bomb), Err(Unreadable::TooLarge));
}

/// The archive with another part in place of one of its own.
fn replaced(file: &[u8], part: &str, by: &[u8]) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for place in 0..from.len() {
        let name = from.by_index(place).unwrap().name().unwrap().into_owned();
        let mut bytes = Vec::new();
        from.by_index(place).unwrap().read_to_end(&mut bytes).unwrap();
        to.start_file(&*name, zip::write::SimpleFileOptions::DEFAULT).unwrap();
        to.write_all(if name == part { by } else { &bytes }).unwrap();
    }
    to.finish().unwrap().into_inner()
}

/// A meeting of which some was commanded.
fn with_history() -> Meeting {
    let mut meeting = institute(Publication::HallScores);
    meeting.history.clear();
    for (at_ms, step) in [(1_000, 1), (2_000, 2), (3_000, 1)] {
        meeting.history.push(HistoryEntry { at_ms, command: Command::Plain(PlainWish::GoTo { step }) });
    }
    meeting
}

#[test]
fn e16_a_changed_line_of_the_history_breaks_the_chain() {
    let meeting = with_history();
    let file = archived(&meeting);
    let history = unpacked(&file).into_iter().find(|(name, _)| name == HISTORY_FILE).unwrap().1;
    let lines: Vec<ChainLine> = serde_json::from_slice(&history).unwrap();
    assert_eq!(lines.len(), 3);
    let prints = view::prints::prints(&meeting, view::prints::PrintInputs::default());
    let last = data_encoding::HEXLOWER.decode(lines[2].digest.as_bytes()).unwrap().try_into().unwrap();
    assert_eq!(prints.history_digits, Some(pingyi_rules::ballot::fingerprint::fingerprint(&last)));
    assert!(restore(&file).is_ok());
    let forgeries: [fn(&mut Vec<ChainLine>); 4] = [
        |lines| lines[1].at_ms += 1,
        |lines| lines[1].command = Command::Plain(PlainWish::GoTo { step: 3 }),
        |lines| drop(lines.remove(1)),
        |lines| lines.swap(0, 1),
    ];
    for forge in forgeries {
        let mut forged = lines.clone();
        forge(&mut forged);
        let bytes = serde_json::to_vec(&forged).unwrap();
        let refused = restore(&replaced(&file, HISTORY_FILE, &bytes)).unwrap_err();
        assert!(matches!(refused, Unreadable::Broken(what) if what.contains(HISTORY_FILE)), "{forged:?}");
    }
    // Every digest after a change is another one, and none before it.
    let mut changed = meeting.history.clone();
    changed[1].at_ms += 1;
    let again = pingyi::view::chain::lines(&changed);
    assert_eq!(again[0].digest, lines[0].digest);
    assert!((1..3).all(|place| again[place].digest != lines[place].digest));
}
