//! Linear algebra over everything that is displayed and published of random meetings (rule s53). The attacker knows how many
//! ballots of each group are in each row, as one who sat in the hall may, and takes every printed score for the exact value.

use num_traits::{One as _, Zero as _};
use pingyi::protocol::{Durability, LiveTally, ResultView, Role, Turnout};
use pingyi::store::Released;
use pingyi::view::{self, ViewInputs};
use pingyi_rules::form::{Live, Mark, MarkKind};
use pingyi_rules::meeting::plan::{Group, Plan, Publication};
use pingyi_rules::meeting::round::{RoundState, SmallGroups};
use pingyi_rules::meeting::{Accounting, GroupAccount, Meeting, Tally};
use pingyi_rules::scoring::{Exact, GroupCount, Imported, Rules, SubjectCount};
use proptest::prelude::*;

use crate::export::totals::combination;

/// Marks of the scale; a blank row and a void one come after them.
pub(super) const MARKS: usize = 4;
pub(super) const PLACES: usize = MARKS + 2;
const POINTS: [u32; MARKS] = [100, 80, 60, 40];

/// One equation over the unknowns of a row: a coefficient for each group and place.
type Equation = Vec<Exact>;

fn number(value: u64) -> Exact {
    Exact::from_integer(value.into())
}

/// Whether the equations tell more of these groups together than how many ballots each of them has: every other unknown is
/// eliminated first, and what is left is about them alone.
fn tells_of(equations: &[Equation], groups: usize, some: &[usize]) -> bool {
    let of_some = |column: &usize| some.contains(&(column / PLACES));
    let others: Vec<usize> = (0..groups * PLACES).filter(|column| !of_some(column)).collect();
    let own: Vec<usize> = (0..groups * PLACES).filter(of_some).collect();
    let mut rows = equations.to_vec();
    let pivots = eliminate(&mut rows, &others);
    let mut left = rows.split_off(pivots);
    eliminate(&mut left, &own) > some.len()
}

/// Brings the rows into echelon form over these columns; how many pivots there are, which come first.
fn eliminate(rows: &mut [Equation], columns: &[usize]) -> usize {
    let mut pivots = 0;
    for column in columns {
        let Some(found) = (pivots..rows.len()).find(|row| !rows[*row][*column].is_zero()) else { continue };
        rows.swap(pivots, found);
        let pivot = rows[pivots].clone();
        for row in &mut rows[pivots + 1..] {
            if row[*column].is_zero() {
                continue;
            }
            let factor = &row[*column] / &pivot[*column];
            row.iter_mut().zip(&pivot).for_each(|(value, pivot)| *value -= pivot * &factor);
        }
        pivots += 1;
    }
    pivots
}

/// The counts of one row, as they are.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// By group and place.
    pub(super) groups: Vec<Vec<u32>>,
}

impl Row {
    fn ballots(&self, group: usize) -> u32 {
        self.groups[group].iter().sum()
    }

    fn counted(&self, group: usize) -> u32 {
        self.groups[group][..MARKS].iter().sum()
    }

    fn count(&self, group: usize, sheets: u32) -> GroupCount {
        let places = &self.groups[group];
        GroupCount {
            marks: places[..MARKS].to_vec(),
            abstained: places[MARKS],
            recused: sheets - self.ballots(group),
            void: places[MARKS + 1],
            ..GroupCount::default()
        }
    }

    /// What is told of the row, as equations.
    fn told(&self, weights: &[u32], figures: &Told) -> Vec<Equation> {
        let groups = self.groups.len();
        let nothing = || vec![Exact::zero(); groups * PLACES];
        let only = |places: &dyn Fn(usize) -> bool| -> Equation {
            (0..groups * PLACES).map(|at| if places(at) { Exact::one() } else { Exact::zero() }).collect()
        };
        let mut told: Vec<Equation> = (0..groups).map(|group| only(&|at| at / PLACES == group)).collect();
        // A group without a ballot has no mark at all.
        for group in (0..groups).filter(|group| self.ballots(*group) == 0) {
            told.extend((0..PLACES).map(|place| only(&|at| at == group * PLACES + place)));
        }
        if figures.totals {
            told.extend((0..PLACES).map(|place| only(&|at| at % PLACES == place)));
        }
        for group in &figures.groups {
            told.extend((0..PLACES).map(|place| only(&|at| at == group * PLACES + place)));
        }
        if figures.score {
            let mut score = nothing();
            for group in (0..groups).filter(|group| self.counted(*group) > 0) {
                for (place, points) in POINTS.iter().enumerate() {
                    let share = Exact::new((weights[group] * points).into(), self.counted(group).into());
                    score[group * PLACES + place] = share;
                }
            }
            told.push(score);
        }
        told
    }

