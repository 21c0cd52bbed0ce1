// The institute's whole meeting in real browsers, as the hall lives it: chair, projector, three phones in hand and the rest
// of the hall simulated; reloads everywhere, a phone that goes offline, and a server that is killed in the middle.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, afterEach, before, test } from 'node:test';
import { Chair, comeBack, Crowd, launch, nothingBroke, PATIENCE_MS, Phone, Projector, Server, until } from './hall.mjs';

/** How long one phone has no network. */
const OFFLINE_MS = 60_000;
const MARKS = ['hao', 'jiaohao', 'yiban', 'cha'];
/** The seats of sheets.csv that real phones take: one of each group, and a secretary among them. */
const HANDS = { A: 1, B: 8, C: 15 };

const table = async (name) => {
  const text = await readFile(new URL(`../../meetings/institute/${name}.csv`, import.meta.url), 'utf8');
  const [head, ...rows] = text.trim().split('\n').map((line) => line.trim().split(','));
  return rows.map((row) => Object.fromEntries(head.map((name, at) => [name, row[at]])));
};

let server;
let browser;
let crowd;
before(async () => {
  server = await Server.fresh();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await crowd?.stop();
  await server?.remove();
});

// What the screens showed when it went wrong, for whoever looks into it.
afterEach(async (context) => {
  if (context.passed !== false && !context.error) return;
  for (const [at, open] of browser.contexts().entries()) {
    for (const page of open.pages()) await page.screenshot({ path: `tests/e2e/pictures/failed-${at}.png` }).catch(() => {});
  }
});

/** The rows that a voter of sheets.csv marks: subject → place in the scale; blank rows are left out. */
function rowsOf(sheet) {
  const marked = Object.entries(sheet).filter(([name, mark]) => /^s\d+$/.test(name) && MARKS.includes(mark));
  return Object.fromEntries(marked.map(([name, mark]) => [name.slice(1), MARKS.indexOf(mark)]));
}

test('f10 the institute meets: three phones in hand, the rest simulated, to the table that must come out', async (run) => {
  const sheets = await table('sheets');
  const sheetOf = (seat) => sheets.find((sheet) => sheet.seat === String(seat));
  const chair = await Chair.opens(browser, server.links.chair);
  const projector = await Projector.opens(browser, server.links.projector);
  assert.equal(await chair.page.evaluate(() => isSecureContext), false);
  await chair.presses('开始签到');

  // The hall fills: simulated phones take every seat of the file but three.
  crowd = await Crowd.joins(server, Object.values(HANDS));
  const slips = await crowd.freeSlips();
  const phones = {};
  for (const group of ['A', 'B', 'C']) {
    const phone = await Phone.joins(browser, group === 'C' ? `${server.links.join}#s=${slips[group]}` : server.links.join);
    await phone.sitsDownWith(slips[group]);
    if (group === 'B') await phone.answersBranch('第一党支部');
    await phone.isSeated();
    assert.equal(await phone.page.evaluate(() => isSecureContext), false);
    phones[group] = phone;
  }
  const everyone = [chair, projector, ...Object.values(phones)];
  const reloadAll = async () => {
    for (const someone of everyone) await someone.page.reload();
  };
  await projector.shows('33');
  await reloadAll();

  await chair.presses('宣布开会');
  await chair.presses('进入下一环节');
  await chair.page.getByText(/24 *\/ *24/).first().waitFor({ timeout: 4 * PATIENCE_MS });
  await chair.presses('发出测评票');
  await phones.A.page.getByText(/\d{4}-\d{4}-\d{4}-\d{4}/).first().waitFor();
  await chair.page.getByText(/33 *\/ *33/).first().waitFor();
  await reloadAll();

  // Seven reports; the phones fill in while they listen.
  for (let subject = 1; subject <= 7; subject += 1) {
    await chair.presses('进入下一环节');
    await chair.presses('开始计时');
    for (const [group, phone] of Object.entries(phones)) {
      const rows = rowsOf(sheetOf(HANDS[group]));
      if (rows[subject] !== undefined) await phone.marks({ [subject]: rows[subject] });
    }
    if (subject === 3) await reloadAll();
  }
  await phones.A.opensSheet();
  const kept = await phones.A.page.locator('.mark[aria-pressed=true]').count();
  assert.equal(kept, Object.keys(rowsOf(sheetOf(HANDS.A))).length, 'drafts survive reloads');

  await chair.presses('进入下一环节');
  await chair.presses('开始测评');
  await phones.B.submits();
  await phones.B.lampIs('received');

  // A phone goes offline, confirms all the same, and is believed only when the box has answered.
  await phones.C.context.setOffline(true);
  const offline_ms = Date.now();
  await phones.C.submits();
  await phones.C.lampIs('unconfirmed');

  // The server loses its power in the middle of the round, and comes back on the same data.
  await server.kill();
  const killed_ms = Date.now();
  await server.start();
  const back_ms = await comeBack(killed_ms, chair, projector, phones.A, phones.B);
  run.diagnostic(`chair, projector and phones were back by themselves within ${back_ms} ms`);
  for (const someone of [chair, projector, phones.A, phones.B]) await someone.page.reload();
  await chair.page.locator('button.primary', { hasText: '截止测评' }).waitFor();
  await phones.B.lampIs('received');
  await phones.A.submits();
  await phones.A.lampIs('received');
  await until('a whole minute without network', () => Date.now() - offline_ms > OFFLINE_MS, 2 * OFFLINE_MS);
  await phones.C.lampIs('unconfirmed');
  await phones.C.context.setOffline(false);
  await phones.C.lampIs('received');
  await projector.shows('32');

  await reloadAll();
  await chair.presses('截止测评');
  await chair.presses('监票确认');
  await reloadAll();
  await chair.presses('公布结果');
  await chair.page.getByText('98.00').first().waitFor();
  await projector.shows('98.00');
  await reloadAll();

  const expected = await table('expected');
  const result = await chair.result();
  for (const row of expected) {
    const got = result.rows.find(({ subject }) => String(subject) === row.subject);
    const groups = Object.fromEntries(got.groups.map((group) => [group.group, group]));
    assert.equal(got.score, row.score);
    assert.equal(String(got.rank), row.rank);
    assert.equal(got.marks.join('/'), row.all_marks);
    assert.equal(String(got.abstained), row.abstained);
    assert.equal(String(got.recused), row.recused);
    assert.equal(got.top_rate_percent, row.top_rate_percent);
    for (const group of ['A', 'B', 'C']) {
      assert.equal(groups[group].marks.join('/'), row[`${group}_marks`]);
      assert.equal(groups[group].mean, row[`${group}_mean`]);
    }
    assert.ok((await chair.page.locator('body').innerText()).includes(row.score), `${row.score} is on the chair's page`);
  }
  await chair.presses('进入下一环节');
  await chair.presses('进入下一环节');
  await chair.presses('宣布散会');
  await crowd.ends();
  nothingBroke(...everyone);
});
