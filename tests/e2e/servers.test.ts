// Two servers, one Redis and nginx, all as deploy/ ships them: both meetings end to end in browsers, with chair, projector and
// phones on different servers, and a thousand simulated phones.
import assert from 'node:assert/strict';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { manyFiles, PATIENCE_MS, until } from '../processes.ts';
import { Chair } from './hall/chair.ts';
import { Clerk } from './hall/clerk.ts';
import { Crowd } from './hall/crowd.ts';
import { type HeldMeeting, House, Told } from './hall/house.ts';
import { nothingBroke } from './hall/person.ts';
import { Phone } from './hall/phone.ts';
import { Projector } from './hall/projector.ts';
import { binary, root } from './hall/server.ts';
import { heads, isAsExpected, paperOf, placesOf, table } from './hall/sheets.ts';

const meetings = new URL('meetings/', root);

const test = base.extend<{ fills: (meeting: HeldMeeting, seatsLeft: number[], name: string) => Crowd }, { house: House }>({
  house: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of what a fixture needs
    async ({}, use) => {
      const house = await House.opens();
      await use(house);
      await house.closes();
    },
    { scope: 'worker' },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of what a fixture needs
  fills: async ({}, use) => {
    const crowds: Crowd[] = [];
    await use((meeting, seatsLeft, name) => {
      const crowd = new Crowd(meeting, seatsLeft, name);
      crowds.push(crowd);
      return crowd;
    });
    for (const crowd of crowds) crowd.stop();
  },
});
// The certificate is one that nobody trusts.
test.use({ ignoreHTTPSErrors: true });

async function issues(chair: Chair, count: number): Promise<void> {
  await chair.leadsTo('发出测评票');
  await chair.issues();
  await chair.counts('issued', count);
}

test('d61 the institute meets on two servers, of which one dies in the round, to the table that must come out', async ({
  browser,
  house,
  fills,
}) => {
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
  const crowd = fills(meeting, [...Object.values(hands), 8], 'institute');
  const slips = await crowd.freeSlips();
  const phones: Record<string, Phone> = {};
  for (const group of ['A', 'B', 'C']) {
    phones[group] = await Phone.joins(browser, `${meeting.join}#s=${slips[group]}`);
    await phones[group].sitsDownWith(slips[group]);
    if (group === 'B') await phones[group].answersBranch('第一党支部');
    await phones[group].isSeated();
  }
  assert.equal(await phones.A.page.evaluate(() => isSecureContext), true);
  await projector.shows('33');
  for (const server of house.servers) assert.ok((await server.connections()) > 10, 'phones are at both servers');

  await chair.counts('present', 33);
  await chair.presses('宣布开会');
  await issues(chair, 33);
  await chair.leadsTo('开始测评');
  await phones.A.marks(placesOf(sheets, hands.A));
  await phones.B.marks(placesOf(sheets, 8));
  await phones.C.marks(placesOf(sheets, hands.C));
  await chair.presses('开始测评');
  await phones.A.submits();
  await phones.A.lampIs('received');

  // The projector's server loses its power; whoever was there goes to the other one.
  await second.kill();
  await phones.B.submits();
  await phones.B.lampIs('received');
  await phones.C.submits();
  await phones.C.lampIs('received');
  await chair.counts('returned', 30);
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
  for (const clerk of [teller, scrutineer]) await clerk.enters('C', paperOf(sheets));
  await chair.presses('监票确认');
  await scrutineer.confirms('监票确认');
  await chair.presses('公布结果');
  await scrutineer.confirms('公布结果');
  await projector.shows('98.00');
  await isAsExpected(await chair.result());
  await chair.leadsTo('宣布散会');
  await chair.presses('宣布散会');
  await crowd.ends();
  nothingBroke(chair, ...Object.values(phones));
});

