// A small meeting in real browsers, for what people see of its secrecy: a cast and nothing beside it, papers that move to another
// phone by a code that no server sees, papers issued anew, the scrutineer's list of what is kept, and the end of the meeting's people.
// Rules f13, f60 to f62 of SPEC.md.
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { PATIENCE_MS, until } from '../processes.mjs';
import { launch } from './chromium.mjs';
import { Chair, Clerk, nothingBroke, Phone, Projector, Server } from './hall/people.mjs';

const root = new URL('../../', import.meta.url);
const require = createRequire(new URL('web-client/package.json', root));
const decodeQR = (await import(require.resolve('qr/decode.js'))).default;
const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
const WIDTHS = [360, 768, 1280, 1920];

let folder;
let server;
let browser;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pingyi-small-'));
  await cp(new URL('meetings/institute', root).pathname, folder, { recursive: true });
  const file = join(folder, 'meeting.toml');
  const text = await readFile(file, 'utf8');
  await writeFile(
    file,
    text
      .replace('admission = "slips"', 'admission = "open"')
      .replace('k_min = 5', 'k_min = 1')
      .replace('turnout = "at_least_four_fifths"', 'turnout = "none"'),
  );
  await writeFile(join(folder, 'agenda.csv'), 'step,subject,mode\nopening,,\nreport,1,onsite\nreport,2,onsite\nreport,3,onsite\nreport,4,onsite\nreport,5,onsite\nreport,6,onsite\nreport,7,onsite\nevaluation,,\nclose,,\n');
  server = await Server.fresh('--meeting', folder);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.remove();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async (context) => {
  if (context.passed !== false && !context.error) return;
  for (const [at, open] of browser.contexts().entries()) {
    for (const page of open.pages()) await page.screenshot({ path: `tests/e2e/pictures/failed-${at}.png` }).catch(() => {});
  }
});

async function sitsDown(group) {
  const phone = await Phone.joins(browser, server.links.join);
  await phone.answersBranch(group);
  await phone.isSeated();
  return phone;
}

/** What stands in the code on the screen, read as another phone's camera would. */
async function scanned(page) {
  const image = page.locator('img.move-code');
  await image.waitFor();
  const { data, width, height } = await image.evaluate(async (element) => {
    const [side, canvas] = [600, document.createElement('canvas')];
    canvas.width = side;
    canvas.height = side;
    const context = canvas.getContext('2d');
    context.fillStyle = '#fff';
    context.fillRect(0, 0, side, side);
    await element.decode();
    context.drawImage(element, 0, 0, side, side);
    return { data: [...context.getImageData(0, 0, side, side).data], width: side, height: side };
  });
  return decodeQR({ data: Uint8ClampedArray.from(data), width, height });
}

/** What a machine can tell of who cannot use a page. */
async function axeFinds(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }),
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
}

const isWider = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

