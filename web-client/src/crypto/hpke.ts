// An envelope that one key opens, and the answers to it, in the forms of the server's `envelope.rs`: RFC 9458's construction on
// HPKE (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305. Works where `crypto.subtle` is
// missing. It must not know what it seals.
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Random } from './blind_rsa';
import { concat, u16, utf8 } from './bytes';
import { x25519 } from './x25519';

/** Identifiers of RFC 9180, section 7: the KEM alone, then with KDF and AEAD. */
const KEM = concat(utf8('KEM'), u16(0x0020));
const SUITE = concat(utf8('HPKE'), u16(0x0020), u16(0x0001), u16(0x0003));
const VERSION = utf8('HPKE-v1');
const NOTHING = new Uint8Array(0);
/** Bytes of the nonce that an answer begins with. */
export const NONCE_BYTES = 32;

const labeledExtract = (suite: Uint8Array, salt: Uint8Array, label: string, secret: Uint8Array) =>
  extract(sha256, concat(VERSION, suite, utf8(label), secret), salt);
const labeledExpand = (
  suite: Uint8Array,
  key: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
) => expand(sha256, key, concat(u16(length), VERSION, suite, utf8(label), context), length);

/** Opens the messages of one answer in their order; throws at any other one. */
export type Messages = (message: Uint8Array, isLast: boolean) => Uint8Array;

export interface Sealed {
  /** The encapsulated key, 32 bytes, and the ciphertext. */
  envelope: Uint8Array<ArrayBuffer>;
  /** The messages of an answer that begins with this nonce. */
  answer(nonce: Uint8Array): Messages;
}

/** Throws where `publicKey` is no key that can be sealed to. */
export function seal(publicKey: Uint8Array, info: Uint8Array, message: Uint8Array, random: Random): Sealed {
  const secret = random(32);
  const encapsulated = x25519.getPublicKey(secret);
  const dh = x25519.getSharedSecret(secret, publicKey);
  const agreed = labeledExpand(
    KEM,
    labeledExtract(KEM, NOTHING, 'eae_prk', dh),
    'shared_secret',
    concat(encapsulated, publicKey),
    32,
  );
  const context = concat(
    new Uint8Array([0]),
    labeledExtract(SUITE, NOTHING, 'psk_id_hash', NOTHING),
    labeledExtract(SUITE, NOTHING, 'info_hash', info),
  );
  const schedule = labeledExtract(SUITE, agreed, 'secret', NOTHING);
  const key = labeledExpand(SUITE, schedule, 'key', context, 32);
  const nonce = labeledExpand(SUITE, schedule, 'base_nonce', context, 12);
  const exporter = labeledExpand(SUITE, schedule, 'exp', context, 32);
  const answers = labeledExpand(SUITE, exporter, 'sec', utf8('pingyi-answer/1'), 32);
  return {
    envelope: concat(encapsulated, chacha20poly1305(key, nonce).encrypt(message)),
    answer: (of) => messages(extract(sha256, answers, concat(encapsulated, of))),
  };
}

/** RFC 9458, section 4.4; each message under the next number. */
function messages(drawn: Uint8Array): Messages {
  const key = expand(sha256, drawn, utf8('key'), 32);
  const base = expand(sha256, drawn, utf8('nonce'), 12);
  let number = 0;
  return (message, isLast) => {
    const nonce = base.slice();
    // No answer has as many messages as four bytes count.
    for (let at = 0; at < 4; at += 1) nonce[11 - at] = (nonce[11 - at] ?? 0) ^ ((number >>> (8 * at)) & 0xff);
    number += 1;
    return chacha20poly1305(key, nonce, isLast ? utf8('final') : undefined).decrypt(message);
  };
}

/** What is in an answer of one message; throws at any other. */
export function openAnswer(sealed: Sealed, answer: Uint8Array): Uint8Array {
  return sealed.answer(answer.subarray(0, NONCE_BYTES))(answer.subarray(NONCE_BYTES), true);
}
