// Rules f105 to f107: the scrutineer's page holds what would be published against the whole record, by itself.
import { readFileSync } from 'node:fs';
import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, it } from 'vitest';
import { hex } from '../../crypto/bytes';
import { FakeWorld } from '../../testing/fake_world';
import { RecordChecks } from './record_checks';

const file = (name: string) =>
  readFileSync(new URL(`../../../../tests/vectors/records_1/${name}.json`, import.meta.url));

const PATH = '/api/meetings/m1/rounds/1/record.json';

/** A page of a server that gives these files. */
function page(whole: string, told: string) {
  const world = new FakeWorld();
  world.answer = (path) => new Response(file(path === PATH ? whole : told));
  return { world, checks: new RecordChecks('m1', 'secret', world) };
}

/** Until nothing is being counted any more. */
async function ends(
  world: FakeWorld,
  checks: RecordChecks,
  publication: 'hall_scores' | 'held' = 'hall_scores',
) {
  for (let turn = 0; turn < 200; turn += 1) {
    const found = checks.of(1, publication);
    if (found && found.is !== 'counting') return found;
    await world.passes(1);
    await new Promise((resume) => setTimeout(resume));
  }
  throw new Error('it counts without end');
}

describe('the scrutineer’s page', () => {
  it('f105 f107 says that what would be published is one count with the whole record', async () => {
    const { world, checks } = page('small', 'small_sealed');
    expect(checks.of(1, 'hall_scores')).toBeNull();
    checks.check(1, 'hall_scores');
    expect(checks.of(1, 'hall_scores')).toEqual({ is: 'counting' });
    const found = await ends(world, checks);
    expect(found).toMatchObject({ is: 'one_count', summary: { whole: sha256(file('small')) } });
    expect(world.requests.map(({ path }) => path)).toEqual([PATH, `${PATH}?publication=hall_scores`]);
    const secret = { Authorization: 'Bearer secret' };
    expect(world.requests.map(({ init }) => init.headers)).toEqual([secret, secret]);

    const digest = hex(sha256(file('small_sealed')));
    expect(checks.published(1, 'hall_scores', digest)).toBe('as_checked');
    expect(checks.published(1, 'hall_scores', hex(sha256(file('sealed'))))).toBe('another');
    expect(checks.published(1, 'held', digest)).toBe('not_checked');
  });

  it('f105 counts a certified round ahead, once for all audiences', async () => {
    const { world, checks } = page('whole', 'withheld');
    checks.countAhead(1);
    checks.check(1, 'held');
    expect(await ends(world, checks, 'held')).toMatchObject({ is: 'one_count' });
    checks.check(1, 'held');
    checks.check(1, 'hall_scores');
    await ends(world, checks);
    const asked = world.requests.map(({ path }) => path.slice(PATH.length));
    expect(asked).toEqual(['', '?publication=held', '?publication=hall_scores']);
  });

  it.each([
    ['of another count', 'small', 'sealed', { check: 16, where: 'leaves' }],
    ['in place of the whole one', 'small_sealed', 'small_sealed', { check: 16, where: 'ballots' }],
    ['that is none', 'small', 'proof', { check: 3 }],
  ])('f106 says which check fails for a record %s', async (_, whole, told, fault) => {
    const { world, checks } = page(whole, told);
    checks.check(1, 'hall_scores');
    expect(await ends(world, checks)).toMatchObject({ is: 'breaks', fault });
    expect(checks.published(1, 'hall_scores', hex(sha256(file(told))))).toBe('not_checked');
  });

  it('f106 says in which record a changed ballot is', async () => {
    const { world, checks } = page('whole', 'sealed');
    const changed = file('whole')
      .toString()
      .replace(/"s":"./, '"s":"_');
    world.answer = (path) => new Response(path === PATH ? changed : file('sealed'));
    checks.check(1, 'hall_scores');
    expect(await ends(world, checks)).toMatchObject({ is: 'breaks', fault: { inWhole: true } });
  });

  it('f106 asks again where it got no record, when it is told to', async () => {
    const { world, checks } = page('small', 'small_sealed');
    const answers = world.answer;
    world.answer = () => new Response('{}', { status: 503 });
    checks.check(1, 'hall_scores');
    expect(await ends(world, checks)).toEqual({ is: 'no_record' });
    world.answer = answers;
    checks.check(1, 'hall_scores');
    expect(await ends(world, checks)).toMatchObject({ is: 'one_count' });
  });
});
