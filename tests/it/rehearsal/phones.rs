//! Phones that are killed and come back, and a server that does.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use pingyi::folder::Folder;
use pingyi::protocol::{ChairView, NextAction, Role, RoundStateView};
use pingyi::rehearsal::crowd::{THINK, coming, crowd};
use pingyi::rehearsal::own_server::{OwnServer, prepare};
use pingyi::rehearsal::seating::voters;
use pingyi::rehearsal::{
    Attendance, Chair, Manifests, Manners, Phone, RehearsalError, RehearsalProgress, Results, Scrutineer,
    ServerAddress, SheetSource, Storage, Target, Wire, capability,
};
use pingyi::running::Running;
use pingyi::store::local::LocalStore;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::shipped;
use crate::patience::PATIENCE;

fn hasty() -> Manners {
    Manners { think: Duration::ZERO..=Duration::ZERO, patience: PATIENCE }
}

/// A phone's whole life, killed every now and then.
async fn life_with_kills(make: impl Fn() -> Phone, mut rng: StdRng) -> Result<(), RehearsalError> {
    for _ in 0..12 {
        let life_ms = rng.random_range(1..400);
        // Not a wait for a state: the moment of the kill is the thing under test.
        if let Ok(ended) = tokio::time::timeout(Duration::from_millis(life_ms), make().live()).await {
            return ended;
        }
    }
    make().live().await
}

async fn led(target: &Target, folder: &Folder, attendance: &Attendance) -> Result<Results, RehearsalError> {
    let address = Arc::new(ServerAddress::parse(&target.base_url)?);
    let scrutineer = Scrutineer::opens(&address, capability(&target.handout, Role::Scrutineer)?, PATIENCE).await?;
    let chair = Chair::opens(&address, capability(&target.handout, Role::Chair)?, PATIENCE).await?;
    let mut chair = chair.with_scrutineer(scrutineer);
    let views = chair.leads_through(attendance, Duration::ZERO, |_, _| {}).await?;
    Ok(Results::new(&folder.plan, &views))
}

#[tokio::test(flavor = "multi_thread")]
async fn o23_a_killed_phone_goes_on_with_the_same_bytes() {
    let folder = shipped("institute");
    let server = OwnServer::start().await.unwrap();
    let target = prepare(&server.base_url, Some(&server.key), &folder).await.unwrap();
    let address = Arc::new(ServerAddress::parse(&target.base_url).unwrap());
    let voters = voters(&folder, &target.handout, &SheetSource::Random(3));
    let everybody = voters.len();
    let attendance = Attendance::new(&folder.plan, voters.iter().map(|voter| (voter.leads, true)).collect());
    let progress = Arc::<RehearsalProgress>::default();
    let mut phones = JoinSet::new();
    for (seed, voter) in (0u64..).zip(voters) {
        let (address, kept, progress) = (Arc::clone(&address), Storage::default(), Arc::clone(&progress));
        let make = move || {
            let wire = Wire::new(Arc::clone(&address), PATIENCE);
            Phone::new(voter.clone(), hasty(), wire, Manifests::default(), Arc::clone(&progress), Arc::clone(&kept))
        };
        phones.spawn(life_with_kills(make, StdRng::seed_from_u64(seed)));
    }
    let results = led(&target, &folder, &attendance).await.unwrap();
    while let Some(ended) = phones.join_next().await {
        assert_eq!(ended.unwrap(), Ok(()));
    }
    let first = &results.rounds[0].subjects[0];
    let marks: u32 = first.marks.as_ref().unwrap().0.iter().map(|(_, count)| count).sum();
    assert_eq!((marks + first.abstained.unwrap() + 1) as usize, everybody, "one sheet each, and no second one");
    assert!(progress.received.load(Ordering::Relaxed) as usize <= everybody);
    server.stop().await;
}

#[test]
fn o24_a_phone_reads_no_other_manifest_than_the_named_one() {
    let manifests = Manifests::default();
    assert_eq!(manifests.read(b"{}", &"0".repeat(64)).unwrap_err(), RehearsalError::OtherManifest);
    let hash = data_encoding::HEXLOWER.encode(&<sha2::Sha256 as sha2::Digest>::digest(b"{}"));
    assert_eq!(manifests.read(b"{}", &hash).unwrap_err(), RehearsalError::OtherManifest, "named, but no manifest");
}

