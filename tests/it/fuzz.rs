//! Rule r13: the fuzz targets over the committed corpus and thousands of its mutations, on any toolchain; libFuzzer itself is
//! run by `tests/fuzz/run`. `UPDATE=1` writes the corpus anew.

#[path = "../fuzz/src/targets.rs"]
mod targets;

use std::path::PathBuf;

use pingyi::signer::BlindSign;
use pingyi_rules::ballot::manifest::Record;
use pingyi_rules::ballot::record::Variant;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use crate::record::fixtures::{Poll, Voters};

/// Mutations of each file of the corpus.
const MUTATIONS: u64 = 1_000;

type Target = fn(&[u8]);
const TARGETS: [(&str, Target); 4] = [
    ("token", targets::token),
    ("cast", targets::cast),
    ("canonical", targets::canonical_json),
    ("record", targets::record_file),
];

fn folder(target: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/fuzz/corpus").join(target)
}

/// What the corpus begins with: one good input of each kind.
fn seeds() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let poll = Poll::of(Voters { a: 1, b: 1, recused: None }, 11, |manifest| {
        (manifest.k_min, manifest.record) = (1, Record::Sealed);
    });
    let round = &poll.round;
    let ballot = &poll.sheets[0][0];
    let signer = round.signer(1, "A");
    let input = round.frozen.key(ballot.contest, &ballot.group).unwrap().input(&ballot.pk);
    let signed = round.frozen.key(ballot.contest, &ballot.group).unwrap().public().modulus();
    let mut phone = round.phone("A", None, 5);
    phone.written = vec![(1, "第一行\n“再快些”".to_owned())];
    let batch = phone.fills_in(["hao", "", "cha"]);
    let on_paper = Poll::of(Voters { a: 1, b: 0, recused: None }, 12, |manifest| manifest.k_min = 1).with_paper(4, 1);
    vec![
        ("token", "spki", signer.public().spki().to_vec()),
        ("token", "signed", [signed, &ballot.token, &input].concat()),
        ("cast", "body", pingyi_rules::ballot::phone::body(&round.frozen, &batch)),
        ("cast", "ballot", ballot.canonical()),
        ("cast", "slot", ballot.encode()),
        ("cast", "opinion", batch.opinions[0].encode()),
        ("canonical", "manifest", round.frozen.bytes().to_vec()),
        ("canonical", "mixed", "{\"a\":[1,-2,null,true,\"\\u0001\\\"\\\\好😀\"],\"é\":{}}".as_bytes().to_vec()),
        ("record", "whole", poll.record()),
        ("record", "paper", on_paper.record()),
        ("record", "sealed", poll.made(Variant::Sealed).bytes),
        ("record", "withheld", poll.made(Variant::Withheld).bytes),
        ("record", "proof", [b"P", poll.proof(0).as_slice()].concat()),
    ]
}

fn mutated(bytes: &[u8], other: &[u8], rng: &mut StdRng) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..rng.random_range(1..4) {
        let at = rng.random_range(0..=out.len());
        let end = rng.random_range(at..=out.len().min(at + 40));
        match rng.random_range(0..6) {
            0 => drop(out.drain(at..end)),
            1 => out.insert(at, *b"\"\\{}[],:0-9eE. \x00\xff\xf0".choose(rng).unwrap()),
            2 => out.splice(at..at, out[at..end].to_vec()).for_each(drop),
            3 if at < out.len() => out[at] ^= 1 << rng.random_range(0..8),
            4 => out.truncate(at),
            _ if !other.is_empty() => {
                let from = rng.random_range(0..other.len());
                let to = rng.random_range(from..=other.len().min(from + 400));
                out.splice(at..end, other[from..to].iter().copied()).for_each(drop);
            }
            _ => {}
        }
    }
    out
}

#[test]
fn r13_no_input_panics_and_what_is_taken_is_written_back() {
    for (target, name, bytes) in seeds() {
        let file = folder(target).join(name);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&file, &bytes).unwrap();
        }
        assert_eq!(std::fs::read(&file).unwrap(), bytes, "{target}/{name} is stale: run with UPDATE=1");
    }
    for (name, target) in TARGETS {
        let files: Vec<Vec<u8>> = std::fs::read_dir(folder(name))
            .unwrap()
            .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
            .collect();
        assert!(!files.is_empty());
        for (number, file) in (0..).zip(&files) {
            target(file);
            for seed in 0..MUTATIONS {
                let rng = &mut StdRng::seed_from_u64(number * MUTATIONS + seed);
                let other = files.choose(rng).unwrap();
                target(&mutated(file, other, rng));
            }
        }
    }
}
