//! Rules l1 to l3, l18, l19, l24 and l25: meetings, keys, manifests and sessions.

use futures_util::future::join_all;
use pingyi::protocol::Role;
use pingyi::secret::link_id;
use pingyi::store::{Created, Digest, Replaced, RoleSession};
use pingyi_rules::meeting::{Phase, RoundState, Scene};

use crate::store::fixtures::{Casts as _, Frozen as _, ID, Wanted, ballot, claim, code, digest, opened, sheet};
use crate::store::world::World;

pub async fn l1_a_meeting_is_made_once_with_all_its_seats_and_links(world: &mut World) {
    let store = world.store();
    let new = Wanted::default().meeting();
    assert!(store.load(ID).await.unwrap().is_none());
    let all = join_all((0..10).map(|_| store.create(new.clone()))).await;
    assert_eq!(all.iter().filter(|made| **made == Ok(Created::Made)).count(), 1);
    assert_eq!(all.iter().filter(|made| **made == Ok(Created::Exists)).count(), 9);
    let stored = store.load(ID).await.unwrap().unwrap();
    assert_eq!((stored.version, &stored.meeting), (1, &new.meeting));
    let entitled: Vec<_> = new.seats.iter().map(|seat| seat.entitled.clone()).collect();
    assert_eq!(store.roster(ID).await.unwrap(), entitled);
    let mut other = new.clone();
    other.meeting.scene = Scene::Black;
    other.seats.clear();
    assert_eq!(store.create(other).await, Ok(Created::Exists));
    assert_eq!(store.load(ID).await.unwrap().unwrap().meeting, new.meeting);
    assert_eq!(store.roster(ID).await.unwrap(), entitled);
}

pub async fn l1_a_creation_that_fails_leaves_nothing(world: &mut World) {
    let store = world.store();
    store.create(Wanted::default().meeting()).await.unwrap();
    // A slip of the other meeting among the last seats: a code has one seat.
    let mut new = Wanted { id: "efgh2345", ..Wanted::default() }.meeting();
    new.seats.last_mut().unwrap().code = code(ID, 1);
    assert!(store.create(new.clone()).await.is_err());
    assert!(store.load("efgh2345").await.unwrap().is_none());
    assert!(store.roster("efgh2345").await.unwrap().is_empty());
    assert_eq!(store.open_session(digest("chair of efgh2345"), digest("s")).await, Ok(None));
    new.seats.last_mut().unwrap().code = code("efgh2345", 34);
    assert_eq!(store.create(new).await, Ok(Created::Made));
}

pub async fn l2_a_replacement_is_stored_over_the_version_it_has_seen(world: &mut World) {
    let store = world.store();
    let mut meeting = Wanted::default().meeting().meeting;
    assert_eq!(store.replace(1, &meeting).await, Ok(Replaced::Unknown));
    store.create(Wanted::default().meeting()).await.unwrap();
    meeting.phase = Phase::InSession;
    assert_eq!(store.replace(0, &meeting).await, Ok(Replaced::Stale));
    assert_eq!(store.replace(2, &meeting).await, Ok(Replaced::Stale));
    assert_eq!(store.load(ID).await.unwrap().unwrap().meeting.phase, Phase::Checkin);
    assert_eq!(store.replace(1, &meeting).await, Ok(Replaced::Now(2)));
    assert_eq!(store.load(ID).await.unwrap().unwrap().meeting, meeting);
    let all = join_all((0..50).map(|_| store.replace(2, &meeting))).await;
    assert_eq!(all.iter().filter(|replaced| **replaced == Ok(Replaced::Now(3))).count(), 1);
    assert_eq!(all.iter().filter(|replaced| **replaced == Ok(Replaced::Stale)).count(), 49);
}

/// A session of the meeting, with the link that opened it.
pub fn session_of(role: Role, link: Digest) -> RoleSession {
    RoleSession { meeting: ID.to_owned(), role, link: link_id(&link) }
}

pub async fn l3_what_was_acknowledged_is_there_after_a_restart(world: &mut World) {
    let store = world.store();
    opened(&*store, &Wanted::default()).await;
    let seated = store.claim_seat(&claim(1, 1, None)).await.unwrap();
    store.issue(ID, 1, 1, digest("papers")).await.unwrap();
    store.casts(ID, 1, &sheet(1)).await.unwrap();
    store.keep_keys(ID, 1, b"keys").await.unwrap();
    store.keep_manifest(ID, 1, b"manifest").await.unwrap();
    store.open_session(digest("chair of abcd2345"), digest("session")).await.unwrap();
    let (before, counts) = (store.load(ID).await.unwrap().unwrap(), store.seat_counts(ID, 1).await.unwrap());
    drop(store);
    world.restart().await;
    let store = world.store();
    let after = store.load(ID).await.unwrap().unwrap();
    assert_eq!((after.meeting, after.version, after.epoch), (before.meeting, before.version, before.epoch));
    assert_eq!(store.claim_seat(&claim(1, 1, None)).await.unwrap(), seated);
    assert_eq!(store.seat_counts(ID, 1).await.unwrap(), counts);
    assert_eq!((counts["A"].present, counts["A"].issued), (1, 1));
    assert_eq!(store.keys(ID, 1).await.unwrap().unwrap(), b"keys");
    assert_eq!(store.manifest(ID, 1).await.unwrap().unwrap(), b"manifest");
    let chair = session_of(Role::Chair, digest("chair of abcd2345"));
    assert_eq!(store.session(digest("session")).await.unwrap(), Some(chair));
    assert_eq!(store.returned(ID, 1).await.unwrap()["A"], 1);
    assert_eq!(store.frozen(ID, 1).await.unwrap().len(), 4);
}

