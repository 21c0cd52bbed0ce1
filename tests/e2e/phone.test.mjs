// What every state of the phone must hold, measured in a real browser on an origin without HTTPS: WCAG 2.2 AA (axe),
// text of 18 px, targets of 60 px, nothing wider than the screen, no hole in a row of marks; and after the receipt two
// opposite sheets look the same to the last pixel. Rules f2 and f5 to f7 of SPEC.md.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { launch } from './chromium.mjs';
import { STATES } from './scripted/phone_states.mjs';
import { openPhone, play, show } from './pictures.mjs';

const require = createRequire(new URL('../../web-client/package.json', import.meta.url));
const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
const WAYS = [
  { size: [360, 640], language: 'zh', textSize: 0, hasAxe: true },
  { size: [360, 640], language: 'en', textSize: 2 },
  { size: [390, 844], language: 'en', textSize: 0, hasAxe: true },
  { size: [1280, 800], language: 'zh', textSize: 1 },
];
const LIMIT_BYTES = 30_000;

const browser = await launch();
after(() => browser.close());

/** Runs in the page: everything that is too small, too wide, or not in a full row. */
function measured() {
  const wrong = [];
  const isSeen = (element) =>
    element.getClientRects().length > 0 && getComputedStyle(element).visibility === 'visible';
  for (const element of document.querySelectorAll('#page *')) {
    const hasText = [...element.childNodes].some(
      (node) => node.nodeType === 3 && node.textContent.trim() !== '',
    );
    if (!isSeen(element) || !hasText) continue;
    const size_px = Number.parseFloat(getComputedStyle(element).fontSize);
    if (size_px < 18) wrong.push(`text of ${size_px} px: ${element.textContent.trim()}`);
  }
  for (const element of document.querySelectorAll('button, input, summary')) {
    if (!isSeen(element)) continue;
    const target = element.type === 'checkbox' ? element.closest('label') : element;
    const { width, height } = target.getBoundingClientRect();
    if (width < 60 || height < 60)
      wrong.push(`target of ${width}×${height} px: ${target.textContent || target.type}`);
  }
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) wrong.push(`${scrollWidth} px wide on a screen of ${clientWidth}`);
  for (const marks of document.querySelectorAll('.marks')) {
    const rows = new Map();
    for (const mark of marks.querySelectorAll('.mark:not(.apart)')) {
      const top = Math.round(mark.getBoundingClientRect().top);
      rows.set(top, (rows.get(top) ?? 0) + 1);
      if (mark.scrollWidth > mark.clientWidth + 1)
        wrong.push(`a label that does not fit: ${mark.textContent}`);
    }
    if (new Set(rows.values()).size > 1) wrong.push(`marks in rows of ${[...rows.values()].join(' and ')}`);
  }
  return wrong;
}

/** Plays every state in every way, once for all tests: what axe says, and what is measured. */
async function lookAtAll() {
  const [axeSays, sizes] = [[], []];
  for (const way of WAYS) {
    const phone = await openPhone(browser, way);
    for (const name of Object.keys(STATES)) {
      await show(phone, name);
      const label = `${name} ${way.language} ${way.size.join('×')} text ${way.textSize}`;
      sizes.push(...(await phone.page.evaluate(measured)).map((line) => `${label}: ${line}`));
      // Roles, names and colours do not depend on the window: one way in each language tells them.
      if (way.hasAxe) axeSays.push(...(await axeFinds(phone.page)).map((line) => `${label}: ${line}`));
    }
    await phone.context.close();
  }
  return { axeSays, sizes };
}

let looked;
const found = () => {
  looked ??= lookAtAll();
  return looked;
};

async function axeFinds(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      resultTypes: ['violations'],
    }),
  );
  return violations.map(({ id, help, nodes }) => `${id}, ${help}: ${nodes[0].html}`);
}

/** The picture after the receipt of a sheet with these marks; of another form where a plan is given. */
async function receiptOf(marks, plan) {
  const state = { ...STATES['lamp-received'], plan };
  const opposite = { ...state, kept: { ...state.kept, 'draft/abcd1234': JSON.stringify(marks) } };
  const { context, page } = await play(browser, opposite, WAYS[0]);
  const picture = await page.screenshot({ fullPage: true });
  const text = await page.evaluate(() => document.body.innerText);
  await context.close();
  return { picture, text };
}

