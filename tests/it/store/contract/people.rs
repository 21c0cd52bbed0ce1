//! Rules l60 and s62: the end of a meeting's people, and the list of what is kept.

use pingyi::protocol::{Destroyed, InventoryKind, Role};
use pingyi::store::{Claimed, Replaced, Store};
use pingyi_rules::meeting::{Meeting, Phase, RoundState};

use crate::store::fixtures::{
    Casts as _, Frozen as _, ID, Wanted, claim, credential, digest, opened, round_becomes, sheet,
};
use crate::store::world::World;

/// A meeting with people, papers, ballots, keys and a session, archived.
pub async fn held(store: &dyn Store) {
    opened(store, &Wanted::default()).await;
    for seat in 1..=10 {
        store.claim_seat(&claim(seat, seat, None)).await.unwrap();
        store.issue(ID, 1, seat, digest(&format!("papers of {seat}"))).await.unwrap();
        store.casts(ID, 1, &sheet(seat.into())).await.unwrap();
    }
    store.keep_keys(ID, 1, b"the private keys of a round").await.unwrap();
    store.offer_keys(ID, 0, None, b"the private key of the meeting").await.unwrap();
    store.keep_manifest(ID, 1, b"manifest").await.unwrap();
    store.open_session(digest("chair of abcd2345"), digest("a session")).await.unwrap();
    store.frozen(ID, 1).await.unwrap();
    round_becomes(store, ID, RoundState::Published).await;
    crate::store::fixtures::phase_becomes(store, ID, Phase::Archived).await;
}

/// The meeting says that its people are erased.
pub async fn says_so(store: &dyn Store) {
    let stored = store.load(ID).await.unwrap().unwrap();
    let replaced = store.replace(stored.version, &Meeting { people_erased: true, ..stored.meeting }).await.unwrap();
    assert_eq!(replaced, Replaced::Now(stored.version + 1));
}

/// How many of a kind were destroyed, over all places.
pub fn count(destroyed: &[Destroyed], kind: InventoryKind) -> u32 {
    destroyed.iter().flat_map(|place| &place.things).filter(|thing| thing.kind == kind).map(|thing| thing.count).sum()
}

pub async fn l60_people_are_destroyed_and_everything_else_stays(world: &mut World) {
    let store = world.store();
    held(&*store).await;
    let frozen = store.frozen(ID, 1).await.unwrap();
    assert!(store.destroy_people(ID).await.is_err(), "nobody said so");
    assert!(store.destroy_people("nowhere1").await.is_err());
    assert!(matches!(store.claim_seat(&claim(1, 1, None)).await, Ok(Claimed::Seated(_))));
    assert_eq!(store.archived_with_people(10).await.unwrap(), [ID]);
    says_so(&*store).await;
    let destroyed = store.destroy_people(ID).await.unwrap();
    assert!(destroyed.iter().all(|place| place.is_done), "{destroyed:?}");
    for (kind, least) in [
        (InventoryKind::Seats, 34),
        (InventoryKind::Papers, 10),
        (InventoryKind::Sessions, 1),
        (InventoryKind::Keys, 2),
    ] {
        assert!(count(&destroyed, kind) >= least, "{kind:?}: {destroyed:?}");
    }
    drop(store);
    for _restarted in 0..2 {
        let store = world.store();
        assert_eq!(store.destroy_people(ID).await.unwrap(), destroyed);
        assert_eq!(store.claim_seat(&claim(1, 1, None)).await, Ok(Claimed::Unknown));
        assert_eq!(store.seat(credential(1)).await, Ok(None));
        assert!(store.roster(ID).await.unwrap().is_empty());
        assert_eq!(store.session(digest("a session")).await, Ok(None));
        assert_eq!((store.keys(ID, 0).await, store.keys(ID, 1).await), (Ok(None), Ok(None)));
        assert_eq!(store.archived_with_people(10).await.unwrap(), Vec::<String>::new());
        let stored = store.load(ID).await.unwrap().unwrap();
        assert!(stored.meeting.people_erased && stored.meeting.phase == Phase::Archived);
        assert_eq!(store.manifest(ID, 1).await.unwrap().unwrap(), b"manifest");
        assert_eq!(store.frozen(ID, 1).await.unwrap(), frozen);
        let kept = store.kept(ID).await.unwrap();
        let people = [
            InventoryKind::Seats,
            InventoryKind::Slips,
            InventoryKind::Credentials,
            InventoryKind::Papers,
            InventoryKind::Keys,
        ];
        let left = kept.iter().filter(|thing| people.contains(&thing.kind) && thing.count > 0);
        // The look-ups at Redis serve other meetings as well; here there are none.
        assert_eq!(left.collect::<Vec<_>>(), Vec::<&pingyi::protocol::InventoryLine>::new());
        drop(store);
        world.restart().await;
    }
    let store = world.store();
    let opened = store.open_session(digest("chair of abcd2345"), digest("another session")).await;
    assert_eq!(opened, Ok(Some((ID.to_owned(), Role::Chair))), "links stay");
}

pub async fn s62_everything_that_is_kept_has_a_name(world: &mut World) {
    let store = world.store();
    held(&*store).await;
    let kept = store.kept(ID).await.unwrap();
    let unknown: Vec<_> = kept.iter().filter(|thing| thing.kind == InventoryKind::Unknown).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let of = |name: &str| kept.iter().find(|thing| thing.name == name).map(|thing| (thing.kind, thing.count));
    assert_eq!(of("seats"), Some((InventoryKind::Seats, 34)));
    assert_eq!(of("papers"), Some((InventoryKind::Papers, 34)));
    assert_eq!(of("sessions"), Some((InventoryKind::Sessions, 1)));
    assert_eq!(of("box/{meeting}-{round}.box"), Some((InventoryKind::Ballots, 1)));
    assert_eq!(of("keys/{meeting}-{round}.keys"), Some((InventoryKind::Keys, 2)));
    assert_eq!(of("meetings.sqlite"), Some((InventoryKind::Database, 1)));
}
