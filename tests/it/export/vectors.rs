//! The worked cases of tests/vectors/scoring.json as whole meetings: phones mark exactly what a case says, and screen, workbook,
//! print data and record show what must come out.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};
use std::sync::Arc;

use calamine::{Data, Reader as _, Xlsx};
use pingyi::folder::{Folder, ReportLanguage};
use pingyi::protocol::{Prints, ResultView, Role, ServerMessage};
use pingyi::rehearsal::chair::open_session;
use pingyi::rehearsal::own_server::{OwnServer, prepare};
use pingyi::rehearsal::{Options, ServerAddress, SheetSource, Wire, capability, run};
use pingyi_rules::ballot::record::TallyRow;
use pingyi_rules::form::scale::numbers as numbers_to;
use pingyi_rules::form::{Item, Live, Mark, MarkKind};
use pingyi_rules::meeting::plan::{EntitledSeat, Group, Plan, Publication, Subject};
use pingyi_rules::scoring::{
    Band, Combination, Component, Imported, MissingGroup, MissingItem, Quota, QuotaLimit, QuotaRounding, RowPolicy,
    Rules, Trim,
};
use serde_json::Value;

use crate::patience::PATIENCE;
use crate::rehearsal::shipped;
use crate::scoring::vectors::{case, number, numbers};

/// A meeting that is counted, and where its figures are shown.
struct Told {
    screen: ResultView,
    prints: Prints,
    workbook: Vec<Vec<String>>,
    record: Vec<TallyRow>,
}

