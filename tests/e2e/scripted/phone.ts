// A phone without a server: dist/ is served from here with scripted answers, on an origin that is no secure context, as in a hall.
import assert from 'node:assert/strict';
import type { Browser, BrowserContext, Page, WebSocketRoute } from '@playwright/test';
import { type First, type Papers, type PlanView, PROTOCOL, type Problem } from '#protocol';
import { built, hearForbidden, NAME, policyOf } from '../chromium.ts';
import { type Kept, NOW_MS, plan, type Sent } from './phone_meeting.ts';
import { KEY, unsealed } from './sealed_routes.ts';

/** What is answered to one path; never, or with a network that fails. */
export type Scripted = { status?: number; body: object } | { text: string } | 'never' | 'fails';

/** One state of a phone: what the server would say, what the phone keeps, what the voter does. */
export interface PhoneState {
  plan?: PlanView;
  view?: Sent;
  kept: Kept;
  /** Whether the plan is in the page already. */
  first?: boolean;
  path?: string;
  answers?: Record<string, Scripted>;
  /** A socket that does not open, or that is closed with this code. */
  socket?: 'dead' | number;
  act?: ((page: Page) => Promise<unknown>)[];
}

export type Language = 'zh' | 'en';

/** How a phone is looked at; the size in pixels, the size of the text as the page names it. */
export interface Way {
  size: [width: number, height: number];
  language: Language;
  textSize?: 0 | 1 | 2;
}

export interface ScriptedPhone {
  context: BrowserContext;
  page: Page;
  told: { state: PhoneState | null; way: Way; faults: string[] };
}

const ORIGIN = `http://${NAME}`;
/** The kit that is built, with what its tokens would need a server for. */
const KIT = `Object.assign(window.pingyiLater.tokens, { isManifest: () => true, prepare: () => ({ wallet: '{}', request: '{}' }),
  finalize: (wallet) => wallet, cast: () => '{}', receive: () => ({ code: 'K7Q4-M2XD', witness: '{}' }), seal: () => new Uint8Array(0) });
  window.pingyiLater.beginLook = ({ onChecked }) => ({ lookNow() {}, stop() {},
    follow: () => onChecked(JSON.parse(localStorage.getItem('pingyi/checked') || '[]')) });`;

function answerOf(state: PhoneState, path: string): Scripted {
  if (state.socket === 'dead') return 'fails';
  const scripted = state.answers?.[path];
  if (scripted) return scripted;
  const shown = state.plan ?? plan();
  if (path === `/api/meetings/${shown.id}/plan`) return { body: shown };
  if (path.endsWith('/key')) return { body: { key: KEY, now_ms: NOW_MS } };
  if (path.endsWith('/manifest')) return { text: '{}' };
  if (path.endsWith('/papers')) return { body: { papers: [] } satisfies Papers };
  const problem: Problem = { problem: 'not_found', refusal: null, detail: null, retry_after_s: null };
  return { status: 404, body: problem };
}

/** The phone's page, and the policy that the server sends with it. */
async function pageOf(state: PhoneState, language: Language, isKiosk: boolean): Promise<{ body: string; policy: string }> {
  const html = await built(language === 'zh' ? 'index.html' : 'index.en.html');
  const first: Omit<First, 'view'> & Partial<First> = {
    now_ms: NOW_MS,
    key: KEY,
    plan: state.plan ?? plan(),
    ...(state.view && { view: { now: state.view.now, result: state.view.result } }),
  };
  const script = `<script type="application/json" id="first">${JSON.stringify(first)}</script>`;
  // As the server makes the phone's page one for a shared tablet: kiosk.js runs before it.
  const kiosk = isKiosk ? '<script src="/kiosk.js"></script>' : '';
  const body = html.replace('<!--first-->', () => kiosk + (state.first ? script : ''));
  return { body, policy: await policyOf(`${isKiosk ? 'kiosk' : 'index'}${language === 'zh' ? '' : '.en'}`) };
}

