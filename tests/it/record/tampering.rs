//! Rules r4 and r6: whoever holds the box key and changes something is caught, by the check for it, in both verifiers.

use ed25519_dalek::SigningKey;
use pingyi_rules::ballot::record::Variant;
use pingyi_rules::ballot::verify::FORM_ONLY;
use serde_json::{Value, json};

use super::fixtures::{Forgery, Poll, Voters, base64url, verdict};
use super::python;
use crate::ballot::round::Phone;

/// What was done, the check that must catch it (or 0, or [`FORM`]), the record that came of it, and a proof.
pub type Case = (&'static str, u8, Vec<u8>, Option<Vec<u8>>);

/// In place of a check: the form of the record holds, and there is nothing in it to count.
pub const FORM: u8 = 100 + FORM_ONLY;

/// What a verifier ends with in that case.
pub fn exit_of(wanted: u8) -> u8 {
    match wanted {
        0 => 0,
        FORM => FORM_ONLY,
        check => 10 + check,
    }
}

pub fn caught(cases: Vec<Case>) {
    let asked: Vec<_> = cases.iter().map(|(_, _, record, proof)| (record.clone(), proof.clone())).collect();
    let others = python::verdicts(&asked).into_iter().zip(python::browser_verdicts(&asked));
    for ((what, wanted, record, proof), (second, third)) in cases.iter().zip(others) {
        let wanted = exit_of(*wanted);
        assert_eq!(verdict(record, proof.as_deref()), wanted, "{what}");
        assert_eq!(second, wanted, "{what}, by tests/verify.py");
        assert_eq!(third, wanted, "{what}, in the browser");
    }
}

pub fn put_right(forgery: Forgery) -> Vec<u8> {
    forgery.hashed().rooted().signed().bytes()
}

/// A server that a count did not wait for.
fn left_out(id: &str) -> Value {
    json!({"name": "left", "server": id, "sheets": 2})
}

/// Where the first row's ballot of a group stands.
fn row_of(value: &Value, contest: u16, group: &str) -> usize {
    let ballots = value["ballots"].as_array().unwrap();
    ballots.iter().position(|ballot| ballot["c"] == contest && ballot["g"] == group).unwrap()
}

#[test]
fn r4_a_changed_manifest_is_caught() {
    let poll = Poll::standard();
    let forged = || poll.forged();
    let swap_weights = |value: &mut Value| {
        value["manifest"]["groups"][0]["weight_bp"] = json!(4_000);
        value["manifest"]["groups"][1]["weight_bp"] = json!(6_000);
    };
    let second_key =
        |value: &mut Value| value["manifest"]["keys"][1]["spki"] = value["manifest"]["keys"][0]["spki"].clone();
    let less_keys = |value: &mut Value| drop(value["manifest"]["keys"].as_array_mut().unwrap().pop());
    let mut weak = [0; 32];
    weak[0] = 1;
    caught(vec![
        ("nothing", 0, put_right(forged()), None),
        ("weights", 1, forged().with(swap_weights).signed().bytes(), None),
        ("weights, with their hash", 4, put_right(forged().with(swap_weights)), None),
        ("k_min, with its hash", 4, put_right(forged().with(|v| v["manifest"]["k_min"] = json!(1))), None),
        (
            "a rule, with its hash",
            4,
            put_right(forged().with(|v| v["manifest"]["scoring"]["decimals"] = json!(1))),
            None,
        ),
        ("one key for two groups", 2, put_right(forged().with(second_key)), None),
        ("a key left out", 2, put_right(forged().with(less_keys)), None),
        ("a weak box key", 2, put_right(forged().with(|v| v["manifest"]["box_key"] = json!(base64url(&weak)))), None),
        (
            "weights that are not whole",
            3,
            put_right(forged().with(|v| v["manifest"]["groups"][0]["weight_bp"] = json!(1))),
            None,
        ),
        (
            "a rule left out",
            3,
            put_right(forged().with(|v| drop(v["manifest"]["scoring"].as_object_mut().unwrap().remove("bands")))),
            None,
        ),
    ]);
}

#[test]
fn r15_a_change_among_opinions_is_caught() {
    let poll = Poll::standard();
    let forged = |change: fn(&mut Value)| put_right(poll.forged().with(change));
    let leaves = |value: &mut Value| -> Vec<Value> { value["opinions"].as_array().unwrap().clone() };
    assert!(leaves(&mut poll.forged().value).len() > 3, "some wrote");
    let silent = Poll::of(Voters { a: 6, b: 7, recused: Some(2) }, 1, |manifest| manifest.opinions = false);
    let made_up = |count: u8| (0..count).map(|number| json!(base64url(&[number; 32]))).collect::<Vec<_>>();
    let too_many = poll.forged().with(|v| v["opinions"] = json!(made_up(40)));
    let unasked = silent.forged().with(|v| v["opinions"] = json!(made_up(1)));
    // Voter 0 wrote: what it keeps misses an opinion that is left out of a record that is signed anew.
    let without_own = poll.forged().with(|v| {
        let own = base64url(&poll.written[0][0].leaf());
        v["opinions"].as_array_mut().unwrap().retain(|leaf| *leaf != json!(own));
    });
    caught(vec![
        ("no opinions where they were asked for", 0, forged(|v| v["opinions"] = json!([])), None),
        ("no list of opinions", 3, forged(|v| drop(v.as_object_mut().unwrap().remove("opinions"))), None),
        ("a text in place of a leaf", 3, forged(|v| v["opinions"][0] = json!("意见")), None),
        ("opinions in another order", 8, forged(|v| v["opinions"].as_array_mut().unwrap().reverse()), None),
        ("an opinion twice", 8, forged(|v| v["opinions"][1] = v["opinions"][0].clone()), None),
        (
            "an opinion left out",
            9,
            poll.forged().with(|v| drop(v["opinions"].as_array_mut().unwrap().pop())).signed().bytes(),
            None,
        ),
        ("opinions of more sheets than there are", 10, put_right(too_many), None),
        ("opinions that nobody asked for", 10, put_right(unasked), None),
        ("an own opinion left out", 15, put_right(without_own), Some(poll.proof(0))),
    ]);
}

#[test]
fn r4_another_form_is_caught() {
    let poll = Poll::standard();
    let forged = |change: fn(&mut Value)| put_right(poll.forged().with(change));
    let spaced = String::from_utf8(poll.record()).unwrap().replacen("\",\"", "\", \"", 1).into_bytes();
    let cut = poll.record()[..1_000].to_vec();
    caught(vec![
        ("an extra field", 3, forged(|v| v["time"] = json!(1)), None),
        ("an extra field in a ballot", 3, forged(|v| v["ballots"][3]["seat"] = json!(1)), None),
        ("an extra field in a row", 3, forged(|v| v["tally"]["rows"][0]["flag"] = json!(1)), None),
        ("a field left out", 3, forged(|v| drop(v.as_object_mut().unwrap().remove("paper"))), None),
        ("a blank", 3, spaced, None),
        ("half a file", 3, cut, None),
        ("no file", 3, Vec::new(), None),
        ("the format of another edition", 3, forged(|v| v["format"] = json!("pingyi-record/1")), None),
        ("another format", 3, forged(|v| v["format"] = json!("pingyi-record/3")), None),
        ("a group twice", 3, forged(|v| v["issuance"][1]["g"] = json!("A")), None),
        (
            "a left out server without a name",
            3,
            forged(|v| v["left_out"] = json!([{"server": "b", "sheets": 1}])),
            None,
        ),
        (
            "left out servers in another order",
            3,
            forged(|v| v["left_out"] = json!([left_out("b"), left_out("a")])),
            None,
        ),
        ("a left out server twice", 3, forged(|v| v["left_out"] = json!([left_out("a"), left_out("a")])), None),
        ("ballots and leaves", 3, forged(|v| v["leaves"] = json!([])), None),
        ("no tally", 3, forged(|v| v["tally"] = Value::Null), None),
        (
            "paper of another group",
            3,
            forged(|v| v["paper"] = json!({"C": {"invalid": 0, "issued": 0, "returned": 0, "rows": []}})),
            None,
        ),
    ]);
}

#[test]
fn r4_a_changed_moved_or_repeated_ballot_is_caught() {
    let poll = Poll::standard();
    let forged = || poll.forged();
    let value = forged().value;
    let at = row_of(&value, 1, "A");
    let change = |name: &'static str, to: Value| move |v: &mut Value| v["ballots"][at][name] = to;
    let other_token = value["ballots"][row_of(&value, 1, "B")]["tk"].clone();
    // The owner of a paper answers it anew.
    let phone: Phone<'_> = poll.round.phone("A", None, 99);
    let signs = |answer: &str| serde_json::from_slice(&phone.signs_answer(1, answer.to_owned()).canonical()).unwrap();
    let (one, other): (Value, Value) = (signs(r#"{"v":"hao"}"#), signs(r#"{"v":"cha"}"#));
    let add = |ballots: Vec<Value>| put_right(forged().with(|v| v["ballots"].as_array_mut().unwrap().extend(ballots)));
    let again = value["ballots"][at].clone();
    let signature_of_row_2 = value["ballots"][row_of(&value, 2, "A")]["s"].clone();
    caught(vec![
        ("moved to another group", 4, put_right(forged().with(change("g", json!("B")))), None),
        ("moved to another contest", 4, put_right(forged().with(change("c", json!(2)))), None),
        ("moved to no contest", 4, put_right(forged().with(change("c", json!(9)))), None),
        ("with a token of another", 4, put_right(forged().with(change("tk", other_token))), None),
        ("there twice", 5, add(vec![again]), None),
        ("a paper answered twice", 5, add(vec![one.clone(), other]), None),
        ("another answer", 6, put_right(forged().with(change("a", json!(r#"{"v":"none"}"#)))), None),
        ("another signature", 6, put_right(forged().with(change("s", signature_of_row_2))), None),
        ("an answer in another spelling", 7, add(vec![signs(r#"{"v": "hao"}"#)]), None),
        ("an answer of no scale", 7, add(vec![signs(r#"{"v":"excellent"}"#)]), None),
        ("a row that was returned as a sheet", 7, add(vec![signs(r#"{"v":"returned"}"#)]), None),
        ("one more than sheets", 10, add(vec![one]), None),
    ]);
}

#[test]
fn r4_another_order_or_root_is_caught() {
    let poll = Poll::standard();
    let swapped = poll.forged().with(|v| v["ballots"].as_array_mut().unwrap().swap(3, 4)).signed();
    let dropped = |contest: u16| {
        let mut forgery = poll.forged();
        let at = row_of(&forgery.value, contest, "A");
        forgery.value["ballots"].as_array_mut().unwrap().remove(at);
        forgery
    };
    caught(vec![
        ("another order", 8, swapped.bytes(), None),
        ("a ballot dropped", 9, dropped(1).signed().bytes(), None),
        ("a ballot dropped, with the root", 11, dropped(1).rooted().signed().bytes(), None),
        ("a sheet dropped, with the root", 10, dropped(0).rooted().signed().bytes(), None),
        ("another root", 9, poll.forged().with(|v| v["root"] = json!("00".repeat(32))).signed().bytes(), None),
    ]);
}

#[test]
fn r4_changed_papers_and_figures_are_caught() {
    let poll = Poll::standard();
    let forged = |change: fn(&mut Value)| poll.forged().with(change).signed().bytes();
    let other_key = Forgery { box_key: SigningKey::from_bytes(&[9; 32]), ..poll.forged() };
    caught(vec![
        ("issued", 10, forged(|v| v["issuance"][0]["issued"] = json!(5)), None),
        ("eligible", 10, forged(|v| v["issuance"][0]["eligible"] = json!(5)), None),
        ("reissued beyond the manifest", 10, forged(|v| v["issuance"][0]["reissued"] = json!(3)), None),
        ("a tally", 11, forged(|v| v["tally"]["rows"][0]["marks"] = json!([13, 0, 0, 0])), None),
        ("a tally by group", 11, forged(|v| v["tally"]["rows"][0]["groups"][1]["abstained"] = json!(7)), None),
        ("sheets", 11, forged(|v| v["tally"]["sheets"]["returned"] = json!(14)), None),
        ("a score", 12, forged(|v| v["tally"]["rows"][1]["score"] = json!("99.99")), None),
        ("no score", 12, forged(|v| v["tally"]["rows"][1]["score"] = Value::Null), None),
        ("a rank", 12, forged(|v| v["tally"]["rows"][1]["rank"] = json!(4)), None),
        ("a grade", 12, forged(|v| v["tally"]["rows"][1]["suggested_grade"] = json!("best")), None),
        ("a mean", 12, forged(|v| v["tally"]["rows"][1]["groups"][0]["mean"] = json!("1.00")), None),
        ("a rate", 12, forged(|v| v["tally"]["rows"][2]["top_rate_percent"] = json!("1.00")), None),
        ("another key's signature", 13, other_key.signed().bytes(), None),
        (
            "a left out server, without signing",
            13,
            poll.forged().with(|v| v["left_out"] = json!([left_out("a")])).bytes(),
            None,
        ),
        ("issued, without signing", 13, poll.forged().with(|v| v["issuance"][0]["issued"] = json!(7)).bytes(), None),
        ("groups hidden", 14, forged(|v| v["tally"]["rows"][0]["groups"] = Value::Null), None),
        ("sheets hidden", 14, forged(|v| v["tally"]["sheets"]["groups"] = Value::Null), None),
    ]);
}

#[test]
fn r4_papers_on_paper_are_counted_with_the_rest() {
    let poll = Poll::standard().with_paper(9, 1);
    let forged = |change: fn(&mut Value)| poll.forged().with(change).signed().bytes();
    caught(vec![
        ("paper", 0, poll.record(), None),
        ("more returned than issued", 10, forged(|v| v["paper"]["A"]["issued"] = json!(8)), None),
        (
            "a histogram that does not close",
            10,
            forged(|v| v["paper"]["A"]["rows"][0]["marks"] = json!([7, 0, 0, 0])),
            None,
        ),
        ("more paper than entitled", 10, forged(|v| v["issuance"][0]["eligible"] = json!(14)), None),
        ("a histogram moved", 11, forged(|v| v["paper"]["A"]["rows"][0]["marks"] = json!([5, 1, 0, 0])), None),
        ("an invalid sheet", 11, forged(|v| v["tally"]["sheets"]["invalid"] = json!(0)), None),
        ("an invalid sheet made valid", 10, forged(|v| v["paper"]["A"]["invalid"] = json!(0)), None),
        ("more invalid than returned", 10, forged(|v| v["paper"]["A"]["invalid"] = json!(10)), None),
        ("paper left out", 11, forged(|v| v["paper"] = json!({})), None),
        ("paper of another group", 10, forged(|v| v["paper"] = json!({"B": v["paper"]["A"]})), None),
    ]);
    let few = Poll::standard().with_paper(4, 0).with_paper_of_a_leader(2);
    let forged = |change: fn(&mut Value)| few.forged().with(change).signed().bytes();
    let sealed = |change: fn(&mut Value)| few.forged_of(Variant::Sealed).with(change).signed().bytes();
    caught(vec![
        ("few sheets, one of a leader", 0, few.record(), None),
        ("few sheets, sealed", FORM, few.made(Variant::Sealed).bytes, None),
        ("few sheets, withheld", FORM, few.made(Variant::Withheld).bytes, None),
        ("a leader's own branch", 10, forged(|v| v["paper"]["A"]["recused"] = json!(0)), None),
        ("a leader's own branch more", 10, forged(|v| v["paper"]["A"]["recused"] = json!(2)), None),
        ("a leader's row told as marked", 11, forged(|v| v["tally"]["sheets"]["recused"] = json!(0)), None),
        ("a sheet more than were issued", 10, forged(|v| v["paper"]["A"]["issued"] = json!(3)), None),
        ("returned in the sealed tally", 11, sealed(|v| v["tally"]["sheets"]["returned"] = json!(18)), None),
        ("a mark in the sealed tally", 11, sealed(|v| v["tally"]["rows"][0]["marks"][0] = json!(99)), None),
    ]);
}

#[test]
fn r4_a_small_group_that_is_shown_is_caught() {
    let small = Poll::of(Voters { a: 6, b: 4, recused: None }, 2, |_| {});
    let group = |v: &Value, g: &str, row: usize| {
        let count = |contest: u64, mark: &str| {
            let answer = format!("{{\"v\":\"{mark}\"}}");
            let is = |b: &&Value| b["c"] == contest && b["g"] == g && b["a"] == answer.as_str();
            v["ballots"].as_array().unwrap().iter().filter(is).count()
        };
        let c = row as u64 + 1;
        let marks: Vec<usize> = ["hao", "jiaohao", "cha", "bliaojie"].iter().map(|mark| count(c, mark)).collect();
        json!({"g": g, "marks": marks, "abstained": count(c, "abstain"), "void": 0, "mean": null})
    };
    let counts = |v: &mut Value| {
        let groups = [group(v, "A", 0), group(v, "B", 0)];
        let sum = |count: &dyn Fn(&Value) -> u64| groups.iter().map(count).sum::<u64>();
        let marks: Vec<u64> = (0..4).map(|mark| sum(&|group| group["marks"][mark].as_u64().unwrap())).collect();
        v["tally"]["rows"][0]["marks"] = json!(marks);
        v["tally"]["rows"][0]["abstained"] = json!(sum(&|group| group["abstained"].as_u64().unwrap()));
    };
    // With two groups the counts and the score together would tell the mean of the small one.
    let totals = small.forged().with(counts);
    let shown = totals.clone().with(|v| v["tally"]["rows"][0]["groups"] = json!([group(v, "A", 0), group(v, "B", 0)]));
    let sheets = json!([{"g": "A", "returned": 6, "invalid": 0}, {"g": "B", "returned": 4, "invalid": 0}]);
    let turnout = small.forged().with(|v| v["tally"]["sheets"]["groups"] = sheets.clone());
    let (standard, on_paper) = (Poll::of_leaves(), Poll::of_leaves().with_paper(9, 1));
    let sealed =
        |poll: &Poll, change: &dyn Fn(&mut Value)| poll.forged_of(Variant::Sealed).with(change).signed().bytes();
    caught(vec![
        ("a small group", 0, small.record(), None),
        ("counts from which a small group follows", 14, totals.signed().bytes(), None),
        (
            "half a row is told",
            3,
            small.forged().with(|v| v["tally"]["rows"][0]["abstained"] = json!(1)).signed().bytes(),
            None,
        ),
        ("a small group is shown", 14, shown.signed().bytes(), None),
        ("a small group's turnout is shown", 14, turnout.signed().bytes(), None),
        ("a sealed record", FORM, standard.made(Variant::Sealed).bytes, None),
        ("a sealed record of a small group", FORM, small.made(Variant::Sealed).bytes, None),
        ("a withheld record", FORM, small.made(Variant::Withheld).bytes, None),
        (
            "a sealed record shows a small turnout",
            14,
            sealed(&small, &|v| v["tally"]["sheets"]["groups"] = sheets.clone()),
            None,
        ),
        (
            "a sealed record has paper",
            14,
            sealed(&on_paper, &|v| v["paper"] = on_paper.forged().value["paper"].clone()),
            None,
        ),
        (
            "a sealed tally does not close",
            11,
            sealed(&standard, &|v| v["tally"]["rows"][0]["abstained"] = json!(9)),
            None,
        ),
        ("a sealed score", 12, sealed(&standard, &|v| v["tally"]["rows"][0]["score"] = json!("1.00")), None),
        ("a sealed root", 9, sealed(&standard, &|v| drop(v["leaves"].as_array_mut().unwrap().pop())), None),
        (
            "sealed issuance",
            10,
            sealed(&standard, &|v| (v["issuance"][0]["issued"], v["issuance"][1]["issued"]) = (json!(1), json!(1))),
            None,
        ),
    ]);
}

#[test]
fn r6_a_phone_finds_its_own_ballots_with_its_proof() {
    let poll = Poll::standard();
    let proof = poll.proof(3);
    let other = Poll::of(Voters { a: 6, b: 7, recused: None }, 5, |manifest| manifest.round = 2);
    let text = String::from_utf8(proof.clone()).unwrap();
    let proof_with = |from: &str, to: &str| Some(text.replacen(from, to, 1).into_bytes());
    // A record that was made anew without one of this phone's rows: everything in it is right.
    let of_leaves = Poll::of_leaves();
    let [mut less, mut less_leaves] = [Poll::standard(), Poll::of_leaves()];
    less.sheets[3].retain(|ballot| ballot.contest != 2);
    less_leaves.sheets[3].retain(|ballot| ballot.contest != 2);
    let mut broken = proof.clone();
    let at = text.find("\"receipt\":\"").unwrap() + 15;
    broken[at] = if broken[at] == b'A' { b'B' } else { b'A' };
    let lined = [proof.as_slice(), b"\n"].concat();
    caught(vec![
        ("all there", 0, poll.record(), Some(proof.clone())),
        ("all there, in a sealed record", FORM, of_leaves.made(Variant::Sealed).bytes, Some(of_leaves.proof(3))),
        ("a line at the end", 0, poll.record(), Some(lined)),
        ("one row was left out, by itself", 0, less.record(), None),
        ("one row was left out", 15, less.record(), Some(proof.clone())),
        ("left out of the sealed record", 15, less_leaves.made(Variant::Sealed).bytes, Some(of_leaves.proof(3))),
        ("of another round", 15, other.record(), Some(proof.clone())),
        ("a receipt that the box did not give", 15, poll.record(), Some(broken)),
        ("no proof", 15, poll.record(), Some(b"{}".to_vec())),
        ("another format", 15, poll.record(), proof_with("pingyi-proof/1", "pingyi-proof/2")),
        ("a field more", 15, poll.record(), proof_with("{\"ballots\"", "{\"a\":1,\"ballots\"")),
    ]);
}
