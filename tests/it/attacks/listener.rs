//! Somebody who listens in a hall on plain http (rules s116 to s118): has every byte in both directions with its time, from the
//! making of the meeting to its record, the public record and, harsher than any listener, the whole one. The same attacks are
//! made on what went over the wire once it is opened with the servers' keys: there they find everything.
//! `cargo test --test it s116 -- --nocapture` prints the figures.

mod again;
mod exchanges;
mod meeting;
mod opened;
mod secrets;
mod strings;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use pingyi::protocol::{Done, Hello, SessionOpened};
use pingyi::rehearsal::socket::Socket;
use pingyi::rehearsal::{Wire, chair};
use pingyi_rules::ballot::{self, Ballot, Frozen};
use pingyi_rules::meeting::{Phase, PlainWish, Wish};

use super::links::{kendall_tau, tau_sigma};
use crate::patience::PATIENCE;
use crate::secrecy::overheard::{Listener, Overheard};
use exchanges::{Exchange, exchanges};
use meeting::{Hall, Meeting, SHEETS};
use opened::{Opener, Spoken};
use secrets::{Counts, Secrets, first_casts, known_keys};
use strings::{Keys, Strings};

type Leaf = [u8; 32];

/// Letters of a receipt in base64url and in hex.
const RECEIPT_LETTERS: [usize; 2] = [86, 128];
/// By which door the public record goes out.
const PUBLIC: &str = "anybody";

/// What somebody heard: by which door, and the bytes of one direction or of one answer.
struct Heard {
    door: String,
    bytes: Vec<u8>,
}

/// Everything as it was on the wire.
fn overheard(listener: &Listener) -> Vec<Heard> {
    let both = |connection: &Arc<Overheard>| {
        let door = connection.door.to_string();
        [connection.asked(), connection.answered()].map(|bytes| Heard { door: door.clone(), bytes })
    };
    listener.overheard().iter().flat_map(both).collect()
}

fn in_clear(spoken: &[Spoken]) -> Vec<Heard> {
    spoken.iter().map(|spoken| Heard { door: spoken.door.to_string(), bytes: spoken.bytes() }).collect()
}

// ── What is read ────────────────────────────────────────────────────────────────────────────────────────────────────

/// What could be a receipt, in base64 or hex. Raw ones are found by their bytes: a receipt is the only signature that its box
/// ever makes for a leaf, so a window of 64 bytes is a good one exactly if it is one of those that were given out.
fn could_be_receipts(bytes: &[u8]) -> BTreeSet<[u8; 64]> {
    let [in_base64, in_hex] = RECEIPT_LETTERS;
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_+/".contains(byte);
    let mut found = BTreeSet::new();
    for run in bytes.split(|byte| !is_letter(byte)) {
        let url_safe: Vec<u8> = run
            .iter()
            .map(|byte| match byte {
                b'+' => b'-',
                b'/' => b'_',
                byte => *byte,
            })
            .collect();
        let decoded = url_safe.windows(in_base64).filter_map(|part| data_encoding::BASE64URL_NOPAD.decode(part).ok());
        let of_hex = run.windows(in_hex).filter_map(|part| data_encoding::HEXLOWER_PERMISSIVE.decode(part).ok());
        found.extend(decoded.chain(of_hex).filter_map(|bytes| <[u8; 64]>::try_from(bytes).ok()));
    }
    // The second half of a signature is below the order of the group, 2²⁵² and a bit (RFC 8032, section 5.1.7).
    found.into_iter().filter(|signature| signature[63] <= 0x10).collect()
}

/// Which leaf each of them is the box's signature for.
fn matched(could_be: &BTreeSet<[u8; 64]>, frozen: &Frozen, leaves: &[Leaf]) -> HashMap<[u8; 64], Leaf> {
    let is_for =
        |receipt: &[u8; 64], leaf: &Leaf| ballot::receipt::is_good(frozen.box_key(), frozen.hash(), leaf, receipt);
    let of = |receipt: &[u8; 64]| Some((*receipt, *leaves.iter().find(|leaf| is_for(receipt, leaf))?));
    could_be.iter().filter_map(of).collect()
}

