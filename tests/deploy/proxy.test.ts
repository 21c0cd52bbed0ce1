// What the shipped proxy configurations do, seen from the servers behind them and from their logs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import { request as secureRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { test } from '@playwright/test';
import { Nginx, replaced, soon } from './proxy.ts';

const CAST = '/box/abcd2345/1/cast';
const MIB = 1024 * 1024;
/** What a phone's browser would tell of its owner. */
const TELLING = {
  'user-agent': 'Phone of seat 17',
  'accept-language': 'zh-CN',
  referer: 'https://vote.example.invalid/m/abcd2345',
  'x-forwarded-for': '203.0.113.17',
  'x-real-ip': '203.0.113.17',
  forwarded: 'for=203.0.113.17',
};

interface Got {
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

type Answers = (asked: IncomingMessage, answer: ServerResponse) => unknown;
const OK: Answers = (_, answer) => answer.end('ok');

/** A server behind the proxy that answers as it is told and remembers what it got. */
class Stub {
  got: Got[] = [];
  answers: Answers = OK;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (asked, answer) => {
      const parts: Buffer[] = [];
      for await (const part of asked) parts.push(part);
      this.got.push({ url: asked.url ?? '', headers: asked.headers, body: Buffer.concat(parts) });
      this.answers(asked, answer);
    });
    this.#server.on('upgrade', (asked, socket) => {
      socket.end(
        `HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: ${asked.headers.upgrade}\r\n\r\nhello`,
      );
    });
  }

  static async start(): Promise<Stub> {
    const stub = new Stub();
    stub.#server.listen(0, '127.0.0.1');
    await new Promise((done) => stub.#server.once('listening', done));
    return stub;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

let stubs: Stub[] = [];
let proxy: Nginx;
test.beforeAll(async () => {
  stubs = [await Stub.start(), await Stub.start()];
  proxy = await Nginx.to(stubs.map((stub) => stub.address));
  await proxy.start();
});
test.afterAll(async () => {
  await proxy?.stop();
  for (const stub of stubs) stub.close();
});

/** Forgets what was, and waits until no server is passed over because of it. */
const reset = async () => {
  const forget = () => {
    for (const stub of stubs) Object.assign(stub, { got: [], answers: OK });
  };
  forget();
  await soon('both servers to be asked again', async () => {
    await ask('/');
    return stubs.every((stub) => stub.got.length > 0);
  });
  forget();
};
const got = () => stubs.flatMap((stub) => stub.got);
const breaksOff = (asked: IncomingMessage) => asked.socket.destroy();

interface Asking {
  method?: string;
  headers?: Record<string, string>;
  body?: Buffer | string;
}

interface Answered {
  status?: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** One request on a connection of its own. */
function ask(path: string, { method = 'GET', headers = {}, body }: Asking = {}): Promise<Answered> {
  return new Promise((done, failed) => {
    const asking = request({ port: proxy.plain, path, method, headers, agent: false }, async (answer) => {
      const parts: Buffer[] = [];
      for await (const part of answer) parts.push(part);
      done({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts).toString() });
    });
    asking.on('error', failed);
    asking.end(body);
  });
}

test('o40 nginx takes the shipped configuration, without a warning', () => {
  const checked = proxy.check();
  assert.equal(checked.status, 0, checked.stderr);
  assert.doesNotMatch(checked.stderr, /\[(warn|error|emerg)\]/);
});

test('o41 a cast goes on with its bytes and nothing of the phone, and a cookie is not hidden from the server', async () => {
  await reset();
  const body = Buffer.alloc(190 * 1024, 7);
  const headers = { ...TELLING, 'content-type': 'application/json' };
  assert.equal((await ask(CAST, { method: 'POST', headers, body })).status, 200);
  const [cast] = got();
  assert.ok(cast.body.equals(body));
  assert.deepEqual(Object.keys(cast.headers).sort(), ['content-length', 'content-type', 'host']);
  // The rule s5 is the server's: it must see what a page sent by mistake.
  await reset();
  const identity = { cookie: 'a=b', authorization: 'Bearer c' };
  await ask(CAST, { method: 'POST', headers: { ...headers, ...identity }, body: '{}' });
  assert.deepEqual({ cookie: got()[0].headers.cookie, authorization: got()[0].headers.authorization }, identity);
  // Elsewhere the identity goes on too, an address never.
  await reset();
  await ask('/sealed/abcd2345', { method: 'POST', headers: { ...headers, ...identity }, body: '{}' });
  const names = Object.keys(got()[0].headers);
  assert.deepEqual(
    names.filter((name) => /forward|real/.test(name)),
    [],
  );
  assert.ok(names.includes('authorization'));
});

test('o42 no log joins an address and a cast, even when a server breaks off; the control shows that it would', async () => {
  await reset();
  for (const stub of stubs) stub.answers = breaksOff;
  assert.equal((await ask(CAST, { method: 'POST', body: '{}' })).status, 502);
  assert.equal((await ask('/m/abcd2345')).status, 502);
  assert.doesNotMatch(proxy.said, /\/box\/|\/m\/abcd|client:/);
  const files = await readdir(proxy.directory, { recursive: true });
  assert.deepEqual(
    files.filter((name) => /log$/.test(name) || /nginx-(bodies|answers)\/./.test(name)),
    [],
  );
  // The same failure with the settings that nginx has by itself.
  const leaking = await Nginx.to(stubs.map((stub) => stub.address));
  await leaking.configure(
    stubs.map((stub) => stub.address),
    (text) =>
      replaced(replaced(text, 'error_log stderr crit;', 'error_log stderr error;'), 'error_log /dev/null emerg;', ''),
  );
  await leaking.start();
  const cast = { port: leaking.plain, path: CAST, method: 'POST', agent: false };
  await new Promise((done) => request(cast, (answer) => answer.resume().on('end', done)).end('{}'));
  await leaking.stop();
  assert.match(leaking.said, /client: 127\.0\.0\.1.*\/box\//);
});

test('o43 what may be repeated is, at the other server: a cast that broke off, but never the making of a meeting', async () => {
  for (const [path, times] of [
    [CAST, 2],
    ['/sealed/abcd2345', 2],
    ['/sealed', 1],
  ] as const) {
    await reset();
    // Whichever server is asked first breaks off after it has read everything.
    for (const stub of stubs) stub.answers = (asked, answer) => (got().length === 1 ? breaksOff(asked) : answer.end('ok'));
    const { status } = await ask(path, { method: 'POST', body: 'the same bytes' });
    assert.equal(got().length, times, path);
    assert.equal(status, times === 2 ? 200 : 502, path);
    for (const asked of got()) assert.equal(asked.body.toString(), 'the same bytes');
  }
});

test('o44 the answer of a server stands: "not confirmed yet" reaches the phone and the server stays in use', async () => {
  await reset();
  for (const stub of stubs) stub.answers = (_, answer) => answer.writeHead(503).end('{"problem":"try_again"}');
  for (let time = 0; time < 10; time += 1) {
    assert.deepEqual(await ask(CAST, { method: 'POST', body: '{}' }).then(({ status, text }) => [status, text]), [
      503,
      '{"problem":"try_again"}',
    ]);
  }
  assert.equal(got().length, 10, 'each was asked of one server');
});

test('o45 sockets are upgraded, events come as they are written, and bodies have a limit', async () => {
  await reset();
  const [upgraded, hello] = await new Promise<[IncomingMessage, string]>((done, failed) => {
    const headers = { connection: 'Upgrade', upgrade: 'websocket' };
    const asking = request({ port: proxy.plain, path: '/ws/abcd2345', headers, agent: false });
    asking.on('upgrade', (answer, socket, head) => {
      if (head.length > 0) return done([answer, head.toString()]);
      return socket.once('data', (text) => done([answer, text.toString()]));
    });
    asking.on('response', (answer) => failed(new Error(`answered ${answer.statusCode}`)));
    asking.on('error', failed).end();
  });
  assert.equal(upgraded.statusCode, 101);
  assert.equal(hello, 'hello');

  // The second event is written only when the first one has arrived.
  let goOn = () => {};
  for (const stub of stubs) {
    stub.answers = (_, answer) => {
      answer.writeHead(200, { 'content-type': 'text/event-stream' });
      answer.write('data: 1\n\n');
      goOn = () => void answer.end('data: 2\n\n');
    };
  }
  const events = await new Promise<string[]>((done, failed) => {
    const asking = request({ port: proxy.plain, path: '/api/meetings/abcd2345/events', agent: false }, async (answer) => {
      const parts: string[] = [];
      for await (const part of answer) {
        parts.push(String(part));
        if (parts.length === 1) goOn();
      }
      done(parts);
    });
    asking.on('error', failed).end();
  });
  assert.deepEqual(events, ['data: 1\n\n', 'data: 2\n\n']);

  await reset();
  const large = Buffer.alloc(300 * 1024);
  assert.equal((await ask(CAST, { method: 'POST', body: large })).status, 413);
  assert.equal((await ask('/api/key', { method: 'POST', body: large })).status, 413);
  // What the server itself takes, in its envelope: new slips of 1 MiB, and a new meeting of 16 MiB.
  for (const [path, most] of [
    ['/sealed/abcd2345', 1],
    ['/sealed', 16],
  ] as const) {
    const [fits, exceeds] = [most * MIB + 128 * 1024, 2 * most * MIB + 1].map((bytes) => Buffer.alloc(bytes));
    assert.equal((await ask(path, { method: 'POST', body: fits })).status, 200, path);
    assert.equal((await ask(path, { method: 'POST', body: exceeds })).status, 413, path);
  }
  assert.equal((await ask('/readyz')).status, 404);
  assert.equal(got().length, 2);
});

test('o46 everything goes over TLS, of which no session is kept', async () => {
  const away = await fetch(`http://127.0.0.1:${proxy.http}/m/abcd2345?a=b`, { redirect: 'manual' });
  assert.equal(away.status, 308);
  assert.match(away.headers.get('location') ?? '', /^https:\/\/127\.0\.0\.1[:/].*m\/abcd2345\?a=b$/);
  const asked = spawnSync(
    'openssl',
    ['s_client', '-connect', `127.0.0.1:${proxy.https}`, '-reconnect', '-tls1_2', '-servername', 'hall.test'],
    { input: '', encoding: 'utf8' },
  );
  assert.match(asked.stdout, /New, TLSv1\.2/);
  assert.doesNotMatch(asked.stdout, /Reused, TLSv1\.2/);
});

/** One request over TLS: its headers. */
const overTls = (path: string) =>
  new Promise<IncomingMessage>((done, failed) => {
    const where = { port: proxy.https, path, agent: false, rejectUnauthorized: false };
    secureRequest(where, (answer) => answer.resume().on('end', () => done(answer)))
      .on('error', failed)
      .end();
  });

test('o76 every answer over TLS tells the browser to stay with it, also one of the proxy itself, and none without TLS does', async () => {
  await reset();
  // A page, a cast, a refusal of a server, a path that the proxy keeps to itself.
  for (const stub of stubs) stub.answers = (asked, answer) => answer.writeHead(asked.url === '/none' ? 404 : 200).end();
  for (const path of ['/m/abcd2345', CAST, '/none', '/readyz']) {
    const { headers } = await overTls(path);
    assert.equal(headers['strict-transport-security'], 'max-age=86400', path);
  }
  const away = await fetch(`http://127.0.0.1:${proxy.http}/`, { redirect: 'manual' });
  assert.equal(away.headers.get('strict-transport-security'), null);
});

/** What Caddy makes of a site, as far as it is looked at here. */
interface Site {
  listen: string[];
  logs?: unknown;
  routes: {
    handle: { routes: { match?: unknown; handle: { handler: string; response: { set: Record<string, string[]> } }[] }[] }[];
  }[];
}

/** How Caddy goes on to the servers. */
interface Upstreams {
  upstreams: { dial: string }[];
  headers: { request: { delete: string[] } };
}

test('o76 so does Caddy', () => {
  const file = fileURLToPath(new URL('../../deploy/Caddyfile', import.meta.url));
  const adapted = spawnSync('caddy', ['adapt', '--config', file, '--adapter', 'caddyfile'], { encoding: 'utf8' });
  const [server] = Object.values<Site>(JSON.parse(adapted.stdout).apps.http.servers);
  const [site] = server.routes;
  assert.deepEqual(server.listen, [':443']);
  const handlers = site.handle.flatMap(({ routes }) => routes);
  // The first of the site's own routes, and for everything: it comes before any that answers.
  assert.equal(handlers[0].match, undefined);
  const [{ handler, response }] = handlers[0].handle;
  assert.equal(handler, 'headers');
  assert.deepEqual(response.set['Strict-Transport-Security'], ['max-age=86400']);
});

test('o47 Caddy takes its configuration, which logs no request and passes no address on', async () => {
  const file = fileURLToPath(new URL('../../deploy/Caddyfile', import.meta.url));
  const checked = spawnSync('caddy', ['validate', '--config', file, '--adapter', 'caddyfile'], {
    encoding: 'utf8',
  });
  assert.equal(checked.status, 0, checked.stderr);
  const adapted = spawnSync('caddy', ['adapt', '--config', file, '--adapter', 'caddyfile'], {
    encoding: 'utf8',
  });
  const configuration = JSON.parse(adapted.stdout);
  const [server] = Object.values<Site>(configuration.apps.http.servers);
  assert.equal(server.logs, undefined, 'no access log');
  assert.deepEqual(configuration.logging.logs.default.exclude, ['http.log.error', 'http.handlers.reverse_proxy']);
  const proxies: Upstreams[] = [];
  JSON.stringify(configuration, (_key, value) => {
    if (value?.handler === 'reverse_proxy') proxies.push(value);
    return value;
  });
  assert.equal(proxies.length, 4);
  for (const each of proxies) {
    const dials = each.upstreams.map(({ dial }) => dial);
    assert.deepEqual(dials, ['pingyi-0:8080', 'pingyi-1:8080']);
    for (const name of ['forwarded', 'x-forwarded-for', 'x-real-ip']) {
      assert.ok(
        each.headers.request.delete.some((gone) => gone.toLowerCase() === name),
        `${name} goes on`,
      );
    }
  }
});
