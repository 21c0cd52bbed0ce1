// The client half of RFC 9474, RSABSSA-SHA384-PSS-Deterministic with salts of 48 bytes and e = 65537, on BigInt:
// a hall's plain http has no crypto.subtle. It knows numbers only: no contest, no ballot key.
import { sha384 } from '@noble/hashes/sha2.js';
import { concat, equal, hex } from './bytes';

export type Random = (length: number) => Uint8Array<ArrayBuffer>;

/** The browser's randomness, which plain http has too. */
export const browserRandom: Random = (length) => crypto.getRandomValues(new Uint8Array(length));

const ZERO = BigInt(0);
const ONE = BigInt(1);
const EXPONENT = 65_537;
const SALT_BYTES = 48;
const HASH_BYTES = 48;

export interface Blinded {
  /** Goes to the issuer. */
  message: Uint8Array;
  /** Stays here: takes the blinding off. */
  inverse: Uint8Array;
}

/** Blinds a message with a fresh salt and factor (RFC 9474, section 4.2). `modulus` is big-endian, its top bit set. */
export function blind(modulus: Uint8Array, message: Uint8Array, random: Random): Blinded {
  const n = number(modulus);
  const salt = random(SALT_BYTES);
  let factor = ZERO;
  // Rejection keeps the factor uniform below the modulus.
  while (factor === ZERO || factor >= n) factor = number(random(modulus.length));
  return blindWith(modulus, message, salt, factor);
}

/** Blinds with a given salt and factor, 0 < factor < n; throws where the factor has no inverse. */
export function blindWith(
  modulus: Uint8Array,
  message: Uint8Array,
  salt: Uint8Array,
  factor: bigint,
): Blinded {
  const n = number(modulus);
  const encoded = number(encode(message, salt, modulus.length));
  return {
    message: bytes((encoded * power(factor, n)) % n, modulus.length),
    inverse: bytes(inverted(factor, n), modulus.length),
  };
}

/** Takes the blinding off the issuer's answer; throws unless that is a signature of the message (RFC 9474, section 4.4). */
export function finalize(
  modulus: Uint8Array,
  message: Uint8Array,
  answer: Uint8Array,
  inverse: Uint8Array,
): Uint8Array {
  const n = number(modulus);
  const signature = bytes((number(answer) * number(inverse)) % n, modulus.length);
  if (!isSigned(modulus, message, signature)) throw new Error('not a signature of what was asked');
  return signature;
}

/** RSASSA-PSS with SHA-384, MGF1-SHA-384, salt 48 and e = 65537 (RFC 8017, section 8.1.2). */
export function isSigned(modulus: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const n = number(modulus);
  const s = number(signature);
  if (signature.length !== modulus.length || s >= n) return false;
  const encoded = bytes(power(s, n), modulus.length);
  // Encoding again with the salt that was found checks every byte at once.
  const masked = encoded.subarray(0, modulus.length - HASH_BYTES - 1);
  const hash = encoded.subarray(masked.length, masked.length + HASH_BYTES);
  const salt = unmask(masked, hash).subarray(masked.length - SALT_BYTES);
  return equal(encode(message, salt, modulus.length), encoded);
}

/** EMSA-PSS-ENCODE (RFC 8017, section 9.1.1) for a modulus of 8·length bits. */
export function encode(message: Uint8Array, salt: Uint8Array, length: number): Uint8Array {
  const hash = sha384(concat(new Uint8Array(8), sha384(message), salt));
  const block = new Uint8Array(length - HASH_BYTES - 1);
  block[block.length - salt.length - 1] = 1;
  block.set(salt, block.length - salt.length);
  return concat(unmask(block, hash), hash, new Uint8Array([0xbc]));
}

/** MGF1-SHA-384 over the block, twice the same being nothing; the top bit, beyond the encoding, is cleared. */
function unmask(block: Uint8Array, hash: Uint8Array): Uint8Array {
  const out = block.slice();
  for (let at = 0, counter = 0; at < out.length; at += HASH_BYTES, counter += 1) {
    // Blocks stay far below 256 × 48 bytes, so the last byte of the counter is enough.
    const mask = sha384(concat(hash, new Uint8Array([0, 0, 0, counter])));
    for (let i = 0; i < HASH_BYTES && at + i < out.length; i += 1)
      out[at + i] = (out[at + i] ?? 0) ^ (mask[i] ?? 0);
  }
  out[0] = (out[0] ?? 0) & 0x7f;
  return out;
}

function number(big: Uint8Array): bigint {
  return BigInt(`0x${hex(big)}`);
}

function bytes(big: bigint, length: number): Uint8Array {
  const text = big.toString(16).padStart(2 * length, '0');
  return Uint8Array.from({ length }, (_, at) => Number.parseInt(text.slice(2 * at, 2 * at + 2), 16));
}

/** base^65537 mod n: sixteen squarings and one multiplication. */
function power(base: bigint, n: bigint): bigint {
  let result = base % n;
  for (let bit = 1; bit < EXPONENT - 1; bit *= 2) result = (result * result) % n;
  return (result * base) % n;
}

/** The inverse modulo n, by Euclid. */
function inverted(value: bigint, n: bigint): bigint {
  let [a, b, x, y] = [value % n, n, ONE, ZERO];
  while (a !== ZERO) {
    const quotient = b / a;
    [a, b] = [b - quotient * a, a];
    [x, y] = [y - quotient * x, x];
  }
  if (b !== ONE) throw new Error('the factor has no inverse');
  return y < ZERO ? y + n : y;
}
