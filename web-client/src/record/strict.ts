// Ed25519 as strictly as the server checks it: no key and no commitment of small order, the equation without the cofactor,
// so that two verifiers can never differ about a signature that was made to be doubtful.
import { Point } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import { concat, equal } from '../crypto/bytes';

const ZERO = BigInt(0);
const ORDER = Point.CURVE().n;

/** The point of 32 bytes, of any spelling; nothing where there is none, or one of small order. */
function point(bytes: Uint8Array): Point | null {
  try {
    const read = Point.fromBytes(bytes, true);
    return read.isSmallOrder() ? null : read;
  } catch {
    return null;
  }
}

/** Whether signatures can be checked by this key at all. */
export function isGoodKey(key: Uint8Array): boolean {
  return key.length === 32 && point(key) !== null;
}

function littleEndian(bytes: Uint8Array): bigint {
  let text = '0x';
  for (let at = bytes.length - 1; at >= 0; at -= 1)
    text += (bytes[at] as number).toString(16).padStart(2, '0');
  return BigInt(text);
}

const times = (base: Point, by: bigint) => (by === ZERO ? Point.ZERO : base.multiply(by, false));

/** Whether it is the key's signature of the message. */
export function isStrictlySigned(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (key.length !== 32 || signature.length !== 64) return false;
  const committed = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  const a = point(key);
  if (a === null || point(committed) === null || s >= ORDER) return false;
  const k = littleEndian(sha512(concat(committed, key, message))) % ORDER;
  return equal(times(Point.BASE, s).subtract(times(a, k)).toBytes(), committed);
}
