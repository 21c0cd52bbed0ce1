//! What leaves the server as a file, of random meetings: tables, explanations, prints and what an archive keeps (rules s53 and
//! e5). Once by algebra, over what each of them names; once by comparison: where two counts look the same on the chair's
//! screen, every file of them is the same, whatever the screen hides.

use std::collections::{BTreeMap, BTreeSet};

use pingyi::export::tables::Cell;
use pingyi::export::words::Language;
use pingyi::protocol::{Explained, ExplainedFigure, Figure};
use pingyi::view;
use pingyi_rules::meeting::paper::{EnteredBy, Entries, PaperCount, PaperMarks};
use pingyi_rules::meeting::round::SmallGroups;
use pingyi_rules::meeting::{Accounting, Command, HistoryEntry, Meeting, Phase};
use pingyi_rules::scoring::SubjectCount;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::algebra::{Counted, MARKS, PLACES, Told, counted, heads_leak};
use crate::export::Shown;
use crate::export::archives::{archived, unpacked};

/// The meeting once it is over, with the commands that told the server of its counts.
pub(super) fn over(round: &Counted) -> Meeting {
    let mut meeting = round.meeting();
    meeting.phase = Phase::Closed;
    let counted = meeting.rounds[0].clone();
    let (accounting, tally) = (counted.accounting.unwrap(), counted.tally.unwrap());
    let arm = Command::Arm {
        round: 1,
        manifest_hash: "00".repeat(32),
        fingerprint: "H7K2-9QXM-4TDW-0R3B-ZC8V-61NP".to_owned(),
        promise: None,
        accounting: accounting.clone(),
        small_groups: SmallGroups::TotalsOnly,
        merged: Vec::new(),
    };
    let commands = [arm, Command::Freeze { round: 1, accounting, tally }];
    meeting.history = commands.into_iter().map(|command| HistoryEntry { at_ms: 1_700_000_000_000, command }).collect();
    meeting
}

/// The same where the first group is two of half the weight that vote as one: a file with a column too many would be seen.
fn merged(mut meeting: Meeting) -> Meeting {
    let first = &mut meeting.plan.groups[0];
    first.weight_bp /= 2;
    let other = pingyi_rules::meeting::plan::Group { id: "Z".to_owned(), ..first.clone() };
    meeting.plan.groups.push(other);
    meeting.rounds[0].merged = vec![vec!["A".to_owned(), "Z".to_owned()]];
    meeting
}

pub(super) fn place(group: &str) -> usize {
    usize::from(group.as_bytes()[0] - b'A')
}

pub(super) fn and(one: Told, other: Told) -> Told {
    Told {
        totals: one.totals || other.totals,
        score: one.score || other.score,
        groups: [one.groups, other.groups].concat(),
    }
}

/// The groups that a line names with a figure of their own: `A 5 + B 3 = 8`, what one gave by item, or that nobody of one marked.
fn named(figure: &ExplainedFigure) -> Vec<usize> {
    let line = |[_, en]: &[String; 2]| {
        let sum = en.split(" = ").next().unwrap_or_default().split(" + ").filter_map(|term| {
            let (id, count) = term.split_once(' ')?;
            (id.len() == 1 && count.parse::<u32>().is_ok()).then(|| place(id))
        });
        let is_of_one = |rest: &&str| rest.contains("has no counted row") || rest.contains("; mean ");
        let of_one = en.strip_prefix("Group ").filter(is_of_one).map(place);
        sum.chain(of_one).collect::<Vec<_>>()
    };
    figure.lines.iter().flat_map(line).collect()
}

pub(super) fn by_explanation(explained: Option<&Explained>, subject: u16, groups: usize) -> Told {
    let mut told = Told::default();
    let rows = explained.into_iter().flat_map(|explained| &explained.rows);
    for figure in rows.filter(|row| row.subject == subject).flat_map(|row| &row.figures) {
        told.groups.extend(named(figure));
        match &figure.figure {
            Figure::Mark { .. } | Figure::Item { .. } | Figure::Abstained | Figure::Recused | Figure::TopRate => {
                told.totals = true
            }
            Figure::GroupMean { group } => told.groups.push(place(group)),
            // A weighted sum has the mean of every group in it.
            Figure::Score if figure.lines[0][1].contains('×') && !figure.lines[0][1].starts_with('Σ') => {
                told.score = true;
                told.groups.extend(0..groups);
            }
            // A total that is not told says why in its place.
            Figure::Total => told.score |= figure.printed != "—",
            Figure::Score | Figure::Rank | Figure::TotalRank | Figure::SuggestedGrade => told.score = true,
        }
    }
    told
}

