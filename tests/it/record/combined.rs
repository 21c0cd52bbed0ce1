//! Rule r40: totals in records: what was imported stands in the head, and who changes it, a total, its place or a grade is caught.

use pingyi_rules::ballot::Manifest;
use pingyi_rules::ballot::manifest::Record;
use pingyi_rules::ballot::record::Variant;
use pingyi_rules::scoring::{Combination, Component, Gate, Rules};
use serde_json::{Value, json};

use super::fixtures::{Poll, Voters, bands, rules, verified};
use super::tampering::{FORM, caught, put_right};

const IMPORTED: [(&str, &str); 3] = [("91.0", ""), ("84.25", "-0.5"), ("", "2")];

fn combining() -> Rules {
    let daily = Component { name: "平时考核".to_owned(), share_bp: 6_000 };
    let gate = Gate { component: 1, below_hundredths: 8_500, best_band: 1 };
    let combination = Combination { evaluation_share_bp: 4_000, components: vec![daily], gates: vec![gate] };
    Rules { bands: bands(), combination: Some(combination), ..Rules::default() }
}

fn poll(voters: Voters) -> Poll {
    Poll::of(voters, 1, |manifest| manifest.scoring = rules(&combining())).with_imported(&IMPORTED)
}

pub fn standard_of_leaves() -> Poll {
    let sealed = |manifest: &mut Manifest| {
        (manifest.scoring, manifest.record) = (rules(&combining()), Record::Sealed);
    };
    Poll::of(Voters { a: 6, b: 7, recused: None }, 1, sealed).with_imported(&IMPORTED)
}

fn standard() -> Poll {
    poll(Voters { a: 6, b: 7, recused: None })
}

#[test]
fn r40_a_record_has_totals_where_its_rules_combine_and_no_word_of_them_elsewhere() {
    let summary = verified(&standard().record()).unwrap();
    let rows = summary.tally.unwrap().rows;
    assert!(rows[0].total.is_some() && rows[1].total.is_some());
    assert_eq!((&rows[2].total, rows[2].total_rank, &rows[2].suggested_grade), (&None, None, &None));
    assert_ne!(rows[1].suggested_grade.as_deref(), Some("top"), "the gate is closed");
    let withheld = String::from_utf8(standard().made(Variant::Withheld).bytes).unwrap();
    let manifest_ends = withheld.find("\"manifest_hash\"").unwrap();
    for text in ["\"imported\"", "84.25", "\"total\""] {
        assert!(!withheld.contains(text), "{text} before the scores are released");
        assert!(String::from_utf8(standard().record()).unwrap().contains(text), "the control");
    }
    assert!(!withheld[manifest_ends..].contains("total"));
    let plain = String::from_utf8(Poll::standard().record()).unwrap();
    assert!(!plain.contains("imported") && !plain.contains("total_rank"), "other records stay as they are");
}

#[test]
fn r40_changed_totals_and_components_are_caught() {
    let (whole, small) = (standard(), poll(Voters { a: 6, b: 3, recused: None }));
    let forged = |change: fn(&mut Value)| whole.forged().with(change).signed().bytes();
    let sealed = |change: fn(&mut Value)| small.forged_of(Variant::Sealed).with(change).signed().bytes();
    let unsigned = |change: fn(&mut Value)| whole.forged().with(change).bytes();
    let plain = |change: fn(&mut Value)| put_right(Poll::standard().forged().with(change));
    caught(vec![
        ("nothing", 0, whole.record(), None),
        ("nothing, sealed", FORM, small.made(Variant::Sealed).bytes, None),
        ("nothing, withheld", FORM, whole.made(Variant::Withheld).bytes, None),
        ("a total", 12, forged(|v| v["tally"]["rows"][0]["total"] = json!("99.99")), None),
        ("its place", 12, forged(|v| v["tally"]["rows"][0]["total_rank"] = json!(7)), None),
        ("a total where a component is missing", 12, forged(|v| v["tally"]["rows"][2]["total"] = json!("80.00")), None),
        ("a grade", 12, forged(|v| v["tally"]["rows"][1]["suggested_grade"] = json!("top")), None),
        ("a component", 12, forged(|v| v["imported"][0]["components"][0] = json!("99")), None),
        ("a missing component filled in", 12, forged(|v| v["imported"][2]["components"][0] = json!("80")), None),
        ("an adjustment", 12, forged(|v| v["imported"][1]["adjustment"] = json!("0.5")), None),
        ("a cap", 12, forged(|v| v["imported"][0]["best_band"] = json!(2)), None),
        ("a row of components left out", 12, forged(|v| drop(v["imported"].as_array_mut().unwrap().remove(0))), None),
        ("a component, without signing", 12, unsigned(|v| v["imported"][0]["components"][0] = json!("99")), None),
        ("the same component in other digits", 13, unsigned(|v| v["imported"][0]["components"][0] = json!("91")), None),
        ("in a sealed record", 12, sealed(|v| v["imported"][0]["components"][0] = json!("99")), None),
        ("a total in a sealed record", 12, sealed(|v| v["tally"]["rows"][0]["total"] = json!("99.99")), None),
        ("no components", 3, forged(|v| drop(v.as_object_mut().unwrap().remove("imported"))), None),
        ("null", 3, forged(|v| v["imported"] = Value::Null), None),
        ("another spelling", 3, forged(|v| v["imported"][0]["components"][0] = json!("091")), None),
        ("a plus", 3, forged(|v| v["imported"][1]["adjustment"] = json!("+1")), None),
        ("a component too many", 3, forged(|v| v["imported"][0]["components"] = json!(["91", "91"])), None),
        ("a cap beyond the bands", 3, forged(|v| v["imported"][0]["best_band"] = json!(3)), None),
        ("one row twice", 3, forged(|v| v["imported"][1]["c"] = json!(1)), None),
        ("a row of no contest", 3, forged(|v| v["imported"][2]["c"] = json!(9)), None),
        ("a total that is null", 3, forged(|v| v["tally"]["rows"][2]["total"] = Value::Null), None),
        ("components of a round that does not combine", 3, plain(|v| v["imported"] = json!([])), None),
        ("a total of such a round", 3, plain(|v| v["tally"]["rows"][0]["total"] = json!("1.00")), None),
    ]);
}
