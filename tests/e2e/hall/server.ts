// One server in a process of its own, on a data directory that outlives it. Knows no browser.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { freePort, until } from '../../processes.ts';
import { NAME } from '../chromium.ts';

export const root = new URL('../../../', import.meta.url);
export const binary = process.env.PINGYI_BIN ?? new URL('target/release/pingyi', root).pathname;

export type Spoken = ChildProcessByStdio<null, Readable, Readable>;

/** Starts the binary, and passes on whatever it says on its terminal. */
export function starts(args: string[], hear: (text: string) => void): Spoken {
  const child = spawn(binary, args, { env: { ...process.env, LC_ALL: 'C' }, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => hear(String(text)));
  return child;
}

export interface Links {
  join: string;
  chair: string;
  projector: string;
  teller: string;
  scrutineer: string;
}

/** The service on a data directory that outlives it. */
export class Server {
  links: Links = { join: '', chair: '', projector: '', teller: '', scrutineer: '' };
  #process: Spoken | null = null;
  #said = '';

  private constructor(
    readonly data: string,
    readonly port: number,
    private readonly more: string[],
  ) {}

  static async fresh(...more: string[]): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), 'pingyi-')), await freePort(), more);
    await server.start();
    server.links = server.#printed();
    return server;
  }

  /** The codes and secrets of the meeting, for who plays its people. */
  get handout(): string {
    return join(this.data, 'handout.json');
  }

  get url(): string {
    return `http://${NAME}:${this.port}`;
  }

  /** The same address for programs, which know no names of these tests. */
  get plain(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.#said = '';
    const listen = ['--listen', `127.0.0.1:${this.port}`, '--url', this.url, '--data', this.data];
    this.#process = starts(['serve', ...listen, '--handout', this.handout, ...this.more], (text) => {
      this.#said += text;
    });
    await until('the links on the terminal', () => /Projector: +\S+\n/.test(this.#said));
  }

  #printed(): Links {
    const of = (role: string) => {
      const link = this.#said.match(new RegExp(`${role}: +(\\S+)`))?.[1];
      if (link === undefined) throw new Error(`no link for the ${role} in ${this.#said}`);
      return link;
    };
    return {
      join: of('Join'),
      chair: of('Chair'),
      projector: of('Projector'),
      teller: of('Teller'),
      scrutineer: of('Scrutineer'),
    };
  }

  get said(): string {
    return this.#said;
  }

  /** Ends the process at once, as a power cut does. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }
}
