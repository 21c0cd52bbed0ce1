// Rule s30: the first vector of RFC 7748, section 5.2; both sides agree; a point that gives everybody the same secret is refused.
import { expect, test } from 'vitest';
import { hex } from './bytes';
import { x25519 } from './x25519';

const bytes = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

test('s30 the ladder is the one of RFC 7748', () => {
  const scalar = bytes('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4');
  const point = bytes('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c');
  expect(hex(x25519.scalarMult(scalar, point))).toBe(
    'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552',
  );
  const alice = bytes('77076d0a7318a57d3c16c17251b26645df4c2f92ebc099f3b8e5a3e1c8e4d0aa');
  expect(() => x25519.getSharedSecret(alice, new Uint8Array(32))).toThrow();
  const one = x25519.getSharedSecret(alice, x25519.getPublicKey(scalar));
  expect(x25519.getSharedSecret(scalar, x25519.getPublicKey(alice))).toEqual(one);
});