pub async fn l18_the_first_manifest_stays_and_keys_are_replaced(world: &mut World) {
    let store = world.store();
    store.create(Wanted::default().meeting()).await.unwrap();
    assert_eq!(store.manifest(ID, 1).await.unwrap(), None);
    assert_eq!(store.keep_manifest(ID, 1, b"first").await.unwrap(), b"first");
    assert_eq!(store.keep_manifest(ID, 1, b"second").await.unwrap(), b"first");
    assert_eq!(store.keep_manifest(ID, 2, b"third").await.unwrap(), b"third");
    assert_eq!(store.manifest(ID, 1).await.unwrap().unwrap(), b"first");
    assert_eq!(store.keys(ID, 1).await.unwrap(), None);
    for keys in [b"the first keys".as_slice(), b"others", b"and the longest of all keys"] {
        store.keep_keys(ID, 1, keys).await.unwrap();
        assert_eq!(store.keys(ID, 1).await.unwrap().unwrap(), keys);
    }
    store.keep_keys(ID, 2, b"of another round").await.unwrap();
    store.erase_keys(ID, 1).await.unwrap();
    store.erase_keys(ID, 1).await.unwrap();
    drop(store);
    world.restart().await;
    assert_eq!(world.store().keys(ID, 1).await.unwrap(), None);
    assert_eq!(world.store().keys(ID, 2).await.unwrap().unwrap(), b"of another round");
}

pub async fn l30_the_first_keys_offered_are_everybodys(world: &mut World) {
    let store = world.store();
    store.create(Wanted::default().meeting()).await.unwrap();
    let offers: Vec<Vec<u8>> = (0..20u8).map(|offer| vec![offer; 100]).collect();
    let all = join_all(offers.iter().map(|offer| store.offer_keys(ID, 1, None, offer))).await;
    let kept = store.keys(ID, 1).await.unwrap().unwrap();
    assert!(all.iter().all(|answer| answer.as_ref() == Ok(&kept)), "{all:?}");
    assert!(offers.contains(&kept));
    assert_eq!(store.offer_keys(ID, 1, Some(b"others"), b"later ones").await.unwrap(), kept);
    assert_eq!(store.offer_keys(ID, 1, Some(&kept), b"later ones").await.unwrap(), b"later ones");
    drop(store);
    world.restart().await;
    assert_eq!(world.store().keys(ID, 1).await.unwrap().unwrap(), b"later ones");
}

/// A meeting's own keys are kept as those of a round that no meeting has.
pub async fn t26_the_meetings_own_keys_are_kept_like_those_of_rounds(world: &mut World) {
    let store = world.store();
    store.create(Wanted::default().meeting()).await.unwrap();
    let offers: Vec<Vec<u8>> = (0..20u8).map(|offer| vec![offer; 60]).collect();
    let all = join_all(offers.iter().map(|offer| store.offer_keys(ID, 0, None, offer))).await;
    let kept = store.keys(ID, 0).await.unwrap().unwrap();
    assert!(all.iter().all(|answer| answer.as_ref() == Ok(&kept)), "{all:?}");
    store.keep_keys(ID, 1, b"of a round").await.unwrap();
    store.erase_keys(ID, 1).await.unwrap();
    drop(store);
    world.restart().await;
    assert_eq!(world.store().keys(ID, 0).await.unwrap().unwrap(), kept);
}

pub async fn l19_a_role_has_at_most_twenty_sessions(world: &mut World) {
    let store = world.store();
    store.create(Wanted::default().meeting()).await.unwrap();
    let (chair, teller) = (digest("chair of abcd2345"), digest("teller of abcd2345"));
    assert_eq!(store.open_session(digest("nobody's"), digest("s")).await, Ok(None));
    assert_eq!(store.session(digest("s")).await, Ok(None));
    let teller_session = store.open_session(teller, digest("t")).await;
    assert_eq!(teller_session, Ok(Some((ID.to_owned(), Role::Teller))));
    for session in 0..21 {
        for _again in 0..2 {
            let opened = store.open_session(chair, digest(&format!("session {session}"))).await;
            assert_eq!(opened, Ok(Some((ID.to_owned(), Role::Chair))));
        }
    }
    assert_eq!(store.session(digest("session 0")).await, Ok(None));
    for session in 1..21 {
        let found = store.session(digest(&format!("session {session}"))).await;
        assert_eq!(found, Ok(Some(session_of(Role::Chair, chair))));
    }
    assert_eq!(store.session(digest("t")).await, Ok(Some(session_of(Role::Teller, teller))));
}

