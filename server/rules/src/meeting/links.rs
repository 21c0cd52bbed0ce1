//! The links of a meeting's roles: which of them open a session, and which sessions stay. A link's secret is no part of a
//! meeting; here it is known by a few letters of its hash.

use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use super::{Command, Meeting};

/// Links of a role that are known at once, as many as a store keeps.
pub const LINKS_MAX: usize = 20;
/// Letters of a link's id: hexadecimal digits.
pub const LINK_ID_LETTERS: usize = 10;

/// Who enters with a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkRole {
    /// 主持人.
    Chair,
    /// 大屏.
    Projector,
    /// 计票人.
    Teller,
    /// 监票人.
    Scrutineer,
}

impl LinkRole {
    /// Its name in histories.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chair => "chair",
            Self::Projector => "projector",
            Self::Teller => "teller",
            Self::Scrutineer => "scrutineer",
        }
    }
}

/// On what occasion a link was given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkOccasion {
    /// When the meeting was made.
    Creation,
    /// When a server started, which prints the links of its meetings.
    Start,
    /// The operator asked for one more.
    Request,
}

/// A link that was given out and not withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The first letters of its hash.
    pub id: String,
    /// Who enters with it.
    pub role: LinkRole,
    /// On what occasion it was given out.
    pub occasion: LinkOccasion,
    /// When, in milliseconds since 1970; nothing for those of the meeting's creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_ms: Option<u64>,
    /// A later start printed another one: it opens nothing any more, and what was opened with it stays.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_replaced: bool,
}

/// The links of a meeting; nothing is known of those of a meeting from before they were noted, which are all good.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Links(pub Option<Vec<Link>>);

impl Links {
    /// Whether nothing is known of them.
    #[must_use]
    pub fn are_unknown(&self) -> bool {
        self.0.is_none()
    }

    /// Whether a link opens sessions.
    #[must_use]
    pub fn admit(&self, id: &str) -> bool {
        self.0.as_ref().is_none_or(|links| links.iter().any(|link| link.id == id && !link.is_replaced))
    }

    /// Whether what was opened with a link stays open.
    #[must_use]
    pub fn keep(&self, id: &str) -> bool {
        self.0.as_ref().is_none_or(|links| links.iter().any(|link| link.id == id))
    }
}

impl Meeting {
    /// Notes the links of a meeting from before they were noted.
    pub(super) fn note_links(&mut self, earlier: &[Link]) {
        self.links.0.get_or_insert_with(|| earlier.to_vec());
    }

    /// One more link. One of a start replaces those of earlier starts.
    pub(super) fn give_link(&mut self, given: &Link) -> Result<(), Refusal> {
        if given.id.len() != LINK_ID_LETTERS {
            return Err(Refusal::OutOfRange);
        }
        let links = self.links.0.get_or_insert_default();
        if links.iter().any(|link| link.id == given.id) {
            return Ok(());
        }
        let of_role = |link: &Link| link.role == given.role;
        if given.occasion == LinkOccasion::Start {
            let printed = links.iter_mut().filter(|link| link.occasion == LinkOccasion::Start && of_role(link));
            printed.for_each(|link| link.is_replaced = true);
        }
        if links.iter().filter(|link| of_role(link)).count() >= LINKS_MAX {
            // What was opened with the oldest replaced one ends, as where a role has too many sessions.
            let oldest = links.iter().position(|link| of_role(link) && link.is_replaced);
            links.remove(oldest.ok_or(Refusal::TooManyLinks)?);
        }
        links.push(given.clone());
        Ok(())
    }

    /// A link opens nothing any more, and what was opened with it ends.
    pub(super) fn withdraw_link(&mut self, id: &str) -> Result<(), Refusal> {
        let links = self.links.0.get_or_insert_default();
        if let Some(place) = links.iter().position(|link| link.id == id) {
            links.remove(place);
            return Ok(());
        }
        let was_withdrawn = |command: &Command| matches!(command, Command::WithdrawLink { link } if link == id);
        match self.history.iter().any(|entry| was_withdrawn(&entry.command)) {
            true => Ok(()),
            false => Err(Refusal::UnknownLink),
        }
    }
}
