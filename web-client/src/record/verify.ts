// The verifier that runs in a browser: checks 1 to 16 of RECORD.md in their order, the first that fails is the verdict. It knows
// no page: it is told bytes, says how far it is, and lets others work in between.
import { sha256 } from '@noble/hashes/sha2.js';
import { type Ballot, castMessage, commitmentIn, leaf as leafOf } from '../ballot/cast';
import { ABSTAIN, type TokenKey, tokenKey } from '../ballot/manifest';
import { isSigned } from '../crypto/blind_rsa';
import { compare, concat, fromBase64url, hex, utf8 } from '../crypto/bytes';
import { x25519 } from '../crypto/x25519';
import { canonical, type Json, readCanonical } from './canonical';
import { checkTotals } from './combined';
import { checkForm } from './form';
import { demand, Fault, type RecordFile, type RecordManifest } from './format';
import { type Fraud, isFraud, readFraud } from './fraud';
import { itemParts } from './items';
import { merkleRoot } from './merkle';
import { isGoodKey, isStrictlySigned } from './strict';
import {
  type BallotCounts,
  type ContestCount,
  checkFigures,
  checkPapers,
  checkSmallGroups,
  hasSmallChannel,
} from './sums';
import { checkTogether } from './together';

/** What a record that holds says of itself. */
export interface Summary {
  file: RecordFile;
  m: Uint8Array;
  /** SHA-256 of the file. */
  digest: Uint8Array;
  leaves: number;
  /** How many ballots of the proof are there, if there was one. */
  own: number | null;
  /** SHA-256 of the whole record that it is one count with, if there was one. */
  whole: Uint8Array | null;
  /** That its box key signed two manifests of the round, if the proof was of that. */
  fraud: Fraud | null;
}

/** What `pingyi verify` would end with: 0 only where the ballots were counted again, the file's own or those of the whole one. */
export const endsWith = ({ file, whole, fraud }: Summary): 0 | 3 | 4 =>
  fraud ? 4 : file.ballots === undefined && whole === null ? 3 : 0;

export interface Watching {
  /** How many ballots are done, of how many. */
  progress(done: number, of: number): void;
  /** Lets the page breathe. */
  breathe(): Promise<void>;
  /** Whether token and signature of the ballot in this place are checked; all are where nothing is said. */
  looksAt?(place: number): boolean;
}

const BYTES_MAX = 1024 * 1024 * 1024;
const PROOF_BYTES_MAX = 128 * 1024;
/** Ballots between two breaths: some 50 ms. */
const AT_ONCE = 16;

export async function verifyRecord(
  bytes: Uint8Array,
  proof: Uint8Array | null,
  watching: Watching,
): Promise<Summary> {
  return summary(await check(bytes, watching), proof, null);
}

/** A public record, the whole one, and that both are one count; then a phone's proof. */
export async function verifyTogether(
  bytes: Uint8Array,
  whole: Uint8Array,
  proof: Uint8Array | null,
  watching: Watching,
): Promise<Summary> {
  const publicOne = await check(bytes, watching);
  const held = await verifyWhole(whole, watching);
  checkTogether(publicOne, held);
  return summary(publicOne, proof, held.digest);
}

/** The whole record by itself, to hold public ones against it. */
export async function verifyWhole(whole: Uint8Array, watching: Watching): Promise<Checked> {
  try {
    return await check(whole, watching);
  } catch (fault) {
    throw fault instanceof Fault ? new Fault(fault.check, fault.where, true) : fault;
  }
}

/** A public record, and that it is one count with the whole one. Its ballots are that one's, which has them checked already. */
export async function verifyBeside(bytes: Uint8Array, held: Checked, watching: Watching): Promise<Summary> {
  const publicOne = await check(bytes, { ...watching, looksAt: () => false });
  checkTogether(publicOne, held);
  return summary(publicOne, null, held.digest);
}

/** A record that passed checks 1 to 14. */
export interface Checked {
  file: RecordFile;
  m: Uint8Array;
  boxKey: Uint8Array;
  /** All of them, ascending. */
  leaves: Uint8Array[];
  digest: Uint8Array;
  /** Whether some group has few ballots of a row on phones, or few on paper; known where there are ballots. */
  hasSmallChannel: boolean;
}

function summary(checked: Checked, proof: Uint8Array | null, whole: Uint8Array | null): Summary {
  const { file, m, digest, leaves, boxKey } = checked;
  const [own, fraud] = [null, null];
  const seen = { file, m, digest, leaves: leaves.length, own, whole, fraud };
  if (proof === null) return seen;
  if (!isFraud(proof)) return { ...seen, own: checkProof(proof, m, boxKey, leaves) };
  const found = verifyFraud(proof);
  const { box_key, meeting, round } = file.manifest;
  demand(found.box_key === box_key && found.meeting === meeting && found.round === round, 15);
  return { ...seen, fraud: found };
}

