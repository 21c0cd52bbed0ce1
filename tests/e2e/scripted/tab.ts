// One browser tab that shows a page of the hall in whatever state it is told, answered from scripted views instead of a server.
import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContext, Page, Route } from '@playwright/test';
import { type Done, PROTOCOL, type Problem, type Role, type SessionOpened } from '#protocol';
import { axeFinds, built, hearForbidden, NAME, policyOf } from '../chromium.ts';
import type { Language } from './phone.ts';
import { explainedOf, printsOf } from './prints.ts';
import { qrLike } from './qr_like.ts';
import { KEY, unsealed } from './sealed_routes.ts';
import { type HallState, NOW_MS } from './state.ts';

const HOST = `http://${NAME}`;

/** The forms that the print page lays out. */
export const FORMS = [
  'summary',
  'report',
  'ranking',
  'grades',
  'feedback',
  'opinions',
  'ballot',
  'signin',
  'slips',
  'history',
] as const;
export type Form = (typeof FORMS)[number];
export type PageName = 'screen' | 'chair' | Form;

/** A page, what it waits for, and which states it is looked at in. */
interface HallPage {
  file: 'screen' | 'chair' | 'print';
  link: string;
  ready: string;
  only(state: HallState): boolean;
}

const isCounted = (state: HallState) => ['result', 'result-college', 'result-items'].includes(state.name);
const print = (form: Form): HallPage => ({ file: 'print', link: `#${form}`, ready: '.sheet', only: isCounted });

export const PAGES: Record<PageName, HallPage> = {
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
  summary: print('summary'),
  report: print('report'),
  ranking: print('ranking'),
  grades: print('grades'),
  feedback: print('feedback'),
  opinions: print('opinions'),
  ballot: print('ballot'),
  signin: print('signin'),
  slips: print('slips'),
  history: print('history'),
};

export interface Tab {
  page: Page;
  context: BrowserContext;
  told: { shows: HallPage; state: HallState | null; faults: string[] };
}

/** A tab for one page at one size in one language. */
export async function openTab(
  browser: Browser,
  name: PageName,
  [width, height]: [number, number],
  language: Language,
): Promise<Tab> {
  const context = await browser.newContext({
    viewport: { width, height },
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
    hasTouch: width < 500,
  });
  const told: Tab['told'] = { shows: PAGES[name], state: null, faults: [] };
  await hearForbidden(context, (what) => told.faults.push(what));
  const page = await context.newPage();
  page.on('pageerror', (error) => told.faults.push(String(error)));
  await page.clock.setFixedTime(NOW_MS);
  await context.route('**/*', (route) => answer(route, told));
  await context.routeWebSocket(/.*/, (socket) => {
    socket.onMessage(() => {
      socket.send(JSON.stringify({ kind: 'welcome', now_ms: NOW_MS, protocol: PROTOCOL }));
      socket.send(JSON.stringify(viewOf(told)));
    });
  });
  return { page, context, told };
}

function stateOf({ state }: Tab['told']): HallState {
  if (!state) throw new Error('the page asks before it is shown a state');
  return state;
}

function viewOf(told: Tab['told']): HallState['projector'] | HallState['chair'] {
  const state = stateOf(told);
  return told.shows.file === 'screen' ? state.projector : state.chair;
}

function roleOf(told: Tab['told']): Role {
  return told.shows.file === 'screen' ? 'projector' : stateOf(told).chair.role;
}

const recordOf = (name: string) => readFile(new URL(`../../vectors/records_1/${name}.json`, import.meta.url));
const NOT_FOUND: Problem = { problem: 'not_found', refusal: null, detail: null, retry_after_s: null };

