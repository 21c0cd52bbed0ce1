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
  randomBytes,
} from 'node:crypto';

const utf8 = (text) => Buffer.from(text);
const u16 = (number) => Buffer.from([number >> 8, number & 255]);
const hmac = (key, ...parts) => createHmac('sha256', key).update(Buffer.concat(parts)).digest();
const extract = (salt, secret) => hmac(salt, secret);
const expand = (key, info, length) => hmac(key, info, Buffer.from([1])).subarray(0, length);
const KEM = Buffer.concat([utf8('KEM'), u16(0x20)]);
const SUITE = Buffer.concat([utf8('HPKE'), u16(0x20), u16(1), u16(3)]);
const labeledExtract = (suite, salt, label, secret) =>
  extract(salt, Buffer.concat([utf8('HPKE-v1'), suite, utf8(label), secret]));
const labeledExpand = (suite, key, label, context, length) =>
  expand(key, Buffer.concat([u16(length), utf8('HPKE-v1'), suite, utf8(label), context]), length);

const base64url = (bytes) => Buffer.from(bytes).toString('base64url');
const publicKey = (bytes) =>
  createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: base64url(bytes) }, format: 'jwk' });
const rawOf = (key) => Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x, 'base64url');

/** A private key from its 32 bytes. */
export const privateKey = (bytes) =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), Buffer.from(bytes)]),
    format: 'der',
    type: 'pkcs8',
  });

/** The public half of a private key, 32 bytes. */
export const publicHalf = rawOf;

function context(dh, encapsulated, receiver, info) {
  const none = Buffer.alloc(0);
  const prk = labeledExtract(KEM, none, 'eae_prk', dh);
  const agreed = labeledExpand(KEM, prk, 'shared_secret', Buffer.concat([encapsulated, receiver]), 32);
  const hashes = [
    labeledExtract(SUITE, none, 'psk_id_hash', none),
    labeledExtract(SUITE, none, 'info_hash', info),
  ];
  const schedule = Buffer.concat([Buffer.from([0]), ...hashes]);
  const secret = labeledExtract(SUITE, agreed, 'secret', none);
  const of = (label, length) => labeledExpand(SUITE, secret, label, schedule, length);
  const answers = labeledExpand(SUITE, of('exp', 32), 'sec', utf8('pingyi-answer/1'), 32);
  return { key: of('key', 32), nonce: of('base_nonce', 12), answer: answersOf(encapsulated, answers) };
}

const cipherOf = (make, key, nonce, aad) => {
  const cipher = make('chacha20-poly1305', key, nonce, { authTagLength: 16 });
  cipher.setAAD(aad);
  return cipher;
};

function encrypt(key, nonce, body, aad = Buffer.alloc(0)) {
  const cipher = cipherOf(createCipheriv, key, nonce, aad);
  return Buffer.concat([cipher.update(body), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key, nonce, sealed, aad = Buffer.alloc(0)) {
  const cipher = cipherOf(createDecipheriv, key, nonce, aad);
  cipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
}

/** For a nonce, what seals and opens the messages of one answer in their order. */
function answersOf(encapsulated, secret) {
  return (nonce) => {
    const prk = extract(Buffer.concat([encapsulated, nonce]), secret);
    const [key, base] = [expand(prk, utf8('key'), 32), expand(prk, utf8('nonce'), 12)];
    let number = 0;
    const next = (isLast) => {
      const of = Buffer.from(base);
      of.writeUInt32BE((of.readUInt32BE(8) ^ number) >>> 0, 8);
      number += 1;
      return [of, utf8(isLast ? 'final' : '')];
    };
    const apply = (act) => (body, isLast) => {
      const [of, aad] = next(isLast);
      return act(key, of, body, aad);
    };
    return { seal: apply(encrypt), open: apply(decrypt) };
  };
}

/** An envelope to a public key of 32 bytes, and its answers. */
export function seal(receiver, info, body) {
  const own = generateKeyPairSync('x25519').privateKey;
  const encapsulated = rawOf(own);
  const dh = diffieHellman({ privateKey: own, publicKey: publicKey(receiver) });
  const { key, nonce, answer } = context(dh, encapsulated, Buffer.from(receiver), info);
  return { envelope: Buffer.concat([encapsulated, encrypt(key, nonce, body)]), answer };
}

/** What is in an envelope, and its answers. */
export function open(own, info, envelope) {
  const encapsulated = Buffer.from(envelope.subarray(0, 32));
  const dh = diffieHellman({ privateKey: own, publicKey: publicKey(encapsulated) });
  const { key, nonce, answer } = context(dh, encapsulated, rawOf(own), info);
  return { body: decrypt(key, nonce, Buffer.from(envelope.subarray(32))), answer };
}

/** With its length before it and zeros after it, up to one of few lengths. */
export function padded(body, least = 0) {
  const needed = Math.max(body.length, least) + 4;
  const length =
    needed > 65536 ? Math.ceil(needed / 65536) * 65536 : Math.max(512, 2 ** Math.ceil(Math.log2(needed)));
  const whole = Buffer.alloc(length);
  whole.writeUInt32BE(body.length);
  Buffer.from(body).copy(whole, 4);
  return whole;
}

export function unpadded(whole) {
  const length = whole.readUInt32BE();
  assert.ok(length + 4 <= whole.length, 'a padded text is as long as it says');
  return whole.subarray(4, 4 + length);
}

export { base64url, randomBytes };
