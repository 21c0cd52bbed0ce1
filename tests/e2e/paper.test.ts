// Rule f70: teller and scrutineer enter paper in real browsers, one with fingers on a phone and one with keys; they differ, see
// where, and agree; reloads and a closed window lose nothing that was typed.
import assert from 'node:assert/strict';
import { until } from '../processes.ts';
import { Chair } from './hall/chair.ts';
import { Clerk } from './hall/clerk.ts';
import { test } from './hall/fixtures.ts';
import { nothingBroke } from './hall/person.ts';
import { Projector } from './hall/projector.ts';
import { MARKS, type PaperSheet, paperOf, table } from './hall/sheets.ts';

/** Types one sheet with fingers. */
async function taps(clerk: Clerk, sheet: PaperSheet): Promise<void> {
  for (const [row, place] of (sheet ?? []).entries()) {
    const buttons = clerk.page.locator('.paper-rows > li').nth(row).locator('button');
    await buttons.nth(place ?? MARKS.length).tap();
  }
  await clerk.page.locator('[data-keep=sheet]').tap();
}

test('f70 teller and scrutineer enter three sheets, differ, and agree', async ({ browser, server, fills }) => {
  const paper = paperOf(await table('sheets'));
  const chair = await Chair.opens(browser, server.links.chair);
  const projector = await Projector.opens(browser, server.links.projector);
  const touch = { viewport: { width: 390, height: 844 }, hasTouch: true };
  const teller = await Clerk.opens(browser, server.links.teller, touch);
  const scrutineer = await Clerk.opens(browser, server.links.scrutineer);
  await chair.presses('开始签到');
  await teller.handsOut('支部委员', 3);
  fills([19]);
  await projector.shows('33');
  await chair.presses('宣布开会');
  await chair.presses('进入下一环节');
  await chair.issues();
  await chair.counts('issued', 33);
  await chair.jumpsTo('evaluation');
  await chair.presses('开始测评');
  await chair.counts('returned', 30);
  await chair.presses('截止测评');
  await chair.page.getByText('等待纸质票录入').waitFor();

  await teller.opensEntry('C');
  await taps(teller, paper[0]);
  await teller.page.locator('.paper-rows button').first().tap();
  // The window is closed and the page loaded again in the middle of the second sheet.
  await teller.page.reload();
  await teller.opensEntry('C');
  assert.equal(await teller.page.locator('.paper-places [aria-pressed=true]').count(), 1);
  await taps(teller, paper[1]);
  await teller.page.getByRole('button', { name: '无效票' }).tap();
  await teller.sends();

  // The scrutineer mistypes a row, and is told where the two differ.
  const [first = [], ...others] = paper;
  const mistyped: PaperSheet[] = [[1 - (first?.[0] ?? 0), ...(first ?? []).slice(1)], ...others];
  await scrutineer.opensEntry('C');
  await scrutineer.types(mistyped.slice(0, 1));
  await scrutineer.types(mistyped.slice(1));
  await scrutineer.sends();
  for (const clerk of [teller, scrutineer]) await clerk.page.locator('.paper-differences').waitFor();
  assert.equal(await scrutineer.page.locator('.paper-differences tbody tr').count(), 2);
  assert.equal(await chair.page.locator('.paper-differences').count(), 0);

  await scrutineer.opensEntry('C');
  await scrutineer.page.locator('.paper-pile button').first().click();
  await scrutineer.page.keyboard.press('ArrowUp');
  await scrutineer.types([paper[0]]);
  await scrutineer.sends();
  await chair.presses('监票确认');
  await scrutineer.confirms('监票确认');
  const kept = (clerk: Clerk) =>
    clerk.page.evaluate(() => Object.keys(localStorage).filter((name) => name.includes('paper/')));
  for (const clerk of [teller, scrutineer]) {
    await until('what was typed to be gone', async () => (await kept(clerk)).length === 0);
  }
  await chair.presses('公布结果');
  await scrutineer.confirms('公布结果');
  await projector.shows('98.00');
  const { total, groups } = await chair.result();
  assert.deepEqual([total.issued, total.returned, total.valid, total.invalid], [33, 33, 32, 1]);
  assert.deepEqual([total.paper_issued, total.paper_returned, total.paper_invalid], [3, 3, 1]);
  assert.equal(groups[2].invalid, 1);
  nothingBroke(chair, projector, teller, scrutineer);
});
