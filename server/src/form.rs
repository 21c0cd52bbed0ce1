//! The form: what a sheet asks of a voter, and what a sheet must satisfy. The plan of a meeting and the manifest of a round both
//! say it in these words. Pure, with `scoring` alone below it: it knows no meeting, no ballot and no key.

pub mod answer;
pub mod overall;
pub mod sheet_rules;

pub use answer::{ABSTAIN, Answer};
pub use sheet_rules::SheetRules;
