// A hall for the browser tests: a real server in a process of its own, and the people in it with their browsers, who read like
// the meeting.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, PATIENCE_MS, until } from '../../processes.mjs';
import { fromPage, told } from '../../sealed.mjs';
import { hearForbidden, NAME } from '../chromium.mjs';

const root = new URL('../../../', import.meta.url);
export const binary = process.env.PINGYI_BIN ?? new URL('target/release/pingyi', root).pathname;

/** The service on a data directory that outlives it. */
export class Server {
  #process;
  #said = '';

  static async fresh(...more) {
    const server = new Server();
    server.data = await mkdtemp(join(tmpdir(), 'pingyi-'));
    server.port = await freePort();
    server.more = ['--handout', server.handout, ...more];
    await server.start();
    server.links = server.#links();
    return server;
  }

  get handout() {
    return join(this.data, 'handout.json');
  }

  get url() {
    return `http://${NAME}:${this.port}`;
  }

  async start() {
    this.#said = '';
    const listen = ['--listen', `127.0.0.1:${this.port}`, '--url', this.url, '--data', this.data];
    const env = { ...process.env, LC_ALL: 'C' };
    this.#process = spawn(binary, ['serve', ...listen, ...this.more], { env });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.on('data', (text) => {
        this.#said += text;
      });
    }
    await until('the links on the terminal', () => /Projector: +\S+\n/.test(this.#said));
    return this;
  }

  #links() {
    const of = (role) => this.#said.match(new RegExp(`${role}: +(\\S+)`))?.[1];
    return { join: of('Join'), chair: of('Chair'), projector: of('Projector'), teller: of('Teller'), scrutineer: of('Scrutineer') };
  }

  get said() {
    return this.#said;
  }

  /** Ends the process at once, as a power cut does. */
  async kill() {
    const ended = new Promise((done) => this.#process.once('exit', done));
    this.#process.kill('SIGKILL');
    await ended;
  }

  async remove() {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }
}

/** A browser of its own for one person, with everything that it asked for and everything that went wrong. */
async function person(browser, options) {
  const context = await browser.newContext({ locale: 'zh-CN', ...options });
  const errors = [];
  await hearForbidden(context, (what) => errors.push(what));
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('pageerror', (error) => errors.push(String(error)));
  const heard = { at_ms: 0 };
  page.on('websocket', (socket) =>
    socket.on('framereceived', () => {
      heard.at_ms = Date.now();
    }),
  );
  return { context, page, errors, heard };
}

/** Asks something with the session of a chair's page. */
async function askAs(page, method, path, body) {
  const chair = await page.evaluate(() => JSON.parse(localStorage.getItem('pingyi/role/chair')));
  return told(fromPage(page), method, `/api/meetings/${chair.meeting}/${path}`, { bearer: chair.session, body });
}

export class Chair {
  static async opens(browser, link, viewport = { width: 1280, height: 800 }) {
    const chair = Object.assign(new Chair(), await person(browser, { viewport }));
    await chair.page.goto(link);
    await chair.page.locator('button.primary').waitFor();
    return chair;
  }

  /** Presses the one primary button once it says that; holds it where it wants to be held. */
  async presses(sentence) {
    const button = this.page.locator('button.primary', { hasText: sentence });
    await button.waitFor();
    await until(`the button "${sentence}" to be ready`, () => button.isEnabled());
    const said = await button.innerText();
    await button.hover();
    await this.page.mouse.down();
    // A button that is held answers after a second; one that is pressed answers at once when it is let go.
    const isHeld = /按住|hold/i.test((await button.locator('.primary-hint').textContent()) ?? '');
    if (!isHeld) await this.page.mouse.up();
    // All texts that are there at this moment: asked for one, the page would be waited for, and there may be no button any more.
    await until(`"${sentence}" to be done`, async () => {
      const [now] = await this.page.locator('button.primary').allInnerTexts();
      return now !== said;
    });
    if (isHeld) await this.page.mouse.up();
  }