/// Marks of each voter by group, one list a voter: a mark a subject, `""` for a blank row; nothing for who is absent.
pub(super) type Voters = Vec<(&'static str, Option<Vec<String>>)>;

pub(super) struct Case {
    pub(super) plan: Plan,
    pub(super) voters: Voters,
}

pub(super) fn mark(id: &str, points_hundredths: u32) -> Mark {
    let (label, kind) = (id.to_owned(), MarkKind::Grade);
    Mark { id: id.to_owned(), label: label.clone(), label_en: label, kind, points_hundredths }
}

/// The institute's meeting with other groups, marks and rules, and so many subjects, whom the last voters lead.
pub(super) fn plan(groups: &[(&str, u32)], scale: Vec<Mark>, subjects: u16, scoring: Rules) -> Plan {
    let basis = shipped("institute").plan;
    let group = |(id, weight_bp): &(&str, u32)| Group {
        id: (*id).to_owned(),
        weight_bp: *weight_bp,
        ..basis.groups[0].clone()
    };
    let subject = |id: u16| Subject {
        id,
        branch: format!("第{id}支部"),
        minutes: 0,
        text: String::new(),
        ..basis.subjects[0].clone()
    };
    let step =
        |id: u32, kind, subject| pingyi_rules::meeting::plan::Step { id, kind, subject, ..basis.agenda[0].clone() };
    use pingyi_rules::meeting::plan::StepKind::{Close, Evaluation, Report};
    let reports = (1..=subjects).map(|id| step(id.into(), Report, Some(id)));
    let rest = [step(u32::from(subjects) + 1, Evaluation, None), step(u32::from(subjects) + 2, Close, None)];
    Plan {
        groups: groups.iter().map(group).collect(),
        subjects: (1..=subjects).map(subject).collect(),
        agenda: reports.chain(rest).collect(),
        scale,
        scoring,
        turnout: pingyi_rules::scoring::TurnoutRule::None,
        publication: Publication::HallScores,
        ..basis
    }
}

impl Case {
    /// The folder, and the file of sheets. Subject n is led by the n-th absent voter; one that is marked `recused` leads it too.
    pub(super) fn files(mut self) -> (Folder, SheetSource) {
        let columns: String = self.plan.subjects.iter().map(|subject| format!(",s{}", subject.id)).collect();
        let (mut seats, mut lines) = (Vec::new(), format!("seat,group,channel,valid{columns}\n"));
        let mut leaderless: Vec<u16> = self.plan.subjects.iter().map(|subject| subject.id).collect();
        let recused = |marks: &Vec<String>| marks.iter().position(|mark| mark == "recused");
        let led = self
            .voters
            .iter()
            .filter_map(|(_, marks)| recused(marks.as_ref()?))
            .map(|at| u16::try_from(at + 1).unwrap());
        let led: Vec<u16> = led.collect();
        leaderless.retain(|subject| !led.contains(subject));
        for (seat, (group, marks)) in (1..).zip(&self.voters) {
            let own = marks.as_ref().and_then(recused).map(|at| u16::try_from(at + 1).unwrap());
            let leads_subject = own.or_else(|| if marks.is_none() { leaderless.pop() } else { None });
            if let Some(marks) = marks {
                let marks: String =
                    marks.iter().map(|mark| format!(",{}", if mark.is_empty() { "abstain" } else { mark })).collect();
                lines += &format!("{seat},{group},phone,yes{marks}\n");
            }
            let present = marks.is_some();
            seats.push(EntitledSeat {
                seat,
                name: String::new(),
                role: String::new(),
                group: (*group).to_owned(),
                leads_subject,
                present,
            });
        }
        assert!(leaderless.is_empty(), "everybody is led by somebody");
        for group in &mut self.plan.groups {
            let of_group = || seats.iter().filter(|seat| seat.group == group.id);
            group.entitled = u32::try_from(of_group().count()).unwrap();
            group.leaders = u32::try_from(of_group().filter(|seat| seat.leads_subject.is_some()).count()).unwrap();
        }
        let folder = Folder { plan: self.plan, seats };
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(lines.as_bytes()).unwrap();
        let sheets =
            SheetSource::read(file.path(), &folder, ReportLanguage::English).unwrap_or_else(|error| panic!("{error}"));
        (folder, sheets)
    }

    async fn held(self) -> Told {
        let (folder, sheets) = self.files();
        let server = OwnServer::start().await.unwrap();
        let target = prepare(&server.base_url, Some(&server.key), &folder).await.unwrap();
        run(&target, &folder, &sheets, &Options::default(), |_, _| {}).await.unwrap();
        let wire = Wire::new(Arc::new(ServerAddress::parse(&target.base_url).unwrap()), PATIENCE);
        let (session, opened) = open_session(&wire, capability(&target.handout, Role::Chair).unwrap()).await.unwrap();
        let at = format!("/api/meetings/{}", opened.meeting);
        let get = async |path: &str| wire.get(&format!("{at}/{path}"), Some(&session)).await.unwrap();
        let ServerMessage::Chair(view) = serde_json::from_slice(&get("view").await).unwrap() else {
            panic!("no chair")
        };
        let prints = serde_json::from_slice(&get("prints").await).unwrap();
        let workbook = first_sheet(&get("exports/tables.xlsx?language=en").await);
        let record = wire.get(&format!("/m/{}/rounds/1/record.json", opened.meeting), None).await.unwrap();
        server.stop().await;
        let summary = crate::record::fixtures::verified(&record).unwrap();
        Told { screen: view.result.unwrap(), prints, workbook, record: summary.tally.unwrap().rows }
    }
}

/// The cells of the summary as they are shown: figures with the decimals of their format are compared as numbers.
fn first_sheet(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut book = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let name = book.sheet_names()[0].clone();
    let cell = |cell: &Data| match cell {
        Data::Float(number) => number.to_string(),
        other => other.to_string(),
    };
    book.worksheet_range(&name).unwrap().rows().map(|row| row.iter().map(cell).collect()).collect()
}

impl Told {
    /// The workbook's cell of a subject under a head.
    fn cell(&self, subject: u16, head: &str) -> &str {
        let column = self.workbook.iter().find_map(|row| row.iter().position(|cell| cell == head)).unwrap();
        let row = self.workbook.iter().find(|row| row[0] == subject.to_string() && row[1].starts_with('第')).unwrap();
        &row[column]
    }

    /// One figure of a subject everywhere.
    fn says(&self, subject: u16, what: &str, expected: Option<&str>) {
        let at = usize::from(subject) - 1;
        let on_screen = |result: &ResultView| {
            let row = &result.rows[at];
            match what {
                "Score" => row.score.clone(),
                "Rank" => row.rank.map(|rank| rank.to_string()),
                "Total" => row.combined.as_ref().and_then(|combined| combined.total.clone()),
                _ => row.combined.as_ref().and_then(|combined| combined.rank).map(|rank| rank.to_string()),
            }
        };
        let row = &self.record[at];
        let in_record = match what {
            "Score" => row.score.clone(),
            "Rank" => row.rank.map(|rank| rank.to_string()),
            "Total" => row.total.clone(),
            _ => row.total_rank.map(|rank| rank.to_string()),
        };
        assert_eq!(on_screen(&self.screen).as_deref(), expected, "{what} of {subject} on the screen");
        assert_eq!(on_screen(&self.prints.results[0]).as_deref(), expected, "{what} of {subject} in print");
        assert_eq!(in_record.as_deref(), expected, "{what} of {subject} in the record");
        let number = expected.map(|figure| figure.parse::<f64>().unwrap().to_string());
        assert_eq!(self.cell(subject, what), number.as_deref().unwrap_or("—"), "{what} of {subject} in the workbook");
    }

    /// The means of the first subject's groups everywhere.
    fn means(&self, expected: &[Option<&str>]) {
        let of = |result: &ResultView| -> Vec<Option<String>> {
            result.rows[0]
                .groups
                .iter()
                .flatten()
                .map(|group| group.as_ref().and_then(|group| group.mean.clone()))
                .collect()
        };
        let expected: Vec<Option<String>> = expected.iter().map(|mean| mean.map(str::to_owned)).collect();
        assert_eq!(of(&self.screen), expected);
        assert_eq!(of(&self.prints.results[0]), expected);
        let in_record: Vec<Option<String>> =
            self.record[0].groups.iter().flatten().map(|group| group.mean.clone()).collect();
        assert_eq!(in_record, expected);
    }

    fn at_top(&self) -> usize {
        let top = |grades: &mut dyn Iterator<Item = Option<&String>>| {
            grades.filter(|grade| grade.is_some_and(|id| id == "top")).count()
        };
        let on_screen = top(&mut self.screen.rows.iter().map(|row| row.suggested_grade.as_ref()));
        assert_eq!(top(&mut self.record.iter().map(|row| row.suggested_grade.as_ref())), on_screen);
        assert_eq!(top(&mut self.prints.results[0].rows.iter().map(|row| row.suggested_grade.as_ref())), on_screen);
        let in_workbook = self.screen.rows.iter().filter(|row| self.cell(row.subject, "Suggested grade") == "top");
        assert_eq!(in_workbook.count(), on_screen);
        on_screen
    }
}

const IDS: [&str; 4] = ["hao", "jiaohao", "yiban", "cha"];

fn four_marks(case: &Value) -> Vec<Mark> {
    IDS.iter().zip(numbers(&case["scale"])).map(|(id, points)| mark(id, points * 100)).collect()
}

/// Voters by the groups of a case, and a second subject where somebody leads the first: its row must not be the only one.
fn grouped(case: &Value, rules: Rules) -> Case {
    let groups = case["groups"].as_array().unwrap();
    let names = ["A", "B", "C"];
    let weights: Vec<(&str, u32)> = names.iter().copied().zip(groups.iter().map(|group| number(&group["w"]))).collect();
    let mut voters = Voters::new();
    for (name, group) in names.into_iter().zip(groups) {
        let others = ["abstain", "recused"].map(|what| group.get(what).map_or(0, number));
        let counts = numbers(&group["n"]).into_iter().chain(others);
        for (mark, count) in IDS.into_iter().chain(["", "recused"]).zip(counts) {
            voters.extend((0..count).map(|_| (name, Some(vec![mark.to_owned(), "hao".to_owned()]))));
        }
    }
    // Who lead the subjects that nobody present leads.
    voters.extend([("C", None), ("C", None)]);
    if voters.iter().filter(|(_, marks)| marks.as_ref().is_some_and(|marks| marks[0] == "recused")).count() == 1 {
        voters.pop();
    }
    Case { plan: plan(&weights, four_marks(case), 2, rules), voters }
}

/// One group whose voters mark so.
fn alone(scale: Vec<Mark>, subjects: u16, rules: Rules, sheets: Vec<Vec<String>>) -> Case {
    let mut voters: Voters = sheets.into_iter().map(|marks| ("A", Some(marks))).collect();
    voters.extend((0..subjects).map(|_| ("A", None)));
    Case { plan: plan(&[("A", 10_000)], scale, subjects, rules), voters }
}

async fn all(cases: Vec<Case>) -> Vec<Told> {
    let held: Vec<_> = cases.into_iter().map(|case| tokio::spawn(case.held())).collect();
    let mut told = Vec::new();
    for meeting in held {
        told.push(meeting.await.unwrap());
    }
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_e26_weighted_and_missing_groups_are_told_alike_everywhere() {
    let (weighted, missing) = (case("weighted-groups"), case("missing-group"));
    let zero = Rules { abstain: RowPolicy::PointsHundredths(0), ..Rules::default() };
    let policies = [MissingGroup::Renormalise, MissingGroup::Zero, MissingGroup::Block];
    let mut cases = vec![grouped(&weighted, Rules::default()), grouped(&weighted, zero)];
    cases.extend(policies.map(|missing_group| grouped(&missing, Rules { missing_group, ..Rules::default() })));
    let told = all(cases).await;
    let expected = &weighted["expect"];
    told[0].says(1, "Score", expected["score"].as_str());
    let means: Vec<Option<&str>> = expected["means"].as_array().unwrap().iter().map(Value::as_str).collect();
    told[0].means(&means);
    told[1].says(1, "Score", expected["score_if_abstain_counts_0"].as_str());
    for (told, policy) in told[2..].iter().zip(["renormalise", "zero", "block"]) {
        told.says(1, "Score", missing["expect"][policy].as_str());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_e26_trimmed_means_are_told_alike_everywhere() {
    let (mut cases, mut expected) = (Vec::new(), Vec::new());
    for id in ["trim-9", "trim-duplicated-extremes", "trim-below-threshold"] {
        let case = case(id);
        let scores = numbers(&case["scores"]);
        let mut points = scores.clone();
        points.dedup();
        let scale: Vec<Mark> = points.iter().map(|points| mark(&format!("m{points}"), points * 100)).collect();
        let sheets: Vec<Vec<String>> = scores.iter().map(|points| vec![format!("m{points}")]).collect();
        let trim = Some(Trim { more_than_rows: number(&case["trim"]["min_n"]) });
        for (key, trim) in [("trimmed", trim), ("plain", None)] {
            let Some(score) = case["expect"].get(key).and_then(Value::as_str) else { continue };
            cases.push(alone(scale.clone(), 1, Rules { trim, ..Rules::default() }, sheets.clone()));
            expected.push(score.to_owned());
        }
    }
    assert_eq!(expected.len(), 4);
    for (told, score) in all(cases).await.iter().zip(&expected) {
        told.says(1, "Score", Some(score));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_e26_rows_of_items_are_told_alike_everywhere() {
    let (mut cases, mut expected) = (Vec::new(), Vec::new());
    for (id, key) in [("items", MissingItem::Require), ("items-missing", MissingItem::Renormalise)] {
        let case = case(id);
        let name = serde_json::to_value(key).unwrap();
        // Every voter gives the row's points, item by item, as whole numbers to 100.
        let points = |points: &Value| points.as_u64().map_or(String::new(), |points| points.to_string());
        let row: Vec<String> = case["row"].as_array().unwrap().iter().map(points).collect();
        let item = |at: usize| Item { label: format!("指标{at}"), label_en: String::new(), not_for: Vec::new() };
        let band =
            Band { id: "all".to_owned(), label: "全部".to_owned(), label_en: String::new(), from_hundredths: 0 };
        let item_weights_bp = numbers(&case["item_weights"]);
        let rules = Rules { item_weights_bp, missing_item: key, bands: vec![band], ..Rules::default() };
        let mut meeting = alone(numbers_to(100), 1, rules, vec![vec![row.join(".")]; 5]);
        meeting.plan.numeric = Some(100);
        meeting.plan.items = (1..=row.len()).map(item).collect();
        meeting.plan.live = Live::Turnout;
        cases.push(meeting);
        expected.push(case["expect"][name.as_str().unwrap()].as_str().unwrap().to_owned());
    }
    for (told, score) in all(cases).await.iter().zip(&expected) {
        told.says(1, "Score", Some(score));
        told.means(&[Some(score)]);
    }
}

/// So many subjects, each with another score, all in the best band by their score.
fn quota(subjects: u16, quota: Quota) -> Case {
    let scale: Vec<Mark> = (0..12)
        .map(|at| {
            mark(
                ["top", "second"].get(at as usize).copied().map_or(format!("m{at}"), str::to_owned).as_str(),
                10_000 - at * 100,
            )
        })
        .collect();
    let band = |id: &str, from_hundredths| Band {
        id: id.to_owned(),
        label: id.to_owned(),
        label_en: id.to_owned(),
        from_hundredths,
    };
    let rules = Rules { bands: vec![band("top", 100), band("second", 0)], quota: Some(quota), ..Rules::default() };
    // From the thirteenth on voters are of two minds, each time fewer of the better one.
    let of = |voter: u16, subject: u16| match subject {
        0..12 => subject,
        _ if voter < subject - 11 => 10,
        _ => 11,
    };
    let sheet = |voter: u16| (0..subjects).map(|subject| scale[usize::from(of(voter, subject))].id.clone()).collect();
    let sheets = (0..5).map(sheet).collect();
    alone(scale.clone(), subjects, rules, sheets)
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_e26_quotas_are_told_alike_everywhere() {
    let (mut cases, mut expected) = (Vec::new(), Vec::new());
    for line in case("quota")["expect"].as_array().unwrap() {
        let subjects = u16::try_from(number(&line["subjects"])).unwrap();
        if let Some(share) = line.get("min_below_bp") {
            let limit = QuotaLimit::MinBelowTopBp(number(share));
            cases.push(quota(subjects, Quota { limit, rounding: QuotaRounding::Ceil }));
            expected.push(number(&line["max_top"]));
            continue;
        }
        for (rounding, key) in
            [(QuotaRounding::Floor, "floor"), (QuotaRounding::HalfUp, "half_up"), (QuotaRounding::Ceil, "ceil")]
        {
            cases.push(quota(subjects, Quota { limit: QuotaLimit::MaxTopBp(number(&line["max_bp"])), rounding }));
            expected.push(number(&line[key]));
        }
    }
    assert_eq!(expected.len(), 8);
    for (told, most) in all(cases).await.iter().zip(expected) {
        assert_eq!(told.at_top(), most as usize);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_e26_totals_are_told_alike_everywhere() {
    let case = case("combination-with-tie");
    let text = |row: &Value, at: usize| row[at].as_str().unwrap().to_owned();
    let rows = case["rows"].as_array().unwrap();
    let hundredths = |score: &str| score.replace('.', "").parse::<u32>().unwrap();
    // Each score is a mark's points, and everybody gives it.
    let mut points: Vec<u32> = rows.iter().map(|row| hundredths(&text(row, 1))).collect();
    let sheet: Vec<String> = points.iter().map(|points| format!("m{points}")).collect();
    points.sort_unstable_by(|one, other| other.cmp(one));
    let scale = points.iter().map(|points| mark(&format!("m{points}"), *points)).collect();
    let daily = Component { name: "平时考核".to_owned(), share_bp: 6_000 };
    let combination = Combination { evaluation_share_bp: 4_000, components: vec![daily], gates: Vec::new() };
    let rules = Rules { combination: Some(combination), ..Rules::default() };
    let mut meeting = alone(scale, 7, rules, vec![sheet; 5]);
    meeting.plan.imported = (1..)
        .zip(rows)
        .map(|(subject, row)| Imported { subject, components: vec![text(row, 2)], ..Imported::default() })
        .collect();
    let told = meeting.held().await;
    let expected: BTreeMap<u16, &Value> = (1..).zip(rows).collect();
    for (subject, row) in expected {
        told.says(subject, "Score", row[1].as_str());
        told.says(subject, "Total", case["expect"]["total"][subject.to_string()].as_str());
        let rank = number(&case["expect"]["rank"][subject.to_string()]).to_string();
        told.says(subject, "Rank by total", Some(&rank));
    }
}
