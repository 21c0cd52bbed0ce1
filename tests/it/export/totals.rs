//! Totals on the chair's screen, in tables, explanations and rules, and where they are not.

use pingyi::export::words::Language;
use pingyi::protocol::{CombinedRow, Figure, ResultView};
use pingyi::view;
use pingyi_rules::meeting::Meeting;
use pingyi_rules::meeting::plan::Publication;
use pingyi_rules::scoring::{Combination, Component, Gate, Imported, Quota, QuotaLimit, QuotaRounding, printed};

use super::{Shown, institute};
use crate::scoring::formulas::value;

const DAILY: [&str; 7] = ["91.0", "93.5", "90.5", "92", "", "79.99", "91.8"];

pub fn combination() -> Combination {
    let daily = Component { name: "平时考核".to_owned(), share_bp: 6_000 };
    let gate = Gate { component: 1, below_hundredths: 8_000, best_band: 2 };
    Combination { evaluation_share_bp: 4_000, components: vec![daily], gates: vec![gate] }
}

/// The institute with the daily appraisal: one subject has none, one is below the gate, one has an adjustment.
pub fn combining(publication: Publication) -> Meeting {
    let mut meeting = institute(publication);
    meeting.plan.scoring.combination = Some(combination());
    let row = |(subject, daily): (u16, &&str)| Imported {
        subject,
        components: vec![(*daily).to_owned()],
        adjustment: if subject == 2 { "-0.5".to_owned() } else { String::new() },
        best_band: u32::from(subject == 3),
    };
    meeting.rounds[0].imported = (1..).zip(&DAILY).map(row).collect();
    meeting
}

fn result(meeting: &Meeting) -> ResultView {
    view::result::all_for_chair(meeting).pop().unwrap()
}

fn combined(result: &ResultView) -> Vec<&CombinedRow> {
    result.rows.iter().map(|row| row.combined.as_ref().unwrap()).collect()
}

#[test]
fn c25_the_result_has_totals_beside_the_scores() {
    let meeting = combining(Publication::HallScores);
    let (result, plain) = (result(&meeting), result(&institute(Publication::HallScores)));
    let totals: Vec<Option<&str>> = combined(&result).iter().map(|row| row.total.as_deref()).collect();
    // 0.4 × 93.71 + 0.6 × 91.0 = 92.084, and so on.
    assert_eq!(totals[0], Some("92.08"));
    assert_eq!(totals[4], None);
    for (row, before) in result.rows.iter().zip(&plain.rows) {
        assert_eq!((&row.score, row.rank), (&before.score, before.rank), "the score stays what it is");
    }
    let missing = combined(&result)[4];
    assert_eq!(
        missing.notes,
        [["缺少“平时考核”，不出综合得分。", "Without “平时考核” there is no total."].map(str::to_owned)]
    );
    assert_eq!((missing.rank, &result.rows[4].suggested_grade), (None, &None));
    // Capped by the gate and by a decision.
    assert_eq!(result.rows[5].suggested_grade.as_deref(), Some("yiban"));
    assert_eq!(result.rows[2].suggested_grade.as_deref(), Some("jiaohao"));
    let ranks: Vec<Option<u32>> = combined(&result).iter().map(|row| row.rank).collect();
    assert_eq!(ranks, [Some(4), Some(1), Some(5), Some(3), None, Some(6), Some(2)]);
    let rules: String = result.rules.iter().flatten().map(String::as_str).collect();
    for said in
        ["40%×测评得分＋60%×平时考核", "40 % × score + 60 % × 平时考核", "平时考核低于 80 分的，建议等次不高于“一般”"]
    {
        assert!(rules.contains(said), "{said} in {rules}");
    }
    assert!(!plain.rules.iter().flatten().any(|rule| rule.contains("综合")), "the control");
    assert_eq!(plain.combination, None);
}

#[test]
fn c25_the_quota_counts_totals() {
    let mut meeting = combining(Publication::HallScores);
    meeting.plan.scoring.quota = Some(Quota { limit: QuotaLimit::MaxTopBp(3_000), rounding: QuotaRounding::Floor });
    let result = result(&meeting);
    // Six have a total: 30 % of them is one. By scores alone it would be two of seven.
    let top: Vec<u16> =
        result.rows.iter().filter(|row| row.suggested_grade.as_deref() == Some("hao")).map(|row| row.subject).collect();
    assert_eq!(top, [2]);
}

