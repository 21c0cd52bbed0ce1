//! Rules r1, r2, r3 and r7: what a record is, and what verifiers end with.

use std::process::Command;

use pingyi_rules::ballot::fingerprint::fingerprint;
use pingyi_rules::ballot::manifest::{GroupColumns, Record};
use pingyi_rules::ballot::record::{self, Reason, Variant};
use pingyi_rules::ballot::verify::{Check, FORM_ONLY};
use pingyi_rules::ballot::{Manifest, canonical, merkle};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::fixtures::{Poll, Voters, verified};
use super::python::verify_py;

#[test]
fn r1_the_record_is_canonical_and_the_same_every_time() {
    let mut poll = Poll::standard();
    let record = poll.record();
    assert!(canonical::parse(&record).is_ok());
    poll.sheets.reverse();
    poll.sheets.iter_mut().for_each(|sheet| sheet.reverse());
    assert_eq!(poll.record(), record, "the order of the box does not matter");
    let made = poll.made(Variant::Whole);
    assert_eq!(made.digest.as_slice(), Sha256::digest(&record).as_slice());
    let summary = verified(&record).unwrap();
    assert_eq!((summary.digest, summary.root), (made.digest, made.root));
    assert_eq!(summary.leaves, poll.ballots().len() + poll.written.concat().len());
}

#[test]
fn r1_an_empty_box_has_a_record_too() {
    let mut poll = Poll::of(Voters { a: 0, b: 0, recused: None }, 1, |manifest| manifest.record = Record::Sealed);
    poll.inputs.issuance.iter_mut().for_each(|issuance| issuance.issued = 2);
    for variant in [Variant::Whole, Variant::Sealed, Variant::Withheld] {
        assert_eq!(verified(&poll.made(variant).bytes).unwrap().leaves, 0);
    }
}

#[test]
fn r2_a_sealed_record_holds_leaves_and_no_ballot() {
    let poll = Poll::of_leaves();
    let (whole, sealed) = (poll.made(Variant::Whole), poll.made(Variant::Sealed));
    assert_eq!(whole.root, sealed.root);
    let text = String::from_utf8(sealed.bytes.clone()).unwrap();
    assert!(!text.contains("\"tk\"") && !text.contains("\"ballots\""));
    assert!(verified(&sealed.bytes).unwrap().is_sealed);
    let withheld = verified(&poll.made(Variant::Withheld).bytes).unwrap();
    assert!(withheld.is_sealed && withheld.tally.is_none());
}

proptest! {
    #[test]
    fn r2_the_root_is_that_of_the_rfc(leaves in prop::collection::vec(any::<[u8; 32]>(), 0..70)) {
        fn mth(leaves: &[[u8; 32]]) -> [u8; 32] {
            match leaves {
                [] => Sha256::digest([]).into(),
                [leaf] => *leaf,
                _ => {
                    let k = leaves.len().next_power_of_two() / 2;
                    merkle::node(&mth(&leaves[..k]), &mth(&leaves[k..]))
                }
            }
        }
        prop_assert_eq!(merkle::root(&leaves), mth(&leaves));
    }
}

#[test]
fn r3_verifiers_end_with_the_number_of_the_check() {
    let poll = Poll::standard();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        file
    };
    let good = write("record.json", &poll.record());
    let bad = write("bad.json", &poll.forged().with(|v| v["issuance"][0]["issued"] = 1.into()).signed().bytes());
    let proof = write("proof.json", &poll.proof(0));
    let none = folder.path().join("none.json");
    let first = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pingyi"));
        command.arg("verify");
        command
    };
    let mark = fingerprint(poll.round.frozen.hash());
    for verifier in [&first as &dyn Fn() -> Command, &verify_py] {
        for (language, holds, breaks) in [("zh", "记录成立", "。"), ("en", "The record holds", ".")] {
            let run = |more: &[&std::ffi::OsStr]| {
                verifier().args(["--language", language]).args(more).env("LC_ALL", "C.UTF-8").output().unwrap()
            };
            let done = run(&[good.as_os_str(), "--proof".as_ref(), proof.as_os_str()]);
            let said = String::from_utf8(done.stdout).unwrap();
            assert_eq!(done.status.code(), Some(0), "{said}");
            assert!(said.contains(holds) && said.contains(&mark), "{said}");
            let done = run(&[bad.as_os_str()]);
            let said = String::from_utf8(done.stderr).unwrap();
            assert_eq!(done.status.code(), Some(20), "{said}");
            assert!(said.contains("V10") && said.contains(breaks) && said.trim().lines().count() == 1, "{said}");
            assert_eq!(run(&[none.as_os_str()]).status.code(), Some(1));
            assert_eq!(run(&["--nothing".as_ref()]).status.code(), Some(2));
        }
    }
    let mut sentences: Vec<_> = Check::ALL.iter().flat_map(|check| check.sentences()).collect();
    sentences.sort_unstable();
    sentences.dedup();
    assert_eq!(sentences.len(), 32, "each check has a sentence of its own in each language");
    assert_eq!(Check::ALL.map(Check::exit_code).as_slice(), (11..=26).collect::<Vec<u8>>());
}

