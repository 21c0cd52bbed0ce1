// What tests need for the processes that they start: ports, open files, and patience. It knows no process by name.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createServer } from 'node:net';

/** How long anything may take, in milliseconds; waiting is for a state, never for a time. */
export const PATIENCE_MS = 30_000;
/** Between the first two looks at a state, and between any two: what takes long is looked at less often, since each look costs. */
const LOOK_MS = 25;
const LOOK_MOST_MS = 250;

/** Waits until `is` gives something true, and gives it; `what` names it when it never does. */
export async function until<Found>(
  what: string,
  is: () => Found | Promise<Found>,
  patience_ms = PATIENCE_MS,
): Promise<Exclude<Found, null | undefined | false>> {
  const end = Date.now() + patience_ms;
  for (let pause_ms = LOOK_MS; ; pause_ms = Math.min(LOOK_MOST_MS, 1.5 * pause_ms)) {
    const found = await is();
    if (found) return found as Exclude<Found, null | undefined | false>;
    if (Date.now() > end) throw new Error(`waited ${patience_ms} ms for ${what}`);
    await new Promise((done) => setTimeout(done, pause_ms));
  }
}

/** Starts a process with as many open files as the system allows: a thousand phones need two each. */
export function manyFiles(program: string, args: string[], env = process.env): ChildProcessWithoutNullStreams {
  const raised = 'ulimit -n "$(ulimit -Hn)"; exec "$0" "$@"';
  return spawn('sh', ['-c', raised, program, ...args], { env });
}

// Ports lie below those that the system gives to outgoing connections, so that nobody takes one while its server is down;
// none is given twice by one process, and processes side by side begin far apart.
const FIRST = 10_000;
/** How many ports one process may ask for. */
const A_PROCESS = 100;
const PROCESSES = 200;
const first = FIRST + (process.pid % PROCESSES) * A_PROCESS;
let given = 0;

const isFree = (port: number) =>
  new Promise<boolean>((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });

/** A port that nobody listens on, and that is not given again. */
export async function freePort(): Promise<number> {
  for (;;) {
    if (given === A_PROCESS) throw new Error(`all ports from ${first} to ${first + given - 1} were given`);
    const port = first + given;
    given += 1;
    if (await isFree(port)) return port;
  }
}
