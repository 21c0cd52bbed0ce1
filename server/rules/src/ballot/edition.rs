//! The editions of a manifest and of the record that is made under it. A record is checked by the rules of its own time, for
//! ever: whoever kept one must be able to count again. What an edition changes is decided where it matters, by this name.

/// Which edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edition {
    /// `pingyi-manifest/1` and `pingyi-record/1`: read, and made of rounds that were armed under it.
    First,
    /// `pingyi-manifest/2` and `pingyi-record/2`: everything that is armed now.
    Second,
}

impl Edition {
    /// The edition that a manifest's `format` names.
    #[must_use]
    pub fn of_manifest(format: &str) -> Option<Self> {
        [Self::First, Self::Second].into_iter().find(|edition| edition.manifest() == format)
    }

    /// The `format` of its manifests.
    #[must_use]
    pub const fn manifest(self) -> &'static str {
        match self {
            Self::First => "pingyi-manifest/1",
            Self::Second => "pingyi-manifest/2",
        }
    }

    /// The `format` of its records.
    #[must_use]
    pub const fn record(self) -> &'static str {
        match self {
            Self::First => "pingyi-record/1",
            Self::Second => "pingyi-record/2",
        }
    }
}
