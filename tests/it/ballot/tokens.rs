//! Rules t5 to t8, and t19 for what holds secrets.

use num_bigint::BigUint;
use pingyi::rehearsal::blind::{self, BlindError, Blinded, Blinder};
use pingyi::rehearsal::blinding::Blinding;
use pingyi::signer::{BlindSign, BlindSignError, RsaSigner};
use pingyi_rsa::PrivateKey;
use pingyi_rules::ballot::Manifest;
use pingyi_rules::ballot::token::{TOKEN_BYTES, challenge, verify};
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::Value;

use super::der::{parts, pkcs8};
use super::round::Round;

type Change = fn(&mut Manifest);

fn vectors() -> Vec<Value> {
    serde_json::from_str(include_str!("../../vectors/rfc9474.json")).unwrap()
}

fn bytes(vector: &Value, field: &str) -> Vec<u8> {
    let text = vector[field].as_str().unwrap();
    let text = text.strip_prefix("0x").unwrap_or(text);
    data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap()
}

fn number(bytes: &[u8]) -> BigUint {
    BigUint::from_bytes_be(bytes)
}

/// Big-endian, in so many bytes.
fn padded(number: &BigUint, length: usize) -> Vec<u8> {
    let bytes = number.to_bytes_be();
    [vec![0; length - bytes.len()], bytes].concat()
}

/// `base^exponent mod n`, as long as `n`, computed by another library than the signer's.
fn power(base: &[u8], exponent: &[u8], n: &[u8]) -> Vec<u8> {
    padded(&number(base).modpow(&number(exponent), &number(n)), n.len())
}

#[test]
fn t5_blinding_and_finalizing_give_the_bytes_of_the_rfc() {
    let mut seen = 0;
    for vector in vectors() {
        let [n, message, salt, inverse] = ["n", "input_msg", "salt", "inv"].map(|field| bytes(&vector, field));
        let factor = number(&inverse).modinv(&number(&n)).unwrap();
        if let Some(expected) = vector["encoded_msg"].as_str() {
            assert_eq!(data_encoding::HEXLOWER.encode(&blind::encode(&message, &salt, 4095)), expected);
        }
        let blinder = Blinder { message: &message, salt: &salt, factor };
        let blinded = blind::blind_with(&n, &[blinder]).unwrap().pop().unwrap();
        assert_eq!(blinded, Blinded { message: bytes(&vector, "blinded_msg"), inverse: inverse.clone() });
        let blind_signature = power(&blinded.message, &bytes(&vector, "d"), &n);
        assert_eq!(blind_signature, bytes(&vector, "blind_sig"));
        let [p, q] = ["p", "q"].map(|field| number(&bytes(&vector, field)));
        let key = PrivateKey::from_pkcs8(&pkcs8(&p, &q, &number(&[1, 0, 1]))).unwrap();
        assert_eq!(key.modulus(), n);
        assert_eq!(key.private_operation(&blinded.message).unwrap(), blind_signature, "by the signer's library");
        assert_eq!(key.public_operation(&blind_signature).unwrap(), blinded.message);
        let finalized = blind::finalize(&n, &message, &blind_signature, &inverse);
        if salt.len() == blind::SALT_BYTES {
            assert_eq!(finalized.unwrap(), bytes(&vector, "sig"));
        } else {
            assert_eq!(finalized, Err(BlindError::BadSignature), "a salt of {} bytes", salt.len());
            assert!(!verify(&n, &message, &bytes(&vector, "sig")));
        }
        seen += 1;
    }
    assert_eq!(seen, 4);
}

#[test]
fn t5_salts_of_other_lengths_never_verify() {
    let round = Round::new();
    let (signer, key) = (round.signer(1, "A"), round.frozen.key(1, "A").unwrap());
    let input = key.input(&[9; 32]);
    for length in [0, 1, 47, 48, 49, 64] {
        let encoded: [u8; TOKEN_BYTES] = blind::encode(&input, &vec![3; length], 2047).try_into().unwrap();
        let token = signer.blind_sign(&encoded).unwrap();
        assert_eq!(key.is_good(&[9; 32], &token), length == 48, "a salt of {length} bytes");
    }
}

#[test]
fn t6_the_challenge_is_spelled_as_the_rfc_spells_it() {
    let expected = [b"\x00\x02\x00\x06pingyi\x20".as_slice(), &[5; 32], b"\x00\x06c12.gB"].concat();
    assert_eq!(challenge(&[5; 32], 12, "B"), expected);
    let round = Round::new();
    let key = round.frozen.key(1, "A").unwrap();
    let input = key.input(&[9; 32]);
    let sha256 = |bytes: &[u8]| -> Vec<u8> { <sha2::Sha256 as sha2::Digest>::digest(bytes).to_vec() };
    let parts = [vec![0, 2], vec![9; 32], sha256(&challenge(round.frozen.hash(), 1, "A")), sha256(key.public().spki())]
        .concat();
    assert_eq!(input.as_slice(), parts);
}

