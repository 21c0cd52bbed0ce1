// Rules t2, t8, t13, t14, t16, t17, t18: what the Rust phone made is understood here, and what is made here is kept
// in tests/vectors/papers_browser.json, which the server's tests sign and check. `UPDATE=1` rewrites that file.
import { constants, createPrivateKey, privateDecrypt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { sha256 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import { finalize as finalizeToken, isSigned, type Random } from '../crypto/blind_rsa';
import { base64url, concat, fromBase64url, hex, u16, utf8 } from '../crypto/bytes';
import { publicKey } from '../crypto/ed25519';
import type { CastAnswer, Papers, PapersRequest } from '../protocol';
import { isStrictlySigned } from '../record/strict';
import { type Ballot, ballotsOf, castLength, castMessage, commitment, leaf, sheetAnswer } from './cast';
import { fingerprint, keysDiffer, type Manifest, manifestHash, readManifest, tokenKey } from './manifest';
import { OPINION_CHARS_MAX, opinionsOf } from './opinions';
import { seal } from './seal';
import { cast, finalize, isManifest, leavesOf, prepare, receive } from './tokens';

const vectors = new URL('../../../tests/vectors/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, vectors), 'utf8');

interface RustPhone {
  manifest: string;
  m: string;
  fingerprint: string;
  group: string;
  papers: Record<'secret' | 'inverse' | 'blinded' | 'answer' | 'token', string>[] & { contest: number }[];
  receipts: { contest: number; leaf: string; receipt: string }[];
  opinions: { contest: number; leaf: string; receipt: string }[];
  cast_bytes: number;
  /** Of rows with two items and more. */
  cast_bytes_by_items: number[];
  cast: string;
}

const rust = JSON.parse(read('papers_rust.json')) as RustPhone;
const receipts = [...rust.receipts, ...rust.opinions];
const manifest = readManifest(rust.manifest);
const m = manifestHash(rust.manifest);
const acknowledged = (receipts: (string | null)[]): CastAnswer => ({
  items: receipts.map((receipt) => ({ answer: 'in', receipt })),
});

/** The issuer: raw RSA with the committed test keys, contest-major, group A before B. */
function sign(request: string, group: string): Papers {
  const keys = (JSON.parse(read('token_keys.json')) as { keys: string[] }).keys;
  const papers = (JSON.parse(request) as PapersRequest).papers.map(({ c, z }) => {
    const der = Buffer.from(keys[2 * c + (group === 'B' ? 1 : 0)] ?? '', 'base64');
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    return {
      c,
      z: base64url(privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, fromBase64url(z, 256))),
    };
  });
  return { papers };
}

/** Randomness that is the same in every run. */
function seeded(seed: string): Random {
  let counter = 0;
  return (length) => {
    const out = new Uint8Array(length);
    for (let at = 0; at < length; at += 32, counter += 1) {
      out.set(sha256(concat(utf8(seed), u16(counter))).subarray(0, length - at), at);
    }
    return out;
  };
}

/** What the box checks of a cast, but for the sheet rules. */
function isGoodCast(body: string, group: string): boolean {
  const salt = fromBase64url((JSON.parse(body) as { salt: string }).salt, 16);
  const isGood = (ballot: Ballot) => {
    const pk = fromBase64url(ballot.pk, 32);
    const key = tokenKey(manifest, m, ballot.c, group);
    const message = castMessage(m, ballot.c, group, ballot.a);
    const signed = isStrictlySigned(pk, message, fromBase64url(ballot.s, 64));
    return (
      ballot.g === group && signed && isSigned(key.modulus, key.input(pk), fromBase64url(ballot.tk, 256))
    );
  };
  const ballots = ballotsOf(body);
  const rows = ballots.filter((ballot) => ballot.c !== 0);
  const sheet = ballots.find((ballot) => ballot.c === 0);
  return ballots.every(isGood) && sheet?.a === sheetAnswer(commitment(salt, rows, opinionsOf(body)));
}

test('t25 the phone tells manifests apart whose hashes begin alike', () => {
  const [one = '', other = ''] = JSON.parse(read('twins.json')) as [string, string];
  const [m, n] = [manifestHash(one), manifestHash(other)];
  expect(fingerprint(m).slice(0, 9)).toBe(fingerprint(n).slice(0, 9));
  expect(isManifest(one, hex(m), fingerprint(m), null)).toBe(true);
  expect(isManifest(other, hex(n), fingerprint(m), null)).toBe(false);
  expect(isManifest(other, hex(m), fingerprint(m), null)).toBe(false);
});

test('t2 the hash and the fingerprint are the server’s', () => {
  expect(hex(m)).toBe(rust.m);
  expect(fingerprint(m)).toBe(rust.fingerprint);
  expect(isManifest(rust.manifest, rust.m, rust.fingerprint, null)).toBe(true);
  // Of another box than the one that this phone goes by it takes none.
  expect(isManifest(rust.manifest, rust.m, rust.fingerprint, manifest.box_key)).toBe(true);
  expect(isManifest(rust.manifest, rust.m, rust.fingerprint, manifest.seal_key)).toBe(false);
  expect(isManifest(`${rust.manifest} `, rust.m, rust.fingerprint, null)).toBe(false);
  expect(isManifest(rust.manifest, rust.m, '0000-0000-0000-0000', null)).toBe(false);
  expect(fingerprint(new Uint8Array(32).fill(255))).toBe('ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ');
  expect(fingerprint(new Uint8Array(32))).toBe('0000-0000-0000-0000-0000-0000');
  expect(fingerprint(Uint8Array.from({ length: 32 }, (_, at) => at))).toBe('000G-40R4-0M30-E209-185G-R38E');
  // Of the first edition what it showed.
  expect(fingerprint(new Uint8Array(32).fill(255), 'pingyi-manifest/1')).toBe('6744-0737-0955-1615');
});

test('t4 two equal keys are noticed, and another form of key is refused', () => {
  const change = (at: number, spki: string): Manifest => ({
    ...manifest,
    keys: manifest.keys.map((key, index) => (index === at ? { ...key, spki } : key)),
  });
  const first = manifest.keys[0]?.spki ?? '';
  expect(keysDiffer(manifest)).toBe(true);
  expect(keysDiffer(change(1, first))).toBe(false);
  const spki = fromBase64url(first, 342);
  spki[341] = 3;
  expect(() => tokenKey(change(0, base64url(spki)), m, 0, 'A')).toThrow('another form');
  expect(() => tokenKey(manifest, m, 9, 'A')).toThrow('no one key');
});

test('t18 the Rust phone’s tokens are finalized to the same tokens', () => {
  for (const paper of rust.papers) {
    const key = tokenKey(manifest, m, paper.contest, rust.group);
    const input = key.input(publicKey(fromBase64url(paper.secret, 32)));
    const [answer, inverse] = [fromBase64url(paper.answer, 256), fromBase64url(paper.inverse, 256)];
    expect(base64url(finalizeToken(key.modulus, input, answer, inverse))).toBe(paper.token);
  }
});

test('t17 casts of rows with items have the length that the server says', () => {
  const lengths = rust.cast_bytes_by_items.map((_, at) => {
    const items = Array.from({ length: at + 2 }, () => ({ label: '指标' }));
    return castLength({ ...manifest, items });
  });
  expect(lengths).toEqual(rust.cast_bytes_by_items);
});

test('t18 the Rust phone’s cast is good here, ballot by ballot', () => {
  expect(isGoodCast(rust.cast, rust.group)).toBe(true);
  expect(isGoodCast(rust.cast.replace('jiaohao', 'hao'), rust.group)).toBe(false);
  expect(castLength(manifest)).toBe(rust.cast_bytes);
  expect(utf8(rust.cast).length).toBe(rust.cast_bytes);
  expect(leavesOf(rust.cast).map(hex)).toEqual(receipts.map((receipt) => receipt.leaf));
});

test('t16 receipts make one code, and any that is not the box’s makes none', () => {
  const all = receipts.map((receipt) => receipt.receipt);
  const code = receive(rust.manifest, rust.cast, acknowledged(all))?.code;
  expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  expect(receive(rust.manifest, rust.cast, acknowledged(all))?.code).toBe(code);
  expect(receive(rust.manifest, rust.cast, acknowledged([...all].reverse()))).toBeNull();
  expect(receive(rust.manifest, rust.cast, acknowledged(all.slice(1)))).toBeNull();
  expect(receive(rust.manifest, rust.cast, acknowledged(all.slice(0, -1)))).toBeNull();
  expect(receive(rust.manifest, rust.cast, acknowledged([null, ...all.slice(1)]))).toBeNull();
});

test('t18 what the server’s tests check is what this phone makes', () => {
  const random = seeded('papers_browser');
  const { wallet, request } = prepare(rust.manifest, 'A', [0, 1, 2, 3], base64url(random(32)));
  const answer = sign(request, 'A');
  const marks = ['', 'hao', 'bliaojie'];
  const texts = ['', '  第一行\r\n“好” \\ "再快些" \u0007 😀 '];
  const filled = finalize(wallet, rust.manifest, answer);
  const body = cast(
    filled,
    rust.manifest,
    (c) => marks[c],
    (c) => texts[c],
    random,
  );
  const papers = (JSON.parse(request) as PapersRequest).papers.map(({ c, z }, at) => ({
    contest: c,
    blinded: z,
    answer: answer.papers[at]?.z,
  }));
  const sealed = seal(rust.manifest, body, random);
  const envelope = base64url(sealed.envelope);
  const made = `${JSON.stringify({ m: rust.m, group: 'A', papers, cast: body, envelope }, null, 2)}\n`;
  if (process.env.UPDATE) writeFileSync(new URL('papers_browser.json', vectors), made);
  expect(read('papers_browser.json'), 'stale: run the tests with UPDATE=1').toBe(made);
  expect(isGoodCast(body, 'A')).toBe(true);
  // What the server answers to it opens here, once, and for no other cast.
  const answered = Uint8Array.from(Buffer.from(read('answer.txt'), 'base64url'));
  expect(sealed.open(answered)).toEqual({ items: [] });
  expect(() => seal(rust.manifest, body).open(answered)).toThrow();
});

test('f60 the same seed asks for the same tokens, and another one for others', () => {
  const { wallet, request } = prepare(rust.manifest, 'A', [0, 1]);
  const again = prepare(rust.manifest, 'A', [0, 1], (JSON.parse(wallet) as { seed: string }).seed);
  expect(again.request).toBe(request);
  const signed = finalize(again.wallet, rust.manifest, sign(request, 'A'));
  expect(JSON.parse(signed).seed).toBe(JSON.parse(wallet).seed);
  expect(prepare(rust.manifest, 'A', [0, 1]).request).not.toBe(request);
});

test('t8 an answer to another token, or none, is no token', () => {
  const { wallet, request } = prepare(rust.manifest, 'A', [0, 1]);
  const { papers } = sign(request, 'A');
  const [sheet, row] = papers as [Papers['papers'][0], Papers['papers'][0]];
  const finalized = (papers: Papers['papers']) => () => finalize(wallet, rust.manifest, { papers });
  expect(finalized([sheet])).toThrow('not one answer');
  expect(finalized([row, sheet])).toThrow('another token');
  expect(finalized([sheet, { c: 1, z: sheet.z }])).toThrow('not a signature');
  expect(() => cast(wallet, rust.manifest, () => 'hao')).toThrow('no token');
});

test('t17 all casts have one length, are shuffled, and say nothing of their order', () => {
  const { wallet, request } = prepare(rust.manifest, 'B', [0, 1, 2, 3]);
  const filled = finalize(wallet, rust.manifest, sign(request, 'B'));
  const recused = prepare(rust.manifest, 'B', [0, 3]);
  const short = finalize(recused.wallet, rust.manifest, sign(recused.request, 'B'));
  const bodies = [
    cast(filled, rust.manifest, () => 'bliaojie'),
    cast(filled, rust.manifest, () => undefined),
    cast(short, rust.manifest, () => 'cha'),
    cast(
      filled,
      rust.manifest,
      () => 'hao',
      () => '😀'.repeat(300),
    ),
  ];
  for (const body of bodies) expect(utf8(body).length).toBe(rust.cast_bytes);
  const orders = new Set<string>();
  for (let turn = 0; turn < 60; turn += 1) {
    orders.add(
      ballotsOf(cast(filled, rust.manifest, () => 'hao'))
        .map(({ c }) => c)
        .join(),
    );
  }
  // 24 orders are possible; that 60 fair draws show fewer than 6 of them has a chance below 10⁻³¹.
  expect(orders.size).toBeGreaterThan(5);
});

test('t13 a cast made twice is two different sheets of the same rows', () => {
  const { wallet, request } = prepare(rust.manifest, 'A', [0, 1, 2, 3]);
  const filled = finalize(wallet, rust.manifest, sign(request, 'A'));
  const [one, two] = [cast(filled, rust.manifest, () => 'hao'), cast(filled, rust.manifest, () => 'hao')];
  const rows = (body: string) =>
    ballotsOf(body)
      .filter(({ c }) => c !== 0)
      .map((row) => hex(leaf(row)))
      .sort();
  const sheet = (body: string) => ballotsOf(body).find(({ c }) => c === 0)?.a;
  expect(rows(one)).toEqual(rows(two));
  expect(sheet(one)).not.toBe(sheet(two));
  // What a row says that was left blank: the box takes `abstain` and no empty answer.
  for (const blank of [undefined, '']) {
    const body = cast(filled, rust.manifest, () => blank);
    expect(body).not.toContain('{\\"v\\":\\"\\"}');
    expect(body).toContain('abstain');
  }
  expect(() => cast(filled, rust.manifest, () => 'excellent')).toThrow('another scale');
});

test('t21 what is written is cleaned, bounded, bound to the sheet, and left out where nobody asked', () => {
  const { wallet, request } = prepare(rust.manifest, 'B', [0, 1, 3]);
  const filled = finalize(wallet, rust.manifest, sign(request, 'B'));
  const mark = () => 'hao';
  const typed: Record<number, string> = { 1: ' \u0000a\r\nb\ud800 ', 2: 'recused', 3: '好'.repeat(300) };
  const body = cast(filled, rust.manifest, mark, (c) => typed[c]);
  const texts = Object.fromEntries(opinionsOf(body).map(({ c, t }) => [c, t]));
  expect(texts).toEqual({ 1: 'a\nb', 3: '好'.repeat(OPINION_CHARS_MAX) });
  expect(isGoodCast(body, 'B')).toBe(true);
  expect(isGoodCast(body.replace('a\\nb', 'a\\nc'), 'B')).toBe(false);
  expect(opinionsOf(cast(filled, rust.manifest, mark, () => ' \n '))).toEqual([]);
  const silent = rust.manifest.replace('"opinions":true', '"opinions":false');
  expect(silent).not.toBe(rust.manifest);
  expect(castLength(readManifest(silent))).toBeLessThan(castLength(manifest));
});