#[test]
fn c25_totals_open_into_their_formula() {
    let meeting = combining(Publication::HallScores);
    let result = result(&meeting);
    let explained = view::explained::explained(&meeting, &meeting.rounds[0]).unwrap();
    for (row, shown) in explained.rows.iter().zip(combined(&result)) {
        let total = row.figures.iter().find(|figure| figure.figure == Figure::Total).unwrap();
        let rank = row.figures.iter().find(|figure| figure.figure == Figure::TotalRank);
        let Some(printed_total) = &shown.total else {
            assert_eq!((total.printed.as_str(), rank), ("—", None));
            assert!(total.lines[0][1].contains("Without “平时考核”"), "{total:?}");
            continue;
        };
        assert_eq!(total.printed, *printed_total);
        let (formula, _) = total.lines[0][0].split_once(" = ").unwrap();
        // 40%×93.71 is 40 hundredths of it.
        let value = value(&formula.replace('%', "÷100"));
        assert_eq!(printed(&value, 2), *printed_total, "{formula}");
        assert_eq!(rank.unwrap().printed, shown.rank.unwrap().to_string());
    }
    let second = &explained.rows[1].figures;
    let of = |wanted: Figure| second.iter().find(|figure| figure.figure == wanted).unwrap();
    assert!(of(Figure::Total).lines[0][0].contains(" − 0.5"), "{second:?}");
    assert!(of(Figure::TotalRank).lines[0][1].starts_with("Nobody stands before"));
    assert!(
        of(Figure::SuggestedGrade).lines[0][0]
            .starts_with(result.rows[1].combined.as_ref().unwrap().total.as_deref().unwrap())
    );
}

#[test]
fn c25_tables_have_components_totals_and_what_is_missing() {
    let shown_meeting = combining(Publication::HallScores);
    let shown = Shown::of(&shown_meeting);
    let table = shown.source(Language::Zh).summary();
    let at = |text: &str| table.heads.iter().position(|head| head.text == text).unwrap();
    let places = [at("平时考核 (60%)"), at("加减分"), at("综合得分"), at("综合位次"), at("建议等次"), at("备注")];
    let cells = |row: usize| places.map(|place| table.rows[row][place].shown());
    assert_eq!(cells(1)[..4], ["93.5", "-0.5", "94.80", "1"].map(str::to_owned));
    assert_eq!(cells(4), ["", "", "", "", "", "缺少“平时考核”，不出综合得分。"].map(str::to_owned));
    assert!(table.rows.iter().all(|row| row.len() == table.heads.len()));
    assert_eq!(table.remark, "", "nothing is hidden");
    let plain = Shown::of(&institute(Publication::HallScores)).source(Language::Zh).summary();
    assert!(!plain.heads.iter().any(|head| head.over == "综合"), "the control");
}

#[test]
fn s80_a_total_is_nowhere_where_the_score_is_not() {
    for publication in [Publication::Held, Publication::Chair, Publication::EachOwn, Publication::HallGrades] {
        let hall = view::result::for_hall(&combining(publication));
        let text = serde_json::to_string(&hall).unwrap();
        assert!(
            !text.contains("92.08") && !text.contains("\"combined\"") && !text.contains("79.99"),
            "{publication:?}"
        );
    }
    let text = serde_json::to_string(&view::result::for_hall(&combining(Publication::HallScores))).unwrap();
    assert!(text.contains("92.08") && text.contains("\"combined\""), "the control");
    // Too few ballots for a score: no total either.
    let mut few = combining(Publication::HallScores);
    few.plan.k_min = 1_000;
    let result = result(&few);
    assert!(combined(&result).iter().all(|row| row.total.is_none() && row.rank.is_none()));
    assert!(result.rows.iter().all(|row| row.score.is_none()));
}

#[test]
fn s80_voters_see_no_component_before_the_scores() {
    let mut meeting = combining(Publication::HallScores);
    meeting.rounds[0].state = pingyi_rules::meeting::RoundState::Open;
    meeting.plan.imported.clone_from(&meeting.rounds[0].imported);
    let plan = serde_json::to_string(&view::plan(&meeting, "")).unwrap();
    assert!(!plan.contains("79.99") && !plan.contains("平时考核"));
    let components = view::combined::components(&meeting).unwrap();
    assert_eq!((components.rows.len(), components.missing.as_slice(), components.is_open), (7, [5].as_slice(), true));
}
