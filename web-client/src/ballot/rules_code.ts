// The code of a round's rules, as it stands on the wall, on phones, at the scrutineer's and on prints: the meeting's own link, and in
// its fragment the manifest's whole hash with the box's signature. No request carries it. And the code of a
// record, which is a digest alone. Rules f100 and f109 of tests/SPEC.md.
import { base64url, fromBase64url, hex } from '../crypto/bytes';
import type { RoundView } from '../protocol';
import { fromHex, type SignedManifest } from '../record/fraud';

/** What a code says of the rules. */
export const codeOf = ({ hash, signature }: SignedManifest): string =>
  `${base64url(fromHex(hash))}.${signature}`;

/** The address in the code of a round's rules, from arming on; `link` is where phones join the meeting. */
export function rulesAddress(link: string, round: RoundView | null): string | null {
  if (!round?.manifest_hash || !round.promise) return null;
  const code = codeOf({ hash: round.manifest_hash, signature: round.promise });
  return `${link}${link.includes('#') ? '&' : '#'}v=${code}`;
}

/** The code that was scanned, as it stands in a page's address; empty where none was. */
export const codeIn = (fragment: string): string => /[#&]v=([^&]*)/.exec(fragment)?.[1] ?? '';

/** What a code says; nothing where it is none. */
export function readCode(code: string): SignedManifest | null {
  const [m = '', signature = ''] = code.split('.');
  try {
    return { hash: hex(fromBase64url(m, 32)), signature };
  } catch {
    return null;
  }
}

/** The address in the code of a record: the page that checks it, and its whole digest in hex. */
export const recordAddress = (link: string, digest: string): string =>
  `${new URL(link).origin}/verify#r=${digest}`;

/** The digest in the code of a record that was scanned; nothing where none was. */
export const digestIn = (fragment: string): string | null =>
  /^#r=([0-9a-f]{64})$/.exec(fragment)?.[1] ?? null;

/** The letters that people compare, in two lines; the sixteen digits of rounds of before in one. */
export function letterLines(fingerprint: string): string[] {
  const groups = fingerprint.split('-');
  if (groups.length <= 4) return [groups.join(' ')];
  return [groups.slice(0, 3).join(' '), groups.slice(3).join(' ')];
}
