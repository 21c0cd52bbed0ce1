// Rule f71: a shared tablet in a real browser takes one person after the other, keeps nothing of anybody, and is a phone of
// nobody's own in between.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { PATIENCE_MS, until } from '../processes.mjs';
import { launch } from './chromium.mjs';
import { Chair, Crowd, nothingBroke, Phone, Server } from './hall/people.mjs';

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

const keeps = (tablet) =>
  tablet.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
const layer = (tablet, text) => tablet.page.locator('.kiosk-layer', { hasText: text });
const picture = (tablet, name) => tablet.page.screenshot({ path: `${pictures}/kiosk-${name}.png` });

test('f71 a shared tablet takes slip after slip and forgets each', async () => {
  const chair = await Chair.opens(browser, server.links.chair);
  await chair.presses('开始签到');
  const seats = { A: 1, B: 8, C: 15 };
  crowd = await Crowd.joins(server, Object.values(seats));
  const slips = await crowd.freeSlips();
  await chair.page.locator('[data-open=kiosk]').click();
  await chair.page.locator('.window .big-code').waitFor();
  await picture(chair, 'chair');
  await chair.page.keyboard.press('Escape');
  const tablet = await Phone.joins(browser, 'about:blank', { width: 800, height: 1280 });
  await tablet.page.clock.install();
  await tablet.page.goto(`${server.links.join}/kiosk`);
  await layer(tablet, '现在不能测评').waitFor();
  await picture(tablet, 'closed');
  // Somebody with a phone, so that enough are present.
  const phone = await Phone.joins(browser, server.links.join);
  await phone.sitsDownWith(slips.B);
  await phone.answersBranch('第一党支部');
  await phone.isSeated();
  await until('28 phones', async () => (await chair.view()).total.present === 28);
  await chair.presses('宣布开会');
  await chair.presses('进入下一环节');
  await chair.page.getByText(/24 *\/ *24/).first().waitFor({ timeout: 4 * PATIENCE_MS });
  await chair.presses('发出测评票');
  await chair.jumpsTo('evaluation');
  await chair.presses('开始测评');
  await until('the tablet to be free', async () => (await tablet.page.locator('.kiosk-layer:not([hidden])').count()) === 0);
  const address = tablet.page.url();

  // The first person reloads in the middle, and is still there.
  await tablet.sitsDownWith(slips.A);
  await tablet.isSeated();
  await tablet.lampIs('open');
  assert.equal(tablet.page.url(), address);
  await tablet.marks({ 1: 0, 2: 1 });
  await tablet.page.reload();
  await tablet.lampIs('open');
  await tablet.submits();
  await layer(tablet, '您的测评票已收到').waitFor();
  await picture(tablet, 'thanks');
  assert.match(await keeps(tablet), /round\//, 'positive control: it is all there before');
  await layer(tablet, '下一位').locator('button').click();
  await tablet.page.locator('main input').waitFor();
  const left = await keeps(tablet);
  for (const trace of ['seat', 'round', 'receipt', 'credential', 'wallet', 'draft', 'record', slips.A]) {
    assert.ok(!left.includes(trace), `${trace} is still on the tablet: ${left}`);
  }
  await picture(tablet, 'free');
  await tablet.page.goBack().catch(() => {});
  await tablet.page.goto(address);

  // The slip is used up; the next person has another one, goes away, is asked, stays, and goes away for good.
  await tablet.sitsDownWith(slips.A);
  await tablet.page.getByRole('alert').filter({ hasText: /\S/ }).first().waitFor();
  await tablet.page.locator('main input').first().fill('');
  await tablet.sitsDownWith(slips.C);
  await tablet.lampIs('open');
  await tablet.page.clock.fastForward(121_000);
  await layer(tablet, '还在填写吗').waitFor();
  await picture(tablet, 'warning');
  await layer(tablet, '继续填写').locator('button').click();
  await until('the question to be gone', async () => (await tablet.page.locator('.kiosk-layer:not([hidden])').count()) === 0);
  await tablet.lampIs('open');
  await tablet.page.clock.fastForward(121_000);
  await layer(tablet, '还在填写吗').waitFor();
  await tablet.page.clock.fastForward(31_000);
  await tablet.page.locator('main input').waitFor();
  assert.ok(!(await keeps(tablet)).includes('seat'));

  await until('28 returned', async () => (await chair.view()).total.returned === 28);
  const { total, history } = await chair.view();
  assert.equal(history.filter(({ command }) => command === 'seat_at_kiosk').length, 2);
  assert.deepEqual([total.present, total.issued], [30, 30]);
  nothingBroke(chair, tablet, phone);
});
