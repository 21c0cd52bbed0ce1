//! What somebody learns who has everything that Redis can tell: keys and values, the snapshot, the slow log, idle times, and
//! what MONITOR shows while a hall casts. Each attack is shown to work on something that leaks.

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::mpsc;
use std::time::Duration;

use pingyi::secret;
use pingyi_rules::ballot::Ballot;

use super::hall::Hall;
use super::process::RedisProcess;
use super::server::Server;
use crate::contents::contents;
use crate::patience::eventually;

const VOTERS: u32 = 24;
/// The shortest piece that is no coincidence.
const PIECE_BYTES: usize = 8;

/// Bytes of a sealed entry at least, and of what the live tally takes of one.
const ENTRY_BYTES_MIN: usize = 24 + 4 + 461 + 16;
const FRESH_BYTES: usize = 24 + 4 + 2 + 96 + 16;

/// As deploy/redis.conf has it.
pub const NO_SLOW_LOG: [&str; 2] = ["--slowlog-log-slower-than", "-1"];

/// Every piece of some secrets.
fn pieces<'a>(secrets: impl IntoIterator<Item = &'a Vec<u8>>) -> HashSet<&'a [u8]> {
    secrets.into_iter().flat_map(|secret| secret.windows(PIECE_BYTES)).collect()
}

fn holds(bytes: &[u8], pieces: &HashSet<&[u8]>) -> bool {
    bytes.windows(PIECE_BYTES).any(|window| pieces.contains(window))
}

/// What only a ballot has, in bytes and as it travels. Its mark is no secret of a ballot alone: the tally shows marks.
fn of_ballots<'a>(ballots: impl IntoIterator<Item = &'a Ballot>) -> Vec<Vec<u8>> {
    let fields = |ballot: &Ballot| {
        let raw = [ballot.pk.to_vec(), ballot.token.to_vec(), ballot.signature.to_vec(), ballot.leaf().to_vec()];
        let sent = raw.clone().map(|field| data_encoding::BASE64URL_NOPAD.encode(&field).into_bytes());
        let hex = raw.clone().map(|field| data_encoding::HEXLOWER.encode(&field).into_bytes());
        raw.into_iter().chain(sent).chain(hex)
    };
    ballots.into_iter().flat_map(fields).collect()
}

/// What only a seat has: its phone's credential and its slip, and the digests by which stores know them.
fn of_seats(hall: &Hall) -> Vec<Vec<u8>> {
    let credentials = hall.voters.iter().flat_map(|voter| {
        [voter.credential.clone().into_bytes(), secret::credential_digest(&voter.credential).to_vec()]
    });
    let slips = hall
        .handout
        .codes
        .iter()
        .flat_map(|code| [code.code.clone().into_bytes(), secret::slip_digest(&code.code).to_vec()]);
    let plain: Vec<Vec<u8>> = credentials.chain(slips).collect();
    let hex = plain.iter().map(|bytes| data_encoding::HEXLOWER.encode(bytes).into_bytes());
    plain.iter().cloned().chain(hex).collect()
}

/// Every key with all that is in it.
pub fn keyspace(redis: &RedisProcess) -> BTreeMap<String, Vec<Vec<u8>>> {
    let keys: Vec<String> = redis.ask(&["KEYS", "*"]);
    let values = |key: &String| -> Vec<Vec<u8>> {
        let kind: String = redis.ask(&["TYPE", key]);
        match kind.as_str() {
            "string" => vec![redis.ask(&["GET", key])],
            "hash" => redis.ask(&["HGETALL", key]),
            "set" => redis.ask(&["SMEMBERS", key]),
            "zset" => redis.ask(&["ZRANGE", key, "0", "-1", "WITHSCORES"]),
            // In the order of coming: no ballot may be in one.
            "list" => redis.ask(&["LRANGE", key, "0", "-1"]),
            // Gone since it was listed.
            "none" => Vec::new(),
            other => panic!("{key} is a {other}"),
        }
    };
    keys.iter().map(|key| (key.clone(), values(key))).collect()
}

