//! What chair and scrutineer do together: asked for by one, confirmed by the other, and every other way refused.

use pingyi_rules::meeting::plan::Publication;
use pingyi_rules::meeting::request::RequestState;
use pingyi_rules::meeting::round::CLOSING_MS;
use pingyi_rules::meeting::{CoSigned, Command, Meeting, Next, Phase, PlainWish, Refusal, RoundState};

use super::{agreed, ask, confirm, freeze, in_evaluation, state, void};

fn published_to(publication: Publication) -> CoSigned {
    CoSigned::Publication { publication }
}

fn done(meeting: &Meeting, command: &Command) -> Meeting {
    meeting.apply(command, 7_000).unwrap()
}

fn open() -> Meeting {
    done(&in_evaluation(), &PlainWish::Open { round: 1 }.into())
}

fn counted() -> Meeting {
    let closing = open().apply(&PlainWish::Close { round: 1 }.into(), 0).unwrap();
    closing.apply(&freeze(1), CLOSING_MS).unwrap()
}

fn became(meeting: &Meeting) -> Option<(u32, RequestState)> {
    meeting.rounds[0].request.as_ref().map(|request| (request.number, request.state))
}

#[test]
fn m13_certificate_void_and_publication_are_asked_for_and_then_confirmed() {
    let waiting = done(&counted(), &ask(1, CoSigned::Certificate));
    assert_eq!((state(&waiting), became(&waiting)), (RoundState::Closed, Some((1, RequestState::Waiting))));
    assert_eq!(waiting.next(), None, "the chair waits");
    let certified = done(&waiting, &confirm(1, CoSigned::Certificate));
    assert_eq!((state(&certified), certified.next()), (RoundState::Certified, Some(Next::Publish(1))));
    assert_eq!(certified.certified_together_at_ms(1), Some(7_000));
    assert_eq!((waiting.certified_together_at_ms(1), certified.certified_together_at_ms(2)), (None, None));

    let hall = published_to(Publication::HallScores);
    let waiting = done(&certified, &ask(2, hall.clone()));
    assert_eq!(waiting.rounds[0].publication, None);
    let published = done(&waiting, &confirm(2, hall.clone()));
    assert_eq!(published.rounds[0].publication, Some(Publication::HallScores));
    let wider = agreed(&published, published_to(Publication::Leaders));
    assert_eq!(wider.rounds[0].publication, Some(Publication::Leaders), "and so is another audience");

    for before in [in_evaluation(), open(), counted(), certified] {
        let number = before.rounds[0].next_request();
        let waiting = done(&before, &ask(number, void("票数不符")));
        assert_eq!((state(&waiting), &waiting.rounds[0].void_reason), (state(&before), &None));
        let void_round = done(&waiting, &confirm(number, void("票数不符")));
        assert_eq!(void_round.rounds[0].void_reason.as_deref(), Some("票数不符"));
        let did = |entry: &pingyi_rules::meeting::HistoryEntry| entry.command.clone();
        let last: Vec<Command> = void_round.history.iter().rev().take(2).map(did).collect();
        assert_eq!(
            last,
            [confirm(number, void("票数不符")), ask(number, void("票数不符"))],
            "both stand in the history"
        );
    }
}

#[test]
fn m13_nobody_does_alone_what_both_do() {
    let alone = [
        Command::Certify { round: 1 },
        Command::Publish { round: 1, publication: Publication::Chair, record: None },
        Command::Void { round: 1, reason: "x".to_owned() },
    ];
    for meeting in [open(), counted(), agreed(&counted(), CoSigned::Certificate)] {
        for command in &alone {
            assert_eq!(meeting.apply(command, 0), Err(Refusal::NeedsBoth));
        }
        let number = meeting.rounds[0].next_request();
        assert_eq!(meeting.apply(&confirm(number, void("x")), 0), Err(Refusal::RequestIsAnother), "nobody asked");
    }
}

#[test]
fn m14_only_what_stands_on_the_screen_is_confirmed() {
    let waiting = done(&counted(), &ask(1, void("票数不符")));
    let other = Err(Refusal::RequestIsAnother);
    assert_eq!(waiting.apply(&confirm(1, void("会场停电")), 0), other);
    assert_eq!(waiting.apply(&confirm(1, CoSigned::Certificate), 0), other);
    assert_eq!(waiting.apply(&confirm(2, void("票数不符")), 0), other);
    // The chair asks something else: what the scrutineer still reads is confirmed no more.
    assert_eq!(waiting.apply(&ask(1, CoSigned::Certificate), 0), other, "not under the number of another");
    let instead = done(&waiting, &ask(2, CoSigned::Certificate));
    assert_eq!(instead.apply(&confirm(1, void("票数不符")), 0), other);
    assert_eq!(instead.apply(&ask(1, void("票数不符")), 0), other, "a late repeat does not come back");
    assert_eq!(instead.apply(&ask(4, CoSigned::Certificate), 0), other, "no number is left out");
    assert_eq!(state(&done(&instead, &confirm(2, CoSigned::Certificate))), RoundState::Certified);
}

