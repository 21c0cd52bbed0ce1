// Pictures of every state of the phone, without a server: dist/ is served from here with scripted answers, on an origin
// that is no secure context, as in a hall. `node pictures.mjs [STATE…]` writes into
// tests/e2e/pictures/ (git-ignored); `PICTURES=zh-360` takes only those whose name matches.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { hearForbidden, launch, NAME, policyOf } from './chromium.mjs';
import { NOW_MS, plan } from './scripted/phone_meeting.mjs';
import { STATES } from './scripted/phone_states.mjs';
import { KEY, unsealed } from './scripted/sealed_routes.mjs';

const here = new URL('.', import.meta.url);
const client = new URL('../../web-client/', here);

const ORIGIN = `http://${NAME}`;
const SIZES = [
  [360, 640],
  [390, 844],
  [1280, 800],
  [1920, 1080],
];
/** The kit that is built, with what its tokens would need a server for. */
const KIT = `Object.assign(window.pingyiPapers, { isManifest: () => true, prepare: () => ({ wallet: '{}', request: '{}' }),
  finalize: (wallet) => wallet, cast: () => '{}', receive: () => ({ code: 'K7Q4-M2XD', witness: '{}' }), seal: () => new Uint8Array(0),
  beginLook: ({ onChecked }) => ({ lookNow() {}, stop() {},
    follow: () => onChecked(JSON.parse(localStorage.getItem('pingyi/checked') || '[]')) }) });`;

async function file(name) {
  return readFile(new URL(`dist/${name}`, client), 'utf8');
}

function answerOf(state, path) {
  const scripted = state.answers?.[path];
  if (scripted) return scripted;
  const shown = state.plan ?? plan();
  if (path === `/api/meetings/${shown.id}/plan`) return { body: shown };
  if (path.endsWith('/key')) return { body: { key: KEY, now_ms: NOW_MS } };
  if (path.endsWith('/manifest')) return { text: '{}' };
  if (path.endsWith('/papers')) return { body: { papers: [] } };
  return { status: 404, body: { problem: 'not_found', refusal: null, detail: null, retry_after_s: null } };
}

/** Answers whatever the pages of a context ask, as the state says that `told` holds at that moment. */
async function serve(context, told) {
  await context.route('**/*', async (route) => {
    const { state, language } = told;
    const { path: pathname, fulfill } = unsealed(route);
    if (pathname === '/empty') return route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>-</title>' });
    if (pathname === '/papers.js') return route.fulfill({ contentType: 'text/javascript', body: `${await file('papers.js')};${KIT}` });
    if (pathname.startsWith('/texts/')) return route.fulfill({ body: await file(pathname.slice(1)) });
    if (pathname === '/kiosk.js') return route.fulfill({ contentType: 'text/javascript', body: await file('kiosk.js') });
    if (pathname === '/' || pathname.startsWith('/m/')) {
      const html = await file(language === 'zh' ? 'index.html' : 'index.en.html');
      const { kind, ...view } = state.view ?? {};
      const first = JSON.stringify({
        now_ms: NOW_MS,
        key: KEY,
        plan: state.plan ?? plan(),
        view: kind ? view : undefined,
      });
      const script = `<script type="application/json" id="first">${first}</script>`;
      // As the server makes the phone's page one for a shared tablet: kiosk.js runs before it.
      const isKiosk = pathname.endsWith('/kiosk');
      const kiosk = isKiosk ? '<script src="/kiosk.js"></script>' : '';
      const body = html.replace('<!--first-->', () => kiosk + (state.first ? script : ''));
      const policy = `${isKiosk ? 'kiosk' : 'index'}${language === 'zh' ? '' : '.en'}`;
      const headers = { 'content-security-policy': await policyOf(policy) };
      return route.fulfill({ contentType: 'text/html; charset=utf-8', headers, body });
    }
    const answer = state.socket === 'dead' ? 'fails' : answerOf(state, pathname);
    if (answer === 'never') return undefined;
    if (answer === 'fails') return route.abort();
    const body = answer.text ?? JSON.stringify(answer.body);
    return fulfill({ status: answer.status ?? 200, body });
  });
  await context.routeWebSocket('**/ws/**', (socket) => {
    const { state } = told;
    if (state.socket === 'dead') return socket.close({ code: 1011 });
    if (typeof state.socket === 'number') return socket.close({ code: state.socket });
    socket.onMessage(() => {
      socket.send(JSON.stringify({ kind: 'welcome', now_ms: NOW_MS, protocol: 3 }));
      if (state.view) socket.send(JSON.stringify(state.view));
    });
    return undefined;
  });
}

