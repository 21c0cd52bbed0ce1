//! Rule t18: the Rust phone's papers and cast for the browser's tests, and the browser's for these.
//! `UPDATE=1` rewrites the file that this side makes; `papers_browser.json` is made by `tokens.test.ts` in the same way.

use std::path::Path;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use pingyi::rehearsal::blinding::Blinding;
use pingyi::signer::BlindSign;
use pingyi_rules::ballot::cast::cast_bytes;
use pingyi_rules::ballot::manifest::{ManifestItem, SHEET};
use pingyi_rules::ballot::phone;
use pingyi_rules::ballot::{Batch, Manifest, check, receipt};
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::{Value, json};

use super::round::{ROWS, Round};

const GROUP: &str = "B";
const RECUSED: u16 = 2;

/// Rows of so many items, for the one length of their casts (rule t17).
const ITEMS: [usize; 8] = [2, 3, 4, 5, 6, 7, 8, 9];

fn with_items(round: &Round, items: usize) -> Manifest {
    let item = ManifestItem { label: "指标".to_owned(), label_en: String::new() };
    Manifest { items: vec![item; items], ..round.frozen.manifest().clone() }
}

fn base64url(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// What a phone of group B, recused from row 2, kept, asked, got and cast.
fn exchanged(round: &Round) -> Value {
    let mut rng = StdRng::seed_from_u64(2026);
    let mut kept = Vec::new();
    let mut papers = Vec::new();
    for contest in (SHEET..=ROWS).filter(|contest| *contest != RECUSED) {
        let key = round.frozen.key(contest, GROUP).unwrap();
        let blinding = Blinding::new(key, contest, &mut rng).unwrap();
        let answer = round.signer(contest, GROUP).blind_sign(&blinding.blinded).unwrap();
        let paper = blinding.finalize(key, &answer).unwrap();
        kept.push(json!({
            "contest": contest,
            "secret": base64url(&blinding.secret),
            "inverse": base64url(&blinding.inverse),
            "blinded": base64url(&blinding.blinded),
            "answer": base64url(&answer),
            "token": base64url(&paper.token),
        }));
        papers.push(paper);
    }
    let mark_of = |row| (row == 1).then(|| "jiaohao".to_owned());
    let written = [(1, "第一行\n“好”，但 \"要\" 再快些".to_owned())];
    let batch = phone::fill_in(&round.frozen, GROUP, &papers, mark_of, &written, &mut rng);
    let m = round.frozen.hash();
    let receipts = batch.ballots.iter().map(|ballot| {
        let leaf = ballot.leaf();
        let receipt = receipt::sign(&round.box_key, m, &leaf);
        json!({"contest": ballot.contest, "leaf": HEXLOWER.encode(&leaf), "receipt": base64url(&receipt)})
    });
    let opinions: Vec<Value> = batch
        .opinions
        .iter()
        .map(|opinion| {
            let receipt = receipt::sign(&round.box_key, m, &opinion.leaf());
            json!({"contest": opinion.contest, "leaf": HEXLOWER.encode(&opinion.leaf()), "receipt": base64url(&receipt)})
        })
        .collect();
    json!({
        "manifest": std::str::from_utf8(round.frozen.bytes()).unwrap(),
        "m": HEXLOWER.encode(m),
        "fingerprint": round.frozen.fingerprint(),
        "group": GROUP,
        "receipts": receipts.collect::<Vec<_>>(),
        "opinions": opinions,
        "papers": kept,
        "cast_bytes": cast_bytes(round.frozen.manifest()),
        "cast_bytes_by_items": ITEMS.map(|items| cast_bytes(&with_items(round, items))),
        "cast": String::from_utf8(phone::body(&round.frozen, &batch)).unwrap(),
    })
}

#[test]
fn t18_what_the_rust_phone_makes_is_what_the_browser_is_tested_with() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/papers_rust.json");
    let made = serde_json::to_string_pretty(&exchanged(&Round::new())).unwrap() + "\n";
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "papers_rust.json is stale: run the tests with UPDATE=1, then the client's with UPDATE=1");
}

#[test]
fn t18_what_the_browser_asks_for_and_casts_is_good_here() {
    let browser: Value = serde_json::from_str(include_str!("../../vectors/papers_browser.json")).unwrap();
    let round = Round::new();
    assert_eq!(browser["m"].as_str().unwrap(), HEXLOWER.encode(round.frozen.hash()));
    let group = browser["group"].as_str().unwrap();
    let mut asked = 0;
    for paper in browser["papers"].as_array().unwrap() {
        let contest = u16::try_from(paper["contest"].as_u64().unwrap()).unwrap();
        let bytes = |field: &str| BASE64URL_NOPAD.decode(paper[field].as_str().unwrap().as_bytes()).unwrap();
        let blinded = bytes("blinded").try_into().unwrap();
        let answer = round.signer(contest, group).blind_sign(&blinded).unwrap();
        assert_eq!(answer.to_vec(), bytes("answer"), "contest {contest}");
        asked += 1;
    }
    assert_eq!(asked, usize::from(ROWS) + 1);
    let body = browser["cast"].as_str().unwrap().as_bytes();
    assert_eq!(body.len(), cast_bytes(round.frozen.manifest()));
    let batch = Batch::parse(body).unwrap();
    assert_eq!(batch.opinions.len(), 1, "the browser's voter wrote about a row");
    assert_eq!(check(&round.frozen, &batch).unwrap().len(), asked + 1);
}
