import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GROUP_COLOURS, SLIPS_A_PAGE, slipPages } from '../../print/slip_pages';
import type { NewSlipsRequest, Problem } from '../../protocol';
import { FakeWorld, settled } from '../../testing/fake_world';
import { SLIP_HELP } from '../../texts/slips';
import { PATIENCE_MS } from '../commands';
import { drawCodes, hashOf, NewSlips, type SlipsOrder } from './new_slips';

const WANTED: SlipsOrder = {
  meeting: 'm1',
  title: '评议会',
  group: { id: 'C', name: '职工代表', place: 2 },
  join_url: 'http://hall:8080',
  series: 1,
  count: 20,
};

const done = () => new Response('{"version":8}');
const refused = (problem: Partial<Problem>) =>
  new Response(JSON.stringify({ problem: 'refused', detail: null, retry_after_s: null, ...problem }), {
    status: 409,
  });

function page() {
  const world = new FakeWorld();
  return { world, slips: new NewSlips('secret', world) };
}

const bodyOf = (world: FakeWorld, at: number): NewSlipsRequest =>
  JSON.parse(String(world.requests[at]?.init.body));

describe('new slips', () => {
  it('f91 have codes that are drawn here, of which the server is told hashes alone', async () => {
    const { world, slips } = page();
    world.answer = done;
    await slips.replace(WANTED);
    const codes = slips.of('C')?.codes ?? [];
    expect(codes).toHaveLength(20);
    for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/);
    expect(new Set(codes).size).toBe(20);
    expect(world.requests[0]?.path).toBe('/api/meetings/m1/slips');
    expect(bodyOf(world, 0)).toEqual({ group: 'C', series: 1, codes: codes.map(hashOf) });
    const said = JSON.stringify(world.requests);
    for (const code of codes) expect(said).not.toContain(code);
    // The same as server/src/secret.rs makes of it.
    expect(hashOf('ABCDE12345')).toBe('xJ275YQJHIeCuXEvZuTJ1ZZj9cRU1Dt76xSLpw4UKUo');
  });

  it('f91 are sent with the same bytes until their outcome is known', async () => {
    const { world, slips } = page();
    const sent = slips.replace(WANTED);
    for (let passed_ms = 0; passed_ms <= PATIENCE_MS + 4_000; passed_ms += 1_000) await world.passes(1_000);
    await sent;
    expect(slips.sending.value).toEqual({ is: 'undelivered', group: 'C' });
    expect(slips.of('C')).toBeNull();
    world.answer = done;
    // Whatever is asked for now, what is pending comes first.
    await slips.replace({ ...WANTED, series: 2, count: 3 });
    expect(new Set(world.requests.map((request) => request.init.body)).size).toBe(1);
    expect(slips.of('C')?.codes.map(hashOf)).toEqual(bodyOf(world, 0).codes);
    expect(slips.sending.value).toEqual({ is: 'idle' });
  });

  it('f91 that do not fit are told with the number that is free, and are no slips', async () => {
    const { world, slips } = page();
    world.answer = () => refused({ refusal: 'slips_do_not_fit', seats_free: 19 });
    await slips.replace(WANTED);
    await settled();
    const { value } = slips.sending;
    expect(value.is === 'refused' && value.problem.seats_free).toBe(19);
    expect(slips.of('C')).toBeNull();
    world.answer = done;
    await slips.replace({ ...WANTED, count: 19 });
    expect(slips.of('C')?.codes).toHaveLength(19);
  });

  it('f91 can be printed again, the last ones of each group', async () => {
    const { world, slips } = page();
    world.answer = done;
    await slips.replace(WANTED);
    const first = slips.of('C');
    await slips.replace({ ...WANTED, group: { id: 'A', name: '委员', place: 0 }, count: 4 });
    expect(slips.of('C')).toBe(first);
    expect(slips.of('A')?.codes).toHaveLength(4);
    await slips.replace({ ...WANTED, series: 2 });
    expect(slips.of('C')).not.toBe(first);
    expect(slips.printed.value).toHaveLength(2);
  });

  it('f91 look as those that were made with the meeting', () => {
    const first = readFileSync(new URL('../../../../server/src/export/slips.rs', import.meta.url), 'utf8');
    expect(first).toContain(
      `GROUP_COLOURS: [&str; 6] = [${GROUP_COLOURS.map((each) => `"${each}"`).join(', ')}]`,
    );
    expect(first).toContain(`"${SLIP_HELP.join('<br>')}"`);
    expect(first).toContain(`SLIPS_A_PAGE: usize = ${SLIPS_A_PAGE};`);
    const look = readFileSync(new URL('../../print/slips.css', import.meta.url), 'utf8');
    for (const measure of ['54mm', '34mm', '12pt', '15pt', '8pt']) {
      expect(first).toContain(measure);
      expect(look).toContain(measure);
    }
    expect(slipPages(drawCodes(23)).map((page) => page.length)).toEqual([10, 10, 3]);
  });
});