/// The marks of a sheet by row.
type Rows = BTreeMap<u16, String>;

fn rows<'a>(ballots: impl Iterator<Item = &'a Ballot>) -> Rows {
    ballots.filter_map(|ballot| Some((ballot.contest, ballot.mark()?.to_owned()))).collect()
}

/// The sheets that receipts tell to who has the whole record: of each thing heard, the rows of the ballots that its receipts
/// are for.
fn sheets_read(heard: &[Vec<u8>], frozen: &Frozen, whole: &[u8], leaves: &[Leaf]) -> (usize, Vec<Rows>) {
    let whole: serde_json::Value = serde_json::from_slice(whole).unwrap();
    let ballots = whole["ballots"].as_array().unwrap().iter();
    let ballots = ballots.map(|ballot| Ballot::from_canonical(&serde_json::to_vec(ballot).unwrap()).unwrap());
    let ballots: HashMap<Leaf, Ballot> = ballots.map(|ballot| (ballot.leaf(), ballot)).collect();
    let could_be = heard.iter().flat_map(|bytes| could_be_receipts(bytes)).collect();
    let matched = matched(&could_be, frozen, leaves);
    let of = |bytes: &Vec<u8>| {
        let receipts = could_be_receipts(bytes);
        let cast = receipts.iter().filter_map(|receipt| ballots.get(matched.get(receipt)?));
        Some(rows(cast)).filter(|rows| !rows.is_empty())
    };
    (matched.len(), heard.iter().filter_map(of).collect())
}

/// Rule s116.
fn nothing_is_read(meeting: &Meeting, hall: &Hall, spoken: &[Spoken], whole: &[u8], leaves: &[Leaf]) {
    let secrets = Secrets::of(meeting, hall, spoken);
    let heard = overheard(&meeting.listener);
    let searched: usize = heard.iter().map(|heard| heard.bytes.len()).sum();
    let all = secrets.count();
    println!("{searched} bytes on the wire; secrets: {all:?}");
    assert_eq!(secrets.read_in(&heard), Counts::new());
    // The control, of which the published leaves are found by the same search.
    let mut open = in_clear(spoken);
    open.iter_mut().filter(|heard| heard.door == PUBLIC).for_each(|heard| heard.door = "open".to_owned());
    assert_eq!(secrets.read_in(&open), all, "who opens what was sealed finds all of it");

    let bytes: Vec<Vec<u8>> = heard.into_iter().map(|heard| heard.bytes).collect();
    let (found, read) = sheets_read(&bytes, &hall.frozen, whole, leaves);
    assert_eq!((found, read), (0, Vec::new()), "receipts are matched with leaves");
    // The control: a server that seals casts, and answers them in clear.
    let answers: Vec<Vec<u8>> =
        spoken.iter().filter(|spoken| spoken.is_cast()).map(|spoken| spoken.answered.clone()).collect();
    let (found, read) = sheets_read(&answers, &hall.frozen, whole, leaves);
    let casts = spoken.iter().filter(|spoken| spoken.is_cast()).map(Spoken::batch);
    let cast: Vec<Rows> = casts.map(|batch| rows(batch.ballots.iter())).collect();
    println!(
        "answers in clear: {found} receipts of {} leaves, {} casts of {SHEETS} sheets read",
        leaves.len(),
        read.len()
    );
    assert_eq!(found, leaves.len(), "each leaf's receipt is found");
    assert_eq!(read, cast, "and every sheet is read, row for row");
}

// ── Lengths, counts and order ───────────────────────────────────────────────────────────────────────────────────────

fn lengths(spoken: &[Spoken], which: impl Fn(&Spoken) -> bool) -> [BTreeSet<usize>; 2] {
    [0, 1].map(|way| spoken.iter().filter(|spoken| which(spoken)).map(|spoken| spoken.lengths[way]).collect())
}

fn own_lengths(spoken: &[Spoken], which: impl Fn(&Spoken) -> bool) -> [Vec<usize>; 2] {
    [0, 1].map(|way| spoken.iter().filter(|spoken| which(spoken)).map(|spoken| spoken.own_lengths()[way]).collect())
}