/** A proof of fraud, which needs no record. */
export function verifyFraud(proof: Uint8Array): Fraud {
  const fraud = proof.length <= PROOF_BYTES_MAX ? readFraud(withoutEnd(proof), isStrictlySigned) : null;
  if (fraud === null) throw new Fault(15);
  return fraud;
}

async function check(bytes: Uint8Array, watching: Watching): Promise<Checked> {
  const file = read(bytes);
  const m = sha256(utf8(canonical(file.manifest)));
  demand(hex(m) === file.manifest_hash, 1);
  const keys = checkKeys(file, m);
  const boxKey = fromBase64url(file.manifest.box_key, 32);
  const found = file.ballots === undefined ? null : await checkBallots(file, file.ballots, m, keys, watching);
  const leaves = file.ballots?.map(leafOf) ?? (file.leaves ?? []).map((text) => fromBase64url(text, 32));
  leaves.forEach((leaf, at) => {
    demand(at === 0 || compare(leaves[at - 1] as Uint8Array, leaf) < 0, 8, `#${at + 1}`);
  });
  const opinions = (file.opinions ?? []).map((text) => fromBase64url(text, 32));
  const all = [...leaves, ...opinions].sort(compare);
  for (const some of [opinions, all])
    some.forEach((leaf, at) => {
      demand(at === 0 || compare(some[at - 1] as Uint8Array, leaf) < 0, 8);
    });
  const root = merkleRoot(all);
  demand(hex(root) === file.root, 9);
  checkPapers(file, found, all.length);
  const published = checkFigures(file, found, all.length);
  checkTotals(file);
  const { format, imported, issuance, left_out, paper, sealed, tally } = file;
  const told = { ...(imported && { imported }), ...(sealed && { sealed }) };
  const parts = { format, ...told, issuance, left_out, paper, tally };
  const head = sha256(utf8(canonical(parts as unknown as Json)));
  const message = concat(utf8('pingyi-record/1\0'), m, root, head);
  demand(isStrictlySigned(boxKey, message, fromBase64url(file.box_sig, 64)), 13);
  checkSmallGroups(file, published);
  const smallChannel = found !== null && hasSmallChannel(file, found);
  return { file, m, boxKey, leaves: all, digest: sha256(bytes), hasSmallChannel: smallChannel };
}

function read(bytes: Uint8Array): RecordFile {
  demand(bytes.length <= BYTES_MAX, 3);
  let value: Json;
  try {
    value = readCanonical(bytes);
  } catch {
    throw new Fault(3);
  }
  return checkForm(value);
}

const at = (c: number, g: string) => `c${c}.g${g}`;

function checkKeys({ manifest }: RecordFile, m: Uint8Array): Map<string, TokenKey> {
  const places = [0, ...manifest.contests.map(({ c }) => c)].flatMap((c) =>
    manifest.groups.map(({ id }) => ({ c, g: id })),
  );
  demand(manifest.keys.length === places.length, 2);
  const keys = new Map<string, TokenKey>();
  places.forEach(({ c, g }, place) => {
    const key = manifest.keys[place];
    demand(key?.c === c && key.g === g, 2);
    try {
      keys.set(at(c, g), tokenKey(manifest, m, c, g));
    } catch {
      throw new Fault(2, at(c, g));
    }
  });
  demand(new Set(manifest.keys.map((key) => key.spki)).size === places.length, 2);
  let boxKey: Uint8Array;
  try {
    boxKey = fromBase64url(manifest.box_key, 32);
  } catch {
    throw new Fault(2);
  }
  demand(isGoodKey(boxKey), 2);
  try {
    // Throws where the secret would be the one that everybody knows.
    x25519.getSharedSecret(new Uint8Array(32).fill(9), fromBase64url(manifest.seal_key, 32));
  } catch {
    throw new Fault(2);
  }
  return keys;
}

