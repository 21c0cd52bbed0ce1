// The phone's half of the tokens: asks for them blindly, takes the blinding off, fills in the sheet, checks receipts.
// Pure: it keeps nothing, sends nothing, and knows no screen; its caller keeps every text before it is sent.
import { sha256 } from '@noble/hashes/sha2.js';
import { blind, browserRandom, finalize as finalizeToken, type Random } from '../crypto/blind_rsa';
import { base64url, concat, fromBase64url, hex, utf8 } from '../crypto/bytes';
import { publicKey } from '../crypto/ed25519';
import { joined, partsOf } from '../meeting/row_value';
import type { CastAnswer, Papers, PapersRequest } from '../protocol';
import { isStrictlySigned } from '../record/strict';
import {
  type Ballot,
  ballotsOf,
  castBody,
  castLength,
  commitment,
  leaf,
  rowAnswer,
  sheetAnswer,
  signBallot,
} from './cast';
import {
  ABSTAIN,
  CODE_ALPHABET,
  fingerprint as fingerprintOf,
  isHash,
  keysDiffer,
  type Manifest,
  manifestHash,
  readManifest,
  SHEET,
  TOKEN_BYTES,
  tokenKey,
} from './manifest';
import { opinionLeaf, opinionsOf, written } from './opinions';
import type { Witness } from './witness';

/**
 * What a wallet's text holds, base64url throughout: a secret key for each contest, then its blinding or its token. Phones keep
 * it under these names.
 */
interface Wallet {
  group: string;
  /** 32 bytes from which all keys and blindings were drawn: who has it asks for the same tokens again. */
  seed: string;
  papers: { c: number; secret: string; inverse?: string; token?: string }[];
}

const SALT_BYTES = 16;

/**
 * Whether these are the bytes of the manifest with that hash (hex) and fingerprint, its keys all differ, and its box is the one
 * that this phone goes by, if any.
 */
export function isManifest(manifest: string, hash: string, fingerprint: string, box: string | null): boolean {
  if (!isHash(manifest, hash)) return false;
  const read = readManifest(manifest);
  const isOfBox = box === null || read.box_key === box;
  return isOfBox && fingerprintOf(manifestHash(manifest), read.format) === fingerprint && keysDiffer(read);
}

/** SHA-256 of the seed and a counter, block after block. */
function drawnFrom(seed: Uint8Array): Random {
  let counter = 0;
  return (length) => {
    const blocks: Uint8Array[] = [];
    for (let have = 0; have < length; have += 32) {
      counter += 1;
      blocks.push(sha256(concat(utf8(`pingyi-seed/1\0${counter}\0`), seed)));
    }
    return concat(...blocks).slice(0, length);
  };
}

/**
 * Ballot keys and blinded tokens for a group's contests; `request` is the body that asks for them. All of it is drawn from a
 * seed: the same one gives the same bytes, so that tokens can move to another window; without one it is fresh.
 */
export function prepare(
  manifest: string,
  group: string,
  contests: readonly number[],
  from?: string,
): { wallet: string; request: string } {
  const [read, m] = [readManifest(manifest), manifestHash(manifest)];
  const seed = from === undefined ? browserRandom(32) : fromBase64url(from, 32);
  const random = drawnFrom(seed);
  const wallet: Wallet = { group, seed: base64url(seed), papers: [] };
  const request: PapersRequest = { papers: [] };
  for (const c of [...contests].sort((a, b) => a - b)) {
    const key = tokenKey(read, m, c, group);
    const secret = random(32);
    const blinded = blind(key.modulus, key.input(publicKey(secret)), random);
    wallet.papers.push({ c, secret: base64url(secret), inverse: base64url(blinded.inverse) });
    request.papers.push({ c, z: base64url(blinded.message) });
  }
  return { wallet: JSON.stringify(wallet), request: JSON.stringify(request) };
}

/** The wallet with its tokens; throws where an answer is missing or is no signature of what was asked. */
export function finalize(wallet: string, manifest: string, answer: Papers): string {
  const [read, m] = [readManifest(manifest), manifestHash(manifest)];
  const { group, seed, papers } = JSON.parse(wallet) as Wallet;
  if (answer.papers.length !== papers.length) throw new Error('not one answer for each token');
  const finalized = papers.map((asked, at): Wallet['papers'][number] => {
    const answered = answer.papers[at];
    if (answered?.c !== asked.c || asked.inverse === undefined) throw new Error('an answer to another token');
    const key = tokenKey(read, m, asked.c, group);
    const input = key.input(publicKey(fromBase64url(asked.secret, 32)));
    const [z, inverse] = [fromBase64url(answered.z, TOKEN_BYTES), fromBase64url(asked.inverse, TOKEN_BYTES)];
    return {
      c: asked.c,
      secret: asked.secret,
      token: base64url(finalizeToken(key.modulus, input, z, inverse)),
    };
  });
  return JSON.stringify({ group, seed, papers: finalized });
}

