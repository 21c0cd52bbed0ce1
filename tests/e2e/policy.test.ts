// Rule s96: no page breaks its own policy, in any state that these tests know, and what is not of the page does not run. States
// without a server are looked at by phone.test.ts, hall.test.ts and prints.test.ts, meetings with one by all others: each
// of them fails for what is forbidden. Here are the policy itself, and windows that talk to each other.
import assert from 'node:assert/strict';
import { until } from '../processes.ts';
import { hearForbidden } from './chromium.ts';
import { Chair } from './hall/chair.ts';
import { Clerk } from './hall/clerk.ts';
import { test } from './hall/fixtures.ts';
import { nothingBroke } from './hall/person.ts';
import { Phone } from './hall/phone.ts';
import { Projector } from './hall/projector.ts';
import type { Server } from './hall/server.ts';

declare global {
  interface Window {
    hasRun?: boolean;
    held: Window | null;
  }
}

/** The link at loopback's own address: a trustworthy origin, on which browsers also heed the opener policy. */
const trusted = (server: Server, link: string) => link.replace(server.url, server.plain);

test('s96 what somebody puts into a page neither runs nor looks, and is told', async ({ browser, server }) => {
  const phone = new URL(server.links.join).pathname;
  for (const path of ['/', '/chair', '/screen', '/print', '/verify', phone, `${phone}/kiosk`]) {
    const context = await browser.newContext();
    // The page that checks records has its policy twice, in its header and in itself, and is told twice.
    const forbidden = new Set<string>();
    await hearForbidden(context, (what) => forbidden.add(what));
    const page = await context.newPage();
    await page.goto(server.url + path);
    await page.locator('#page > *').first().waitFor();
    assert.deepEqual([...forbidden], [], path);
    await page.evaluate(() => {
      const put = (name: string, text: string) => {
        const element = document.createElement(name);
        element.textContent = text;
        document.body.append(element);
      };
      put('script', 'window.hasRun = true');
      put('style', 'body { outline: 7px solid red }');
      document.body.insertAdjacentHTML('beforeend', '<i style="top: 7px" onclick="window.hasRun = true"></i>');
      document.querySelector<HTMLElement>('body > i:last-child')?.click();
    });
    await until(`all four to be forbidden on ${path}`, () => forbidden.size === 4);
    const directives = [...forbidden].map((what) => what.split(' ')[3]);
    assert.deepEqual(directives.sort(), ['script-src-attr', 'script-src-elem', 'style-src-attr', 'style-src-elem'], path);
    assert.equal(await page.evaluate(() => window.hasRun), undefined, path);
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).outlineWidth), '7px', path);
    // Nor does it ask another server.
    const elsewhere = await page.evaluate(() =>
      fetch('http://127.0.0.2:9/').then(
        () => 'asked',
        () => 'refused',
      ),
    );
    assert.equal(elsewhere, 'refused');
    await until(`the request to be forbidden on ${path}`, () => forbidden.size === 5);
    assert.match([...forbidden][4], /connect-src/, path);
    await context.close();
  }
});

test('s96 on a trustworthy origin the window that prints new slips reaches the page that made them, and no other window does', async ({
  browser,
  server,
}) => {
  const chair = await Chair.opens(browser, trusted(server, server.links.chair));
  await chair.presses('开始签到');
  const projector = await Projector.opens(browser, trusted(server, server.links.projector));
  const phone = await Phone.joins(browser, trusted(server, server.links.join));
  const teller = await Clerk.opens(browser, trusted(server, server.links.teller));
  await teller.page.locator('[data-open=slips-C]').click();
  const dialog = teller.page.locator('.window');
  await dialog.locator('button.hold').hover();
  await teller.page.mouse.down();
  const made = dialog.locator('[data-print-slips]');
  await made.waitFor();
  await teller.page.mouse.up();
  const [slips] = await Promise.all([teller.context.waitForEvent('page'), made.click()]);
  await slips.locator('.slip').first().waitFor();
  assert.equal(await slips.locator('.slip').count(), 20);
  assert.ok(await slips.evaluate(() => isSecureContext && window.opener !== null), 'it is a secure context with its opener');
  // The same address, opened by a page of another origin, has no opener at all: nobody holds a window of ours.
  const stranger = await browser.newContext();
  const theirs = await stranger.newPage();
  await theirs.goto(`${server.url}/verify`);
  const [ours] = await Promise.all([
    stranger.waitForEvent('page'),
    theirs.evaluate(
      (url) => {
        window.held = window.open(url);
      },
      trusted(server, `${server.url}/print#new-slips,C`),
    ),
  ]);
  await ours.getByText('没有可打印的新纸条').or(ours.getByText('There are no new slips')).first().waitFor();
  assert.equal(await ours.evaluate(() => window.opener), null);
  await until('the window to be gone for who opened it', () => theirs.evaluate(() => window.held?.closed));
  await stranger.close();
  nothingBroke(chair, projector, phone, teller);
});
