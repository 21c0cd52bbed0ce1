//! Formulas, recalculated: a small calculator reads the text that a reader would see and must get the same value.

use pingyi_rules::scoring::{
    Combination, Component, Exact, Imported, Rules, Trim, combine, parse_decimal, printed, short_text,
};

use super::{four_bands, four_grades, marks, score_one, table_of_scores};

/// The value of a formula such as `(40×(660/7) + 30×92) ÷ 70`.
pub fn value(text: &str) -> Exact {
    let spaced: String = text
        .chars()
        .map(|sign| if "()+−×÷/%".contains(sign) { format!(" {sign} ") } else { sign.to_string() })
        .collect();
    let mut signs: Vec<&str> = spaced.split_whitespace().rev().collect();
    let value = sum(&mut signs);
    assert!(signs.is_empty(), "{text} goes on after its end");
    value
}

fn sum(signs: &mut Vec<&str>) -> Exact {
    let mut value = product(signs);
    while let Some(sign @ ("+" | "−")) = signs.last().copied() {
        signs.pop();
        let term = product(signs);
        value = if sign == "+" { value + term } else { value - term };
    }
    value
}

fn product(signs: &mut Vec<&str>) -> Exact {
    let mut value = single(signs);
    while let Some(sign @ ("×" | "÷" | "/" | "%")) = signs.last().copied() {
        signs.pop();
        value = match sign {
            "×" => value * single(signs),
            "%" => value / parse_decimal("100").unwrap(),
            _ => value / single(signs),
        };
    }
    value
}

fn single(signs: &mut Vec<&str>) -> Exact {
    match signs.pop().unwrap() {
        "(" => {
            let value = sum(signs);
            assert_eq!(signs.pop(), Some(")"));
            value
        }
        // Exact values are fractions of integers of any size, which the decimal reader does not take.
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().unwrap(),
        number => parse_decimal(number).unwrap(),
    }
}

#[test]
fn c16_the_printed_numbers_of_a_subject_open_into_their_formulas() {
    let rules = Rules { bands: four_bands(), ..Rules::default() };
    let counts = vec![marks(&[5, 2, 0, 0]), marks(&[3, 2, 0, 0]), marks(&[14, 6, 1, 0])];
    let scored = score_one(&rules, &[4_000, 3_000, 3_000], &four_grades(), counts);
    let explanation = scored.explanation;
    let mean = explanation.group_means[0].clone().unwrap();
    assert_eq!(
        (mean.expression.as_str(), mean.exact.as_str(), mean.printed.as_str()),
        ("(100×5 + 80×2) ÷ 7", "660/7", "94.29")
    );
    let score = explanation.score.unwrap();
    assert_eq!(score.expression, "(40×(660/7) + 30×92 + 30×(1940/21)) ÷ 100");
    assert_eq!((score.exact.as_str(), score.printed.as_str()), ("3256/35", "93.03"));
    assert_eq!(explanation.top_rate_percent.unwrap().expression, "22×100 ÷ 33");
    assert_eq!(explanation.pooled_mean.unwrap().expression, "(100×22 + 80×10 + 60×1) ÷ 33");
    assert_eq!(explanation.suggested_grade.unwrap(), "93.03 ≥ 90");
}

#[test]
fn c16_a_trimmed_mean_shows_what_was_dropped() {
    let rules = Rules { trim: Some(Trim { more_than_rows: 5 }), ..Rules::default() };
    let scored = score_one(&rules, &[10_000], &four_grades(), vec![marks(&[3, 2, 1, 0])]);
    let mean = scored.explanation.group_means[0].clone().unwrap();
    assert_eq!(mean.expression, "(100×3 + 80×2 + 60×1 − 100 − 60) ÷ (6 − 2)");
    assert_eq!(value(&mean.expression), value("90"));
}

#[test]
fn c16_a_total_shows_shares_and_adjustment() {
    let daily = Component { name: "平时考核".to_owned(), share_bp: 6_000 };
    let combination = Combination { evaluation_share_bp: 4_000, components: vec![daily], gates: Vec::new() };
    let rules = Rules { combination: Some(combination), ..Rules::default() };
    let imported =
        Imported { subject: 1, components: vec!["91.0".to_owned()], adjustment: "-0.5".to_owned(), best_band: 0 };
    let combined = combine(&rules, &table_of_scores(&rules, &[9_303]), &[imported]).unwrap().remove(0);
    let opened = combined.opened.unwrap();
    assert_eq!(opened.expression, "40%×93.03 + 60%×91 − 0.5");
    assert_eq!((opened.exact.as_str(), opened.printed.as_str()), ("11414/125", "91.31"));
}

#[test]
fn c1_numbers_print_and_read_back() {
    for (text, decimals, expected) in [
        ("90.125", 2, "90.13"),
        ("90.124999", 2, "90.12"),
        ("-0.005", 2, "-0.01"),
        ("-0.004", 2, "0.00"),
        ("0", 0, "0"),
        ("0.5", 0, "1"),
        ("99.995", 2, "100.00"),
        ("7", 9, "7.000000"),
    ] {
        assert_eq!(printed(&parse_decimal(text).unwrap(), decimals), expected, "{text}");
    }
    for wrong in ["", "-", ".", "1.", ".5", "1e3", "+1", "1 ", "１", "1234567890", "0.1234567", "--1", "1.2.3", "NaN"]
    {
        assert_eq!(parse_decimal(wrong), None, "{wrong}");
    }
    assert_eq!(short_text(&value("660 ÷ 7")), "660/7");
    assert_eq!(short_text(&value("185 ÷ 2")), "92.5");
    assert_eq!(short_text(&value("100")), "100");
}
