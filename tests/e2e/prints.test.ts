// Rules e1 and e9: every printed form in a real browser, as sheets on the screen and as the text of its PDF.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { built } from './chromium.ts';
import { table } from './hall/sheets.ts';
import { withTotals } from './scripted/combined.ts';
import { test as base } from './scripted/fixtures.ts';
import { crowded } from './scripted/largest.ts';
import type { Language } from './scripted/phone.ts';
import { merged, printsOf, resultOf, withItems, withNumbers } from './scripted/prints.ts';
import type { HallState } from './scripted/state.ts';
import { named } from './scripted/states.ts';
import { drawn, FORMS, type Form, PAGES, show, type Tab } from './scripted/tab.ts';

/** A case of vectors/scoring.json: subject, score and component by row, and what must come out. */
interface WorkedTotals {
  rows: [subject: string, score: string, daily: string][];
  expect: { total: Record<string, string>; rank: Record<string, number> };
}

const SIGNED: Form[] = ['summary', 'report', 'ranking', 'grades', 'slips', 'history'];

const test = base.extend<{
  /** The text of a form's PDF, once the form was found whole. */
  printed: (state: HallState, form: Form, language?: Language) => Promise<string>;
}>({
  printed: async ({ tab }, use, info) => {
    const tabs = new Map<Language, Tab>();
    await use(async (state, form, language = 'zh') => {
      const opened = tabs.get(language) ?? (await tab(form, [1280, 800], language));
      tabs.set(language, opened);
      opened.told.shows = PAGES[form];
      return textOf(opened, state, form, info.outputPath(`${state.name}-${form}-${language}.pdf`));
    });
  },
});

test.describe.configure({ mode: 'parallel' });

/** Runs in the page: what is cut, what lies over the foot, what lacks its heads, number or lines. */
function faults(signed: boolean): string[] {
  const found: string[] = [];
  const sheets = [...document.querySelectorAll('.sheet')];
  let last: number[] | null = null;
  const textOf = (element: Element | null) => element?.textContent ?? '';
  if (sheets.length === 0) found.push('there is no sheet');
  for (const [place, sheet] of sheets.entries()) {
    const at = `sheet ${place + 1}`;
    const paper = sheet.getBoundingClientRect();
    const foot = sheet.querySelector('.foot');
    const foot_px = foot?.getBoundingClientRect().top ?? 0;
    const numbers: number[] = (textOf(foot).match(/\d+/g) ?? []).slice(-2).map(Number);
    // A form for each group counts its own pages.
    const expected = last && last[0] < last[1] ? last[0] + 1 : 1;
    if (numbers[0] !== expected || numbers[0] > numbers[1]) found.push(`${at} says page ${numbers}`);
    last = numbers;
    for (const element of sheet.querySelectorAll('.inside *')) {
      const box = element.getBoundingClientRect();
      const name = `${at}: ${element.tagName} ${element.className} "${textOf(element).slice(0, 20)}"`;
      if (box.right > paper.right - 30 || box.left < paper.left + 30) found.push(`${name} leaves the paper sideways`);
      if (box.bottom > foot_px + 1) found.push(`${name} lies over the foot by ${Math.round(box.bottom - foot_px)} px`);
    }
    for (const table of sheet.querySelectorAll('table')) {
      if (!table.querySelector('thead th')) found.push(`${at} has a table without heads`);
      for (const cell of table.querySelectorAll('td, th')) {
        if (cell.scrollWidth > cell.clientWidth + 1) found.push(`${at}: "${cell.textContent}" leaves its cell`);
      }
      const heights = [...table.querySelectorAll('tbody tr')].map((row) => row.getBoundingClientRect().height);
      if (Math.max(...heights) > Math.min(...heights) * 1.25) found.push(`${at} has rows of ${heights.map(Math.round)} px`);
    }
    const smallest = Math.min(
      ...[...sheet.querySelectorAll('td, th, .fitted')].map((cell) => parseFloat(getComputedStyle(cell).fontSize)),
    );
    // 4.6 points: small, but read without a glass.
    if (smallest < 6.1) found.push(`${at} has letters of ${smallest} px`);
  }
  if (last && last[0] !== last[1]) found.push('the last page is missing');
  if (signed && document.querySelectorAll('.signatures i').length < 5) found.push('lines to sign are missing');
  return found.slice(0, 8);
}

