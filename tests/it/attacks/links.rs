//! The arithmetic of linking: how often a guess who cast a ballot is right, and how often it is by chance.

use std::collections::HashMap;

/// The shortest common piece that is no coincidence, and the letters that it has in base64url and in hex.
const PIECE_BYTES: usize = 8;
const PIECE_IN_BASE64: usize = 11;
const PIECE_IN_HEX: usize = 16;

/// A guess or a truth: which voter, by the place in the hall.
pub type Voter = usize;

/// Kendall's τ between the order of casting and that of some places; equal places count neither way.
pub fn kendall_tau(places: &[usize]) -> f64 {
    let (mut sum, mut pairs) = (0i32, 0i32);
    for (at, first) in places.iter().enumerate() {
        for second in &places[at + 1..] {
            sum += match first.cmp(second) {
                std::cmp::Ordering::Less => 1,
                std::cmp::Ordering::Equal => 0,
                std::cmp::Ordering::Greater => -1,
            };
            pairs += 1;
        }
    }
    f64::from(sum) / f64::from(pairs.max(1))
}

/// σ of τ where there is no order, for so many ballots.
pub fn tau_sigma(ballots: u32) -> f64 {
    let n = f64::from(ballots);
    (2.0 * (2.0 * n + 5.0) / (9.0 * n * (n - 1.0))).sqrt()
}

/// Voters of one hall, with what tells them apart.
pub struct Hall<'a> {
    /// The group of each voter, which ballots and seats both tell.
    pub groups: &'a [String],
}

impl Hall<'_> {
    /// How many are linked rightly by somebody with two lists in order: who asked for papers, and whose ballots came (which is
    /// the truth that the attacker does not know). Within a group the first is taken for the first.
    pub fn linked_in_step(&self, asked: &[Voter], came: &[Voter]) -> usize {
        self.by_group(asked, came, |asked, came| asked.iter().zip(came).filter(|(guess, truth)| guess == truth).count())
    }

    /// The same where every ballot is taken for that of who asked last before it and is not taken yet; `asked` and `came` have
    /// the moments.
    pub fn linked_to_last(&self, asked: &[(usize, Voter)], came: &[(usize, Voter)]) -> usize {
        let mut right = 0;
        for group in self.names() {
            let of = |list: &[(usize, Voter)]| -> Vec<(usize, Voter)> {
                list.iter().filter(|(_, voter)| self.groups[*voter] == *group).copied().collect()
            };
            let mut free = of(asked);
            for (moment, truth) in of(came) {
                let Some(last) = free.iter().rposition(|(before, _)| *before < moment) else { continue };
                right += usize::from(free.remove(last).1 == truth);
            }
        }
        right
    }

    /// How many a guess within the group links rightly, and σ of that number in one hall: one for each group, as of any
    /// random permutation, whatever its size.
    pub fn by_chance(&self) -> (f64, f64) {
        let groups = u32::try_from(self.names().len()).unwrap();
        (f64::from(groups), f64::from(groups).sqrt())
    }

    fn names(&self) -> Vec<&String> {
        let mut names: Vec<&String> = self.groups.iter().collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn by_group(&self, asked: &[Voter], came: &[Voter], right: impl Fn(&[Voter], &[Voter]) -> usize) -> usize {
        let of = |list: &[Voter], group: &String| -> Vec<Voter> {
            list.iter().filter(|voter| self.groups[**voter] == *group).copied().collect()
        };
        self.names().into_iter().map(|group| right(&of(asked, group), &of(came, group))).sum()
    }
}

/// A value in one of its spellings, and how much of it is a piece.
pub struct Spelling {
    bytes: Vec<u8>,
    piece: usize,
}

impl Spelling {
    /// As bytes, as it travels, and in hex. A piece is eight bytes of the value in each: eight hex digits are only four, which
    /// thousands of values have in common by chance.
    pub fn all_of(value: &[u8]) -> [Self; 3] {
        let sent = data_encoding::BASE64URL_NOPAD.encode(value).into_bytes();
        let hex = data_encoding::HEXLOWER.encode(value).into_bytes();
        [(value.to_vec(), PIECE_BYTES), (sent, PIECE_IN_BASE64), (hex, PIECE_IN_HEX)]
            .map(|(bytes, piece)| Self { bytes, piece })
    }

    /// What people or phones type: base64url, or a code that is taken whole where it is shorter.
    pub fn typed(text: &str) -> Self {
        Self { piece: PIECE_IN_BASE64.min(text.len()), bytes: text.as_bytes().to_vec() }
    }

    /// A sentence, of which parts stand in other texts as well: taken whole.
    pub fn sentence(text: &str) -> Self {
        Self { piece: text.len(), bytes: text.as_bytes().to_vec() }
    }
}

/// What only one voter has on either side, in pieces: by the first bytes of each, whose it is and how it goes on.
pub struct Pieces(HashMap<[u8; PIECE_BYTES], (Voter, Vec<u8>)>);

impl Pieces {
    /// Of the secrets of each voter, in the order of voters.
    pub fn of(secrets: &[Vec<Spelling>]) -> Self {
        let mut pieces = HashMap::new();
        for (voter, secrets) in secrets.iter().enumerate() {
            for piece in secrets.iter().flat_map(|secret| secret.bytes.windows(secret.piece)) {
                let (begins, goes_on) = piece.split_at(PIECE_BYTES);
                pieces.insert(begins.try_into().unwrap(), (voter, goes_on.to_vec()));
            }
        }
        Self(pieces)
    }

    /// Where pieces stand in there, and whose they are.
    pub fn found_in(&self, bytes: &[u8]) -> Vec<(usize, Voter)> {
        let found = |at: usize| {
            let (voter, goes_on) = self.0.get(&bytes[at..at + PIECE_BYTES])?;
            bytes[at + PIECE_BYTES..].starts_with(goes_on).then_some((at, *voter))
        };
        (0..(bytes.len() + 1).saturating_sub(PIECE_BYTES)).filter_map(found).collect()
    }
}

/// What joins by value: things that name a voter beside a ballot, and how many ballots are linked rightly to the voter that
/// stands nearest.
#[derive(Default)]
pub struct ByValue {
    /// Things that were searched.
    pub searched: usize,
    /// Of them those that hold something of a ballot, and of a seat.
    pub hold: [usize; 2],
    /// Of them those that hold both.
    pub joins: usize,
    /// The first thing that does.
    pub first: Option<String>,
    linked: std::collections::HashSet<Voter>,
}

impl ByValue {
    pub fn search(&mut self, name: &str, bytes: &[u8], seats: &Pieces, ballots: &Pieces) {
        self.searched += 1;
        let (of_ballots, of_seats) = (ballots.found_in(bytes), seats.found_in(bytes));
        self.hold[0] += usize::from(!of_ballots.is_empty());
        self.hold[1] += usize::from(!of_seats.is_empty());
        if of_ballots.is_empty() || of_seats.is_empty() {
            return;
        }
        self.joins += 1;
        self.first.get_or_insert_with(|| name.to_owned());
        for (at, truth) in of_ballots {
            // The voter who stands nearest is the guess.
            let after = of_seats.partition_point(|(place, _)| *place < at);
            let around = of_seats[after.saturating_sub(1)..].iter().take(2);
            let guess = around.min_by_key(|(place, _)| place.abs_diff(at)).map(|(_, voter)| *voter);
            if guess == Some(truth) {
                self.linked.insert(truth);
            }
        }
    }

    /// Voters with a ballot that was linked rightly.
    pub fn linked(&self) -> usize {
        self.linked.len()
    }
}
