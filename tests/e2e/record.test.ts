// The page that checks a record, in a real browser: from the server and from a disk, with the records of both shipped meetings,
// without a single request. Rule r12 of SPEC.md.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, type Page, test } from '@playwright/test';
import { axeFinds, hearForbidden, WCAG } from './chromium.ts';
import { binary, root, Server } from './hall/server.ts';
import { BOX, promise } from './scripted/box.ts';

const PATIENCE_MS = 60_000;

let server: Server;
let folder: string;
/** Records by meeting, each of them made once. */
const records = new Map<string, Promise<string>>();
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pingyi-record-'));
  server = await Server.fresh();
});
test.afterAll(async () => {
  await server?.remove();
  await rm(folder, { recursive: true, force: true });
});

/** The record of a meeting that is rehearsed without people. */
function rehearsed(meeting: 'institute' | 'college'): Promise<string> {
  const made = records.get(meeting) ?? rehearses(meeting);
  records.set(meeting, made);
  return made;
}

async function rehearses(meeting: string): Promise<string> {
  const out = join(folder, meeting);
  const path = new URL(`meetings/${meeting}`, root).pathname;
  await promisify(execFile)(binary, ['rehearse', path, '--seed', '5', '--out', out]);
  return join(out, 'record.json');
}

interface Opened {
  page: Page;
  /** Whatever the page asked for once it stood. */
  asked: string[];
  forbidden: string[];
}

async function opened(browser: Browser, url: string): Promise<Opened> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 390, height: 844 } });
  const forbidden: string[] = [];
  await hearForbidden(context, (what) => forbidden.push(what));
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(url);
  await page.locator('#record').waitFor({ state: 'attached' });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  return { page, asked, forbidden };
}

async function verdict(page: Page, file: string): Promise<number> {
  await page.setInputFiles('#record', file);
  const found = page.locator('[data-ends]');
  await found.waitFor();
  return Number(await found.getAttribute('data-ends'));
}

test('r12 the page checks the records of both meetings, from the server and from a disk, and asks nothing', async ({
  browser,
}) => {
  const disk = join(folder, 'pingyi-verify.html');
  const served = await (await fetch(`${server.plain}/verify`)).text();
  await writeFile(disk, served);
  for (const meeting of ['institute', 'college'] as const) {
    const record = await rehearsed(meeting);
    for (const url of [`${server.url}/verify`, pathToFileURL(disk).href]) {
      const { page, asked, forbidden } = await opened(browser, url);
      assert.equal(await verdict(page, record), 0, `${meeting} at ${url}`);
      assert.match(await page.locator('.verdict').innerText(), /记录成立/);
      const rows = await page.locator('tbody tr').count();
      assert.equal(rows, meeting === 'institute' ? 7 : 14);
      assert.deepEqual(asked, [], 'the page asked for something');
      assert.deepEqual(forbidden, [], 'the page did what its policy forbids');
      await page.context().close();
    }
  }
});

test('f108 the page tells a proof of fraud without a record, and any other proof waits for one', async ({ browser }) => {
  const manifests = ['aa', 'bb'].map((byte) => ({
    hash: byte.repeat(32),
    signature: promise('m-2026', 3, byte.repeat(32)),
  }));
  const proof = { box_key: BOX.key, format: 'pingyi-fraud/1', manifests, meeting: 'm-2026', round: 3 };
  const fraud = join(folder, 'fraud.json');
  await writeFile(fraud, JSON.stringify(proof));
  const forged = join(folder, 'no-fraud.json');
  await writeFile(forged, JSON.stringify({ ...proof, round: 4 }));
  const { page, asked } = await opened(browser, `${server.url}/verify`);
  await page.setInputFiles('#proof', fileURLToPath(new URL('tests/vectors/records_1/proof.json', root)));
  await page.getByText('凭证：proof.json').waitFor();
  assert.equal(await page.locator('[data-ends]').count(), 0);
  await page.setInputFiles('#proof', fraud);
  await page.locator('[data-ends="4"]').waitFor();
  assert.match(await page.locator('.verdict').innerText(), /作弊的证据：第 3 轮[\s\S]*m-2026/);
  await page.getByRole('button', { name: 'English' }).click();
  assert.match(await page.locator('.verdict').innerText(), /proof of fraud: round 3 has two manifests/);
  await page.setInputFiles('#proof', forged);
  await page.locator('[data-ends="25"]').waitFor();
  assert.deepEqual(asked, []);
  await page.context().close();
});

test('f109 the page says whether a record is that of the code which led to it', async ({ browser }) => {
  const record = await rehearsed('institute');
  const digest = createHash('sha256')
    .update(await readFile(record))
    .digest('hex');
  for (const [code, said] of [
    [digest, '正是扫到的记录二维码所指的那一份'],
    ['0'.repeat(64), '不是扫到的记录二维码所指的那一份'],
  ]) {
    const { page } = await opened(browser, `${server.url}/verify#r=${code}`);
    assert.equal(await verdict(page, record), 0);
    await page.getByText(said).waitFor();
    await page.context().close();
  }
});

test('r12 the page says which check a forged record fails, in both languages, for everybody', async ({ browser }) => {
  const record = await rehearsed('institute');
  const text = await readFile(record, 'utf8');
  const forged = join(folder, 'forged.json');
  await writeFile(forged, text.replace(/"score":"[0-9.]+"/, '"score":"99.99"'));
  const { page } = await opened(browser, `${server.url}/verify`);
  assert.equal(await verdict(page, forged), 22);
  assert.match(await page.locator('.verdict').innerText(), /V12/);
  await page.getByRole('button', { name: 'English' }).click();
  assert.match(await page.locator('.verdict').innerText(), /The record does not hold: V12/);
  // Another file takes its place.
  const other = join(folder, 'other.json');
  await copyFile(record, other);
  await page.setInputFiles('#record', other);
  await page.locator('[data-ends="0"]').waitFor();
  const found = await axeFinds(page, { runOnly: WCAG });
  assert.deepEqual(
    found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`),
    [],
  );
  const [scrolls, shows] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth, clientWidth];
  });
  assert.ok(scrolls <= shows, 'the page is wider than the screen');
  await page.context().close();
});
