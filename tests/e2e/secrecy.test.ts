// A small meeting in real browsers, for what people see of its secrecy, chapter after chapter: papers that move to another phone by
// a code that no server sees, papers issued anew, a cast and nothing beside it, the scrutineer's list of what is kept, and the end
// of the meeting's people. Rules f13, f60 to f62 and s63 of SPEC.md.
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type Page, test } from '@playwright/test';
import decodeQR from 'qr/decode.js';
import { axeFinds, WCAG } from './chromium.ts';
import { Chair } from './hall/chair.ts';
import { Clerk } from './hall/clerk.ts';
import { nothingBroke } from './hall/person.ts';
import { Phone } from './hall/phone.ts';
import { Projector } from './hall/projector.ts';
import { root, Server } from './hall/server.ts';

test.describe.configure({ mode: 'serial' });

const WIDTHS = [360, 768, 1280, 1920];
const AGENDA = `step,subject,mode
opening,,
${[1, 2, 3, 4, 5, 6, 7].map((subject) => `report,${subject},onsite`).join('\n')}
evaluation,,
close,,
`;

let folder: string;
let server: Server;
let chair: Chair;
let scrutineer: Clerk;
/** Keeps its papers. */
let staying: Phone;
/** Hands its papers over, to the next one. */
let moving: Phone;
let other: Phone;
/** Has papers of its own, and takes no others. */
let own: Phone;
/** Had its papers issued anew. */
let again: Phone;
/** What the code holds that papers move by: the seat's credential, and the seed of the papers. */
let moved: { credential: string; seed: string };

/** The institute for whoever comes, with as few as come. */
async function smallMeeting(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'pingyi-small-'));
  await cp(new URL('meetings/institute', root).pathname, made, { recursive: true });
  const file = join(made, 'meeting.toml');
  const text = (await readFile(file, 'utf8'))
    .replace('admission = "slips"', 'admission = "open"')
    .replace('k_min = 5', 'k_min = 1')
    .replace('turnout = "at_least_four_fifths"', 'turnout = "none"');
  await writeFile(file, text);
  await writeFile(join(made, 'agenda.csv'), AGENDA);
  return made;
}

test.beforeAll(async ({ browser }) => {
  folder = await smallMeeting();
  server = await Server.fresh('--meeting', folder);
  chair = await Chair.opens(browser, server.links.chair);
  await chair.presses('开始签到');
  [staying, moving] = [await sitsDown(browser), await sitsDown(browser)];
  await chair.presses('宣布开会');
  await chair.issues();
  for (const phone of [staying, moving]) await phone.page.getByRole('heading', { name: '校验码' }).waitFor();
  await chair.counts('issued', 2);
});
test.afterAll(async () => {
  await server?.remove();
  await rm(folder, { recursive: true, force: true });
});

async function sitsDown(browser: Browser): Promise<Phone> {
  const phone = await Phone.joins(browser, server.links.join);
  await phone.answersBranch('党委委员');
  await phone.isSeated();
  return phone;
}

/** What stands in the code on the screen, read as another phone's camera would. */
async function scanned(page: Page): Promise<string> {
  const image = page.locator('img.move-code');
  await image.waitFor();
  const pixels = await image.evaluate(async (element: HTMLImageElement) => {
    const [side, canvas] = [600, document.createElement('canvas')];
    canvas.width = side;
    canvas.height = side;
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.fillStyle = '#fff';
    context.fillRect(0, 0, side, side);
    await element.decode();
    context.drawImage(element, 0, 0, side, side);
    const bytes = context.getImageData(0, 0, side, side).data;
    // A list of a million numbers is slow to carry to the test.
    const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
    return { data: btoa(text), width: side, height: side };
  });
  return decodeQR({ ...pixels, data: Uint8ClampedArray.from(Buffer.from(pixels.data, 'base64')) });
}

const isWider = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

async function isForEverybody(page: Page): Promise<void> {
  const found = await axeFinds(page, { runOnly: WCAG });
  assert.deepEqual(
    found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
    [],
  );
}

async function fitsEveryWidth(page: Page): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    assert.equal(await isWider(page), false, `the page is wider than ${width} px`);
  }
}

