//! The Merkle tree of RFC 9162, section 2.1.1, over leaves that are hashes already. It knows no ballot.

use super::sha256;

/// The root over the leaves in their order; of none, SHA-256 of nothing.
#[must_use]
pub fn root(leaves: &[[u8; 32]]) -> [u8; 32] {
    // A complete subtree of 2^n leaves waits under its n, until its right neighbour of the same height is there.
    let mut waiting: Vec<(u32, [u8; 32])> = Vec::new();
    for leaf in leaves {
        let mut subtree = (0, *leaf);
        while let Some((_, left)) = waiting.pop_if(|(height, _)| *height == subtree.0) {
            subtree = (subtree.0 + 1, node(&left, &subtree.1));
        }
        waiting.push(subtree);
    }
    let Some((_, last)) = waiting.pop() else { return sha256(&[]) };
    waiting.iter().rev().fold(last, |right, (_, left)| node(left, &right))
}

/// A node: SHA-256 of a one byte and both children.
#[must_use]
pub fn node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    sha256(&[&[1], left, right])
}
