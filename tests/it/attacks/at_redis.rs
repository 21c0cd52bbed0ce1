//! The same view of several servers at Redis (rule s51): also what Redis keeps, dumps, saves and shows while the hall casts.

use redis::Commands as _;

use super::evidence;
use super::links::{ByValue, Hall as Groups, Voter, kendall_tau, tau_sigma};
use super::operator::{HALLS, Papers, Seen, VOTERS, chance, holds, rate, value_holds};
use crate::redis::process::RedisProcess;
use crate::redis::secrecy::{Monitor, NO_SLOW_LOG};
use crate::redis::server::Server;

/// Strings of a snapshot stand as they are.
const PLAIN: [&str; 2] = ["--rdbcompression", "no"];

fn servers(redis: &RedisProcess) -> Vec<Server> {
    (0..2).map(|_| Server::start_talkative(Some(&redis.url()))).collect()
}

/// Everything that holds ballots at Redis, in the order in which it tells them.
fn tells(redis: &RedisProcess, seen: &Seen) -> Vec<(&'static str, Vec<u8>)> {
    let key = format!("pingyi:{{{}}}:box:1", seen.hall.meeting());
    let scan = redis::cmd("ZSCAN").arg(&key).arg(0).arg("COUNT").arg(100_000).query(&mut redis.connection());
    let (_, scanned): (String, Vec<Vec<u8>>) = scan.unwrap();
    let range: Vec<Vec<u8>> = redis.ask(&["ZRANGE", &key, "0", "-1"]);
    vec![
        ("order, τ of ZRANGE", range.concat()),
        ("order, τ of ZSCAN", scanned.concat()),
        ("order, τ of DUMP", redis.ask(&["DUMP", &key])),
        ("order, τ of the RDB snapshot", evidence::snapshot(redis)),
        ("order, τ of the servers' box files", evidence::boxes(&seen.hall)),
    ]
}

/// τ between the order of casting and how long ago the key was used that holds each sheet.
fn idle_tau(redis: &RedisProcess, keys: &[String], cast: &[Voter], seen: &Seen) -> f64 {
    // What waits for the live tally comes and goes meanwhile.
    let idle_s = |key: &String| -> Option<usize> { redis.ask(&["OBJECT", "IDLETIME", key]) };
    let held: Vec<(usize, Vec<Voter>)> = keys
        .iter()
        .filter_map(|key| {
            // First of all: whoever reads a key uses it.
            let idle_s = idle_s(key)?;
            let dump: Option<Vec<u8>> = redis.ask(&["DUMP", key]);
            Some((idle_s, evidence::order_in(&dump?, &seen.hall)))
        })
        .collect();
    let of = |voter: &Voter| held.iter().find(|(_, voters)| voters.contains(voter)).map_or(0, |(idle, _)| *idle);
    // The longer ago, the earlier.
    kendall_tau(&cast.iter().rev().map(of).collect::<Vec<_>>())
}