test('f13 f60 f61 f62 a meeting whose papers move, whose server is looked into, and whose people are erased', async () => {
  const chair = await Chair.opens(browser, server.links.chair);
  await chair.presses('开始签到');
  const [staying, moving] = [await sitsDown('党委委员'), await sitsDown('党委委员')];
  await chair.presses('宣布开会');
  await chair.page.getByText(/24 *\/ *24/).first().waitFor({ timeout: 4 * PATIENCE_MS });
  await chair.presses('发出测评票');
  for (const phone of [staying, moving]) await phone.page.getByRole('heading', { name: '校验码' }).waitFor();
  await until('both have papers', async () => (await chair.view()).total.issued === 2);

  // One phone's papers move to another one, which has never been here.
  await moving.page.getByRole('button', { name: '换一部手机或浏览器继续' }).click();
  const asked = moving.requests.length;
  await moving.page.getByRole('button', { name: '交出并显示二维码' }).click();
  const address = await scanned(moving.page);
  assert.deepEqual(await axeFinds(moving.page), []);
  assert.equal(await isWider(moving.page), false);
  assert.match(address, /^http:\/\/hall\.test:\d+\/m\/[a-z0-9]+#p=/);
  assert.deepEqual(
    moving.requests.slice(asked).map((request) => request.url()).filter((url) => !url.startsWith('data:')),
    [],
    'the code was drawn without the server',
  );
  const [handed, hash] = address.split('#p=')[1].split('&h=');
  assert.match(hash, /^[\w-]{22}$/, 'the other window takes no other key');
  const secrets = handed.split('.');
  const [credential, seed] = [secrets[0], secrets.at(-1)];
  const other = await Phone.joins(browser, address);
  await other.isSeated();
  assert.doesNotMatch(other.page.url(), /#/, 'the address bar keeps no secret');
  const own = await Phone.joins(browser, server.links.join);
  await own.answersBranch('党委委员');
  await own.isSeated();
  await own.page.goto('about:blank');
  await own.page.goto(address);
  await own.page.getByText('本窗口已有自己的座席').waitFor();

  // A third phone lost everything. The chair asks, the scrutineer confirms, a new slip leads to papers.
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
  const again = await Phone.joins(browser, `${server.url}/#s=${(await code.innerText()).replace('-', '')}`);
  await again.page.locator('button.primary').click();
  await again.isSeated();
  await chair.page.locator('.reissue-line', { hasText: '已补发' }).waitFor();
  assert.equal(await chair.page.locator('.slip-code').count(), 0, 'a code that was used is shown no more');

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

  // Between the last tap and the receipt, and after it: the cast, and nothing else.
  for (const phone of [other, staying, again]) {
    const before = phone.requests.length;
    await phone.submits();
    await phone.lampIs('received');
    const sent = phone.requests.slice(before);
    assert.deepEqual(
      sent.map((request) => `${request.method()} ${new URL(request.url()).pathname.replace(/\/box\/\w+/, '/box/{id}')}`),
      ['POST /box/{id}/1/cast'],
    );
    const { cookie, authorization, referer } = await sent[0].allHeaders();
    assert.deepEqual([cookie, authorization, referer], [undefined, undefined, undefined]);
  }
  await until('three sheets', async () => (await chair.view()).total.returned === 3);
  const bodies = [moving, other, own].flatMap((phone) => phone.requests);
  for (const request of bodies) {
    assert.ok(!request.url().includes(seed) && !(request.postData() ?? '').includes(seed), 'the seed left the phone');
    if (/\/box\//.test(request.url())) assert.ok(!(request.postData() ?? '').includes(credential));
  }

  // The scrutineer looks into the server, on every width.
  // The test's own file of links, which no server of ours writes there unasked.
  await rm(server.handout);
  const scrutineer = await Clerk.opens(browser, server.links.scrutineer);
  await scrutineer.page.locator('.kept-list li').first().waitFor();
  const listed = await scrutineer.page.locator('.kept code').allInnerTexts();
  for (const name of ['seats', 'papers', 'box/{meeting}-{round}.box', 'meetings.sqlite', 'keys/{meeting}-{round}.keys']) {
    assert.ok(listed.includes(name), `${name} is not in ${listed}`);
  }
  assert.equal(await scrutineer.page.locator('.kept .unknown').count(), 0);
  for (const width of WIDTHS) {
    await scrutineer.page.setViewportSize({ width, height: 900 });
    assert.equal(await isWider(scrutineer.page), false, `the list is wider than ${width} px`);
  }
  assert.deepEqual(await axeFinds(scrutineer.page), []);
  await writeFile(join(server.data, 'who-voted-what.txt'), 'seat 1: hao');
  await scrutineer.page.locator('.kept .unknown', { hasText: 'who-voted-what.txt' }).waitFor();
  await scrutineer.page.locator('.kept [role=alert]').waitFor();
  await rm(join(server.data, 'who-voted-what.txt'));

  // To the end, and beyond it.
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
  const hold = chair.page.locator('dialog .danger-fill');
  await hold.hover();
  await chair.page.mouse.down();
  await chair.page.locator('.erase [role=status]').waitFor();
  await chair.page.mouse.up();
  assert.match(await chair.page.locator('.destroyed').innerText(), /座席 34/);
  for (const width of WIDTHS) {
    await chair.page.setViewportSize({ width, height: 900 });
    assert.equal(await isWider(chair.page), false, `the chair's page is wider than ${width} px`);
  }
  assert.deepEqual(await axeFinds(chair.page), []);
  const [sheet] = await Promise.all([
    chair.context.waitForEvent('page'),
    chair.page.locator('.erase a').click(),
  ]);
  await sheet.getByText('参会人数据销毁清单').first().waitFor();
  assert.match(await sheet.locator('table').innerText(), /seats\s+34/);
  assert.equal(await sheet.locator('.signatures').count(), 1);
  const record = await fetch(`http://127.0.0.1:${server.port}${await chair.page.locator('.record-line a').first().getAttribute('href')}`);
  assert.equal(record.status, 200, 'the record is still there');
  assert.match(await record.text(), /"reissued":1/);
  nothingBroke(chair, scrutineer, witness, staying, moving, other, own, again);
});