  /** Goes straight to the first step of a kind, past everybody's turn. */
  async jumpsTo(kind) {
    const { agenda } = await askAs(this.page, 'GET', 'plan');
    await askAs(this.page, 'POST', 'commands', { do: 'go_to', step: agenda.find((step) => step.kind === kind).id });
  }

  /** What the desk knows. */
  async view() {
    return askAs(this.page, 'GET', 'view');
  }

  /** The published result as the chair's page got it. */
  async result() {
    return (await this.view()).result;
  }
}

/** Teller or scrutineer. */
export class Clerk {
  static async opens(browser, link, options = { viewport: { width: 1280, height: 800 } }) {
    const clerk = Object.assign(new Clerk(), await person(browser, options));
    await clerk.page.goto(link);
    await clerk.page.locator('.top-role').waitFor();
    return clerk;
  }

  /** Confirms what the chair asks for, once the own page shows it, and has counted what would be published: holds the button until it is done. */
  async confirms(what) {
    const button = this.page.locator('.request.asks', { hasText: what }).locator('button.primary:enabled');
    await button.hover();
    await this.page.mouse.down();
    await button.waitFor({ state: 'detached' });
    await this.page.mouse.up();
  }

  /** Does not agree to what the chair asks for. */
  async declines(what) {
    const card = this.page.locator('.request.asks', { hasText: what });
    await card.locator('[data-request=decline]').click();
    await card.waitFor({ state: 'detached' });
  }

  /** Counts sheets that a group is handed. */
  async handsOut(group, sheets) {
    const row = this.page.locator('.paper-groups > li', { hasText: group });
    for (let handed = 1; handed <= sheets; handed += 1) {
      await row.locator('button').nth(1).click();
      await until(`${handed} sheets`, async () => (await row.locator('output').innerText()) === String(handed));
    }
  }

  async opensEntry(group) {
    await this.page.locator(`[data-open="paper-${group}"]`).click();
    await this.page.locator('.paper-rows').waitFor();
  }

  /** Types sheets with keys alone: places in the scale, nothing for an invalid one. */
  async types(sheets) {
    for (const sheet of sheets) {
      if (sheet === null) await this.page.keyboard.press('x');
      else for (const place of sheet) await this.page.keyboard.press(place === null ? '0' : String(place + 1));
      if (sheet !== null) await this.page.keyboard.press('Enter');
    }
  }

  /** Sends the entry, and stays until the server has it: who goes away before that has only drafted it. */
  async sends() {
    const taken = this.page.waitForResponse((answer) => answer.url().includes('/sealed/') && answer.ok());
    await this.page.locator('[data-send=paper]').click();
    await this.page.locator('.paper-rows').waitFor({ state: 'detached' });
    await taken;
  }

  /** Enters the sheets of a group as keys type them. */
  async enters(group, sheets) {
    await this.opensEntry(group);
    await this.types(sheets);
    await this.sends();
  }
}

/** The paper sheets of a file of sheets: places in the scale by row, null for a blank row, null for an invalid sheet. */
export function paperOf(sheets, marks) {
  const rows = (sheet) => Object.entries(sheet).filter(([name]) => /^s\d+$/.test(name));
  const place = (mark) => (marks.includes(mark) ? marks.indexOf(mark) : null);
  const on = sheets.filter((sheet) => sheet.channel === 'paper');
  return on.map((sheet) => (sheet.valid === 'yes' ? rows(sheet).map(([, mark]) => place(mark)) : null));
}

/** The rest of the hall: simulated phones in a process of their own, so that they outlive a killed server. */
export class Crowd {
  #process;
  #said = '';

