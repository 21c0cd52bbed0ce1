// What tests of a live hall get: a server with a meeting of its own, and a crowd that leaves when the test is over.
import { test as base } from '@playwright/test';
import { Crowd } from './crowd.ts';
import { Server } from './server.ts';

interface Fixtures {
  /** What the server is started with beside its address. */
  serve: string[];
  server: Server;
  /** Everybody but those whose seats are left free comes in. */
  fills: (seatsLeft: number[], meeting?: string) => Crowd;
}

export const test = base.extend<Fixtures>({
  serve: [[], { option: true }],
  server: async ({ serve }, use) => {
    const server = await Server.fresh(...serve);
    await use(server);
    await server.remove();
  },
  fills: async ({ server }, use) => {
    const crowds: Crowd[] = [];
    await use((seatsLeft, meeting) => {
      const crowd = new Crowd(server, seatsLeft, meeting);
      crowds.push(crowd);
      return crowd;
    });
    for (const crowd of crowds) crowd.stop();
  },
});
