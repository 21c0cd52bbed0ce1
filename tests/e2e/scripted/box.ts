// The box of the pictures' meetings: what it is shown by, and what it signs of a manifest ("The promise" in RECORD.md).
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { BoxKeyView } from '#protocol';

/** PKCS #8 of an Ed25519 key, before its 32 bytes. */
const BEFORE_SECRET = Buffer.from('302e020100300506032b657004220420', 'hex');
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const secret = createPrivateKey({
  key: Buffer.concat([BEFORE_SECRET, Buffer.alloc(32, 7)]),
  format: 'der',
  type: 'pkcs8',
});
const key = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32);

/** The first 120 bits of a hash as people compare them. */
function letters(hash: Buffer): string {
  let number = BigInt(`0x${hash.toString('hex').slice(0, 30)}`);
  let text = '';
  for (let place = 0; place < 24; place += 1, number >>= 5n) {
    text = ALPHABET[Number(number & 31n)] + (place % 4 === 0 && place > 0 ? '-' : '') + text;
  }
  return text;
}

export const BOX: BoxKeyView = {
  key: key.toString('base64url'),
  fingerprint: letters(createHash('sha256').update(key).digest()),
};

/** The letters of a manifest by its hash in hex. */
export const lettersOf = (hash: string) => letters(Buffer.from(hash, 'hex'));

/** The box's signature of the manifest of a round. */
export function promise(meeting: string, round: number, hash: string): string {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(round);
  const parts = [Buffer.from('pingyi-manifest/2\0'), Buffer.from(meeting), number, Buffer.from(hash, 'hex')];
  return sign(null, Buffer.concat(parts), secret).toString('base64url');
}