/**
 * The exact body of the cast: the sheet, its rows and its opinions, shuffled, as long as every other under this manifest.
 * `markOf` gives the mark of a contest, nothing for a blank row, `textOf` what is written about it. Made once and kept: made
 * again it would be another one.
 */
export function cast(
  wallet: string,
  manifest: string,
  markOf: (contest: number) => string | undefined,
  textOf: (contest: number) => string | undefined = () => undefined,
  random: Random = browserRandom,
): string {
  const [read, m] = [readManifest(manifest), manifestHash(manifest)];
  const { group, papers } = JSON.parse(wallet) as Wallet;
  const salt = random(SALT_BYTES);
  const signed = (c: number, answer: string): Ballot => {
    const held = papers.find((each) => each.c === c);
    if (held?.token === undefined) throw new Error('no token for this contest');
    const token = fromBase64url(held.token, TOKEN_BYTES);
    return signBallot(m, group, { contest: c, secret: fromBase64url(held.secret, 32), token }, answer);
  };
  const rows = papers
    .filter(({ c }) => c !== SHEET)
    .map(({ c }) => {
      // A draft has nothing, or an empty text, for a row that was left blank.
      const mark = markOf(c) || ABSTAIN;
      if (!isAllowed(read, c, mark)) throw new Error('a mark of another scale');
      return signed(c, rowAnswer(mark));
    });
  const opinions = read.opinions
    ? written(
        rows.map(({ c }) => c),
        textOf,
        random,
      )
    : [];
  const ballots = [signed(SHEET, sheetAnswer(commitment(salt, rows, opinions))), ...rows];
  return castBody(m, salt, shuffled(ballots, random), shuffled(opinions, random), castLength(read));
}

/** Whether a row may say that: a mark, or with items one for each that applies, or nothing there, but not nothing at all. */
function isAllowed({ scale, items, contests }: Manifest, c: number, value: string): boolean {
  if (value === ABSTAIN) return true;
  if (value === '') return false;
  const without = contests.find((contest) => contest.c === c)?.without ?? [];
  const marks = new Set(scale.map(({ id }) => id));
  return joined(partsOf(value, marks, items?.length ?? 0, without)) === value;
}

/**
 * A short code from the box's receipts for a cast, and what to look for in the record; nothing where a receipt is missing or
 * not the box's.
 */
export function receive(
  manifest: string,
  body: string,
  answer: CastAnswer,
): { code: string; witness: string } | null {
  const leaves = leavesOf(body);
  const [m, boxKey] = [manifestHash(manifest), fromBase64url(readManifest(manifest).box_key, 32)];
  if (answer.items.length !== leaves.length) return null;
  try {
    const receipts = leaves.map((leaf, at) => {
      const receipt = fromBase64url(answer.items[at]?.receipt ?? '', 64);
      const message = concat(utf8('pingyi-receipt/1\0'), m, leaf);
      if (!isStrictlySigned(boxKey, message, receipt)) throw new Error('not the box’s receipt');
      return receipt;
    });
    const witness: Witness = {
      m: hex(m),
      box_key: base64url(boxKey),
      ballots: leaves.map((leaf, at) => ({
        leaf: base64url(leaf),
        receipt: base64url(receipts[at] as Uint8Array),
      })),
    };
    return {
      code: code(sha256(concat(utf8('pingyi-code/1\0'), ...receipts))),
      witness: JSON.stringify(witness),
    };
  } catch {
    return null;
  }
}

/** What to look for in the record where no answer came before the count: leaves without receipts. */
export function unanswered(manifest: string, body: string): string {
  const ballots = leavesOf(body).map((leaf) => ({ leaf: base64url(leaf) }));
  const witness: Witness = {
    m: hex(manifestHash(manifest)),
    box_key: readManifest(manifest).box_key,
    ballots,
  };
  return JSON.stringify(witness);
}

/** The leaves of a cast's ballots, then of its opinions: what the phone looks for in the record. */
export function leavesOf(body: string): Uint8Array[] {
  return [...ballotsOf(body).map(leaf), ...opinionsOf(body).map(opinionLeaf)];
}

function code(hash: Uint8Array): string {
  const letters = Array.from(hash.subarray(0, 8), (byte) => CODE_ALPHABET.charAt(byte & 31)).join('');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** Fisher and Yates, each place drawn without bias. */
function shuffled<T>(items: readonly T[], random: Random): T[] {
  const out = [...items];
  for (let left = out.length; left > 1; left -= 1) {
    const at = below(left, random);
    [out[at], out[left - 1]] = [out[left - 1] as T, out[at] as T];
  }
  return out;
}

/** Uniform in 0…limit − 1, for limits up to 65,536. */
function below(limit: number, random: Random): number {
  const most = 65_536 - (65_536 % limit);
  for (;;) {
    const [high = 0, low = 0] = random(2);
    const drawn = high * 256 + low;
    if (drawn < most) return drawn % limit;
  }
}
