// Rules e1 and e9: every printed form in a real browser, as sheets on the screen and as the text of its PDF.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { launch } from './chromium.mjs';
import { withTotals } from './scripted/combined.mjs';
import { states } from './scripted/states.mjs';
import { drawn, FORMS, openTab, PAGES, show } from './scripted/tab.mjs';
import { crowded, merged, printsOf, withItems, withNumbers } from './scripted/prints.mjs';

/** Where PDFs are kept to be looked at: `PICTURES=1 node --test tests/e2e/prints.test.mjs`. */
const PICTURES = process.env.PICTURES ? fileURLToPath(new URL('../../target/pictures/prints', import.meta.url)) : null;
const SIGNED = ['summary', 'report', 'ranking', 'grades', 'slips', 'history'];

let browser;
let folder;
before(async () => {
  browser = await launch();
  folder = await mkdtemp(join(tmpdir(), 'prints-'));
  if (PICTURES) await mkdir(PICTURES, { recursive: true });
});
after(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs in the page: what is cut, what lies over the foot, what lacks its heads, number or lines. */
function faults(signed) {
  const found = [];
  const sheets = [...document.querySelectorAll('.sheet')];
  let last = null;
  if (sheets.length === 0) found.push('there is no sheet');
  sheets.forEach((sheet, place) => {
    const at = `sheet ${place + 1}`;
    const paper = sheet.getBoundingClientRect();
    const foot = sheet.querySelector('.foot').getBoundingClientRect();
    const numbers = sheet.querySelector('.foot').textContent.match(/\d+/g).slice(-2).map(Number);
    // A form for each group counts its own pages.
    const expected = last && last[0] < last[1] ? last[0] + 1 : 1;
    if (numbers[0] !== expected || numbers[0] > numbers[1]) found.push(`${at} says page ${numbers}`);
    last = numbers;
    for (const element of sheet.querySelectorAll('.inside *')) {
      const box = element.getBoundingClientRect();
      const name = `${at}: ${element.tagName} ${element.className} "${element.textContent.slice(0, 20)}"`;
      if (box.right > paper.right - 30 || box.left < paper.left + 30) found.push(`${name} leaves the paper sideways`);
      if (box.bottom > foot.top + 1) found.push(`${name} lies over the foot by ${Math.round(box.bottom - foot.top)} px`);
    }
    for (const table of sheet.querySelectorAll('table')) {
      if (!table.querySelector('thead th')) found.push(`${at} has a table without heads`);
      for (const cell of table.querySelectorAll('td, th')) {
        if (cell.scrollWidth > cell.clientWidth + 1) found.push(`${at}: "${cell.textContent}" leaves its cell`);
      }
      const heights = [...table.querySelectorAll('tbody tr')].map((row) => row.getBoundingClientRect().height);
      if (Math.max(...heights) > Math.min(...heights) * 1.25) found.push(`${at} has rows of ${heights.map(Math.round)} px`);
    }
    const smallest = Math.min(...[...sheet.querySelectorAll('td, th, .fitted')].map((cell) => parseFloat(getComputedStyle(cell).fontSize)));
    // 4.6 points: small, but read without a glass.
    if (smallest < 6.1) found.push(`${at} has letters of ${smallest} px`);
  });
  if (last && last[0] !== last[1]) found.push('the last page is missing');
  if (signed && document.querySelectorAll('.signatures i').length < 5) found.push('lines to sign are missing');
  return found.slice(0, 8);
}

/** The text of a form's PDF, once the form was found whole. */
async function printed(state, form, language, tab) {
  const opened = tab ?? (await openTab(browser, form, [1280, 800], language));
  opened.told.page = PAGES[form];
  await show(opened, state);
  await drawn(opened.tab);
  const wrong = [...(await opened.tab.evaluate(faults, SIGNED.includes(form))), ...opened.told.faults];
  const sheets = await opened.tab.locator('.sheet').count();
  const name = `${state.name}-${form}-${language}`;
  const file = join(PICTURES ?? folder, `${name}.pdf`);
  await opened.tab.pdf({ path: file, preferCSSPageSize: true });
  if (!tab) await opened.context.close();
  assert.deepEqual(wrong, [], name);
  const about = execFileSync('pdfinfo', [file], { encoding: 'utf8' });
  assert.equal(Number(about.match(/Pages: +(\d+)/)[1]), sheets, `${name}: a sheet is a page`);
  const [width, height] = about.match(/Page size: +([\d.]+) x ([\d.]+)/).slice(1).map(Number);
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  assert.ok(Math.abs(short - 595) < 2 && Math.abs(long - 842) < 2, `${name}: A4`);
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
}

/** The crowded meeting, with totals: two columns more. */
function crowdedWithTotals() {
  const state = crowded();
  return { ...state, name: 'crowded, with totals', chair: { ...state.chair, result: withTotals(state.chair.result) } };
}

const named = (name) => states.find((state) => state.name === name);

for (const language of ['zh', 'en']) {
  const all = [named('result'), named('result-college'), named('result-totals'), named('result-items'), crowdedWithTotals()];
  for (const state of all) {
    test(`e9 the forms of ${state.name} are whole in ${language}`, async () => {
      const tab = await openTab(browser, FORMS[0], [1280, 800], language);
      for (const form of FORMS) await printed(state, form, language, tab);
      await tab.context.close();
    });
  }
}

test('e1 the PDF of the summary has every figure of the table that must come out', async () => {
  const csv = await readFile(new URL('../../meetings/institute/expected.csv', import.meta.url), 'utf8');
  const [head, ...lines] = csv.trim().split('\n').map((line) => line.trim().split(','));
  const expected = lines.map((line) => Object.fromEntries(head.map((name, place) => [name, line[place]])));
  const text = await printed(named('result'), 'summary', 'zh');
  const [summary, ...rest] = text.split('民主测评汇总表（');
  for (const row of expected) {
    const line = summary.split('\n').find((each) => each.includes(`第${'一二三四五六七'[row.subject - 1]}党支部`));
    const cells = line.trim().split(/\s+/);
    for (const figure of [row.A_mean, row.B_mean, row.C_mean, row.score, row.rank, ...row.all_marks.split('/')]) {
      assert.ok(cells.includes(figure), `${figure} in ${line}`);
    }
    for (const [place, group] of ['A', 'B', 'C'].entries()) {
      const cells = rest[place].split('\n').find((each) => each.includes(`第${'一二三四五六七'[row.subject - 1]}党支部`)).trim().split(/\s+/);
      for (const figure of [row[`${group}_mean`], ...row[`${group}_marks`].split('/')]) {
        assert.ok(cells.includes(figure), `${group}: ${figure} in ${cells}`);
      }
    }
  }
});

test('e1 the PDFs of ranking, grades and feedback have the same figures', async () => {
  const state = named('result');
  for (const form of ['ranking', 'grades', 'feedback']) {
    const text = await printed(state, form, 'zh');
    for (const row of state.chair.result.rows) assert.ok(text.includes(row.score), `${row.score} in ${form}`);
  }
  const report = await printed(state, 'report', 'zh');
  const text = report.replace(/\s/g, '');
  assert.ok(text.includes('应到34人，实到33人。发出测评票33张，收回33张，其中有效票32张，无效票1张。'), text);
  assert.ok(text.includes('收回票数不多于发出票数，本次测评有效。'));
  // The record's digits stand where figures do, and on no blank form.
  const { digits } = state.chair.result.record;
  assert.ok(text.endsWith(`记录码${digits}第1页，共1页`), text);
  assert.ok((await printed(state, 'summary', 'en')).includes(`Record ${digits}`));
  assert.ok(!(await printed(state, 'ballot', 'zh')).includes(digits));
});

test('e1 c25 the PDFs have the totals, their places, and what is missing for one', async () => {
  const state = named('result-totals');
  for (const form of ['summary', 'ranking', 'grades', 'feedback']) {
    const text = await printed(state, form, 'zh');
    assert.ok(text.includes('综合得分'), form);
    for (const row of state.chair.result.rows.filter(({ combined }) => combined.total !== null)) {
      assert.ok(text.includes(row.combined.total), `${row.combined.total} in ${form}`);
    }
  }
  for (const form of ['summary', 'feedback']) {
    assert.ok((await printed(state, form, 'zh')).replace(/\s/g, '').includes('缺少“平时考核”，不出综合得分。'), form);
  }
  // The control: without a combination no form has a word of it.
  assert.ok(!(await printed(named('result'), 'grades', 'zh')).includes('综合'));
});

test('e26 the worked case of totals is printed as it must come out', async () => {
  const { cases } = JSON.parse(await readFile(new URL('../vectors/scoring.json', import.meta.url), 'utf8'));
  const { rows, expect } = cases.find(({ id }) => id === 'combination-with-tie');
  const state = named('result-totals');
  const { result } = state.chair;
  const told = result.rows.map((row, at) => {
    const [subject, score, daily] = rows[at];
    const [total, rank] = [expect.total[subject], expect.rank[subject]];
    return { ...row, score, combined: { components: [daily], adjustment: null, total, rank, notes: [] } };
  });
  const case_ = { ...state, name: 'worked-totals', chair: { ...state.chair, result: { ...result, rows: told } } };
  const [summary] = (await printed(case_, 'summary', 'zh')).split('民主测评汇总表（');
  for (const [at, [subject, score]] of rows.entries()) {
    const line = summary.split('\n').find((each) => each.includes(`第${'一二三四五六七'[at]}党支部`));
    const cells = line.trim().split(/\s+/);
    for (const figure of [score, expect.total[subject]]) assert.ok(cells.includes(figure), `${figure} in ${line}`);
    assert.equal(cells.at(-1), String(expect.rank[subject]), line);
  }
});

test('e1 groups that voted as one stand as one on every form of the round', async () => {
  const state = merged(named('result'));
  const both = state.chair.result.merged[0].column.name;
  const summary = (await printed(state, 'summary', 'zh')).replace(/\s/g, '');
  assert.ok(summary.includes('60%') && !summary.includes('30%党'), summary);
  assert.equal(summary.split('民主测评汇总表（').length - 1, 2, 'a table for each of two groups');
  for (const form of ['ballot', 'report', 'feedback']) {
    const text = (await printed(state, form, 'zh')).replace(/\s/g, '');
    if (form !== 'feedback') assert.ok(text.includes(both), `${both} in ${text}`);
    assert.equal(text.includes('C票') || text.includes('C支部'), false, `${form}: ${text}`);
  }
  // Who signs in, and whose slips these are, is not merged.
  const names = (await printed(state, 'signin', 'zh')).replace(/\s/g, '');
  assert.ok(names.includes('C'), names);
});

test('f84 a result is printed with the scale and items of its own form', async () => {
  const state = named('result-items');
  const { form, rows } = state.chair.result;
  const summary = (await printed(state, 'summary', 'zh')).replace(/\s/g, '');
  assert.ok(summary.includes(form.title), 'the form is named');
  for (const item of form.items) assert.ok(summary.includes(item.label.slice(0, 4)), item.label);
  for (const row of rows) {
    assert.ok(summary.includes(row.score), row.score);
    for (const { mean } of row.items) assert.ok(mean === null || summary.includes(mean), `${row.subject}: ${mean}`);
  }
  const feedback = (await printed(state, 'feedback', 'zh')).replace(/\s/g, '');
  assert.ok(feedback.includes(rows[0].items[0].mean) && feedback.includes('权重'), feedback);
});

test('e27 the sheet of a group has the mean of each item', async () => {
  const state = named('result-items');
  const text = (await printed(state, 'summary', 'zh')).replace(/\s/g, '');
  for (const { subject, groups } of state.chair.result.rows)
    for (const { items, abstained, recused, mean } of groups) {
      const line = [...items.map((item) => item.mean ?? '—'), abstained, recused, mean].join('');
      assert.ok(text.includes(line), `${subject}: ${line}`);
    }
});

test('f84 the ballot on paper has a cell for each item that applies, or for a number', async () => {
  const items = (await printed(withItems(named('result')), 'ballot', 'zh')).replace(/\s/g, '');
  assert.ok(items.includes('请在每一格填写一个等次：好、较好、一般、差') && !items.includes('□'), items);
  assert.equal(items.split('／').length - 1, 2 * 3, 'one cell stays empty, for each of three groups, and is explained');
  const numbers = (await printed(withNumbers(named('result')), 'ballot', 'en')).replace(/\s/g, '');
  assert.ok(numbers.includes('Writeawholenumberfrom0to100') && numbers.includes('Points(0–100)'), numbers);
});

test('e5 a form prints a dash where a group is too small', async () => {
  const text = await printed(named('result-college'), 'summary', 'zh');
  assert.ok(text.includes('人数太少，不单独列出'));
  assert.ok(!text.includes('民主测评汇总表（'), 'no group has a sheet of its own');
});

test('e7 the print page of an archive opens from a disk, without a server', async () => {
  const page = await readFile(new URL('../../web-client/dist/print.html', import.meta.url), 'utf8');
  const first = JSON.stringify(printsOf(named('result'))).replaceAll('<', '\\u003c');
  const file = join(folder, 'print.html');
  await writeFile(file, page.replace('<!--first-->', () => `<script type="application/json" id="first">${first}</script>`));
  const context = await browser.newContext({ locale: 'zh-CN' });
  const tab = await context.newPage();
  const asked = [];
  tab.on('request', (request) => asked.push(request.url()));
  await tab.goto(pathToFileURL(file).href);
  await tab.getByText('98.00').first().waitFor();
  for (const form of FORMS) {
    await tab.locator(`.print-bar a[href^="#${form}"]`).click();
    await tab.locator('.print-bar a[aria-current=page]').and(tab.locator(`[href^="#${form}"]`)).waitFor();
    await tab.locator('.sheet').first().waitFor();
  }
  assert.deepEqual(asked.filter((url) => !url.startsWith('file:') && !url.startsWith('data:')), []);
  await context.close();
});
