//! Rules t2, t3, t4.

use std::collections::HashSet;

use data_encoding::BASE64URL_NOPAD;
use pingyi_rules::ballot::canonical::{NotCanonical, canonical};
use pingyi_rules::ballot::fingerprint::{fingerprint, sixteen_digits};
use pingyi_rules::ballot::manifest::{GroupColumns, Record};
use pingyi_rules::ballot::token::{BadKey, PublicKey};
use pingyi_rules::ballot::{BadManifest, Edition, Frozen, Manifest};
use pingyi_rules::form::sheet_rules::{LowMin, TopMax};
use pingyi_rules::form::{Live, MarkKind, OwnBranch};
use sha2::{Digest, Sha256};

use super::round::Round;

type Change = fn(&mut Manifest);

fn refused(change: impl FnOnce(&mut Manifest)) -> BadManifest {
    let mut manifest = Round::new().frozen.manifest().clone();
    change(&mut manifest);
    Frozen::new(manifest).unwrap_err()
}

#[test]
fn t2_the_hash_is_of_the_canonical_bytes() {
    let frozen = Round::new().frozen;
    let value = serde_json::to_value(frozen.manifest()).unwrap();
    assert_eq!(frozen.bytes(), canonical(&value).unwrap());
    assert_eq!(frozen.hash().as_slice(), Sha256::digest(frozen.bytes()).as_slice());
    let parsed = Manifest::parse(frozen.bytes()).unwrap();
    assert_eq!((parsed.hash(), parsed.manifest()), (frozen.hash(), frozen.manifest()));
}

#[test]
fn t2_the_fingerprint_is_24_letters_of_the_hash() {
    assert_eq!(fingerprint(&[0xff; 32]), "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ");
    assert_eq!(fingerprint(&[0; 32]), "0000-0000-0000-0000-0000-0000");
    let counted: [u8; 32] = std::array::from_fn(|at| u8::try_from(at).unwrap());
    assert_eq!(fingerprint(&counted), "000G-40R4-0M30-E209-185G-R38E");
    let frozen = Round::new().frozen;
    assert_eq!(frozen.fingerprint(), fingerprint(frozen.hash()));
    let of_before = Round::with(|manifest| manifest.format = Edition::First.manifest().into()).frozen;
    assert_eq!(of_before.fingerprint(), sixteen_digits(of_before.hash()));
    assert_eq!(sixteen_digits(&[0xff; 32]), "6744-0737-0955-1615");
}

#[test]
fn t2_every_field_changes_the_hash() {
    let changes: [Change; 22] = [
        |_| {},
        |m| m.meeting.push('x'),
        |m| m.title.push('x'),
        |m| m.round = 2,
        |m| m.contests[0].subject = 99,
        |m| m.contests[0].branch.push('x'),
        |m| m.contests[0].secretary.push('x'),
        |m| m.groups[0].name.push('x'),
        |m| (m.groups[0].weight_bp, m.groups[1].weight_bp) = (5_000, 5_000),
        |m| m.groups[0].recuses = true,
        |m| m.scale[0].label.push('x'),
        |m| m.scale[0].points_hundredths = 9_900,
        |m| m.scale.swap(0, 1),
        |m| m.own_branch = OwnBranch::Allowed,
        |m| m.sheet_rules.top_max = Some(TopMax::Count(2)),
        |m| m.scoring = serde_json::json!({"abstain": "exclude", "decimals": 1}),
        |m| (m.k_min, m.opinions_min) = (4, 9),
        |m| m.group_columns = GroupColumns::TotalsOnly,
        |m| (m.live, m.pool_k) = (Live::Turnout, 4),
        |m| m.record = Record::Sealed,
        |m| m.reissues_max = 3,
        |m| {
            m.box_key =
                BASE64URL_NOPAD.encode(ed25519_dalek::SigningKey::from_bytes(&[8; 32]).verifying_key().as_bytes())
        },
    ];
    let hashes: HashSet<[u8; 32]> = changes.iter().map(|change| *Round::with(change).frozen.hash()).collect();
    assert_eq!(hashes.len(), changes.len());
}

