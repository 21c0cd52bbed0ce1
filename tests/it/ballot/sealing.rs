//! Sealing: what a listener gets, and what opens it.

use std::path::Path;

use pingyi_rules::ballot::cast::cast_bytes;
use pingyi_rules::ballot::phone;
use pingyi_rules::ballot::seal::{ENVELOPE_BYTES, SealKey};
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::Value;

use super::round::{Round, seal_key};

#[test]
fn s30_an_envelope_opens_for_its_key_and_its_round_only() {
    let round = Round::new();
    let (m, body) = (round.frozen.hash(), b"what was marked".as_slice());
    let mut rng = StdRng::seed_from_u64(30);
    let (envelope, _) = phone::sealed(&round.frozen, body, &mut rng).unwrap();
    assert_eq!(envelope.len(), body.len() + ENVELOPE_BYTES);
    let opened = |key: &SealKey, m: &[u8; 32], envelope: &[u8]| key.open(m, envelope).map(|(body, _)| body);
    assert_eq!(opened(&seal_key(), m, &envelope).as_deref(), Some(body));
    assert_eq!(opened(&SealKey::generate(&mut rng), m, &envelope), None);
    assert_eq!(opened(&seal_key(), &[0; 32], &envelope), None);
    for at in [0, 31, 32, envelope.len() - 1] {
        let mut changed = envelope.clone();
        changed[at] ^= 1;
        assert_eq!(opened(&seal_key(), m, &changed), None, "byte {at}");
    }
    for length in [0, 31, 32, ENVELOPE_BYTES - 1] {
        assert_eq!(opened(&seal_key(), m, &envelope[..length]), None, "{length} bytes");
    }
    assert_ne!(phone::sealed(&round.frozen, body, &mut rng).unwrap().0, envelope, "each envelope is another one");
}

#[test]
fn s30_what_the_browser_seals_opens_here() {
    let browser: Value = serde_json::from_str(include_str!("../../vectors/papers_browser.json")).unwrap();
    let round = Round::new();
    let envelope = browser["envelope"].as_str().unwrap();
    let envelope = data_encoding::BASE64URL_NOPAD.decode(envelope.as_bytes()).unwrap();
    let (body, secret) = seal_key().open(round.frozen.hash(), &envelope).unwrap();
    assert_eq!(body, browser["cast"].as_str().unwrap().as_bytes());
    assert_eq!(envelope.len(), cast_bytes(round.frozen.manifest()) + ENVELOPE_BYTES);
    // And what is answered opens there: the browser's test reads this file.
    let answer = data_encoding::BASE64URL_NOPAD.encode(&secret.answer(ANSWERED.as_bytes(), [7; 32]).unwrap());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/answer.txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &answer).unwrap();
    }
    assert!(std::fs::read_to_string(&path).is_ok_and(|kept| kept == answer), "stale: run with UPDATE=1");
}

/// What the box says in the vectors.
const ANSWERED: &str = r#"{"items":[]} "#;

#[test]
fn s110_an_answer_opens_for_its_cast_only_and_each_message_in_its_place() {
    let round = Round::new();
    let mut rng = StdRng::seed_from_u64(110);
    let (envelope, mine) = phone::sealed(&round.frozen, b"a cast", &mut rng).unwrap();
    let (_, other) = phone::sealed(&round.frozen, b"a cast", &mut rng).unwrap();
    let (_, of_box) = seal_key().open(round.frozen.hash(), &envelope).unwrap();
    let answer = of_box.answer(b"received", [1; 32]).unwrap();
    assert_eq!(mine.read(&answer).as_deref(), Some(b"received".as_slice()));
    assert_eq!(other.read(&answer), None);
    for at in [0, 31, 32, answer.len() - 1] {
        let mut changed = answer.clone();
        changed[at] ^= 1;
        assert_eq!(mine.read(&changed), None, "byte {at}");
    }
    for length in [0, 31, 32, 47] {
        assert_eq!(mine.read(&answer[..length]), None, "{length} bytes");
    }
    // The same words again look otherwise: a repeat cannot be told from a first answer.
    assert_ne!(of_box.answer(b"received", [2; 32]).unwrap()[32..], answer[32..]);
    // Messages of one answer neither change places, nor can the last one be left out unnoticed.
    let sealed: Vec<Vec<u8>> = {
        let mut messages = of_box.messages(&[3; 32]).unwrap();
        [("one", false), ("two", true)].map(|(text, is_last)| messages.seal(text.as_bytes(), is_last).unwrap()).into()
    };
    let read = |order: [usize; 2], lasts: [bool; 2]| {
        let mut messages = mine.messages(&[3; 32]).unwrap();
        order.into_iter().zip(lasts).all(|(at, is_last)| messages.open(&sealed[at], is_last).is_some())
    };
    assert!(read([0, 1], [false, true]));
    assert!(!read([1, 0], [true, false]) && !read([0, 0], [false, false]) && !read([0, 1], [false, false]));
}
