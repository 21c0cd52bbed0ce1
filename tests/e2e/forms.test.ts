// The hospital's meeting in real browsers: an evaluation by items after each report, and one by numbers on a form of its own at
// the end; one phone in hand, the rest of the hall simulated.
import assert from 'node:assert/strict';
import type { ResultView } from '#protocol';
import { until } from '../processes.ts';
import { Chair } from './hall/chair.ts';
import { Clerk } from './hall/clerk.ts';
import { test } from './hall/fixtures.ts';
import { nothingBroke } from './hall/person.ts';
import { Phone } from './hall/phone.ts';
import { Projector } from './hall/projector.ts';
import { root } from './hall/server.ts';
import { heads } from './hall/sheets.ts';

test.use({ serve: ['--meeting', new URL('meetings/hospital', root).pathname] });

/** Marks each item that a row has with the scale's first mark. */
async function marksItems(phone: Phone, subject: number, items: number): Promise<void> {
  await phone.opensSheet();
  await phone.page.locator(`#row-${subject} .fill button`).click();
  const sections = phone.page.locator('.row-page section');
  await sections.first().waitFor();
  assert.equal(await sections.count(), items, 'an item that does not apply is not there');
  for (let at = 0; at < items; at += 1) await sections.nth(at).locator('.mark').first().click();
  await phone.page.goBack();
}

async function writesNumbers(phone: Phone, numbers: Record<number, string>): Promise<void> {
  await phone.opensSheet();
  for (const [subject, number] of Object.entries(numbers)) {
    await phone.page.locator(`#row-${subject} .number input`).fill(number);
  }
}

test('f83 the hospital meets: items after each report, numbers on another form at the end', async ({
  browser,
  server,
  fills,
}) => {
  const chair = await Chair.opens(browser, server.links.chair);
  const projector = await Projector.opens(browser, server.links.projector);
  const scrutineer = await Clerk.opens(browser, server.links.scrutineer);
  await chair.presses('开始签到');
  const crowd = fills([1], 'hospital');
  const { A } = await crowd.freeSlips(2);
  const phone = await Phone.joins(browser, server.links.join);
  await phone.sitsDownWith(A);
  await phone.isSeated();
  await projector.shows('17');

  const results: ResultView[] = [];
  for (let press = 0; press < 60; press += 1) {
    const { next, now } = await until('a next step', async () => {
      const { next, now } = await chair.view();
      return next && { next, now };
    });
    if (next.action === 'archive') break;
    const round = now.round?.number ?? 0;
    if (next.action === 'arm') await chair.waitsForKeys();
    if (next.action === 'close') {
      // The last department is asked for one item less, and the last round for a number. The last item is the overall mark.
      if (round < 4) await marksItems(phone, round, round === 3 ? 3 : 4);
      else await writesNumbers(phone, { 1: '95', 2: '88', 3: '100' });
      await phone.submits();
      await phone.lampIs('received');
      await until('all sheets to be back', async () => {
        const { total } = await chair.view();
        return total.returned === total.issued;
      });
    }
    await chair.pressesNext();
    if (next.action === 'certify') await scrutineer.confirms('监票确认');
    if (next.action === 'publish') {
      await scrutineer.confirms('全场：得分和位次');
      const result = await until(`round ${round} to be published`, async () => {
        const { result } = await chair.view();
        return result?.round === round && result;
      });
      results.push(result);
      for (const someone of [chair, projector, phone])
        await someone.page
          .getByText(result.rows[0].score ?? '?')
          .first()
          .waitFor();
    }
    await until('it to be done', async () => JSON.stringify((await chair.view()).next) !== JSON.stringify(next));
  }

  assert.deepEqual(
    results.map(({ round }) => round),
    [1, 2, 3, 4],
  );
  for (const { round, form, rows } of results.slice(0, 3)) {
    const [row] = rows;
    assert.deepEqual([rows.length, row.subject, form.items.length, row.marks], [1, round, 4, null]);
    assert.deepEqual(
      row.items?.map(({ mean }) => mean !== null),
      [round !== 3, true, true, true],
    );
    assert.ok((row.items?.[1].marks[0] ?? 0) >= 1, 'the mark of the phone in hand is in it');
  }
  const last = results[3];
  assert.equal(last.form.title, '科室负责人测评表');
  assert.deepEqual(
    last.form.scale.map(({ label }) => label),
    ['好', '较好', '一般', '差'],
  );
  for (const row of last.rows) {
    assert.equal(heads(row), 17, 'numbers are told by band');
  }
  await crowd.ends();
  nothingBroke(chair, projector, scrutineer, phone);
});
