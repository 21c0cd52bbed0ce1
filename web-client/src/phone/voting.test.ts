// One phone's way through a round (rules f10–f19), with tokens made for tests: what is tested is when what is kept and sent.
import { describe, expect, it } from 'vitest';
import type { CastAnswer, RoundView } from '../protocol';
import { fakeStorage } from '../testing/fake_storage';
import { FakeWorld, settled } from '../testing/fake_world';
import { type BallotStatus, type Tokens, Voting } from './voting';

const tokens: Tokens = {
  isManifest: (manifest) => manifest === 'manifest',
  prepare: (_manifest, group, contests, seed) => ({
    wallet: `keys of ${group} for ${contests.join()}`,
    request: JSON.stringify({ papers: contests, seed }),
  }),
  finalize: (wallet) => `${wallet}, signed`,
  cast: (wallet, _manifest, markOf) =>
    `${wallet}: ${[1, 2, 3].map((contest) => markOf(contest) ?? '-').join()}`,
  seal: (manifest, cast) => ({
    envelope: new TextEncoder().encode(`${manifest} seals ${cast}`),
    open: (answer) => JSON.parse(new TextDecoder().decode(answer)),
  }),
  receive: (_manifest, _cast, answer) =>
    answer.items[0]?.receipt ? { code: 'CODE', witness: 'leaves and receipts' } : null,
  unanswered: () => 'leaves',
};

function round(state: RoundView['state'], number = 1): RoundView {
  return {
    number,
    state,
    subjects: [11, 12, 13],
    merged: [],
    manifest_hash: 'hash',
    fingerprint: 'letters',
    promise: 'signed',
    closes_at_ms: null,
    void_reason: null,
  };
}

const acknowledged: CastAnswer = { items: [{ answer: 'in', receipt: 'signed' }] };
const problem = (kind: string, status = 503) =>
  new Response(JSON.stringify({ problem: kind, refusal: null, detail: null, retry_after_s: null }), {
    status,
  });
const json = (value: unknown) => new Response(JSON.stringify(value));

function phone(
  world = new FakeWorld(),
  storage = fakeStorage(),
  more: Partial<ConstructorParameters<typeof Voting>[0]> = {},
) {
  const seen: BallotStatus[] = [];
  const voting = new Voting({
    meeting: 'm',
    group: 'B',
    credential: 'seat',
    recused: null,
    storage,
    world,
    tokens: () => tokens,
    serverNow: () => 77,
    isLive: () => true,
    onStatus: (status) => seen.push(status),
    ...more,
  });
  return { voting, seen, world, storage, now: () => seen[seen.length - 1] };
}

/** A server that gives tokens and answers a cast. */
function serves(world: FakeWorld, cast: () => Response | undefined = () => json(acknowledged)) {
  world.answer = (path) => {
    if (path.endsWith('/manifest')) return new Response('manifest');
    if (path.endsWith('/papers')) return json({ papers: [] });
    return path.endsWith('/cast') ? cast() : undefined;
  };
}

const sent = (world: FakeWorld, what: string) => world.requests.filter(({ path }) => path.endsWith(what));

