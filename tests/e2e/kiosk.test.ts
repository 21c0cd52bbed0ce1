// Rule f71: a shared tablet in a real browser takes one person after the other, keeps nothing of anybody, and is a phone of
// nobody's own in between.
import assert from 'node:assert/strict';
import { until } from '../processes.ts';
import { Chair } from './hall/chair.ts';
import { test } from './hall/fixtures.ts';
import { nothingBroke } from './hall/person.ts';
import { Phone } from './hall/phone.ts';

const layer = (tablet: Phone, text: string) => tablet.page.locator('.kiosk-layer', { hasText: text });
const isFree = async (tablet: Phone) => (await tablet.page.locator('.kiosk-layer:not([hidden])').count()) === 0;

test('f71 a shared tablet takes slip after slip and forgets each', async ({ browser, server, fills }) => {
  const chair = await Chair.opens(browser, server.links.chair);
  await chair.presses('开始签到');
  const seats = { A: 1, B: 8, C: 15 };
  const crowd = fills(Object.values(seats));
  const slips = await crowd.freeSlips();
  await chair.page.locator('[data-open=kiosk]').click();
  await chair.page.locator('.window .big-code').waitFor();
  await chair.page.keyboard.press('Escape');
  const tablet = await Phone.blank(browser, { viewport: { width: 800, height: 1280 } });
  await tablet.page.clock.install();
  await tablet.page.goto(`${server.links.join}/kiosk`);
  await layer(tablet, '现在不能测评').waitFor();
  // Somebody with a phone, so that enough are present.
  const phone = await Phone.joins(browser, server.links.join);
  await phone.sitsDownWith(slips.B);
  await phone.answersBranch('第一党支部');
  await phone.isSeated();
  await chair.counts('present', 28);
  await chair.presses('宣布开会');
  await chair.presses('进入下一环节');
  await chair.issues();
  await chair.jumpsTo('evaluation');
  await chair.presses('开始测评');
  await until('the tablet to be free', () => isFree(tablet));
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
  assert.match(await tablet.keeps(), /round\//, 'positive control: it is all there before');
  await layer(tablet, '下一位').locator('button').click();
  await tablet.page.locator('main input').waitFor();
  const left = await tablet.keeps();
  for (const trace of ['seat', 'round', 'receipt', 'credential', 'wallet', 'draft', 'record', slips.A]) {
    assert.ok(!left.includes(trace), `${trace} is still on the tablet: ${left}`);
  }
  await tablet.page.goBack().catch(() => {});
  await tablet.page.goto(address);

  // The slip is used up; the next person has another one, goes away, is asked, stays, and goes away for good.
  await tablet.sitsDownWith(slips.A);
  await tablet.page.getByRole('alert').filter({ hasText: /\S/ }).first().waitFor();
  await tablet.page.locator('main input').first().fill('');
  assert.match(await tablet.keeps(), new RegExp(slips.A), 'positive control: the slip is kept');
  await tablet.page.reload();
  await tablet.page.clock.fastForward(121_000);
  await layer(tablet, '还在填写吗').waitFor();
  await tablet.page.clock.fastForward(31_000);
  await until('the slip to be forgotten', async () => !(await tablet.keeps()).includes(slips.A));
  await tablet.sitsDownWith(slips.C);
  await tablet.lampIs('open');
  await tablet.page.clock.fastForward(121_000);
  await layer(tablet, '还在填写吗').waitFor();
  await layer(tablet, '继续填写').locator('button').click();
  await until('the question to be gone', () => isFree(tablet));
  await tablet.lampIs('open');
  await tablet.page.clock.fastForward(121_000);
  await layer(tablet, '还在填写吗').waitFor();
  await tablet.page.clock.fastForward(31_000);
  await tablet.page.locator('main input').waitFor();
  assert.ok(!(await tablet.keeps()).includes('seat'));

  await chair.counts('returned', 28);
  const { total, history } = await chair.view();
  assert.equal(history.filter(({ command }) => command === 'seat_at_kiosk').length, 2);
  assert.deepEqual([total.present, total.issued], [30, 30]);
  nothingBroke(chair, tablet, phone);
});