test('f60 papers move to a phone that was never here, by a code that no server sees', async ({ browser }) => {
  await moving.page.getByRole('button', { name: '换一部手机或浏览器继续' }).click();
  const asked = moving.requests.length;
  await moving.page.getByRole('button', { name: '交出并显示二维码' }).click();
  const address = await scanned(moving.page);
  await isForEverybody(moving.page);
  assert.equal(await isWider(moving.page), false);
  assert.match(address, /^http:\/\/hall\.test:\d+\/m\/[a-z0-9]+#p=/);
  const since = moving.requests.slice(asked).map((request) => request.url());
  assert.deepEqual(
    since.filter((url) => !url.startsWith('data:')),
    [],
    'the code was drawn without the server',
  );
  const [handed = '', hash = ''] = (address.split('#p=')[1] ?? '').split('&h=');
  assert.match(hash, /^[\w-]{22}$/, 'the other window takes no other key');
  const secrets = handed.split('.');
  moved = { credential: secrets[0] ?? '', seed: secrets.at(-1) ?? '' };
  other = await Phone.joins(browser, address);
  await other.isSeated();
  assert.doesNotMatch(other.page.url(), /#/, 'the address bar keeps no secret');

  own = await sitsDown(browser);
  await own.page.goto('about:blank');
  await own.page.goto(address);
  await own.page.getByText('本窗口已有自己的座席').waitFor();
});

test('s63 papers are issued anew to a phone that lost everything, once the scrutineer confirms it', async ({ browser }) => {
  const witness = await Projector.opens(browser, server.links.scrutineer);
  await chair.page.locator('[data-open=reissue]').click();
  await chair.page.locator('dialog select').first().selectOption('A');
  await chair.page.locator('dialog .fill').click();
  await chair.page.getByText('等监票人确认').waitFor();
  assert.equal(await chair.page.locator('.slip-code').count(), 0, 'no code before it is confirmed');
  await witness.page.locator('.reissue button.fill').hover();
  await witness.page.mouse.down();
  const code = chair.page.locator('.slip-code');
  await code.waitFor();
  await witness.page.mouse.up();
  await chair.page.locator('.reissue img.big-code').waitFor();
  again = await Phone.joins(browser, `${server.url}/#s=${(await code.innerText()).replace('-', '')}`);
  await again.page.locator('button.primary').click();
  await again.isSeated();
  await chair.page.locator('.reissue-line', { hasText: '已补发' }).waitFor();
  assert.equal(await chair.page.locator('.slip-code').count(), 0, 'a code that was used is shown no more');
  nothingBroke(witness);
});

test('f13 between the last tap and the receipt, and after it, a phone sends the cast and nothing else', async () => {
  for (let step = 0; step < 7; step += 1) {
    await chair.presses('进入下一环节');
    await chair.presses('开始计时');
  }
  await chair.presses('进入下一环节');
  await chair.presses('开始测评');
  await moving.page.getByRole('button', { name: '返回' }).click();
  await moving.lampIs('off');
  await other.marks({ 1: 0, 2: 1, 3: 0, 4: 0, 5: 0, 6: 0, 7: 3 });
  await staying.marks({ 1: 3 });
  await again.marks({ 1: 2 });
  for (const phone of [other, staying, again]) {
    const before = phone.requests.length;
    await phone.submits();
    await phone.lampIs('received');
    const sent = phone.requests.slice(before);
    const paths = sent.map((request) => new URL(request.url()).pathname.replace(/\/box\/\w+/, '/box/{id}'));
    assert.deepEqual(
      sent.map((request, at) => `${request.method()} ${paths[at]}`),
      ['POST /box/{id}/1/cast'],
    );
    const { cookie, authorization, referer } = await sent[0].allHeaders();
    assert.deepEqual([cookie, authorization, referer], [undefined, undefined, undefined]);
  }
  await chair.counts('returned', 3);
});

test('f60 the seed of papers that moved leaves no phone, and the box gets no credential', async () => {
  const requests = [moving, other, own].flatMap((phone) => phone.requests);
  assert.ok(
    requests.some((request) => /\/box\//.test(request.url())),
    'positive control: a cast is among them',
  );
  for (const request of requests) {
    const body = request.postData() ?? '';
    assert.ok(!request.url().includes(moved.seed) && !body.includes(moved.seed), 'the seed left the phone');
    if (/\/box\//.test(request.url())) assert.ok(!body.includes(moved.credential));
  }
});

test('f61 the scrutineer sees what the server keeps, at every width, and what nobody knows is called out', async ({
  browser,
}) => {
  // The test's own file of links, which no server of ours writes there unasked.
  await rm(server.handout);
  scrutineer = await Clerk.opens(browser, server.links.scrutineer);
  await scrutineer.page.locator('.kept-list li').first().waitFor();
  const listed = await scrutineer.page.locator('.kept code').allInnerTexts();
  for (const name of ['seats', 'papers', 'box/{meeting}-{round}.box', 'meetings.sqlite', 'keys/{meeting}-{round}.keys']) {
    assert.ok(listed.includes(name), `${name} is not in ${listed}`);
  }
  assert.equal(await scrutineer.page.locator('.kept .unknown').count(), 0);
  await fitsEveryWidth(scrutineer.page);
  await isForEverybody(scrutineer.page);
  const foreign = join(server.data, 'who-voted-what.txt');
  await writeFile(foreign, 'seat 1: hao');
  await scrutineer.page.locator('.kept .unknown', { hasText: 'who-voted-what.txt' }).waitFor();
  await scrutineer.page.locator('.kept [role=alert]').waitFor();
  await rm(foreign);
});

test('f62 after the archive the chair erases the meeting’s people, and prints what was destroyed', async () => {
  await chair.presses('截止测评');
  await chair.presses('监票确认');
  await scrutineer.confirms('监票确认');
  await chair.presses('公布结果');
  await scrutineer.confirms('公布结果');
  await chair.presses('进入下一环节');
  await chair.presses('宣布散会');
  assert.equal(await chair.page.locator('.erase').count(), 0, 'not before the archive');
  // The last step has no button after it.
  await chair.page.locator('button.primary', { hasText: '封存归档' }).hover();
  await chair.page.mouse.down();
  await chair.page.locator('[data-open=erase]').waitFor();
  await chair.page.mouse.up();
  await chair.page.locator('[data-open=erase]').click();
  await chair.page.locator('dialog .danger-fill').hover();
  await chair.page.mouse.down();
  await chair.page.locator('.erase [role=status]').waitFor();
  await chair.page.mouse.up();
  assert.match(await chair.page.locator('.destroyed').innerText(), /座席 34/);
  await fitsEveryWidth(chair.page);
  await isForEverybody(chair.page);
  const [sheet] = await Promise.all([chair.context.waitForEvent('page'), chair.page.locator('.erase a').click()]);
  await sheet.getByText('参会人数据销毁清单').first().waitFor();
  assert.match(await sheet.locator('table').innerText(), /seats\s+34/);
  assert.equal(await sheet.locator('.signatures').count(), 1);
  const link = await chair.page.locator('.record-line a').first().getAttribute('href');
  const record = await fetch(`${server.plain}${link}`);
  assert.equal(record.status, 200, 'the record is still there');
  assert.match(await record.text(), /"reissued":1/);
  nothingBroke(chair, scrutineer, staying, moving, other, own, again);
});
