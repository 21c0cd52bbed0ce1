//! Rules l93 to l96: Redis loses its history while a server is away, and nobody is told more than the others can know.

use pingyi::clock::now_ms;
use pingyi::store::redis::RedisStore;
use pingyi::store::{BoxStore as _, CastVerdict, MeetingStore as _};
use pingyi_rules::meeting::RoundState;
use pingyi_rules::meeting::accounting::{Accounting, GroupAccount};
use pingyi_rules::meeting::tally::Tally;

use super::super::fixtures::{Casts as _, Frozen as _, ID, round_becomes, sheet};
use super::{Alone, RedisPlace, Two, cast, frozen, looked, waits_for};
use crate::patience::eventually;

/// A minute, in milliseconds.
const MINUTE_MS: u64 = 60_000;

#[tokio::test(flavor = "multi_thread")]
async fn l93_a_server_that_signed_off_is_waited_for_after_lost_history() {
    let two = Two::opened().await;
    cast(&two.a, &sheet(1)).await;
    cast(&two.b, &sheet(2)).await;
    looked(&two.redis).await;
    two.b.sign_off().await.unwrap();
    let Alone { a, places, .. } = two.loses_b_and_history();
    let missing = waits_for(&a).await;
    assert_eq!(missing.iter().map(|server| server.sheets).collect::<Vec<_>>(), [1], "it is named with its sheets");
    let _b = places[1].server().await;
    assert_eq!(frozen(&a).await.len(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn l93_a_server_that_was_started_again_names_the_sheets_of_one_that_is_away() {
    let two = Two::opened().await;
    cast(&two.b, &sheet(1)).await;
    cast(&two.b, &sheet(2)).await;
    looked(&two.redis).await;
    let Alone { a, places, redis } = two.loses_b_and_history();
    drop(a);
    let a = places[0].server().await;
    let missing = waits_for(&a).await;
    assert_eq!(missing.iter().map(|server| server.sheets).collect::<Vec<_>>(), [2]);
    drop(redis);
}

#[tokio::test(flavor = "multi_thread")]
async fn l93_a_server_that_was_ready_is_waited_for_after_lost_history() {
    let two = Two::opened().await;
    cast(&two.a, &sheet(1)).await;
    looked(&two.redis).await;
    // What it took since the others looked nobody but it knows.
    cast(&two.b, &sheet(2)).await;
    let Alone { a, places, .. } = two.loses_b_and_history();
    assert_eq!(waits_for(&a).await.len(), 1);
    let _b = places[1].server().await;
    assert_eq!(frozen(&a).await.len(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn l94_nobody_is_told_too_late_while_a_server_may_have_the_ballot() {
    let two = Two::opened().await;
    cast(&two.a, &sheet(1)).await;
    cast(&two.b, &sheet(2)).await;
    looked(&two.redis).await;
    let Alone { a, places, .. } = two.loses_b_and_history();
    waits_for(&a).await;
    for number in [2, 3] {
        assert!(a.casts(ID, 1, &sheet(number)).await.is_err(), "nobody knows of sheet {number} yet");
    }
    assert_eq!(a.casts(ID, 1, &sheet(1)).await, Ok(vec![CastVerdict::Same; 4]), "this one is known");
    let _b = places[1].server().await;
    frozen(&a).await;
    assert_eq!(a.casts(ID, 1, &sheet(2)).await, Ok(vec![CastVerdict::Same; 4]));
    assert!(a.casts(ID, 1, &sheet(3)).await.is_err(), "before the count");
    round_becomes(&a, ID, RoundState::Closed).await;
    assert_eq!(a.casts(ID, 1, &sheet(3)).await, Ok(vec![CastVerdict::Closed; 4]));
}

#[tokio::test(flavor = "multi_thread")]
async fn l95_a_round_whose_closing_is_over_takes_no_cast_after_lost_history() {
    let now_ms = now_ms();
    for (ends_at_ms, verdict) in [(now_ms - 1, CastVerdict::Closed), (now_ms + MINUTE_MS, CastVerdict::In)] {
        let two = Two::opened().await;
        cast(&two.b, &sheet(1)).await;
        round_becomes(&two.a, ID, RoundState::Closing { ends_at_ms }).await;
        two.b.latest(ID).await.unwrap().unwrap();
        let _: String = two.redis.ask(&["FLUSHALL"]);
        assert_eq!(cast(&two.a, &sheet(2)).await, [verdict; 4], "it ends at {ends_at_ms}, and it was {now_ms}");
        assert_eq!(cast(&two.a, &sheet(1)).await, [CastVerdict::Same; 4]);
    }
}

/// The round is counted: two sheets.
async fn is_counted(store: &RedisStore) {
    let mut stored = store.latest(ID).await.unwrap().unwrap();
    let round = &mut stored.meeting.rounds[0];
    let account = GroupAccount { group: "A".to_owned(), returned: 2, valid: 2, ..GroupAccount::default() };
    round.state = RoundState::Closed;
    round.accounting = Some(Accounting { groups: vec![account] });
    round.tally = Some(Tally::default());
    store.replace(stored.version, &stored.meeting).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn l96_who_counted_has_everything_that_was_counted() {
    let two = Two::opened().await;
    cast(&two.a, &sheet(1)).await;
    cast(&two.b, &sheet(2)).await;
    let counted = frozen(&two.a).await;
    is_counted(&two.a).await;
    let Alone { a, places, .. } = two.loses_b_and_history();
    let again = eventually("the box is back", async || a.frozen(ID, 1).await.ok()).await;
    assert_eq!(again, counted, "also what the server took that is away");
    drop(places);
}

#[tokio::test(flavor = "multi_thread")]
async fn l96_a_box_of_less_than_was_counted_is_given_to_nobody() {
    let two = Two::opened().await;
    let place = RedisPlace::at(&two.redis);
    let later = place.server().await;
    later.load(ID).await.unwrap().unwrap();
    cast(&two.a, &sheet(1)).await;
    cast(&two.b, &sheet(2)).await;
    let counted = frozen(&two.a).await;
    is_counted(&two.a).await;
    later.latest(ID).await.unwrap().unwrap();
    let Two { a, b, redis, places } = two;
    drop((a, b));
    let _: String = redis.ask(&["FLUSHALL"]);
    let says = async || match later.freeze(ID, 1, &[]).await {
        Err(error) => error.to_string().contains("is away").then_some(()),
        Ok(given) => panic!("it has no ballot, and gives {given:?}"),
    };
    eventually("it says what is missing", says).await;
    let _a = places[0].server().await;
    let again = eventually("the box is back", async || later.frozen(ID, 1).await.ok()).await;
    assert_eq!(again, counted);
}
