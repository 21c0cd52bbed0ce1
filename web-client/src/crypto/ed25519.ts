// Ed25519 by the synchronous half of @noble/ed25519: its asynchronous half wants crypto.subtle, which plain http lacks.
// What others signed is checked by record/strict.ts.
import { getPublicKey, hashes, sign } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';

hashes.sha512 = sha512;

export { getPublicKey as publicKey, sign };
