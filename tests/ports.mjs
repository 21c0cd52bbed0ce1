// Ports for the processes that tests start. They lie below those that the system gives to outgoing connections, so that nobody
// takes one while its server is down; none is given twice by one process, and processes side by side begin far apart.
import { createServer } from 'node:net';

const FIRST = 10_000;
/** How many ports one process may ask for. */
const A_PROCESS = 100;
const PROCESSES = 200;
const first = FIRST + (process.pid % PROCESSES) * A_PROCESS;
let given = 0;

const isFree = (port) =>
  new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });

/** A port that nobody listens on, and that is not given again. */
export async function freePort() {
  for (;;) {
    if (given === A_PROCESS) throw new Error(`all ports from ${first} to ${first + given - 1} were given`);
    const port = first + given;
    given += 1;
    if (await isFree(port)) return port;
  }
}
