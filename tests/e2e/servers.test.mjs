// Two servers, one Redis and nginx, all as deploy/ ships them: both meetings end to end in browsers, with chair, projector and
// phones on different servers, and a thousand simulated phones.
import assert from 'node:assert/strict';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { manyFiles, PATIENCE_MS, until } from '../processes.mjs';
import { launch } from './chromium.mjs';
import { binary, Chair, Clerk, Crowd, nothingBroke, paperOf, Phone, Projector } from './hall/people.mjs';
import { House } from './hall/house.mjs';

const MARKS = ['hao', 'jiaohao', 'yiban', 'cha'];
const meetings = new URL('../../meetings/', import.meta.url);

const table = async (name) => {
  const text = await readFile(new URL(`institute/${name}.csv`, meetings), 'utf8');
  const [head, ...rows] = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(','));
  return rows.map((row) => Object.fromEntries(head.map((column, at) => [column, row[at]])));
};

// What the screens showed when it went wrong, for whoever looks into it.
afterEach(async (context) => {
  if (context.passed !== false && !context.error) return;
  for (const [at, open] of browser.contexts().entries()) {
    for (const page of open.pages())
      await page.screenshot({ path: `tests/e2e/pictures/servers-${at}.png` }).catch(() => {});
  }
});

let house;
let browser;
const crowds = [];
before(async () => {
  house = await House.opens();
  // The certificate is one that nobody trusts.
  browser = await launch('--ignore-certificate-errors');
});
after(async () => {
  await browser?.close();
  for (const crowd of crowds) await crowd.stop();
  await house?.closes();
});

/** The rows that a voter of sheets.csv marks: subject → place in the scale. */
function rowsOf(sheet) {
  const marked = Object.entries(sheet).filter(([name, mark]) => /^s\d+$/.test(name) && MARKS.includes(mark));
  return Object.fromEntries(marked.map(([name, mark]) => [name.slice(1), MARKS.indexOf(mark)]));
}

/** Presses the primary button until it says that; waits before each for what a chair waits for. */
async function leadsTo(chair, sentence) {
  for (;;) {
    const button = chair.page.locator('button.primary .primary-text');
    await button.waitFor({ timeout: 4 * PATIENCE_MS });
    const said = await button.innerText();
    if (said.includes(sentence)) return;
    await chair.presses(said);
  }
}

/** Waits until the desk counts so many. */
const counts = (chair, what, heads) =>
  until(`${heads} ${what}`, async () => (await chair.view()).total[what] === heads, 4 * PATIENCE_MS);

/** Issues papers once the round's keys are made. */
async function issues(chair, heads) {
  await leadsTo(chair, '发出测评票');
  const keys = async () => (await chair.view()).preparation;
  await until(
    'keys',
    async () => (await keys())?.keys_ready === (await keys())?.keys_needed,
    4 * PATIENCE_MS,
  );
  await chair.presses('发出测评票');
  await counts(chair, 'issued', heads);
}