#[test]
fn r41_a_record_without_ballots_is_told_apart_from_one_that_was_counted_again() {
    let poll = Poll::of_leaves();
    let folder = tempfile::tempdir().unwrap();
    let first = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pingyi"));
        command.arg("verify");
        command
    };
    for (variant, code) in [(Variant::Whole, 0), (Variant::Sealed, FORM_ONLY), (Variant::Withheld, FORM_ONLY)] {
        let file = folder.path().join("record.json");
        std::fs::write(&file, poll.made(variant).bytes).unwrap();
        for verifier in [&first as &dyn Fn() -> Command, &verify_py] {
            for (language, recounted, form_only) in [
                ("zh", "已重新计票", "形式成立，结果没有重新计票"),
                ("en", "The record holds", "result was not recounted"),
            ] {
                let run =
                    verifier().args(["--language", language]).arg(&file).env("LC_ALL", "C.UTF-8").output().unwrap();
                let said = String::from_utf8(run.stdout).unwrap();
                assert_eq!(run.status.code(), Some(code.into()), "{said}");
                assert_eq!((said.contains(recounted), said.contains(form_only)), (code == 0, code != 0), "{said}");
            }
        }
    }
}

#[test]
fn r14_few_sheets_on_a_channel_seal_the_public_record() {
    let sealed = |poll: &Poll| poll.reasons() == [Reason::Channel];
    let hall = |a| Poll::of(Voters { a, b: 7, recused: None }, 1, |_| {});
    assert_eq!(hall(6).with_paper(9, 1).reasons(), [], "eight on paper, six on phones");
    // Together they are enough for every figure, and a whole record would tell them apart.
    for few in [hall(6).with_paper(4, 0), hall(3).with_paper(9, 1), hall(6).with_paper(5, 0).with_paper_of_a_leader(3)]
    {
        assert!(sealed(&few));
        let public = few.made(Variant::Sealed).bytes;
        let tally = verified(&public).unwrap().tally.unwrap();
        assert!(tally.sheets.groups.is_some() && tally.rows.iter().all(|row| row.groups.is_some()));
        let text = String::from_utf8(public).unwrap();
        assert!(text.contains(r#""paper":{}"#) && !text.contains(r#""ballots""#));
        assert_eq!(verified(&few.record()).map(|whole| whole.is_sealed), Ok(false), "the scrutineers' holds");
    }
}

#[test]
fn r7_small_groups_are_hidden_and_their_ballots_sealed() {
    let voters = Voters { a: 6, b: 5, recused: None };
    let why = |change: fn(&mut Manifest)| Poll::of(voters, 1, change).reasons();
    assert_eq!(Poll::standard().reasons(), []);
    assert_eq!(why(|manifest| manifest.record = Record::Sealed), [Reason::Record]);
    assert_eq!(why(|manifest| manifest.group_columns = GroupColumns::TotalsOnly), [Reason::Hidden]);
    assert_eq!(why(|manifest| manifest.k_min = 6), [Reason::Hidden]);
    // One of five is recused in row 2: four ballots there.
    let recused = Poll::of(Voters { recused: Some(2), ..voters }, 1, |_| {});
    assert_eq!(recused.reasons(), [Reason::Hidden]);
    let tally = verified(&recused.record()).unwrap().tally.unwrap();
    assert_eq!(tally.rows.iter().map(|row| row.groups.is_some()).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(tally.rows.iter().map(record::TallyRow::tells_counts).collect::<Vec<_>>(), [true, false, true]);
    assert!(tally.rows.iter().flat_map(|row| &row.score).all(|score| score.split_once('.').unwrap().1.len() == 1));
}
