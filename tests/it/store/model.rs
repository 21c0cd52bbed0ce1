//! Rule l26: a store in a few maps, without threads, files or time, and the property that a real one answers the same.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use pingyi::store::{CastVerdict, Claimed, Digest, Issued, NewSlips, Replaced, Seat, SeatCount, SlipsReplaced};
use pingyi_rules::ballot::Ballot;
use pingyi_rules::meeting::plan::Admission;
use pingyi_rules::meeting::{Phase, RoundState};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::fixtures::{Casts as _, Frozen as _, Wanted, ballot, digest, phase_becomes, round_becomes};
use super::world::World;

#[derive(Clone, Debug)]
enum Step {
    Round(RoundState),
    Phase(Phase),
    StaleReplace,
    Claim {
        seat: u32,
        by: u32,
        leads: Option<u16>,
        with_first: bool,
    },
    OpenClaim {
        group: &'static str,
        by: u32,
    },
    /// New codes for `free` seats and so many more or fewer, under a series that far from the next one.
    Slips {
        group: &'static str,
        ahead: i32,
        more: i32,
        stale: bool,
    },
    Issue {
        seat: u32,
        papers: u8,
    },
    Cast(Vec<(u16, u64, &'static str)>),
    Release(u32),
    Freeze,
    Count,
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let states = [
        RoundState::Draft,
        RoundState::Armed,
        RoundState::Open,
        RoundState::Open,
        RoundState::Closing { ends_at_ms: 7 },
        RoundState::Closed,
        RoundState::Void,
    ];
    let row = (0..=3u16, 0..6u64, prop::sample::select(vec!["hao", "cha"]));
    // A sheet without its rows, which no phone casts, is filled up at Redis: six of them would be more than the box holds.
    let row = row.prop_map(|(contest, key, answer)| (contest, if contest == 0 { key % 5 } else { key }, answer));
    let leads = prop::option::of(0..=4u16);
    prop::collection::vec(
        prop_oneof![
            4 => prop::sample::select(states.to_vec()).prop_map(Step::Round),
            1 => prop::sample::select(vec![Phase::Draft, Phase::Checkin, Phase::Checkin, Phase::Closed]).prop_map(Step::Phase),
            1 => Just(Step::StaleReplace),
            6 => (1..=8u32, 0..6u32, leads, any::<bool>())
                .prop_map(|(seat, by, leads, with_first)| Step::Claim { seat, by, leads, with_first }),
            3 => (
                prop::sample::select(vec!["A", "B", "C"]),
                prop::sample::select(vec![-2, -1, -1, 0, 0, 0, 1]),
                prop::sample::select(vec![-1, 0, 0, 0, 1]),
                prop::sample::select(vec![false, false, false, true]),
            )
                .prop_map(|(group, ahead, more, stale)| Step::Slips { group, ahead, more, stale }),
            2 => (prop::sample::select(vec!["A", "B", "C"]), 0..6u32).prop_map(|(group, by)| Step::OpenClaim { group, by }),
            4 => (1..=8u32, 0..3u8).prop_map(|(seat, papers)| Step::Issue { seat, papers }),
            9 => prop::collection::vec(row, 0..5).prop_map(Step::Cast),
            3 => (1..4u32).prop_map(Step::Release),
            1 => Just(Step::Freeze),
            2 => Just(Step::Count),
            1 => Just(Step::Restart),
        ],
        1..60,
    )
}

/// Seats 1 to 4 are A's, 5 to 7 are B's, of which two lead one of three subjects.
fn wanted(id: &'static str, admission: Admission) -> Wanted {
    Wanted { id, admission, a: 4, b: 3, b_leaders: 2, subjects: 3, b_named: 0, opinions: false }
}

struct Model {
    id: &'static str,
    open_admission: bool,
    state: RoundState,
    phase: Phase,
    version: u32,
    was_armed: bool,
    /// Credential and subject by seat.
    seats: BTreeMap<u32, (u32, Option<u16>)>,
    /// The code of each seat, and by group the series and how many are void.
    codes: BTreeMap<u32, Digest>,
    series: BTreeMap<&'static str, (u32, u32)>,
    papers: BTreeMap<u32, u8>,
    ballots: BTreeMap<(u16, u64), Ballot>,
    released: BTreeMap<u16, u32>,
    frozen: bool,
}

impl Model {
    fn new(id: &'static str, open_admission: bool) -> Self {
        Self {
            id,
            open_admission,
            state: RoundState::Draft,
            phase: Phase::Checkin,
            version: 1,
            was_armed: false,
            seats: BTreeMap::new(),
            codes: (1..=7).map(|seat| (seat, super::fixtures::code(id, seat))).collect(),
            series: BTreeMap::new(),
            papers: BTreeMap::new(),
            ballots: BTreeMap::new(),
            released: BTreeMap::new(),
            frozen: false,
        }
    }

    fn seated(&self, seat: u32) -> Claimed {
        let group = if seat > 4 { "B" } else { "A" }.to_owned();
        Claimed::Seated(Seat { meeting: self.id.to_owned(), seat, group, leads_subject: self.seats[&seat].1 })
    }

    fn claim(&mut self, seat: Option<u32>, group: &str, by: u32, leads: Option<u16>) -> Claimed {
        if seat.is_some_and(|seat| seat > 7) || (seat.is_none() && (!self.open_admission || group == "C")) {
            return Claimed::Unknown;
        }
        if seat.and_then(|seat| self.seats.get(&seat)).is_some_and(|(sitting, _)| *sitting != by) {
            return Claimed::Taken;
        }
        if let Some((seat, _)) = self.seats.iter().find(|(_, (sitting, _))| *sitting == by) {
            return self.seated(*seat);
        }
        match self.phase {
            Phase::Draft => return Claimed::NotYetOpen,
            Phase::Checkin | Phase::InSession => {}
            Phase::Closed | Phase::Archived => return Claimed::MeetingIsOver,
        }
        let of_group = if group == "B" { 5..=7 } else { 1..=4 };
        let Some(seat) = seat.or_else(|| of_group.clone().find(|seat| !self.seats.contains_key(seat))) else {
            return Claimed::Full;
        };
        let mut leads_subject = None;
        if seat > 4 {
            let led: BTreeSet<u16> = self.seats.values().filter_map(|(_, leads)| *leads).collect();
            match leads {
                Some(0) => {}
                Some(subject) if led.contains(&subject) => return Claimed::BranchIsTaken,
                Some(subject) if subject <= 3 => leads_subject = Some(subject),
                _ => {
                    let subjects = (1..=3).filter(|subject| !led.contains(subject)).collect();
                    let (meeting, group) = (self.id.to_owned(), "B".to_owned());
                    return Claimed::WhichBranch { meeting, group, subjects, none_allowed: true };
                }
            }
        }
        self.seats.insert(seat, (by, leads_subject));
        self.seated(seat)
    }

    fn free(&self, group: &str) -> Vec<u32> {
        let seats = match group {
            "A" => 1..=4,
            "B" => 5..=7,
            _ => return Vec::new(),
        };
        seats.filter(|seat| !self.seats.contains_key(seat)).collect()
    }

    fn replace_slips(&mut self, group: &'static str, new: &NewSlips, stale: bool) -> SlipsReplaced {
        let (series, void) = self.series.get(group).copied().unwrap_or_default();
        let seat_of = |code: &Digest| self.codes.iter().find(|(_, there)| *there == code).map(|(seat, _)| *seat);
        let is_of_group = |code: &Digest| seat_of(code).is_some_and(|seat| (seat > 4) == (group == "B"));
        if new.series == series && !new.codes.is_empty() && new.codes.iter().all(is_of_group) {
            return SlipsReplaced::Before;
        }
        if stale {
            return SlipsReplaced::Stale;
        }
        if self.open_admission || matches!(self.phase, Phase::Closed | Phase::Archived) {
            return SlipsReplaced::NotNow;
        }
        if new.series != series + 1 || new.codes.iter().any(|code| seat_of(code).is_some()) {
            return SlipsReplaced::Another;
        }
        let free = self.free(group);
        let count = u32::try_from(free.len()).unwrap();
        if free.is_empty() || free.len() != new.codes.len() {
            return SlipsReplaced::SeatsFree(count);
        }
        self.codes.extend(free.into_iter().zip(new.codes.iter().copied()));
        self.series.insert(group, (new.series, void + count));
        self.version += 1;
        SlipsReplaced::Now(self.version)
    }

    fn issue(&mut self, seat: u32, papers: u8) -> Issued {
        if !self.state.issues_papers() || seat > 7 {
            return Issued::NotNow;
        }
        if *self.papers.entry(seat).or_insert(papers) == papers { Issued::Sign } else { Issued::OtherPapers }
    }

    fn cast(&mut self, rows: &[(u16, u64, &'static str)]) -> Vec<CastVerdict> {
        let takes = self.state.takes_casts() && !self.frozen;
        let mut after = self.ballots.clone();
        let mut answers = Vec::new();
        for (contest, key, answer) in rows {
            let ballot = ballot(*contest, *key, answer);
            answers.push(match after.get(&(*contest, *key)) {
                Some(there) if *there == ballot => CastVerdict::Same,
                Some(_) => CastVerdict::Conflict,
                None if takes => {
                    after.insert((*contest, *key), ballot);
                    CastVerdict::In
                }
                None => CastVerdict::Closed,
            });
        }
        if !answers.contains(&CastVerdict::Conflict) {
            self.ballots = after;
            return answers;
        }
        for (answer, (contest, key, _)) in answers.iter_mut().zip(rows) {
            let was_in = self.ballots.contains_key(&(*contest, *key));
            if matches!(answer, CastVerdict::In | CastVerdict::Same) && !was_in {
                *answer = CastVerdict::BatchConflict;
            }
        }
        answers
    }

    fn in_contest(&self, contest: u16) -> u32 {
        u32::try_from(self.ballots.keys().filter(|(of, _)| *of == contest).count()).unwrap()
    }

    /// How many of each contest are released.
    fn release(&mut self, k: u32) -> BTreeMap<u16, u32> {
        for contest in 1..=3 {
            let (all, released) = (self.in_contest(contest), self.released.entry(contest).or_default());
            if self.frozen {
                *released = all;
            } else if all - *released >= 2 * k {
                *released = all - k;
            }
        }
        self.released.iter().filter(|(_, count)| **count > 0).map(|(contest, count)| (*contest, *count)).collect()
    }

    fn count(&self, group: &str) -> SeatCount {
        let in_group = |seat: &u32| (*seat > 4) == (group == "B");
        let number = |count: usize| u32::try_from(count).unwrap();
        let of_group = || self.seats.iter().filter(|(seat, _)| in_group(seat));
        SeatCount {
            present: number(of_group().count()),
            leaders_present: number(of_group().filter(|(_, (_, leads))| leads.is_some()).count()),
            issued: number(self.papers.keys().filter(|seat| in_group(seat)).count()),
            slip_series: self.series.get(group).map_or(0, |(series, _)| *series),
            slips_void: self.series.get(group).map_or(0, |(_, void)| *void),
        }
    }

    fn returned(&self) -> BTreeMap<String, u32> {
        let mut returned = BTreeMap::new();
        for (_, sheet) in self.ballots.iter().filter(|((contest, _), _)| *contest == 0) {
            *returned.entry(sheet.group.clone()).or_default() += 1;
        }
        returned
    }

    async fn follow(&mut self, step: &Step, world: &mut World) {
        if matches!(step, Step::Restart) {
            return world.restart().await;
        }
        let (store, id) = (world.store(), self.id);
        let credential = |by: u32| digest(&format!("credential {by} of {id}"));
        match step {
            Step::Round(state) => {
                round_becomes(&*store, id, *state).await;
                self.state = *state;
                self.version += 1;
                self.was_armed |= state.issues_papers() || state.takes_casts();
            }
            Step::Phase(phase) => {
                phase_becomes(&*store, id, *phase).await;
                self.phase = *phase;
                self.version += 1;
            }
            Step::StaleReplace => {
                let meeting = wanted(id, Admission::Slips).meeting().meeting;
                assert_eq!(store.replace(self.version + 1, &meeting).await, Ok(Replaced::Stale));
                assert_eq!(store.load(id).await.unwrap().unwrap().version, self.version);
            }
            Step::Claim { seat, by, leads, with_first } => {
                let first = super::fixtures::code(id, *seat);
                let code = self.codes.get(seat).copied().filter(|_| !with_first).unwrap_or(first);
                let by_code = pingyi::store::ClaimBy::Code(code);
                let claim = pingyi::store::Claim { by: by_code, credential: credential(*by), leads_subject: *leads };
                let group = if *seat > 4 { "B" } else { "A" };
                let is_there = self.codes.get(seat) == Some(&code);
                let expected = if is_there { self.claim(Some(*seat), group, *by, *leads) } else { Claimed::Unknown };
                assert_eq!(store.claim_seat(&claim).await, Ok(expected));
            }
            Step::Slips { group, ahead, more, stale } => {
                let next = i64::from(self.series.get(group).map_or(0, |(series, _)| *series)) + 1;
                let series = u32::try_from(next + i64::from(*ahead)).unwrap_or_default();
                let free = i64::try_from(self.free(group).len()).unwrap();
                let count = u32::try_from(free + i64::from(*more)).unwrap_or_default();
                let new = super::fixtures::slips(id, group, series, count);
                let stored = store.load(id).await.unwrap().unwrap();
                let seen = if *stale { self.version + 1 } else { self.version };
                let replaced = store.replace_slips(seen, &super::fixtures::saying(stored.meeting, &new), &new).await;
                assert_eq!(replaced, Ok(self.replace_slips(group, &new, *stale)));
            }
            Step::OpenClaim { group, by } => {
                let by_group = pingyi::store::ClaimBy::Open { meeting: id.to_owned(), group: (*group).to_owned() };
                let claim = pingyi::store::Claim { by: by_group, credential: credential(*by), leads_subject: None };
                assert_eq!(store.claim_seat(&claim).await, Ok(self.claim(None, group, *by, None)));
            }
            Step::Issue { seat, papers } => {
                let issued = store.issue(id, 1, *seat, digest(&format!("papers {papers}"))).await;
                assert_eq!(issued, Ok(self.issue(*seat, *papers)));
            }
            Step::Cast(rows) => {
                let batch: Vec<Ballot> =
                    rows.iter().map(|(contest, key, answer)| ballot(*contest, *key, answer)).collect();
                assert_eq!(store.casts(id, 1, &batch).await, Ok(self.cast(rows)));
            }
            Step::Release(k) => {
                let released = store.release(id, 1, *k).await.unwrap().contests;
                let counts = released.iter().map(|(contest, answers)| (*contest, answers.values().sum())).collect();
                assert_eq!(self.release(*k), counts);
            }
            Step::Freeze if self.was_armed => {
                self.frozen = true;
                let mut all: Vec<Ballot> = self.ballots.values().cloned().collect();
                all.sort_by_key(Ballot::leaf);
                assert_eq!(store.frozen(id, 1).await, Ok(all));
            }
            Step::Freeze => assert!(store.frozen(id, 1).await.is_err(), "a round without a box cannot be frozen"),
            Step::Count | Step::Restart => {
                let counts = store.seat_counts(id, 1).await.unwrap();
                for group in ["A", "B"] {
                    assert_eq!(counts.get(group).cloned().unwrap_or_default(), self.count(group));
                }
                assert_eq!(store.returned(id, 1).await.unwrap(), self.returned());
            }
        }
    }
}

pub async fn l26_store_and_model_answer_the_same(world: &mut World) {
    static CASES: AtomicU32 = AtomicU32::new(0);
    let world = Mutex::new(world);
    let mut runner = TestRunner::new(Config { cases: 60, failure_persistence: None, ..Config::default() });
    let property = |(steps, open): (Vec<Step>, bool)| {
        let mut world = world.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let id: &'static str = format!("model{:05}", CASES.fetch_add(1, Ordering::Relaxed)).leak();
        let admission = if open { Admission::Open } else { Admission::Slips };
        let following = async {
            world.store().create(wanted(id, admission).meeting()).await.unwrap();
            let mut model = Model::new(id, open);
            for step in steps.iter().chain([&Step::Count, &Step::Restart, &Step::Count]) {
                model.follow(step, &mut world).await;
            }
        };
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(following));
        Ok(())
    };
    runner.run(&(steps(), any::<bool>()), property).unwrap();
}
