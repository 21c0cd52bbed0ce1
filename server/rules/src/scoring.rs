//! Marks become means, scores, ranks and suggested grades here, on exact rationals; rounding happens only where a number is printed.
//! Pure, and below everything: no I/O, no clock, no randomness, nothing of the rest of the crate, and no floating point anywhere.
//!
//! The way of a number: [`GroupCount`] → counted rows (`rows`) → group mean (`mean`) → weighted score and table (`table`) →
//! rank (`rank`) → suggested grade (`grade`) → total with imported components (`combine`). [`Opened`] shows each step with its numbers.

mod combine;
mod exact;
mod fault;
mod grade;
mod mean;
mod opened;
mod percent;
mod published;
mod rank;
mod rows;
mod rules;
mod table;
mod turnout;

pub use combine::{Combined, Imported, combine, is_imported};
pub use exact::{Exact, exact_text, parse_decimal, printed, short_text};
pub use fault::RulesFault;
pub use grade::band_of_row;
pub use mean::{Mean, group_mean};
pub use opened::{Explanation, Opened};
pub use percent::{percent_text, percentages, share_opened};
pub use published::{Published, PublishedFigures, publish};
pub use rank::ranks;
pub use rows::{CountedRows, GroupCount, ItemAnswer, ItemRows, Worth, answers, counted_rows, item_row, row_value};
pub use rules::{
    Band, Combination, Component, Gate, MissingGroup, MissingItem, Quota, QuotaLimit, QuotaRounding, RowPolicy, Rules,
    TieBreak, Trim,
};
pub use table::{Flag, GroupScore, GroupWeight, ScoreTable, SmallGroupPolicy, SubjectCount, SubjectScore, score};
pub use turnout::TurnoutRule;
