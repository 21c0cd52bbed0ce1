//! The whole institute meeting: its sheets give its table, to the last digit.

use std::collections::BTreeMap;

use pingyi_rules::scoring::{GroupCount, Rules, SubjectCount, score};

use super::{ALL_SHOWN, four_grades, groups};

const MARKS: [&str; 4] = ["hao", "jiaohao", "yiban", "cha"];

type Line = BTreeMap<String, String>;

fn lines(file: &str) -> Vec<Line> {
    let path = format!("{}/../meetings/institute/{file}", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().collect::<Result<_, _>>().unwrap()
}

fn count(sheets: &[Line], group: &str, subject: u16) -> GroupCount {
    let mut count = GroupCount { marks: vec![0; MARKS.len()], ..GroupCount::default() };
    for sheet in sheets.iter().filter(|sheet| sheet["group"] == group && sheet["valid"] == "yes") {
        match sheet[&format!("s{subject}")].as_str() {
            "recused" => count.recused += 1,
            "abstain" => count.abstained += 1,
            mark => count.marks[MARKS.iter().position(|known| *known == mark).unwrap()] += 1,
        }
    }
    count
}

fn slashed(counts: &[u32]) -> String {
    counts.iter().map(u32::to_string).collect::<Vec<_>>().join("/")
}

#[test]
fn c6_the_sheets_of_the_institute_give_its_table() {
    let sheets = lines("sheets.csv");
    let weights = groups(&[4_000, 3_000, 3_000]);
    let counts: Vec<SubjectCount> = (1..=7)
        .map(|subject| {
            let groups = weights.iter().map(|group| count(&sheets, &group.id, subject)).collect();
            SubjectCount { subject, groups }
        })
        .collect();
    let table = score(&Rules::default(), &weights, &four_grades(), &counts, ALL_SHOWN);
    let expected = lines("expected.csv");
    assert_eq!(expected.len(), 7);
    for ((expected, scored), count) in expected.iter().zip(&table.subjects).zip(&counts) {
        let mut line = Line::from([("subject".to_owned(), scored.subject.to_string())]);
        let mut all_marks = [0; MARKS.len()];
        for (group, figures) in count.groups.iter().zip(&scored.groups) {
            line.insert(format!("{}_marks", figures.group), slashed(&group.marks));
            line.insert(format!("{}_mean", figures.group), figures.mean.clone().unwrap());
            all_marks.iter_mut().zip(&group.marks).for_each(|(all, marks)| *all += marks);
        }
        let sum = |of: fn(&GroupCount) -> u32| count.groups.iter().map(of).sum::<u32>().to_string();
        line.insert("all_marks".to_owned(), slashed(&all_marks));
        line.insert("abstained".to_owned(), sum(|group| group.abstained));
        line.insert("recused".to_owned(), sum(|group| group.recused));
        line.insert("score".to_owned(), scored.score.clone().unwrap());
        line.insert("rank".to_owned(), scored.rank.unwrap().to_string());
        line.insert("top_rate_percent".to_owned(), scored.top_rate_percent.clone().unwrap());
        assert_eq!(&line, expected);
    }
}