/// What a device shows: every request with how long it and its answer were.
type Profile = Vec<(String, [usize; 2])>;

/// The profiles of phones, by group.
fn profiles(overheard: &[Exchange]) -> BTreeMap<String, BTreeMap<String, Profile>> {
    let mut groups: BTreeMap<String, BTreeMap<String, Profile>> = BTreeMap::new();
    for exchange in overheard {
        let Some(phone) = exchange.door.strip_prefix("phone of ") else { continue };
        let (group, phone) = phone.split_once(' ').unwrap();
        let shown = (exchange.line().to_owned(), [exchange.asked.length, exchange.answered.length]);
        groups.entry(group.to_owned()).or_default().entry(phone.to_owned()).or_default().push(shown);
    }
    groups.values_mut().flat_map(BTreeMap::values_mut).for_each(|profile| profile.sort());
    groups
}

/// Rule s117.
fn nothing_differs(overheard: &[Exchange], spoken: &[Spoken], leaves: &[Leaf]) {
    let of_casts = own_lengths(spoken, Spoken::is_cast);
    let of_papers = own_lengths(spoken, Spoken::asks_for_papers);
    for (what, which) in [("casts", Spoken::is_cast as fn(&Spoken) -> bool), ("papers", Spoken::asks_for_papers)] {
        let [asked, answered] = lengths(spoken, which);
        println!("{what}: requests of {asked:?} bytes, answers of {answered:?}");
        assert_eq!((asked.len(), answered.len()), (1, 1), "{what}");
    }
    // Whoever casts in another way is among them: at the tablet, with papers that moved, and again.
    let from = |door: &str| spoken.iter().filter(|spoken| spoken.is_cast() && *spoken.door == *door).count();
    assert_eq!(["the tablet", "the phone that takes them"].map(from), [3, 3]);
    let groups = profiles(overheard);
    for (group, phones) in &groups {
        let all: BTreeSet<&Profile> = phones.values().collect();
        let requests = phones.values().next().map_or(0, Vec::len);
        println!("group {group}: {} phones, {requests} requests each", phones.len());
        assert_eq!(all.len(), 1, "phones of {group}: {phones:?}");
    }
    assert_eq!(groups.values().map(BTreeMap::len).collect::<Vec<_>>(), [10, 9]);
    // The controls: who is recused, by requests for papers; and who wrote how much, by casts and answers.
    let recused =
        |lengths: &Vec<usize>| lengths.iter().filter(|length| *length != lengths.iter().max().unwrap()).count();
    assert_eq!(of_papers.each_ref().map(recused), [5, 5], "requests that are not filled up name the leaders");
    let different = |lengths: &Vec<usize>| lengths.iter().collect::<BTreeSet<_>>().len();
    println!("not filled up: {:?} lengths of casts and answers", of_casts.each_ref().map(different));
    assert!(
        of_casts.iter().all(|lengths| different(lengths) > 3),
        "casts that are not filled up tell what was written"
    );

    // The order: of sheets, and of each row.
    let cast = first_casts(spoken);
    assert_eq!(u32::try_from(cast.len()), Ok(SHEETS));
    let tau = |contest: u16, recorded: &[Leaf]| {
        let of_contest =
            |batch: &ballot::Batch| batch.ballots.iter().find(|ballot| ballot.contest == contest).map(Ballot::leaf);
        let place = |leaf: Leaf| recorded.iter().position(|recorded| *recorded == leaf).unwrap();
        kendall_tau(&cast.iter().filter_map(of_contest).map(place).collect::<Vec<_>>())
    };
    let as_cast: Vec<Leaf> = cast.iter().flat_map(|batch| batch.ballots.iter().map(Ballot::leaf)).collect();
    let mean = |recorded: &[Leaf]| (0..6).map(|contest| tau(contest, recorded)).sum::<f64>() / 6.0;
    super::operator::holds("wire: order, τ of leaves", mean(leaves), 3.0 * tau_sigma(SHEETS), mean(&as_cast));
}

// ── What is opened ──────────────────────────────────────────────────────────────────────────────────────────────────