/// The arguments of one line of MONITOR.
fn arguments(line: &str) -> Vec<Vec<u8>> {
    let mut arguments = Vec::new();
    let mut rest = line.bytes().skip_while(|byte| *byte != b']').skip(1);
    while rest.any(|byte| byte == b'"') {
        let mut argument = Vec::new();
        while let Some(byte) = rest.next().filter(|byte| *byte != b'"') {
            argument.push(if byte == b'\\' { unescaped(&mut rest) } else { byte });
        }
        arguments.push(argument);
    }
    arguments
}

fn unescaped(rest: &mut impl Iterator<Item = u8>) -> u8 {
    let mut digit = || rest.next().map(char::from);
    match digit().unwrap() {
        'x' => {
            let hex: String = [digit().unwrap(), digit().unwrap()].iter().collect();
            u8::from_str_radix(&hex, 16).unwrap()
        }
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'a' => 7,
        'b' => 8,
        other => u8::try_from(other).unwrap(),
    }
}

/// Everything that Redis does from now on, as MONITOR shows it.
pub struct Monitor(mpsc::Receiver<String>);

/// One line of it.
pub struct Line {
    /// Whether a step did it, and nobody asked for it directly.
    pub is_within: bool,
    pub arguments: Vec<Vec<u8>>,
}

impl Monitor {
    pub fn of(redis: &RedisProcess) -> Self {
        let mut stream = TcpStream::connect(("127.0.0.1", redis.port())).unwrap();
        stream.write_all(b"MONITOR\r\n").unwrap();
        let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
        assert_eq!(lines.next().unwrap(), "+OK");
        let (said, heard) = mpsc::channel();
        // It ends with the connection, and that with the process.
        std::thread::spawn(move || lines.try_for_each(|line| said.send(line)));
        Self(heard)
    }

    /// What was shown until this moment.
    pub async fn shown(&self, redis: &RedisProcess) -> Vec<Vec<Vec<u8>>> {
        self.lines(redis).await.into_iter().map(|line| line.arguments).collect()
    }

