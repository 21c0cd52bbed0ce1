// The institute's whole meeting in real browsers, as the hall lives it, chapter after chapter: chair, projector, three phones in
// hand and the rest of the hall simulated; reloads everywhere, a phone that goes offline, and a server that is killed in the middle.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type Browser, type Request, test } from '@playwright/test';
import { Chair } from './hall/chair.ts';
import { Clerk } from './hall/clerk.ts';
import { Crowd } from './hall/crowd.ts';
import { leavesOut } from './hall/forger.ts';
import { comeBack, nothingBroke, type Person } from './hall/person.ts';
import { Phone } from './hall/phone.ts';
import { Projector } from './hall/projector.ts';
import { Server } from './hall/server.ts';
import { isAsExpected, type Line, paperOf, placesOf, table } from './hall/sheets.ts';

test.describe.configure({ mode: 'serial' });

/** How long one phone has no network, by its own clock. */
const OFFLINE_MS = 60_000;
/** The accounts that the scrutineer confirms: 30 phones, and three sheets of paper of which one is invalid. */
const BALANCE = /发出 33 张，收回 33 张，其中有效 32 张、无效 1 张/;
/** The seats of sheets.csv that real phones take: one of each group, and a secretary among them. */
const HANDS = { A: 1, B: 8, C: 15 };
type Hand = keyof typeof HANDS;

let server: Server;
let crowd: Crowd;
let sheets: Line[];
let chair: Chair;
let projector: Projector;
let teller: Clerk;
let scrutineer: Clerk;
let phones: Record<Hand, Phone>;
/** What the phone asked for that is shown a forged record. */
let forged: Request[];

test.beforeAll(async ({ browser }) => {
  sheets = await table('sheets');
  server = await Server.fresh();
  chair = await Chair.opens(browser, server.links.chair);
  projector = await Projector.opens(browser, server.links.projector);
  teller = await Clerk.opens(browser, server.links.teller, { viewport: { width: 390, height: 844 }, hasTouch: true });
  scrutineer = await Clerk.opens(browser, server.links.scrutineer);
});
test.afterAll(async () => {
  crowd?.stop();
  await server?.remove();
});

const everyone = (): Person[] => [chair, projector, teller, scrutineer, ...Object.values(phones)];
async function reloadsAll(): Promise<void> {
  for (const someone of everyone()) await someone.page.reload();
}

async function sitsDown(browser: Browser, group: Hand, slip: string): Promise<Phone> {
  const phone = await Phone.blank(browser);
  // The phone that loses its network lives a minute of that in a moment.
  if (group === 'C') await phone.page.clock.install();
  await phone.page.goto(group === 'C' ? `${server.links.join}#s=${slip}` : server.links.join);
  await phone.sitsDownWith(slip);
  if (group === 'B') await phone.answersBranch('第一党支部');
  await phone.isSeated();
  assert.equal(await phone.page.evaluate(() => isSecureContext), false);
  return phone;
}

test('f10 the hall fills, and phones take their papers once the rules are fixed', async ({ browser }) => {
  assert.equal(await chair.page.evaluate(() => isSecureContext), false);
  await chair.presses('开始签到');
  // Three voters have no phone: the teller hands them sheets of paper. Simulated phones take every seat of the file but three.
  await teller.handsOut('支部委员', 3);
  crowd = new Crowd(server, Object.values(HANDS));
  const slips = await crowd.freeSlips();
  const [A, B, C] = [
    await sitsDown(browser, 'A', slips.A),
    await sitsDown(browser, 'B', slips.B),
    await sitsDown(browser, 'C', slips.C),
  ];
  phones = { A, B, C };
  await projector.shows('33');
  await reloadsAll();
  await chair.presses('宣布开会');
  await chair.presses('进入下一环节');
  await chair.issues();
  await chair.page
    .getByText(/33 *\/ *33/)
    .first()
    .waitFor();
  await reloadsAll();
});

test('f19 phones fill in while they listen to seven reports, and a reload loses no mark', async () => {
  for (let subject = 1; subject <= 7; subject += 1) {
    await chair.presses('进入下一环节');
    await chair.presses('开始计时');
    for (const [group, phone] of Object.entries(phones) as [Hand, Phone][]) {
      const place = placesOf(sheets, HANDS[group])[subject];
      if (place !== undefined) await phone.marks({ [subject]: place });
    }
    if (subject === 3) await reloadsAll();
  }
  await phones.A.opensSheet();
  const kept = await phones.A.page.locator('.mark[aria-pressed=true]').count();
  assert.equal(kept, Object.keys(placesOf(sheets, HANDS.A)).length);
});

test('f100 f101 a phone opens the code on the wall, and says that its rules are those', async () => {
  await chair.presses('进入下一环节');
  const { round, box_key } = (await chair.view()).now;
  assert.match(round?.fingerprint ?? '', /^[0-9A-Z]{4}(-[0-9A-Z]{4}){5}$/);
  assert.match(box_key?.fingerprint ?? '', /^[0-9A-Z]{4}(-[0-9A-Z]{4}){5}$/);
  await projector.page.locator('.fingerprint-code img').waitFor();
  // Whatever the phone shows now: the code leads to what follows the meeting.
  const code = `${Buffer.from(round?.manifest_hash ?? '', 'hex').toString('base64url')}.${round?.promise}`;
  await phones.C.page.goto(`${server.links.join.split('#')[0]}#v=${code}`);
  await phones.C.page.locator('.rules-same').waitFor();
  const letters = await phones.C.page.locator('.digits').innerText();
  const wall = (await projector.page.locator('.fingerprint-digits').allInnerTexts()).join('');
  for (const shown of [letters, wall]) assert.equal(shown.replace(/\s+/g, ''), round?.fingerprint?.replaceAll('-', ''));
});

