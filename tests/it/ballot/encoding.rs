//! Rules t9 and t10: the forms of a ballot on the wire, in the box and in the record.

use pingyi_rules::ballot::canonical::canonical;
use pingyi_rules::ballot::cast::{CAST_BYTES_MAX, ENCODED_BYTES_MAX};
use pingyi_rules::ballot::{BadCast, Ballot, Batch, check, phone};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::round::Round;

type Change = fn(&mut Value);

#[test]
fn t9_a_body_is_read_strictly() {
    let round = Round::new();
    let mut voter = round.phone("A", None, 1);
    voter.written = vec![(1, "再快些".to_owned())];
    let batch = voter.fills_in(["hao", "cha", ""]);
    let body = phone::body(&round.frozen, &batch);
    let value: Value = serde_json::from_slice(&body).unwrap();
    let read = |value: &Value| Batch::parse(&serde_json::to_vec(value).unwrap());
    assert_eq!(read(&value).unwrap(), batch);
    let changes: [(&str, Change); 18] = [
        ("an unknown field", |v| v["time"] = json!(1)),
        ("no pad", |v| drop(v.as_object_mut().unwrap().remove("pad"))),
        ("an unknown field in an item", |v| v["items"][0]["seat"] = json!(1)),
        ("a missing field in an item", |v| drop(v["items"][0].as_object_mut().unwrap().remove("s"))),
        ("padding in base64", |v| v["salt"] = json!(format!("{}==", v["salt"].as_str().unwrap()))),
        ("a short salt", |v| v["salt"] = json!("AAAA")),
        ("upper-case hex", |v| v["m"] = json!(v["m"].as_str().unwrap().to_uppercase())),
        ("a short hash", |v| v["m"] = json!("00")),
        ("a long group", |v| v["items"][0]["g"] = json!("ABCDEFGHI")),
        ("an empty group", |v| v["items"][0]["g"] = json!("")),
        ("a long answer", |v| v["items"][0]["a"] = json!("x".repeat(97))),
        ("a negative contest", |v| v["items"][0]["c"] = json!(-1)),
        ("a contest as text", |v| v["items"][0]["c"] = json!("1")),
        ("no opinions", |v| drop(v.as_object_mut().unwrap().remove("opinions"))),
        ("an unknown field in an opinion", |v| v["opinions"][0]["seat"] = json!(1)),
        ("a short nonce", |v| v["opinions"][0]["n"] = json!("AAAA")),
        ("an empty opinion", |v| v["opinions"][0]["t"] = json!("")),
        ("too many items", |v| v["items"] = json!(vec![v["items"][0].clone(); 202])),
    ];
    for (what, change) in changes {
        let mut changed = value.clone();
        change(&mut changed);
        assert_eq!(read(&changed), Err(BadCast::OtherForm), "{what}");
    }
    let twice = String::from_utf8(body).unwrap().replacen("{\"m\"", "{\"pad\":\"\",\"m\"", 1);
    assert_eq!(Batch::parse(twice.as_bytes()), Err(BadCast::OtherForm), "a field twice");
    assert_eq!(Batch::parse(&vec![b' '; CAST_BYTES_MAX + 1]), Err(BadCast::TooLarge));
}

fn ballots() -> impl Strategy<Value = Ballot> {
    let token = prop::collection::vec(any::<u8>(), 256);
    let signature = prop::collection::vec(any::<u8>(), 64);
    (any::<u16>(), "[A-Za-z0-9]{1,8}", any::<[u8; 32]>(), token, "[\\PC\"\\\\\n]{0,24}", signature).prop_map(
        |(contest, group, pk, token, answer, signature)| Ballot {
            contest,
            group,
            pk,
            token: token.try_into().unwrap(),
            answer,
            signature: signature.try_into().unwrap(),
        },
    )
}

proptest! {
    #[test]
    fn t10_a_ballot_comes_out_of_its_slot_as_it_went_in(ballot in ballots(), cut in any::<prop::sample::Index>()) {
        let encoded = ballot.encode();
        prop_assert!(encoded.len() <= ENCODED_BYTES_MAX);
        const { assert!(ENCODED_BYTES_MAX <= 900) };
        prop_assert_eq!(Ballot::decode(&encoded[..cut.index(encoded.len())]), None);
        prop_assert_eq!(Ballot::decode(&[encoded.as_slice(), &[0]].concat()), None);
        let mut unknown = encoded.clone();
        unknown[0] = 2;
        prop_assert_eq!(Ballot::decode(&unknown), None);
        prop_assert_eq!(Ballot::decode(&encoded), Some(ballot));
    }

    #[test]
    fn t10_a_leaf_is_of_the_canonical_ballot(ballot in ballots()) {
        let value: Value = serde_json::from_slice(&ballot.canonical()).unwrap();
        prop_assert_eq!(canonical(&value).unwrap(), ballot.canonical());
        let hash = <sha2::Sha256 as sha2::Digest>::digest([&[0], ballot.canonical().as_slice()].concat());
        prop_assert_eq!(ballot.leaf().to_vec(), hash.to_vec());
        prop_assert_eq!(Ballot::from_canonical(&ballot.canonical()), Ok(ballot.clone()));
        let spaced = String::from_utf8(ballot.canonical()).unwrap().replacen("{\"a\"", "{ \"a\"", 1);
        prop_assert_eq!(Ballot::from_canonical(spaced.as_bytes()), Err(BadCast::OtherForm));
    }

    #[test]
    fn t9_no_bytes_bring_the_reader_down(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(Batch::parse(&bytes).is_err());
        prop_assert!(Ballot::decode(&bytes).is_none());
    }

    #[test]
    fn t9_a_changed_byte_never_passes_for_the_cast(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let round = shared_round();
        let (body, batch) = shared_cast();
        let pad = body.windows(5).position(|window| window == b"\"pad\"").unwrap();
        let at = at.index(pad);
        prop_assume!(body[at] != byte);
        let mut changed = body.clone();
        changed[at] = byte;
        // A blank, or another escape of the same letter, may still read as the same batch; nothing may read as another and pass.
        if let Ok(read) = Batch::parse(&changed) {
            prop_assert!(read == *batch || check(&round.frozen, &read).is_err());
        }
    }
}

fn shared_round() -> &'static Round {
    static ROUND: std::sync::OnceLock<Round> = std::sync::OnceLock::new();
    ROUND.get_or_init(Round::new)
}

fn shared_cast() -> &'static (Vec<u8>, Batch) {
    static CAST: std::sync::OnceLock<(Vec<u8>, Batch)> = std::sync::OnceLock::new();
    CAST.get_or_init(|| {
        let batch = shared_round().phone("A", None, 1).fills_in(["hao", "cha", ""]);
        (phone::body(&shared_round().frozen, &batch), batch)
    })
}

#[test]
fn t10_ballots_of_one_token_spend_the_same() {
    let round = Round::new();
    let (phone, other) = (round.phone("A", None, 1), round.phone("A", None, 2));
    assert_eq!(phone.signs(1, "hao").spends(), phone.signs(1, "cha").spends());
    assert_ne!(phone.signs(1, "hao").leaf(), phone.signs(1, "cha").leaf());
    assert_ne!(phone.signs(1, "hao").spends(), phone.signs(2, "hao").spends());
    assert_ne!(phone.signs(1, "hao").spends(), other.signs(1, "hao").spends());
}