/// Rule s118.
async fn nothing_opens(meeting: &Meeting, overheard: &[Exchange], known: &Keys, open: &[Heard]) {
    let mut strings = Strings::default();
    self::overheard(&meeting.listener).iter().for_each(|heard| strings.hears(&heard.bytes));
    strings.spells(overheard);
    let (tokens, slips) = (strings.tokens.len(), strings.slips.len());
    println!("{tokens} strings tried as tokens and {slips} as slips, of {} bytes", strings.searched);
    assert_eq!(strings::tried(&strings, meeting).await, Keys::default());
    println!("{} of them sent and refused", strings::are_refused(&strings, meeting).await);
    // The control.
    let mut strings = Strings::default();
    open.iter().for_each(|heard| strings.hears(&heard.bytes));
    assert_eq!(&strings::tried(&strings, meeting).await, known, "who opens what was sealed has all of them");
}

/// The last control: whoever has them enters by each, and closes the meeting.
async fn everything_opens(meeting: &Meeting, spoken: &[Spoken], keys: &Keys) {
    let wire = Wire::new(Arc::clone(&meeting.server), PATIENCE);
    let mut roles = BTreeSet::new();
    for link in &keys.links {
        let (_, SessionOpened { role, .. }) = chair::open_session(&wire, link).await.unwrap();
        roles.insert(format!("{role:?}"));
    }
    assert_eq!(roles.len(), 4);
    for secret in keys.credentials.iter().chain(&keys.sessions) {
        let path = format!("/ws/{}", meeting.handout.meeting);
        let mut socket = Socket::connect(&meeting.server, &path, secret).await.unwrap();
        assert!(socket.next().await.unwrap().unwrap().is_text());
    }
    let said_hello = spoken.iter().filter(|spoken| serde_json::from_slice::<Hello>(&spoken.asked).is_ok()).count();
    assert!(said_hello > keys.credentials.len(), "{said_hello} hellos were opened");
    let operator = keys.operator.iter().next().map(String::as_str);
    wire.get(&meeting.path("links"), operator).await.unwrap();
    let gave_a_command = |spoken: &&Spoken| serde_json::from_slice::<Wish>(&spoken.asked).is_ok();
    let chair = spoken.iter().find(gave_a_command).and_then(|spoken| spoken.bearer.as_deref());
    let _: Done = wire.ask(&meeting.path("commands"), chair, &PlainWish::CloseMeeting).await.unwrap();
    let stored = meeting.store.latest(&meeting.handout.meeting).await.unwrap().unwrap();
    assert_eq!(stored.meeting.phase, Phase::Closed);
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_s116_s117_s118_who_listens_to_a_whole_meeting_learns_and_opens_nothing() {
    let (meeting, folder) = Meeting::made().await;
    let mut hall = meeting.is_led(&folder).await;
    meeting.is_visited().await;
    let [envelopes, hellos, casts] = again::opens_nothing(&meeting, &hall).await;
    println!("sent again: {envelopes} envelopes, {hellos} hellos, {casts} casts");
    let whole = hall.is_published(&meeting).await;
    assert_eq!(crate::record::fixtures::verdict(&whole, None), 0);

    let overheard = exchanges(&meeting.listener);
    let seal_key = hall.keys.seal_key.clone().unwrap();
    let opener = Opener { secret: meeting.store.secret(), seal_key: &seal_key, m: hall.frozen.hash() };
    let spoken: Vec<Spoken> = overheard.iter().map(|exchange| opener.opened(exchange)).collect();
    let published = spoken.iter().find(|spoken| spoken.path.ends_with("/leaves")).unwrap();
    let leaves: Vec<Leaf> = published.answered.as_chunks().0.to_vec();

    nothing_is_read(&meeting, &hall, &spoken, &whole, &leaves);
    nothing_differs(&overheard, &spoken, &leaves);
    let known = known_keys(&meeting, &hall, &spoken);
    nothing_opens(&meeting, &overheard, &known, &in_clear(&spoken)).await;
    everything_opens(&meeting, &spoken, &known).await;
    hall.ends().await;
    meeting.running.stop().await;
}
