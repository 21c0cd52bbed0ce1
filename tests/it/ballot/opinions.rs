//! Rules t20 to t22: what may be written, how it travels and lies in a box, and that a sheet stands for it.

use pingyi_rules::ballot::cast::{cast_bytes, commitment, sheet_answer};
use pingyi_rules::ballot::manifest::Manifest;
use pingyi_rules::ballot::opinion::{ENCODED_BYTES, OPINION_CHARS_MAX, OPINIONS_MAX, is_text, most_of_a_sheet};
use pingyi_rules::ballot::record::BoxContents;
use pingyi_rules::ballot::{BadCast, Ballot, Batch, BoxItem, Opinion, check, phone};
use proptest::prelude::*;

use super::round::{Phone, Round, at};

fn opinion(contest: u16, text: &str) -> Opinion {
    Opinion { contest, nonce: [7; 32], text: text.to_owned() }
}

/// Ties the sheet's answer to what it has, as only its owner can.
fn recommitted(phone: &Phone<'_>, mut batch: Batch) -> Batch {
    let rows = batch.ballots.iter().filter(|ballot| ballot.contest != 0).map(Ballot::leaf);
    let leaves = rows.chain(batch.opinions.iter().map(Opinion::leaf)).collect();
    *at(&mut batch, 0) = phone.signs_answer(0, sheet_answer(&commitment(&batch.salt, leaves)));
    batch
}

#[test]
fn t20_a_text_has_letters_no_blank_ends_and_a_limit() {
    let longest = "好".repeat(OPINION_CHARS_MAX);
    for good in ["好", "a\nb", "😀", "第一。\n\n第二。", &longest] {
        assert!(is_text(good), "{good}");
    }
    for bad in ["", " ", "好 ", "\n好", "a\tb", "a\rb", "a\u{0}b", "a\u{7f}b", "a\u{85}b", &format!("{longest}x")] {
        assert!(!is_text(bad), "{bad:?}");
    }
}

proptest! {
    #[test]
    fn t20_what_lies_in_the_box_comes_out_as_it_went_in(text in "[\\PC\n]{1,200}", contest in 1u16..=200, nonce: [u8; 32]) {
        prop_assume!(is_text(&text));
        let opinion = Opinion { contest, nonce, text };
        let encoded = opinion.encode();
        prop_assert_eq!(encoded.len(), ENCODED_BYTES, "whatever was written");
        prop_assert_eq!(BoxItem::decode(&encoded), Some(BoxItem::Opinion(opinion)));
    }

    #[test]
    fn t20_another_encoding_is_none(place in 0..ENCODED_BYTES, bits in 1u8..=255) {
        let written = opinion(1, "再快些");
        let mut encoded = written.encode();
        encoded[place] ^= bits;
        // Contest and nonce may be others; of everything else no other spelling is read.
        if let Some(read) = Opinion::decode(&encoded) {
            prop_assert!((1..35).contains(&place) || read.text != written.text);
            prop_assert_eq!(read.encode(), encoded);
        }
    }
}

#[test]
fn t20_a_cut_or_longer_encoding_is_none_and_a_ballot_is_no_opinion() {
    let encoded = opinion(1, "再快些").encode();
    assert_eq!(BoxItem::decode(&encoded[..ENCODED_BYTES - 1]), None);
    assert_eq!(BoxItem::decode(&[encoded, vec![0]].concat()), None);
    let round = Round::new();
    let ballot = round.phone("A", None, 1).signs(1, "hao");
    assert_eq!(BoxItem::decode(&ballot.encode()), Some(BoxItem::Ballot(ballot.clone())));
    assert_eq!(Opinion::decode(&ballot.encode()), None);
    // In a box their keys differ, even where the bytes are the same.
    let twin = Opinion { nonce: ballot.pk, ..opinion(1, "好") };
    assert_ne!(BoxItem::Ballot(ballot).key(), BoxItem::Opinion(twin).key());
}

#[test]
fn t20_debug_output_holds_no_text() {
    assert_eq!(format!("{:?}", opinion(3, "秘密")), "Opinion(c3)");
    assert!(!format!("{:?}", BoxItem::Opinion(opinion(3, "秘密"))).contains("秘密"));
}

