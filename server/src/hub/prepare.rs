//! What the server adds to a wish before it can be carried out: keys and heads for a round that is armed, what is known of
//! servers that are left out, the record of a publication, what the box signed. It reads the store and the box, and changes no
//! meeting.

mod arming;
mod erasing;
mod leaving_out;
mod paper;
mod publishing;

use super::next_keys::NextKeys;
use super::{Hub, NotDone, reissued};
use crate::store::MissingServer;
use pingyi_rules::meeting::plan::Step;
use pingyi_rules::meeting::{Command, Meeting, Wish};
use pingyi_rules::scoring::Imported;

/// What wishes are prepared from, at one version of a meeting.
pub(super) struct Preparer<'a> {
    pub(super) hub: &'a Hub,
    pub(super) meeting: &'a Meeting,
    /// Keys for the round that is armed next, as far as they are made.
    pub(super) next_keys: Option<&'a NextKeys>,
    /// Servers that the count waits for.
    pub(super) missing: &'a [MissingServer],
}

impl Preparer<'_> {
    /// The command that a wish comes to.
    ///
    /// # Errors
    /// [`NotDone`], where what it needs is not there or does not allow it.
    pub(super) async fn command(&self, wish: Wish) -> Result<Command, NotDone> {
        Ok(match wish {
            Wish::Plain(wish) => Command::Plain(wish),
            Wish::Arm { round, small_groups } => self.arming(round, small_groups).await?,
            Wish::CloseWithout { round, servers } => self.doing_without(round, &servers)?,
            Wish::Confirm { round, number, asked } => self.confirming(round, number, asked).await?,
            Wish::AddStep { step_kind, subject, step, after, form } => {
                Command::AddStep { step: Step { id: step, kind: step_kind, subject, form }, after }
            }
            Wish::ErasePeople => self.erasing().await?,
            Wish::IssuePaper { round, group, sheets } => self.issuing_paper(round, group, sheets).await?,
            Wish::EnterPaper { round, group, by, entry } => self.entering_paper(round, group, by, entry)?,
            Wish::ImportComponents { round, rows } => {
                let imported: Vec<Imported> = rows.into_iter().map(Imported::from).collect();
                Command::ImportComponents { round, rows: u32::try_from(imported.len()).unwrap_or(u32::MAX), imported }
            }
            Wish::AskReissue { round, number, group, leads_subject, slip } => {
                reissued::asking(round, number, group, leads_subject, &slip, self.hub.store.secret())?
            }
        })
    }
}