/** The text of a form's PDF on a tab that shows it, once the form was found whole. */
async function textOf(tab: Tab, state: HallState, form: Form, file: string): Promise<string> {
  await show(tab, state);
  await drawn(tab.page);
  const wrong = [...(await tab.page.evaluate(faults, SIGNED.includes(form))), ...tab.told.faults];
  assert.deepEqual(wrong, [], `${state.name}: ${form}`);
  const sheets = await tab.page.locator('.sheet').count();
  await tab.page.pdf({ path: file, preferCSSPageSize: true });
  const about = execFileSync('pdfinfo', [file], { encoding: 'utf8' });
  assert.equal(Number(about.match(/Pages: +(\d+)/)?.[1]), sheets, `${form}: a sheet is a page`);
  const sides_pt =
    about
      .match(/Page size: +([\d.]+) x ([\d.]+)/)
      ?.slice(1)
      .map(Number) ?? [];
  assert.ok(Math.abs(Math.min(...sides_pt) - 595) < 2 && Math.abs(Math.max(...sides_pt) - 842) < 2, `${form}: A4`);
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
}

/** A figure that is told, and stands in a text. */
function holds(text: string, figure: string | null | undefined, where: string): void {
  assert.ok(typeof figure === 'string' && text.includes(figure), `${figure} in ${where}: ${text}`);
}

const squeezed = (text: string) => text.replace(/\s/g, '');

/** The cells of a branch's line. */
function cellsOf(text: string, subject: number): string[] {
  const branch = `第${'一二三四五六七'[subject - 1]}党支部`;
  const line = text.split('\n').find((each) => each.includes(branch));
  assert.ok(line, branch);
  return line.trim().split(/\s+/);
}

/** The crowded meeting, with totals: two columns more. */
function crowdedWithTotals(): HallState {
  const state = crowded();
  return { ...state, name: 'crowded-totals', chair: { ...state.chair, result: withTotals(resultOf(state)) } };
}

for (const language of ['zh', 'en'] as const) {
  const all = [named('result'), named('result-college'), named('result-totals'), named('result-items'), crowdedWithTotals()];
  for (const state of all) {
    test(`e9 the forms of ${state.name} are whole in ${language}`, async ({ printed }) => {
      for (const form of FORMS) await printed(state, form, language);
    });
  }
}

test('e1 the PDF of the summary has every figure of the table that must come out', async ({ printed }) => {
  const [summary = '', ...rest] = (await printed(named('result'), 'summary')).split('民主测评汇总表（');
  for (const row of await table('expected')) {
    const cells = cellsOf(summary, Number(row.subject));
    for (const figure of [row.A_mean, row.B_mean, row.C_mean, row.score, row.rank, ...row.all_marks.split('/')]) {
      assert.ok(cells.includes(figure), `${figure} in ${cells}`);
    }
    for (const [place, group] of ['A', 'B', 'C'].entries()) {
      const cells = cellsOf(rest[place] ?? '', Number(row.subject));
      for (const figure of [row[`${group}_mean`], ...row[`${group}_marks`].split('/')]) {
        assert.ok(cells.includes(figure), `${group}: ${figure} in ${cells}`);
      }
    }
  }
});

test('e1 the PDFs of ranking, grades and feedback have the same figures', async ({ printed }) => {
  const state = named('result');
  for (const form of ['ranking', 'grades', 'feedback'] as const) {
    const text = await printed(state, form);
    for (const row of resultOf(state).rows) holds(text, row.score, form);
  }
  const report = await printed(state, 'report');
  const text = squeezed(report);
  assert.ok(text.includes('应到34人，实到33人。发出测评票33张，收回33张，其中有效票32张，无效票1张。'), text);
  assert.ok(text.includes('收回票数不多于发出票数，本次测评有效。'));
  // The record's digits stand where figures do, and on no blank form.
  const digits = resultOf(state).record?.digits ?? '';
  assert.notEqual(digits, '');
  assert.ok(text.endsWith(`记录码${digits}第1页，共1页`), text);
  assert.ok((await printed(state, 'summary', 'en')).includes(`Record ${digits}`));
  assert.ok(!(await printed(state, 'ballot')).includes(digits));
});

test('e1 c25 the PDFs have the totals, their places, and what is missing for one', async ({ printed }) => {
  const state = named('result-totals');
  for (const form of ['summary', 'ranking', 'grades', 'feedback'] as const) {
    const text = await printed(state, form);
    assert.ok(text.includes('综合得分'), form);
    const totals = resultOf(state).rows.map(({ combined }) => combined?.total ?? null);
    for (const total of totals.filter((each) => each !== null)) holds(text, total, form);
  }
  for (const form of ['summary', 'feedback'] as const) {
    assert.ok(squeezed(await printed(state, form)).includes('缺少“平时考核”，不出综合得分。'), form);
  }
  // The control: without a combination no form has a word of it.
  assert.ok(!(await printed(named('result'), 'grades')).includes('综合'));
});

