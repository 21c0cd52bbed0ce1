// The institute's whole meeting in real browsers, as the hall lives it: chair, projector, three phones in hand and the rest
// of the hall simulated; reloads everywhere, a phone that goes offline, and a server that is killed in the middle.
import assert from 'node:assert/strict';
import { createHash, createPrivateKey, sign } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { PATIENCE_MS, until } from '../processes.mjs';
import { launch } from './chromium.mjs';
import { Chair, Clerk, comeBack, Crowd, nothingBroke, paperOf, Phone, Projector, Server } from './hall/people.mjs';

/** How long one phone has no network. */
const OFFLINE_MS = 60_000;
/** The accounts that the scrutineer confirms: 30 phones, and three sheets of paper of which one is invalid. */
const BALANCE = /发出 33 张，收回 33 张，其中有效 32 张、无效 1 张/;
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

/** An operator leaves one of this phone's ballots out, and has the box sign the record anew: only this phone is told so. */
async function leavesOut(phone) {
  const asked = [];
  // Behind a head of 40 bytes, the keys that a closed round keeps.
  const [file] = (await readdir(join(server.data, 'keys'))).filter((name) => name.endsWith('-1.keys'));
  const keys = (await readFile(join(server.data, 'keys', file))).subarray(40);
  const seed = Buffer.from(JSON.parse(keys).box_key, 'base64url');
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
  const root = (leaves) => {
    if (leaves.length === 1) return leaves[0];
    let half = 1;
    while (half * 2 < leaves.length) half *= 2;
    return sha256(Buffer.of(1), root(leaves.slice(0, half)), root(leaves.slice(half)));
  };
  const own = await phone.page.evaluate(() => {
    const name = Object.keys(localStorage).find((key) => key.startsWith('pingyi/record/'));
    return JSON.parse(JSON.parse(localStorage.getItem(name)).witness);
  });
  const gone = Buffer.from(own.ballots[0].leaf, 'base64url');
  let left = [];
  const fetched = (url) => fetch(url.replace(/\/\/[^/]+/, `//127.0.0.1:${server.port}`));
  const leaves = async (url) => {
    const bytes = Buffer.from(await (await fetched(url)).arrayBuffer());
    return Array.from({ length: bytes.length / 32 }, (_, at) => bytes.subarray(32 * at, 32 * at + 32));
  };
  await phone.context.route(/rounds\/1\/(record|leaves)$/, async (route) => {
    const url = route.request().url();
    asked.push(route.request());
    if (url.endsWith('/leaves')) return route.fulfill({ body: Buffer.concat(left) });
    left = (await leaves(url.replace('/record', '/leaves'))).filter((leaf) => !leaf.equals(gone));
    const view = await (await fetched(url)).json();
    const hex = (text) => Buffer.from(text, 'hex');
    const message = [Buffer.from('pingyi-record/1\0'), hex(own.m), root(left), hex(view.head)];
    const box_sig = sign(null, Buffer.concat(message), key).toString('base64url');
    return route.fulfill({ json: { ...view, leaves: left.length, root: root(left).toString('hex'), box_sig } });
  });
  return { asked };
}

/** A phone opens the code on the wall, and says that its rules are those. */
async function comparesRules(projector, phone, { now: { round, box_key } }) {
  assert.match(round.fingerprint, /^[0-9A-Z]{4}(-[0-9A-Z]{4}){5}$/);
  assert.match(box_key.fingerprint, /^[0-9A-Z]{4}(-[0-9A-Z]{4}){5}$/);
  await projector.page.locator('.fingerprint-code img').waitFor();
  // Whatever the phone shows now: the code leads to what follows the meeting.
  const code = `${Buffer.from(round.manifest_hash, 'hex').toString('base64url')}.${round.promise}`;
  await phone.page.goto(`${server.links.join.split('#')[0]}#v=${code}`);
  await phone.page.locator('.rules-same').waitFor();
  const letters = await phone.page.locator('.digits').innerText();
  const wall = (await projector.page.locator('.fingerprint-digits').allInnerTexts()).join('');
  for (const shown of [letters, wall]) assert.equal(shown.replace(/\s+/g, ''), round.fingerprint.replaceAll('-', ''));
}

