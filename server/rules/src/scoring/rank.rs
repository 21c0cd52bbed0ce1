//! Ranks in the manner 1, 2, 2, 4.
//! It compares keys and knows nothing of what they mean.

/// The rank of each key, 1 for the greatest; equal keys share a rank and the next rank is skipped (rule c8).
/// A subject without a key has no rank and takes none away.
#[must_use]
pub fn ranks<Key: Ord>(keys: &[Option<Key>]) -> Vec<Option<u32>> {
    keys.iter()
        .map(|key| {
            let key = key.as_ref()?;
            let ahead = keys.iter().flatten().filter(|other| *other > key).count();
            u32::try_from(ahead + 1).ok()
        })
        .collect()
}
