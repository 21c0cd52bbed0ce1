//! Counting without servers: what is known of each, which the chair's page only names.

use super::Preparer;
use crate::hub::NotDone;
use pingyi_rules::meeting::round::LeftOutServer;
use pingyi_rules::meeting::{Command, Refusal};

impl Preparer<'_> {
    /// The command to count without servers, with what is known of them; a server that nobody waits for is not left out.
    pub(super) fn doing_without(&self, round: u32, servers: &[String]) -> Result<Command, NotDone> {
        let kept = self.meeting.round(round).map(|round| round.closed_without.clone()).unwrap_or_default();
        let left_out = |server: &String| {
            let before = kept.iter().find(|left| left.server == *server).cloned();
            let missing = self.missing.iter().find(|missing| missing.server == *server);
            before.or_else(|| {
                missing.map(|missing| LeftOutServer {
                    server: missing.server.clone(),
                    name: missing.name.chars().take(80).collect(),
                    sheets: missing.sheets,
                })
            })
        };
        let servers: Vec<LeftOutServer> = servers.iter().filter_map(left_out).collect();
        if servers.is_empty() {
            return Err(NotDone::Refused(Refusal::OutOfRange));
        }
        Ok(Command::CloseWithout { round, servers })
    }
}
