// The phone's own look into the record (rules f50 to f53), with records that a box key made for tests.
import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, it } from 'vitest';
import type { CheckedRound, Witness } from '../../ballot/witness';
import { base64url, compare, concat, hex, utf8 } from '../../crypto/bytes';
import { publicKey, sign } from '../../crypto/ed25519';
import { LEAVES_PART, LEAVES_WHOLE_MAX } from '../../protocol';
import { merkleRoot } from '../../record/merkle';
import { fakeStorage } from '../../testing/fake_storage';
import { FakeWorld } from '../../testing/fake_world';
import { beginLook } from './look';

const SECRET = new Uint8Array(32).fill(7);
const M = sha256(utf8('manifest'));
const leafOf = (number: number) => sha256(utf8(`ballot ${number}`));

/** A server that publishes so many ballots but those left out, with the ways of RECORD.md. */
function publishes(world: FakeWorld, ballots: number, without: number[] = [], key = SECRET) {
  const leaves = Array.from({ length: ballots }, (_, at) => at)
    .filter((at) => !without.includes(at))
    .map(leafOf)
    .sort(compare);
  const root = merkleRoot(leaves);
  const head = sha256(utf8('head'));
  const view = {
    record: { digest: hex(head), digits: '1111-2222-3333-4444', sealed: false },
    leaves: leaves.length,
    root: hex(root),
    head: hex(head),
    box_sig: base64url(sign(concat(utf8('pingyi-record/1\0'), M, root, head), key)),
  };
  const parts = Math.ceil(leaves.length / LEAVES_PART);
  const part = (at: number) => leaves.slice(at * LEAVES_PART, (at + 1) * LEAVES_PART);
  const bytes = (list: Uint8Array[]) => new Response(concat(...list) as Uint8Array<ArrayBuffer>);
  world.answer = (path) => {
    const what = path.replace('/m/m/rounds/1/', '');
    if (what === 'record') return new Response(JSON.stringify(view));
    if (what === 'leaves') return bytes(leaves);
    const all = Array.from({ length: parts }, (_, at) => part(at));
    if (what === 'leaves/index')
      return bytes(all.flatMap((list) => [list[0] as Uint8Array, merkleRoot(list)]));
    const at = Number(what.replace('leaves/', ''));
    return bytes(at + 2 >= parts ? all.slice(-2).flat() : part(at));
  };
  return { leaves, view };
}

/** A phone whose ballots are these, of which the first is the sheet. */
function phone(own: number[], world = new FakeWorld(), storage = fakeStorage(), isAnswered = true) {
  const witness: Witness = {
    m: hex(M),
    box_key: base64url(publicKey(SECRET)),
    ballots: own.map((number) => ({ leaf: base64url(leafOf(number)), ...(isAnswered && { receipt: 'R' }) })),
  };
  storage.set('record/m/1', JSON.stringify({ witness: JSON.stringify(witness) }));
  const seen: CheckedRound[] = [];
  const forgotten: number[] = [];
  const look = beginLook({
    meeting: 'm',
    storage,
    world,
    spread_ms: () => 60_000,
    isLive: () => true,
    forget: (round) => forgotten.push(round),
    onChecked: (rounds) => seen.push(...rounds),
  });
  const last = () => seen[seen.length - 1];
  return { look, world, storage, forgotten, now: () => last()?.check, last };
}

const published = { round: 1, state: 'published', isOver: false };