/** Checks 4 to 7 in one walk; a later ballot's lower check is the verdict all the same. */
async function checkBallots(
  file: RecordFile,
  ballots: Ballot[],
  m: Uint8Array,
  keys: Map<string, TokenKey>,
  { progress, breathe, looksAt }: Watching,
): Promise<BallotCounts> {
  const { manifest } = file;
  const marks = [...manifest.scale.map(({ id }) => id), ABSTAIN];
  const groups = manifest.groups.map(({ id }) => id);
  const places = (c: number) => (c === 0 ? 1 : marks.length);
  const found: BallotCounts = [0, ...manifest.contests.map(({ c }) => c)].map((c) =>
    groups.map(() => ({ marks: new Array<number>(places(c)).fill(0), answers: {} })),
  );
  const spent = new Set<string>();
  let first: Fault | null = null;
  const note = (fault: Fault) => {
    if (first === null || fault.check < first.check) first = fault;
  };
  for (const [place, ballot] of ballots.entries()) {
    const value = saidBy(manifest, ballot);
    const isLookedAt = looksAt?.(place) ?? true;
    // A ballot of no contest or group is none, whoever looks.
    const signed = isLookedAt || !keys.has(at(ballot.c, ballot.g)) ? signatureFault(ballot, m, keys) : null;
    const fault = signed ?? (value === null ? 7 : null);
    const where = `#${place + 1}`;
    if (fault !== null) note(new Fault(fault, where));
    const spends = `${at(ballot.c, ballot.g)}.${ballot.pk}`;
    if (spent.has(spends)) note(new Fault(5, where));
    spent.add(spends);
    const cell = found[ballot.c]?.[groups.indexOf(ballot.g)];
    if (fault === null && cell) countIn(cell, ballot.c === 0 ? 0 : marks.indexOf(value ?? ''), value ?? '');
    if (place % AT_ONCE === AT_ONCE - 1) {
      progress(place + 1, ballots.length);
      await breathe();
    }
  }
  progress(ballots.length, ballots.length);
  if (first !== null) throw first;
  return found;
}

/** Counts an answer in its place; without a place it is of several items. */
function countIn(cell: ContestCount, place: number, value: string): void {
  if (place >= 0) cell.marks[place] = (cell.marks[place] ?? 0) + 1;
  else cell.answers[value] = (cell.answers[value] ?? 0) + 1;
}

/** What a ballot says: a mark, those of its items, abstained, nothing for the sheet; null where it may not say it. */
function saidBy(manifest: RecordManifest, { a, c }: Ballot): string | null {
  if (c === 0) return commitmentIn(a) === null ? null : '';
  const value = a.slice('{"v":"'.length, -'"}'.length);
  if (a !== `{"v":"${value}"}`) return null;
  const isMark = manifest.items
    ? itemParts(manifest, c, value) !== null
    : manifest.scale.some(({ id }) => id === value);
  return isMark || value === ABSTAIN ? value : null;
}

function signatureFault(ballot: Ballot, m: Uint8Array, keys: Map<string, TokenKey>): number | null {
  const { a, c, g } = ballot;
  const [pk, token] = [fromBase64url(ballot.pk, 32), fromBase64url(ballot.tk, 256)];
  const key = keys.get(at(c, g));
  if (key === undefined || !isSigned(key.modulus, key.input(pk), token)) return 4;
  if (!isStrictlySigned(pk, castMessage(m, c, g, a), fromBase64url(ballot.s, 64))) return 6;
  return null;
}

interface Proof {
  format: string;
  manifest_hash: string;
  ballots: { leaf: string; receipt: string }[];
}

/** Without blank lines at the end, which an editor may have added. */
function withoutEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && [9, 10, 12, 13, 32].includes(bytes[end - 1] as number)) end -= 1;
  return bytes.subarray(0, end);
}

function readProof(bytes: Uint8Array): Proof | null {
  try {
    const value = readCanonical(withoutEnd(bytes)) as unknown as Proof;
    const { format, manifest_hash, ballots } = value;
    const items = ballots.map(({ leaf, receipt }) => ({ leaf, receipt }));
    const isWhole =
      canonical({ format, manifest_hash, ballots: items }) === canonical(value as unknown as Json);
    return isWhole && format === 'pingyi-proof/1' && items.length > 0 ? value : null;
  } catch {
    return null;
  }
}

function checkProof(bytes: Uint8Array, m: Uint8Array, boxKey: Uint8Array, leaves: Uint8Array[]): number {
  const proof = bytes.length <= PROOF_BYTES_MAX ? readProof(bytes) : null;
  if (proof === null || proof.manifest_hash !== hex(m)) throw new Fault(15);
  const known = new Set(leaves.map(hex));
  const seen = new Set(proof.ballots.map(({ leaf, receipt }) => `${leaf} ${receipt}`));
  demand(seen.size === proof.ballots.length, 15);
  proof.ballots.forEach((item, place) => {
    const where = `#${place + 1}`;
    let [leaf, receipt] = [new Uint8Array(0), new Uint8Array(0)];
    try {
      [leaf, receipt] = [fromBase64url(item.leaf, 32), fromBase64url(item.receipt, 64)] as [
        Uint8Array<ArrayBuffer>,
        Uint8Array<ArrayBuffer>,
      ];
    } catch {
      throw new Fault(15, where);
    }
    const message = concat(utf8('pingyi-receipt/1\0'), m, leaf);
    demand(known.has(hex(leaf)) && isStrictlySigned(boxKey, message, receipt), 15, where);
  });
  return proof.ballots.length;
}