#[test]
fn t2_other_fields_and_other_spellings_are_refused() {
    let frozen = Round::new().frozen;
    let text = std::str::from_utf8(frozen.bytes()).unwrap();
    let parse = |text: String| Manifest::parse(text.as_bytes()).unwrap_err();
    let respelled = BadManifest::NotCanonical(NotCanonical::OtherSpelling);
    assert_eq!(parse(text.replacen("{\"box_key\"", "{ \"box_key\"", 1)), respelled);
    assert_eq!(parse(text.replacen("\"all_rows\":false,", "", 1)), respelled, "a rule left out is spelled out");
    assert_eq!(parse(text.replacen("{\"box_key\"", "{\"a\":1,\"box_key\"", 1)), BadManifest::OtherFields);
    assert_eq!(parse(text.replacen(",\"title\":\"2026年度述职评议会\"", "", 1)), BadManifest::OtherFields);
    assert_eq!(parse(text.replacen("\"recuses\":true", "\"recuses\":true,\"s\":1", 1)), BadManifest::OtherFields);
    assert_eq!(parse(text.replacen("\"k_min\":5", "\"k_min\":\"5\"", 1)), BadManifest::OtherFields);
    assert_eq!(
        parse(text.replacen("\"k_min\":5", "\"k_min\":5.0", 1)),
        BadManifest::NotCanonical(NotCanonical::Fraction)
    );
    assert_eq!(parse(" ".repeat(2 * 1024 * 1024 + 1)), BadManifest::TooLarge);
    assert_eq!(
        refused(|m| m.scoring = serde_json::json!({"share": 0.5})),
        BadManifest::NotCanonical(NotCanonical::Fraction)
    );
}

#[test]
fn t3_limits_are_named() {
    assert_eq!(refused(|m| m.format = "pingyi-manifest/3".into()), BadManifest::OtherFormat);
    let limits: [(&str, Change); 27] = [
        ("meeting", |m| m.meeting.clear()),
        ("meeting", |m| m.meeting = "x".repeat(65)),
        ("meeting", |m| m.meeting = "a/b".into()),
        ("title", |m| m.title = "字".repeat(81)),
        ("title", |m| m.title = "a\nb".into()),
        ("round", |m| m.round = 0),
        ("k_min", |m| m.k_min = 0),
        ("opinions_min", |m| m.opinions_min = 0),
        ("pool_k", |m| m.pool_k = 1_001),
        ("reissues_max", |m| m.reissues_max = 1_001),
        ("contests", |m| m.contests.clear()),
        ("contests", |m| m.contests.swap(0, 1)),
        ("contests", |m| m.contests[1].subject = m.contests[0].subject),
        ("contests", |m| m.contests[0].branch.clear()),
        ("groups", |m| m.groups.clear()),
        ("groups", |m| m.groups[0].weight_bp += 1),
        ("groups", |m| m.groups[1].id = "A".into()),
        ("groups", |m| m.groups[1].id = "B票".into()),
        ("groups", |m| m.groups[1].id = "ABCDEFGHI".into()),
        ("scale", |m| m.scale.truncate(1)),
        ("scale", |m| m.scale[1].id = "hao".into()),
        ("scale", |m| m.scale[1].id = "abstain".into()),
        ("scale", |m| m.scale[1].id = "a\"b".into()),
        ("scale", |m| m.scale[3].points_hundredths = 1),
        ("scale", |m| m.scale.iter_mut().for_each(|mark| (mark.kind, mark.points_hundredths) = (MarkKind::Unknown, 0))),
        ("sheet_rules", |m| m.sheet_rules.distinct_min = Some(4)),
        ("sheet_rules", |m| m.sheet_rules.low_min = Some(LowMin { count: 1, from: "bliaojie".into() })),
    ];
    for (at, (field, change)) in limits.into_iter().enumerate() {
        assert_eq!(refused(change), BadManifest::OutOfLimits(field), "change {at}");
    }
}

