//! Files that leave the server: tables, explanations and the archive, from meetings that were counted by hand.

pub mod archives;
mod explanations;
mod heads;
mod history;
mod imports;
mod items;
mod served;
mod tables;
pub mod totals;
mod vectors;

use std::collections::BTreeMap;

use pingyi::export::words::Language;
use pingyi::export::{archive, tables::TableSource};
use pingyi::protocol::{PlanView, ResultView, RoundView};
use pingyi::view;
use pingyi_rules::meeting::plan::{Plan, Publication};
use pingyi_rules::meeting::{Accounting, GroupAccount, Meeting, Phase, RoundState, Tally};
use pingyi_rules::scoring::{GroupCount, SubjectCount};

/// A meeting whose first round was published, with these counts by subject and group.
fn published(plan: Plan, counts: Vec<Vec<GroupCount>>, publication: Publication) -> Meeting {
    let mut meeting = Meeting::new("m2345678".to_owned(), plan);
    let returned = |group: usize| counts.iter().map(|row| row[group].ballots()).max().unwrap_or(0);
    let account = |(place, group): (usize, &pingyi_rules::meeting::plan::Group)| {
        let returned = u32::try_from(returned(place)).unwrap();
        let (group, entitled) = (group.id.clone(), group.entitled.max(returned));
        GroupAccount {
            group,
            entitled,
            present: entitled,
            issued: returned,
            returned,
            valid: returned,
            ..GroupAccount::default()
        }
    };
    let accounting = Accounting { groups: meeting.plan.groups.iter().enumerate().map(account).collect() };
    meeting.phase = Phase::Closed;
    let round = &mut meeting.rounds[0];
    let subjects = round.subjects.clone();
    round.state = RoundState::Published;
    round.publication = Some(publication);
    round.fingerprint = Some("H7K2-9QXM-4TDW-0R3B-ZC8V-61NP".to_owned());
    round.accounting = Some(accounting.clone());
    let rows = subjects.into_iter().zip(counts).map(|(subject, groups)| SubjectCount { subject, groups }).collect();
    let tally = Tally { rows };
    round.tally = Some(tally.clone());
    let command = pingyi_rules::meeting::Command::Freeze { round: 1, accounting, tally };
    meeting.history.push(pingyi_rules::meeting::HistoryEntry { at_ms: 1_700_000_000_000, command });
    meeting
}

fn marks(marks: &[u32]) -> GroupCount {
    GroupCount { marks: marks.to_vec(), ..GroupCount::default() }
}

/// The institute with the counts of its expected table.
fn institute(publication: Publication) -> Meeting {
    let folder = crate::rehearsal::shipped("institute");
    let counts = expected().into_iter().map(|row| {
        let group = |id: &str| {
            let counts: Vec<u32> = row[&format!("{id}_marks")].split('/').map(|count| count.parse().unwrap()).collect();
            marks(&counts)
        };
        let mut groups = ["A", "B", "C"].map(group);
        groups[1].recused = row["recused"].parse().unwrap();
        groups[2].abstained = row["abstained"].parse().unwrap();
        groups.to_vec()
    });
    published(folder.plan, counts.collect(), publication)
}

type Line = BTreeMap<String, String>;

fn expected() -> Vec<Line> {
    let path = crate::rehearsal::path("institute").join("expected.csv");
    csv::Reader::from_path(path).unwrap().deserialize().collect::<Result<_, _>>().unwrap()
}

/// What a file is made of: as the routes take it from the views.
pub struct Shown {
    plan: PlanView,
    rounds: Vec<RoundView>,
    result: ResultView,
}

impl Shown {
    pub fn of(meeting: &Meeting) -> Self {
        let result = view::result::all_for_chair(meeting).pop().unwrap();
        Self {
            plan: view::plan(meeting, ""),
            rounds: meeting.rounds.iter().map(|round| view::round(meeting, round)).collect(),
            result,
        }
    }

    pub fn source(&self, language: Language) -> TableSource<'_> {
        archive::source(&self.plan, &self.rounds, &self.result, language)
    }
}

/// A plan whose C is too small to be told.
fn small_group_plan() -> Plan {
    let mut plan = crate::meeting::small_plan();
    plan.scale = crate::rehearsal::shipped("institute").plan.scale;
    plan.groups[0].weight_bp = 5_000;
    plan.groups[1].weight_bp = 3_000;
    let small = pingyi_rules::meeting::plan::Group { id: "C".to_owned(), weight_bp: 2_000, ..plan.groups[0].clone() };
    plan.groups.push(small);
    plan
}

/// A meeting with a group of three ballots, whose means are 73.33 and 46.67.
fn with_a_small_group() -> Meeting {
    let counts = vec![
        vec![marks(&[5, 1, 0, 0]), marks(&[4, 1, 1, 0]), marks(&[1, 1, 0, 1])],
        vec![marks(&[3, 3, 0, 0]), marks(&[2, 2, 1, 1]), marks(&[0, 0, 1, 2])],
    ];
    published(small_group_plan(), counts, Publication::HallScores)
}
