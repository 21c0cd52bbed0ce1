//! Rule r50: all three verifiers tell a proof of fraud from a file that is none, with a record and without one.

use std::process::Command;

use ed25519_dalek::SigningKey;
use pingyi_rules::ballot::canonical::canonical;
use pingyi_rules::ballot::promise;
use pingyi_rules::ballot::record::Variant;
use pingyi_rules::ballot::verify::{FRAUD, verify_fraud};
use serde_json::{Value, json};

use super::fixtures::{Poll, STANDARD, base64url, ends_together};
use super::python::{self, Asked, verify_py};

fn promised(key: &SigningKey, meeting: &str, round: u32, m: [u8; 32]) -> Value {
    let signature = base64url(&promise::sign(key, meeting, round, &m));
    json!({"hash": data_encoding::HEXLOWER.encode(&m), "signature": signature})
}

/// What a phone keeps that met two manifests of round 1 of `m-2026`.
fn proof() -> Value {
    let key = SigningKey::from_bytes(&[7; 32]);
    let manifests = [[1; 32], [2; 32]].map(|m| promised(&key, "m-2026", 1, m));
    json!({
        "box_key": base64url(key.verifying_key().as_bytes()), "format": "pingyi-fraud/1", "manifests": manifests,
        "meeting": "m-2026", "round": 1,
    })
}

fn with(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut value = proof();
    change(&mut value);
    canonical(&value).unwrap()
}

#[test]
fn r50_a_proof_of_fraud_is_told_from_one_that_is_none() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let other = SigningKey::from_bytes(&[8; 32]);
    let mut weak = [0; 32];
    weak[0] = 1;
    let spaced = String::from_utf8(with(|_| {})).unwrap().replace("\",\"", "\", \"").into_bytes();
    let cases: Vec<(&str, bool, Vec<u8>)> = vec![
        ("two manifests", true, with(|_| {})),
        ("a line at the end", true, [with(|_| {}), b"\n".to_vec()].concat()),
        ("one manifest twice", false, with(|v| v["manifests"][1] = v["manifests"][0].clone())),
        ("one manifest", false, with(|v| drop(v["manifests"].as_array_mut().unwrap().pop()))),
        ("three", false, with(|v| v["manifests"].as_array_mut().unwrap().push(promised(&key, "m-2026", 1, [3; 32])))),
        ("in another order", false, with(|v| v["manifests"].as_array_mut().unwrap().reverse())),
        ("of another round", false, with(|v| v["manifests"][1] = promised(&key, "m-2026", 2, [2; 32]))),
        ("of another meeting", false, with(|v| v["manifests"][1] = promised(&key, "m-2027", 1, [2; 32]))),
        ("by another key", false, with(|v| v["manifests"][1] = promised(&other, "m-2026", 1, [2; 32]))),
        ("said of another round", false, with(|v| v["round"] = json!(2))),
        ("said of round 0", false, with(|v| v["round"] = json!(0))),
        ("said of another meeting", false, with(|v| v["meeting"] = json!("m-2025"))),
        ("said of no meeting", false, with(|v| v["meeting"] = json!(""))),
        ("a weak key", false, with(|v| v["box_key"] = json!(base64url(&weak)))),
        ("no key", false, with(|v| v["box_key"] = json!(base64url(&[255; 32])))),
        ("a hash in capitals", false, with(|v| v["manifests"][1]["hash"] = json!("AA".repeat(32)))),
        ("half a signature", false, with(|v| v["manifests"][1]["signature"] = json!("AAAA"))),
        ("a field more", false, with(|v| v["seat"] = json!(1))),
        ("a field more in a manifest", false, with(|v| v["manifests"][0]["seat"] = json!(1))),
        ("another format", false, with(|v| v["format"] = json!("pingyi-fraud/2"))),
        ("another spelling", false, spaced),
        ("a phone's proof", false, Poll::standard().proof(0)),
        ("nothing", false, Vec::new()),
        ("a list", false, b"[]".to_vec()),
    ];
    let proofs: Vec<Vec<u8>> = cases.iter().map(|(_, _, proof)| proof.clone()).collect();
    let others = python::fraud_verdicts(&proofs).into_iter().zip(python::browser_fraud_verdicts(&proofs));
    for ((what, holds, proof), (second, third)) in cases.iter().zip(others) {
        let wanted = if *holds { FRAUD } else { 25 };
        let first = verify_fraud(proof).map_or_else(|fault| fault.check.exit_code(), |_| FRAUD);
        assert_eq!([first, second, third], [wanted; 3], "{what}");
    }
}

#[test]
fn r50_beside_a_record_it_is_about_its_round() {
    let poll = Poll::standard();
    let other = Poll::of(STANDARD, 1, |manifest| manifest.round = 2);
    let forged = poll.forged().with(|v| v["issuance"][0]["issued"] = json!(5)).signed().bytes();
    let leaves = Poll::of_leaves();
    let fraud = || Some(with(|_| {}));
    let cases: Vec<(&str, u8, Asked)> = vec![
        ("a record that holds", FRAUD, (poll.record(), fraud(), None)),
        ("a sealed one", FRAUD, (leaves.made(Variant::Sealed).bytes, fraud(), None)),
        ("with the whole one", FRAUD, (leaves.made(Variant::Sealed).bytes, fraud(), Some(leaves.record()))),
        ("of another round", 25, (other.record(), fraud(), None)),
        ("a record that does not hold", 20, (forged, fraud(), None)),
        ("a proof that does not hold", 25, (poll.record(), Some(with(|v| v["round"] = json!(2))), None)),
    ];
    let asked: Vec<Asked> = cases.iter().map(|(_, _, asked)| asked.clone()).collect();
    let others = python::verdicts_together(&asked).into_iter().zip(python::browser_verdicts_together(&asked));
    for ((what, wanted, asked), (second, third)) in cases.iter().zip(others) {
        assert_eq!([ends_together(asked), second, third], [*wanted; 3], "{what}");
    }
}

#[test]
fn r50_the_command_judges_it_without_a_record() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        file
    };
    let (fraud, none) = (write("fraud.json", &with(|_| {})), write("none.json", &with(|v| v["round"] = json!(2))));
    let first = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pingyi"));
        command.arg("verify");
        command
    };
    for verifier in [&first as &dyn Fn() -> Command, &verify_py] {
        for (language, told) in [("zh", "这是作弊的证据"), ("en", "This is a proof of fraud")] {
            let run = |file: Option<&std::path::Path>| {
                let mut command = verifier();
                command.args(["--language", language]).env("LC_ALL", "C.UTF-8");
                if let Some(file) = file {
                    command.arg("--proof").arg(file);
                }
                command.output().unwrap()
            };
            let done = run(Some(&fraud));
            let said = String::from_utf8(done.stdout).unwrap();
            assert_eq!(done.status.code(), Some(FRAUD.into()), "{said}");
            assert!(said.contains(told) && said.contains(&"01".repeat(32)) && said.contains("m-2026"), "{said}");
            let done = run(Some(&none));
            assert_eq!(done.status.code(), Some(25));
            assert!(String::from_utf8(done.stderr).unwrap().contains("V15"));
            assert_eq!(run(None).status.code(), Some(2), "nothing to judge");
        }
    }
}
