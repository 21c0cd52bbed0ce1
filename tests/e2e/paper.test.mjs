// Rule f70: teller and scrutineer enter paper in real browsers, one with fingers on a phone and one with keys; they differ, see
// where, and agree; reloads and a closed window lose nothing that was typed.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { PATIENCE_MS, until } from '../processes.mjs';
import { launch } from './chromium.mjs';
import { Chair, Clerk, Crowd, nothingBroke, paperOf, Projector, Server } from './hall/people.mjs';

const MARKS = ['hao', 'jiaohao', 'yiban', 'cha'];
const pictures = 'tests/e2e/pictures';
let server;
let browser;
let crowd;
before(async () => {
  await mkdir(pictures, { recursive: true });
  server = await Server.fresh();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await crowd?.stop();
  await server?.remove();
});

async function sheetsOf() {
  const text = await readFile(new URL('../../meetings/institute/sheets.csv', import.meta.url), 'utf8');
  const [head, ...rows] = text.trim().split('\n').map((line) => line.trim().split(','));
  return rows.map((row) => Object.fromEntries(head.map((name, at) => [name, row[at]])));
}

const picture = (someone, name) => someone.page.screenshot({ path: `${pictures}/paper-${name}.png` });

/** Types one sheet with fingers. */
async function taps(clerk, sheet) {
  for (const [row, place] of sheet.entries()) {
    const buttons = clerk.page.locator('.paper-rows > li').nth(row).locator('button');
    await buttons.nth(place ?? MARKS.length).tap();
  }
  await clerk.page.locator('[data-keep=sheet]').tap();
}

test('f70 teller and scrutineer enter three sheets, differ, and agree', async () => {
  const paper = paperOf(await sheetsOf(), MARKS);
  const chair = await Chair.opens(browser, server.links.chair);
  const projector = await Projector.opens(browser, server.links.projector);
  const touch = { viewport: { width: 390, height: 844 }, hasTouch: true };
  const teller = await Clerk.opens(browser, server.links.teller, touch);
  const scrutineer = await Clerk.opens(browser, server.links.scrutineer);
  await chair.presses('开始签到');
  await teller.handsOut('支部委员', 3);
  await picture(teller, 'issue-390');
  crowd = await Crowd.joins(server, [19]);
  await projector.shows('33');
  await chair.presses('宣布开会');
  await chair.presses('进入下一环节');
  await chair.page.getByText(/24 *\/ *24/).first().waitFor({ timeout: 4 * PATIENCE_MS });
  await chair.presses('发出测评票');
  await until('33 issued', async () => (await chair.view()).total.issued === 33);
  await chair.jumpsTo('evaluation');
  await chair.presses('开始测评');
  await until('30 returned', async () => (await chair.view()).total.returned === 30);
  await chair.presses('截止测评');
  await chair.page.getByText('等待纸质票录入').waitFor();
  await picture(chair, 'chair-waits-1280');

  await teller.opensEntry('C');
  await taps(teller, paper[0]);
  await teller.page.locator('.paper-rows button').first().tap();
  await picture(teller, 'entry-390');
  // The window is closed and the page loaded again in the middle of the second sheet.
  await teller.page.reload();
  await teller.opensEntry('C');
  assert.equal(await teller.page.locator('.paper-places [aria-pressed=true]').count(), 1);
  await taps(teller, paper[1]);
  await teller.page.getByRole('button', { name: '无效票' }).tap();
  await picture(teller, 'entered-390');
  await teller.sends();

  // The scrutineer mistypes a row, and is told where the two differ.
  const mistyped = paper.map((sheet, at) => (at === 0 ? [1 - sheet[0], ...sheet.slice(1)] : sheet));
  await scrutineer.opensEntry('C');
  await scrutineer.types(mistyped.slice(0, 1));
  await picture(scrutineer, 'entry-1280');
  await scrutineer.types(mistyped.slice(1));
  await scrutineer.sends();
  for (const clerk of [teller, scrutineer]) await clerk.page.locator('.paper-differences').waitFor();
  assert.equal(await scrutineer.page.locator('.paper-differences tbody tr').count(), 2);
  await picture(teller, 'differs-390');
  await picture(scrutineer, 'differs-1280');
  assert.equal(await chair.page.locator('.paper-differences').count(), 0);
  await picture(chair, 'chair-differs-1280');

  await scrutineer.opensEntry('C');
  await scrutineer.page.locator('.paper-pile button').first().click();
  await scrutineer.page.keyboard.press('ArrowUp');
  await scrutineer.types([paper[0]]);
  await scrutineer.sends();
  await chair.presses('监票确认');
  await scrutineer.confirms('监票确认');
  const kept = (clerk) => clerk.page.evaluate(() => Object.keys(localStorage).filter((name) => name.includes('paper/')));
  for (const clerk of [teller, scrutineer]) {
    await until('what was typed to be gone', async () => (await kept(clerk)).length === 0);
  }
  await chair.presses('公布结果');
  await scrutineer.confirms('公布结果');
  await projector.shows('98.00');
  const { total, groups } = (await chair.view()).result;
  assert.deepEqual([total.issued, total.returned, total.valid, total.invalid], [33, 33, 32, 1]);
  assert.deepEqual([total.paper_issued, total.paper_returned, total.paper_invalid], [3, 3, 1]);
  assert.equal(groups[2].invalid, 1);
  await picture(chair, 'chair-result-1280');
  await projector.page.getByText('收回').first().waitFor().catch(() => {});
  await picture(projector, 'projector');
  nothingBroke(chair, projector, teller, scrutineer);
});