#[tokio::test(flavor = "multi_thread")]
async fn o25_a_crowd_leaves_a_seat_of_every_group_free() {
    let folder = shipped("institute");
    let come = coming(&folder, 30);
    assert_eq!(come.len(), 30);
    for group in &folder.plan.groups {
        let coming = come.iter().filter(|seat| seat.group == group.id).count();
        assert!(coming < group.entitled as usize, "group {}", group.id);
    }
    assert!(come.iter().all(|seat| seat.present), "who is absent in the roster stays away first");
    assert_eq!(coming(&folder, 1_000).len(), 31, "a seat of each group is free, however many are asked for");

    let server = OwnServer::start().await.unwrap();
    let target = prepare(&server.base_url, Some(&server.key), &folder).await.unwrap();
    let crowd = crowd(&target, &folder, &SheetSource::Random(1), coming(&folder, 30), THINK).unwrap();
    let free: HashSet<u32> = crowd.free.iter().map(|code| code.seat).collect();
    let groups = folder.seats.iter().filter(|seat| free.contains(&seat.seat)).map(|seat| seat.group.as_str());
    assert_eq!(free.len(), 4);
    assert_eq!(groups.collect::<HashSet<_>>(), HashSet::from(["A", "B", "C"]));

    let address = Arc::new(ServerAddress::parse(&target.base_url).unwrap());
    let secret = capability(&target.handout, Role::Chair).unwrap();
    let mut chair = Chair::opens(&address, secret, PATIENCE).await.unwrap();
    let view = chair.sees(|view| view.next.is_some()).await.unwrap();
    chair.presses(&view.next.clone().unwrap().command).await.unwrap();
    let joined = chair.sees(|view| view.total.present == 30 && view.devices_online == 30).await.unwrap();
    assert_eq!(joined.groups.iter().map(|group| group.present).collect::<Vec<_>>(), [6, 6, 18]);
    drop(crowd);
    chair.sees(|view| view.devices_online == 0).await.unwrap();
    server.stop().await;
}

async fn started(data: &Path, address: SocketAddr) -> (Running, SocketAddr) {
    let listener = TcpListener::bind(address).await.unwrap();
    let address = listener.local_addr().unwrap();
    let store = Arc::new(LocalStore::open(data).unwrap());
    (Running::start(listener, store, format!("http://{address}"), None), address)
}

#[tokio::test(flavor = "multi_thread")]
async fn o55_a_server_that_stopped_has_given_its_directory_back() {
    let data = tempfile::tempdir().unwrap();
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let (running, _) = started(data.path(), anywhere).await;
    let hub = Arc::clone(&running.hub);
    // A task that began before the stop and ends after it. The wait is the rule itself: with none of it, nothing is late.
    let late = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(300)).await;
        drop(hub);
    });
    running.stop().await;
    started(data.path(), anywhere).await.0.stop().await;
    late.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn o27_phones_are_back_by_themselves_after_a_restart_of_the_server() {
    let folder = shipped("institute");
    let data = tempfile::tempdir().unwrap();
    let (mut running, address) = started(data.path(), SocketAddr::from(([127, 0, 0, 1], 0))).await;
    let target = prepare(&format!("http://{address}"), None, &folder).await.unwrap();
    let crowd = crowd(&target, &folder, &SheetSource::Random(1), coming(&folder, 30), THINK).unwrap();
    let wire_address = Arc::new(ServerAddress::parse(&target.base_url).unwrap());
    let mut chair =
        Chair::opens(&wire_address, capability(&target.handout, Role::Chair).unwrap(), PATIENCE).await.unwrap();
    let is_at =
        |action: NextAction| move |view: &ChairView| view.next.as_ref().is_some_and(|next| next.action == action);
    for action in [NextAction::OpenCheckin, NextAction::Begin, NextAction::GoTo] {
        let view = chair.sees(is_at(action)).await.unwrap();
        chair.presses(&view.next.clone().unwrap().command).await.unwrap();
    }
    chair.sees(|view| view.devices_online == 30).await.unwrap();
    running.stop().await;
    (running, _) = started(data.path(), address).await;
    chair.sees(|view| view.devices_online == 30).await.unwrap();
    let keys = |view: &ChairView| view.preparation.as_ref().is_some_and(|keys| keys.keys_ready == keys.keys_needed);
    let view = chair.sees(|view| is_at(NextAction::Arm)(view) && keys(view)).await.unwrap();
    chair.presses(&view.next.clone().unwrap().command).await.unwrap();
    let armed = chair.sees(|view| view.total.issued == 30).await.unwrap();
    assert_eq!(armed.now.round.as_ref().unwrap().state, RoundStateView::Armed);
    drop(crowd);
    running.stop().await;
}
