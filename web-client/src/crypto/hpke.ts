// Sealing one message to a public key: HPKE (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
// ChaCha20-Poly1305, without associated data. Works where `crypto.subtle` is missing. It must not know what it seals.
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

const labeledExtract = (suite: Uint8Array, salt: Uint8Array, label: string, secret: Uint8Array) =>
  extract(sha256, concat(VERSION, suite, utf8(label), secret), salt);
const labeledExpand = (
  suite: Uint8Array,
  key: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
) => expand(sha256, key, concat(u16(length), VERSION, suite, utf8(label), context), length);

/** The encapsulated key, 32 bytes, and the ciphertext. Throws where `publicKey` is no key that can be sealed to. */
export function seal(
  publicKey: Uint8Array,
  info: Uint8Array,
  message: Uint8Array,
  random: Random,
): Uint8Array<ArrayBuffer> {
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
  return concat(encapsulated, chacha20poly1305(key, nonce).encrypt(message));
}
