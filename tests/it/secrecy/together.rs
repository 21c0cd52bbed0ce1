//! Chair and scrutineer over HTTP: each does only its own half, and each screen tells what the other needs to know.

use std::sync::Arc;

use pingyi::protocol::{ChairView, Done, ProblemKind, Role, RoundStateView};
use pingyi::rehearsal::chair::open_session;
use pingyi::rehearsal::own_server::{OwnServer, prepare};
use pingyi::rehearsal::page::PageConnection;
use pingyi::rehearsal::problem::RequestError;
use pingyi::rehearsal::{Scrutineer, ServerAddress, Wire, capability};
use pingyi_rules::meeting::plan::Publication;
use pingyi_rules::meeting::{CoSigned, PlainWish, Refusal, Wish};

use super::hall::{Hall, plan};
use crate::patience::PATIENCE;
use crate::rehearsal::shipped;

fn void() -> CoSigned {
    CoSigned::Void { reason: "会场停电".to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn m15_each_link_does_its_own_half_alone() {
    let folder = shipped("institute");
    let server = OwnServer::start().await.unwrap();
    let target = prepare(&server.base_url, Some(&server.key), &folder).await.unwrap();
    let address = Arc::new(ServerAddress::parse(&target.base_url).unwrap());
    let wire = Wire::new(Arc::clone(&address), PATIENCE);
    let path = format!("/api/meetings/{}/commands", target.handout.meeting);
    let mut sessions = Vec::new();
    for role in [Role::Chair, Role::Teller, Role::Scrutineer, Role::Projector] {
        let opened = open_session(&wire, capability(&target.handout, role).unwrap()).await.unwrap();
        sessions.push((role, opened.0));
    }
    let says = async |session: &str, command: &Wish| {
        let answer = wire.ask::<Done>(&path, Some(session), command).await;
        answer.map(|_| ()).map_err(|error| match error {
            RequestError::Said(problem) => (problem.problem, problem.refusal),
            RequestError::Unknown(_) | RequestError::Unreadable => panic!("no answer"),
        })
    };
    let not_allowed = Err((ProblemKind::NotAllowed, None));
    let over = Err((ProblemKind::Refused, Some(Refusal::RequestIsOver)));
    let (number, asked) = (1, void());
    let asks = Wish::Plain(PlainWish::Ask { round: 1, number, asked: asked.clone() });
    let withdraws = Wish::Plain(PlainWish::Withdraw { round: 1, number, asked: asked.clone() });
    let confirms = Wish::Confirm { round: 1, number, asked: asked.clone() };
    let declines = Wish::Plain(PlainWish::Decline { round: 1, number, asked });
    for (command, may, answer) in [
        (&asks, Role::Chair, Ok(())),
        (&confirms, Role::Scrutineer, Ok(())),
        (&declines, Role::Scrutineer, over),
        (&withdraws, Role::Chair, over),
    ] {
        // Whoever may not comes first: were it carried out for one of them, the one who may would be told otherwise.
        for (role, session) in sessions.iter().filter(|(role, _)| *role != may) {
            assert_eq!(says(session, command).await, not_allowed, "{role:?} {command:?}");
        }
        let (_, session) = sessions.iter().find(|(role, _)| *role == may).unwrap();
        assert_eq!(says(session, command).await, answer, "{may:?} {command:?}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn m15_the_chair_sees_whether_a_scrutineer_is_connected_and_what_waits() {
    let folder = shipped("institute");
    let server = OwnServer::start().await.unwrap();
    let target = prepare(&server.base_url, Some(&server.key), &folder).await.unwrap();
    let address = Arc::new(ServerAddress::parse(&target.base_url).unwrap());
    let wire = Wire::new(Arc::clone(&address), PATIENCE);
    let link = |role| capability(&target.handout, role).unwrap();
    let (session, opened) = open_session(&wire, link(Role::Chair)).await.unwrap();
    let mut desk = PageConnection::<ChairView>::follow(Arc::clone(&address), &opened.meeting, &session, PATIENCE);
    let path = format!("/api/meetings/{}/commands", opened.meeting);
    let asks = Wish::Plain(PlainWish::Ask { round: 1, number: 1, asked: void() });
    let _: Done = wire.ask(&path, Some(&session), &asks).await.unwrap();
    let alone = desk.sees(PATIENCE, |view| view.requests.len() == 1).await.unwrap();
    assert_eq!((alone.scrutineers_online, &alone.requests[0].asked), (0, &void()));
    let mut scrutineer = Scrutineer::opens(&address, link(Role::Scrutineer), PATIENCE).await.unwrap();
    desk.sees(PATIENCE, |view| view.scrutineers_online == 1).await.unwrap();
    scrutineer.confirms(1, 1).await.unwrap();
    let is_void = |view: &ChairView| view.rounds[0].state == RoundStateView::Void;
    let done = desk.sees(PATIENCE, |view| is_void(view) && view.requests.is_empty()).await.unwrap();
    let did: Vec<&str> = done.history.iter().map(|line| line.command.as_str()).collect();
    assert_eq!(did, ["confirm_void", "ask_void"]);
    drop(scrutineer);
    desk.sees(PATIENCE, |view| view.scrutineers_online == 0).await.unwrap();
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn m15_what_waits_survives_a_restart_and_the_record_is_made_when_it_is_confirmed() {
    let hall = Hall::with(plan()).await;
    let body = hall.opens_with_a_sheet().await;
    hall.casts(&body).await;
    hall.closes().await;
    let asks = |number, asked| Wish::Plain(PlainWish::Ask { round: 1, number, asked });
    hall.chair(asks(1, CoSigned::Certificate)).await;
    let hall = hall.restarted().await;
    let waiting = hall.chair_sees(|view| view["requests"][0]["state"] == "waiting").await;
    let total = &waiting["requests"][0]["accounts"]["total"];
    assert_eq!((&total["issued"], &total["returned"], &total["valid"]), (&1.into(), &1.into(), &1.into()));
    assert!(waiting["next"].is_null(), "{}", waiting["next"]);
    let decline = Wish::Plain(PlainWish::Decline { round: 1, number: 1, asked: CoSigned::Certificate });
    hall.watched.command(decline).await.unwrap();
    let declined = hall.chair_sees(|view| view["requests"][0]["state"] == "declined").await;
    assert_eq!(declined["next"]["command"]["number"], 2);
    hall.certify().await;
    let asked = CoSigned::Publication { publication: Publication::HallScores };
    hall.chair(asks(3, asked.clone())).await;
    let round = async || hall.store.load(hall.meeting()).await.unwrap().unwrap().meeting.rounds[0].clone();
    assert_eq!(round().await.record, None, "nothing is public before it is confirmed");
    let confirm = Wish::Confirm { round: 1, number: 3, asked };
    hall.watched.command(confirm.clone()).await.unwrap();
    let published = round().await;
    assert!(published.record.is_some() && published.publication == Some(Publication::HallScores));
    hall.watched.command(confirm).await.unwrap();
    assert_eq!(round().await, published, "a repeat changes nothing");
}
