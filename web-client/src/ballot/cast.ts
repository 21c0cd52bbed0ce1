// A ballot and the body in which a phone casts it, in the forms of the server's `ballot/cast.rs`. It keeps nothing.
import { sha256 } from '@noble/hashes/sha2.js';
import { base64url, compare, concat, fromBase64url, hex, u16, utf8 } from '../crypto/bytes';
import { publicKey, sign } from '../crypto/ed25519';
import { ABSTAIN, type Manifest, SHEET, TOKEN_BYTES } from './manifest';
import { canonicalOpinion, type Opinion, opinionLeaf, opinionsLength } from './opinions';

/** A ballot as it is cast and recorded; the texts are base64url but for the answer. */
export interface Ballot {
  c: number;
  g: string;
  pk: string;
  tk: string;
  a: string;
  s: string;
}

/** What a voter holds for a contest: the ballot's secret key and its token. */
export interface PhoneToken {
  contest: number;
  secret: Uint8Array;
  token: Uint8Array;
}

export const rowAnswer = (mark: string) => `{"v":"${mark}"}`;
export const sheetAnswer = (commitment: Uint8Array) => `{"h":"${base64url(commitment)}","v":"returned"}`;

/** What a sheet's answer stands for; nothing for any other answer or spelling. */
export function commitmentIn(answer: string): Uint8Array | null {
  const [, text] = /^\{"h":"([A-Za-z0-9_-]{43})","v":"returned"\}$/.exec(answer) ?? [];
  try {
    return text === undefined ? null : fromBase64url(text, 32);
  } catch {
    return null;
  }
}

/** A ballot signed by the key in its token. */
export function signBallot(m: Uint8Array, group: string, held: PhoneToken, answer: string): Ballot {
  return {
    c: held.contest,
    g: group,
    pk: base64url(publicKey(held.secret)),
    tk: base64url(held.token),
    a: answer,
    s: base64url(sign(castMessage(m, held.contest, group, answer), held.secret)),
  };
}

/** What a ballot key signs. */
export function castMessage(m: Uint8Array, contest: number, group: string, answer: string): Uint8Array {
  return concat(utf8('pingyi-cast/1\0'), m, u16(contest), utf8(group), sha256(utf8(answer)));
}

/** The ballot as canonical JSON (RFC 8785). */
export function canonicalBallot(ballot: Ballot): string {
  const { a, c, g, pk, s, tk } = ballot;
  return JSON.stringify({ a, c, g, pk, s, tk });
}

/** The ballot's place in the record. */
export function leaf(ballot: Ballot): Uint8Array {
  return sha256(concat(new Uint8Array([0]), utf8(canonicalBallot(ballot))));
}

/** What ties a sheet to one set of rows and opinions. */
export function commitment(
  salt: Uint8Array,
  rows: readonly Ballot[],
  opinions: readonly Opinion[] = [],
): Uint8Array {
  return sha256(concat(salt, ...[...rows.map(leaf), ...opinions.map(opinionLeaf)].sort(compare)));
}

/** The body of a cast, padded to `length` where it is shorter. */
export function castBody(
  m: Uint8Array,
  salt: Uint8Array,
  ballots: readonly Ballot[],
  opinions: readonly Opinion[],
  length: number,
): string {
  const items = ballots.map(canonicalBallot).join(',');
  const texts = opinions.map(canonicalOpinion).join(',');
  const body = `{"m":"${hex(m)}","salt":"${base64url(salt)}","items":[${items}],"opinions":[${texts}],"pad":"`;
  // Of bytes, not of letters: what was written is not all ASCII.
  return `${body}${'0'.repeat(Math.max(0, length - 2 - utf8(body).length))}"}`;
}

/** The ballots of a body that this phone made. */
export function ballotsOf(body: string): Ballot[] {
  return (JSON.parse(body) as { items: Ballot[] }).items;
}

/**
 * The one length of all casts under a manifest: the largest sheet that its longest ids and opinions allow, up to the next
 * KiB, so that the length tells neither marks, nor a recused row, nor what was written.
 */
export function castLength(manifest: Manifest): number {
  const longest = (ids: string[]) => ids.reduce((most, id) => (id.length > most.length ? id : most), '');
  const mark = longest(manifest.scale.map((known) => known.id));
  const row = longest([ABSTAIN, new Array(manifest.items?.length ?? 1).fill(mark).join('.')]);
  const group = longest(manifest.groups.map((known) => known.id));
  const blank = (contest: number, answer: string): Ballot => ({
    c: contest,
    g: group,
    pk: base64url(new Uint8Array(32)),
    tk: base64url(new Uint8Array(TOKEN_BYTES)),
    a: answer,
    s: base64url(new Uint8Array(64)),
  });
  const rows = manifest.contests.map(({ c }) => blank(c, rowAnswer(row)));
  const sheet = blank(SHEET, sheetAnswer(new Uint8Array(32)));
  const bare = castBody(new Uint8Array(32), new Uint8Array(16), [sheet, ...rows], [], 0).length;
  return Math.ceil((bare + (manifest.opinions ? opinionsLength(rows.length) : 0)) / 1024) * 1024;
}
