// Several servers for the browser tests: two processes with a directory each, one Redis on the shipped configuration, and nginx
// on the shipped configuration in front.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Nginx, replaced, shipped } from '../../deploy/proxy.mjs';
import { freePort, manyFiles, until } from '../../processes.mjs';
import { NAME } from '../chromium.mjs';
import { binary } from './people.mjs';

const root = new URL('../../../', import.meta.url).pathname;

/** What every server is given. */
const KEY = 'the operator key of all servers';

/** A process whose words are kept. */
class Spoken {
  said = '';

  listensTo(child) {
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        this.said += text;
      });
    }
  }

  async kill() {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGKILL');
    await ended;
  }
}

class Redis extends Spoken {
  static async start(directory) {
    const redis = new Redis();
    redis.port = await freePort();
    const text = replaced(await shipped('redis.conf'), 'port 6379', `port ${redis.port}`);
    const file = join(directory, 'redis.conf');
    await mkdir(directory);
    await writeFile(file, replaced(text, 'bind * -::*', 'bind 127.0.0.1'));
    redis.listensTo(spawn('redis-server', [file, '--dir', directory]));
    await until('Redis to be ready', () => /Ready to accept connections/.test(redis.said));
    return redis;
  }

  get url() {
    return `redis://127.0.0.1:${this.port}`;
  }
}

class Server extends Spoken {
  constructor(data, port, redis, url) {
    super();
    Object.assign(this, { data, port, redis, told: url });
  }

  /** This server itself, past the proxy. */
  get url() {
    return `http://${NAME}:${this.port}`;
  }

  async start() {
    this.said = '';
    const listen = ['--listen', `127.0.0.1:${this.port}`, '--url', this.told, '--data', this.data, '--open', '--key', KEY];
    const env = { ...process.env, LC_ALL: 'C' };
    this.listensTo(manyFiles(binary, ['serve', ...listen, '--redis', this.redis.url], { env }));
    await until(`a server to start: ${this.said}`, () => {
      assert.equal(this.child.exitCode, null, this.said);
      return /listening at/.test(this.said);
    });
    return this;
  }
}

/** The whole house. */
export class House {
  static async opens() {
    const house = new House();
    try {
      return await house.#begins();
    } catch (error) {
      // What was started by then would keep the test's process alive.
      await house.closes();
      throw error;
    }
  }

  async #begins() {
    this.directory = await mkdtemp(join(tmpdir(), 'pingyi-house-'));
    this.redis = await Redis.start(join(this.directory, 'redis'));
    const ports = [await freePort(), await freePort()];
    this.proxy = await Nginx.to(ports.map((port) => `127.0.0.1:${port}`));
    const server = (port, at) => new Server(join(this.directory, `data-${at}`), port, this.redis, this.url);
    this.servers = ports.map(server);
    for (const each of this.servers) await each.start();
    await this.proxy.start();
    return this;
  }

  /** What phones are told. */
  get url() {
    return `https://${NAME}:${this.proxy.https}`;
  }

  /** Where simulated phones go: through the proxy, without TLS. */
  get plain() {
    return `http://127.0.0.1:${this.proxy.plain}`;
  }

  /** Makes a meeting through the proxy: its links, and what a crowd needs. */
  async holds(meeting) {
    const out = join(this.directory, meeting);
    await mkdir(out);
    const handout = join(out, 'handout.json');
    const what = [
      'create',
      join(root, 'meetings', meeting),
      '--url',
      this.plain,
      '--out',
      out,
      '--handout',
      handout,
    ];
    const made = spawnSync(binary, what, { env: { ...process.env, LC_ALL: 'C' }, encoding: 'utf8' });
    assert.equal(made.status, 0, made.stdout + made.stderr);
    const { meeting: id, capabilities } = JSON.parse(await readFile(handout, 'utf8'));
    const secret = (role) => capabilities.find(([known]) => known === role)[1];
    const at = (base) => ({
      chair: `${base}/chair#k=${secret('chair')}`,
      projector: `${base}/screen#k=${secret('projector')}`,
      teller: `${base}/chair#k=${secret('teller')}`,
      scrutineer: `${base}/chair#k=${secret('scrutineer')}`,
    });
    return { id, port: this.proxy.plain, handout, at, join: `${this.url}/m/${id}` };
  }

  /** Sockets and requests that a server has open at this moment (proc_pid_net(5); state 1 is established). */
  async connections(server) {
    const local = `0100007F:${server.port.toString(16).toUpperCase().padStart(4, '0')}`;
    const lines = (await readFile('/proc/net/tcp', 'utf8'))
      .split('\n')
      .map((line) => line.trim().split(/\s+/));
    return lines.filter((fields) => fields[1] === local && fields[3] === '01').length;
  }

  async closes() {
    await this.proxy?.stop();
    for (const each of [...(this.servers ?? []), this.redis]) await each?.kill();
    await rm(this.directory, { recursive: true, force: true });
  }
}
