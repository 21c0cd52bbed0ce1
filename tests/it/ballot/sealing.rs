//! Sealing: what a listener gets, and what opens it.

use pingyi::ballot::cast::cast_bytes;
use pingyi::ballot::phone;
use pingyi::ballot::seal::{ENVELOPE_BYTES, SealKey};
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::Value;

use super::round::{Round, seal_key};

#[test]
fn s30_an_envelope_opens_for_its_key_and_its_round_only() {
    let round = Round::new();
    let (m, body) = (round.frozen.hash(), b"what was marked".as_slice());
    let mut rng = StdRng::seed_from_u64(30);
    let envelope = phone::sealed(&round.frozen, body, &mut rng).unwrap();
    assert_eq!(envelope.len(), body.len() + ENVELOPE_BYTES);
    assert_eq!(seal_key().open(m, &envelope).as_deref(), Some(body));
    assert_eq!(SealKey::generate(&mut rng).open(m, &envelope), None);
    assert_eq!(seal_key().open(&[0; 32], &envelope), None);
    for at in [0, 31, 32, envelope.len() - 1] {
        let mut changed = envelope.clone();
        changed[at] ^= 1;
        assert_eq!(seal_key().open(m, &changed), None, "byte {at}");
    }
    for length in [0, 31, 32, ENVELOPE_BYTES - 1] {
        assert_eq!(seal_key().open(m, &envelope[..length]), None, "{length} bytes");
    }
    assert_ne!(phone::sealed(&round.frozen, body, &mut rng).unwrap(), envelope, "each envelope is another one");
}

#[test]
fn s30_what_the_browser_seals_opens_here() {
    let browser: Value = serde_json::from_str(include_str!("../../vectors/papers_browser.json")).unwrap();
    let round = Round::new();
    let envelope = browser["envelope"].as_str().unwrap();
    let envelope = data_encoding::BASE64URL_NOPAD.decode(envelope.as_bytes()).unwrap();
    let body = seal_key().open(round.frozen.hash(), &envelope).unwrap();
    assert_eq!(body, browser["cast"].as_str().unwrap().as_bytes());
    assert_eq!(envelope.len(), cast_bytes(round.frozen.manifest()) + ENVELOPE_BYTES);
}
