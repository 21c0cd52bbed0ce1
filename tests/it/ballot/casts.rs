//! Rules t11 to t14, t16, t17, and t19 for ballots.

use ed25519_dalek::SigningKey;
use pingyi_rules::ballot::cast::{cast_bytes, commitment, sheet_answer};
use pingyi_rules::ballot::record::BoxContents;
use pingyi_rules::ballot::{BadCast, Ballot, Batch, BoxItem, Opinion, check, phone, receipt};
use pingyi_rules::form::sheet_rules::{BrokenRule, Rule, TopMax};

use super::round::{Round, at};

/// Ties the sheet's answer to the rows as they are, as only the owner of its paper can.
fn recommit(phone: &super::round::Phone<'_>, batch: &mut Batch) {
    let rows = batch.ballots.iter().filter(|ballot| ballot.contest != 0).map(Ballot::leaf);
    let leaves = rows.chain(batch.opinions.iter().map(Opinion::leaf)).collect();
    *at(batch, 0) = phone.signs_answer(0, sheet_answer(&commitment(&batch.salt, leaves)));
}

fn ballots(items: Vec<BoxItem>) -> Vec<Ballot> {
    BoxContents::of(items).ballots
}

#[test]
fn t11_whole_sheets_are_good_and_keep_their_order() {
    let round = Round::new();
    for (group, recused) in [("A", None), ("B", None), ("B", Some(1)), ("B", Some(3))] {
        let batch = round.phone(group, recused, 1).fills_in(["hao", "", "bliaojie"]);
        let body = phone::body(&round.frozen, &batch);
        let read = Batch::parse(&body).unwrap();
        assert_eq!(read, batch);
        assert_eq!(ballots(check(&round.frozen, &read).unwrap()), batch.ballots, "{group} {recused:?}");
    }
}

#[test]
fn t11_a_batch_that_is_not_whole_is_refused() {
    let round = Round::new();
    let (mut a, mut b) = (round.phone("A", None, 1), round.phone("B", None, 2));
    let without = |mut batch: Batch, contests: &[u16], phone: &super::round::Phone<'_>| {
        batch.ballots.retain(|ballot| !contests.contains(&ballot.contest));
        if !contests.contains(&0) {
            recommit(phone, &mut batch);
        }
        check(&round.frozen, &batch).err()
    };
    let (sheet_a, sheet_b) = (a.fills_in(["hao"; 3]), b.fills_in(["hao"; 3]));
    assert_eq!(without(sheet_a.clone(), &[1], &a), Some(BadCast::ContestMissing), "A recuses nobody");
    assert_eq!(without(sheet_a.clone(), &[0], &a), Some(BadCast::ContestMissing), "no sheet");
    assert_eq!(without(sheet_b.clone(), &[1], &b), None, "B recuses");
    assert_eq!(without(sheet_b.clone(), &[0], &b), Some(BadCast::ContestMissing), "no sheet, though B recuses");
    assert_eq!(without(sheet_b.clone(), &[1, 2], &b), Some(BadCast::ContestMissing));
    let mut mixed = sheet_a.clone();
    *at(&mut mixed, 1) = b.signs(1, "hao");
    recommit(&a, &mut mixed);
    assert_eq!(check(&round.frozen, &mixed), Err(BadCast::Group));
    let mut twice = sheet_a.clone();
    twice.ballots.push(a.signs(2, "hao"));
    recommit(&a, &mut twice);
    assert_eq!(check(&round.frozen, &twice), Err(BadCast::ContestTwice(2)));
    let mut unknown = sheet_a.clone();
    at(&mut unknown, 3).contest = 4;
    assert_eq!(check(&round.frozen, &unknown), Err(BadCast::UnknownContest(4)));
    let mut stranger = sheet_a.clone();
    stranger.ballots.iter_mut().for_each(|ballot| ballot.group = "C".into());
    assert_eq!(check(&round.frozen, &stranger), Err(BadCast::Group));
    let empty = Batch { ballots: vec![], ..sheet_a };
    assert_eq!(check(&round.frozen, &empty), Err(BadCast::ContestMissing));
}