/** A phone of one size in one language, for one state after the other; the caller closes its context. */
export async function openPhone(browser, { size, language, textSize = 0 }) {
  const [width, height] = size;
  const context = await browser.newContext({
    viewport: { width, height },
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    reducedMotion: 'reduce',
    hasTouch: width < 1000,
  });
  await context.clock.install({ time: NOW_MS });
  await context.clock.resume();
  const told = { state: null, language, textSize, forbidden: [] };
  await hearForbidden(context, (what) => told.forbidden.push(what));
  await serve(context, told);
  const page = await context.newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  return { context, page, told };
}

/** Shows a state, or one of the list by name, as if the page were opened for the first time, until it stands. */
export async function show({ page, told }, name) {
  const state = typeof name === 'string' ? STATES[name] : name;
  told.state = state;
  const path = state.path ?? '/m/abcd1234';
  await page.goto(`${ORIGIN}/empty`);
  await page.clock.setSystemTime(NOW_MS);
  await page.evaluate(
    ([isKiosk, kept]) => {
      localStorage.clear();
      sessionStorage.clear();
      // What a shared tablet keeps lasts as long as its tab.
      const memory = isKiosk ? sessionStorage : localStorage;
      for (const [key, value] of Object.entries(kept)) memory.setItem(`pingyi/${key}`, value);
    },
    [path.endsWith('/kiosk'), { ...state.kept, text_size: String(told.textSize) }],
  );
  await page.goto(ORIGIN + path);
  if (await page.evaluate(() => isSecureContext)) throw new Error('this origin hides what plain http lacks');
  await page.waitForSelector('main :is(section, form, h2)');
  for (const act of state.act ?? []) {
    await act(page);
    await page.evaluate(
      () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
    );
  }
  if (told.forbidden.length > 0) throw new Error(told.forbidden.join('\n'));
}

/** One state on a phone of its own; the caller closes the context. */
export async function play(browser, name, way) {
  const phone = await openPhone(browser, way);
  await show(phone, name);
  return phone;
}

/** One picture of many: what belongs together is looked at together. */
async function contactSheet(browser, folder, name, pictures) {
  const page = await browser.newPage({ viewport: { width: 1800, height: 900 } });
  const cells = [];
  for (const { label, file } of pictures) {
    const image = (await readFile(file)).toString('base64');
    cells.push(
      `<figure><img src="data:image/png;base64,${image}"><figcaption>${label}</figcaption></figure>`,
    );
  }
  await page.setContent(`<style>body{margin:8px;background:#888;display:flex;flex-wrap:wrap;gap:8px;align-items:start}
    figure{margin:0}img{display:block;max-width:430px;max-height:860px}figcaption{font:14px sans-serif;color:#fff}</style>${cells.join('')}`);
  await page.screenshot({ path: new URL(`sheet-${name}.png`, folder).pathname, fullPage: true });
  await page.close();
}

async function main() {
  const asked = process.argv.slice(2);
  const names = asked.length > 0 ? asked : Object.keys(STATES);
  const wanted = new RegExp(process.env.PICTURES ?? '');
  const folder = new URL('pictures/', here);
  await mkdir(folder, { recursive: true });
  await writeFile(new URL('.gitignore', folder), '*\n');
  const browser = await launch();
  const taken = [];
  for (const language of ['zh', 'en']) {
    for (const size of SIZES) {
      for (const textSize of [0, 2]) {
        const labelOf = (name) => `${name}-${language}-${size.join('x')}${textSize ? '-large' : ''}`;
        const shown = names.filter((name) => wanted.test(labelOf(name)));
        if (shown.length === 0) continue;
        const phone = await openPhone(browser, { size, language, textSize });
        for (const name of shown) {
          await show(phone, name);
          const label = labelOf(name);
          const path = new URL(`${label}.png`, folder).pathname;
          await phone.page.screenshot({ path });
          taken.push({ label, file: path, kind: `${language}-${size[0]}${textSize ? '-large' : ''}` });
        }
        await phone.context.close();
      }
    }
  }
  for (const kind of new Set(taken.map((picture) => picture.kind))) {
    const pictures = taken.filter((picture) => picture.kind === kind);
    await contactSheet(browser, folder, kind, pictures);
  }
  await browser.close();
}

if (process.argv[1] === new URL(import.meta.url).pathname) await main();
