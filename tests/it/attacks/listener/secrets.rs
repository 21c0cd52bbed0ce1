//! What nobody who listens may find, as those know it who have it, and a search for it in each of its spellings.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::BASE64URL_NOPAD;
use pingyi::protocol::{Join, OpenSession, Papers};
use pingyi_rules::ballot::Batch;

use super::meeting::{Hall, Meeting};
use super::opened::Spoken;
use super::strings::Keys;
use super::{Heard, PUBLIC};
use crate::attacks::links::{Pieces, Spelling};

type Kind = &'static str;

/// Secrets by their number.
#[derive(Default)]
pub struct Secrets {
    known: BTreeSet<(Kind, Vec<u8>)>,
    kinds: Vec<Kind>,
    spellings: Vec<Vec<Spelling>>,
}

/// How many secrets of each kind.
pub type Counts = BTreeMap<Kind, usize>;

impl Secrets {
    pub fn of(meeting: &Meeting, hall: &Hall, spoken: &[Spoken]) -> Self {
        let mut secrets = Self::default();
        let Keys { links, sessions, credentials, slips, operator } = known_keys(meeting, hall, spoken);
        let tokens =
            [("a link", links), ("a session", sessions), ("a credential", credentials), ("an operator key", operator)];
        for (kind, texts) in tokens {
            texts.iter().for_each(|text| secrets.token(kind, text));
        }
        slips.iter().for_each(|slip| secrets.add("a slip", slip.as_bytes(), [Spelling::typed(slip)]));
        // A sheet is JSON in a cast, and a ballot's answer is JSON in a text of it.
        let begins = [r#"\"v\":\"canary"#, r#""v":"canary"#];
        secrets.add("an answer", b"canary", begins.map(Spelling::sentence));
        for papers in spoken.iter().filter(|spoken| spoken.asks_for_papers()) {
            for text in [&papers.asked, &papers.answered] {
                let papers: Papers = serde_json::from_slice(text).unwrap();
                papers.papers.iter().for_each(|paper| secrets.bytes("a blinded paper", &from_base64url(&paper.z)));
            }
        }
        spoken.iter().filter(|spoken| spoken.is_cast()).for_each(|cast| secrets.cast(cast));
        secrets
    }

    fn cast(&mut self, cast: &Spoken) {
        let batch = cast.batch();
        self.bytes("a salt", &batch.salt);
        for ballot in &batch.ballots {
            self.bytes("a leaf", &ballot.leaf());
            self.bytes("a ballot's key", &ballot.pk);
            self.bytes("a token", &ballot.token);
            self.bytes("a ballot's signature", &ballot.signature);
        }
        for opinion in &batch.opinions {
            self.bytes("a leaf", &opinion.leaf());
            self.bytes("an opinion's nonce", &opinion.nonce);
            self.add("an opinion", opinion.text.as_bytes(), [Spelling::sentence(&opinion.text)]);
        }
        for item in cast.items() {
            self.bytes("a receipt", &from_base64url(&item.receipt.unwrap()));
        }
    }

    fn token(&mut self, kind: Kind, text: &str) {
        let [raw, _, hex] = Spelling::all_of(&from_base64url(text));
        self.add(kind, text.as_bytes(), [raw, hex, Spelling::typed(text)]);
    }

    fn bytes(&mut self, kind: Kind, value: &[u8]) {
        self.add(kind, value, Spelling::all_of(value));
    }

    fn add(&mut self, kind: Kind, value: &[u8], spellings: impl Into<Vec<Spelling>>) {
        if self.known.insert((kind, value.to_vec())) {
            self.kinds.push(kind);
            self.spellings.push(spellings.into());
        }
    }

    /// All of them.
    pub fn count(&self) -> Counts {
        self.counted(0..self.kinds.len())
    }

    fn counted(&self, which: impl IntoIterator<Item = usize>) -> Counts {
        let mut counts = Counts::new();
        which.into_iter().for_each(|secret| *counts.entry(self.kinds[secret]).or_default() += 1);
        counts
    }

    /// Those that somebody reads in there. What is published holds leaves, and may.
    pub fn read_in(&self, heard: &[Heard]) -> Counts {
        let pieces = Pieces::of(&self.spellings);
        let mut read = BTreeSet::new();
        for heard in heard {
            let may = |secret: &usize| heard.door == PUBLIC && self.kinds[*secret] == "a leaf";
            let found = pieces.found_in(&heard.bytes).into_iter().map(|(_, secret)| secret);
            read.extend(found.filter(|secret| !may(secret)));
        }
        self.counted(read)
    }
}

fn from_base64url(text: &str) -> Vec<u8> {
    BASE64URL_NOPAD.decode(text.as_bytes()).unwrap()
}

/// All that opens something in this meeting.
pub fn known_keys(meeting: &Meeting, hall: &Hall, spoken: &[Spoken]) -> Keys {
    let mut keys = Keys::default();
    keys.operator.insert(meeting.operator.clone());
    keys.links.extend(meeting.handout.capabilities.iter().map(|(_, link)| link.clone()));
    keys.slips.extend(meeting.handout.codes.iter().map(|code| code.code.clone()));
    keys.slips.insert(hall.new_slip.clone());
    for spoken in spoken {
        if let Ok(Join { credential, .. }) = serde_json::from_slice(&spoken.asked) {
            keys.credentials.insert(credential);
        }
        if let Ok(OpenSession { session, .. }) = serde_json::from_slice(&spoken.asked) {
            keys.sessions.insert(session);
        }
    }
    keys
}

/// The sheets in the order in which they were first cast.
pub fn first_casts(spoken: &[Spoken]) -> Vec<Batch> {
    let mut known = BTreeSet::new();
    let batches = spoken.iter().filter(|spoken| spoken.is_cast()).map(Spoken::batch);
    batches.filter(|batch| known.insert(batch.salt)).collect()
}
