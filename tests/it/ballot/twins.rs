//! Rule t25: who makes manifests can search for two that look alike. Forty bits are found in a second, the sixteen digits of the
//! first edition (53 bits) in minutes; the same search finds nothing in twenty-four letters.

use std::collections::HashMap;
use std::path::Path;

use pingyi_rules::ballot::fingerprint::{fingerprint, sixteen_digits};
use pingyi_rules::ballot::{Edition, Frozen, Manifest};
use sha2::{Digest, Sha256};

use super::round::{Round, signers};

/// What of a hash must be equal: its first 40 bits, which are the first eight letters.
const LOOKED_FOR_BYTES: usize = 5;
/// Enough for a pair with 40 bits in common, all but certainly: some 2²⁰ are expected to do.
const TRIES: u32 = 6_000_000;

/// A manifest of an edition with another title.
fn titled(edition: Edition, title: &str) -> Manifest {
    let box_key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let mut manifest = super::round::manifest(signers(), &box_key);
    (manifest.format, manifest.title) = (edition.manifest().to_owned(), title.to_owned());
    manifest.scoring = crate::record::fixtures::rules(&pingyi_rules::scoring::Rules::default());
    manifest
}

/// Two numbers whose titles give manifests with the same beginning of their hashes. The title is the last member of all, so each
/// try costs a block or two.
fn twins(edition: Edition, title: impl Fn(u32) -> String) -> Option<[u32; 2]> {
    let frozen = Frozen::new(titled(edition, "x")).unwrap();
    let before = frozen.bytes().strip_suffix(b"x\"}").unwrap();
    let begun = Sha256::new_with_prefix(before);
    let mut seen: HashMap<[u8; LOOKED_FOR_BYTES], u32> = HashMap::new();
    (0..TRIES).find_map(|number| {
        let hash = begun.clone().chain_update(title(number)).chain_update(b"\"}").finalize();
        let beginning = hash[..LOOKED_FOR_BYTES].try_into().unwrap();
        seen.insert(beginning, number).map(|other| [other, number])
    })
}

/// In 24 places a letter that nobody sees, or another one.
fn invisible(number: u32) -> String {
    let letters = (0..24).map(|place| if number >> place & 1 == 0 { '\u{200b}' } else { '\u{200c}' });
    format!("2026年度述职评议会{}", letters.collect::<String>())
}

fn visible(number: u32) -> String {
    format!("2026年度述职评议会（{number}）")
}

#[test]
fn t25_a_search_finds_twins_of_forty_bits_and_none_of_24_letters() {
    let of_before = twins(Edition::First, invisible).expect("the search is long enough");
    let frozen = of_before.map(|number| Frozen::new(titled(Edition::First, &invisible(number))).unwrap());
    assert_ne!(frozen[0].hash(), frozen[1].hash());
    assert_eq!(frozen[0].hash()[..LOOKED_FOR_BYTES], frozen[1].hash()[..LOOKED_FOR_BYTES]);
    let shown = frozen.each_ref().map(|frozen| frozen.manifest().title.replace(['\u{200b}', '\u{200c}'], ""));
    assert_eq!(shown[0], shown[1], "what people read is the same");
    assert_ne!(fingerprint(frozen[0].hash()), fingerprint(frozen[1].hash()), "letters tell them apart all the same");
    assert_eq!(sixteen_digits(frozen[0].hash()).len(), 19);

    let now = twins(Edition::Second, visible).expect("the search is long enough");
    let frozen = now.map(|number| Frozen::new(titled(Edition::Second, &visible(number))).unwrap());
    let [one, other] = frozen.each_ref().map(Frozen::fingerprint);
    // Eight letters are equal, which the search looked for, and of the other sixteen as many as by chance.
    assert_eq!(one[..9], other[..9]);
    assert_ne!(one, other);
}

#[test]
fn t25_phones_wall_and_verifiers_tell_twins_apart() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/twins.json");
    if std::env::var_os("UPDATE").is_some() {
        let found = twins(Edition::Second, visible).unwrap();
        let text = |number| {
            let frozen = Frozen::new(titled(Edition::Second, &visible(number))).unwrap();
            String::from_utf8(frozen.bytes().to_vec()).unwrap()
        };
        let kept = serde_json::to_string_pretty(&found.map(text)).unwrap() + "\n";
        std::fs::write(&path, kept).unwrap();
    }
    let kept: [String; 2] = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let frozen = kept.map(|text| Manifest::parse(text.as_bytes()).expect("stale: run with UPDATE=1"));
    assert_eq!(frozen[0].hash()[..LOOKED_FOR_BYTES], frozen[1].hash()[..LOOKED_FOR_BYTES]);
    // The wall shows what the server makes of the hash, the phone what it makes itself (tokens.test.ts), a verifier again.
    let walls = frozen.each_ref().map(Frozen::fingerprint);
    assert_ne!(walls[0], walls[1]);
    for (frozen, wall) in frozen.iter().zip(&walls) {
        let round = Round::with(|manifest| *manifest = frozen.manifest().clone());
        assert_eq!(crate::record::fixtures::shown_by_verifiers(&round), [wall.clone(), wall.clone()]);
    }
}