/** Answers whatever the pages of a context ask, as the state says that `told` holds at that moment. */
async function serve(context: BrowserContext, told: ScriptedPhone['told']): Promise<void> {
  await context.route('**/*', async (route) => {
    const state = told.state ?? { kept: {} };
    const { path, fulfill } = unsealed(route);
    if (path === '/empty') return route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>-</title>' });
    if (path === '/later.js')
      return route.fulfill({ contentType: 'text/javascript', body: `${await built('later.js')};${KIT}` });
    if (path === '/kiosk.js') return route.fulfill({ contentType: 'text/javascript', body: await built('kiosk.js') });
    if (path.startsWith('/texts/')) return route.fulfill({ body: await built(path.slice(1)) });
    if (path === '/' || path.startsWith('/m/')) {
      const { body, policy } = await pageOf(state, told.way.language, path.endsWith('/kiosk'));
      return route.fulfill({
        contentType: 'text/html; charset=utf-8',
        headers: { 'content-security-policy': policy },
        body,
      });
    }
    const answer = answerOf(state, path);
    if (answer === 'never') return undefined;
    if (answer === 'fails') return route.abort();
    if ('text' in answer) return fulfill({ body: answer.text });
    return fulfill({ status: answer.status ?? 200, body: JSON.stringify(answer.body) });
  });
  await context.routeWebSocket('**/ws/**', (socket) => follows(socket, told.state ?? { kept: {} }));
}

function follows(socket: WebSocketRoute, { socket: fate, view }: PhoneState): void {
  if (fate !== undefined) {
    socket.close({ code: fate === 'dead' ? 1011 : fate });
    return;
  }
  socket.onMessage(() => {
    socket.send(JSON.stringify({ kind: 'welcome', now_ms: NOW_MS, protocol: PROTOCOL }));
    if (view) socket.send(JSON.stringify(view));
  });
}

/** A phone of one size in one language, for one state after the other; the caller closes its context. */
export async function openPhone(browser: Browser, way: Way): Promise<ScriptedPhone> {
  const [width, height] = way.size;
  const context = await browser.newContext({
    viewport: { width, height },
    locale: way.language === 'zh' ? 'zh-CN' : 'en-GB',
    reducedMotion: 'reduce',
    hasTouch: width < 1000,
  });
  await context.clock.install({ time: NOW_MS });
  await context.clock.resume();
  const told: ScriptedPhone['told'] = { state: null, way, faults: [] };
  await hearForbidden(context, (what) => told.faults.push(what));
  await serve(context, told);
  const page = await context.newPage();
  page.on('pageerror', (error) => told.faults.push(String(error)));
  return { context, page, told };
}

/** Shows a state as if the page were opened for the first time, until it stands. */
export async function show({ page, told }: ScriptedPhone, state: PhoneState): Promise<void> {
  told.state = state;
  const path = state.path ?? '/m/abcd1234';
  await page.goto(`${ORIGIN}/empty`);
  await page.clock.setSystemTime(NOW_MS);
  await page.evaluate(
    ({ isKiosk, kept }) => {
      localStorage.clear();
      sessionStorage.clear();
      // What a shared tablet keeps lasts as long as its tab.
      const memory = isKiosk ? sessionStorage : localStorage;
      for (const [key, value] of Object.entries(kept)) memory.setItem(`pingyi/${key}`, value);
    },
    { isKiosk: path.endsWith('/kiosk'), kept: { ...state.kept, text_size: String(told.way.textSize ?? 0) } },
  );
  await page.goto(ORIGIN + path);
  assert.equal(await page.evaluate(() => isSecureContext), false, 'this origin hides what plain http lacks');
  await page.waitForSelector('main :is(section, form, h2)');
  for (const act of state.act ?? []) {
    await act(page);
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  }
  assert.deepEqual(told.faults, []);
}

/** One state on a phone of its own; the caller closes the context. */
export async function play(browser: Browser, state: PhoneState, way: Way): Promise<ScriptedPhone> {
  const phone = await openPhone(browser, way);
  await show(phone, state);
  return phone;
}