describe('record_look', () => {
  it('f50 looks at a random moment after publication, and not before', async () => {
    const { look, world, now } = phone([1, 2, 3]);
    publishes(world, 20);
    for (const state of ['open', 'closing', 'closed', 'certified']) look.follow({ ...published, state });
    await world.passes(300_000);
    expect(world.requests.length).toBe(0);
    look.follow(published);
    expect(now()).toEqual({ is: 'waiting' });
    await world.passes(29_000);
    expect(world.requests.length).toBe(0);
    await world.passes(2_000);
    expect(now()).toEqual({ is: 'found', ballots: 2, digits: '1111-2222-3333-4444' });
  });

  it('f50 looks at once when the voter asks, without any name', async () => {
    const { look, world, now } = phone([1, 2, 3]);
    publishes(world, 20);
    look.follow(published);
    look.lookNow();
    await world.passes(10);
    expect(now()?.is).toBe('found');
    expect(world.requests.map(({ path }) => path)).toEqual(['/m/m/rounds/1/record', '/m/m/rounds/1/leaves']);
    for (const { init } of world.requests) {
      expect(init).toMatchObject({ credentials: 'omit', referrerPolicy: 'no-referrer' });
      expect(init.headers).toBeUndefined();
    }
  });

  it('f50 looks into the rounds that it missed, once the meeting went on or is over', async () => {
    for (const seen of [
      { round: 2, state: 'armed', isOver: false },
      { round: 1, state: 'certified', isOver: true },
    ]) {
      const { look, world, now } = phone([1, 2, 3]);
      publishes(world, 20);
      look.follow(seen);
      await world.passes(60_000);
      expect(now()?.is).toBe('found');
    }
  });

  it('f50 fetches parts of thousands in a large round, and checks their roots', {
    timeout: 60_000,
  }, async () => {
    const large = LEAVES_WHOLE_MAX + 1_000;
    const world = new FakeWorld();
    const { leaves } = publishes(world, large);
    const numbers = new Map(Array.from({ length: large }, (_, at) => [hex(leafOf(at)), at]));
    const [first = 0, end = 0] = [leaves[0], leaves[large - 1]].map((leaf) =>
      numbers.get(hex(leaf as Uint8Array)),
    );
    const { look, now } = phone([1, first, end], world);
    look.follow(published);
    look.lookNow();
    await world.passes(100);
    expect(now()).toEqual({ is: 'found', ballots: 2, digits: '1111-2222-3333-4444' });
    expect(world.requests.some(({ path }) => path.endsWith('/leaves'))).toBe(false);
    // A part that is not the one of the index.
    const forged = phone([1], new FakeWorld());
    publishes(forged.world, large);
    const fine = forged.world.answer;
    forged.world.answer = (path, init) =>
      /leaves\/\d+$/.test(path) ? new Response(new Uint8Array(32 * LEAVES_PART)) : fine(path, init);
    forged.look.follow(published);
    forged.look.lookNow();
    await forged.world.passes(100);
    expect(forged.now()).toEqual({ is: 'forged' });
  });

  it('f51 deletes leaves and answers once they were found, and lets a proof be saved until the page is closed', async () => {
    const { look, world, storage, forgotten, last } = phone([1, 2, 3]);
    publishes(world, 20);
    look.follow(published);
    look.lookNow();
    await world.passes(10);
    expect(forgotten).toEqual([1]);
    expect(storage.kept.get('record/m/1')).not.toContain(base64url(leafOf(1)));
    const proof = JSON.parse(last()?.proof ?? '{}');
    expect(proof).toMatchObject({ format: 'pingyi-proof/1', manifest_hash: hex(M) });
    expect(proof.ballots[0]).toEqual({ leaf: base64url(leafOf(1)), receipt: 'R' });
    // After a reload the answer is there, and nothing else.
    const again = phone([], new FakeWorld(), fakeStorage());
    again.storage.set('record/m/1', storage.kept.get('record/m/1') ?? '');
    again.look.follow(published);
    expect(again.last()).toMatchObject({ check: { is: 'found' }, proof: null });
    expect(again.world.requests.length).toBe(0);
  });

  it('f54 says that ballots which nobody answered are there, or came too late, which is no alarm', async () => {
    const found = phone([1, 2, 3], new FakeWorld(), fakeStorage(), false);
    publishes(found.world, 20);
    const late = phone([1, 2, 3], new FakeWorld(), fakeStorage(), false);
    publishes(late.world, 20, [1, 2, 3]);
    // All of a batch or nothing is in the box.
    const parted = phone([1, 2, 3], new FakeWorld(), fakeStorage(), false);
    publishes(parted.world, 20, [2]);
    for (const { look, world } of [found, late, parted]) {
      look.follow(published);
      look.lookNow();
      await world.passes(10);
    }
    expect(found.now()).toMatchObject({ is: 'found', ballots: 2 });
    expect(late.now()).toEqual({ is: 'not_in' });
    expect(parted.now()).toEqual({ is: 'missing', ballots: 1, of: 3 });
    for (const { last } of [found, late, parted]) expect(last()?.proof).toBeNull();
    for (const { storage } of [found, late]) expect(storage.kept.get('record/m/1')).not.toContain('witness');
  });

  it('f52 raises an alarm for a ballot that is missing, also in a record that was signed anew', async () => {
    const { look, world, storage, forgotten, last } = phone([1, 2, 3]);
    publishes(world, 20, [2]);
    look.follow(published);
    look.lookNow();
    await world.passes(10);
    expect(last()?.check).toEqual({ is: 'missing', ballots: 1, of: 3 });
    expect(last()?.proof).toContain(base64url(leafOf(2)));
    expect(forgotten).toEqual([]);
    expect(storage.kept.get('record/m/1')).toContain('witness');
    // It stays, whatever is published next.
    publishes(world, 20);
    look.follow({ round: 2, state: 'armed', isOver: false });
    await world.passes(600_000);
    expect(last()?.check).toEqual({ is: 'missing', ballots: 1, of: 3 });
  });

  it('f52 raises an alarm for another signature, another root or other leaves', async () => {
    const changes: ((world: FakeWorld) => void)[] = [
      (world) => publishes(world, 20, [], new Uint8Array(32).fill(8)),
      (world) => {
        const { view } = publishes(world, 20);
        const fine = world.answer;
        world.answer = (path, init) =>
          path.endsWith('/record')
            ? new Response(JSON.stringify({ ...view, root: hex(M) }))
            : fine(path, init);
      },
      (world) => {
        publishes(world, 20);
        const fine = world.answer;
        world.answer = (path, init) =>
          path.endsWith('/leaves') ? new Response(new Uint8Array(20 * 32)) : fine(path, init);
      },
    ];
    for (const change of changes) {
      const { look, world, now, forgotten } = phone([1, 2, 3]);
      change(world);
      look.follow(published);
      look.lookNow();
      await world.passes(10);
      expect(now()).toEqual({ is: 'forged' });
      expect(forgotten).toEqual([]);
    }
  });

  it('f53 tries again where there is no answer, or no record yet', async () => {
    const { look, world, now } = phone([1, 2, 3]);
    look.follow(published);
    look.lookNow();
    await world.passes(10);
    expect(now()).toEqual({ is: 'waiting' });
    world.answer = () => new Response('{}', { status: 404 });
    await world.passes(20_000);
    expect(now()).toEqual({ is: 'not_yet' });
    publishes(world, 20);
    await world.passes(120_000);
    expect(now()?.is).toBe('found');
  });

  it('f53 forgets a void round without asking anybody', async () => {
    const { look, world, storage, forgotten } = phone([1, 2, 3]);
    look.follow({ ...published, state: 'void' });
    await world.passes(120_000);
    expect(world.requests.length).toBe(0);
    expect([...storage.kept.keys()]).toEqual([]);
    expect(forgotten).toEqual([1]);
  });
});
