//! Rule s65: who may read opinions, when, how many at least, and that what is read is what stands under the record's root.

use std::collections::BTreeSet;
use std::sync::Arc;

use pingyi::protocol::{OpinionsView, Role};
use pingyi::rehearsal::chair::open_session;
use pingyi::rehearsal::own_server::{OwnServer, prepare};
use pingyi::rehearsal::{Options, ServerAddress, SheetSource, Target, Wire, capability, run};
use pingyi::view::opinions::{may_read, told};
use pingyi_rules::ballot::Opinion;
use pingyi_rules::meeting::plan::Publication;
use pingyi_rules::meeting::{Round, RoundState};

use crate::patience::PATIENCE;
use crate::rehearsal::shipped;

const ROLES: [Role; 4] = [Role::Chair, Role::Scrutineer, Role::Teller, Role::Projector];

fn round(state: RoundState, publication: Option<Publication>) -> Round {
    let meeting = pingyi_rules::meeting::Meeting::new("abcd2345".to_owned(), crate::meeting::small_plan());
    Round { state, publication, ..meeting.rounds[0].clone() }
}

#[test]
fn s65_only_chair_and_scrutineers_may_read_them_and_only_once_the_chair_has_the_result() {
    use RoundState::{Armed, Certified, Closed, Draft, Open, Published, Void};
    let may = |state, publication| ROLES.map(|role| may_read(role, &round(state, publication)));
    for state in [Draft, Armed, Open, Closed, Certified, Void] {
        for publication in [None, Some(Publication::HallScores)] {
            assert_eq!(may(state, publication), [false; 4], "{state:?}");
        }
    }
    assert_eq!(may(Published, Some(Publication::Held)), [false; 4]);
    for publication in [Publication::Chair, Publication::EachOwn, Publication::HallScores] {
        assert_eq!(may(Published, Some(publication)), [true, true, false, false]);
    }
}

#[test]
fn s65_fewer_than_the_least_number_are_not_told_and_not_counted() {
    let published = round(RoundState::Published, Some(Publication::Chair));
    let about =
        |contest: u16, number: u8| Opinion { contest, nonce: [number; 32], text: format!("{contest}.{number}") };
    let told = |of_first: u8, of_second: u8| {
        let mut opinions: Vec<Opinion> = (0..of_first).map(|number| about(1, number)).collect();
        opinions.extend((0..of_second).map(|number| about(2, number)));
        opinions.sort_by_key(Opinion::leaf);
        let expected: Vec<String> =
            opinions.iter().filter(|opinion| opinion.contest == 1).map(|opinion| opinion.text.clone()).collect();
        (serde_json::to_value(told(&published, 10, &opinions)).unwrap(), expected)
    };
    let (enough, by_leaf) = told(10, 9);
    let texts: Vec<&str> =
        enough["rows"][0]["opinions"].as_array().unwrap().iter().map(|o| o["t"].as_str().unwrap()).collect();
    assert_eq!(texts, by_leaf);
    assert_ne!(texts, (0..10).map(|number| format!("1.{number}")).collect::<Vec<_>>(), "not in the order of writing");
    assert!(enough["rows"][1]["opinions"].is_null());
    // None, one and nine look alike.
    let [none, one, nine] = [told(10, 0).0, told(10, 1).0, told(10, 9).0];
    assert!(none == one && one == nine);
}

#[tokio::test(flavor = "multi_thread")]
async fn s65_where_nobody_was_asked_nothing_is_told() {
    let mut folder = shipped("institute");
    folder.plan.opinions = false;
    let server = OwnServer::start().await.unwrap();
    let target: Target = prepare(&server.base_url, Some(&server.key), &folder).await.unwrap();
    run(&target, &folder, &SheetSource::Random(3), &Options::default(), |_, _| {}).await.unwrap();
    let meeting = &target.handout.meeting;
    let wire = Wire::new(Arc::new(ServerAddress::parse(&target.base_url).unwrap()), PATIENCE);
    let (session, _) = open_session(&wire, capability(&target.handout, Role::Chair).unwrap()).await.unwrap();
    assert!(wire.get(&format!("/api/meetings/{meeting}/rounds/1/opinions"), Some(&session)).await.is_err());
    let prints = wire.get(&format!("/api/meetings/{meeting}/prints"), Some(&session)).await.unwrap();
    let prints: serde_json::Value = serde_json::from_slice(&prints).unwrap();
    assert_eq!(prints["opinions"], serde_json::json!([]), "not that there were too few");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s65_what_is_read_of_a_held_meeting_stands_under_its_record() {
    let mut folder = shipped("institute");
    folder.plan.opinions = true;
    let server = OwnServer::start().await.unwrap();
    let target: Target = prepare(&server.base_url, Some(&server.key), &folder).await.unwrap();
    run(&target, &folder, &SheetSource::Random(3), &Options::default(), |_, _| {}).await.unwrap();
    let meeting = &target.handout.meeting;
    let wire = Wire::new(Arc::new(ServerAddress::parse(&target.base_url).unwrap()), PATIENCE);
    let path = format!("/api/meetings/{meeting}/rounds/1/opinions");
    let mut read = Vec::new();
    for role in ROLES {
        let (session, _) = open_session(&wire, capability(&target.handout, role).unwrap()).await.unwrap();
        read.push(wire.get(&path, Some(&session)).await.ok());
    }
    assert!(wire.get(&path, None).await.is_err());
    assert_eq!([&read[2], &read[3]], [&None, &None], "teller and projector");
    assert_eq!(read[0], read[1]);
    let view: OpinionsView = serde_json::from_slice(read[0].as_ref().unwrap()).unwrap();
    assert_eq!((view.rows.len(), view.min), (7, 10));

    let record = wire.get(&format!("/m/{meeting}/rounds/1/record.json"), None).await.unwrap();
    let text = String::from_utf8(record.to_vec()).unwrap();
    let record: serde_json::Value = serde_json::from_str(&text).unwrap();
    let leaves: BTreeSet<&str> =
        record["opinions"].as_array().unwrap().iter().map(|leaf| leaf.as_str().unwrap()).collect();
    let mut found = 0;
    for (contest, row) in (1..).zip(&view.rows) {
        for opinion in row.opinions.iter().flatten() {
            let nonce = data_encoding::BASE64URL_NOPAD.decode(opinion.n.as_bytes()).unwrap().try_into().unwrap();
            let leaf = Opinion { contest, nonce, text: opinion.t.clone() }.leaf();
            assert!(leaves.contains(data_encoding::BASE64URL_NOPAD.encode(&leaf).as_str()), "{}", opinion.t);
            assert!(!text.contains(&opinion.t), "the record has leaves only");
            found += 1;
        }
    }
    // Of some 200 that were written at random nearly all are about subjects with ten or more.
    assert!(found > 100 && found <= leaves.len(), "{found} of {}", leaves.len());
    server.stop().await;
}
