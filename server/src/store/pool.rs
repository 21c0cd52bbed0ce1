//! The pool rule of a live tally, on counts alone: how many ballots of each contest and answer are pending, and how many were
//! released. Which one of equal ballots was released makes no difference to whoever looks at a tally, so nothing says it of any
//! ballot: a flag beside each would part the early ones from the last few (rule s142).

use std::collections::BTreeMap;

use rand::RngExt as _;

use super::Released;
use pingyi_rules::ballot::cast::ANSWER_BYTES_MAX;
use pingyi_rules::meeting::plan::Plan;

/// Answers that the least table has room for: more than any scale of grades.
const ANSWERS_MIN: u32 = 32;
/// An answer in a table: its length, and the longest.
const ANSWER_BYTES: usize = 1 + ANSWER_BYTES_MAX;

/// How large a table of counts is, whatever is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TableSize {
    /// Contests: 0, which has no counts, and less than this.
    pub(super) contests: u32,
    /// Different answers of all contests together.
    pub(super) answers: u32,
}

impl TableSize {
    /// The table of a round with so many contests, the sheet's included.
    pub(super) fn of(plan: &Plan, contests: u32) -> Self {
        let scales = plan.forms.iter().map(|form| form.scale.len()).chain([plan.scale.len()]);
        let most = scales.max().unwrap_or_default();
        // A row that nobody marked is an answer too.
        let answers = u32::try_from(most + 1).unwrap_or(ANSWERS_MIN).max(ANSWERS_MIN);
        Self { contests, answers }
    }

    /// Bytes of each table of this size.
    pub(super) fn bytes(self) -> usize {
        2 + self.answers as usize * (ANSWER_BYTES + 4 * self.contests as usize)
    }

    /// The largest table of so many contests that is in so many bytes.
    pub(super) fn within(contests: u32, bytes: usize) -> Self {
        let answers = bytes.saturating_sub(2) / (ANSWER_BYTES + 4 * contests as usize);
        Self { contests, answers: u32::try_from(answers).unwrap_or(0) }
    }

    /// Writes counts in this many bytes, whatever they are; none where the table has no room for them.
    pub(super) fn write(self, counts: &Released) -> Option<Vec<u8>> {
        let mut answers: Vec<&str> = counts.contests.values().flat_map(|of| of.keys().map(String::as_str)).collect();
        answers.sort_unstable();
        answers.dedup();
        if answers.len() > self.answers as usize {
            return None;
        }
        let mut bytes = vec![0; self.bytes()];
        bytes[..2].copy_from_slice(&u16::try_from(answers.len()).ok()?.to_le_bytes());
        let (words, numbers) = bytes[2..].split_at_mut(self.answers as usize * ANSWER_BYTES);
        for (place, answer) in words.chunks_exact_mut(ANSWER_BYTES).zip(&answers) {
            place[0] = u8::try_from(answer.len()).ok().filter(|length| usize::from(*length) < ANSWER_BYTES)?;
            place[1..=answer.len()].copy_from_slice(answer.as_bytes());
        }
        for (contest, of) in &counts.contests {
            let row = numbers.chunks_exact_mut(4 * self.answers as usize).nth(usize::from(*contest))?;
            for (answer, count) in of {
                let at = answers.binary_search(&answer.as_str()).ok()?;
                row[4 * at..4 * at + 4].copy_from_slice(&count.to_le_bytes());
            }
        }
        Some(bytes)
    }

    /// Reads what [`write`](Self::write) wrote; none for anything else.
    pub(super) fn read(self, bytes: &[u8]) -> Option<Released> {
        let (length, rest) = bytes.get(..self.bytes())?.split_first_chunk::<2>()?;
        let (words, numbers) = rest.split_at_checked(self.answers as usize * ANSWER_BYTES)?;
        let word = |place: &[u8]| {
            let word = place.get(1..1 + usize::from(place[0]))?;
            String::from_utf8(word.to_vec()).ok()
        };
        let written = words.chunks_exact(ANSWER_BYTES).take(usize::from(u16::from_le_bytes(*length)));
        let answers = written.map(word).collect::<Option<Vec<String>>>()?;
        let mut counts = Released::default();
        for (contest, row) in (0u16..).zip(numbers.chunks_exact(4 * self.answers as usize)) {
            for (answer, count) in answers.iter().zip(row.chunks_exact(4)) {
                let count = u32::from_le_bytes(count.try_into().ok()?);
                if count > 0 {
                    counts.contests.entry(contest).or_default().insert(answer.clone(), count);
                }
            }
        }
        Some(counts)
    }
}

/// What is pending, and what was released.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pool {
    pub(super) pending: Released,
    pub(super) released: Released,
}

impl Pool {
    /// One ballot more is pending.
    pub(super) fn add(&mut self, contest: u16, answer: &str) {
        add(&mut self.pending, contest, answer, 1);
    }

    /// Of the ballots that are pending these were released before.
    pub(super) fn has_released(&mut self, released: Released) {
        for (contest, of) in &released.contests {
            let Some(pending) = self.pending.contests.get_mut(contest) else { continue };
            for (answer, count) in of {
                let left = pending.get(answer).copied().unwrap_or(0).saturating_sub(*count);
                if left == 0 {
                    pending.remove(answer)
                } else {
                    pending.insert(answer.clone(), left)
                };
            }
        }
        self.released = released;
    }

    /// The pool rule: of each contest of which at least `2 × pool_k` ballots are pending all but `pool_k` are released, by a
    /// random choice. Whether any were.
    pub(super) fn let_out(&mut self, pool_k: u32) -> bool {
        let pool_k = pool_k.max(1);
        let mut any = false;
        for (contest, pending) in &mut self.pending.contests {
            let mut there: u32 = pending.values().sum();
            if there < pool_k.saturating_mul(2) {
                continue;
            }
            any = true;
            let mut stay: BTreeMap<String, u32> = BTreeMap::new();
            for _ in 0..pool_k {
                // Which of the ballots stays, counted through by answer: each is as likely as any other.
                let mut drawn = rand::rng().random_range(0..there);
                there -= 1;
                for (answer, count) in pending.iter_mut() {
                    if drawn < *count {
                        *count -= 1;
                        *stay.entry(answer.clone()).or_default() += 1;
                        break;
                    }
                    drawn -= *count;
                }
            }
            for (answer, count) in std::mem::replace(pending, stay) {
                add(&mut self.released, *contest, &answer, count);
            }
        }
        any
    }

    /// What was released and what is pending: all that there is.
    pub(super) fn everything(&self) -> Released {
        let mut all = self.released.clone();
        for (contest, of) in &self.pending.contests {
            of.iter().for_each(|(answer, count)| add(&mut all, *contest, answer, *count));
        }
        all
    }
}

fn add(counts: &mut Released, contest: u16, answer: &str, count: u32) {
    if count == 0 {
        return;
    }
    let of = counts.contests.entry(contest).or_default();
    match of.get_mut(answer) {
        Some(there) => *there += count,
        None => drop(of.insert(answer.to_owned(), count)),
    }
}