    /// Groups that are too few together, and of which something is told.
    pub(super) fn leaks(&self, weights: &[u32], figures: &Told, k_min: u32) -> Option<Vec<usize>> {
        let groups = self.groups.len();
        let there: Vec<usize> = (0..groups).filter(|group| self.ballots(*group) > 0).collect();
        let told = self.told(weights, figures);
        subsets(&there).find(|some| {
            let ballots: u32 = some.iter().map(|group| self.ballots(*group)).sum();
            ballots < k_min && tells_of(&told, groups, some)
        })
    }
}

fn subsets(of: &[usize]) -> impl Iterator<Item = Vec<usize>> {
    let all = 1..1usize << of.len();
    all.map(move |set| of.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1).map(|(_, group)| *group).collect())
}

/// Which figures of a row stand anywhere.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub(super) totals: bool,
    pub(super) score: bool,
    pub(super) groups: Vec<usize>,
}

impl Told {
    /// Everything about one subject in a result and a tally.
    pub(super) fn of(subject: u16, groups: usize, result: Option<&ResultView>, tally: Option<&LiveTally>) -> Self {
        let row = result.and_then(|result| result.rows.iter().find(|row| row.subject == subject));
        let live = tally.and_then(|tally| tally.rows.iter().find(|row| row.subject == subject));
        let of_groups = row.and_then(|row| row.groups.as_ref());
        Self {
            totals: row
                .is_some_and(|row| row.marks.is_some() || row.percents.is_some() || row.top_rate_percent.is_some())
                || live.is_some_and(|row| row.marks.iter().sum::<u32>() + row.abstained > 0),
            score: row.is_some_and(|row| {
                // Whoever has a total and its components has the score.
                let combined = row.combined.as_ref();
                let has_total = combined.is_some_and(|combined| combined.total.is_some() || combined.rank.is_some());
                row.score.is_some() || row.rank.is_some() || row.suggested_grade.is_some() || has_total
            }),
            groups: (0..groups).filter(|group| of_groups.is_some_and(|told| told[*group].is_some())).collect(),
        }
    }
}

/// A round that was counted, in all that decides what is told of it.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    pub(super) weights: Vec<u32>,
    pub(super) k_min: u32,
    totals_only: bool,
    present: Vec<u32>,
    pub(super) sheets: Vec<u32>,
    pub(super) rows: Vec<Row>,
    publication: Publication,
    /// Whether scores are combined with components that everybody knows.
    pub(super) combines: bool,
}

pub(super) fn counted() -> impl Strategy<Value = Counted> {
    let publication = prop_oneof![
        1 => Just(Publication::Held),
        1 => Just(Publication::Chair),
        1 => Just(Publication::HallGrades),
        4 => Just(Publication::HallScores),
    ];
    (1..=4_usize, 2..=6_u32, any::<bool>(), publication).prop_flat_map(|(groups, k_min, totals_only, publication)| {
        // Few weights and small groups, so that coincidences are met often.
        let weights = prop::collection::vec(prop_oneof![Just(0_u32), Just(1_000), Just(2_000), Just(4_000)], groups);
        let sheets = prop::collection::vec(prop_oneof![Just(0_u32), 1..=4_u32, 5..=12_u32], groups);
        (weights, sheets, 0..=3_u32).prop_flat_map(move |(weights, sheets, away)| {
            let places = |sheets: u32| prop::collection::vec(0..PLACES, sheets as usize);
            let row = sheets.iter().map(|sheets| (places(*sheets), any::<bool>())).collect::<Vec<_>>();
            let rows = prop::collection::vec(row, 1..=3);
            let sheets = sheets.clone();
            let weights = weights.clone();
            rows.prop_map(move |rows| {
                let group = |(places, recused): (Vec<usize>, bool)| {
                    let mut counts = vec![0; PLACES];
                    // One of the group may lead the subject.
                    places.iter().skip(usize::from(recused)).for_each(|place| counts[*place] += 1);
                    counts
                };
                let row = |row: Vec<(Vec<usize>, bool)>| Row { groups: row.into_iter().map(group).collect() };
                Counted {
                    weights: weights.clone(),
                    k_min,
                    totals_only,
                    present: sheets.iter().map(|sheets| sheets + away).collect(),
                    sheets: sheets.clone(),
                    // By something that is drawn anyway: the same meetings as without it.
                    combines: away % 2 == 1,
                    rows: rows.into_iter().map(row).collect(),
                    publication,
                }
            })
        })
    })
}

