//! Rule r43: a public record and the whole one are one count, or all three verifiers say in what they differ.

use std::process::Command;

use pingyi_rules::ballot::record::Variant;
use pingyi_rules::ballot::verify::{RecordPlace, verify_with_whole};
use pingyi_rules::scoring::MissingItem;
use serde_json::{Value, json};

use super::fixtures::{Forgery, Poll, Voters, ends_together, itemised};
use super::old::kept;
use super::python::{self, Asked, verify_py};
use super::reasons::{few_on_paper, sealed_by_hand};
use super::tampering::{FORM, caught, exit_of};

/// What was done, the check that must catch it (or 0), the public record and the whole one.
type Pair = (&'static str, u8, Vec<u8>, Vec<u8>);

fn judged(pairs: Vec<Pair>) {
    let asked: Vec<Asked> = pairs.iter().map(|(_, _, told, whole)| (told.clone(), None, Some(whole.clone()))).collect();
    let others = python::verdicts_together(&asked).into_iter().zip(python::browser_verdicts_together(&asked));
    for (((what, wanted, ..), asked), (second, third)) in pairs.iter().zip(&asked).zip(others) {
        let wanted = exit_of(*wanted);
        assert_eq!(ends_together(asked), wanted, "{what}");
        assert_eq!(second, wanted, "{what}, by tests/verify.py");
        assert_eq!(third, wanted, "{what}, in the browser");
    }
}

/// The best and the worst subject have changed places, with all their figures.
fn exchanged(forgery: Forgery) -> Forgery {
    forgery.with(|v| {
        let rows = v["tally"]["rows"].as_array_mut().unwrap();
        let by_rank = |row: &&mut Value| row["rank"].as_u64().unwrap();
        let (best, worst) = (rows.iter_mut().min_by_key(by_rank).unwrap()["c"].clone(), rows.len());
        let best = usize::try_from(best.as_u64().unwrap()).unwrap() - 1;
        let worst = if best == worst - 1 { 0 } else { worst - 1 };
        assert_ne!(rows[best]["score"], rows[worst]["score"]);
        rows.swap(best, worst);
        (1..).zip(rows).for_each(|(c, row)| row["c"] = json!(c));
    })
}

#[test]
fn r43_a_public_record_is_held_against_the_whole_one() {
    let leaves = Poll::of_leaves();
    let (standard, items) = (
        Poll::standard(),
        Poll::of(Voters { a: 7, b: 4, recused: None }, 5, |manifest| itemised(manifest, MissingItem::Require)),
    );
    let pair = |what, poll: &Poll, variant| -> Pair { (what, 0, poll.made(variant).bytes, poll.record()) };
    judged(vec![
        pair("a whole one", &standard, Variant::Whole),
        pair("a withheld one of it", &standard, Variant::Withheld),
        pair("a sealed one", &leaves, Variant::Sealed),
        pair("because of a channel", &few_on_paper(), Variant::Sealed),
        pair("with items and a small group", &items, Variant::Sealed),
        ("of the first edition", 0, kept("sealed"), kept("whole")),
        ("of the first edition, withheld", 0, kept("combined_withheld"), kept("combined")),
        ("of the first edition, with items", 0, kept("items_sealed"), kept("items")),
    ]);
}

#[test]
fn r43_another_result_under_the_same_ballots_is_caught() {
    let (leaves, standard) = (Poll::of_leaves(), Poll::standard());
    let whole = leaves.record();
    let sealed = |change: &dyn Fn(&mut Value)| leaves.forged_of(Variant::Sealed).with(change).signed().bytes();
    let other = exchanged(leaves.forged_of(Variant::Sealed)).signed().bytes();
    let by_hand = sealed_by_hand(&standard, &["channel"]).signed().bytes();
    // What was wrong: by themselves they are as good as any.
    caught(vec![
        ("best and worst exchanged", FORM, other.clone(), None),
        ("sealed by hand", FORM, by_hand.clone(), None),
    ]);
    let mut less = Poll::of_leaves();
    less.sheets[3].retain(|ballot| ballot.contest != 2);
    let other_round = Poll::of(Voters { a: 6, b: 7, recused: Some(2) }, 1, |manifest| manifest.round = 2);
    judged(vec![
        ("best and worst exchanged", 16, other, whole.clone()),
        ("sealed without need", 16, by_hand, standard.record()),
        ("whole where a rule asks for leaves", 16, whole.clone(), whole.clone()),
        ("no whole one beside it", 16, leaves.made(Variant::Sealed).bytes, leaves.made(Variant::Sealed).bytes),
        ("a whole one of another round", 16, leaves.made(Variant::Sealed).bytes, other_round.record()),
        ("a ballot less in the whole one", 16, leaves.made(Variant::Sealed).bytes, less.record()),
        ("other head counts", 16, sealed(&|v| v["issuance"][0]["eligible"] = json!(20)), whole.clone()),
        (
            "a server left out",
            16,
            sealed(&|v| v["left_out"] = json!([{"name": "b", "server": "b", "sheets": 2}])),
            whole.clone(),
        ),
        ("a figure", 11, sealed(&|v| v["tally"]["rows"][0]["abstained"] = json!(13)), whole.clone()),
        (
            "a whole one that was changed",
            12,
            leaves.made(Variant::Sealed).bytes,
            leaves.forged().with(|v| v["tally"]["rows"][0]["score"] = json!("1.00")).signed().bytes(),
        ),
        ("of the first edition, another one", 16, kept("sealed"), kept("small")),
        (
            "of the first edition, exchanged",
            16,
            exchanged(Forgery { value: serde_json::from_slice(&kept("sealed")).unwrap(), ..leaves.forged() })
                .signed()
                .bytes(),
            kept("whole"),
        ),
    ]);
    let place = |told: &[u8], whole: &[u8]| verify_with_whole(told, whole, None, &|_, _| {}).unwrap_err();
    let exchanged = place(&exchanged(leaves.forged_of(Variant::Sealed)).signed().bytes(), &whole);
    assert!(matches!(exchanged.place, RecordPlace::Contest(_)), "{exchanged:?}");
    assert!(place(&leaves.made(Variant::Sealed).bytes, b"{}").in_whole);
}

#[test]
fn r43_what_was_imported_is_that_of_the_whole_one() {
    let combined = super::combined::standard_of_leaves();
    // A subject without a component has no total, whatever else was imported for it.
    let other = combined.forged_of(Variant::Sealed).with(|v| v["imported"][2]["adjustment"] = json!("3")).signed();
    caught(vec![("by itself", FORM, other.bytes(), None)]);
    judged(vec![
        ("as it was imported", 0, combined.made(Variant::Sealed).bytes, combined.record()),
        ("another adjustment", 16, other.bytes(), combined.record()),
    ]);
}

#[test]
fn r43_the_command_says_that_both_are_one_count() {
    let (leaves, folder) = (Poll::of_leaves(), tempfile::tempdir().unwrap());
    let write = |name: &str, bytes: &[u8]| {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        file
    };
    let whole = write("whole.json", &leaves.record());
    let sealed = write("sealed.json", &leaves.made(Variant::Sealed).bytes);
    let other = write("other.json", &exchanged(leaves.forged_of(Variant::Sealed)).signed().bytes());
    let proof = write("proof.json", &leaves.proof(0));
    let first = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pingyi"));
        command.arg("verify");
        command
    };
    for verifier in [&first as &dyn Fn() -> Command, &verify_py] {
        for (language, holds) in [("zh", "两份记录是同一次计票"), ("en", "Both are one count")] {
            let run = |record: &std::path::Path| {
                let mut command = verifier();
                command
                    .args(["--language", language])
                    .arg(record)
                    .arg("--whole")
                    .arg(&whole)
                    .arg("--proof")
                    .arg(&proof);
                command.env("LC_ALL", "C.UTF-8").output().unwrap()
            };
            let done = run(&sealed);
            let said = String::from_utf8(done.stdout).unwrap();
            assert!(done.status.success() && said.contains(holds), "{said}");
            let done = run(&other);
            let said = String::from_utf8(done.stderr).unwrap();
            assert_eq!(done.status.code(), Some(26), "{said}");
            assert!(said.contains("V16") && said.trim().lines().count() == 1, "{said}");
        }
    }
}
