// What every state of the phone must hold, measured in a real browser on an origin without HTTPS: WCAG 2.2 AA (axe),
// text of 18 px, targets of 60 px, nothing wider than the screen, no hole in a row of marks; and after the receipt two
// opposite sheets look the same to the last pixel. Rules f2 and f5 to f7 of SPEC.md.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { PlanView } from '#protocol';
import { axeFinds, built, WCAG } from './chromium.ts';
import { test as base } from './scripted/fixtures.ts';
import { type PhoneState, type ScriptedPhone, show, type Way } from './scripted/phone.ts';
import { STATES } from './scripted/phone_states.ts';

const LIMIT_BYTES = 30_000;
const SMALL: Way = { size: [360, 640], language: 'zh' };

const test = base.extend<{
  /** The picture after the receipt of a sheet with these answers; of another form where a plan is given. */
  receiptOf: (draft: Record<string, string>, plan?: PlanView) => Promise<Buffer>;
}>({
  receiptOf: async ({ play }, use) => {
    await use(async (draft, plan) => {
      const state: PhoneState = STATES['lamp-received'];
      const kept = { ...state.kept, 'draft/abcd1234': JSON.stringify(draft) };
      const { context, page } = await play({ ...state, kept, ...(plan && { plan }) }, SMALL);
      const picture = await page.screenshot({ fullPage: true });
      const text = await page.locator('body').innerText();
      await context.close();
      assert.match(text, /K7Q4-M2XD/);
      assert.doesNotMatch(text, /较好|一般/);
      return picture;
    });
  },
});

test.describe.configure({ mode: 'parallel' });

/** Runs in the page: everything that is too small, too wide, or not in a full row. */
function measured(): string[] {
  const wrong: string[] = [];
  const isSeen = (element: Element) =>
    element.getClientRects().length > 0 && getComputedStyle(element).visibility === 'visible';
  for (const element of document.querySelectorAll('#page *')) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim() !== '');
    if (!isSeen(element) || !hasText) continue;
    const size_px = Number.parseFloat(getComputedStyle(element).fontSize);
    if (size_px < 18) wrong.push(`text of ${size_px} px: ${element.textContent?.trim()}`);
  }
  for (const element of document.querySelectorAll('button, input, summary')) {
    if (!isSeen(element)) continue;
    const isBox = element instanceof HTMLInputElement && element.type === 'checkbox';
    const target = (isBox ? element.closest('label') : null) ?? element;
    const { width, height } = target.getBoundingClientRect();
    if (width < 60 || height < 60) wrong.push(`target of ${width}×${height} px: ${target.textContent || target.tagName}`);
  }
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) wrong.push(`${scrollWidth} px wide on a screen of ${clientWidth}`);
  for (const marks of document.querySelectorAll('.marks')) {
    const rows = new Map<number, number>();
    for (const mark of marks.querySelectorAll('.mark:not(.apart)')) {
      const top = Math.round(mark.getBoundingClientRect().top);
      rows.set(top, (rows.get(top) ?? 0) + 1);
      if (mark.scrollWidth > mark.clientWidth + 1) wrong.push(`a label that does not fit: ${mark.textContent}`);
    }
    if (new Set(rows.values()).size > 1) wrong.push(`marks in rows of ${[...rows.values()].join(' and ')}`);
  }
  return wrong;
}

/** Some of the states by name: so many as are one test, so that workers share them. */
type Some = [name: string, state: PhoneState][];
const A_TEST = 20;
const ALL: Some = Object.entries(STATES);
const PARTS = Array.from({ length: Math.ceil(ALL.length / A_TEST) }, (_, at) => ALL.slice(at * A_TEST, (at + 1) * A_TEST));

/** What is wrong with the states, as it is measured and, where asked, as axe sees it. */
async function faultsOf(opened: ScriptedPhone, states: Some, hasAxe: boolean): Promise<string[]> {
  const wrong: string[] = [];
  for (const [name, state] of states) {
    await show(opened, state);
    wrong.push(...(await opened.page.evaluate(measured)).map((line) => `${name}: ${line}`));
    if (!hasAxe) continue;
    for (const { id, help, nodes } of await axeFinds(opened.page, { runOnly: [...WCAG, 'best-practice'] })) {
      wrong.push(`${name}: ${id}, ${help}: ${nodes[0]?.html}`);
    }
  }
  return wrong;
}

