//! Rules l43 and l91: meetings that a Redis has of steps 1, in which documents, names, keys and ballots lay open. The snapshot is
//! what two servers of that version left: one meeting with an open round, and one that is archived.

use std::sync::Arc;

use pingyi::protocol::Role;
use pingyi::store::{
    BoxStore as _, CastVerdict, Claim, ClaimBy, Claimed, Freeze, Issued, MeetingStore as _, SeatStore as _, StoreError,
};
use pingyi_rules::ballot::{Ballot, BoxItem, Opinion};
use pingyi_rules::meeting::Phase;

use super::super::fixtures::{ID, claim, code, credential, digest, items, sheet, slips};
use super::people::redis_holds;
use super::{RedisPlace, RedisStore, cast};
use crate::patience::eventually;
use crate::redis::process::RedisProcess;

const STEPS_1: &[u8] = include_bytes!("steps_1.rdb");
const ARCHIVED: &str = "done2345";
const OPINION: &str = "an opinion of the first version";

/// Sheets, the last one with an opinion.
const SHEETS: u64 = 20;

fn last_batch() -> Vec<BoxItem> {
    let written = Opinion { contest: 1, nonce: [7; 32], text: OPINION.to_owned() };
    items(&sheet(SHEETS - 1)).into_iter().chain([BoxItem::Opinion(written)]).collect()
}

/// What must not lie open at Redis.
fn open() -> Vec<Vec<u8>> {
    let of_ballot = |ballot: Ballot| [ballot.pk.to_vec(), ballot.token.to_vec(), ballot.signature.to_vec()];
    let ballots = (0..SHEETS).flat_map(sheet).flat_map(of_ballot);
    // Words of a document and of a seat.
    let others = [OPINION, "keys of the first version", "the box key alone", "people_erased", "leads_subject"];
    ballots.chain(others.map(|text| text.as_bytes().to_vec())).collect()
}

fn version_of_steps(redis: &RedisProcess, id: &str) -> String {
    redis.ask(&["HGET", &format!("pingyi:{{{id}}}:meeting"), "script"])
}

async fn is_all_there(store: &RedisStore) {
    let stored = eventually("it is brought over", async || store.load(ID).await.ok().flatten()).await;
    assert_eq!((stored.version, stored.meeting.phase), (4, Phase::Checkin));
    for number in 0..SHEETS - 1 {
        assert_eq!(cast(store, &sheet(number)).await, [CastVerdict::Same; 4]);
    }
    assert_eq!(store.cast(ID, 1, &last_batch()).await, Ok(vec![CastVerdict::Same; 5]));
    let seated = |claimed: Claimed| match claimed {
        Claimed::Seated(seat) => (seat.seat, seat.leads_subject),
        other => panic!("{other:?}"),
    };
    assert_eq!(seated(store.claim_seat(&claim(1, 1, None)).await.unwrap()), (1, None));
    assert_eq!(seated(store.claim_seat(&claim(31, 2, Some(3))).await.unwrap()), (31, Some(3)));
    assert_eq!(store.claim_seat(&claim(31, 9, Some(3))).await, Ok(Claimed::Taken));
    let by = |code, who| Claim { by: ClaimBy::Code(code), credential: credential(who), leads_subject: None };
    assert_eq!(store.claim_seat(&by(code(ID, 2), 9)).await, Ok(Claimed::Unknown), "its slip was replaced");
    assert!(matches!(store.claim_seat(&by(slips(ID, "A", 1, 29).codes[3], 3)).await, Ok(Claimed::Seated(_))));
    assert_eq!(store.issue(ID, 1, 1, digest("papers")).await, Ok(Issued::Sign));
    assert_eq!(store.issue(ID, 1, 31, digest("other papers")).await, Ok(Issued::OtherPapers));
    let again = store.open_session(digest("chair of abcd2345"), digest("session")).await;
    assert_eq!(again, Ok(Some((ID.to_owned(), Role::Chair))));
    assert_eq!(store.manifest(ID, 1).await.unwrap().unwrap(), b"manifest");
    assert_eq!(store.keys(ID, 1).await.unwrap().unwrap(), b"keys of the first version");
    assert_eq!(store.roster(ID).await.unwrap()[4].name, "名5");
    assert_eq!(store.returned(ID, 1).await.unwrap().values().sum::<u32>(), u32::try_from(SHEETS).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn l91_l43_a_meeting_of_earlier_steps_is_brought_over() {
    let redis = Arc::new(RedisProcess::start_from(STEPS_1));
    assert!(
        open().iter().all(|secret| redis_holds(&redis, std::slice::from_ref(secret))),
        "the search finds all of it"
    );
    let place = RedisPlace::at(&redis);
    // It has no copy of its own: all that it knows is what other servers left.
    let store = place.server().await;
    // A session did not know its link: the page opens it again.
    eventually("it is brought over", async || store.load(ID).await.ok().flatten()).await;
    assert_eq!(eventually("an answer", async || store.session(digest("session")).await.ok()).await, None);
    is_all_there(&store).await;
    let archived = eventually("the other one", async || store.load(ARCHIVED).await.ok().flatten()).await;
    assert_eq!(archived.meeting.phase, Phase::Archived);
    let keys = eventually("its keys", async || store.keys(ARCHIVED, 1).await.ok().flatten()).await;
    assert_eq!(keys, b"the box key alone");
    let counted = async || match store.freeze(ARCHIVED, 1, &[]).await {
        Ok(Freeze::Frozen(items)) => Some(items.len()),
        Ok(Freeze::Waiting(servers)) => panic!("nobody waits for {servers:?}"),
        Err(StoreError::Broken(_) | StoreError::DiskIsFull) => None,
    };
    assert_eq!(eventually("its box", counted).await, 12);
    for id in [ID, ARCHIVED, "look-ups"] {
        assert_eq!(version_of_steps(&redis, id), "2", "{id}");
    }
    let left: Vec<_> = open().into_iter().filter(|secret| redis_holds(&redis, std::slice::from_ref(secret))).collect();
    assert!(left.is_empty(), "{left:?}");
    // Servers that took ballots by the earlier steps, and may have more, are waited for.
    let Ok(Freeze::Waiting(missing)) = store.freeze(ID, 1, &[]).await else { panic!("nobody is waited for") };
    let without: Vec<String> = missing.into_iter().map(|server| server.server).collect();
    assert_eq!(without.len(), 2);
    let Ok(Freeze::Frozen(items)) = store.freeze(ID, 1, &without).await else { panic!("it still waits") };
    assert_eq!(items.len(), usize::try_from(SHEETS).unwrap() * 4 + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn l91_a_server_brings_its_own_meetings_over_when_it_starts_archived_ones_too() {
    let redis = Arc::new(RedisProcess::start_from(STEPS_1));
    let place = RedisPlace::at(&redis);
    let store = place.server().await;
    is_all_there(&store).await;
    eventually("the other one", async || store.load(ARCHIVED).await.ok().flatten()).await;
    drop(store);
    // The same directory, at a Redis of the earlier version again.
    let redis = Arc::new(RedisProcess::start_from(STEPS_1));
    let place = RedisPlace { redis: Arc::clone(&redis), directory: place.directory };
    let store = place.server().await;
    let is_over = async || (version_of_steps(&redis, ARCHIVED) == "2").then_some(());
    eventually("nobody asked for it", is_over).await;
    is_all_there(&store).await;
    let left: Vec<_> = open().into_iter().filter(|secret| redis_holds(&redis, std::slice::from_ref(secret))).collect();
    assert!(left.is_empty(), "{left:?}");
}
