// Rules f100 to f103: what a phone makes of the rules that it is shown, and of a code that it scanned.
import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, it } from 'vitest';
import { base64url, concat, hex, utf8 } from '../crypto/bytes';
import { publicKey, sign } from '../crypto/ed25519';
import type { BoxKeyView, RoundView } from '../protocol';
import { readFraud } from '../record/fraud';
import { isStrictlySigned } from '../record/strict';
import { fakeStorage } from '../testing/fake_storage';
import { codeIn, codeOf, letterLines, readCode, rulesAddress } from './rules_code';
import { boxOf, type CurrentRules, meetRules, stopsVoting } from './rules_seen';

const MEETING = 'm1';
const secretOf = (name: string) => sha256(utf8(name));
const [BOX, OTHER_BOX] = ['box', 'another box'];

function keyOf(box: string): BoxKeyView {
  return { key: base64url(publicKey(secretOf(box))), fingerprint: 'H7K2-9QXM-4TDW-0R3B-ZC8V-61NP' };
}

/** A manifest by its name, as a box promised it. */
function promised(manifest: string, number = 1, box = BOX, meeting = MEETING) {
  const m = sha256(utf8(manifest));
  const message = concat(utf8('pingyi-manifest/2\0'), utf8(meeting), new Uint8Array([0, 0, 0, number]), m);
  return { hash: hex(m), signature: base64url(sign(message, secretOf(box))) };
}

function round(manifest: string | null, number = 1, box = BOX, meeting = MEETING): RoundView {
  const signed = manifest === null ? null : promised(manifest, number, box, meeting);
  return {
    number,
    state: signed ? 'armed' : 'draft',
    subjects: [],
    merged: [],
    manifest_hash: signed?.hash ?? null,
    fingerprint: signed && 'letters',
    promise: signed?.signature ?? null,
    closes_at_ms: null,
    void_reason: null,
  };
}

/** A phone that is shown views, one after the other, and perhaps opened a code. */
function phone(storage = fakeStorage()) {
  const sees = (shown: RoundView | null, wall = '', box: BoxKeyView | null = keyOf(BOX)) => {
    const now: CurrentRules = { meeting: MEETING, box, round: shown };
    return meetRules(storage, now, wall);
  };
  return { storage, sees };
}

const wall = (manifest: string, number = 1, box = BOX, meeting = MEETING) =>
  codeOf(promised(manifest, number, box, meeting));

describe('the code of the rules', () => {
  it('f100 stands in the fragment of the link by which phones join, with the whole hash', () => {
    const shown = round('rules');
    const address = rulesAddress('http://hall:8080/m/m1#h=abc', shown) ?? '';
    expect(address.startsWith('http://hall:8080/m/m1#h=abc&v=')).toBe(true);
    expect(readCode(codeIn(new URL(address).hash))).toEqual(promised('rules'));
    expect(codeIn(new URL(rulesAddress('http://hall/m/m1', shown) ?? '').hash)).toBe(wall('rules'));
    expect(rulesAddress('http://hall/m/m1', round(null))).toBeNull();
    expect(readCode('no code')).toBeNull();
    expect(codeIn('#h=abc')).toBe('');
  });

  it('f100 has letters in two lines, and the digits of before in one', () => {
    expect(letterLines('H7K2-9QXM-4TDW-0R3B-ZC8V-61NP')).toEqual(['H7K2 9QXM 4TDW', '0R3B ZC8V 61NP']);
    expect(letterLines('0123-4567-8901-2345')).toEqual(['0123 4567 8901 2345']);
  });
});

