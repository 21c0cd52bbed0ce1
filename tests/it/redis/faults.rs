//! Faults under load, each with the ledger of everybody who cast: whatever dies in the middle of a round, what was acknowledged
//! is counted, nothing is counted twice, and nothing after the close.

use std::time::Duration;

use pingyi_rules::meeting::PlainWish;

use super::cluster::Cluster;
use super::fault_proxy::FaultProxy;
use super::hall::Hall;
use super::process::RedisProcess;
use super::sentinel::Watched;
use super::server::Server;

const VOTERS: u32 = 48;
/// Voters of these places come too late.
const LATE: usize = 40;
/// When something breaks, some have cast, and others are about to.
const SOME: usize = 10;
const THINK: Duration = Duration::from_secs(4);

fn two_servers(redis: &str) -> Vec<Server> {
    (0..2).map(|_| Server::start(redis, &[])).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_d50_nothing_is_lost_when_a_server_is_killed() {
    let redis = RedisProcess::start();
    let mut hall = Hall::opens(two_servers(&redis.url()), VOTERS).await;
    let casting = hall.casts(0..LATE, THINK);
    hall.has_acknowledged(SOME).await;
    hall.servers[0].kill();
    casting.ended().await;
    hall.servers[0].start_again();
    hall.counts(LATE, &[&redis]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_d51_nothing_is_lost_when_redis_is_killed_and_comes_back_with_an_old_snapshot() {
    let mut redis = RedisProcess::start();
    let hall = Hall::opens(two_servers(&redis.url()), VOTERS).await;
    let casting = hall.casts(0..LATE, THINK);
    hall.has_acknowledged(SOME).await;
    let _: () = redis.ask(&["SAVE"]);
    hall.has_acknowledged(2 * SOME).await;
    redis.start_again();
    casting.ended().await;
    hall.counts(LATE, &[&redis]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_d52_nothing_is_lost_when_redis_is_killed_and_comes_back_empty() {
    let mut redis = RedisProcess::start();
    let hall = Hall::opens(two_servers(&redis.url()), VOTERS).await;
    let casting = hall.casts(0..LATE, THINK);
    hall.has_acknowledged(SOME).await;
    redis.start_again_empty();
    casting.ended().await;
    hall.counts(LATE, &[&redis]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_d53_nothing_is_lost_when_redis_is_emptied_in_the_middle() {
    let redis = RedisProcess::start();
    let hall = Hall::opens(two_servers(&redis.url()), VOTERS).await;
    let casting = hall.casts(0..LATE, THINK);
    hall.has_acknowledged(SOME).await;
    let _: () = redis.ask(&["FLUSHALL"]);
    hall.has_acknowledged(2 * SOME).await;
    let _: () = redis.ask(&["FLUSHALL"]);
    casting.ended().await;
    hall.counts(LATE, &[&redis]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_d54_nothing_is_lost_when_the_closing_round_loses_redis_and_a_server() {
    let redis = RedisProcess::start();
    let mut hall = Hall::opens(two_servers(&redis.url()), VOTERS).await;
    hall.casts(0..LATE, Duration::ZERO).ended().await;
    hall.chair().says(PlainWish::Close { round: 1 }).await;
    hall.servers[1].kill();
    let _: () = redis.ask(&["FLUSHALL"]);
    hall.servers[1].start_again();
    hall.counts(LATE, &[&redis]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_d55_nothing_is_lost_in_a_failover_under_load() {
    let mut watched = Watched::start(2).await;
    let servers = (0..2).map(|_| Server::start(&watched.url(), &["--redis-replicas", "1"])).collect();
    let hall = Hall::opens(servers, VOTERS).await;
    let casting = hall.casts(0..LATE, THINK);
    hall.has_acknowledged(SOME).await;
    let old = watched.primary();
    watched.nodes[old].process.kill();
    let new = watched.moves_away_from(old).await;
    casting.ended().await;
    hall.counts(LATE, &[&watched.nodes[new].process]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_d56_nothing_is_lost_when_the_primary_is_alone_with_one_server() {
    let watched = Watched::start(2).await;
    let servers: Vec<Server> = (0..2).map(|_| Server::start(&watched.url(), &["--redis-replicas", "1"])).collect();
    let hall = Hall::opens(servers, VOTERS).await;
    let casting = hall.casts(0..LATE, THINK);
    hall.has_acknowledged(SOME).await;
    // The first server sees the old primary and nothing else of Redis; everybody else sees everything but that primary.
    let (old, alone) = (watched.primary(), hall.servers[0].process());
    let others: Vec<u32> = watched.everybody().into_iter().chain([hall.servers[1].process()]).collect();
    for (place, node) in watched.nodes.iter().enumerate() {
        if place == old { node.proxy.parts_all_but(&[alone]) } else { node.proxy.parts_all_but(&others) }
    }
    let new = watched.moves_away_from(old).await;
    hall.has_acknowledged(3 * SOME).await;
    watched.nodes.iter().for_each(|node| node.proxy.heals());
    casting.ended().await;
    hall.counts(LATE, &[&watched.nodes[new].process]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_d57_nothing_is_lost_when_a_cluster_moves_the_meeting() {
    let cluster = Cluster::start().await;
    let hall = Hall::opens(two_servers(&cluster.url()), VOTERS).await;
    let slot = cluster.slot(hall.meeting());
    let casting = hall.casts(0..LATE, THINK);
    for done in 1..=3 {
        hall.has_acknowledged(done * SOME).await;
        cluster.moves(slot, (cluster.owner(slot) + 1) % 3).await;
    }
    casting.ended().await;
    hall.counts(LATE, &cluster.nodes.iter().collect::<Vec<_>>()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_d58_nothing_is_lost_when_a_cluster_loses_the_node_of_the_meeting() {
    let mut cluster = Cluster::start().await;
    let hall = Hall::opens(two_servers(&cluster.url()), VOTERS).await;
    let owner = cluster.owner(cluster.slot(hall.meeting()));
    let casting = hall.casts(0..LATE, THINK);
    hall.has_acknowledged(SOME).await;
    cluster.nodes[owner].start_again_empty();
    cluster.is_whole().await;
    casting.ended().await;
    hall.counts(LATE, &cluster.nodes.iter().collect::<Vec<_>>()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_d59_nothing_is_lost_when_redis_is_slow_and_replies_are_cut_in_their_middle() {
    let redis = RedisProcess::start();
    let network = FaultProxy::to(redis.port()).await;
    let hall = Hall::opens(two_servers(&network.url()), VOTERS).await;
    hall.casts(0..SOME, THINK).ended().await;
    network.delays(Duration::from_millis(150));
    network.cuts_every(8);
    hall.casts(SOME..LATE, THINK).ended().await;
    assert!(network.cut() > 0, "no reply was cut");
    network.heals();
    hall.counts(LATE, &[&redis]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_d60_nothing_is_lost_when_connections_to_redis_are_half_open() {
    let redis = RedisProcess::start();
    let network = FaultProxy::to(redis.port()).await;
    let hall = Hall::opens(two_servers(&network.url()), VOTERS).await;
    let casting = hall.casts(0..LATE, THINK);
    hall.has_acknowledged(SOME).await;
    network.loses_connections();
    casting.ended().await;
    hall.counts(LATE, &[&redis]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_d64_nothing_is_lost_when_servers_are_restarted_one_after_the_other() {
    let redis = RedisProcess::start();
    let mut hall = Hall::opens(two_servers(&redis.url()), VOTERS).await;
    let casting = hall.casts(0..LATE, THINK);
    hall.has_acknowledged(SOME).await;
    for server in &mut hall.servers {
        server.stops().await;
        server.start_again();
    }
    casting.ended().await;
    hall.counts(LATE, &[&redis]).await;
}