test('f2 a phone page is one answer of at most 30 kB', async () => {
  for (const name of ['index.html', 'index.en.html']) {
    const page = await readFile(new URL(`../../web-client/dist/${name}`, import.meta.url));
    assert.ok(gzipSync(page, { level: 9 }).length <= LIMIT_BYTES, name);
    assert.doesNotMatch(String(page), /<(script|link|img)[^>]+(src|href)="(?!data:)/);
  }
});

test('f101 a phone says that its rules are those of the code that it opened, or stops', async () => {
  for (const [name, lamp, said] of [
    ['rules-same', '可以投票', '与扫到的规则完全相同'],
    ['rules-other-wall', '本机已停止', '不是本场票箱签署的'],
  ]) {
    const { context, page } = await play(browser, name, WAYS[0]);
    const text = await page.evaluate(() => document.body.innerText);
    await context.close();
    assert.ok(text.includes(lamp) && text.includes(said), `${name}: ${text}`);
  }
});

test('f103 a phone that met two manifests of a round saves a proof that a verifier tells', async () => {
  const { context, page } = await play(browser, 'rules-fraud', WAYS[0]);
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.note-forged button').click()]);
  const file = join(await mkdtemp(join(tmpdir(), 'pingyi-fraud-')), 'fraud.json');
  await download.saveAs(file);
  // Whatever the page is shown afterwards: the proof stays, and the phone stands still.
  await page.goto(page.url().split('#')[0]);
  await page.locator('.note-forged').waitFor();
  await context.close();
  const verifier = fileURLToPath(new URL('../verify.py', import.meta.url));
  const python = ['python3', '/usr/bin/python3'].find((name) => spawnSync(name, ['-c', 'import cryptography']).status === 0);
  const { status, stdout } = spawnSync(python, [verifier, '--proof', file]);
  assert.equal(status, 4, String(stdout));
  assert.match(String(stdout), /for round 1 of meeting abcd1234 one box key signed two manifests/);
  assert.deepEqual(Object.keys(JSON.parse(await readFile(file, 'utf8'))), ['box_key', 'format', 'manifests', 'meeting', 'round']);
});

test('f5 every state of the phone passes WCAG 2.2 AA as far as axe can tell', async () => {
  assert.deepEqual((await found()).axeSays, []);
});

test('f6 no text is below 18 px, no target below 60 px, nothing is wider than the screen', async () => {
  assert.deepEqual((await found()).sizes, []);
});

test('f6 the measure finds what is too small and too wide', async () => {
  const { context, page } = await play(browser, 'lamp-open', WAYS[0]);
  // No element brings a style past the page's policy; a test does.
  await page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [sheet];
  }, '.lamp p { font-size: 12px } footer .primary { width: 1400px; max-width: none; min-height: 0; height: 40px }');
  const wrong = (await page.evaluate(measured)).join('\n');
  await context.close();
  assert.match(wrong, /text of 12 px/);
  assert.match(wrong, /target of/);
  assert.match(wrong, /px wide on a screen/);
});

test('f7 after the receipt two opposite sheets look the same to the last pixel', async () => {
  const all = (mark) => Object.fromEntries([1, 3, 4, 5, 6, 7].map((subject) => [subject, mark]));
  const [best, worst] = [await receiptOf(all('hao')), await receiptOf(all('cha'))];
  const wrote = await receiptOf({ ...all('hao'), [-1]: '再快些', [-3]: '很好' });
  assert.match(best.text, /K7Q4-M2XD/);
  assert.doesNotMatch(best.text, /较好|一般/);
  assert.ok(best.picture.equals(worst.picture) && best.picture.equals(wrote.picture));
});

test('f7 so do two opposite sheets of items, and of numbers', async () => {
  const subjects = [1, 3, 4, 5, 6, 7];
  const items = (mark) =>
    Object.fromEntries(subjects.map((subject) => [subject, [mark, mark, mark, mark, mark, subject === 4 ? '' : mark].join('.')]));
  const { plan } = STATES['sheet-items'];
  const [best, worst] = [await receiptOf(items('hao'), plan), await receiptOf(items('cha'), plan)];
  assert.match(best.text, /K7Q4-M2XD/);
  assert.ok(best.picture.equals(worst.picture));
  const numbers = (number) => Object.fromEntries(subjects.map((subject) => [subject, number]));
  const { plan: numeric } = STATES['sheet-numbers'];
  const [most, least] = [await receiptOf(numbers('100'), numeric), await receiptOf(numbers('0'), numeric)];
  assert.match(most.text, /K7Q4-M2XD/);
  assert.ok(most.picture.equals(least.picture));
});
