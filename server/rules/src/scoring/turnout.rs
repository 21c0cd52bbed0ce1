//! How many of the entitled must be present for a meeting to count.
//! It knows head counts, not heads.

use serde::{Deserialize, Serialize};

/// A turnout rule: 超过 is strict, 不少于 is inclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnoutRule {
    /// No rule.
    #[default]
    None,
    /// 超过半数, > 1/2.
    MoreThanHalf,
    /// 不少于三分之二, ≥ 2/3.
    AtLeastTwoThirds,
    /// 超过三分之二, > 2/3.
    MoreThanTwoThirds,
    /// 不少于五分之四, ≥ 4/5.
    AtLeastFourFifths,
    /// 超过五分之四, > 4/5.
    MoreThanFourFifths,
}

impl TurnoutRule {
    /// Every rule, in the order of strictness.
    pub const ALL: [Self; 6] = [
        Self::None,
        Self::MoreThanHalf,
        Self::AtLeastTwoThirds,
        Self::MoreThanTwoThirds,
        Self::AtLeastFourFifths,
        Self::MoreThanFourFifths,
    ];

    /// The smallest number present that satisfies the rule, by integers alone: 2/3 of 9 is 6, never 7. Of nobody it is never
    /// more than one, which a strict rule needs and an empty roster cannot give.
    #[must_use]
    pub fn needed(self, entitled: u32) -> u32 {
        let (numerator, denominator, strict) = match self {
            Self::None => return 0,
            Self::MoreThanHalf => (1, 2, true),
            Self::AtLeastTwoThirds => (2, 3, false),
            Self::MoreThanTwoThirds => (2, 3, true),
            Self::AtLeastFourFifths => (4, 5, false),
            Self::MoreThanFourFifths => (4, 5, true),
        };
        let share = u64::from(entitled) * numerator;
        let needed = if strict { share / denominator + 1 } else { share.div_ceil(denominator) };
        // At most `entitled`, or 1 where nobody is entitled: it fits.
        u32::try_from(needed).unwrap_or(u32::MAX)
    }

    /// Whether so many present are enough.
    #[must_use]
    pub fn is_reached(self, entitled: u32, present: u32) -> bool {
        present >= self.needed(entitled)
    }
}
