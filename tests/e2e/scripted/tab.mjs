// One browser tab that shows a page of the hall in whatever state it is told, answered from scripted views instead of a server.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { hearForbidden, NAME, policyOf } from '../chromium.mjs';
import { NOW_MS } from './state.mjs';
import { explainedOf, printsOf } from './prints.mjs';
import { qrLike } from './qr_like.mjs';
import { KEY, unsealed } from './sealed_routes.mjs';

const client = new URL('../../../web-client/', import.meta.url);
const require = createRequire(new URL('package.json', client));
const AXE = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
const HOST = `http://${NAME}`;

const isCounted = (state) => ['result', 'result-college', 'result-items'].includes(state.name);

/** The forms that the print page lays out. */
export const FORMS = ['summary', 'report', 'ranking', 'grades', 'feedback', 'opinions', 'ballot', 'signin', 'slips', 'history'];

/** The pages, and which states each of them is looked at in. */
export const PAGES = {
  screen: {
    file: 'screen',
    link: '#k=AAAAAAAAAAAAAAAAAAAAAA',
    ready: '.stage',
    only: (state) => !['scrutineer', 'teller'].includes(state.chair.role) || state.name.startsWith('paper'),
  },
  chair: {
    file: 'chair',
    link: '#k=BBBBBBBBBBBBBBBBBBBBBB',
    ready: '.console',
    only: (state) => state.name !== 'join-college',
  },
  ...Object.fromEntries(
    FORMS.map((form) => [form, { file: 'print', link: `#${form}`, ready: '.sheet', only: isCounted }]),
  ),
};

/** A tab for one page at one size in one language. */
export async function openTab(browser, page, [width, height], language) {
  const context = await browser.newContext({
    viewport: { width, height },
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
    hasTouch: width < 500,
  });
  const told = { page: PAGES[page], state: null, faults: [] };
  await hearForbidden(context, (what) => told.faults.push(what));
  const tab = await context.newPage();
  tab.on('pageerror', (error) => told.faults.push(String(error)));
  await tab.clock.setFixedTime(NOW_MS);
  await context.route('**/*', (route) => answer(route, told));
  await context.routeWebSocket(/.*/, (socket) => {
    socket.onMessage(() => {
      socket.send(JSON.stringify({ kind: 'welcome', now_ms: NOW_MS, protocol: 3 }));
      socket.send(JSON.stringify(viewOf(told)));
    });
  });
  return { tab, context, told };
}

function viewOf({ page, state }) {
  return page.file === 'screen' ? state.projector : state.chair;
}

function roleOf({ page, state }) {
  return page.file === 'screen' ? 'projector' : state.chair.role;
}

const recordOf = (name) => readFile(new URL(`../../vectors/records_1/${name}.json`, import.meta.url));

async function answer(route, told) {
  const { path, query, fulfill } = unsealed(route);
  const json = (body, status = 200) => fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) });
  if (path === '/empty') return fulfill({ contentType: 'text/html', body: '<!doctype html><title>-</title>' });
  if (path === `/${told.page.file}`) {
    const body = await readFile(new URL(`dist/${told.page.file}.html`, client));
    const headers = { 'content-security-policy': await policyOf(told.page.file) };
    return fulfill({ contentType: 'text/html; charset=utf-8', headers, body });
  }
  if (path.endsWith('/key')) return json({ key: KEY, now_ms: NOW_MS });
  if (path === '/api/sessions') return json({ meeting: told.state.plan.id, role: roleOf(told) });
  if (path.endsWith('/plan')) return json(told.state.plan);
  if (path.endsWith('/view')) return json(viewOf(told));
  if (path.endsWith('/prints')) return json(printsOf(told.state));
  if (path.endsWith('/explained')) return json(explainedOf(told.state));
  if (path.endsWith('/commands') || path.endsWith('/slips')) return json({ version: 8 });
  if (path.endsWith('/record.json')) {
    const [whole, everybodys] = told.state.records;
    return fulfill({ contentType: 'application/json', body: await recordOf(query ? everybodys : whole) });
  }
  if (path.endsWith('/join.svg') || path === '/api/qr') {
    return fulfill({ contentType: 'image/svg+xml', body: qrLike(told.state.plan.id) });
  }
  return json({ problem: 'not_found', refusal: null, detail: null, retry_after_s: null }, 404);
}

/** Shows the state as if the page were opened for the first time. */
export async function show({ tab, told }, state) {
  told.state = state;
  told.faults = [];
  await tab.goto(`${HOST}/empty`);
  const role = { capability: 'B'.repeat(22), session: 'S'.repeat(22), meeting: state.plan.id, role: 'chair' };
  await tab.evaluate(
    ([isPrint, text]) => {
      localStorage.clear();
      sessionStorage.clear();
      if (isPrint) localStorage.setItem('pingyi/role/chair', text);
    },
    [told.page.file === 'print', JSON.stringify(role)],
  );
  await tab.goto(`${HOST}/${told.page.file}${told.page.link}`);
  await tab.waitForSelector(told.page.ready);
}

/** Until every picture of the page is there and two frames were drawn. */
export async function drawn(tab) {
  await tab.waitForFunction(() => [...document.images].every((image) => image.complete));
  await tab.waitForFunction(() => document.querySelector('[data-check=counting]') === null);
  await tab.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(undefined)))),
  );
}

/** What is wrong with what the tab shows now: a script's error, something that its policy forbids, a serious fault for axe-core, something too wide. */
export async function wrongWith({ tab, told }) {
  await tab.evaluate(AXE);
  const found = await tab.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const serious = found.violations
    .filter((each) => each.impact === 'serious' || each.impact === 'critical')
    .map((each) => `${each.id}: ${each.help} (${each.nodes.length} ×, ${each.nodes[0]?.target.join(' ')})`);
  return [...told.faults, ...serious, ...(await tab.evaluate(tooWide)), ...(await tab.evaluate(cutOff))];
}

/** Runs in the page. */
function tooWide() {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const all = [...document.querySelectorAll('body *:not(.stage *)')];
  const right = (element) => element.getBoundingClientRect().right;
  const widest = all.sort((one, other) => right(other) - right(one))[0];
  return [`the page is ${scrollWidth - clientWidth} px too wide: ${widest.tagName} ${widest.className}`];
}

/** Runs in the page: what begins or ends outside of the wall, which shows nothing of that. Names that are shortened on purpose are
 * cut off earlier. */
function cutOff() {
  const stage = document.querySelector('.stage');
  if (!stage) return [];
  const whole = stage.getBoundingClientRect();
  const isShortened = (node) => {
    for (let of = node.parentElement; of && of !== stage; of = of.parentElement)
      if (getComputedStyle(of).overflowX !== 'visible') return true;
    return false;
  };
  const nodes = document.createTreeWalker(stage, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  const faults = [];
  for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
    let place = node;
    if (node.nodeType === Node.TEXT_NODE) {
      place = document.createRange();
      place.selectNode(node);
    }
    const { left, right, top, bottom } = place.getBoundingClientRect();
    const by = Math.max(whole.left - left, right - whole.right, whole.top - top, bottom - whole.bottom);
    if (right > left && by > 1 && !isShortened(node))
      faults.push(`${node.className ?? `"${node.data}"`} is cut off at the edge of the wall by ${Math.round(by)} px`);
  }
  return faults;
}