test('d62 the college meets behind the proxy, everybody over TLS, and both servers tell one result', async ({
  browser,
  house,
  fills,
}) => {
  const meeting = await house.holds('college');
  const chair = await Chair.opens(browser, meeting.at(house.url).chair);
  const projector = await Projector.opens(browser, meeting.at(house.url).projector);
  await chair.presses('开始签到');
  const seats = { A: 1, B: 10, C: 24 };
  const crowd = fills(meeting, Object.values(seats), 'college');
  const slips = await crowd.freeSlips();
  const phone = await Phone.joins(browser, `${meeting.join}#s=${slips.C}`);
  await phone.sitsDownWith(slips.C);
  await phone.isSeated();
  const roster = (await readFile(new URL('college/roster.csv', meetings), 'utf8')).trim().split('\n').slice(1);
  const stays = ([seat, , , , , present]: string[]) => present !== 'yes' || Object.values(seats).includes(Number(seat));
  const present = roster.filter((line) => !stays(line.trim().split(','))).length + 1;
  await chair.counts('present', present);
  await issues(chair, present);
  await chair.leadsTo('开始测评');
  await phone.marks({ 1: 0, 2: 1, 14: 2 });
  await phone.writes(1, '整改清单请公布，\n并写明谁负责。');
  await chair.presses('开始测评');
  await phone.submits();
  await phone.lampIs('received');
  await chair.counts('returned', present);
  await projector.shows(String(present));
  await chair.presses('截止测评');
  await chair.leadsTo('监票确认');
  await chair.presses('监票确认');
  const scrutineer = await Clerk.opens(browser, meeting.at(house.url).scrutineer);
  await scrutineer.confirms('监票确认');
  await chair.leadsTo('公布结果');
  await chair.page.getByLabel('全场：得分和位次').check();
  await chair.presses('公布结果');
  await scrutineer.confirms('全场：得分和位次');
  const result = await chair.result();
  assert.equal(result.rows.length, 14);
  await projector.shows(result.rows.find(({ rank }) => rank === 1)?.score ?? '?');
  for (const row of result.rows) assert.equal(heads(row), present, `subject ${row.subject}`);
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
  await chair.leadsTo('宣布散会');
  await chair.presses('宣布散会');
  await crowd.ends();
  nothingBroke(chair, projector, phone, scrutineer);
});

test('d63 a thousand phones meet on two servers behind the proxy, and everybody is counted', async ({ house }) => {
  // The institute with a large group C.
  const folder = join(house.directory, 'large');
  await mkdir(folder);
  for (const file of ['meeting.toml', 'subjects.csv', 'agenda.csv'])
    await cp(new URL(`institute/${file}`, meetings), join(folder, file));
  const roster = (await readFile(new URL('institute/roster.csv', meetings), 'utf8')).trim();
  const have = roster.split('\n').length - 1;
  const more = Array.from({ length: 1000 - have }, (_, at) => `${have + 1 + at},代表${at + 1},职工代表,C,,yes`);
  await writeFile(join(folder, 'roster.csv'), `${[roster, ...more].join('\n')}\n`);
  const what = ['rehearse', folder, '--url', house.plain, '--out', folder];
  const rehearsal = new Told(manyFiles(binary, what, { ...process.env, LC_ALL: 'C' }));
  await until(
    'a thousand phones to be at both servers',
    async () => {
      const open = await Promise.all(house.servers.map((server) => server.connections()));
      return rehearsal.child.exitCode !== null || open.every((connections) => connections > 300);
    },
    4 * PATIENCE_MS,
  );
  await until('the rehearsal to end', () => rehearsal.child.exitCode !== null, 8 * PATIENCE_MS);
  assert.equal(rehearsal.child.exitCode, 0, rehearsal.said);
  const { rounds } = JSON.parse(await readFile(join(folder, 'results.json'), 'utf8'));
  const present = [...roster.split('\n').slice(1), ...more].filter((line) => line.trim().endsWith(',yes')).length;
  for (const subject of rounds[0].subjects) {
    const marks = Object.values<number>(subject.marks).reduce((sum, count) => sum + count, 0);
    assert.equal(marks + subject.abstained + subject.recused, present, `subject ${subject.subject}`);
  }
});