/// What the workbook's sheets say of a subject: the columns of the summary, and the sheets of groups.
fn by_tables(meeting: &Meeting, subject: u16) -> Told {
    let mut told = Told::default();
    if view::result::all_for_chair(meeting).is_empty() {
        return told;
    }
    let shown = Shown::of(meeting);
    let source = shown.source(Language::En);
    let at = usize::from(subject) - 1;
    let summary = source.summary();
    let groups = meeting.plan_of(&meeting.rounds[0]).groups.len();
    let is_told = |column: usize| summary.rows[at][column] != Cell::Hidden;
    let after_marks = 4 + 2 * MARKS;
    told.totals = (4..after_marks + 2).any(is_told) || is_told(summary.heads.len() - 2);
    told.groups = (0..groups).filter(|group| is_told(after_marks + 2 + group)).collect();
    // Score, rank, total, its rank and the grade; what was imported tells nothing of any ballot.
    let imported = |column: usize| !["平时考核 (60%)", "Adjustment"].contains(&summary.heads[column].text.as_str());
    let is_figure = |column: usize| is_told(column) && summary.rows[at][column].shown() != "" && imported(column);
    told.score = (after_marks + 2 + groups..summary.heads.len() - 2).any(is_figure);
    for row in source.all_groups().rows.iter().filter(|row| row[1] == Cell::Count(subject.into())) {
        if row[4..].iter().any(|cell| *cell != Cell::Hidden) {
            told.groups.push(place(&row[0].shown()));
        }
    }
    told
}

/// What is kept of the counts themselves, in the round and in the history.
fn by_archive(kept: &Meeting, groups: usize) -> Told {
    let mut tallies: Vec<_> = kept.rounds.iter().filter_map(|round| round.tally.as_ref()).collect();
    tallies.extend(kept.history.iter().filter_map(|entry| match &entry.command {
        Command::Freeze { tally, .. } => Some(tally),
        _ => None,
    }));
    let has_rows = tallies.iter().any(|tally| !tally.rows.is_empty());
    Told { totals: has_rows, score: has_rows, groups: (0..groups).filter(|_| has_rows).collect() }
}

/// Everything that all files together say of each row, and the lists of groups whose sheets they tell.
fn told(meeting: &Meeting, kept: &Meeting, rows: usize) -> (Vec<Told>, Vec<Vec<usize>>) {
    let groups = meeting.plan_of(&meeting.rounds[0]).groups.len();
    let explained = view::explained::explained(meeting, &meeting.rounds[0]);
    let prints = view::prints::prints(meeting, view::prints::PrintInputs::default());
    let rows = (1..=rows).map(|subject| {
        let subject = u16::try_from(subject).unwrap();
        let printed = prints.results.iter().map(|result| Told::of(subject, groups, Some(result), None));
        let all = [
            by_explanation(explained.as_ref(), subject, groups),
            by_tables(meeting, subject),
            by_archive(kept, groups),
        ];
        printed.chain(all).fold(Told::default(), and)
    });
    let accounts = |accounting: &Accounting| accounting.groups.clone();
    let mut heads: Vec<_> = prints.accounts.iter().map(|accounts| accounts.groups.clone()).collect();
    heads.extend(prints.results.iter().map(|result| result.groups.clone()));
    heads.extend(kept.rounds.iter().filter_map(|round| round.accounting.as_ref()).map(accounts));
    heads.extend(kept.history.iter().filter_map(|entry| match &entry.command {
        Command::Freeze { accounting, .. } => Some(accounts(accounting)),
        _ => None,
    }));
    let known = |accounts: Vec<pingyi_rules::meeting::GroupAccount>| {
        accounts.iter().filter(|account| !account.group.is_empty()).map(|account| place(&account.group)).collect()
    };
    (rows.collect(), heads.into_iter().map(known).collect())
}