test('d61 the institute meets on two servers, of which one dies in the round, to the table that must come out', async () => {
  const meeting = await house.holds('institute');
  const [first, second] = house.servers;
  const sheets = await table('sheets');
  const hands = { A: 1, C: 15 };
  // The chair is at one server and the projector at the other; phones are where the proxy sends them.
  const chair = await Chair.opens(browser, meeting.at(first.url).chair);
  const projector = await Projector.opens(browser, meeting.at(second.url).projector);
  await chair.presses('开始签到');
  // Three sheets of paper: the teller is at one server, the scrutineer at the other.
  const teller = await Clerk.opens(browser, meeting.at(first.url).teller);
  await teller.handsOut('支部委员', 3);
  const crowd = await Crowd.joins(meeting, [...Object.values(hands), 8]);
  crowds.push(crowd);
  const slips = await crowd.freeSlips();
  const phones = {};
  for (const group of ['A', 'B', 'C']) {
    phones[group] = await Phone.joins(browser, `${meeting.join}#s=${slips[group]}`);
    await phones[group].sitsDownWith(slips[group]);
    if (group === 'B') await phones[group].answersBranch('第一党支部');
    await phones[group].isSeated();
  }
  assert.equal(await phones.A.page.evaluate(() => isSecureContext), true);
  await projector.shows('33');
  for (const server of house.servers)
    assert.ok((await house.connections(server)) > 10, 'phones are at both servers');

  await counts(chair, 'present', 33);
  await chair.presses('宣布开会');
  await issues(chair, 33);
  await leadsTo(chair, '开始测评');
  const sheetOf = (seat) => rowsOf(sheets.find((sheet) => sheet.seat === String(seat)));
  await phones.A.marks(sheetOf(hands.A));
  await phones.B.marks(sheetOf(8));
  await phones.C.marks(sheetOf(hands.C));
  await chair.presses('开始测评');
  await phones.A.submits();
  await phones.A.lampIs('received');

  // The projector's server loses its power; whoever was there goes to the other one.
  await second.kill();
  await phones.B.submits();
  await phones.B.lampIs('received');
  await phones.C.submits();
  await phones.C.lampIs('received');
  await counts(chair, 'returned', 30);
  await second.start();
  await until('the projector to come back', () =>
    projector.page.reload().then(
      () => true,
      () => false,
    ),
  );
  await projector.shows('30');

  await chair.presses('截止测评');
  await chair.page.getByText('等待纸质票录入').waitFor();
  const scrutineer = await Clerk.opens(browser, meeting.at(second.url).scrutineer);
  for (const clerk of [teller, scrutineer]) await clerk.enters('C', paperOf(sheets, ['hao', 'jiaohao', 'yiban', 'cha']));
  await chair.presses('监票确认');
  await scrutineer.confirms('监票确认');
  await chair.presses('公布结果');
  await scrutineer.confirms('公布结果');
  await projector.shows('98.00');
  const { result } = await chair.view();
  for (const row of await table('expected')) {
    const got = result.rows.find(({ subject }) => String(subject) === row.subject);
    const groups = Object.fromEntries(got.groups.map((group) => [group.group, group]));
    assert.deepEqual(
      [got.score, String(got.rank), got.marks.join('/')],
      [row.score, row.rank, row.all_marks],
    );
    assert.deepEqual([String(got.abstained), String(got.recused)], [row.abstained, row.recused]);
    assert.equal(got.top_rate_percent, row.top_rate_percent);
    for (const group of ['A', 'B', 'C']) {
      assert.deepEqual(
        [groups[group].marks.join('/'), groups[group].mean],
        [row[`${group}_marks`], row[`${group}_mean`]],
      );
    }
  }
  await leadsTo(chair, '宣布散会');
  await chair.presses('宣布散会');
  await crowd.ends();
  nothingBroke(chair, ...Object.values(phones));
});