describe('voting', () => {
  it('f10 gets tokens when the round is armed, for every contest but the own branch', async () => {
    const { voting, world, now, storage } = phone(undefined, undefined, { recused: 12 });
    serves(world);
    voting.follow(round('draft'));
    await world.passes(2_000);
    expect(world.requests.length).toBe(0);
    voting.follow(round('armed'));
    await world.passes(2_000);
    expect(sent(world, '/papers')[0]?.init.body).toBe('{"papers":[0,1,3]}');
    expect(now()).toEqual({ is: 'waiting', tokens: 'ready' });
    expect(storage.kept.get('round/m/1')).toContain('keys of B for 0,1,3, signed');
  });

  it('f10 asks for the tokens of the merged group where its own votes as one with another', async () => {
    const { voting, world, storage } = phone();
    serves(world);
    const column = { id: 'A', name: '甲、乙', weight_percent: '60', entitled: 9, has_leaders: false };
    voting.follow({ ...round('armed'), merged: [{ groups: ['A', 'B'], column }] });
    await world.passes(2_000);
    expect(storage.kept.get('round/m/1')).toContain('keys of A for 0,1,2,3, signed');
  });

  it('f11 keeps its keys before it asks, and repeats the same bytes', async () => {
    const { voting, world, storage } = phone();
    let answers = 0;
    serves(world);
    const fine = world.answer;
    world.answer = (path, init) => {
      if (!path.endsWith('/papers')) return fine(path, init);
      expect(storage.kept.get('round/m/1')).toContain('keys of B');
      answers += 1;
      return answers < 4 ? problem('try_again') : fine(path, init);
    };
    voting.follow(round('armed'));
    await world.passes(30_000);
    const bodies = sent(world, '/papers').map(({ init }) => init.body);
    expect(bodies.length).toBe(4);
    expect(new Set(bodies).size).toBe(1);
  });

  it('f11 a page that was reloaded asks with the bytes that it kept', async () => {
    const storage = fakeStorage();
    const first = phone(undefined, storage);
    serves(first.world);
    first.world.answer = (path) => (path.endsWith('/manifest') ? new Response('manifest') : undefined);
    first.voting.follow(round('armed'));
    await first.world.passes(1_000);
    first.voting.stop();
    const second = phone(undefined, storage, {
      tokens: () => ({ ...tokens, prepare: () => expect.unreachable('other keys') as never }),
    });
    serves(second.world);
    second.voting.follow(round('open'));
    await second.world.passes(1_000);
    expect(sent(second.world, '/papers')[0]?.init.body).toBe(sent(first.world, '/papers')[0]?.init.body);
    expect(second.now()).toEqual({ is: 'open' });
  });

  it('f12 takes no token under a manifest that is not the one of the fingerprint', async () => {
    const { voting, world, now } = phone();
    world.answer = () => new Response('another manifest');
    voting.follow(round('armed'));
    await world.passes(5_000);
    expect(now()).toEqual({ is: 'no_tokens', why: 'wrong_fingerprint' });
    expect(sent(world, '/papers').length).toBe(0);
  });

  it('f101 stops while something is wrong with the rules, and goes on where it was only another code', async () => {
    const { voting, world, now } = phone();
    serves(world);
    voting.follow(round('armed'), true);
    await world.passes(60_000);
    expect(now()).toEqual({ is: 'no_tokens', why: 'wrong_fingerprint' });
    expect(world.requests.length).toBe(0);

    voting.follow(round('open'), false);
    await world.passes(2_000);
    expect(now()).toEqual({ is: 'open' });
    voting.follow(round('open'), true);
    voting.cast(() => 'good');
    await world.passes(60_000);
    expect(now()).toEqual({ is: 'no_tokens', why: 'wrong_fingerprint' });
    expect(sent(world, '/cast').length).toBe(0);
  });

  it('f13 casts once the voter confirms, without a name on it, and keeps the bytes before', async () => {
    const { voting, world, now, seen, storage } = phone();
    serves(world, () => {
      expect(storage.kept.get('round/m/1')).toContain('good,-,bad');
      return json(acknowledged);
    });
    voting.follow(round('open'));
    await world.passes(2_000);
    const before = world.requests.length;
    voting.cast((subject) => ({ 11: 'good', 13: 'bad' })[subject]);
    await world.passes(60_000);
    expect(seen.map(({ is }) => is)).toEqual(['waiting', 'open', 'sending', 'received']);
    expect(now()).toEqual({ is: 'received', at_ms: 77, code: 'CODE' });
    expect(world.requests.length).toBe(before + 1);
    const [cast] = sent(world, '/cast');
    expect(cast?.path).toBe('/box/m/1/cast');
    expect(cast?.init).toMatchObject({ credentials: 'omit', referrerPolicy: 'no-referrer' });
    expect(Object.keys(cast?.init.headers ?? {})).toEqual(['Content-Type']);
  });

  it('f14 repeats identical bytes until it knows, and says so meanwhile', async () => {
    const { voting, world, seen, now } = phone();
    let answers = 0;
    serves(world, () => {
      answers += 1;
      if (answers === 1) return undefined;
      if (answers === 2) return problem('try_again');
      if (answers === 3) return json({ items: [{ answer: 'same', receipt: null }] });
      return json(acknowledged);
    });
    voting.follow(round('open'));
    await world.passes(2_000);
    voting.cast(() => 'good');
    await world.passes(60_000);
    expect(new Set(sent(world, '/cast').map(({ init }) => String(init.body))).size).toBe(1);
    expect(sent(world, '/cast').length).toBe(4);
    expect(seen.map(({ is }) => is)).toEqual(['waiting', 'open', 'sending', 'unconfirmed', 'received']);
    expect(now()?.is).toBe('received');
  });

  it('f14 f54 when the meeting is over nobody can say any more, and the phone says that', async () => {
    const storage = fakeStorage();
    const { voting, world, now } = phone(undefined, storage);
    serves(world, () => problem('round_is_counted', 409));
    voting.follow(round('open'));
    await world.passes(2_000);
    voting.cast(() => 'good');
    await world.passes(60_000);
    expect(now()).toEqual({ is: 'lost', why: 'sealed' });
    expect(sent(world, '/cast').length).toBe(1);
    // The record may know: what is looked for there is kept, and no mark.
    expect(storage.get('record/m/1')).toBe(JSON.stringify({ witness: 'leaves' }));
    expect([...storage.kept.values()].join()).not.toContain('good');
  });

  it('f14 a page that was reloaded says "not confirmed" and goes on with the same bytes', async () => {
    const storage = fakeStorage();
    const first = phone(undefined, storage);
    serves(first.world, () => undefined);
    first.voting.follow(round('open'));
    await first.world.passes(2_000);
    first.voting.cast(() => 'good');
    await first.world.passes(1_000);
    first.voting.stop();
    const second = phone(undefined, storage);
    serves(second.world);
    second.voting.follow(round('closing'));
    expect(second.seen[0]).toEqual({ is: 'unconfirmed' });
    await second.world.passes(2_000);
    expect(sent(second.world, '/cast')[0]?.init.body).toEqual(sent(first.world, '/cast')[0]?.init.body);
    expect(second.now()?.is).toBe('received');
  });

  it('f15 in a closing round a confirmed sheet is sent at once', async () => {
    const { voting, world } = phone();
    world.chance = 0.999;
    serves(world, () => undefined);
    voting.follow(round('open'));
    await world.passes(3_000);
    voting.cast(() => 'good');
    await world.passes(20_000);
    const before = sent(world, '/cast').length;
    voting.follow(round('closing'));
    await settled();
    expect(sent(world, '/cast').length).toBe(before + 1);
  });

  it('f16 a final no is told as what it is and not repeated', async () => {
    for (const no of ['closed', 'conflict', 'bad'] as const) {
      const { voting, world, now } = phone();
      serves(world, () => json({ items: [{ answer: no, receipt: null }] }));
      voting.follow(round('open'));
      await world.passes(2_000);
      voting.cast(() => 'good');
      await world.passes(60_000);
      expect(now()).toEqual({ is: 'lost', why: no });
      expect(sent(world, '/cast').length).toBe(1);
    }
  });

  it('f17 a window that is not the live one neither asks for tokens nor casts', async () => {
    let live = false;
    const { voting, world, now } = phone(undefined, undefined, { isLive: () => live });
    serves(world);
    voting.follow(round('open'));
    await world.passes(5_000);
    expect(world.requests.length).toBe(0);
    live = true;
    voting.hurry();
    await world.passes(5_000);
    expect(now()).toEqual({ is: 'open' });
    live = false;
    voting.cast(() => 'good');
    await world.passes(5_000);
    expect(sent(world, '/cast').length).toBe(0);
  });

  it('f18 an earlier round whose ballot was never answered is settled before the next one', async () => {
    const storage = fakeStorage();
    const { voting, world, now } = phone(undefined, storage);
    let isBack = false;
    serves(world, () => (isBack ? json({ items: [{ answer: 'closed', receipt: null }] }) : undefined));
    voting.follow(round('open'));
    await world.passes(2_000);
    voting.cast(() => 'good');
    await world.passes(1_000);
    voting.follow(round('armed', 2));
    expect(now()).toEqual({ is: 'unconfirmed' });
    isBack = true;
    await world.passes(20_000);
    expect(storage.kept.get('round/m/1')).toContain('"lost":"closed"');
    expect(now()).toEqual({ is: 'waiting', tokens: 'ready' });
  });

  it('f19 a mark stays on the phone until the box has answered, and no longer', async () => {
    const { voting, world, now, storage } = phone();
    let isThere = false;
    serves(world, () => (isThere ? json(acknowledged) : undefined));
    voting.follow(round('open'));
    await world.passes(2_000);
    voting.cast(() => 'good');
    await world.passes(2_000);
    expect(storage.kept.get('round/m/1')).toContain('good');
    isThere = true;
    await world.passes(10_000);
    expect(now()?.is).toBe('received');
    expect(storage.kept.get('round/m/1')).not.toContain('good');
    expect(storage.kept.get('record/m/1')).toBe('{"witness":"leaves and receipts"}');
    // A reload knows that it was received.
    const reloaded = phone(world, storage);
    reloaded.voting.follow(round('published'));
    expect(reloaded.now()?.is).toBe('received');
  });

  it('f60 tokens move to another window, which asks with the same seed; this one neither asks nor casts', async () => {
    const old = phone();
    serves(old.world);
    old.voting.follow(round('armed'));
    await old.world.passes(2_000);
    expect(old.voting.moved()).toBe(false);
    expect(old.voting.move(true)).toEqual({ round: 1, wallet: 'keys of B for 0,1,2,3, signed' });
    expect(old.now()).toEqual({ is: 'moved' });
    const asked = old.world.requests.length;
    old.voting.follow(round('open'));
    old.voting.cast(() => 'hao');
    await old.world.passes(20_000);
    expect(old.world.requests).toHaveLength(asked);
    // Also after a reload.
    const reloaded = phone(old.world, old.storage);
    reloaded.voting.follow(round('open'));
    reloaded.voting.cast(() => 'hao');
    await old.world.passes(20_000);
    expect([reloaded.now(), old.world.requests.length]).toEqual([{ is: 'moved' }, asked]);

    const storage = fakeStorage();
    storage.set('seed/m/1', 'seed');
    const next = phone(new FakeWorld(), storage);
    serves(next.world);
    next.voting.follow(round('open'));
    await next.world.passes(2_000);
    expect(next.now()).toEqual({ is: 'open' });
    const papers = next.world.requests.find(({ path }) => path.endsWith('/papers'));
    expect(JSON.parse(String(papers?.init.body)).seed).toBe('seed');
    expect(storage.kept.has('seed/m/1')).toBe(false);

    reloaded.voting.move(false);
    expect(reloaded.now()).toEqual({ is: 'open' });
  });

  it('f60 nothing moves before tokens are asked for, after a cast, or after the close', async () => {
    const { voting, world } = phone();
    expect(voting.move(true)).toBeNull();
    serves(world);
    voting.follow(round('open'));
    await world.passes(2_000);
    voting.follow(round('closing'));
    expect(voting.move(true)).toBeNull();
    voting.follow(round('open'));
    voting.cast(() => 'hao');
    expect(voting.move(true)).toBeNull();
  });
});