/// The first row, or the head counts, that the files of this meeting give away.
fn leak(round: &Counted, told: &(Vec<Told>, Vec<Vec<usize>>)) -> Option<String> {
    let rows = round.rows.iter().zip(&told.0);
    let row = rows
        .map(|(row, told)| (row, told, row.leaks(&round.weights, told, round.k_min)))
        .find_map(|(row, told, leak)| leak.map(|groups| format!("{groups:?} of {row:?} by {told:?}")));
    let is_leak = |shown: &&Vec<usize>| heads_leak(&round.sheets, shown, round.k_min);
    row.or_else(|| told.1.iter().find(is_leak).map(|shown| format!("heads of {shown:?} of {:?}", round.sheets)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn s53_no_file_tells_of_too_few(round in counted()) {
        let meeting = over(&round);
        let kept = view::archived::archived(&meeting).meeting;
        let alone = told(&meeting, &kept, round.rows.len());
        prop_assert_eq!(leak(&round, &alone), None);
        let meeting = merged(meeting);
        let kept = view::archived::archived(&meeting).meeting;
        let as_one = told(&meeting, &kept, round.rows.len());
        prop_assert_eq!(format!("{as_one:?}"), format!("{alone:?}"));
    }
}

/// Some of many random meetings.
pub(super) fn meetings(most: usize) -> impl Iterator<Item = Counted> {
    let mut runner = TestRunner::deterministic();
    let strategy = counted();
    (0..most).map(move |_| strategy.new_tree(&mut runner).unwrap().current())
}

#[test]
fn s53_the_same_algebra_finds_files_that_leak() {
    let mut found = BTreeSet::new();
    for round in meetings(500) {
        let meeting = over(&round);
        // An archive that kept all it was given, and files that hide nothing.
        if leak(&round, &told(&meeting, &meeting, round.rows.len())).is_some() {
            found.insert("archive");
        }
        let mut open = meeting.clone();
        (open.plan.k_min, open.rounds[0].small_groups) = (1, SmallGroups::Refuse);
        let kept = view::archived::archived(&meeting).meeting;
        if leak(&round, &told(&open, &kept, round.rows.len())).is_some() {
            found.insert("files");
        }
    }
    assert_eq!(found.len(), 2, "{found:?}");
}

/// What the chair's screen shows of the meeting.
fn seen(meeting: &Meeting) -> String {
    let accounts = view::result::accounts(meeting, &meeting.rounds[0]);
    format!("{:?} {accounts:?}", view::result::all_for_chair(meeting))
}

/// Every file of a meeting, but for the packing.
fn files(meeting: &Meeting) -> Vec<String> {
    let tables = view::result::all_for_chair(meeting).first().map(|_| {
        let shown = Shown::of(meeting);
        format!("{:?} {:?}", shown.source(Language::Zh).tables(), shown.source(Language::En).all_groups())
    });
    vec![
        tables.unwrap_or_default(),
        format!("{:?}", view::explained::explained(meeting, &meeting.rounds[0])),
        format!("{:?}", view::prints::prints(meeting, view::prints::PrintInputs::default())),
        format!("{:?}", view::archived::archived(meeting)),
    ]
}

/// The same number of ballots in each group and row, marked otherwise, and still the same on the chair's screen.
fn otherwise(round: &Counted, swaps: &[[usize; 5]]) -> Option<Counted> {
    let before = seen(&over(round));
    let (mut now, mut is_other) = (round.clone(), false);
    for [row, one, other, from, to] in swaps {
        let mut next = now.clone();
        let (row, groups) = (row % next.rows.len(), next.weights.len());
        let cells = &mut next.rows[row].groups;
        let (one, other, from, to) = (one % groups, other % groups, from % PLACES, to % PLACES);
        // A mark becomes another one; between two groups the totals stay.
        let moves = if one == other { vec![(one, from, to)] } else { vec![(one, from, to), (other, to, from)] };
        if from == to || moves.iter().any(|(group, from, _)| cells[*group][*from] == 0) {
            continue;
        }
        for (group, from, to) in moves {
            cells[group][from] -= 1;
            cells[group][to] += 1;
        }
        if seen(&over(&next)) == before {
            (now, is_other) = (next, true);
        }
    }
    is_other.then_some(now)
}

#[test]
fn e5_counts_that_look_the_same_on_the_screen_give_the_same_files() {
    let mut runner = TestRunner::deterministic();
    let swaps = prop::collection::vec([0..9_usize, 0..9_usize, 0..9_usize, 0..PLACES, 0..PLACES], 8);
    let (mut pairs, mut found) = (0, [0; 4]);
    for round in meetings(4_000) {
        let swaps = swaps.new_tree(&mut runner).unwrap().current();
        let Some(other) = otherwise(&round, &swaps) else { continue };
        pairs += 1;
        let (one, two) = (over(&round), over(&other));
        assert_eq!(files(&one), files(&two), "{round:?}\n{other:?}");
        if pairs % 50 == 0 {
            // Word for word, as it is packed; a workbook says when it was made.
            let parts = |meeting| unpacked(&archived(meeting)).into_iter().filter(|(name, _)| !is_packing(name));
            assert!(parts(&one).eq(parts(&two)), "{round:?}\n{other:?}");
        }
        // The control: what is hidden is there to be found, were it told.
        let unhidden = |meeting: &Meeting| {
            let mut open = meeting.clone();
            (open.plan.k_min, open.rounds[0].small_groups) = (1, SmallGroups::Refuse);
            let mut files = files(&open);
            files[3] = format!("{meeting:?}");
            files
        };
        for (found, (one, two)) in found.iter_mut().zip(unhidden(&one).iter().zip(&unhidden(&two))) {
            *found += usize::from(one != two);
        }
    }
    assert!(pairs > 500, "{pairs}");
    assert!(found.iter().all(|found| *found > 100), "{found:?} of {pairs}");
}

/// The same where one valid ballot of each group and row was on paper, and counted after the phones' box: which of the marks
/// it has is chosen by `which`.
fn with_paper(mut meeting: Meeting, which: usize) -> Meeting {
    let round = &mut meeting.rounds[0];
    let tally = round.tally.clone().unwrap();
    let mut phones = tally.clone();
    let mut paper = BTreeMap::new();
    for (at, group) in meeting.plan.groups.iter().enumerate() {
        let row = |row: &mut SubjectCount| {
            let given = &mut row.groups[at].marks;
            let there: Vec<usize> = (0..given.len()).filter(|mark| given[*mark] > 0).collect();
            let mut marks = vec![0; given.len()];
            if !there.is_empty() {
                let mark = there[which % there.len()];
                (given[mark], marks[mark]) = (given[mark] - 1, 1);
            }
            PaperMarks { marks, ..PaperMarks::default() }
        };
        let rows = phones.rows.iter_mut().map(row).collect();
        paper.insert(group.id.clone(), PaperCount { returned: 1, invalid: 0, rows });
    }
    let by = |count: &PaperCount| Entries { teller: Some(count.clone()), scrutineer: Some(count.clone()) };
    round.paper.entries = paper.iter().map(|(group, count)| (group.clone(), by(count))).collect();
    round.paper.issued = paper.keys().map(|group| (group.clone(), 1)).collect();
    let enter = |(group, count): (&String, &PaperCount)| {
        let command =
            Command::EnterPaper { round: 1, group: group.clone(), by: EnteredBy::Teller, count: count.clone() };
        HistoryEntry { at_ms: 1_700_000_000_001, command }
    };
    meeting.history.extend(paper.iter().map(enter));
    round.paper.counted = Some(paper);
    for entry in &mut meeting.history {
        if let Command::Freeze { tally, .. } = &mut entry.command {
            tally.clone_from(&phones);
        }
    }
    meeting
}

#[test]
fn e5_what_was_marked_on_paper_is_in_no_file_by_itself() {
    let (mut pairs, mut whole) = (0, 0);
    for round in meetings(2_000) {
        let (one, two) = (with_paper(over(&round), 0), with_paper(over(&round), 1));
        // The control: the meetings are not the same, and in some of them every other count may be told.
        if one == two {
            continue;
        }
        pairs += 1;
        whole += usize::from(view::archived::archived(&one).withheld.is_empty());
        assert_eq!(seen(&one), seen(&two));
        assert_eq!(files(&one), files(&two), "{round:?}");
    }
    assert!(pairs > 500 && whole > 50, "{pairs} {whole}");
}

/// Whether a part is the workbook itself, or its date.
fn is_packing(name: &str) -> bool {
    name.ends_with(".xlsx") || name == "docProps/core.xml"
}
