//! The operator's view of 60 voters over five halls (rules s50, s51): links by value, by order and by time, against chance.
//! `cargo test --test it slow_s5 -- --nocapture` prints the figures.

use pingyi::secret;
use pingyi_rules::ballot::{Ballot, Opinion};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;

use super::evidence::{self, Frames, Thing};
use super::links::{ByValue, Hall as Groups, Pieces, Spelling, Voter, kendall_tau, tau_sigma};
use crate::redis::hall::Hall;
use crate::redis::server::Server;

pub const VOTERS: u32 = 60;
pub const HALLS: u64 = 5;
/// What an attack must reach on something that leaks.
const LEAK_MIN: f64 = 0.9;

/// When phones ask for papers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Papers {
    /// As ours do: all of them once the round is armed.
    Early,
    /// As they must not: each at the moment of its cast.
    AtTheCast,
}

/// A hall whose order is known: voters are numbered as they asked for papers, and cast in another order.
pub struct Seen {
    pub hall: Hall,
    pub frames: Frames,
    /// The voters in the order of casting.
    pub cast: Vec<Voter>,
}

impl Seen {
    pub async fn hall(servers: Vec<Server>, seed: u64, papers: Papers) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let (mut hall, mut seated) = Hall::arms(servers, VOTERS).await;
        seated.shuffle(&mut rng);
        let frames = Frames::of(&hall, Some(&seated[0].2)).await;
        let mut cast: Vec<Voter> = (0..seated.len()).collect();
        if papers == Papers::Early {
            for seated in seated {
                hall.gets_papers(seated).await;
            }
            hall.opens_round().await;
            cast.shuffle(&mut rng);
            for voter in &cast {
                hall.casts_now(*voter).await;
            }
        } else {
            hall.opens_round().await;
            for (voter, seated) in seated.into_iter().enumerate() {
                hall.gets_papers(seated).await;
                hall.casts_now(voter).await;
            }
        }
        Self { hall, frames, cast }
    }

    /// τ between the order of casting and the order in which the sheets stand in these bytes, which have all of them.
    pub fn tau_in(&self, bytes: &[u8]) -> f64 {
        let stands = evidence::order_in(bytes, &self.hall);
        assert_eq!(stands.len(), self.cast.len(), "every sheet is there");
        let place = |voter: &Voter| stands.iter().position(|stands| stands == voter).unwrap();
        kendall_tau(&self.cast.iter().map(place).collect::<Vec<_>>())
    }

    pub fn groups(&self) -> Vec<String> {
        self.hall.voters.iter().map(|voter| voter.group.clone()).collect()
    }

    /// What only one voter has: on the side of the seat, and on the side of the ballots.
    fn pieces(&self) -> [Pieces; 2] {
        let seats = self.hall.voters.iter().map(|voter| {
            let code = &self.hall.handout.codes.iter().find(|code| code.seat == voter.seat).unwrap().code;
            let digests = [secret::credential_digest(&voter.credential), secret::slip_digest(code)];
            let blinded = voter.blinded.iter().map(|z| data_encoding::BASE64URL_NOPAD.decode(z.as_bytes()).unwrap());
            let raw = blinded.chain(digests.map(|digest| digest.to_vec()));
            let typed = [&voter.credential, code].map(|text| Spelling::typed(text));
            raw.flat_map(|value| Spelling::all_of(&value)).chain(typed).collect()
        });
        let ballots = self.hall.voters.iter().map(|voter| {
            let opinions = voter.opinions.iter().flat_map(of_opinion);
            // As they lie at Redis: so much of each that no other one begins like it.
            let sealed = self.hall.sealed(voter).into_iter().flat_map(|sealed| Spelling::all_of(&sealed[..48]));
            voter.ballots.iter().flat_map(of_ballot).chain(opinions).chain(sealed).collect()
        });
        [Pieces::of(&seats.collect::<Vec<_>>()), Pieces::of(&ballots.collect::<Vec<_>>())]
    }

    /// Searches everything for what joins a voter and a ballot by value.
    pub fn by_value(&self, found: &mut ByValue, things: &[Thing]) {
        let [seats, ballots] = self.pieces();
        for thing in things {
            found.search(&thing.name, &thing.bytes, &seats, &ballots);
        }
    }

    /// A thing that leaks: each seat's digest beside what its phone cast.
    pub fn leak(&self) -> Vec<Thing> {
        let row = |voter: &std::sync::Arc<crate::redis::hall::Voter>| {
            [secret::credential_digest(&voter.credential).to_vec(), voter.ballots[0].pk.to_vec()].concat()
        };
        vec![Thing { name: "a leak".to_owned(), bytes: self.hall.voters.iter().flat_map(row).collect() }]
    }

    /// What a store that appends would hold.
    pub fn appended(&self) -> Vec<Vec<u8>> {
        self.cast.iter().flat_map(|voter| self.hall.voters[*voter].ballots.iter().map(Ballot::encode)).collect()
    }
}