#[test]
fn t6_a_token_is_good_for_its_own_place_only() {
    let round = Round::new();
    let mut rng = StdRng::seed_from_u64(1);
    let paper = round.paper(1, "A", &mut rng);
    let pk = ed25519_dalek::SigningKey::from_bytes(&paper.secret).verifying_key().to_bytes();
    let is_good = |frozen: &pingyi_rules::ballot::Frozen, contest, group| {
        frozen.key(contest, group).unwrap().is_good(&pk, &paper.token)
    };
    assert!(is_good(&round.frozen, 1, "A"));
    assert!(!is_good(&round.frozen, 2, "A"), "another contest");
    assert!(!is_good(&round.frozen, 1, "B"), "another group");
    assert!(!is_good(&round.frozen, 0, "A"), "the sheet");
    let changes: [(&str, Change); 3] = [
        ("another round", |m| m.round = 2),
        ("another meeting", |m| m.meeting = "other".into()),
        ("another manifest", |m| m.scale[0].points_hundredths = 1),
    ];
    for (what, change) in changes {
        assert!(!is_good(&Round::with(change).frozen, 1, "A"), "{what}, though with the same keys");
    }
    let mut other = pk;
    other[0] ^= 1;
    assert!(!round.frozen.key(1, "A").unwrap().is_good(&other, &paper.token), "another ballot key");
    for bit in [0, 1_023, 2_047] {
        let mut token = paper.token;
        token[bit / 8] ^= 1 << (bit % 8);
        assert!(!round.frozen.key(1, "A").unwrap().is_good(&pk, &token), "bit {bit} flipped");
    }
}

#[test]
fn t6_a_keys_place_is_part_of_the_challenge_and_not_only_of_the_key() {
    // A manifest that lists one key in another place does not make the other's tokens good.
    let round = Round::new();
    let swapped = Round::with(|m| {
        let spki = m.keys[2].spki.clone();
        m.keys[2].spki = std::mem::replace(&mut m.keys[4].spki, spki);
    });
    let paper = round.paper(1, "A", &mut StdRng::seed_from_u64(2));
    let pk = ed25519_dalek::SigningKey::from_bytes(&paper.secret).verifying_key().to_bytes();
    assert!(!swapped.frozen.key(2, "A").unwrap().is_good(&pk, &paper.token));
}

#[test]
fn t7_the_signer_takes_what_is_below_the_modulus_and_nothing_else() {
    let round = Round::new();
    let signer = round.signer(0, "A");
    let n = number(signer.public().modulus());
    let plus = |add: u32, sub: u32| -> [u8; TOKEN_BYTES] { padded(&(&n + add - sub), 256).try_into().unwrap() };
    let zero = [0; TOKEN_BYTES];
    let mut one = zero;
    one[TOKEN_BYTES - 1] = 1;
    assert_eq!(signer.blind_sign(&zero), Ok(zero));
    assert_eq!(signer.blind_sign(&one), Ok(one));
    assert_eq!(signer.blind_sign(&plus(0, 1)), Ok(plus(0, 1)), "(n − 1) to an odd power");
    for (z, what) in [(padded(&BigUint::from(2_u8), 256), "2"), (plus(0, 2).to_vec(), "n − 2")] {
        let signed = signer.blind_sign(&z.clone().try_into().unwrap()).unwrap();
        assert_eq!(power(&signed, &[1, 0, 1], signer.public().modulus()), z, "{what}");
    }
    assert_eq!(signer.blind_sign(&plus(0, 0)), Err(BlindSignError::NotBelowModulus), "n");
    assert_eq!(signer.blind_sign(&plus(1, 0)), Err(BlindSignError::NotBelowModulus), "n + 1");
    assert_eq!(signer.blind_sign(&[0xff; TOKEN_BYTES]), Err(BlindSignError::NotBelowModulus));
}

#[test]
fn t7_the_same_message_gives_the_same_bytes_also_after_a_restart() {
    let signer = RsaSigner::generate().unwrap();
    let mut message = [0x5a; TOKEN_BYTES];
    message[0] = 0x12;
    let answer = signer.blind_sign(&message).unwrap();
    let again = RsaSigner::from_pkcs8(&signer.to_pkcs8().unwrap()).unwrap();
    assert_eq!(again.public(), signer.public());
    assert_eq!(signer.blind_sign(&message), Ok(answer));
    assert_eq!(again.blind_sign(&message), Ok(answer));
    assert_eq!(power(&answer, &[1, 0, 1], signer.public().modulus()), message);
}