test('f14 a cast without network is not confirmed until the box has answered, though the server lost its power meanwhile', async () => {
  await chair.presses('开始测评');
  await phones.B.submits();
  await phones.B.lampIs('received');
  await phones.C.context.setOffline(true);
  await phones.C.submits();
  await phones.C.lampIs('unconfirmed');

  // The server comes back on the same data.
  await server.kill();
  const killed_ms = Date.now();
  await server.start();
  await comeBack(killed_ms, chair, projector, phones.A, phones.B);
  for (const someone of [chair, projector, phones.A, phones.B]) await someone.page.reload();
  await chair.page.locator('button.primary', { hasText: '截止测评' }).waitFor();
  await phones.B.lampIs('received');
  await phones.A.submits();
  await phones.A.lampIs('received');
  await phones.C.page.clock.fastForward(OFFLINE_MS);
  await phones.C.lampIs('unconfirmed');
  await phones.C.context.setOffline(false);
  await phones.C.lampIs('received');
  await projector.shows('30');
  await reloadsAll();
});

test('f72 chair and scrutineer certify together, and what the scrutineer does not agree to changes nothing', async () => {
  await chair.presses('截止测评');
  await chair.page.getByText('等待纸质票录入').waitFor();
  for (const clerk of [teller, scrutineer]) await clerk.enters('C', paperOf(sheets));
  await scrutineer.page.goto('about:blank');
  await chair.presses('监票确认');
  await chair.page.getByText('等监票人确认').waitFor();
  await chair.page.getByText('没有监票人的页面连接').waitFor();
  await scrutineer.page.goto(server.links.scrutineer);
  await chair.page.getByText('没有监票人的页面连接').waitFor({ state: 'detached' });
  await scrutineer.page.locator('.request.asks').getByText(BALANCE).waitFor();
  await scrutineer.declines('监票确认');
  await chair.page.getByText('监票人不同意').waitFor();
  assert.equal((await chair.view()).now.round?.state, 'closed');
  await chair.presses('监票确认');
  await reloadsAll();
  await scrutineer.confirms('监票确认');
  await chair.page.locator('button.primary', { hasText: '公布结果' }).waitFor();
  await reloadsAll();
});

test('f105 f107 the scrutineer’s page counts the record before it is published, and tells that this one was', async () => {
  forged = await leavesOut(server, phones.B);
  await chair.presses('公布结果');
  await chair.page.locator('[data-request=withdraw]').click();
  await chair.presses('公布结果');
  assert.equal((await chair.view()).now.round?.state, 'certified', 'nothing is published before the scrutineer agrees');
  await scrutineer.confirms('全场：得分和位次');
  await chair.page.getByText('98.00').first().waitFor();
  await scrutineer.page.getByText('公布的正是本页核对过的记录').waitFor();
  const link = await chair.page.locator('.record-line a').first().getAttribute('href');
  const record = await fetch(`${server.plain}${link}`);
  const digest = createHash('sha256')
    .update(Buffer.from(await record.arrayBuffer()))
    .digest('hex');
  const { record: published } = await chair.result();
  assert.equal(published?.digest, digest);
  await projector.shows(published?.digits ?? '?');
});

/** Looks for its ballots now, unless its random moment came before. */
async function looksForBallots(phone: Phone): Promise<void> {
  await phone.page.locator('.record-note:not(.rules-same)').waitFor();
  const button = phone.page.getByRole('button', { name: '马上查证' });
  const found = phone.page.locator('.note-found, .note-missing');
  await Promise.race([button.click(), found.waitFor()].map((one) => one.catch(() => {})));
}

test('f51 two phones find their ballots in the record, and forget them', async () => {
  for (const phone of [phones.A, phones.C]) {
    await looksForBallots(phone);
    await phone.page.locator('.note-found').waitFor();
    const kept = await phone.page.evaluate(() => JSON.stringify(localStorage));
    for (const trace of ['receipt', '\\"v\\"', '"tk']) assert.ok(!kept.includes(trace), `${trace} is still on the phone`);
  }
});

test('f52 a phone of which the record leaves a ballot out raises an alarm', async () => {
  await looksForBallots(phones.B);
  await phones.B.page.locator('.note-missing').waitFor();
  assert.match(await phones.B.page.locator('.note-missing').innerText(), /少了 1 张/);
});

test('f50 a look carries no name', async () => {
  const looks = (request: Request) => /rounds\/1\/(record|leaves)/.test(request.url());
  const asked = [...forged, ...phones.A.requests].filter(looks);
  assert.ok(forged.length >= 2 && asked.length > forged.length, 'both phones looked');
  for (const request of asked) {
    const { authorization, cookie, referer } = await request.allHeaders();
    assert.deepEqual([authorization, cookie, referer], [undefined, undefined, undefined]);
  }
});

test('c6 the table that must come out comes out, and the meeting ends', async () => {
  await projector.shows('98.00');
  await reloadsAll();
  const result = await chair.result();
  await isAsExpected(result);
  const shown = await chair.page.locator('body').innerText();
  for (const { score } of result.rows) assert.ok(shown.includes(score ?? '?'), `${score} is on the chair's page`);
  await chair.presses('进入下一环节');
  await chair.presses('进入下一环节');
  await chair.presses('宣布散会');
  await crowd.ends();
  nothingBroke(...everyone());
});
