// Rows with items and numbers in a real browser: filled in item by item, kept through a reload, told where they are half done,
// cast only as the form allows. Rules f80 to f82 of SPEC.md.
import assert from 'node:assert/strict';
import type { Page } from '@playwright/test';
import { test as base } from './scripted/fixtures.ts';
import type { PhoneState, Way } from './scripted/phone.ts';
import { plan } from './scripted/phone_meeting.ts';
import { STATES, type StateName } from './scripted/phone_states.ts';

declare global {
  interface Window {
    before: Element[];
  }
}

const WAY: Way = { size: [360, 640], language: 'zh' };

const test = base.extend<{
  /** A state up to its sheet, with another draft. */
  onSheet: (name: StateName, draft?: Record<string, string>, more?: Partial<PhoneState>) => Promise<Page>;
}>({
  onSheet: async ({ play }, use) => {
    await use(async (name, draft, more = {}) => {
      const state: PhoneState = STATES[name];
      const kept = draft ? { ...state.kept, 'draft/abcd1234': JSON.stringify(draft) } : state.kept;
      const { page } = await play({ ...state, ...more, kept, act: state.act?.slice(0, 1) ?? [] }, WAY);
      return page;
    });
  },
});

/** The marks that are drafted, by subject. */
const draftOf = async (page: Page, form = ''): Promise<Record<string, string>> => {
  const name = `pingyi/draft/abcd1234${form}`;
  const kept = await page.evaluate((at) => localStorage.getItem(at), name);
  const rows: Record<string, string | { mark: string }> = JSON.parse(kept ?? '{}');
  const mark = (row: string | { mark: string }) => (typeof row === 'string' ? row : row.mark);
  return Object.fromEntries(Object.entries(rows).map(([subject, row]) => [subject, mark(row)]));
};

test('f80 a row is filled in item by item, and nothing under the finger is exchanged', async ({ onSheet }) => {
  const page = await onSheet('sheet-items', {});
  await page.locator('#row-4 .fill button').click();
  await page.waitForSelector('.row-page');
  assert.equal(await page.locator('.row-page section').count(), 5, 'the sixth item does not apply');
  await page.evaluate(() => {
    window.before = [...document.querySelectorAll('.row-page button')];
  });
  for (const at of [0, 1, 2, 3])
    await page
      .locator(`.row-page section:nth-of-type(${at + 1}) .mark`)
      .nth(at)
      .click();
  assert.deepEqual(await draftOf(page), { 4: 'hao.jiaohao.yiban.cha..' });
  assert.match(await page.locator('.row-head').innerText(), /已填 4 项，共 5 项/);
  const isSame = await page.evaluate(() => {
    const now = [...document.querySelectorAll('.row-page button')];
    return now.length === window.before.length && now.every((button, at) => button === window.before[at]);
  });
  assert.ok(isSame, 'the same buttons stand there');
  await page.goBack();
  assert.match(await page.locator('#row-4 .fill').innerText(), /未填完：已填 4 项，共 5 项/);
  await page.reload();
  await page.locator('footer .primary').click();
  assert.match(await page.locator('#row-4 .fill').innerText(), /未填完：已填 4 项，共 5 项/);
});

test('f80 the one button leads from row to row, and one step back leads to the sheet', async ({ onSheet }) => {
  const page = await onSheet('sheet-items', {});
  await page.locator('#row-3 .fill button').click();
  await page.waitForSelector('.row-page');
  await page.locator('footer .primary').click();
  assert.match(await page.locator('.page-title').innerText(), /第四党支部/);
  await page.locator('.row-page nav button').first().click();
  assert.match(await page.locator('.page-title').innerText(), /第三党支部/);
  await page.goBack();
  await page.waitForSelector('#row-3');
});

const HALF_DONE: [needs_all_items: boolean, name: string][] = [
  [true, 'f80 a row that is half done is told, and not cast where all items are asked for'],
  [false, 'f80 a row with open items is cast where the form allows it'],
];
for (const [needs_all_items, name] of HALF_DONE) {
  test(name, async ({ onSheet }) => {
    const shown = plan({ ...STATES['sheet-items'].plan, needs_all_items });
    const half = Object.fromEntries([1, 3, 5, 6, 7].map((subject) => [subject, 'hao.hao.hao.hao.hao.hao']));
    const page = await onSheet('sheet-items', { ...half, 4: 'hao.....' }, { plan: shown });
    assert.equal(await page.locator('.counters .broken').count(), needs_all_items ? 1 : 0);
    // The second subject is the own branch: what is left is the row that is half done, or nothing.
    const button = await page.locator('footer .primary').innerText();
    assert.equal(/还有 1 项待填/.test(button), needs_all_items, button);
    const row = await page.locator('#row-4 .fill').innerText();
    assert.match(row, needs_all_items ? /未填完：已填 1 项，共 5 项/ : /✓ 已填 1 项，共 5 项 · 修改/);
    await page.locator('.end .secondary').click();
    await page.waitForSelector('.chosen-items');
    assert.equal(await page.locator('footer .primary').isDisabled(), needs_all_items);
  });
}

