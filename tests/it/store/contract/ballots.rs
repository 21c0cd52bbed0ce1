//! Rules l11 to l15: what a cast is answered, and what a freeze holds.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use pingyi::store::{CastVerdict, Freeze};
use pingyi_rules::ballot::record::BoxContents;
use pingyi_rules::ballot::{Ballot, BoxItem, Opinion};
use pingyi_rules::meeting::RoundState;

use crate::store::fixtures::{Casts as _, Frozen as _, ID, Wanted, ballot, items, opened, round_becomes, sheet};
use crate::store::world::World;

pub async fn l11_a_ballot_counts_once(world: &mut World) {
    let store = world.store();
    opened(&*store, &Wanted::default()).await;
    let sheet = sheet(1);
    let all = join_all((0..100).map(|_| store.casts(ID, 1, &sheet))).await;
    assert_eq!(all.iter().filter(|answers| **answers == Ok(vec![CastVerdict::In; 4])).count(), 1);
    assert_eq!(all.iter().filter(|answers| **answers == Ok(vec![CastVerdict::Same; 4])).count(), 99);
    assert_eq!(store.casts(ID, 1, &[ballot(1, 1, "other")]).await, Ok(vec![CastVerdict::Conflict]));
    // The same key for another contest is another token.
    let elsewhere = Ballot { contest: 2, ..ballot(1, 7, "hao") };
    assert_eq!(store.casts(ID, 1, &[ballot(1, 7, "hao"), elsewhere]).await, Ok(vec![CastVerdict::In; 2]));
    assert_eq!(
        store.casts(ID, 1, &[ballot(1, 8, "hao"), ballot(1, 8, "hao")]).await,
        Ok(vec![CastVerdict::In, CastVerdict::Same])
    );
    assert_eq!(store.frozen(ID, 1).await.unwrap().len(), 7);
}

pub async fn l49_an_opinion_is_in_the_box_once_and_counts_for_nothing(world: &mut World) {
    let wanted = Wanted { opinions: true, ..Wanted::default() };
    opened(&*world.store(), &wanted).await;
    let written =
        |number: u8, text: &str| BoxItem::Opinion(Opinion { contest: 1, nonce: [number; 32], text: text.to_owned() });
    let mut cast = Vec::new();
    for number in 0..12 {
        let batch: Vec<BoxItem> = items(&sheet(number.into())).into_iter().chain([written(number, "写得好")]).collect();
        assert_eq!(world.store().cast(ID, 1, &batch).await, Ok(vec![CastVerdict::In; 5]));
        cast.push(batch);
    }
    world.restart().await;
    let store = world.store();
    assert_eq!(store.cast(ID, 1, &cast[3]).await, Ok(vec![CastVerdict::Same; 5]), "the same again");
    let other: Vec<BoxItem> =
        [ballot(1, 99, "hao")].map(BoxItem::Ballot).into_iter().chain([written(3, "另一句")]).collect();
    assert_eq!(store.cast(ID, 1, &other).await, Ok(vec![CastVerdict::BatchConflict, CastVerdict::Conflict]));
    let released = store.release(ID, 1, 5).await.unwrap();
    assert!(!released.contests.is_empty());
    for (contest, answers) in &released.contests {
        assert!(*contest <= 3 && answers.keys().all(|answer| answer.starts_with("{\"v\":")), "{released:?}");
        assert_eq!(answers.values().sum::<u32>(), 7, "of twelve ballots five stay");
    }
    assert_eq!(store.returned(ID, 1).await.unwrap().values().sum::<u32>(), 12);
    let Freeze::Frozen(frozen) = store.freeze(ID, 1, &[]).await.unwrap() else { panic!("nobody is waited for") };
    let leaves: BTreeSet<[u8; 32]> = cast.iter().flatten().map(BoxItem::leaf).collect();
    assert_eq!(frozen.iter().map(BoxItem::leaf).collect::<BTreeSet<_>>(), leaves);
    assert!(frozen.is_sorted_by_key(BoxItem::leaf), "in the order of leaves, which is no order");
    assert_eq!(BoxContents::of(frozen).opinions.len(), 12);
    assert_eq!(store.cast(ID, 1, &cast[0]).await, Ok(vec![CastVerdict::Same; 5]));
    assert_eq!(store.cast(ID, 1, &[written(50, "迟了")]).await, Ok(vec![CastVerdict::Closed]));
}

pub async fn l12_a_batch_with_a_conflict_takes_nothing(world: &mut World) {
    let store = world.store();
    opened(&*store, &Wanted::default()).await;
    store.casts(ID, 1, &[ballot(1, 1, "hao"), ballot(2, 1, "hao")]).await.unwrap();
    let batch = [ballot(1, 1, "cha"), ballot(2, 1, "hao"), ballot(3, 1, "hao"), ballot(0, 1, "hao")];
    let answers = store.casts(ID, 1, &batch).await.unwrap();
    assert_eq!(
        answers,
        [CastVerdict::Conflict, CastVerdict::Same, CastVerdict::BatchConflict, CastVerdict::BatchConflict]
    );
    let twice = [ballot(1, 2, "hao"), ballot(1, 2, "cha"), ballot(2, 2, "hao")];
    let answers = store.casts(ID, 1, &twice).await.unwrap();
    assert_eq!(answers, [CastVerdict::BatchConflict, CastVerdict::Conflict, CastVerdict::BatchConflict]);
    assert_eq!(store.returned(ID, 1).await.unwrap().values().sum::<u32>(), 0);
    assert_eq!(store.frozen(ID, 1).await.unwrap().len(), 2);
}