describe('a phone', () => {
  it('f101 says that its rules are those on the wall, and goes on', () => {
    const { sees } = phone();
    expect(sees(round(null))).toEqual({ is: 'nothing' });
    expect(sees(round('rules'))).toEqual({ is: 'nothing' });
    const seen = sees(round('rules'), wall('rules'));
    expect(seen).toEqual({ is: 'same' });
    expect(stopsVoting(seen)).toBe(false);
  });

  it('f101 tells a code of another round by its number', () => {
    const { sees } = phone();
    sees(round('rules'), wall('rules'));
    const seen = sees(round('rules of the second', 2), wall('rules'));
    expect(seen).toEqual({ is: 'other_round', round: 1 });
    expect(stopsVoting(seen)).toBe(false);
    // The wall is ahead of the phone by a moment.
    expect(sees(round('rules'), wall('rules of the second', 2))).toEqual({ is: 'other_round', round: 2 });
  });

  it.each([
    ['another box', wall('rules', 1, OTHER_BOX)],
    ['another meeting', wall('rules', 1, BOX, 'm2')],
    ['a round that is not yet', wall('rules', 3)],
    ['nobody', `${wall('rules').split('.')[0]}.`],
    ['no code', 'abc'],
  ])('f101 stops at a code that was signed by %s', (_, code) => {
    const seen = phone().sees(round('rules'), code);
    expect(seen).toEqual({ is: 'other_wall' });
    expect(stopsVoting(seen)).toBe(true);
  });

  it('f102 goes by the first box key, as long as another one is shown', () => {
    const { sees, storage } = phone();
    sees(round(null));
    const other = sees(round('rules', 1, OTHER_BOX), '', keyOf(OTHER_BOX));
    expect(other).toEqual({ is: 'other_box' });
    expect(stopsVoting(other)).toBe(true);
    expect(boxOf(storage, { meeting: MEETING, box: keyOf(OTHER_BOX) })).toBe(keyOf(BOX).key);
    // A key that is shown no more, as after the people are erased, is no other one; what it did not sign is not taken for all that.
    expect(sees(round('rules'), '', null)).toEqual({ is: 'nothing' });
    expect(sees(round('rules', 2, OTHER_BOX), '', null)).toEqual({ is: 'unsigned' });
    expect(sees(round('rules'))).toEqual({ is: 'nothing' });
  });

  it('f102 stops at rules that the box did not sign', () => {
    const { sees } = phone();
    const unsigned = sees({ ...round('rules'), promise: null });
    expect(unsigned).toEqual({ is: 'unsigned' });
    expect(stopsVoting(unsigned)).toBe(true);
    expect(sees(round('rules', 1, OTHER_BOX))).toEqual({ is: 'unsigned' });
    expect(sees(round('rules', 1, BOX, 'm2'))).toEqual({ is: 'unsigned' });
    expect(sees({ ...round('rules', 2), number: 1 })).toEqual({ is: 'unsigned' });
  });

  it('f103 keeps the proof of two manifests, one on the wall', () => {
    const { sees } = phone();
    const seen = sees(round('rules for this phone'), wall('rules'));
    expect(seen.is === 'fraud' && readFraud(utf8(seen.proof), isStrictlySigned)).toMatchObject({
      box_key: keyOf(BOX).key,
      meeting: MEETING,
      round: 1,
    });
    expect(stopsVoting(seen)).toBe(true);
    // Whatever is shown afterwards, and after a reload.
    expect(sees(round('rules'), wall('rules'))).toEqual(seen);
    expect(sees(round('more rules', 2))).toEqual(seen);
  });

  it('f103 keeps the proof of two manifests, one after the other, also by way of a code alone', () => {
    const first = phone();
    first.sees(round('rules'));
    expect(first.sees(round('other rules')).is).toBe('fraud');
    const later = phone();
    later.sees(round('rules'), wall('rules'));
    expect(later.sees(round('rules of the second', 2), wall('other rules')).is).toBe('fraud');
  });

  it('f102 knows nothing to compare in a meeting of before, and takes no code there', () => {
    const { sees } = phone();
    const old = { ...round('rules'), promise: null };
    expect(sees(old, '', null)).toEqual({ is: 'nothing' });
    expect(sees(old, wall('rules'), null)).toEqual({ is: 'other_wall' });
  });
});
