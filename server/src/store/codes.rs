//! Codes on their way into a store: what proves an entitlement is a hash outside, and that hash under the servers' secret inside.
//! So each store puts what it is given under its secret before it looks at it (rule s100).

use std::collections::BTreeSet;

use super::{Claim, ClaimBy, NewMeeting, NewSlips};
use crate::server_secret::ServerSecret;

impl NewMeeting {
    pub(super) fn kept_under(mut self, secret: &ServerSecret) -> Self {
        self.seats.iter_mut().for_each(|seat| seat.code = secret.kept_code(&seat.code));
        self
    }
}

impl NewSlips {
    /// Whether no code comes twice.
    pub(super) fn are_distinct(&self) -> bool {
        self.codes.iter().collect::<BTreeSet<_>>().len() == self.codes.len()
    }

    pub(super) fn kept_under(&self, secret: &ServerSecret) -> Self {
        let codes = self.codes.iter().map(|code| secret.kept_code(code)).collect();
        Self { codes, ..self.clone() }
    }
}

impl Claim {
    pub(super) fn kept_under(&self, secret: &ServerSecret) -> Self {
        let by = match &self.by {
            ClaimBy::Code(code) => ClaimBy::Code(secret.kept_code(code)),
            ClaimBy::Open { .. } => self.by.clone(),
        };
        Self { by, ..self.clone() }
    }
}