test('f86 a row whose overall mark is not that of its items is named, led to, and not cast', async ({ onSheet }) => {
  const whole = Object.fromEntries([1, 5, 6, 7].map((subject) => [subject, 'hao.hao.hao.hao']));
  const page = await onSheet('sheet-overall', { ...whole, 3: 'hao.yiban.jiaohao.hao', 4: 'yiban.hao.hao.' });
  await page.waitForSelector('#row-3 .fill button');
  assert.match(await page.locator('#row-3 .fill').innerText(), /总体评价与各项不符/);
  assert.match(await page.locator('#row-1 .fill').innerText(), /已填完 4 项/);
  assert.deepEqual(await page.locator('.counters .broken').allInnerTexts(), [
    '○ 每行的指标要么全填，要么全空：未填完 1 行',
    '○ 总体评价要与各项指标相符：不符 1 行',
  ]);
  await page.locator('.end .secondary').click();
  await page.waitForSelector('.chosen-items');
  assert.ok(await page.locator('footer .primary').isDisabled());
  await page.goBack();
  await page.locator('#row-3 .fill button').click();
  const overall = page.locator('.row-page section').last();
  // 50 + 18 + 16 of the points 100, 60, 80.
  assert.match(await overall.innerText(), /以上各项合计为“较好”/);
  await overall.locator('.mark', { hasText: '较好' }).click();
  await page.goBack();
  assert.match(await page.locator('#row-3 .fill').innerText(), /已填完 4 项/);
  await page.locator('#row-4 .fill button').click();
  assert.match(await overall.innerText(), /以上各项合计为“较好”/, 'before it is marked');
  await page.locator('.row-page section').first().locator('.clear').click();
  assert.match(await overall.innerText(), /须与以上各项合计所在的等次一致/, 'not before the items can tell');
  await page.locator('.row-page section').first().locator('.mark').first().click();
  await overall.locator('.mark').first().click();
  await page.goBack();
  assert.equal(await page.locator('.counters .broken').count(), 0);
  await page.locator('footer .primary').click();
  await page.waitForSelector('.chosen-items');
  assert.equal(await page.locator('footer .primary').isDisabled(), false);
});

test('f86 the worst mark is cast only with its reason', async ({ onSheet }) => {
  const page = await onSheet('sheet-reasons');
  assert.match(await page.locator('#row-3 .who').innerText(), /请写理由/);
  assert.match(await page.locator('#row-4 .who').innerText(), /意见建议已写/);
  assert.deepEqual(await page.locator('.counters .broken').allInnerTexts(), ['○ 评最低等次要写理由：还差 1 项']);
  await page.locator('.end .secondary').click();
  assert.ok(await page.locator('footer .primary').isDisabled());
  await page.goBack();
  await page.locator('#row-3 .who .secondary', { hasText: '请写理由' }).click();
  await page.waitForSelector('textarea');
  await page.locator('textarea').fill('材料不全。');
  await page.goBack();
  assert.equal(await page.locator('.counters .broken').count(), 0);
  await page.locator('.end .secondary').click();
  assert.equal(await page.locator('footer .primary').isDisabled(), false);
});

test('f81 what is no such number is told at once and is not kept', async ({ onSheet }) => {
  const page = await onSheet('sheet-numbers', { 1: '96' });
  await page.waitForSelector('#row-3 .number');
  const field = page.locator('#row-3 .number input');
  await field.fill('88');
  assert.deepEqual(await draftOf(page), { 1: '96', 3: '88' });
  assert.equal(await page.locator('#row-3 .chip').innerText(), '较好');
  for (const wrong of ['105', '八', '1.5', '-1']) {
    await field.fill(wrong);
    assert.match(await page.locator('#row-3 [role=alert]').innerText(), /0 到 100 的整数/, wrong);
    assert.ok(!(await draftOf(page))[3], wrong);
    assert.equal(await field.inputValue(), wrong, 'what was typed stays to be mended');
  }
  await field.fill('100');
  assert.equal(await page.locator('#row-3 [role=alert]').isVisible(), false);
  await page.locator('#row-3 .step').last().click();
  assert.equal((await draftOf(page))[3], '100', 'no step leads beyond the largest');
  await page.locator('#row-3 .step').first().click();
  assert.equal((await draftOf(page))[3], '99');
  await page.locator('#row-3 .clear').click();
  assert.equal(await field.inputValue(), '');
  assert.ok(await page.locator('#row-3 .step').first().isDisabled(), 'nothing suggests a number');
});

test('f82 what was drafted for another form is not shown on this one, and is there again with its own', async ({
  onSheet,
}) => {
  const titled = plan({ ...STATES['sheet-numbers'].plan, form: '班子成员测评表' });
  const page = await onSheet('sheet-numbers', { 1: '96' }, { plan: titled });
  await page.waitForSelector('#row-1 .number');
  assert.equal(await page.locator('#row-1 .number input').inputValue(), '');
  await page.locator('#row-1 .number input').fill('50');
  assert.deepEqual(await draftOf(page), { 1: '96' });
  assert.deepEqual(await draftOf(page, '/班子成员测评表'), { 1: '50' });
});