#[test]
fn t21_a_sheet_stands_for_what_was_written() {
    let round = Round::new();
    let mut phone = round.phone("A", None, 1);
    phone.written = vec![(1, "写得好\n“再快些”".to_owned()), (3, "a".to_owned())];
    let batch = phone.fills_in(["hao", "", "cha"]);
    let read = Batch::parse(&phone::body(&round.frozen, &batch)).unwrap();
    assert_eq!(read, batch);
    let contents = BoxContents::of(check(&round.frozen, &read).unwrap());
    assert_eq!((contents.ballots.len(), contents.opinions), (4, batch.opinions.clone()));
    let refused = |change: fn(&mut Batch)| {
        let mut changed = batch.clone();
        change(&mut changed);
        check(&round.frozen, &changed).err()
    };
    assert_eq!(refused(|batch| drop(batch.opinions.pop())), Some(BadCast::Commitment), "one left out");
    assert_eq!(refused(|batch| batch.opinions[0].text.push('x')), Some(BadCast::Commitment), "another text");
    assert_eq!(refused(|batch| batch.opinions[0].nonce[0] ^= 1), Some(BadCast::Commitment));
    assert_eq!(refused(|batch| batch.opinions[0].contest = 2), Some(BadCast::Commitment), "about another row");
    assert_eq!(refused(|batch| batch.opinions.push(opinion(2, "b"))), Some(BadCast::Commitment), "one more");
}

#[test]
fn t21_opinions_that_have_no_place_are_refused_though_the_sheet_stands_for_them() {
    let round = Round::new();
    let refused = |opinions: &[Opinion], recused: Option<u16>| {
        let mut phone = round.phone("B", recused, 1);
        let batch = phone.fills_in(["hao"; 3]);
        check(&round.frozen, &recommitted(&phone, Batch { opinions: opinions.to_vec(), ..batch })).err()
    };
    assert_eq!(refused(&[opinion(1, "a")], None), None);
    assert_eq!(refused(&[opinion(1, "a"), opinion(1, "b")], None), Some(BadCast::Opinion(1)), "two about a row");
    assert_eq!(refused(&[opinion(0, "a")], None), Some(BadCast::Opinion(0)), "about the sheet");
    assert_eq!(refused(&[opinion(4, "a")], None), Some(BadCast::Opinion(4)), "about no row");
    assert_eq!(refused(&[opinion(2, "a")], Some(2)), Some(BadCast::Opinion(2)), "about the own branch");
    let silent = Round::with(|manifest| manifest.opinions = false);
    let mut phone = silent.phone("A", None, 1);
    let batch = Batch { opinions: vec![opinion(1, "a")], ..phone.fills_in(["hao"; 3]) };
    assert_eq!(check(&silent.frozen, &recommitted(&phone, batch)), Err(BadCast::Opinion(1)), "nobody asked");
}

#[test]
fn t21_a_body_with_a_bad_text_or_too_many_is_refused_whole() {
    let round = Round::new();
    let body = |opinions: Vec<Opinion>| {
        let batch = Batch { opinions, ..round.phone("A", None, 1).fills_in(["hao"; 3]) };
        Batch::parse(&batch.encode(0)).err()
    };
    assert_eq!(body(vec![opinion(1, "a")]), None);
    assert_eq!(body(vec![opinion(1, " a")]), Some(BadCast::OtherForm));
    assert_eq!(body(vec![opinion(1, &"a".repeat(OPINION_CHARS_MAX + 1))]), Some(BadCast::OtherForm));
    let many = |count: usize| (1..).take(count).map(|contest| opinion(contest, "a")).collect();
    assert_eq!((body(many(OPINIONS_MAX)), body(many(OPINIONS_MAX + 1))), (None, Some(BadCast::OtherForm)));
    assert_eq!((most_of_a_sheet(7), most_of_a_sheet(71)), (7, OPINIONS_MAX));
}

#[test]
fn t17_casts_have_one_length_whatever_was_written() {
    let round = Round::new();
    let length = |written: Vec<(u16, String)>| {
        let mut phone = round.phone("A", None, 1);
        phone.written = written;
        phone::body(&round.frozen, &phone.fills_in(["hao"; 3])).len()
    };
    let most = |letter: &str| (1..=3).map(|row| (row, letter.repeat(OPINION_CHARS_MAX))).collect::<Vec<_>>();
    let all = [length(Vec::new()), length(vec![(2, "好".to_owned())]), length(most("😀")), length(most("\""))];
    assert_eq!(all, [cast_bytes(round.frozen.manifest()); 4]);
    let silent = |manifest: &mut Manifest| manifest.opinions = false;
    assert!(cast_bytes(Round::with(silent).frozen.manifest()) < all[0], "where nobody asks there is no room for it");
}
