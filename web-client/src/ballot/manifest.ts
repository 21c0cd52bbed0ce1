// The manifest as the phone reads it: its hash, its fingerprint, its token keys, the one length of all its casts.
// The server checks a manifest's limits; what the phone relies on is that everybody has the same bytes.
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, fromBase64url, hex, u16, utf8 } from '../crypto/bytes';

/** What the phone needs of it; the field names are the server's `ballot/manifest.rs`. */
export interface Manifest {
  format: string;
  contests: { c: number; without?: number[] }[];
  groups: { id: string }[];
  scale: { id: string }[];
  /** Absent where a row has one overall mark. */
  items?: { label: string }[];
  opinions: boolean;
  keys: { c: number; g: string; spki: string }[];
  box_key: string;
  seal_key: string;
}

/** The contest of the sheet itself. */
export const SHEET = 0;
/** The answer of a row that nobody marked. */
export const ABSTAIN = 'abstain';
export const TOKEN_BYTES = 256;

const SPKI_BYTES = 342;
/** Everything before the modulus in the only form of key there is (RFC 9578, section 6.5), and everything after it. */
const SPKI_HEAD =
  '30820152303d06092a864886f70d01010a3030a00d300b0609608648016503040202a11a301806092a864886f70d0101083' +
  '00b0609608648016503040202a2030201300382010f003082010a0282010100';
const SPKI_TAIL = '0203010001';

/** A token key in its place. */
export interface TokenKey {
  modulus: Uint8Array;
  /** What the issuer signs blindly for a ballot key (RFC 9578, section 6.1). */
  input(pk: Uint8Array): Uint8Array;
}

export function readManifest(text: string): Manifest {
  return JSON.parse(text) as Manifest;
}

/** M: SHA-256 of the manifest's bytes. */
export function manifestHash(text: string): Uint8Array {
  return sha256(utf8(text));
}

/** Crockford's base 32: no letter that could be read as a digit. */
export const CODE_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Twenty-four letters, 4-4-4-4-4-4: the first 15 bytes of a hash. Of the first edition the sixteen digits that it showed. */
export function fingerprint(hash: Uint8Array, format = ''): string {
  const isFirst = format === 'pingyi-manifest/1';
  let number = BigInt(`0x${hex(hash.subarray(0, isFirst ? 8 : 15))}`);
  let text = '';
  for (const base = BigInt(isFirst ? 10 : 32); text.length < (isFirst ? 16 : 24); number /= base)
    text = CODE_ALPHABET.charAt(Number(number % base)) + text;
  return text.replace(/....(?=.)/g, '$&-');
}

/** The key of a contest and group; throws where the manifest has none, or one of another form. */
export function tokenKey(manifest: Manifest, m: Uint8Array, contest: number, group: string): TokenKey {
  const listed = manifest.keys.filter((key) => key.c === contest && key.g === group);
  const [key] = listed;
  if (key === undefined || listed.length > 1) throw new Error('no one key for this contest and group');
  const spki = fromBase64url(key.spki, SPKI_BYTES);
  const head = SPKI_HEAD.length / 2;
  const modulus = spki.subarray(head, head + TOKEN_BYTES);
  const isKnownForm = hex(spki).startsWith(SPKI_HEAD) && hex(spki).endsWith(SPKI_TAIL);
  const [first = 0] = modulus;
  if (!isKnownForm || first < 0x80 || ((modulus[TOKEN_BYTES - 1] ?? 0) & 1) === 0)
    throw new Error('another form of key');
  const tail = concat(sha256(challenge(m, contest, group)), sha256(spki));
  return { modulus, input: (pk) => concat(u16(2), pk, tail) };
}

function challenge(m: Uint8Array, contest: number, group: string): Uint8Array {
  const origin = utf8(`c${contest}.g${group}`);
  return concat(u16(2), u16(6), utf8('pingyi'), new Uint8Array([32]), m, u16(origin.length), origin);
}

/** Whether no two keys are the same: a shared key would let a token pass elsewhere. */
export function keysDiffer(manifest: Manifest): boolean {
  return new Set(manifest.keys.map((key) => key.spki)).size === manifest.keys.length;
}

/** Whether M of these bytes is that, in hex. */
export function isHash(text: string, hash: string): boolean {
  return hex(manifestHash(text)) === hash;
}
