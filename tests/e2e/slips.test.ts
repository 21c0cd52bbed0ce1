// Rules f90 to f92: a box of slips is lost. The teller prints new ones in a real browser over plain http, the old ones open
// nothing, and no request ever holds a code.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { until } from '../processes.ts';
import { Chair } from './hall/chair.ts';
import { Clerk } from './hall/clerk.ts';
import { test } from './hall/fixtures.ts';
import { nothingBroke } from './hall/person.ts';
import { Phone } from './hall/phone.ts';

/** The codes on a page of slips, once it is laid out. */
async function codesOn(page: Page): Promise<string[]> {
  await page.locator('.slip').first().waitFor();
  const said = await page.locator('.slip-code').allInnerTexts();
  return said.map((code) => code.replace('-', ''));
}

test('f90 f91 f92 the teller prints new slips for a group, and the old ones open nothing', async ({ browser, server }) => {
  const { codes }: { codes: { seat: number; code: string }[] } = JSON.parse(await readFile(server.handout, 'utf8'));
  // Group C has the seats 15 to 34.
  const old = codes.filter(({ seat }) => seat >= 15).map(({ code }) => code);
  assert.equal(old.length, 20);
  const chair = await Chair.opens(browser, server.links.chair);
  await chair.presses('开始签到');
  const phone = await Phone.joins(browser, server.links.join);
  await phone.sitsDownWith(old[0]);
  await phone.isSeated();
  const teller = await Clerk.opens(browser, server.links.teller);
  const said: string[] = [];
  teller.context.on('request', (request) => said.push(`${request.url()} ${request.postData() ?? ''}`));
  const line = teller.page.locator('.slip-groups > li', { hasText: 'C ' });
  await line.filter({ hasText: '未用 19' }).waitFor();

  await teller.page.locator('[data-open=slips-C]').click();
  const dialog = teller.page.locator('.window');
  await dialog.getByText('19 张未用纸条立即作废').waitFor();
  const hold = dialog.locator('button.hold');
  await hold.click({ delay: 100 });
  assert.equal(await dialog.locator('[data-print-slips]').count(), 0, 'it must be held');
  await hold.hover();
  await teller.page.mouse.down();
  const made = dialog.locator('[data-print-slips]');
  await made.waitFor();
  await teller.page.mouse.up();

  // They are printed in a window of their own, and again after that one was closed or reloaded.
  const opens = async (button: Locator) => {
    const [window] = await Promise.all([teller.context.waitForEvent('page'), button.click()]);
    return window;
  };
  const window = await opens(made);
  const fresh = await codesOn(window);
  assert.equal(new Set(fresh).size, 19);
  assert.equal(await window.locator('.slips-page').count(), 2);
  assert.ok((await window.locator('.slip img').first().getAttribute('src'))?.startsWith('data:image/svg+xml,'));
  const pdf = await window.pdf({ preferCSSPageSize: true });
  assert.equal(pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length, 2, 'ten to a page');
  await window.reload();
  assert.deepEqual(await codesOn(window), fresh);
  await window.close();
  await teller.page.keyboard.press('Escape');
  const again = await opens(line.locator('[data-print-slips]'));
  assert.deepEqual(await codesOn(again), fresh);

  // The old ones are void, the new ones good; who sat already still does.
  const late = await Phone.joins(browser, server.links.join);
  await late.sitsDownWith(old[1]);
  await late.page.getByRole('alert').filter({ hasText: /\S/ }).first().waitFor();
  await late.page.locator('main input').first().fill('');
  await late.sitsDownWith(fresh[7]);
  await late.isSeated();
  await phone.page.reload();
  await phone.isSeated();
  const scanned = await Phone.joins(browser, `${server.links.join}#s=${fresh[8]}`);
  await scanned.page.locator('main button.primary').click();
  await scanned.isSeated();
  await until('17 left', async () => (await chair.view()).slips.find(({ group }) => group === 'C')?.left === 17);
  const { slips, history } = await chair.view();
  assert.deepEqual(slips.at(-1), { group: 'C', left: 17, replaced: 19, next_series: 2 });
  assert.equal(history[0].command, 'replace_slips_teller');

  assert.ok(
    said.some((each) => each.includes('/sealed/')),
    'positive control: the request is among them',
  );
  for (const each of said) for (const code of fresh) assert.ok(!each.includes(code), each);
  assert.ok(!server.said.includes(fresh[0]));

  // The form of slips says which were replaced and which were printed.
  const [form] = await Promise.all([
    teller.context.waitForEvent('page'),
    teller.page.evaluate(() => open('/print#slips', '_blank')),
  ]);
  const row = form.locator('tbody tr', { hasText: 'C ' });
  await row.waitFor();
  assert.deepEqual((await row.locator('td').allInnerTexts()).slice(0, 4), ['39', '3', '17', '19']);

  // With the page their codes are gone.
  await teller.page.reload();
  await line.filter({ hasText: '作废 19' }).waitFor();
  assert.equal(await teller.page.locator('[data-print-slips]').count(), 0);
  await again.reload();
  await again.getByText('没有可打印的新纸条').waitFor();
  nothingBroke(chair, teller, phone, late, scanned);
});
