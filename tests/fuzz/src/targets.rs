//! What is fuzzed: everything of the ballot that reads bytes from outside. No input may panic, and what is taken is written
//! back the same. libFuzzer calls these with coverage (`tests/fuzz/run`); `tests/it` calls them over the corpus and its
//! mutations in every run, also where there is no C++ compiler.

use pingyi_rules::ballot::record;
use pingyi_rules::ballot::token::{PublicKey, TOKEN_BYTES, challenge, verify};
use pingyi_rules::ballot::verify::verify as verify_record;
use pingyi_rules::ballot::{Ballot, Batch, BoxItem, Manifest, canonical};

/// A record that holds, against which proofs are held.
const RECORD: &[u8] = include_bytes!("../corpus/record/whole");

/// Token keys and tokens.
pub fn token(data: &[u8]) {
    if let Ok(key) = PublicKey::from_spki(data) {
        assert_eq!(key.spki().as_slice(), data);
        assert_eq!(PublicKey::from_modulus(key.modulus().try_into().expect("256 bytes")).as_ref(), Ok(&key));
    }
    let (modulus, rest) = data.split_at(data.len().min(TOKEN_BYTES));
    let (signature, message) = rest.split_at(rest.len().min(TOKEN_BYTES));
    let _ = verify(modulus, message, signature);
    let m: [u8; 32] = std::array::from_fn(|at| data.get(at).copied().unwrap_or(0));
    let group: String = String::from_utf8_lossy(&data[..data.len().min(8)]).into_owned();
    assert!(challenge(&m, u16::from_be_bytes([m[0], m[1]]), &group).len() >= 46);
}

/// The body of a cast, a ballot of a record, a slot of a box.
pub fn cast(data: &[u8]) {
    if let Ok(batch) = Batch::parse(data) {
        let again = Batch::parse(&batch.encode(data.len())).expect("a batch that was written by us");
        assert_eq!(again, batch);
    }
    if let Ok(ballot) = Ballot::from_canonical(data) {
        assert_eq!(ballot.canonical(), data);
        assert_eq!(Ballot::decode(&ballot.encode()).as_ref(), Some(&ballot));
    }
    if let Some(item) = BoxItem::decode(data) {
        assert_eq!(item.encode(), data);
    }
    if let Some(ballot) = Ballot::decode(data) {
        assert_eq!(Ballot::from_canonical(&ballot.canonical()).as_ref(), Ok(&ballot));
    }
}

/// Canonical JSON, and a manifest in it.
pub fn canonical_json(data: &[u8]) {
    if let Ok(value) = canonical::parse(data) {
        assert_eq!(canonical::canonical(&value).as_deref(), Ok(data));
    }
    if let Ok(value) = serde_json::from_slice::<serde_json::Value>(data)
        && let Ok(bytes) = canonical::canonical(&value)
    {
        assert_eq!(canonical::parse(&bytes).as_ref(), Ok(&value));
    }
    if let Ok(frozen) = Manifest::parse(data) {
        assert_eq!(frozen.bytes(), data);
    }
}

/// A record, or after a first byte of `P` a proof against one that holds.
pub fn record_file(data: &[u8]) {
    if let Some(proof) = data.strip_prefix(b"P") {
        let _ = verify_record(RECORD, Some(proof), &|_, _| {});
        return;
    }
    let taken = record::parse(data).is_some();
    let holds = verify_record(data, None, &|_, _| {}).is_ok();
    assert!(taken || !holds, "a record holds that cannot be read");
    if holds {
        assert!(canonical::parse(data).is_ok(), "a record holds that is not canonical");
    }
}
