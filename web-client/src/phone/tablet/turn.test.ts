// Rule f71: a shared tablet takes one person after the other and forgets each.
import { describe, expect, it } from 'vitest';
import { FakeWorld } from '../../testing/fake_world';
import type { BallotStatus } from '../voting';
import { IDLE_MS, standingOf, THANKS_MS, type TurnInputs, turnOf, WARNING_MS } from './turn';
import { patientWorld } from './world';

const seen = (more: Partial<TurnInputs>): TurnInputs => ({
  standing: 'free',
  idle_ms: 0,
  received_ms: 0,
  round: 'open',
  ...more,
});

describe('f71 a turn at the tablet', () => {
  it('begins only while an evaluation is open', () => {
    expect(turnOf(seen({}))).toEqual({ is: 'page' });
    for (const round of ['draft', 'armed', 'closing', 'closed', 'published']) {
      expect(turnOf(seen({ round }))).toEqual({ is: 'closed' });
    }
    expect(turnOf(seen({ round: 'closing', standing: 'unfinished' }))).toEqual({ is: 'page' });
  });
  it('asks somebody who went away, and forgets after the question', () => {
    const idle = (idle_ms: number) => turnOf(seen({ standing: 'unfinished', idle_ms }));
    expect(idle(IDLE_MS - 1)).toEqual({ is: 'page' });
    expect(idle(IDLE_MS)).toEqual({ is: 'warning', left_s: WARNING_MS / 1000 });
    expect(idle(IDLE_MS + WARNING_MS - 1)).toEqual({ is: 'warning', left_s: 1 });
    expect(idle(IDLE_MS + WARNING_MS)).toEqual({ is: 'forget' });
  });
  it('never forgets a ballot that is on its way, however long it takes', () => {
    expect(turnOf(seen({ standing: 'sending', idle_ms: 3_600_000, round: 'closed' }))).toEqual({
      is: 'page',
    });
  });
  it('thanks, and is free for the next person', () => {
    const received = (received_ms: number) => turnOf(seen({ standing: 'received', received_ms }));
    expect(received(0)).toEqual({ is: 'thanks' });
    expect(received(THANKS_MS)).toEqual({ is: 'forget' });
  });
});

describe('f71 what the tablet knows', () => {
  const seated = (ballot: BallotStatus | null) => standingOf({ hasSeat: true, ballot }, false);
  const nobody = { hasSeat: false, ballot: null };
  it('is told by the page', () => {
    expect(standingOf(nobody, false)).toBe('free');
    expect(standingOf(nobody, true)).toBe('unfinished');
    expect(seated({ is: 'none' })).toBe('unfinished');
    expect(seated({ is: 'waiting', tokens: 'getting' })).toBe('unfinished');
    expect(seated({ is: 'open' })).toBe('unfinished');
    expect(seated({ is: 'sending' })).toBe('sending');
    expect(seated({ is: 'unconfirmed' })).toBe('sending');
    expect(seated({ is: 'received', at_ms: 1, code: 'CODE' })).toBe('received');
    expect(seated({ is: 'lost', why: 'closed' })).toBe('refused');
    expect(seated({ is: 'void' })).toBe('unfinished');
  });
  it('forgets nobody of whom the page does not know yet how far the ballot is', () => {
    expect(seated(null)).toBe('sending');
  });
});

describe('f71 the tablet’s world', () => {
  const sends = async (world: FakeWorld, isClosing: boolean) => {
    world.answer = () => new Response('{}');
    const patient = patientWorld(world, () => isClosing);
    void patient.fetch('/box/m1/1/cast', { method: 'POST' });
    void patient.fetch('/api/join', { method: 'POST' });
    await world.passes(0);
    return patient;
  };
  const asked = (world: FakeWorld) => world.requests.map(({ path }) => path);
  it('lets the first attempt of a cast wait at random, and nothing else', async () => {
    const world = new FakeWorld();
    const patient = await sends(world, false);
    expect(asked(world)).toEqual(['/api/join']);
    await world.passes(2_000);
    expect(asked(world)).toEqual(['/api/join', '/box/m1/1/cast']);
    void patient.fetch('/box/m1/1/cast', { method: 'POST' });
    await world.passes(0);
    expect(asked(world).length).toBe(3);
  });
  it('lets none wait while the round is closing', async () => {
    const world = new FakeWorld();
    await sends(world, true);
    expect(asked(world).sort()).toEqual(['/api/join', '/box/m1/1/cast']);
  });
});
