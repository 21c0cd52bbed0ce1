// The shipped nginx.conf, made to run on this machine: only ports, paths and the servers' addresses are replaced, and each
// replacement must be found, so that what is tested is what is shipped.
import { type ChildProcess, type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, manyFiles, until } from '../processes.ts';

const deploy = new URL('../../deploy/', import.meta.url);
/** Debian puts it where only root's PATH leads. */
export const nginx = process.env.NGINX ?? '/usr/sbin/nginx';
/** How long a process may take to do what it is waited for, in milliseconds. */
const PATIENCE_MS = 20_000;

/** Waits for what a process does by itself. */
export const soon = <Found>(what: string, is: () => Found | Promise<Found>) => until(what, is, PATIENCE_MS);

export const shipped = (name: string) => readFile(new URL(name, deploy), 'utf8');

/** Replaces a text as often as it must be there. */
export function replaced(text: string, what: string, by: string, times = 1): string {
  const parts = text.split(what);
  if (parts.length !== times + 1) throw new Error(`"${what}" is there ${parts.length - 1} times and not ${times}`);
  return parts.join(by);
}

/** A directory that nginx's workers, who are nobody, can enter. */
export async function openDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'pingyi-proxy-'));
  await chmod(directory, 0o755);
  return directory;
}

/** A certificate that nobody trusts, for a name and for loopback. */
export async function certificate(directory: string, name: string): Promise<void> {
  await mkdir(join(directory, 'tls'), { recursive: true });
  const to = ['-keyout', join(directory, 'tls/privkey.pem'), '-out', join(directory, 'tls/fullchain.pem')];
  const who = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name},IP:127.0.0.1`];
  const how = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const made = spawnSync('openssl', [...how, ...to, ...who], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`no certificate: ${made.stderr}`);
}

/** The proxy on free ports: `https`, `http` (which sends to https) and `plain`, which is https without TLS for programs. */
export class Nginx {
  said = '';
  #process: ChildProcess | null = null;

  private constructor(
    readonly directory: string,
    readonly https: number,
    readonly http: number,
    readonly plain: number,
  ) {}

  static async to(servers: string[]): Promise<Nginx> {
    const proxy = new Nginx(await openDirectory(), await freePort(), await freePort(), await freePort());
    await certificate(proxy.directory, 'hall.test');
    await proxy.configure(servers);
    return proxy;
  }

  get configuration(): string {
    return join(this.directory, 'nginx.conf');
  }

  async configure([first, second]: string[], change = (text: string) => text): Promise<void> {
    let text = await shipped('nginx.conf');
    text = replaced(text, '/tmp/nginx', join(this.directory, 'nginx'), 6);
    text = replaced(text, 'server pingyi-0:8080 ', `server ${first} `);
    text = replaced(text, 'server pingyi-1:8080 ', `server ${second} `);
    text = replaced(text, 'listen 80;', `listen 127.0.0.1:${this.http};`);
    text = replaced(text, 'listen [::]:80;', '');
    text = replaced(text, 'listen 443 ssl;', `listen 127.0.0.1:${this.https} ssl;`);
    text = replaced(text, 'listen [::]:443 ssl;', `listen 127.0.0.1:${this.plain};`);
    await writeFile(this.configuration, change(text));
  }

  /** What `nginx -t` says of it. */
  check(): SpawnSyncReturns<string> {
    return spawnSync(nginx, ['-p', `${this.directory}/`, '-c', this.configuration, '-t'], {
      encoding: 'utf8',
    });
  }

  async start(): Promise<this> {
    this.said = '';
    const arguments_ = ['-p', `${this.directory}/`, '-c', this.configuration, '-g', 'daemon off;'];
    const child = manyFiles(nginx, arguments_);
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        this.said += text;
      });
    }
    await soon('nginx to answer', async () => {
      if (child.exitCode !== null) throw new Error(`nginx does not start: ${this.said}`);
      return this.#answers();
    });
    return this;
  }

  async #answers(): Promise<boolean> {
    const answer = await fetch(`http://127.0.0.1:${this.http}/`, { redirect: 'manual' }).catch(() => null);
    return answer?.status === 308;
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (child && child.exitCode === null) {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await ended;
    }
    await rm(this.directory, { recursive: true, force: true });
  }
}