/// A component that the attacker knows.
fn known(subject: usize) -> Imported {
    Imported { subject: u16::try_from(subject).unwrap(), components: vec!["80".to_owned()], ..Imported::default() }
}

impl Counted {
    fn plan(&self) -> Plan {
        let small = crate::meeting::small_plan();
        let name = |at: usize| char::from(b'A' + u8::try_from(at).unwrap()).to_string();
        let group = |(at, weight_bp): (usize, &u32)| Group {
            id: name(at),
            name: name(at),
            weight_bp: *weight_bp,
            entitled: 20,
            leaders: 0,
        };
        let mark = |points: &u32| Mark {
            id: format!("m{points}"),
            label: format!("m{points}"),
            label_en: String::new(),
            kind: MarkKind::Grade,
            points_hundredths: points * 100,
        };
        let subject = |id: usize| pingyi_rules::meeting::plan::Subject {
            id: u16::try_from(id).unwrap(),
            ..small.subjects[0].clone()
        };
        Plan {
            groups: self.weights.iter().enumerate().map(group).collect(),
            scale: POINTS.iter().map(mark).collect(),
            subjects: (1..=self.rows.len()).map(subject).collect(),
            k_min: self.k_min,
            live: Live::Tally,
            scoring: Rules { combination: self.combines.then(combination), ..small.scoring },
            imported: if self.combines { (1..=self.rows.len()).map(known).collect() } else { Vec::new() },
            ..small
        }
    }

    pub(super) fn meeting(&self) -> Meeting {
        let mut meeting = Meeting::new("abcd1234".to_owned(), self.plan());
        let account = |(group, (present, sheets)): (&Group, (&u32, &u32))| GroupAccount {
            group: group.id.clone(),
            entitled: group.entitled,
            present: *present,
            issued: *present,
            returned: *sheets,
            valid: *sheets,
            ..GroupAccount::default()
        };
        let heads = self.present.iter().zip(&self.sheets);
        let accounts = meeting.plan.groups.iter().zip(heads).map(account).collect();
        let row = |(at, row): (usize, &Row)| SubjectCount {
            subject: u16::try_from(at).unwrap() + 1,
            groups: self.sheets.iter().enumerate().map(|(group, sheets)| row.count(group, *sheets)).collect(),
        };
        let round = &mut meeting.rounds[0];
        round.state = RoundState::Published;
        round.publication = Some(self.publication);
        round.small_groups = if self.totals_only { SmallGroups::TotalsOnly } else { SmallGroups::Refuse };
        round.accounting = Some(Accounting { groups: accounts });
        round.tally = Some(Tally { rows: self.rows.iter().enumerate().map(row).collect() });
        meeting.current = Some(4);
        meeting
    }

    /// What is told of each row, and the head counts by group that the hall sees.
    fn displayed(&self) -> (Vec<Told>, Vec<Vec<Turnout>>) {
        let meeting = self.meeting();
        let accounts = &meeting.rounds[0].accounting.as_ref().unwrap().groups;
        let turnout: Vec<Turnout> = accounts
            .iter()
            .map(|account| Turnout {
                group: account.group.clone(),
                entitled: account.entitled,
                present: account.present,
                issued: account.issued,
                returned: account.returned,
            })
            .collect();
        let is_small = |turnout: &&Turnout| (1..self.k_min).contains(&turnout.present);
        let small: Vec<String> = turnout.iter().filter(is_small).map(|turnout| turnout.group.clone()).collect();
        let moment = ViewInputs {
            meeting: &meeting,
            epoch: "",
            version: 1,
            plan: "",
            turnout: &turnout,
            released: &Released::default(),
            scrutineers_online: 0,
            devices_online: 0,
            preparation: None,
            small_groups: &small,
            small_by_recusal: &[],
            merging: &[],
            slips: &[],
            durability: Durability::Local,
            missing_servers: &[],
            destroyed: &[],
            box_key: None,
            join_url: "",
            join_link: String::new(),
        };
        let (hall, phone, chair) = (view::projector(&moment), view::voter(&moment), view::chair(&moment, Role::Chair));
        let results = [&hall.result, &phone.result, &chair.result];
        let rows = (1..=self.rows.len()).map(|subject| {
            let subject = u16::try_from(subject).unwrap();
            let mut all = Told::default();
            for result in results {
                for tally in [&hall.tally, &chair.tally] {
                    let one = Told::of(subject, self.weights.len(), result.as_ref(), tally.as_ref());
                    all = Told {
                        totals: all.totals || one.totals,
                        score: all.score || one.score,
                        groups: [all.groups, one.groups].concat(),
                    };
                }
            }
            all
        });
        let of_result = |result: &ResultView| {
            let turnout = |account: &GroupAccount| Turnout {
                group: account.group.clone(),
                entitled: account.entitled,
                present: account.present,
                issued: account.issued,
                returned: account.returned,
            };
            result.groups.iter().map(turnout).collect::<Vec<_>>()
        };
        let heads = results.into_iter().flatten().map(of_result).chain([hall.groups.clone()]);
        (rows.collect(), heads.collect())
    }
}