pub async fn l29_a_role_gets_more_links(world: &mut World) {
    let store = world.store();
    store.create(Wanted::default().meeting()).await.unwrap();
    let (first, session) = (digest("chair of abcd2345"), |link: u32| digest(&format!("session of {link}")));
    let link = |number: u32| digest(&format!("link {number}"));
    store.add_link("nowhere1", Role::Chair, link(99)).await.unwrap();
    assert_eq!(store.open_session(link(99), session(99)).await, Ok(None));
    for number in 1..=19 {
        for _again in 0..2 {
            store.add_link(ID, Role::Chair, link(number)).await.unwrap();
        }
    }
    let chair = Ok(Some((ID.to_owned(), Role::Chair)));
    for capability in (1..=19).map(link).chain([first]) {
        assert_eq!(store.open_session(capability, session(0)).await, chair);
    }
    store.add_link(ID, Role::Chair, link(20)).await.unwrap();
    assert_eq!(store.open_session(first, session(1)).await, Ok(None), "the oldest made room");
    assert_eq!(store.open_session(link(1), session(1)).await, chair);
    assert_eq!(store.open_session(link(20), session(2)).await, chair);
    let teller = Ok(Some((ID.to_owned(), Role::Teller)));
    assert_eq!(store.open_session(digest("teller of abcd2345"), session(3)).await, teller, "another role's stay");
}

pub async fn l71_a_link_that_is_taken_away_opens_no_session(world: &mut World) {
    let store = world.store();
    store.create(Wanted::default().meeting()).await.unwrap();
    let (first, second) = (digest("chair of abcd2345"), digest("another of the chair"));
    store.add_link(ID, Role::Chair, second).await.unwrap();
    let all = store.links(ID).await.unwrap();
    assert!([first, second].iter().all(|link| all.contains(&(Role::Chair, *link))), "{all:?}");
    assert_eq!(store.links("nowhere1").await, Ok(Vec::new()));
    let chair = Ok(Some((ID.to_owned(), Role::Chair)));
    assert_eq!(store.open_session(first, digest("of the first")).await, chair);
    for _again in 0..2 {
        store.remove_link(ID, first).await.unwrap();
        assert_eq!(store.open_session(first, digest("later")).await, Ok(None));
    }
    store.remove_link(ID, digest("nobody's")).await.unwrap();
    drop(store);
    world.restart().await;
    let store = world.store();
    assert_eq!(store.open_session(first, digest("later")).await, Ok(None));
    assert_eq!(store.open_session(second, digest("of the second")).await, chair);
    for (session, link) in [("of the first", first), ("of the second", second)] {
        assert_eq!(store.session(digest(session)).await, Ok(Some(session_of(Role::Chair, link))), "{session}");
    }
    let now = store.links(ID).await.unwrap();
    assert_eq!(now.len(), all.len() - 1);
    assert!(now.iter().all(|link| all.contains(link) && link.1 != first), "{now:?}");
}

pub async fn l24_changes_poke_whoever_listens(world: &mut World) {
    let store = world.store();
    store.create(Wanted::default().meeting()).await.unwrap();
    let mut changes = store.changes();
    let poked = async |what: &str, changes: &mut tokio::sync::broadcast::Receiver<_>| {
        let change: pingyi::store::Changed = changes.try_recv().unwrap_or_else(|_| panic!("no poke after {what}"));
        assert_eq!(change.meeting, ID);
        while changes.try_recv().is_ok() {}
    };
    world.round_is(ID, RoundState::Armed).await;
    poked("a replacement", &mut changes).await;
    world.round_is(ID, RoundState::Open).await;
    poked("a replacement", &mut changes).await;
    store.claim_seat(&claim(1, 1, None)).await.unwrap();
    poked("a claim", &mut changes).await;
    store.issue(ID, 1, 1, digest("papers")).await.unwrap();
    poked("papers", &mut changes).await;
    store.casts(ID, 1, &[ballot(0, 1, "h")]).await.unwrap();
    poked("a cast", &mut changes).await;
}

pub async fn l25_the_list_has_the_newest_meetings_first(world: &mut World) {
    let store = world.store();
    for id in ["first111", "second22", "third333"] {
        store.create(Wanted { id, ..Wanted::default() }.meeting()).await.unwrap();
    }
    let ids = async |limit| -> Vec<String> {
        store.meetings(limit).await.unwrap().into_iter().map(|summary| summary.id).collect()
    };
    assert_eq!(ids(10).await, ["third333", "second22", "first111"]);
    assert_eq!(ids(2).await, ["third333", "second22"]);
    let mut second = store.load("second22").await.unwrap().unwrap().meeting;
    second.phase = Phase::Archived;
    store.replace(1, &second).await.unwrap();
    assert_eq!(ids(10).await, ["third333", "first111"]);
    let summary = &store.meetings(1).await.unwrap()[0];
    assert_eq!((summary.title.as_str(), summary.host.as_str()), ("述职评议会", "研究院 third333"));
    assert_eq!(summary.phase, Phase::Checkin);
}
