// Rules t5 and t8: the bytes of RFC 9474, appendix A, and what is refused.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { blind, blindWith, browserRandom, encode, finalize, isSigned } from './blind_rsa';
import { base64url, fromBase64url, hex } from './bytes';

type Vector = Record<
  'name' | 'n' | 'd' | 'input_msg' | 'salt' | 'inv' | 'blinded_msg' | 'blind_sig' | 'sig',
  string
> & {
  encoded_msg?: string;
};

const path = new URL('../../../tests/vectors/rfc9474.json', import.meta.url);
const vectors = JSON.parse(readFileSync(path, 'utf8')) as Vector[];

function bytes(text: string): Uint8Array {
  const digits = text.replace(/^0x/, '');
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16),
  );
}

function inverse(value: bigint, n: bigint): bigint {
  let [a, b, x, y] = [value, n, BigInt(1), BigInt(0)];
  while (a !== BigInt(0)) [a, b, x, y] = [b % a, a, y - (b / a) * x, x];
  return ((y % n) + n) % n;
}

describe.each(vectors)('t5 $name', (vector) => {
  const [n, message, salt] = [bytes(vector.n), bytes(vector.input_msg), bytes(vector.salt)];

  test('is encoded and blinded as in the RFC', () => {
    if (vector.encoded_msg !== undefined)
      expect(hex(encode(message, salt, n.length))).toBe(vector.encoded_msg);
    const factor = inverse(BigInt(vector.inv), BigInt(vector.n));
    const blinded = blindWith(n, message, salt, factor);
    expect(hex(blinded.message)).toBe(vector.blinded_msg);
    expect(BigInt(`0x${hex(blinded.inverse)}`)).toBe(BigInt(vector.inv));
  });

  test('is finalized as in the RFC, with a salt of 48 bytes only', () => {
    const finalized = () => finalize(n, message, bytes(vector.blind_sig), bytes(vector.inv));
    if (salt.length === 48) expect(hex(finalized())).toBe(vector.sig);
    else expect(finalized).toThrow('not a signature');
    expect(isSigned(n, message, bytes(vector.sig))).toBe(salt.length === 48);
  });
});

const [vector] = vectors.filter(({ name }) => name === 'RSABSSA-SHA384-PSS-Deterministic') as [Vector];
const [n, message, signature] = [bytes(vector.n), bytes(vector.input_msg), bytes(vector.sig)];

test('t8 a changed signature, message or length is refused', () => {
  for (const at of [0, 255, 511]) {
    const changed = signature.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(isSigned(n, message, changed)).toBe(false);
  }
  expect(isSigned(n, message.slice(1), signature)).toBe(false);
  expect(isSigned(n, message, signature.slice(1))).toBe(false);
  expect(isSigned(n, message, new Uint8Array(512).fill(0xff))).toBe(false);
});

test('t8 a blinding is fresh each time and another one’s answer is refused', () => {
  const [one, two] = [blind(n, message, browserRandom), blind(n, message, browserRandom)];
  expect(hex(one.message)).not.toBe(hex(two.message));
  expect(() => finalize(n, message, bytes(vector.blind_sig), one.inverse)).toThrow('not a signature');
});

test('t9 base64url has one spelling', () => {
  for (let length = 0; length < 70; length += 1) {
    const random = browserRandom(length);
    expect(base64url(random)).toBe(Buffer.from(random).toString('base64url'));
    expect(fromBase64url(base64url(random), length)).toEqual(random);
  }
  for (const bad of ['AA==', 'A', 'AB', 'A/', 'AA A', 'AAAA', ''])
    expect(() => fromBase64url(bad, 1)).toThrow();
  expect(fromBase64url('AA', 1)).toEqual(new Uint8Array(1));
});