#[test]
fn t7_keys_of_another_form_are_not_taken() {
    let refused = |der: &[u8]| RsaSigner::from_pkcs8(der).err();
    let own = PrivateKey::generate(2048).unwrap().to_pkcs8().unwrap();
    assert_eq!(refused(&own), None, "the control");
    let small = PrivateKey::generate(1024).unwrap().to_pkcs8().unwrap();
    assert_eq!(refused(&small), Some(BlindSignError::OtherKey), "1024 bits");
    let [p, q] = ["p", "q"].map(|field| number(&bytes(&vectors()[0], field)));
    assert_eq!(refused(&pkcs8(&p, &q, &number(&[1, 0, 1]))), Some(BlindSignError::OtherKey), "4096 bits");
    let [_, _, e, _, p, q, ..] = parts(&own);
    assert_eq!(refused(&pkcs8(&p, &q, &e)), None, "the control: the same primes, spelled out in this file");
    let other = (1..)
        .map(|half| BigUint::from(2_u8 * half + 1))
        .find(|e| [&p, &q].iter().all(|prime| e.modinv(&(*prime - 1_u8)).is_some()));
    let other = pkcs8(&p, &q, &other.unwrap());
    assert!(PrivateKey::from_pkcs8(&other).is_ok(), "the control: a key with a small exponent");
    assert_eq!(refused(&other), Some(BlindSignError::OtherKey), "another exponent");
    assert_eq!(refused(b"no key"), Some(BlindSignError::OtherKey));
    assert_eq!(refused(&[own.as_slice(), &[0]].concat()), Some(BlindSignError::OtherKey), "a byte too many");
    for at in (0..own.len()).step_by(97) {
        let mut other = own.clone();
        other[at] ^= 1;
        assert_eq!(refused(&other), Some(BlindSignError::OtherKey), "one bit of byte {at} flipped");
    }
}

#[test]
fn t8_only_the_signature_of_what_was_asked_is_finalized() {
    let round = Round::new();
    let key = round.frozen.key(1, "A").unwrap();
    let mut rng = StdRng::seed_from_u64(3);
    let [blinding, other] = [(); 2].map(|()| Blinding::new(key, 1, &mut rng).unwrap());
    let answer = round.signer(1, "A").blind_sign(&blinding.blinded).unwrap();
    assert!(blinding.finalize(key, &answer).is_ok());
    assert_eq!(other.finalize(key, &answer), Err(BlindError::BadSignature), "another's answer");
    let wrong = round.signer(2, "A").blind_sign(&blinding.blinded).unwrap_or([1; TOKEN_BYTES]);
    assert_eq!(blinding.finalize(key, &wrong), Err(BlindError::BadSignature), "another key's answer");
    assert_eq!(blinding.finalize(key, &[0; TOKEN_BYTES]), Err(BlindError::BadSignature));
    assert_eq!(blinding.finalize(key, &[0xff; TOKEN_BYTES]), Err(BlindError::BadSignature), "not below the modulus");
}

#[test]
fn t8_papers_asked_for_together_are_as_good_as_one_by_one() {
    let round = Round::new();
    let key = round.frozen.key(2, "B").unwrap();
    let mut rng = StdRng::seed_from_u64(8);
    for count in [0, 1, 2, 7] {
        let blindings = Blinding::many(key, 2, count, &mut rng).unwrap();
        assert_eq!(blindings.len(), count);
        for blinding in blindings {
            let answer = round.signer(2, "B").blind_sign(&blinding.blinded).unwrap();
            assert!(blinding.finalize(key, &answer).is_ok());
        }
    }
}

#[test]
fn t8_two_phones_never_ask_for_the_same() {
    let round = Round::new();
    let key = round.frozen.key(1, "A").unwrap();
    let mut rng = StdRng::seed_from_u64(4);
    let asked: std::collections::HashSet<Vec<u8>> =
        (0..50).map(|_| Blinding::new(key, 1, &mut rng).unwrap().blinded.to_vec()).collect();
    assert_eq!(asked.len(), 50);
    // With the same randomness the phone asks for the same again: a rehearsal can be repeated.
    let ask = || Blinding::new(key, 1, &mut StdRng::seed_from_u64(5)).unwrap();
    assert_eq!(ask(), ask());
}

#[test]
fn t19_secrets_have_no_debug_form() {
    let round = Round::new();
    let paper = round.paper(1, "A", &mut StdRng::seed_from_u64(6));
    assert_eq!(format!("{paper:?}"), "PhoneToken(c1)");
    let blinding = Blinding::new(round.frozen.key(1, "A").unwrap(), 1, &mut StdRng::seed_from_u64(7)).unwrap();
    assert_eq!(format!("{blinding:?}"), "Blinding(c1)");
    let signer = round.signer(1, "A");
    let id = data_encoding::HEXLOWER.encode(signer.public().id());
    assert_eq!(format!("{signer:?}"), format!("RsaSigner(PublicKey({id}))"));
}