#[test]
fn t3_rows_and_groups_have_a_most() {
    let row = Round::new().frozen.manifest().contests[0].clone();
    let rows = |most: u16| {
        (1..=most).map(|c| pingyi_rules::ballot::manifest::Contest { c, subject: c, ..row.clone() }).collect()
    };
    assert_eq!(refused(|m| m.contests = rows(201)), BadManifest::OutOfLimits("contests"));
    assert_eq!(refused(|m| m.contests = rows(200)), BadManifest::KeysMissing, "200 rows are within the limits");
    let group = Round::new().frozen.manifest().groups[0].clone();
    let groups = |most: usize| {
        let weight = |at| if at == 0 { 10_000 } else { 0 };
        let one = |at| pingyi_rules::ballot::manifest::ManifestGroup {
            id: format!("G{at}"),
            weight_bp: weight(at),
            ..group.clone()
        };
        (0..most).map(one).collect()
    };
    assert_eq!(refused(|m| m.groups = groups(17)), BadManifest::OutOfLimits("groups"));
    assert_eq!(refused(|m| m.groups = groups(16)), BadManifest::KeysMissing, "16 groups are within the limits");
}

#[test]
fn t4_keys_are_one_for_each_place_in_order_and_all_different() {
    assert_eq!(refused(|m| drop(m.keys.pop())), BadManifest::KeysMissing);
    assert_eq!(refused(|m| m.keys.push(m.keys[0].clone())), BadManifest::KeysMissing);
    assert_eq!(refused(|m| m.keys.swap(0, 1)), BadManifest::KeysMissing);
    assert_eq!(refused(|m| m.keys[3].g = "C".into()), BadManifest::KeysMissing);
    assert_eq!(refused(|m| m.keys[3].spki = m.keys[0].spki.clone()), BadManifest::KeysRepeat);
    assert_eq!(refused(|m| m.keys[3].spki.push('=')), BadManifest::Key(BadKey::OtherForm));
    let round = Round::new();
    assert_eq!(round.frozen.key(3, "B").unwrap().public(), pingyi::signer::BlindSign::public(round.signer(3, "B")));
    assert!(round.frozen.key(4, "A").is_none());
    assert!(round.frozen.key(1, "C").is_none());
}

#[test]
fn t4_only_one_form_of_key_is_taken() {
    let round = Round::new();
    let good = pingyi::signer::BlindSign::public(round.signer(0, "A")).spki().to_vec();
    assert_eq!(good.len(), 342);
    assert!(PublicKey::from_spki(&good).is_ok());
    let with = |at: usize, byte: u8| {
        let mut spki = good.clone();
        spki[at] = byte;
        PublicKey::from_spki(&spki)
    };
    assert_eq!(with(341, 3), Err(BadKey::OtherForm), "e = 65539");
    assert_eq!(with(66, 32), Err(BadKey::OtherForm), "salt 32");
    assert_eq!(with(34, 1), Err(BadKey::OtherForm), "SHA-256");
    assert_eq!(with(81, good[81] & 0x7f), Err(BadKey::Modulus), "2047 bits");
    assert_eq!(with(336, good[336] & 0xfe), Err(BadKey::Modulus), "even");
    assert_eq!(PublicKey::from_spki(&good[1..]), Err(BadKey::OtherForm));
    assert_eq!(PublicKey::from_spki(&[good.as_slice(), &[0]].concat()), Err(BadKey::OtherForm));
    // The same modulus with e = 3, spelled as DER would spell it.
    let mut e3 = good[..337].to_vec();
    e3.extend_from_slice(&[2, 1, 3]);
    assert_eq!(PublicKey::from_spki(&e3), Err(BadKey::OtherForm), "e = 3");
    // The same modulus as `rsaEncryption`, which every library writes: 15 bytes of algorithm in place of 63.
    let rsa_encryption = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0];
    let plain = [&[0x30, 0x82, 1, 0x22], rsa_encryption.as_slice(), &good[67..]].concat();
    assert_eq!(PublicKey::from_spki(&plain), Err(BadKey::OtherForm), "rsaEncryption");
}

#[test]
fn t4_a_weak_box_key_is_refused() {
    assert_eq!(refused(|m| m.box_key.clear()), BadManifest::BoxKey);
    let identity = {
        let mut point = [0; 32];
        point[0] = 1;
        BASE64URL_NOPAD.encode(&point)
    };
    assert_eq!(refused(|m| m.box_key = identity), BadManifest::BoxKey);
}

#[test]
fn t4_a_seal_key_that_nothing_can_be_sealed_to_is_refused() {
    assert_eq!(refused(|m| m.seal_key.clear()), BadManifest::SealKey);
    // The point of order one: whatever is sealed to it, everybody opens.
    assert_eq!(refused(|m| m.seal_key = BASE64URL_NOPAD.encode(&[0; 32])), BadManifest::SealKey);
}
