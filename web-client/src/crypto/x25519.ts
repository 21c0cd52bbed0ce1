// X25519 (RFC 7748) from the library's Montgomery ladder and the curve's own numbers. The library's ready-made one brings the
// Edwards curve along for a speed that one message a round does not need: 10 kB more for every phone.

import { pow } from '@noble/curves/abstract/modular.js';
import { montgomery } from '@noble/curves/abstract/montgomery.js';

/** RFC 7748, section 4.1. */
const P = 2n ** 255n - 19n;

export const x25519 = montgomery({
  P,
  type: 'x25519',
  powPminus2: (x: bigint) => pow(x, P - 2n, P),
  adjustScalarBytes: (bytes: Uint8Array) => {
    // RFC 7748, section 5, decodeScalar25519.
    bytes[0] = (bytes[0] ?? 0) & 248;
    bytes[31] = ((bytes[31] ?? 0) & 127) | 64;
    return bytes;
  },
});
