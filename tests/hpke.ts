// HPKE (RFC 9180) and the answers of RFC 9458 with Node's own cryptography: another hand than the server's and the pages', which
// the tests hold both against.
import assert from 'node:assert/strict';
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

type Bytes = Uint8Array;

const utf8 = (text: string) => Buffer.from(text);
const u16 = (number: number) => Buffer.from([number >> 8, number & 255]);
const hmac = (key: Bytes, ...parts: Bytes[]) => createHmac('sha256', key).update(Buffer.concat(parts)).digest();
const extract = (salt: Bytes, secret: Bytes) => hmac(salt, secret);
const expand = (key: Bytes, info: Bytes, length: number) => hmac(key, info, Buffer.from([1])).subarray(0, length);
const KEM = Buffer.concat([utf8('KEM'), u16(0x20)]);
const SUITE = Buffer.concat([utf8('HPKE'), u16(0x20), u16(1), u16(3)]);
const labeledExtract = (suite: Bytes, salt: Bytes, label: string, secret: Bytes) =>
  extract(salt, Buffer.concat([utf8('HPKE-v1'), suite, utf8(label), secret]));
const labeledExpand = (suite: Bytes, key: Bytes, label: string, context: Bytes, length: number) =>
  expand(key, Buffer.concat([u16(length), utf8('HPKE-v1'), suite, utf8(label), context]), length);

const base64url = (bytes: Bytes) => Buffer.from(bytes).toString('base64url');
const publicKey = (bytes: Bytes) =>
  createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: base64url(bytes) }, format: 'jwk' });
const rawOf = (key: KeyObject) => Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url');

/** A private key from its 32 bytes. */
export const privateKey = (bytes: Bytes) =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), Buffer.from(bytes)]),
    format: 'der',
    type: 'pkcs8',
  });

/** The public half of a private key, 32 bytes. */
export const publicHalf = rawOf;

function context(dh: Bytes, encapsulated: Bytes, receiver: Bytes, info: Bytes) {
  const none = Buffer.alloc(0);
  const prk = labeledExtract(KEM, none, 'eae_prk', dh);
  const agreed = labeledExpand(KEM, prk, 'shared_secret', Buffer.concat([encapsulated, receiver]), 32);
  const hashes = [labeledExtract(SUITE, none, 'psk_id_hash', none), labeledExtract(SUITE, none, 'info_hash', info)];
  const schedule = Buffer.concat([Buffer.from([0]), ...hashes]);
  const secret = labeledExtract(SUITE, agreed, 'secret', none);
  const of = (label: string, length: number) => labeledExpand(SUITE, secret, label, schedule, length);
  const answers = labeledExpand(SUITE, of('exp', 32), 'sec', utf8('pingyi-answer/1'), 32);
  return { key: of('key', 32), nonce: of('base_nonce', 12), answer: answersOf(encapsulated, answers) };
}

const AEAD = 'chacha20-poly1305';

function encrypt(key: Bytes, nonce: Bytes, body: Bytes, aad: Bytes = Buffer.alloc(0)): Buffer {
  const cipher = createCipheriv(AEAD, key, nonce, { authTagLength: 16 });
  cipher.setAAD(aad, { plaintextLength: body.length });
  return Buffer.concat([cipher.update(body), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Bytes, nonce: Bytes, sealed: Bytes, aad: Bytes = Buffer.alloc(0)): Buffer {
  const cipher = createDecipheriv(AEAD, key, nonce, { authTagLength: 16 });
  cipher.setAAD(aad, { plaintextLength: sealed.length - 16 });
  cipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
}

/** For a nonce, what seals and opens the messages of one answer in their order. */
function answersOf(encapsulated: Bytes, secret: Bytes) {
  return (nonce: Bytes) => {
    const prk = extract(Buffer.concat([encapsulated, nonce]), secret);
    const [key, base] = [expand(prk, utf8('key'), 32), expand(prk, utf8('nonce'), 12)];
    let number = 0;
    const next = (isLast: boolean): [Buffer, Buffer] => {
      const of = Buffer.from(base);
      of.writeUInt32BE((of.readUInt32BE(8) ^ number) >>> 0, 8);
      number += 1;
      return [of, utf8(isLast ? 'final' : '')];
    };
    const apply = (act: typeof encrypt) => (body: Bytes, isLast: boolean) => {
      const [of, aad] = next(isLast);
      return act(key, of, body, aad);
    };
    return { seal: apply(encrypt), open: apply(decrypt) };
  };
}

/** An envelope to a public key of 32 bytes, and its answers. */
export function seal(receiver: Bytes, info: Bytes, body: Bytes) {
  const own = generateKeyPairSync('x25519').privateKey;
  const encapsulated = rawOf(own);
  const dh = diffieHellman({ privateKey: own, publicKey: publicKey(receiver) });
  const { key, nonce, answer } = context(dh, encapsulated, Buffer.from(receiver), info);
  return { envelope: Buffer.concat([encapsulated, encrypt(key, nonce, body)]), answer };
}

/** What is in an envelope, and its answers. */
export function open(own: KeyObject, info: Bytes, envelope: Bytes) {
  const encapsulated = Buffer.from(envelope.subarray(0, 32));
  const dh = diffieHellman({ privateKey: own, publicKey: publicKey(encapsulated) });
  const { key, nonce, answer } = context(dh, encapsulated, rawOf(own), info);
  return { body: decrypt(key, nonce, Buffer.from(envelope.subarray(32))), answer };
}

/** With its length before it and zeros after it, up to one of few lengths. */
export function padded(body: Bytes, least = 0): Buffer {
  const needed = Math.max(body.length, least) + 4;
  const length = needed > 65536 ? Math.ceil(needed / 65536) * 65536 : Math.max(512, 2 ** Math.ceil(Math.log2(needed)));
  const whole = Buffer.alloc(length);
  whole.writeUInt32BE(body.length);
  Buffer.from(body).copy(whole, 4);
  return whole;
}

export function unpadded(whole: Buffer): Buffer {
  const length = whole.readUInt32BE();
  assert.ok(length + 4 <= whole.length, 'a padded text is as long as it says');
  return whole.subarray(4, 4 + length);
}

export { base64url, randomBytes };