#[test]
fn m14_what_is_declined_or_withdrawn_changes_nothing_and_is_asked_for_again() {
    let waiting = done(&counted(), &ask(1, CoSigned::Certificate));
    let decline = Command::Plain(PlainWish::Decline { round: 1, number: 1, asked: CoSigned::Certificate });
    let withdraw = Command::Plain(PlainWish::Withdraw { round: 1, number: 1, asked: CoSigned::Certificate });
    for (end, other, became_it) in
        [(&decline, &withdraw, RequestState::Declined), (&withdraw, &decline, RequestState::Withdrawn)]
    {
        let ended = done(&waiting, end);
        assert_eq!((state(&ended), became(&ended)), (RoundState::Closed, Some((1, became_it))));
        assert_eq!(ended.next(), Some(Next::Certify(1)), "the chair may ask again");
        assert_eq!(ended.apply(end, 9_000), Ok(ended.clone()));
        assert_eq!(ended.apply(other, 9_000), Err(Refusal::RequestIsOver));
        assert_eq!(ended.apply(&confirm(1, CoSigned::Certificate), 9_000), Err(Refusal::RequestIsOver));
        assert_eq!(ended.apply(&ask(1, CoSigned::Certificate), 9_000), Ok(ended.clone()), "a repeat asks nothing anew");
        assert_eq!(state(&agreed(&ended, CoSigned::Certificate)), RoundState::Certified);
    }
    let confirmed = done(&waiting, &confirm(1, CoSigned::Certificate));
    assert_eq!(confirmed.apply(&confirm(1, CoSigned::Certificate), 9_000), Ok(confirmed.clone()));
    assert_eq!(confirmed.apply(&ask(1, CoSigned::Certificate), 9_000), Ok(confirmed.clone()));
    for end in [&decline, &withdraw] {
        assert_eq!(confirmed.apply(end, 9_000), Err(Refusal::RequestIsOver));
    }
}

#[test]
fn m14_what_does_not_fit_is_refused_with_its_reason_when_asked_and_when_confirmed() {
    let refused = |meeting: &Meeting, asked: CoSigned| {
        let number = meeting.rounds[0].next_request();
        meeting.apply(&ask(number, asked), 0).unwrap_err()
    };
    assert_eq!(refused(&open(), CoSigned::Certificate), Refusal::WrongRoundState);
    assert_eq!(refused(&counted(), published_to(Publication::Chair)), Refusal::WrongRoundState);
    assert_eq!(refused(&counted(), void("")), Refusal::OutOfRange);
    assert_eq!(refused(&counted(), void(&"长".repeat(201))), Refusal::OutOfRange);
    let certified = agreed(&counted(), CoSigned::Certificate);
    assert_eq!(refused(&certified, CoSigned::Certificate), Refusal::WrongRoundState, "it is certified");
    let published = agreed(&certified, published_to(Publication::Held));
    assert_eq!(refused(&published, void("x")), Refusal::WrongRoundState);
    let unknown = Command::Plain(PlainWish::Ask { round: 9, number: 1, asked: CoSigned::Certificate });
    assert_eq!(published.apply(&unknown, 0), Err(Refusal::UnknownRound));

    // Accounts that broke after it was asked for.
    let mut waiting = done(&counted(), &ask(1, CoSigned::Certificate));
    waiting.rounds[0].accounting.as_mut().unwrap().groups[0].returned += 1;
    let confirmed = confirm(1, CoSigned::Certificate);
    assert_eq!(waiting.apply(&confirmed, 0), Err(Refusal::AccountsDoNotClose));
    // What the sealed archive says stays.
    let waiting = done(&published, &ask(3, published_to(Publication::Chair)));
    let archived = done(&done(&waiting, &PlainWish::CloseMeeting.into()), &PlainWish::Archive.into());
    assert_eq!(archived.phase, Phase::Archived);
    for late in [
        confirm(3, published_to(Publication::Chair)),
        PlainWish::Withdraw { round: 1, number: 3, asked: published_to(Publication::Chair) }.into(),
        ask(4, published_to(Publication::Leaders)),
    ] {
        assert_eq!(archived.apply(&late, 0), Err(Refusal::WrongPhase));
    }
}
