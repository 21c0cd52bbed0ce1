//! Rule t1.

use pingyi_rules::ballot::canonical::{NotCanonical, canonical, parse};
use proptest::prelude::*;
use serde_json::{Value, json};

fn spelled(value: &Value) -> String {
    String::from_utf8(canonical(value).unwrap()).unwrap()
}

#[test]
fn t1_strings_are_spelled_as_the_rfc_spells_them() {
    let text = "\u{20ac}$\u{f}\nA'B\"\\\\\"/\u{8}\u{9}\u{c}\r\u{7f}好";
    assert_eq!(spelled(&json!(text)), "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\\b\\t\\f\\r\u{7f}好\"");
}

#[test]
fn t1_names_are_in_utf16_order() {
    // RFC 8785, section 3.2.3: U+1F600 comes before U+FB33, though its UTF-8 comes after.
    let value = json!({"\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7});
    let expected = "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}";
    assert_eq!(spelled(&value), expected);
}

#[test]
fn t1_integers_stay_within_what_every_reader_keeps() {
    let max: u64 = (1 << 53) - 1;
    assert_eq!(spelled(&json!([max, 0, -9_007_199_254_740_991_i64])), "[9007199254740991,0,-9007199254740991]");
    assert_eq!(canonical(&json!(max + 1)), Err(NotCanonical::OutOfRange));
    assert_eq!(canonical(&json!(-9_007_199_254_740_992_i64)), Err(NotCanonical::OutOfRange));
    assert_eq!(canonical(&json!(u64::MAX)), Err(NotCanonical::OutOfRange));
    assert_eq!(canonical(&json!(1.5)), Err(NotCanonical::Fraction));
    assert_eq!(canonical(&json!(1.0)), Err(NotCanonical::Fraction));
}

#[test]
fn t1_every_other_spelling_is_refused() {
    assert_eq!(parse(br#"{"a":[true,null,-5,"x"]}"#), Ok(json!({"a": [true, null, -5, "x"]})));
    for other in [
        r#"{"a": 1}"#,
        r#" {"a":1}"#,
        "{\"a\":1}\n",
        r#"{"b":1,"a":1}"#,
        r#"{"a":1,"a":1}"#,
        r#"{"a":1,"a":2}"#,
        r#""\u0041""#,
        r#""\/""#,
        "\"\\u000A\"",
        "\"\\u00e9\"",
    ] {
        assert_eq!(parse(other.as_bytes()), Err(NotCanonical::OtherSpelling), "{other}");
    }
    for fraction in ["1.0", "1e2", "-0", "-0.0", "18446744073709551616"] {
        assert_eq!(parse(fraction.as_bytes()), Err(NotCanonical::Fraction), "{fraction}");
    }
    for broken in ["", "{", "[1,]", "01", "+1", "NaN", r#""\ud800""#, "\"\n\"", "[1] 2"] {
        assert_eq!(parse(broken.as_bytes()), Err(NotCanonical::NotJson), "{broken}");
    }
    assert_eq!(parse(b"\"\xff\""), Err(NotCanonical::NotJson));
}

#[test]
fn t1_nesting_has_a_limit() {
    let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    assert!(parse(nested(33).as_bytes()).is_ok());
    assert_eq!(parse(nested(34).as_bytes()), Err(NotCanonical::TooDeep));
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn t1_a_value_has_one_spelling_and_it_reads_back(value in values()) {
        let bytes = canonical(&value).unwrap();
        prop_assert_eq!(parse(&bytes).unwrap(), value);
    }

    #[test]
    fn t1_one_byte_more_or_less_is_never_the_same_value(value in values(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let bytes = canonical(&value).unwrap();
        let at = at.index(bytes.len());
        let mut longer = bytes.clone();
        longer.insert(at, byte);
        prop_assert_ne!(parse(&longer).ok(), Some(value.clone()));
        let mut shorter = bytes;
        shorter.remove(at);
        prop_assert_ne!(parse(&shorter).ok(), Some(value));
    }
}
