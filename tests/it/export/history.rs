//! Histories as an earlier version stored them: they are read, and have the digests that they had. The files of
//! tests/vectors/history_1 were written by that version, with every command that it knew, and are never written anew.

use pingyi::export::archive::{HISTORY_FILE, MEETING_FILE};
use pingyi::export::restore::restore;
use pingyi::view::chain::{self, ChainLine};
use pingyi_rules::meeting::{Command, Meeting};
use serde_json::Value;

use super::archives::{archived, unpacked};

/// The letters on its printed history.
const DIGITS: &str = "M91F-4R1E-YARB-5T0G-AXPE-HSQ7";

fn written(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../tests/vectors/history_1/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn e16_a_stored_history_is_read_and_written_as_it_was() {
    let stored = written("meeting.json");
    let meeting: Meeting = serde_json::from_slice(&stored).unwrap();
    let before: Value = serde_json::from_slice(&stored).unwrap();
    assert_eq!(serde_json::to_value(&meeting).unwrap(), before);
    let lines: Vec<ChainLine> = serde_json::from_slice(&written("history.json")).unwrap();
    assert_eq!(chain::lines(&meeting.history), lines);
    assert_eq!(chain::digits(&meeting.history).as_deref(), Some(DIGITS));
}

#[test]
fn e16_an_archive_of_that_version_opens_with_its_digits() {
    let file = written("archive.zip");
    let restored = restore(&file).unwrap().meeting.meeting;
    assert_eq!(chain::digits(&restored.history).as_deref(), Some(DIGITS));
    let part = |file: &[u8], wanted: &str| unpacked(file).into_iter().find(|(name, _)| name == wanted).unwrap().1;
    let again = archived(&restored);
    for name in [HISTORY_FILE, MEETING_FILE] {
        assert!(part(&again, name) == part(&file, name), "{name} is another one");
    }
}

#[test]
fn m11_each_command_leaves_the_line_that_it_always_left() {
    let lines: Vec<Value> = serde_json::from_slice(&written("commands.json")).unwrap();
    for line in &lines {
        let command: Command = serde_json::from_value(line["given"].clone()).unwrap();
        assert_eq!(serde_json::to_value(&command).unwrap(), line["given"]);
        assert_eq!(serde_json::to_value(command.remembered()).unwrap(), line["kept"]);
        assert_eq!(command.name(), line["name"]);
    }
}
