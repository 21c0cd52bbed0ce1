//! Rule t15.

use pingyi_rules::form::SheetRules;
use pingyi_rules::form::sheet_rules::{BrokenRule, LowMin, SheetRow, TopMax};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    rules: SheetRules,
    grades: Vec<String>,
    rows: Vec<Option<String>>,
    /// Of which rows an opinion is written; none where it is left out.
    #[serde(default)]
    reasons: Vec<bool>,
    broken: Vec<BrokenRule>,
}

#[test]
fn t15_every_vector_is_answered() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../../vectors/sheet_rules.json")).unwrap();
    assert!(cases.len() > 20);
    for case in cases {
        let grades: Vec<&str> = case.grades.iter().map(String::as_str).collect();
        assert!(case.rules.fit(&grades), "{}", case.name);
        let reasons = case.reasons.iter().copied().chain(std::iter::repeat(false));
        let rows =
            case.rows.iter().zip(reasons).map(|(mark, has_reason)| SheetRow { mark: mark.as_deref(), has_reason });
        assert_eq!(case.rules.broken(&grades, rows), case.broken, "{}", case.name);
    }
}

#[test]
fn t15_rules_that_no_sheet_could_be_asked_for_do_not_fit() {
    let grades = ["hao", "cha"];
    let fits = |change: fn(&mut SheetRules)| {
        let mut rules = SheetRules::default();
        change(&mut rules);
        rules.fit(&grades)
    };
    assert!(fits(|_| {}));
    assert!(fits(|rules| rules.distinct_min = Some(2)));
    assert!(!fits(|rules| rules.distinct_min = Some(3)));
    assert!(!fits(|rules| rules.distinct_min = Some(0)));
    assert!(fits(|rules| rules.top_max = Some(TopMax::Percent(100))));
    assert!(!fits(|rules| rules.top_max = Some(TopMax::Percent(101))));
    assert!(fits(|rules| rules.low_min = Some(LowMin { count: 1, from: "cha".into() })));
    assert!(!fits(|rules| rules.low_min = Some(LowMin { count: 1, from: "yiban".into() })));
}