test('e26 the worked case of totals is printed as it must come out', async ({ printed }) => {
  const { cases } = JSON.parse(await readFile(new URL('../vectors/scoring.json', import.meta.url), 'utf8'));
  const { rows, expect }: WorkedTotals = cases.find(({ id }: { id: string }) => id === 'combination-with-tie');
  const state = named('result-totals');
  const result = resultOf(state);
  const told = result.rows.map((row, at) => {
    const [subject, score, daily] = rows[at];
    const [total, rank] = [expect.total[subject], expect.rank[subject]];
    return { ...row, score, combined: { components: [daily], adjustment: null, total, rank, notes: [] } };
  });
  const worked = { ...state, name: 'worked-totals', chair: { ...state.chair, result: { ...result, rows: told } } };
  const [summary = ''] = (await printed(worked, 'summary')).split('民主测评汇总表（');
  for (const [at, [subject, score]] of rows.entries()) {
    const cells = cellsOf(summary, at + 1);
    for (const figure of [score, expect.total[subject]]) assert.ok(cells.includes(figure), `${figure} in ${cells}`);
    assert.equal(cells.at(-1), String(expect.rank[subject]), `${cells}`);
  }
});

test('e1 groups that voted as one stand as one on every form of the round', async ({ printed }) => {
  const state = merged(named('result'));
  const both = resultOf(state).merged[0].column.name;
  const summary = squeezed(await printed(state, 'summary'));
  assert.ok(summary.includes('60%') && !summary.includes('30%党'), summary);
  assert.equal(summary.split('民主测评汇总表（').length - 1, 2, 'a table for each of two groups');
  for (const form of ['ballot', 'report', 'feedback'] as const) {
    const text = squeezed(await printed(state, form));
    if (form !== 'feedback') assert.ok(text.includes(both), `${both} in ${text}`);
    assert.equal(text.includes('C票') || text.includes('C支部'), false, `${form}: ${text}`);
  }
  // Who signs in, and whose slips these are, is not merged.
  const names = squeezed(await printed(state, 'signin'));
  assert.ok(names.includes('C'), names);
});

test('f84 a result is printed with the scale and items of its own form', async ({ printed }) => {
  const state = named('result-items');
  const { form, rows } = resultOf(state);
  const summary = squeezed(await printed(state, 'summary'));
  assert.ok(summary.includes(form.title), 'the form is named');
  for (const item of form.items) assert.ok(summary.includes(item.label.slice(0, 4)), item.label);
  for (const row of rows) {
    holds(summary, row.score, 'the summary');
    assert.equal(row.items?.length, form.items.length);
    for (const { mean } of row.items) if (mean !== null) holds(summary, mean, `the row of ${row.subject}`);
  }
  const feedback = squeezed(await printed(state, 'feedback'));
  holds(feedback, rows[0].items?.[0].mean, 'the feedback');
  holds(feedback, '权重', 'the feedback');
});

test('e27 the sheet of a group has the mean of each item', async ({ printed }) => {
  const state = named('result-items');
  const text = squeezed(await printed(state, 'summary'));
  for (const { subject, groups } of resultOf(state).rows) {
    assert.equal(groups?.length, 3);
    for (const group of groups) {
      assert.ok(group?.items, 'a group has its items');
      const means = group.items.map(({ mean }) => mean ?? '—');
      holds(text, [...means, group.abstained, group.recused, group.mean].join(''), `the row of ${subject}`);
    }
  }
});

test('f84 the ballot on paper has a cell for each item that applies, or for a number', async ({ printed }) => {
  const items = squeezed(await printed(withItems(named('result')), 'ballot'));
  assert.ok(items.includes('请在每一格填写一个等次：好、较好、一般、差') && !items.includes('□'), items);
  assert.equal(items.split('／').length - 1, 2 * 3, 'one cell stays empty, for each of three groups, and is explained');
  const numbers = squeezed(await printed(withNumbers(named('result')), 'ballot', 'en'));
  assert.ok(numbers.includes('Writeawholenumberfrom0to100') && numbers.includes('Points(0–100)'), numbers);
});

test('e5 a form prints a dash where a group is too small', async ({ printed }) => {
  const text = await printed(named('result-college'), 'summary');
  assert.ok(text.includes('人数太少，不单独列出'));
  assert.ok(!text.includes('民主测评汇总表（'), 'no group has a sheet of its own');
});

test('e7 the print page of an archive opens from a disk, without a server', async ({ page }, info) => {
  const first = JSON.stringify(printsOf(named('result'))).replaceAll('<', '\\u003c');
  const file = info.outputPath('print.html');
  const html = await built('print.html');
  await writeFile(
    file,
    html.replace('<!--first-->', () => `<script type="application/json" id="first">${first}</script>`),
  );
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  await page.getByText('98.00').first().waitFor();
  for (const form of FORMS) {
    await page.locator(`.print-bar a[href^="#${form}"]`).click();
    await page
      .locator('.print-bar a[aria-current=page]')
      .and(page.locator(`[href^="#${form}"]`))
      .waitFor();
    await page.locator('.sheet').first().waitFor();
  }
  assert.deepEqual(
    asked.filter((url) => !url.startsWith('file:') && !url.startsWith('data:')),
    [],
  );
});
