//! The form: what a sheet asks of a voter, and what a sheet must satisfy. The plan of a meeting and the manifest of a round both
//! say it in these words. Pure, with `scoring` alone below it: it knows no meeting, no ballot and no key.

pub mod answer;
pub mod conduct;
pub mod items;
pub mod overall;
pub mod scale;
pub mod sheet_rules;

pub use answer::{ABSTAIN, Answer};
pub use conduct::{Live, OwnBranch};
pub use items::Item;
pub use scale::{Mark, MarkKind};
pub use sheet_rules::SheetRules;
