// Ed25519 by the synchronous half of @noble/ed25519: its asynchronous half wants crypto.subtle, which plain http lacks.
import { getPublicKey, hashes, sign, verify } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';

hashes.sha512 = sha512;

export { getPublicKey as publicKey, sign };

/** Whether it is the key's signature, by RFC 8032 and not by the laxer ZIP 215. */
export function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  return verify(signature, message, publicKey, { zip215: false });
}