async function answer(route: Route, told: Tab['told']): Promise<void> {
  const { path, query, fulfill } = unsealed(route);
  const { file } = told.shows;
  if (path === '/empty') return fulfill({ contentType: 'text/html', body: '<!doctype html><title>-</title>' });
  if (path === `/${file}`) {
    const headers = { 'content-security-policy': await policyOf(file) };
    return fulfill({ contentType: 'text/html; charset=utf-8', headers, body: await built(`${file}.html`) });
  }
  const state = stateOf(told);
  const json = (body: object, status = 200) =>
    fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) });
  if (path.endsWith('/key')) return json({ key: KEY, now_ms: NOW_MS });
  if (path === '/api/sessions') return json({ meeting: state.plan.id, role: roleOf(told) } satisfies SessionOpened);
  if (path.endsWith('/plan')) return json(state.plan);
  if (path.endsWith('/view')) return json(viewOf(told));
  if (path.endsWith('/prints')) return json(printsOf(state));
  if (path.endsWith('/explained')) return json(explainedOf(state));
  if (path.endsWith('/commands') || path.endsWith('/slips')) return json({ version: 8 } satisfies Done);
  if (path.endsWith('/record.json')) {
    const [whole, everybodys] = state.records;
    return fulfill({ contentType: 'application/json', body: await recordOf(query ? everybodys : whole) });
  }
  if (path.endsWith('/join.svg') || path === '/api/qr') {
    return fulfill({ contentType: 'image/svg+xml', body: qrLike(state.plan.id) });
  }
  return json(NOT_FOUND, 404);
}

/** Shows the state as if the page were opened for the first time. */
export async function show({ page, told }: Tab, state: HallState): Promise<void> {
  told.state = state;
  told.faults = [];
  await page.goto(`${HOST}/empty`);
  const role = { capability: 'B'.repeat(22), session: 'S'.repeat(22), meeting: state.plan.id, role: 'chair' };
  await page.evaluate(
    ({ isPrint, text }) => {
      localStorage.clear();
      sessionStorage.clear();
      if (isPrint) localStorage.setItem('pingyi/role/chair', text);
    },
    { isPrint: told.shows.file === 'print', text: JSON.stringify(role) },
  );
  await page.goto(`${HOST}/${told.shows.file}${told.shows.link}`);
  await page.waitForSelector(told.shows.ready);
}

/** Until every picture of the page is there and two frames were drawn. */
export async function drawn(page: Page): Promise<void> {
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  await page.waitForFunction(() => document.querySelector('[data-check=counting]') === null);
  await page.evaluate(() => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));
}

/** What is wrong with what the tab shows now: a script's error, something that its policy forbids, a serious fault for axe-core, something too wide. */
export async function wrongWith({ page, told }: Tab): Promise<string[]> {
  const found = await axeFinds(page, {});
  const serious = found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help} (${nodes.length} ×, ${nodes[0]?.target.join(' ')})`);
  return [...told.faults, ...serious, ...(await page.evaluate(tooWide)), ...(await page.evaluate(cutOff))];
}

/** Runs in the page. */
function tooWide(): string[] {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const all = [...document.querySelectorAll('body *:not(.stage *)')];
  const right = (element: Element) => element.getBoundingClientRect().right;
  const [widest] = all.sort((one, other) => right(other) - right(one));
  return [`the page is ${scrollWidth - clientWidth} px too wide: ${widest.tagName} ${widest.className}`];
}

/** Runs in the page: what begins or ends outside of the wall, which shows nothing of that. Names that are shortened on purpose are
 * cut off earlier. */
function cutOff(): string[] {
  const stage = document.querySelector('.stage');
  if (!stage) return [];
  const whole = stage.getBoundingClientRect();
  const isShortened = (node: Node) => {
    for (let of = node.parentElement; of && of !== stage; of = of.parentElement)
      if (getComputedStyle(of).overflowX !== 'visible') return true;
    return false;
  };
  const nodes = document.createTreeWalker(stage, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  const faults: string[] = [];
  for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
    let place: Element | Range;
    if (node instanceof Element) place = node;
    else {
      place = document.createRange();
      place.selectNode(node);
    }
    const { left, right, top, bottom } = place.getBoundingClientRect();
    const by = Math.max(whole.left - left, right - whole.right, whole.top - top, bottom - whole.bottom);
    if (right > left && by > 1 && !isShortened(node)) {
      const what = node instanceof Element ? node.className : `"${node.textContent}"`;
      faults.push(`${what} is cut off at the edge of the wall by ${Math.round(by)} px`);
    }
  }
  return faults;
}