// Roles, names and colours do not depend on the window: one way in each language tells them.
for (const way of [SMALL, { size: [390, 844], language: 'en' } satisfies Way]) {
  for (const states of PARTS) {
    test(`f5 f6 every state holds in ${way.language}, also for who cannot see it, from ${states[0][0]} on`, async ({
      phone,
    }) => {
      assert.deepEqual(await faultsOf(await phone(way), states, true), []);
    });
  }
}

for (const way of [
  { size: [360, 640], language: 'en', textSize: 2 },
  { size: [1280, 800], language: 'zh', textSize: 1 },
] satisfies Way[]) {
  for (const states of PARTS) {
    test(`f6 every state holds on ${way.size.join('×')} px in text of size ${way.textSize}, from ${states[0][0]} on`, async ({
      phone,
    }) => {
      assert.deepEqual(await faultsOf(await phone(way), states, false), []);
    });
  }
}

test('f6 the measure finds what is too small and too wide', async ({ play }) => {
  const { page } = await play(STATES['lamp-open'], SMALL);
  // No element brings a style past the page's policy; a test does.
  await page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [sheet];
  }, '.lamp p { font-size: 12px } footer .primary { width: 1400px; max-width: none; min-height: 0; height: 40px }');
  const wrong = (await page.evaluate(measured)).join('\n');
  assert.match(wrong, /text of 12 px/);
  assert.match(wrong, /target of/);
  assert.match(wrong, /px wide on a screen/);
});

test('f2 a phone page is one answer of at most 30 kB', async () => {
  for (const name of ['index.html', 'index.en.html']) {
    const page = await built(name);
    assert.ok(gzipSync(page, { level: 9 }).length <= LIMIT_BYTES, name);
    assert.doesNotMatch(page, /<(script|link|img)[^>]+(src|href)="(?!data:)/);
  }
});

test('f101 a phone says that its rules are those of the code that it opened, or stops', async ({ play }) => {
  for (const [state, lamp, said] of [
    [STATES['rules-same'], '可以投票', '与扫到的规则完全相同'],
    [STATES['rules-other-wall'], '本机已停止', '不是本场票箱签署的'],
  ] as const) {
    const { page } = await play(state, SMALL);
    const text = await page.locator('body').innerText();
    assert.ok(text.includes(lamp) && text.includes(said), text);
  }
});

test('f103 a phone that met two manifests of a round saves a proof that a verifier tells', async ({ play }, info) => {
  const { page } = await play(STATES['rules-fraud'], SMALL);
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.note-forged button').click()]);
  const file = info.outputPath('fraud.json');
  await download.saveAs(file);
  // Whatever the page is shown afterwards: the proof stays, and the phone stands still.
  await page.goto(page.url().split('#')[0] ?? '');
  await page.locator('.note-forged').waitFor();
  const verifier = fileURLToPath(new URL('../verify.py', import.meta.url));
  const python = ['python3', '/usr/bin/python3'].find((name) => spawnSync(name, ['-c', 'import cryptography']).status === 0);
  const { status, stdout } = spawnSync(python ?? 'python3', [verifier, '--proof', file], { encoding: 'utf8' });
  assert.equal(status, 4, stdout);
  assert.match(stdout, /for round 1 of meeting abcd1234 one box key signed two manifests/);
  assert.deepEqual(Object.keys(JSON.parse(await readFile(file, 'utf8'))), [
    'box_key',
    'format',
    'manifests',
    'meeting',
    'round',
  ]);
});

const SUBJECTS = [1, 3, 4, 5, 6, 7];
/** The same answer for every row. */
const all = (answer: string) => Object.fromEntries(SUBJECTS.map((subject) => [subject, answer]));

test('f7 after the receipt two opposite sheets look the same to the last pixel', async ({ receiptOf }) => {
  const best = await receiptOf(all('hao'));
  assert.ok(best.equals(await receiptOf(all('cha'))));
  assert.ok(best.equals(await receiptOf({ ...all('hao'), [-1]: '再快些', [-3]: '很好' })), 'with opinions too');
});

test('f7 so do two opposite sheets of items', async ({ receiptOf }) => {
  const items = (mark: string) =>
    Object.fromEntries(
      SUBJECTS.map((subject) => [subject, [mark, mark, mark, mark, mark, subject === 4 ? '' : mark].join('.')]),
    );
  const { plan } = STATES['sheet-items'];
  assert.ok((await receiptOf(items('hao'), plan)).equals(await receiptOf(items('cha'), plan)));
});

test('f7 so do two opposite sheets of numbers', async ({ receiptOf }) => {
  const { plan } = STATES['sheet-numbers'];
  assert.ok((await receiptOf(all('100'), plan)).equals(await receiptOf(all('0'), plan)));
});