    /// The same, with who did it.
    pub async fn lines(&self, redis: &RedisProcess) -> Vec<Line> {
        let _: String = redis.ask(&["ECHO", "the last line"]);
        let mut all: Vec<Line> = Vec::new();
        let until = std::cell::RefCell::new(&mut all);
        eventually("the last line of MONITOR", async || {
            let mut all = until.borrow_mut();
            let read = |line: String| {
                // `1339518083.107412 [0 lua] "zadd" …`
                let is_within = line.split(']').next().is_some_and(|head| head.ends_with(" lua"));
                Line { is_within, arguments: arguments(&line) }
            };
            all.extend(self.0.try_iter().map(read));
            let is_last = |line: &Line| line.arguments.last().is_some_and(|last| last == b"the last line");
            all.iter().any(is_last).then_some(())
        })
        .await;
        all
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s40_nothing_in_redis_joins_a_seat_and_a_ballot() {
    let redis = RedisProcess::start_with(&NO_SLOW_LOG);
    let monitor = Monitor::of(&redis);
    let servers = (0..2).map(|_| Server::start(&redis.url(), &[])).collect();
    let hall = Hall::opens(servers, VOTERS).await;
    hall.casts(0..hall.voters.len(), Duration::ZERO).ended().await;
    let ballots: Vec<&Ballot> = hall.voters.iter().flat_map(|voter| &voter.ballots).collect();
    let (mut ballots, seats) = (of_ballots(ballots), of_seats(&hall));
    for opinion in hall.voters.iter().flat_map(|voter| &voter.opinions) {
        ballots.extend([opinion.nonce.to_vec(), opinion.leaf().to_vec(), opinion.text.clone().into_bytes()]);
    }
    let sealed: Vec<Vec<u8>> = hall.voters.iter().flat_map(|voter| hall.sealed(voter)).collect();
    let (open, ballots, seats) = (pieces(&ballots), pieces(&sealed), pieces(&seats));

    // Keys: those that know ballots, which they know sealed, know no seat, and what they know of a ballot is nowhere else.
    let mut known = [0, 0];
    for (key, values) in keyspace(&redis) {
        let of_ballot = values.iter().any(|value| holds(value, &ballots));
        let of_seat = values.iter().any(|value| holds(value, &seats));
        assert!(!(of_ballot && of_seat), "{key} knows seats and ballots");
        assert!(!values.iter().any(|value| holds(value, &open)), "{key} knows an open ballot");
        assert!(!holds(key.as_bytes(), &ballots) && !holds(key.as_bytes(), &seats), "{key} is a name of one person");
        let of_box = key.contains(":box:") || key.contains(":since:");
        assert_eq!(of_ballot, of_box && !values.is_empty(), "{key}");
        known = [known[0] + usize::from(of_ballot), known[1] + usize::from(of_seat)];
        if of_ballot {
            assert_eq!(redis.ask::<i64>(&["PTTL", &key]), -1, "{key} has a time of its own");
            assert_eq!(redis.ask::<String>(&["TYPE", &key]), "zset");
            let scores: HashSet<&Vec<u8>> = values.iter().skip(1).step_by(2).collect();
            assert_eq!(scores, HashSet::from([&b"0".to_vec()]), "{key} has other scores");
        }
    }
    assert!(known[0] > 0 && known[1] > 0, "the search finds what is there: {known:?}");
    assert!(redis.ask::<Vec<redis::Value>>(&["SLOWLOG", "GET"]).is_empty());

    // MONITOR: a line with a ballot says nothing else that could lead to a person.
    let mut casts = 0;
    for line in monitor.shown(&redis).await {
        if line.iter().any(|argument| holds(argument, &ballots)) {
            casts += 1;
            assert!(!line.iter().any(|argument| holds(argument, &seats)), "a seat beside a ballot");
            says_nothing_more(&line, &hall, &ballots);
            assert!(!line.iter().any(|argument| holds(argument, &open)), "an open ballot");
        }
    }
    assert!(casts >= hall.voters.len(), "MONITOR shows casts, in time: what server/SECRECY.md says of watching live");
    in_the_servers(&hall, &open, &seats);

    // The same attack on a hash that joins them.
    let mut leaking = hall.voters[0].ballots[0].pk.to_vec();
    leaking.extend(secret::credential_digest(&hall.voters[0].credential));
    assert!(holds(&leaking, &open) && holds(&leaking, &seats));
}

/// Every argument beside a ballot is one of a kind that all casts of the hall share.
fn says_nothing_more(line: &[Vec<u8>], hall: &Hall, ballots: &HashSet<&[u8]>) {
    // The first caller of a step sends its code.
    let is_code = |place: usize| place == 1 && line[0] == b"EVAL";
    let others = line.iter().enumerate().filter(|(place, argument)| !is_code(*place) && !holds(argument, ballots));
    for (_, argument) in others {
        let text = String::from_utf8_lossy(argument);
        let is_number = argument.len() < 8 && argument.iter().all(u8::is_ascii_digit);
        let is_hex = argument.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-') && argument.len() >= 32;
        let is_word = ["A", "B", "", "+"].contains(&text.as_ref()) || argument.iter().all(u8::is_ascii_alphabetic);
        // A tag of a sheet, what the live tally takes, and fillers: bytes of three lengths, which are in no seat.
        let is_sealed = [16, FRESH_BYTES].contains(&argument.len()) || argument.len() >= ENTRY_BYTES_MIN;
        let is_check = text.split(' ').map(str::len).eq([1, 32]);
        let is_key = text.starts_with(&format!("pingyi:{{{}}}", hall.meeting()));
        assert!(is_number || is_hex || is_word || is_sealed || is_check || is_key, "beside a ballot: {text}");
    }
}

/// The servers' own directories and logs: boxes know no seat, nothing else knows a ballot.
fn in_the_servers(hall: &Hall, ballots: &HashSet<&[u8]>, seats: &HashSet<&[u8]>) {
    for server in &hall.servers {
        let log = (server.log(), std::fs::read(server.log()).unwrap());
        for (file, bytes) in contents(&server.data()).into_iter().chain([log]) {
            let is_box = file.extension().is_some_and(|ending| ending == "box");
            assert_eq!(holds(&bytes, ballots), is_box, "{}", file.display());
            assert!(!(is_box && holds(&bytes, seats)), "{} knows a seat", file.display());
        }
    }
}