test('d62 the college meets behind the proxy, everybody over TLS, and both servers tell one result', async () => {
  const meeting = await house.holds('college');
  const chair = await Chair.opens(browser, meeting.at(house.url).chair);
  const projector = await Projector.opens(browser, meeting.at(house.url).projector);
  await chair.presses('开始签到');
  const seats = { A: 1, B: 10, C: 24 };
  const crowd = await Crowd.joins(meeting, Object.values(seats), 'college');
  crowds.push(crowd);
  const slips = await crowd.freeSlips();
  const phone = await Phone.joins(browser, `${meeting.join}#s=${slips.C}`);
  await phone.sitsDownWith(slips.C);
  await phone.isSeated();
  const roster = (await readFile(new URL('college/roster.csv', meetings), 'utf8'))
    .trim()
    .split('\n')
    .slice(1);
  const stays = ([seat, , , , , present]) => present !== 'yes' || Object.values(seats).includes(Number(seat));
  const present = roster.filter((line) => !stays(line.trim().split(','))).length + 1;
  await counts(chair, 'present', present);
  await issues(chair, present);
  await leadsTo(chair, '开始测评');
  await phone.marks({ 1: 0, 2: 1, 14: 2 });
  await phone.writes(1, '整改清单请公布，\n并写明谁负责。');
  await chair.presses('开始测评');
  await phone.submits();
  await phone.lampIs('received');
  await counts(chair, 'returned', present);
  await projector.shows(String(present));
  await chair.presses('截止测评');
  await leadsTo(chair, '监票确认');
  await chair.presses('监票确认');
  const scrutineer = await Clerk.opens(browser, meeting.at(house.url).scrutineer);
  await scrutineer.confirms('监票确认');
  await leadsTo(chair, '公布结果');
  await chair.page.getByLabel('全场：得分和位次').check();
  await chair.presses('公布结果');
  await scrutineer.confirms('全场：得分和位次');
  const result = await until('the result', async () => (await chair.view()).result);
  assert.equal(result.rows.length, 14);
  await projector.shows(result.rows.find(({ rank }) => rank === 1).score);
  for (const row of result.rows) {
    const heads = row.marks.reduce((sum, count) => sum + count, 0) + row.abstained + row.recused;
    assert.equal(heads, present, `subject ${row.subject}`);
  }
  // What was written about a branch by ten or more, the browser's voter among them.
  const print = await chair.context.newPage();
  await print.goto(`${house.url}/print#opinions`);
  await print.locator('.sheet').first().waitFor();
  const opinions = await print.locator('.opinions').allInnerTexts();
  assert.match(opinions.join('\n'), /整改清单请公布，\n并写明谁负责。/);
  assert.match(opinions.join('\n'), /共 \d\d 条/);
  await print.close();
  // The same desk at each server by itself.
  for (const server of house.servers) {
    const desk = await Chair.opens(browser, meeting.at(server.url).chair);
    const same = async () => JSON.stringify((await desk.view()).result) === JSON.stringify(result);
    await until('the same result at each server', same);
    nothingBroke(desk);
    await desk.context.close();
  }
  await leadsTo(chair, '宣布散会');
  await chair.presses('宣布散会');
  await crowd.ends();
  nothingBroke(chair, projector, phone, scrutineer);
});

test('d63 a thousand phones meet on two servers behind the proxy, and everybody is counted', async () => {
  // The institute with a large group C.
  const folder = join(house.directory, 'large');
  await mkdir(folder);
  for (const file of ['meeting.toml', 'subjects.csv', 'agenda.csv'])
    await cp(new URL(`institute/${file}`, meetings), join(folder, file));
  const roster = (await readFile(new URL('institute/roster.csv', meetings), 'utf8')).trim();
  const have = roster.split('\n').length - 1;
  const more = Array.from(
    { length: 1000 - have },
    (_, at) => `${have + 1 + at},代表${at + 1},职工代表,C,,yes`,
  );
  await writeFile(join(folder, 'roster.csv'), `${[roster, ...more].join('\n')}\n`);
  const what = ['rehearse', folder, '--url', house.plain, '--out', folder];
  const child = manyFiles(binary, what, { env: { ...process.env, LC_ALL: 'C' } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      said += text;
    });
  }
  crowds.push({ stop: async () => child.kill('SIGKILL') });
  await until(
    'a thousand phones to be at both servers',
    async () => {
      const open = await Promise.all(house.servers.map((server) => house.connections(server)));
      return child.exitCode !== null || open.every((connections) => connections > 300);
    },
    4 * PATIENCE_MS,
  );
  await until('the rehearsal to end', () => child.exitCode !== null, 8 * PATIENCE_MS);
  assert.equal(child.exitCode, 0, said);
  const { rounds } = JSON.parse(await readFile(join(folder, 'results.json'), 'utf8'));
  const present = [...roster.split('\n').slice(1), ...more].filter((line) =>
    line.trim().endsWith(',yes'),
  ).length;
  for (const subject of rounds[0].subjects) {
    const marks = Object.values(subject.marks).reduce((sum, count) => sum + count, 0);
    assert.equal(marks + subject.abstained + subject.recused, present, `subject ${subject.subject}`);
  }
});
