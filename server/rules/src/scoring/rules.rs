//! The scoring rules of a meeting, as they are frozen into the manifest: integers and strings only, no nulls, no floats.
//! It holds choices, not arithmetic; whether a choice makes sense is `fault`'s question.

use serde::{Deserialize, Serialize};

/// How marks become scores. The default is the plainest table: two decimals, abstentions out, no bands, no quota.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// Decimals of means and scores, 0 to 4. A table with a small group prints one at most.
    pub decimals: u32,
    /// What a row counts that nobody marked, or that is marked as an abstention.
    pub abstain: RowPolicy,
    /// What a row counts that is marked 不了解.
    pub unknown: RowPolicy,
    /// Weights of the items in basis points, in their order, adding up to 10,000; empty where a row is one overall mark.
    pub item_weights_bp: Vec<u32>,
    /// What happens to a row with an item left open.
    pub missing_item: MissingItem,
    /// Whether extremes are dropped from a group's rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trim: Option<Trim>,
    /// What a group without a counted row does to the score.
    pub missing_group: MissingGroup,
    /// What decides between equal printed scores, in order; with none of it they share a rank.
    pub tie_breaks: Vec<TieBreak>,
    /// Suggested grades by score, best first; empty for no suggestion.
    pub bands: Vec<Band>,
    /// How many may get the best grade.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quota: Option<Quota>,
    /// Other components that the score is combined with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub combination: Option<Combination>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            decimals: 2,
            abstain: RowPolicy::Exclude,
            unknown: RowPolicy::Exclude,
            item_weights_bp: Vec::new(),
            missing_item: MissingItem::Require,
            trim: None,
            missing_group: MissingGroup::Renormalise,
            tie_breaks: Vec::new(),
            bands: Vec::new(),
            quota: None,
            combination: None,
        }
    }
}

/// What a row without a grade counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowPolicy {
    /// It leaves the denominator.
    Exclude,
    /// It counts as this many hundredths of a point.
    PointsHundredths(u32),
}

/// What happens to a row in which an applicable item is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingItem {
    /// The row is void.
    Require,
    /// The other items share its weight.
    Renormalise,
}

/// Drops one highest and one lowest row of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trim {
    /// Only where the group has more counted rows than this; at least 2, so that a row is left.
    pub more_than_rows: u32,
}

/// What a group without a counted row does to the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingGroup {
    /// The other groups share its weight, and the print says so.
    Renormalise,
    /// It counts as zero points with its full weight.
    Zero,
    /// The subject gets no score.
    Block,
}

/// What decides between equal printed scores; always on the printed value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieBreak {
    /// The higher mean of the group of this id.
    GroupMean(String),
    /// The higher rate of the top mark.
    TopRate,
}

/// A suggested grade and the printed score from which it begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// As `hao`; unique among the bands.
    pub id: String,
    /// As `好`.
    pub label: String,
    /// As `Good`; empty where the meeting has no English.
    pub label_en: String,
    /// The lowest printed score of the band, in hundredths, inclusive; the last band begins at 0.
    pub from_hundredths: u32,
}

/// How many may get the best grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// The share, from above or from below.
    pub limit: QuotaLimit,
    /// How a fraction of a subject is rounded.
    pub rounding: QuotaRounding,
}

/// A share of the subjects in basis points, 0 to 10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaLimit {
    /// At least this share is below the best grade; the rounding is of the number below.
    MinBelowTopBp(u32),
    /// At most this share has the best grade; the rounding is of the number at the top.
    MaxTopBp(u32),
}

/// How a fraction of a subject is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaRounding {
    /// Down.
    Floor,
    /// One half and more goes up.
    HalfUp,
    /// Up.
    Ceil,
}

/// How the printed score is combined with imported components: `Σ share × component`, then adjustments, gates and quota.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Combination {
    /// The share of the evaluation's own score in basis points; all shares add up to 10,000.
    pub evaluation_share_bp: u32,
    /// The other components, at most 16.
    pub components: Vec<Component>,
    /// Conditions that cap the grade, at most 16.
    pub gates: Vec<Gate>,
}

/// One imported component, as the daily appraisal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// As `平时考核`, 1 to 40 characters.
    pub name: String,
    /// Its share in basis points.
    pub share_bp: u32,
}

/// Caps the grade of a subject whose component is too low.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// 0 is the evaluation's own score, from 1 the components in their order.
    pub component: u32,
    /// The gate closes below this many hundredths of a point.
    pub below_hundredths: u32,
    /// The best band still possible then: 0 is the best of all, 1 the second.
    pub best_band: u32,
}