test('f10 f51 f52 f72 f100 f101 f105 f107 the institute meets: three phones in hand, the rest simulated, to the table that must come out', async (run) => {
  const sheets = await table('sheets');
  const sheetOf = (seat) => sheets.find((sheet) => sheet.seat === String(seat));
  const chair = await Chair.opens(browser, server.links.chair);
  const projector = await Projector.opens(browser, server.links.projector);
  assert.equal(await chair.page.evaluate(() => isSecureContext), false);
  await chair.presses('开始签到');

  // Three voters have no phone: the teller hands them sheets of paper.
  const teller = await Clerk.opens(browser, server.links.teller, { viewport: { width: 390, height: 844 }, hasTouch: true });
  const scrutineer = await Clerk.opens(browser, server.links.scrutineer);
  await teller.handsOut('支部委员', 3);

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
  const everyone = [chair, projector, teller, scrutineer, ...Object.values(phones)];
  const reloadAll = async () => {
    for (const someone of everyone) await someone.page.reload();
  };
  await projector.shows('33');
  await reloadAll();

  await chair.presses('宣布开会');
  await chair.presses('进入下一环节');
  await chair.page.getByText(/24 *\/ *24/).first().waitFor({ timeout: 4 * PATIENCE_MS });
  await chair.presses('发出测评票');
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
  await comparesRules(projector, phones.C, await chair.view());
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
  await projector.shows('30');

  await reloadAll();
  await chair.presses('截止测评');
  await chair.page.getByText('等待纸质票录入').waitFor();
  for (const clerk of [teller, scrutineer]) await clerk.enters('C', paperOf(sheets, MARKS));

  // Chair and scrutineer certify and publish together. What the scrutineer does not agree to changes nothing.
  await scrutineer.page.goto('about:blank');
  await chair.presses('监票确认');
  await chair.page.getByText('等监票人确认').waitFor();
  await chair.page.getByText('没有监票人的页面连接').waitFor();
  await scrutineer.page.goto(server.links.scrutineer);
  await chair.page.getByText('没有监票人的页面连接').waitFor({ state: 'detached' });
  await scrutineer.page.locator('.request.asks').getByText(BALANCE).waitFor();
  await scrutineer.declines('监票确认');
  await chair.page.getByText('监票人不同意').waitFor();
  assert.equal((await chair.view()).now.round.state, 'closed');
  await chair.presses('监票确认');
  await reloadAll();
  await scrutineer.confirms('监票确认');
  await chair.page.locator('button.primary', { hasText: '公布结果' }).waitFor();
  await reloadAll();
  const forged = await leavesOut(phones.B);
  await chair.presses('公布结果');
  await chair.page.locator('[data-request=withdraw]').click();
  await chair.presses('公布结果');
  assert.equal((await chair.view()).now.round.state, 'certified', 'nothing is published before the scrutineer agrees');
  await scrutineer.confirms('全场：得分和位次');
  await chair.page.getByText('98.00').first().waitFor();
  await scrutineer.page.getByText('公布的正是本页核对过的记录').waitFor();

  // The phones look for their ballots: two find them and forget them, the third one's were left out of the record.
  // One that came to its random moment already has no button any more.
  for (const phone of Object.values(phones)) {
    await phone.page.locator('.record-note:not(.rules-same)').waitFor();
    const button = phone.page.getByRole('button', { name: '马上查证' });
    const found = phone.page.locator('.note-found, .note-missing');
    await Promise.race([button.click(), found.waitFor()].map((one) => one.catch(() => {})));
  }
  for (const phone of [phones.A, phones.C]) {
    await phone.page.locator('.note-found').waitFor();
    const kept = await phone.page.evaluate(() => JSON.stringify(localStorage));
    for (const trace of ['receipt', '\\"v\\"', '"tk']) assert.ok(!kept.includes(trace), `${trace} is still on the phone`);
  }
  await phones.B.page.locator('.note-missing').waitFor();
  assert.match(await phones.B.page.locator('.note-missing').innerText(), /少了 1 张/);
  assert.ok(forged.asked.length >= 2);
  for (const request of [...forged.asked, ...phones.A.requests.filter((one) => one.url().includes('/rounds/1/'))]) {
    if (!/rounds\/1\/(record|leaves)/.test(request.url())) continue;
    const { authorization, cookie, referer } = await request.allHeaders();
    assert.deepEqual([authorization, cookie, referer], [undefined, undefined, undefined], 'a look carries no name');
  }
  const link = await chair.page.locator('.record-line a').first().getAttribute('href');
  const record = await fetch(`http://127.0.0.1:${server.port}${link}`);
  const digest = createHash('sha256').update(Buffer.from(await record.arrayBuffer())).digest('hex');
  assert.equal((await chair.result()).record.digest, digest);
  await projector.shows((await chair.result()).record.digits);
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
