// The page that checks a record, in a real browser: from the server and from a disk, with the records of both shipped meetings,
// without a single request. Rule r12 of SPEC.md.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { hearForbidden, launch } from './chromium.mjs';
import { Server } from './hall/people.mjs';
import { BOX, promise } from './scripted/box.mjs';

const root = new URL('../../', import.meta.url);
const binary = process.env.PINGYI_BIN ?? new URL('target/release/pingyi', root).pathname;
const require = createRequire(new URL('web-client/package.json', root));
const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
const PATIENCE_MS = 60_000;

let browser;
let server;
let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pingyi-record-'));
  browser = await launch();
  server = await Server.fresh();
});
after(async () => {
  await browser?.close();
  await server?.remove();
  await rm(folder, { recursive: true, force: true });
});

async function rehearsed(meeting) {
  const out = join(folder, meeting);
  const path = new URL(`meetings/${meeting}`, root).pathname;
  await promisify(execFile)(binary, ['rehearse', path, '--seed', '5', '--out', out]);
  return join(out, 'record.json');
}

/** A page that counts whatever it asks for. */
async function opened(url) {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 390, height: 844 } });
  const forbidden = [];
  await hearForbidden(context, (what) => forbidden.push(what));
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(url);
  await page.locator('#record').waitFor({ state: 'attached' });
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  return { page, asked, forbidden };
}

async function verdict(page, file) {
  await page.setInputFiles('#record', file);
  const found = page.locator('[data-ends]');
  await found.waitFor();
  return Number(await found.getAttribute('data-ends'));
}

test('r12 the page checks the records of both meetings, from the server and from a disk, and asks nothing', async () => {
  const disk = join(folder, 'pingyi-verify.html');
  const served = await (await fetch(`http://127.0.0.1:${server.port}/verify`)).text();
  await writeFile(disk, served);
  for (const meeting of ['institute', 'college']) {
    const record = await rehearsed(meeting);
    for (const url of [`${server.url}/verify`, pathToFileURL(disk).href]) {
      const { page, asked, forbidden } = await opened(url);
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

test('f108 the page tells a proof of fraud without a record, and any other proof waits for one', async () => {
  const manifests = ['aa', 'bb'].map((byte) => ({ hash: byte.repeat(32), signature: promise('m-2026', 3, byte.repeat(32)) }));
  const proof = { box_key: BOX.key, format: 'pingyi-fraud/1', manifests, meeting: 'm-2026', round: 3 };
  const fraud = join(folder, 'fraud.json');
  await writeFile(fraud, JSON.stringify(proof));
  const forged = join(folder, 'no-fraud.json');
  await writeFile(forged, JSON.stringify({ ...proof, round: 4 }));
  const { page, asked } = await opened(`${server.url}/verify`);
  await page.setInputFiles('#proof', fileURLToPath(new URL('tests/vectors/records_1/proof.json', root)));
  await page.getByText('凭证：proof.json').waitFor();
  assert.equal(await page.locator('[data-ends]').count(), 0);
  await page.setInputFiles('#proof', fraud);
  await page.locator('[data-ends="4"]').waitFor();
  assert.match(await page.locator('.verdict').innerText(), /作弊的证据：第 3 轮[^]*m-2026/);
  await page.getByRole('button', { name: 'English' }).click();
  assert.match(await page.locator('.verdict').innerText(), /proof of fraud: round 3 has two manifests/);
  await page.setInputFiles('#proof', forged);
  await page.locator('[data-ends="25"]').waitFor();
  assert.deepEqual(asked, []);
  await page.context().close();
});

test('f109 the page says whether a record is that of the code which led to it', async () => {
  const record = await rehearsed('institute');
  const digest = createHash('sha256').update(await readFile(record)).digest('hex');
  for (const [code, said] of [
    [digest, '正是扫到的记录二维码所指的那一份'],
    ['0'.repeat(64), '不是扫到的记录二维码所指的那一份'],
  ]) {
    const { page } = await opened(`${server.url}/verify#r=${code}`);
    assert.equal(await verdict(page, record), 0);
    await page.getByText(said).waitFor();
    await page.context().close();
  }
});

test('r12 the page says which check a forged record fails, in both languages, for everybody', async () => {
  const record = await rehearsed('institute');
  const text = await readFile(record, 'utf8');
  const forged = join(folder, 'forged.json');
  await writeFile(forged, text.replace(/"score":"[0-9.]+"/, '"score":"99.99"'));
  const { page } = await opened(`${server.url}/verify`);
  assert.equal(await verdict(page, forged), 22);
  assert.match(await page.locator('.verdict').innerText(), /V12/);
  await page.getByRole('button', { name: 'English' }).click();
  assert.match(await page.locator('.verdict').innerText(), /The record does not hold: V12/);
  // Another file takes its place.
  const other = join(folder, 'other.json');
  await copyFile(record, other);
  await page.setInputFiles('#record', other);
  await page.locator('[data-ends="0"]').waitFor();
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }),
  );
  assert.deepEqual(
    found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`),
    [],
  );
  const [scrolls, shows] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth, clientWidth];
  });
  assert.ok(scrolls <= shows, 'the page is wider than the screen');
  await page.context().close();
});
