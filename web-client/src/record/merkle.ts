// The Merkle root of RFC 9162, section 2.1.1, over leaves that are hashes already.
import { sha256 } from '@noble/hashes/sha2.js';
import { concat } from '../crypto/bytes';

const NODE = new Uint8Array([1]);

/** Level by level: a node without a neighbour goes up as it is. */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  let level = leaves;
  while (level.length > 1) {
    const next: Uint8Array[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = [level[at] as Uint8Array, level[at + 1]];
      next.push(right === undefined ? left : sha256(concat(NODE, left, right)));
    }
    level = next;
  }
  return level[0] ?? sha256(new Uint8Array(0));
}