fn of_ballot(ballot: &Ballot) -> Vec<Spelling> {
    let leaf = ballot.leaf();
    let values: [&[u8]; 4] = [&ballot.pk, &ballot.token, &ballot.signature, &leaf];
    values.into_iter().flat_map(Spelling::all_of).collect()
}

fn of_opinion(opinion: &Opinion) -> Vec<Spelling> {
    let leaf = opinion.leaf();
    let values: [&[u8]; 2] = [&opinion.nonce, &leaf];
    values.into_iter().flat_map(Spelling::all_of).collect()
}

pub fn rate(linked: usize, of: usize) -> f64 {
    f64::from(u32::try_from(linked).unwrap()) / f64::from(u32::try_from(of).unwrap())
}

/// Prints one line of the table and holds it.
pub fn holds(attack: &str, seen: f64, bound: f64, on_a_leak: f64) {
    println!("| {attack} | {seen:.3} | {bound:.3} | {on_a_leak:.3} |");
    assert!(seen.abs() <= bound, "{attack}: {seen} where chance allows {bound}");
    assert!(on_a_leak > LEAK_MIN, "{attack} finds no more than {on_a_leak} where it must find all");
}

pub fn value_holds(store: &str, found: &ByValue, leak: &ByValue) {
    let [of_ballots, of_seats] = found.hold;
    assert!(of_ballots > 0 && of_seats > 0, "the search finds what is there: {:?}", found.hold);
    assert_eq!(found.joins, 0, "{:?} joins", found.first);
    let attack = format!("{store}: value, {} things, {of_ballots} with ballots, {of_seats} with seats", found.searched);
    let everybody = usize::try_from(VOTERS).unwrap();
    holds(&attack, rate(found.linked(), everybody), 0.0, rate(leak.linked(), everybody));
}

pub fn chance(seen: &Seen) -> f64 {
    let groups = seen.groups();
    let (by_chance, sigma) = Groups { groups: &groups }.by_chance();
    (by_chance + 3.0 * sigma) / f64::from(VOTERS)
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_s50_the_operator_of_one_server_links_no_voter_and_no_ballot() {
    let (mut value, mut leak) = (ByValue::default(), ByValue::default());
    let (mut tau, mut by_time, mut bound) = (0.0, 0.0, 0.0);
    for seed in 0..HALLS {
        let seen = Seen::hall(vec![Server::start_talkative(None)], seed, Papers::Early).await;
        let mut things = evidence::of_servers(&seen.hall);
        things.extend(seen.frames.things());
        seen.by_value(&mut value, &things);
        seen.by_value(&mut leak, &seen.leak());
        let boxes = evidence::boxes(&seen.hall);
        tau += seen.tau_in(&boxes) / 5.0;
        let asked = evidence::asked_by_the_wal(&seen.hall);
        assert_eq!(asked, (0..seen.cast.len()).collect::<Vec<_>>(), "the WAL tells who asked for papers when");
        let groups = seen.groups();
        let linked = Groups { groups: &groups }.linked_in_step(&asked, &evidence::order_in(&boxes, &seen.hall));
        by_time += rate(linked, seen.cast.len()) / 5.0;
        bound = chance(&seen);
    }
    let late = Seen::hall(vec![Server::start_talkative(None)], HALLS, Papers::AtTheCast).await;
    let appended = late.appended().concat();
    let (groups, asked) = (late.groups(), evidence::asked_by_the_wal(&late.hall));
    let late_links = Groups { groups: &groups }.linked_in_step(&asked, &evidence::order_in(&appended, &late.hall));
    value_holds("local", &value, &leak);
    holds("local: order, τ of the box file", tau, 3.0 * tau_sigma(VOTERS), late.tau_in(&appended));
    holds("local: time, WAL of the papers against the box file", by_time, bound, rate(late_links, late.cast.len()));
}