/// The order of a Redis that keeps it: in a list, and in how long each key was idle.
fn leaking(late: &Seen) -> [f64; 2] {
    let redis = RedisProcess::start_with(&PLAIN);
    let mut connection = redis.connection();
    let ballots = late.appended();
    for ballot in &ballots {
        let _: () = connection.rpush("list", ballot).unwrap();
    }
    let mut keys = Vec::new();
    for (place, ballot) in ballots.iter().enumerate() {
        let (made, key) = (format!("made {place}"), format!("ballot {place}"));
        let _: () = connection.set(&made, ballot).unwrap();
        let dump: Vec<u8> = redis.ask(&["DUMP", &made]);
        let idle_s = ballots.len() - place;
        let restore =
            redis::cmd("RESTORE").arg(&key).arg(0).arg(dump).arg("IDLETIME").arg(idle_s).query(&mut connection);
        let _: () = restore.unwrap();
        keys.push(key);
    }
    [late.tau_in(&redis.ask::<Vec<u8>>(&["DUMP", "list"])), idle_tau(&redis, &keys, &late.cast, late)]
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_s51_the_operator_of_redis_links_no_voter_and_no_ballot() {
    let (mut value, mut leak) = (ByValue::default(), ByValue::default());
    let mut taus: Vec<(&str, f64)> = Vec::new();
    let mut slow_entries = 0;
    let (mut in_step, mut to_last, mut idle, mut bound) = (0.0, 0.0, 0.0, 0.0);
    for seed in 0..HALLS {
        let redis = RedisProcess::start_with(&[NO_SLOW_LOG, PLAIN].concat());
        let monitor = Monitor::of(&redis);
        let seen = Seen::hall(servers(&redis), seed, Papers::Early).await;
        slow_entries += evidence::slow_log(&redis).len();
        let keys: Vec<String> = redis.ask(&["KEYS", "*"]);
        idle += idle_tau(&redis, &keys, &seen.cast, &seen) / 5.0;
        let monitored = monitor.shown(&redis).await;
        // A line of MONITOR that shows a ballot is the cast itself: it is searched for seats like every other.
        let mut things = evidence::of_servers(&seen.hall);
        things.extend(seen.frames.things());
        things.extend(evidence::of_redis(&redis, &monitored));
        seen.by_value(&mut value, &things);
        seen.by_value(&mut leak, &seen.leak());
        for (place, (what, bytes)) in tells(&redis, &seen).into_iter().enumerate() {
            if taus.len() <= place {
                taus.push((what, 0.0));
            }
            taus[place].1 += seen.tau_in(&bytes) / 5.0;
        }
        let [asked, came] = evidence::in_commands(&seen.hall, &monitored);
        assert_eq!((asked.len(), came.len()), (seen.cast.len(), seen.cast.len()), "MONITOR shows both, in time");
        let groups = seen.groups();
        let of = |list: &[(usize, Voter)]| list.iter().map(|(_, voter)| *voter).collect::<Vec<_>>();
        in_step += rate(Groups { groups: &groups }.linked_in_step(&of(&asked), &of(&came)), seen.cast.len()) / 5.0;
        to_last += rate(Groups { groups: &groups }.linked_to_last(&asked, &came), seen.cast.len()) / 5.0;
        bound = chance(&seen);
    }
    // What leaks: papers fetched at the moment of casting.
    let redis = RedisProcess::start_with(&NO_SLOW_LOG);
    let monitor = Monitor::of(&redis);
    let late = Seen::hall(servers(&redis), HALLS, Papers::AtTheCast).await;
    let groups = late.groups();
    let linked = |commands: &[Vec<Vec<u8>>]| {
        let [asked, came] = evidence::in_commands(&late.hall, commands);
        let of = |list: &[(usize, Voter)]| list.iter().map(|(_, voter)| *voter).collect::<Vec<_>>();
        let groups = Groups { groups: &groups };
        [groups.linked_in_step(&of(&asked), &of(&came)), groups.linked_to_last(&asked, &came)]
            .map(|linked| rate(linked, late.cast.len()))
    };
    let [late_in_step, late_to_last] = linked(&monitor.shown(&redis).await);
    let [listed, idled] = leaking(&late);

    value_holds("Redis", &value, &leak);
    for (what, tau) in taus {
        holds(&format!("Redis: {what}"), tau, 3.0 * tau_sigma(VOTERS), listed);
    }
    // As Redis is shipped there is none; rule s42 shows what another one would tell.
    assert_eq!(slow_entries, 0, "commands in the slow log");
    holds("Redis: order, τ of OBJECT IDLETIME", idle, 3.0 * tau_sigma(VOTERS), idled);
    holds("Redis: time, MONITOR, first to first", in_step, bound, late_in_step);
    holds("Redis: time, MONITOR, who asked last", to_last, bound, late_to_last);
}
