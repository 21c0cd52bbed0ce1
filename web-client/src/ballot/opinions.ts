// An opinion as it is cast and recorded, in the forms of the server's `ballot/opinion.rs`. It keeps nothing.
import { sha256 } from '@noble/hashes/sha2.js';
import type { Random } from '../crypto/blind_rsa';
import { base64url, concat, utf8 } from '../crypto/bytes';

/** Longest text of an opinion, in characters. */
export const OPINION_CHARS_MAX = 200;
/** Most opinions of one sheet. */
export const OPINIONS_MAX = 20;
/** Most bytes of one opinion in a cast. */
const WIRE_BYTES_MAX = '{"c":200,"n":"","t":""},'.length + 43 + 4 * OPINION_CHARS_MAX;

/** What somebody wrote about the subject of a contest; `n` is what hides the text in the leaf, base64url. */
export interface Opinion {
  c: number;
  n: string;
  t: string;
}

/** What was typed as it may be cast: no control characters but line feeds, nothing at the ends, not too long. */
export function cleaned(typed: string): string {
  const plain = typed
    .replace(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, ' ');
  const letters = Array.from(plain.trim()).filter((letter) => !/^[\ud800-\udfff]$/.test(letter));
  return letters.slice(0, OPINION_CHARS_MAX).join('').trim();
}

/** The opinions of a sheet: what is written about its rows, as many as a sheet may have. */
export function written(
  rows: readonly number[],
  textOf: (contest: number) => string | undefined,
  random: Random,
): Opinion[] {
  const texts = rows.map((c) => ({ c, t: cleaned(textOf(c) ?? '') })).filter(({ t }) => t !== '');
  return texts.slice(0, OPINIONS_MAX).map(({ c, t }) => ({ c, n: base64url(random(32)), t }));
}

/** The opinion as canonical JSON (RFC 8785). */
export function canonicalOpinion({ c, n, t }: Opinion): string {
  return JSON.stringify({ c, n, t });
}

/** The opinion's place in the record. */
export function opinionLeaf(opinion: Opinion): Uint8Array {
  return sha256(concat(new Uint8Array([0]), utf8(canonicalOpinion(opinion))));
}

/** The opinions of a body that this phone made. */
export function opinionsOf(body: string): Opinion[] {
  return (JSON.parse(body) as { opinions: Opinion[] }).opinions;
}

/** Most bytes of all opinions of a cast with so many rows. */
export function opinionsLength(rows: number): number {
  return Math.min(rows, OPINIONS_MAX) * WIRE_BYTES_MAX;
}
