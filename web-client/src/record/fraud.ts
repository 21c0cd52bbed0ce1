// The proof of fraud: two manifests of one round that one box key signed. A phone makes one when it meets the second, and the page
// that checks records judges it. "A proof of fraud" in RECORD.md.
import { concat, fromBase64url, u16, utf8 } from '../crypto/bytes';
import { canonical, type Json, readCanonical } from './canonical';

export const FRAUD_FORMAT = 'pingyi-fraud/1';

/** A manifest that was signed: its hash in hex, the signature in base64url. */
export interface SignedManifest {
  hash: string;
  signature: string;
}

export interface Fraud {
  box_key: string;
  format: string;
  manifests: SignedManifest[];
  meeting: string;
  round: number;
}

/** Whether the key signed the message; strictly where it is judged. */
type IsSigned = (key: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

const HEX = /^[0-9a-f]{64}$/;

export function fromHex(text: string): Uint8Array {
  if (!HEX.test(text)) throw new Error('not a hash');
  return Uint8Array.from({ length: 32 }, (_, at) => Number.parseInt(text.slice(2 * at, 2 * at + 2), 16));
}

/** What the box key signs of a manifest: `"pingyi-manifest/2\0" ‖ meeting ‖ u32 round ‖ M`. */
function promiseOf(meeting: string, round: number, hash: string): Uint8Array {
  const number = [u16(round >>> 16), u16(round & 0xffff)];
  return concat(utf8('pingyi-manifest/2\0'), utf8(meeting), ...number, fromHex(hash));
}

/** Whether the box key promised that manifest for the round. */
export function isPromised(
  isSigned: IsSigned,
  box_key: string,
  meeting: string,
  round: number,
  { hash, signature }: SignedManifest,
): boolean {
  try {
    const message = promiseOf(meeting, round, hash);
    return isSigned(fromBase64url(box_key, 32), message, fromBase64url(signature, 64));
  } catch {
    return false;
  }
}

/** The file, in its one spelling. */
export function fraudOf(
  box_key: string,
  meeting: string,
  round: number,
  one: SignedManifest,
  other: SignedManifest,
): string {
  const manifests = one.hash < other.hash ? [one, other] : [other, one];
  return canonical({ box_key, format: FRAUD_FORMAT, manifests, meeting, round } as unknown as Json);
}

/** Whether a file says of itself that it is one, whatever it is worth. */
export function isFraud(bytes: Uint8Array): boolean {
  try {
    return (JSON.parse(new TextDecoder().decode(bytes)) as Partial<Fraud>).format === FRAUD_FORMAT;
  } catch {
    return false;
  }
}

/** A proof that holds; nothing for anything else. */
export function readFraud(bytes: Uint8Array, isSigned: IsSigned): Fraud | null {
  try {
    const value = readCanonical(bytes) as unknown as Fraud;
    const { box_key, format, manifests, meeting, round } = value;
    const each = manifests.map(({ hash, signature }) => ({ hash, signature }));
    const isWhole =
      canonical({ box_key, format, manifests: each, meeting, round }) === canonical(value as unknown as Json);
    const [one, other] = each;
    const isOne =
      isWhole &&
      format === FRAUD_FORMAT &&
      each.length === 2 &&
      /^[A-Za-z0-9_-]{1,64}$/.test(meeting) &&
      Number.isInteger(round) &&
      round >= 1 &&
      round < 2 ** 32 &&
      one !== undefined &&
      other !== undefined &&
      one.hash < other.hash;
    const holds = isOne && each.every((promised) => isPromised(isSigned, box_key, meeting, round, promised));
    return holds ? value : null;
  } catch {
    return null;
  }
}