  /** Every present voter of the meeting's file but those whose seats are left free. */
  static async joins(server, seatsLeft, meeting = 'institute') {
    const crowd = new Crowd();
    const folder = new URL(`meetings/${meeting}/`, root).pathname;
    const where = ['--url', `http://127.0.0.1:${server.port}`, '--handout', server.handout];
    const sheets = meeting === 'institute' ? ['--sheets', join(folder, 'sheets.csv')] : [];
    const who = [...sheets, '--leave', seatsLeft.join(','), '--think-s', '3'];
    crowd.#process = spawn(binary, ['crowd', folder, ...where, ...who], { env: { ...process.env, LC_ALL: 'C' } });
    for (const stream of [crowd.#process.stdout, crowd.#process.stderr]) {
      stream.on('data', (text) => {
        crowd.#said += text;
      });
    }
    return crowd;
  }

  /** A free slip of each group. */
  async freeSlips(groups = 3) {
    const free = () => Object.fromEntries([...this.#said.matchAll(/Free slip: (\w+) (\w+)\n/g)].map((line) => line.slice(1)));
    return until('free slips of all groups', () => Object.keys(free()).length === groups && free());
  }

  /** Ends by itself when the meeting does. */
  async ends() {
    await until('the simulated phones to leave', () => this.#process.exitCode !== null);
    assert.equal(this.#process.exitCode, 0, this.#said);
  }

  async stop() {
    this.#process.kill('SIGKILL');
  }
}

export class Projector {
  static async opens(browser, link, viewport = { width: 1920, height: 1080 }) {
    const projector = Object.assign(new Projector(), await person(browser, { viewport }));
    await projector.page.goto(link);
    return projector;
  }

  async shows(text) {
    await this.page.getByText(text).first().waitFor();
  }

  /** What can be read on it. */
  async text() {
    return this.page.locator('body').innerText();
  }
}

export class Phone {
  static async joins(browser, link, viewport = { width: 390, height: 844 }, more = {}) {
    const phone = Object.assign(new Phone(), await person(browser, { viewport, hasTouch: true, ...more }));
    phone.requests = [];
    phone.page.on('request', (request) => phone.requests.push(request));
    await phone.page.goto(link);
    return phone;
  }

  async sitsDownWith(slip) {
    await this.page.locator('input').first().fill(slip);
    await this.page.locator('button.primary').click();
  }

  async answersBranch(name) {
    await this.page.locator('.choice', { hasText: name }).first().click();
    await this.page.locator('.chosen', { hasText: name }).waitFor();
    await this.page.locator('main .primary').click();
  }

  async isSeated() {
    await this.page.locator('.lamp').first().waitFor();
  }

  /** Opens the sheet from wherever the phone is. */
  async opensSheet() {
    if ((await this.page.locator('.rows').count()) > 0) return;
    await this.page.locator('footer button.primary').click();
    await this.page.locator('.rows').waitFor();
  }

  /** Marks rows: subject → place of the mark in the scale, from 0. */
  async marks(rows) {
    await this.opensSheet();
    for (const [subject, place] of Object.entries(rows)) {
      await this.page.locator(`#row-${subject} .mark`).nth(place).click();
    }
  }

  /** Writes an opinion about a row. */
  async writes(subject, text) {
    await this.opensSheet();
    await this.page.locator(`#row-${subject} .who .secondary`).last().click();
    await this.page.locator('textarea').fill(text);
    await this.page.locator('footer button.primary').click();
    await this.page.locator('.rows').waitFor();
  }

  async submits() {
    await this.opensSheet();
    await this.page.locator('section.end button').click();
    const blank = this.page.locator('label.blank input');
    if ((await blank.count()) > 0) await blank.check();
    const confirm = this.page.locator('footer button.primary');
    await until('the last step to be ready', () => confirm.isEnabled());
    await confirm.click();
  }

  async lampIs(light) {
    await this.page.locator(`.lamp-${light}`).first().waitFor();
  }
}

/** Waits until each of them hears the server again without being reloaded; the time that the last one took, in milliseconds. */
export async function comeBack(since_ms, ...people) {
  for (const someone of people) await until('a page to come back by itself', () => someone.heard.at_ms > since_ms);
  return Math.max(...people.map(({ heard }) => heard.at_ms)) - since_ms;
}

/** Nothing went wrong on any page. */
export function nothingBroke(...people) {
  for (const someone of people) assert.deepEqual(someone.errors, []);
}
