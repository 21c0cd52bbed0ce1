//! Rules s23, s24 and s26: the pool rule.

use std::collections::BTreeMap;

use pingyi::store::Released;

use crate::store::fixtures::{Casts as _, Frozen as _, ID, Wanted, ballot, opened};
use crate::store::world::World;

fn released_of(released: &Released, contest: u16) -> u32 {
    released.contests.get(&contest).map_or(0, |answers| answers.values().sum())
}

async fn cast_rows(world: &World, contest: u16, numbers: std::ops::Range<u64>) {
    for number in numbers {
        let mark = ["hao", "zhong", "cha"][usize::try_from(number % 3).unwrap()];
        world.store().casts(ID, 1, &[ballot(contest, number, mark)]).await.unwrap();
    }
}

pub async fn s23_all_but_k_are_released_of_each_contest(world: &mut World) {
    opened(&*world.store(), &Wanted { a: 60, ..Wanted::default() }).await;
    let release = async |k| world.store().release(ID, 1, k).await.unwrap();
    assert_eq!(release(5).await, Released::default());
    cast_rows(world, 1, 0..9).await;
    cast_rows(world, 2, 0..30).await;
    cast_rows(world, 0, 0..30).await;
    let first = release(5).await;
    assert_eq!((released_of(&first, 1), released_of(&first, 2), released_of(&first, 3)), (0, 25, 0));
    assert!(!first.contests.contains_key(&0), "a sheet is no mark");
    assert_eq!(release(5).await, first, "a call more does no harm");
    cast_rows(world, 1, 9..10).await;
    cast_rows(world, 2, 30..34).await;
    let second = release(5).await;
    assert_eq!((released_of(&second, 1), released_of(&second, 2)), (5, 25));
    assert_eq!(released_of(&release(1).await, 2), 33, "k = 1 leaves one");
}

pub async fn s23_what_is_released_only_grows(world: &mut World) {
    opened(&*world.store(), &Wanted::default()).await;
    let (k, mut before, mut pending) = (5, BTreeMap::new(), 0);
    for step in [3u64, 4, 5, 1, 9, 2, 2] {
        let from: u64 = pending + before.values().map(|count: &u32| u64::from(*count)).sum::<u64>();
        cast_rows(world, 1, from..from + step).await;
        pending += step;
        let now = world.store().release(ID, 1, k).await.unwrap();
        let now = now.contests.get(&1).cloned().unwrap_or_default();
        assert!(before.iter().all(|(answer, count)| now[answer] >= *count));
        let grown = u64::from(now.values().sum::<u32>() - before.values().sum::<u32>());
        assert_eq!(grown, if pending >= u64::from(2 * k) { pending - u64::from(k) } else { 0 });
        pending -= grown;
        before = now;
    }
    // The choice is random: of the first ten ballots another five are released in another round, sooner or later.
    let mut seen = std::collections::BTreeSet::new();
    let ids = (0..40).map(|n| format!("pool{n:04}"));
    for id in ids {
        let id: &'static str = id.leak();
        opened(&*world.store(), &Wanted { id, ..Wanted::default() }).await;
        let rows: Vec<_> = (0..10).map(|n| ballot(1, n, if n < 5 { "hao" } else { "cha" })).collect();
        world.store().casts(id, 1, &rows).await.unwrap();
        let released = world.store().release(id, 1, 5).await.unwrap();
        seen.insert(released.contests[&1].get(r#"{"v":"hao"}"#).copied());
    }
    assert!(seen.len() > 1, "always the same ones: {seen:?}");
}

pub async fn s24_a_restart_releases_nothing(world: &mut World) {
    opened(&*world.store(), &Wanted::default()).await;
    cast_rows(world, 1, 0..20).await;
    let before = world.store().release(ID, 1, 5).await.unwrap();
    for _start in 0..5 {
        world.restart().await;
        assert_eq!(world.store().release(ID, 1, 5).await.unwrap(), before);
    }
    cast_rows(world, 1, 20..25).await;
    world.restart().await;
    assert_eq!(released_of(&world.store().release(ID, 1, 5).await.unwrap(), 1), 20);
}

pub async fn s26_a_frozen_box_counts_as_released(world: &mut World) {
    opened(&*world.store(), &Wanted::default()).await;
    cast_rows(world, 1, 0..20).await;
    world.store().release(ID, 1, 5).await.unwrap();
    world.store().frozen(ID, 1).await.unwrap();
    for _start in 0..2 {
        assert_eq!(released_of(&world.store().release(ID, 1, 5).await.unwrap(), 1), 20);
        world.restart().await;
    }
}
