//! Rule r42: records of format 1 verify as before. The files were made by the program of that time, each kind once; nothing
//! makes them anew.

use pingyi::export::restore::restore;
use pingyi::view;
use pingyi::view::chain;
use pingyi_rules::ballot::fingerprint::sixteen_digits;

use super::fixtures::verified;
use super::tampering::{Case, FORM, caught};

/// A file of those that were kept.
pub fn kept(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/records_1");
    std::fs::read(std::path::Path::new(folder).join(format!("{name}.json"))).unwrap()
}

const WHOLE: [&str; 5] = ["whole", "small", "paper", "items", "combined"];
const SEALED: [&str; 7] =
    ["sealed", "withheld", "small_sealed", "paper_sealed", "items_sealed", "combined_sealed", "combined_withheld"];

#[test]
fn r42_records_of_format_1_verify_as_before() {
    let case = |wanted| move |name: &&'static str| -> Case { (*name, wanted, kept(name), None) };
    let mut cases: Vec<Case> = WHOLE.iter().map(case(0)).chain(SEALED.iter().map(case(FORM))).collect();
    cases.push(("whole, with a proof", 0, kept("whole"), Some(kept("proof"))));
    cases.push(("sealed, with a proof", FORM, kept("sealed"), Some(kept("proof"))));
    cases.push(("a proof of another record", 15, kept("items"), Some(kept("proof"))));
    caught(cases);
    for name in WHOLE {
        assert!(!verified(&kept(name)).unwrap().is_sealed, "{name}");
    }
    for name in SEALED {
        assert!(verified(&kept(name)).unwrap().is_sealed, "{name}");
    }
    let paper = verified(&kept("paper")).unwrap();
    assert_eq!(
        (paper.left_out.len(), paper.tally.unwrap().sheets.invalid),
        (1, 1),
        "the files hold what their names say"
    );
}

#[test]
fn r42_an_archive_of_that_time_opens_with_its_digits() {
    let file = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/archive_1.zip")).unwrap();
    let restored = restore(&file).unwrap();
    let meeting = restored.meeting.meeting;
    let round = view::round(&meeting, &meeting.rounds[0]);
    assert_eq!(round.fingerprint.as_deref(), Some("5419-9609-3181-6616"));
    assert_eq!(view::result::all_for_chair(&meeting)[0].record.as_ref().unwrap().digits, "3486-5253-7012-4690");
    // As they stand on what was printed and signed then.
    assert_eq!(chain::digits(&meeting.history).as_deref(), Some("3955-7595-7989-8077"));
    assert_eq!(restored.manifests.len(), 1);
    let m = data_encoding::HEXLOWER.decode(round.manifest_hash.unwrap().as_bytes()).unwrap();
    assert_eq!(sixteen_digits(&m.try_into().unwrap()), "5419-9609-3181-6616");
}