pub async fn l13_casts_are_taken_while_open_or_closing(world: &mut World) {
    let store = world.store();
    store.create(Wanted::default().meeting()).await.unwrap();
    let closed = Ok(vec![CastVerdict::Closed; 4]);
    assert_eq!(store.casts("nowhere1", 1, &sheet(1)).await, closed);
    assert_eq!(store.casts(ID, 1, &sheet(1)).await, closed);
    assert_eq!(store.casts(ID, 2, &sheet(1)).await, closed, "no such round");
    let steps = [
        (RoundState::Armed, false),
        (RoundState::Open, true),
        (RoundState::Closing { ends_at_ms: 1 }, true),
        (RoundState::Open, true),
        (RoundState::Closed, false),
        (RoundState::Void, false),
    ];
    for (number, (state, taken)) in (10..).zip(steps) {
        round_becomes(&*store, ID, state).await;
        let expected = if taken { Ok(vec![CastVerdict::In; 4]) } else { closed.clone() };
        assert_eq!(store.casts(ID, 1, &sheet(number)).await, expected, "{state:?}");
        if number > 11 {
            assert_eq!(store.casts(ID, 1, &sheet(11)).await, Ok(vec![CastVerdict::Same; 4]), "{state:?}");
            assert_eq!(store.casts(ID, 1, &[ballot(1, 11, "hm")]).await, Ok(vec![CastVerdict::Conflict]), "{state:?}");
        }
    }
    drop(store);
    world.restart().await;
    assert_eq!(world.store().casts(ID, 1, &sheet(12)).await, Ok(vec![CastVerdict::Same; 4]));
    assert_eq!(world.store().casts(ID, 1, &sheet(99)).await, Ok(vec![CastVerdict::Closed; 4]));
}

pub async fn l14_the_acknowledged_ballots_are_the_frozen_ones(world: &mut World) {
    for race in 0..5u64 {
        let store = world.store();
        let ids = ["race1111", "race2222", "race3333", "race4444", "race5555"];
        let wanted = Wanted { id: ids[usize::try_from(race).unwrap()], a: 300, ..Wanted::default() };
        opened(&*store, &wanted).await;
        let casts = (0..200u64).map(|number| {
            let store = world.store();
            tokio::spawn(async move { (number, store.casts(wanted.id, 1, &sheet(number)).await.unwrap()) })
        });
        let casts: Vec<_> = casts.collect();
        // The freeze begins when part of the casts was answered: another part in each race.
        let (mut acknowledged, mut frozen) = (BTreeSet::new(), None);
        for (at, cast) in (0u64..).zip(casts) {
            if at == race * 45 {
                let store = world.store();
                let freezes = async move { join_all((0..8).map(|_| store.frozen(wanted.id, 1))).await };
                frozen = Some(tokio::spawn(freezes));
            }
            let (number, answers) = cast.await.unwrap();
            assert!(answers.iter().all(|answer| *answer == answers[0]), "part of a batch: {answers:?}");
            if answers[0] == CastVerdict::In {
                acknowledged.extend(sheet(number).iter().map(Ballot::leaf));
            }
        }
        let at_once = frozen.unwrap().await.unwrap();
        let frozen = at_once[0].clone().unwrap();
        assert!(at_once.iter().all(|again| again.as_ref() == Ok(&frozen)), "none waits for another one");
        let leaves: Vec<[u8; 32]> = frozen.iter().map(Ballot::leaf).collect();
        assert_eq!(leaves, acknowledged.iter().copied().collect::<Vec<_>>(), "sorted, and the same set");
        assert_eq!(store.casts(wanted.id, 1, &sheet(999)).await.unwrap(), [CastVerdict::Closed; 4]);
        drop(store);
        world.restart().await;
        assert_eq!(world.store().frozen(wanted.id, 1).await.unwrap(), frozen);
        assert_eq!(world.store().casts(wanted.id, 1, &sheet(999)).await.unwrap(), [CastVerdict::Closed; 4]);
    }
}

pub async fn l15_a_repeat_after_a_lost_answer_is_acknowledged(world: &mut World) {
    let store = world.store();
    opened(&*store, &Wanted::default()).await;
    {
        // The caller goes away after asking and before it is answered.
        let sheet = sheet(1);
        let mut asking = std::pin::pin!(store.casts(ID, 1, &sheet));
        let asked = std::future::poll_fn(|context| std::task::Poll::Ready(asking.as_mut().poll(context).is_ready()));
        // Answered already or not: nobody hears it.
        let _answered = asked.await;
    }
    let is_in = [Ok(vec![CastVerdict::In; 4]), Ok(vec![CastVerdict::Same; 4])];
    assert!(is_in.contains(&store.casts(ID, 1, &sheet(1)).await));
    drop(store);
    world.restart().await;
    assert_eq!(world.store().casts(ID, 1, &sheet(1)).await, Ok(vec![CastVerdict::Same; 4]));
    assert_eq!(world.store().frozen(ID, 1).await.unwrap().len(), 4);
    assert_eq!(world.store().casts(ID, 1, &sheet(1)).await, Ok(vec![CastVerdict::Same; 4]));
}
