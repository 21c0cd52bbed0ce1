// Several servers for the browser tests: two processes with a directory each, one Redis on the shipped configuration, and nginx
// on the shipped configuration in front.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Nginx, replaced, shipped } from '../../deploy/proxy.ts';
import { freePort, manyFiles, until } from '../../processes.ts';
import { NAME } from '../chromium.ts';
import { binary, type Links, root } from './server.ts';

/** What every server is given. */
const KEY = 'the operator key of all servers';
const ENV = { ...process.env, LC_ALL: 'C' };

/** A process whose words are kept. */
export class Told {
  said = '';

  constructor(readonly child: ChildProcess & { stdout: Readable; stderr: Readable }) {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        this.said += text;
      });
    }
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGKILL');
    await ended;
  }
}

async function startsRedis(directory: string, port: number): Promise<Told> {
  const text = replaced(await shipped('redis.conf'), 'port 6379', `port ${port}`);
  const file = join(directory, 'redis.conf');
  await mkdir(directory);
  await writeFile(file, replaced(text, 'bind * -::*', 'bind 127.0.0.1'));
  const redis = new Told(spawn('redis-server', [file, '--dir', directory]));
  await until('Redis to be ready', () => /Ready to accept connections/.test(redis.said));
  return redis;
}

/** One of the servers, which can lose its power and come back. */
export class Backend {
  #process: Told | null = null;

  constructor(
    readonly port: number,
    private readonly args: string[],
  ) {}

  /** This server itself, past the proxy. */
  get url(): string {
    return `http://${NAME}:${this.port}`;
  }

  async start(): Promise<void> {
    const told = new Told(manyFiles(binary, ['serve', '--listen', `127.0.0.1:${this.port}`, ...this.args], ENV));
    this.#process = told;
    await until('a server to start', () => {
      assert.equal(told.child.exitCode, null, told.said);
      return /listening at/.test(told.said);
    });
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  /** Sockets and requests that it has open at this moment (proc_pid_net(5); state 1 is established). */
  async connections(): Promise<number> {
    const local = `0100007F:${this.port.toString(16).toUpperCase().padStart(4, '0')}`;
    const lines = (await readFile('/proc/net/tcp', 'utf8')).split('\n').map((line) => line.trim().split(/\s+/));
    return lines.filter((fields) => fields[1] === local && fields[3] === '01').length;
  }
}

/** A meeting of the house: where its phones join, and its people's links at the proxy or at one server. */
export interface HeldMeeting {
  plain: string;
  handout: string;
  join: string;
  at(base: string): Omit<Links, 'join'>;
}

/** The whole house. */
export class House {
  readonly directory: string;
  servers: Backend[] = [];
  #proxy: Nginx | null = null;
  #redis: Told | null = null;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async opens(): Promise<House> {
    const house = new House(await mkdtemp(join(tmpdir(), 'pingyi-house-')));
    try {
      await house.#begins();
    } catch (error) {
      // What was started by then would keep the test's process alive.
      await house.closes();
      throw error;
    }
    return house;
  }

  async #begins(): Promise<void> {
    const redis = await freePort();
    this.#redis = await startsRedis(join(this.directory, 'redis'), redis);
    const ports = [await freePort(), await freePort()];
    this.#proxy = await Nginx.to(ports.map((port) => `127.0.0.1:${port}`));
    const all = ['--url', this.url, '--open', '--key', KEY, '--redis', `redis://127.0.0.1:${redis}`];
    this.servers = ports.map((port, at) => new Backend(port, ['--data', join(this.directory, `data-${at}`), ...all]));
    for (const each of this.servers) await each.start();
    await this.#proxy.start();
  }

  /** What phones are told. */
  get url(): string {
    return `https://${NAME}:${this.#proxy?.https}`;
  }

  /** Where simulated phones go: through the proxy, without TLS. */
  get plain(): string {
    return `http://127.0.0.1:${this.#proxy?.plain}`;
  }

  /** Makes a meeting through the proxy: its links, and what a crowd needs. */
  async holds(meeting: string): Promise<HeldMeeting> {
    const out = join(this.directory, meeting);
    await mkdir(out);
    const handout = join(out, 'handout.json');
    const folder = new URL(`meetings/${meeting}`, root).pathname;
    const what = ['create', folder, '--url', this.plain, '--out', out, '--handout', handout];
    const made = spawnSync(binary, what, { env: ENV, encoding: 'utf8' });
    assert.equal(made.status, 0, made.stdout + made.stderr);
    const { meeting: id, capabilities } = JSON.parse(await readFile(handout, 'utf8'));
    const secrets = new Map<string, string>(capabilities);
    const at = (base: string) => ({
      chair: `${base}/chair#k=${secrets.get('chair')}`,
      projector: `${base}/screen#k=${secrets.get('projector')}`,
      teller: `${base}/chair#k=${secrets.get('teller')}`,
      scrutineer: `${base}/chair#k=${secrets.get('scrutineer')}`,
    });
    return { plain: this.plain, handout, at, join: `${this.url}/m/${id}` };
  }

  async closes(): Promise<void> {
    await this.#proxy?.stop();
    for (const each of this.servers) await each.kill();
    await this.#redis?.kill();
    await rm(this.directory, { recursive: true, force: true });
  }
}