/// Groups that are too few, and whose heads come out: told themselves, or left over when all others are taken away.
pub(super) fn heads_leak(heads: &[u32], shown: &[usize], k_min: u32) -> bool {
    let is_small = |group: &usize| (1..k_min).contains(&heads[*group]);
    let hidden: Vec<usize> = (0..heads.len()).filter(|group| !shown.contains(group)).collect();
    let left: u32 = hidden.iter().map(|group| heads[*group]).sum();
    shown.iter().any(is_small) || (!shown.is_empty() && (1..k_min).contains(&left))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn s53_nothing_that_is_displayed_tells_of_too_few(round in counted()) {
        let (told, heads) = round.displayed();
        for (row, told) in round.rows.iter().zip(&told) {
            let leak = row.leaks(&round.weights, told, round.k_min);
            prop_assert!(leak.is_none(), "{leak:?} of {row:?} by {told:?}");
        }
        for shown in heads {
            let place = |turnout: &Turnout| usize::from(turnout.group.as_bytes()[0] - b'A');
            let shown: Vec<usize> = shown.iter().map(place).collect();
            // Who is present was seen at the door; who returned a sheet was not.
            prop_assert!(!heads_leak(&round.sheets, &shown, round.k_min), "{:?} by {shown:?}", round.sheets);
        }
    }
}

#[test]
fn s53_a_total_is_taken_for_the_score_that_it_tells() {
    let meeting = crate::export::totals::combining(Publication::HallScores);
    let mut result = view::result::for_hall(&meeting).unwrap();
    for row in &mut result.rows {
        (row.score, row.rank, row.suggested_grade) = (None, None, None);
    }
    let told = |subject| Told::of(subject, 3, Some(&result), None);
    assert!(told(1).score, "a total alone tells the score");
    assert!(!told(5).score, "and none tells nothing");
}

#[test]
fn s53_the_same_algebra_finds_what_leaks() {
    let row = Row { groups: vec![vec![3, 0, 0, 0, 0, 0], vec![2, 3, 1, 2, 1, 0], vec![4, 4, 0, 1, 0, 1]] };
    let weights = [5_000, 3_000, 2_000];
    let leaks = |weights: &[u32], row: &Row, told: &Told| row.leaks(weights, told, 5);
    let all = Told { totals: true, score: true, groups: Vec::new() };
    assert_eq!(leaks(&weights, &row, &all), None);
    // Group columns without the one that is too small: it is what is left.
    let without = Told { groups: vec![1, 2], ..all.clone() };
    assert_eq!(leaks(&weights, &row, &without), Some(vec![0]));
    // Two groups: the score and the totals are two equations for two means.
    let two = Row { groups: row.groups[..2].to_vec() };
    assert_eq!(leaks(&weights[..2], &two, &all), Some(vec![0]));
    assert_eq!(leaks(&weights[..2], &two, &Told { score: false, ..all.clone() }), None);
    // A total of three ballots, and a score that only they make.
    let few = Row { groups: vec![row.groups[0].clone(), vec![0; PLACES]] };
    assert_eq!(leaks(&weights[..2], &few, &all), Some(vec![0]));
    assert_eq!(leaks(&[10_000, 0], &two, &Told { totals: false, ..all }), Some(vec![0]));
    assert!(heads_leak(&[3, 9, 9], &[1, 2], 5) && heads_leak(&[3, 9], &[0], 5) && !heads_leak(&[3, 9, 9], &[], 5));
    assert_eq!(number(2) / number(4), Exact::new(1.into(), 2.into()));
}
