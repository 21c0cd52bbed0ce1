//! Giving out links of roles and taking them back. The store keeps what a link opens; the meeting knows which links there are,
//! and that is what counts: a store that lost its history may remember a link that was withdrawn.

use serde::{Deserialize, Serialize};

use crate::channel;
use crate::clock::now_ms;
use crate::creation::Handout;
use crate::hub::NotDone;
use crate::role::Role;
use crate::secret;
use crate::store::{Digest, Replaced, Store, StoreError, Stored};
use pingyi_rules::meeting::{Command, Link, LinkOccasion, LinkRole, Meeting};

/// How often it is tried again after somebody else changed the meeting first.
const STALE_TRIES_MAX: u32 = 5;

/// `GET /api/meetings/{id}/links` with the operator key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkList {
    /// Those that were not withdrawn, the oldest first; at most 20 a role.
    pub links: Vec<Link>,
}

/// `POST /api/meetings/{id}/links` with the operator key: one more link for a role, which is answered as a [`Handout`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskLink {
    /// Whose.
    pub role: LinkRole,
}

/// `POST /api/meetings/{id}/links/withdraw` with the operator key: it opens nothing any more, and what was opened with it ends.
/// Safe to repeat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithdrawLink {
    /// Its id.
    pub link: String,
}

impl From<LinkRole> for Role {
    fn from(role: LinkRole) -> Self {
        match role {
            LinkRole::Chair => Self::Chair,
            LinkRole::Projector => Self::Projector,
            LinkRole::Teller => Self::Teller,
            LinkRole::Scrutineer => Self::Scrutineer,
        }
    }
}

/// The role as a meeting calls it; nothing for a phone, which enters by a slip.
pub(crate) const fn role_of(role: Role) -> Option<LinkRole> {
    match role {
        Role::Voter => None,
        Role::Chair => Some(LinkRole::Chair),
        Role::Projector => Some(LinkRole::Projector),
        Role::Teller => Some(LinkRole::Teller),
        Role::Scrutineer => Some(LinkRole::Scrutineer),
    }
}

/// Links that a meeting was made with, or had before they were noted.
#[must_use]
pub fn of_creation(capabilities: &[(Role, Digest)]) -> Vec<Link> {
    let link = |(role, capability): &(Role, Digest)| {
        let (id, occasion) = (secret::link_id(capability), LinkOccasion::Creation);
        Some(Link { id, role: role_of(*role)?, occasion, at_ms: None, is_replaced: false })
    };
    capabilities.iter().filter_map(link).collect()
}

fn broken(what: &str) -> NotDone {
    NotDone::Store(StoreError::Broken(what.to_owned()))
}

async fn load(store: &dyn Store, meeting: &str) -> Result<Stored, NotDone> {
    store.load(meeting).await.map_err(NotDone::Store)?.ok_or_else(|| broken("there is no such meeting"))
}

/// The links of a meeting that were not withdrawn, the oldest first.
///
/// # Errors
/// [`NotDone`].
pub async fn list(store: &dyn Store, meeting: &str) -> Result<Vec<Link>, NotDone> {
    match load(store, meeting).await?.meeting.links.0 {
        Some(links) => Ok(links),
        None => Ok(of_creation(&store.links(meeting).await.map_err(NotDone::Store)?)),
    }
}

/// A new link for each of some roles, of which only what is answered has the secrets.
///
/// # Errors
/// [`NotDone`]; [`Refusal::TooManyLinks`](pingyi_rules::meeting::Refusal::TooManyLinks) among it.
pub async fn give(
    store: &dyn Store,
    meeting: &str,
    roles: &[LinkRole],
    occasion: LinkOccasion,
) -> Result<Handout, NotDone> {
    let mut capabilities = Vec::with_capacity(roles.len());
    for role in roles {
        let given = secret::token().map_err(|_| broken("the system gives no randomness"))?;
        let capability = secret::capability_digest(&given);
        let (id, at_ms) = (secret::link_id(&capability), Some(now_ms()));
        let link = Link { id, role: *role, occasion, at_ms, is_replaced: false };
        let after = note(store, meeting, &Command::GiveLink { link }).await?;
        clear(store, &after).await?;
        store.add_link(meeting, (*role).into(), capability).await.map_err(NotDone::Store)?;
        capabilities.push(((*role).into(), given));
    }
    let key_hash = channel::hash_for(store.secret(), meeting);
    Ok(Handout { meeting: meeting.to_owned(), key_hash, capabilities, codes: Vec::new() })
}

/// Takes a link back: it opens nothing any more, and what was opened with it ends within a second on every server.
///
/// # Errors
/// [`NotDone`]; [`Refusal::UnknownLink`](pingyi_rules::meeting::Refusal::UnknownLink) among it.
pub async fn withdraw(store: &dyn Store, meeting: &str, link: &str) -> Result<(), NotDone> {
    let after = note(store, meeting, &Command::WithdrawLink { link: link.to_owned() }).await?;
    clear(store, &after).await
}

/// The store forgets what opens nothing any more, so that its list has room for what does.
async fn clear(store: &dyn Store, meeting: &Meeting) -> Result<(), NotDone> {
    for (_, capability) in store.links(&meeting.id).await.map_err(NotDone::Store)? {
        if !meeting.links.admit(&secret::link_id(&capability)) {
            store.remove_link(&meeting.id, capability).await.map_err(NotDone::Store)?;
        }
    }
    Ok(())
}

/// Changes the meeting as another server would: whoever watches it follows.
async fn note(store: &dyn Store, meeting: &str, command: &Command) -> Result<Meeting, NotDone> {
    for _ in 0..STALE_TRIES_MAX {
        let Stored { meeting: mut next, version, .. } = load(store, meeting).await?;
        if next.links.are_unknown() {
            let links = of_creation(&store.links(meeting).await.map_err(NotDone::Store)?);
            next = next.apply(&Command::NoteLinks { links }, now_ms()).map_err(NotDone::Refused)?;
        }
        next = next.apply(command, now_ms()).map_err(NotDone::Refused)?;
        match store.replace(version, &next).await.map_err(NotDone::Store)? {
            Replaced::Now(_) => return Ok(next),
            Replaced::Stale => {}
            Replaced::Unknown => return Err(broken("there is no such meeting")),
        }
    }
    Err(broken("the meeting changes too often"))
}