#[test]
fn t11_of_a_single_row_none_may_be_missing() {
    let round = Round::with(|m| {
        m.contests.truncate(1);
        m.keys.truncate(4);
    });
    let papers: Vec<_> = [0].map(|c| round.paper(c, "B", &mut rand::SeedableRng::seed_from_u64(1))).into();
    let batch = phone::fill_in(&round.frozen, "B", &papers, |_| None, &[], &mut rand::rng());
    assert_eq!(check(&round.frozen, &batch), Err(BadCast::ContestMissing));
}

#[test]
fn t12_answers_are_canonical_and_of_the_scale() {
    let round = Round::new();
    let mut phone = round.phone("A", None, 1);
    let sheet = phone.fills_in(["hao"; 3]);
    let answered = |contest: u16, answer: &str| {
        let mut batch = sheet.clone();
        *at(&mut batch, contest) = phone.signs_answer(contest, answer.to_owned());
        if contest != 0 {
            recommit(&phone, &mut batch);
        }
        check(&round.frozen, &batch).err()
    };
    assert_eq!(answered(2, r#"{"v":"cha"}"#), None);
    assert_eq!(answered(2, r#"{"v":"abstain"}"#), None);
    for bad in [
        r#"{"v":"ok"}"#,
        r#"{"v": "hao"}"#,
        r#"{"v":"hao"} "#,
        r#"{"v":"returned"}"#,
        r#"{"v":""}"#,
        r#"{"v":"hao","w":1}"#,
        r#"{"v":"\u0068ao"}"#,
        r#"{"w":"hao"}"#,
        "hao",
        "",
    ] {
        assert_eq!(answered(2, bad), Some(BadCast::Answer(2)), "{bad}");
    }
    let commitment = at(&mut sheet.clone(), 0).answer.clone();
    assert_eq!(answered(0, &commitment), None);
    for bad in [
        r#"{"v":"hao"}"#,
        r#"{"v":"returned"}"#,
        &commitment.replace("{\"h", "{ \"h"),
        &commitment.replace("returned", "abstain"),
    ] {
        assert_eq!(answered(0, bad), Some(BadCast::Answer(0)), "{bad}");
    }
}

#[test]
fn t13_a_sheet_fits_one_set_of_rows() {
    let round = Round::new();
    let mut phone = round.phone("A", None, 1);
    let sheet = phone.fills_in(["hao"; 3]);
    let mut changed = sheet.clone();
    *at(&mut changed, 2) = phone.signs(2, "cha");
    assert_eq!(check(&round.frozen, &changed), Err(BadCast::Commitment), "another mark, rightly signed");
    let mut salted = sheet.clone();
    salted.salt[0] ^= 1;
    assert_eq!(check(&round.frozen, &salted), Err(BadCast::Commitment));
    let mut others = phone.fills_in(["hao"; 3]);
    *at(&mut others, 0) = at(&mut sheet.clone(), 0).clone();
    assert_eq!(check(&round.frozen, &others), Err(BadCast::Commitment), "the same rows with another salt");
}

#[test]
fn t14_a_ballot_is_signed_by_the_key_in_its_token() {
    let round = Round::new();
    let (mut phone, other) = (round.phone("A", None, 1), round.phone("A", None, 2));
    let sheet = phone.fills_in(["hao"; 3]);
    let with = |change: &dyn Fn(&mut Ballot)| {
        let mut batch = sheet.clone();
        change(at(&mut batch, 2));
        recommit(&phone, &mut batch);
        check(&round.frozen, &batch).err()
    };
    assert_eq!(with(&|_| {}), None);
    assert_eq!(with(&|row| row.signature[40] ^= 1), Some(BadCast::Signature(2)));
    assert_eq!(
        with(&|row| row.answer = r#"{"v":"cha"}"#.into()),
        Some(BadCast::Signature(2)),
        "an answer changed after signing"
    );
    assert_eq!(with(&|row| row.pk = other.signs(2, "hao").pk), Some(BadCast::Token(2)), "another ballot key");
    assert_eq!(
        with(&|row| row.token = phone.signs(1, "hao").token),
        Some(BadCast::Token(2)),
        "a token of another contest"
    );
    assert_eq!(with(&|row| row.token[255] ^= 1), Some(BadCast::Token(2)));
    let foreign = round.phone("B", None, 3).signs(2, "hao");
    assert_eq!(with(&|row| row.token = foreign.token), Some(BadCast::Token(2)), "a token of another group");
    // The group order added to S: the same signature to a lax verifier.
    assert_eq!(with(&|row| add_group_order(&mut row.signature)), Some(BadCast::Signature(2)));
}

fn add_group_order(signature: &mut [u8; 64]) {
    let order =
        data_encoding::HEXLOWER.decode(b"edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").unwrap();
    let mut carry = 0;
    for (byte, add) in signature[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
}

#[test]
fn t14_another_round_or_manifest_is_refused_as_such() {
    let (round, next) = (Round::new(), Round::with(|m| m.round = 2));
    let batch = round.phone("A", None, 1).fills_in(["hao"; 3]);
    assert_eq!(check(&next.frozen, &batch), Err(BadCast::OtherManifest));
    // Under a false name, the tokens tell.
    let renamed = Batch { m: *next.frozen.hash(), ..batch };
    assert!(matches!(check(&next.frozen, &renamed), Err(BadCast::Token(_))));
}

#[test]
fn t15_a_sheet_that_breaks_a_rule_is_refused_with_its_numbers() {
    let round = Round::with(|m| {
        m.sheet_rules.all_rows = true;
        m.sheet_rules.top_max = Some(TopMax::Percent(50));
    });
    let casts = |marks, recused| {
        let batch = round.phone("B", recused, 1).fills_in(marks);
        check(&round.frozen, &batch).err()
    };
    assert_eq!(casts(["hao", "cha", "cha"], None), None);
    assert_eq!(casts(["hao", "cha", "cha"], Some(2)), None, "a recused row is not asked for");
    let broken =
        [BrokenRule { rule: Rule::AllRows, have: 2, limit: 3 }, BrokenRule { rule: Rule::TopMax, have: 2, limit: 1 }];
    assert_eq!(casts(["hao", "hao", ""], None), Some(BadCast::SheetRules(broken.into())));
}

#[test]
fn t17_all_casts_have_one_length() {
    let round = Round::new();
    let length = cast_bytes(round.frozen.manifest());
    assert_eq!(length % 1024, 0);
    for (marks, recused) in
        [(["hao"; 3], None), (["bliaojie", "", "jiaohao"], None), ([""; 3], Some(2)), (["cha"; 3], Some(1))]
    {
        let batch = round.phone("B", recused, 1).fills_in(marks);
        assert_eq!(phone::body(&round.frozen, &batch).len(), length, "{marks:?} {recused:?}");
    }
    // The longest sheet that the manifest allows still fits.
    let longest = round.phone("A", None, 2).fills_in(["bliaojie"; 3]);
    assert!(longest.encode(0).len() <= length);
}

#[test]
fn t16_a_receipt_is_the_same_on_every_retry_and_good_for_one_ballot() {
    let round = Round::new();
    let batch = round.phone("A", None, 1).fills_in(["hao"; 3]);
    let (m, leaf) = (round.frozen.hash(), batch.ballots[0].leaf());
    let given = receipt::sign(&round.box_key, m, &leaf);
    assert_eq!(receipt::sign(&round.box_key, m, &leaf), given);
    assert!(receipt::is_good(round.frozen.box_key(), m, &leaf, &given));
    assert!(!receipt::is_good(round.frozen.box_key(), m, &batch.ballots[1].leaf(), &given));
    assert!(!receipt::is_good(round.frozen.box_key(), &[0; 32], &leaf, &given));
    assert!(!receipt::is_good(&SigningKey::from_bytes(&[8; 32]).verifying_key(), m, &leaf, &given));
}

#[test]
fn t19_a_ballot_in_a_log_line_says_no_mark() {
    let round = Round::new();
    let ballot = round.phone("A", None, 1).signs(1, "hao");
    assert_eq!(format!("{ballot:?}"), "Ballot(c1.gA)");
}
