// The rest of the hall: simulated phones in a process of their own, so that they outlive a killed server.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { until } from '../../processes.ts';
import { root, type Spoken, starts } from './server.ts';

/** Where a crowd goes, and the file of what its people have in hand. */
interface Where {
  plain: string;
  handout: string;
}

export class Crowd {
  #process: Spoken;
  #said = '';

  /** Every present voter of the meeting's file but those whose seats are left free. */
  constructor(where: Where, seatsLeft: number[], meeting = 'institute') {
    const folder = new URL(`meetings/${meeting}/`, root).pathname;
    const sheets = meeting === 'institute' ? ['--sheets', join(folder, 'sheets.csv')] : [];
    const who = [...sheets, '--leave', seatsLeft.join(','), '--think-s', '3'];
    this.#process = starts(['crowd', folder, '--url', where.plain, '--handout', where.handout, ...who], (text) => {
      this.#said += text;
    });
  }

  /** A free slip of each group, by the group's id. */
  async freeSlips(groups = 3): Promise<Record<string, string>> {
    const lines = () => [...this.#said.matchAll(/Free slip: (\w+) (\w+)\n/g)];
    const free = () => Object.fromEntries(lines().map(([, group, code]) => [group, code]));
    await until('free slips of all groups', () => Object.keys(free()).length === groups);
    return free();
  }

  /** Ends by itself when the meeting does. */
  async ends(): Promise<void> {
    await until('the simulated phones to leave', () => this.#process.exitCode !== null);
    assert.equal(this.#process.exitCode, 0, this.#said);
  }

  stop(): void {
    this.#process.kill('SIGKILL');
  }
}
