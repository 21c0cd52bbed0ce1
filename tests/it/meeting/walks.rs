//! Random walks: any commands in any order, and what must hold after every one of them.

use pingyi_rules::meeting::plan::{Publication, Step, StepKind};
use pingyi_rules::meeting::{CoSigned, Command, Meeting, Phase, PlainWish, RoundState, Scene};
use proptest::prelude::*;

use super::{arm, close_without, freeze, small_plan};

fn commands() -> impl Strategy<Value = Command> {
    let step = 0u32..8;
    let round = 0u32..4;
    prop_oneof![
        2 => Just(Command::Plain(PlainWish::OpenCheckin)),
        2 => Just(Command::Plain(PlainWish::Begin)),
        6 => step.clone().prop_map(|step| Command::Plain(PlainWish::GoTo { step })),
        2 => step.clone().prop_map(|step| Command::Plain(PlainWish::StartTimer { step })),
        1 => step.clone().prop_map(|step| Command::Plain(PlainWish::PauseTimer { step })),
        1 => (step.clone(), 0u32..8_000).prop_map(|(step, limit_s)| Command::Plain(PlainWish::ExtendTimer { step, limit_s })),
        4 => round.clone().prop_map(arm),
        4 => round.clone().prop_map(|round| Command::Plain(PlainWish::Open { round })),
        4 => round.clone().prop_map(|round| Command::Plain(PlainWish::Close { round })),
        1 => round.clone().prop_map(|round| Command::Plain(PlainWish::UndoClose { round })),
        1 => round.clone().prop_map(close_without),
        4 => round.clone().prop_map(freeze),
        4 => (round.clone(), 1u32..4, asked()).prop_map(|(round, number, asked)| Command::Plain(PlainWish::Ask { round, number, asked })),
        6 => (round.clone(), 1u32..4, asked()).prop_map(|(round, number, asked)| {
            Command::Confirm { round, number, asked, record: None }
        }),
        1 => (round.clone(), 1u32..4, asked()).prop_map(|(round, number, asked)| Command::Plain(PlainWish::Decline { round, number, asked })),
        1 => (round.clone(), 1u32..4, asked()).prop_map(|(round, number, asked)| Command::Plain(PlainWish::Withdraw { round, number, asked })),
        1 => round.clone().prop_map(|round| Command::Certify { round }),
        1 => round.clone().prop_map(|round| Command::Void { round, reason: "x".to_owned() }),
        1 => round.prop_map(|round| Command::Plain(PlainWish::Repeat { round })),
        1 => prop::collection::vec(step.clone(), 4..7).prop_map(|steps| Command::Plain(PlainWish::Reorder { steps })),
        1 => (step.clone(), step.clone(), any::<bool>()).prop_map(|(id, after, evaluates)| Command::AddStep {
            step: Step { id, kind: if evaluates { StepKind::Evaluation } else { StepKind::Break }, subject: None , form: None},
            after,
        }),
        1 => step.prop_map(|step| Command::Plain(PlainWish::RemoveStep { step })),
        1 => (0u16..4, any::<bool>()).prop_map(|(subject, absent)| Command::Plain(PlainWish::SetAbsent { subject, absent })),
        1 => Just(Command::Plain(PlainWish::SetScene { scene: Scene::Join })),
        1 => Just(Command::Plain(PlainWish::CloseMeeting)),
        1 => Just(Command::Plain(PlainWish::Archive)),
    ]
}

fn asked() -> impl Strategy<Value = CoSigned> {
    prop_oneof![
        4 => Just(CoSigned::Certificate),
        4 => Just(CoSigned::Publication { publication: Publication::HallGrades }),
        1 => Just(CoSigned::Void { reason: "x".to_owned() }),
    ]
}

fn order(state: RoundState) -> u32 {
    match state {
        RoundState::Draft => 0,
        RoundState::Armed => 1,
        RoundState::Open => 2,
        RoundState::Closing { .. } => 3,
        RoundState::Closed => 4,
        RoundState::Certified => 5,
        RoundState::Published => 6,
        RoundState::Void => 7,
    }
}

fn check(before: &Meeting, after: &Meeting) {
    assert_eq!(after.current.is_some(), after.phase == Phase::InSession, "one current step in session");
    assert!(after.current.is_none_or(|step| after.plan.step(step).is_some()), "the current step is on the agenda");
    assert!(after.rounds.iter().filter(|round| round.state.takes_casts()).count() <= 1, "one round at a time");
    assert!(
        after.timer.as_ref().is_none_or(|timer| Some(timer.step) == after.current),
        "the timer is the current step's"
    );
    let mut ids: Vec<u32> = after.plan.agenda.iter().map(|step| step.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), after.plan.agenda.len(), "step ids are unique");
    for round in &after.rounds {
        let counted = round.state.is_counted();
        assert!(!counted || (round.tally.is_some() && round.accounting.is_some()), "a counted round has its count");
        assert_eq!(round.publication.is_some(), round.state == RoundState::Published, "published to somebody");
        let Some(was) = before.round(round.number) else { continue };
        let undone = matches!((was.state, round.state), (RoundState::Closing { .. }, RoundState::Open));
        assert!(order(round.state) >= order(was.state) || undone, "a round never goes back");
        assert!(was.manifest_hash.is_none() || was.manifest_hash == round.manifest_hash, "a manifest stays");
        // Nobody certifies, publishes or declares void alone: it was asked for before, and is confirmed now.
        // A draft goes with its step: nobody has a paper of it.
        let is_removed = (was.state, round.state) == (RoundState::Draft, RoundState::Void);
        let together = matches!(round.state, RoundState::Certified | RoundState::Published | RoundState::Void);
        if together && round.state != was.state && !(is_removed && after.plan.step(round.step).is_none()) {
            let asked = was.waiting_request().map(|request| &request.asked);
            assert!(
                asked.is_some() && asked == round.request.as_ref().map(|request| &request.asked),
                "asked for first"
            );
            let last = after.history.last().map(|entry| &entry.command);
            assert!(matches!(last, Some(Command::Confirm { .. })), "and confirmed: {last:?}");
        }
        assert!(was.tally.is_none() || was.tally == round.tally, "a count stays");
    }
    assert!(before.rounds.len() <= after.rounds.len(), "no round disappears");
    assert!(before.history.len() <= after.history.len(), "no line of the history disappears");
}

proptest! {
    #[test]
    fn m3_no_walk_breaks_an_invariant(walk in prop::collection::vec((commands(), 0u64..20_000), 1..80)) {
        let mut meeting = Meeting::new("abcd1234".to_owned(), small_plan());
        let mut now_ms = 0;
        for (command, later_ms) in walk {
            now_ms += later_ms;
            let Ok(next) = meeting.apply(&command, now_ms) else { continue };
            check(&meeting, &next);
            let repeated = next.apply(&command, now_ms);
            prop_assert_eq!(repeated.as_ref(), Ok(&next), "m1: repeating changes nothing");
            meeting = next;
        }
    }
}
