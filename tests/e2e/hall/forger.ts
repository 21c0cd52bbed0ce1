// An operator who cheats one phone: leaves one of its ballots out of the record, and has the box sign what is left anew.
import { createHash, createPrivateKey, sign } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Request } from '@playwright/test';
import type { RecordView } from '#protocol';
import type { Phone } from './phone.ts';
import type { Server } from './server.ts';

/** PKCS #8 of an Ed25519 key, before its 32 bytes. */
const BEFORE_SECRET = Buffer.from('302e020100300506032b657004220420', 'hex');
/** What a file of keys begins with, in bytes. */
const HEAD_BYTES = 40;

const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** The root of a Merkle tree over leaves, as RECORD.md has it. */
function rootOf(leaves: Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0];
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return sha256(Buffer.of(1), rootOf(leaves.slice(0, half)), rootOf(leaves.slice(half)));
}

/** The key with which the box of the first round signs, from the directory of its server. */
async function boxKey(server: Server): Promise<ReturnType<typeof createPrivateKey>> {
  const file = (await readdir(join(server.data, 'keys'))).find((name) => name.endsWith('-1.keys'));
  if (file === undefined) throw new Error('the round has no keys');
  const keys = (await readFile(join(server.data, 'keys', file))).subarray(HEAD_BYTES);
  const seed = Buffer.from(JSON.parse(String(keys)).box_key, 'base64url');
  return createPrivateKey({ key: Buffer.concat([BEFORE_SECRET, seed]), format: 'der', type: 'pkcs8' });
}

/** Leaves one of this phone's ballots out of the record that it is shown; gives what it will have asked for. */
export async function leavesOut(server: Server, phone: Phone): Promise<Request[]> {
  const key = await boxKey(server);
  const own = await phone.page.evaluate(() => {
    const name = Object.keys(localStorage).find((each) => each.startsWith('pingyi/record/')) ?? '';
    return JSON.parse(JSON.parse(localStorage.getItem(name) ?? '{}').witness);
  });
  const gone = Buffer.from(own.ballots[0].leaf, 'base64url');
  const fetched = (url: string) => fetch(url.replace(/\/\/[^/]+/, `//127.0.0.1:${server.port}`));
  const leavesAt = async (url: string) => {
    const bytes = Buffer.from(await (await fetched(url)).arrayBuffer());
    return Array.from({ length: bytes.length / 32 }, (_, at) => bytes.subarray(32 * at, 32 * at + 32));
  };
  const asked: Request[] = [];
  let left: Buffer[] = [];
  await phone.context.route(/rounds\/1\/(record|leaves)$/, async (route) => {
    const url = route.request().url();
    asked.push(route.request());
    if (url.endsWith('/leaves')) return route.fulfill({ body: Buffer.concat(left) });
    left = (await leavesAt(url.replace('/record', '/leaves'))).filter((leaf) => !leaf.equals(gone));
    const view: RecordView = await (await fetched(url)).json();
    const root = rootOf(left);
    const message = [Buffer.from('pingyi-record/1\0'), Buffer.from(own.m, 'hex'), root, Buffer.from(view.head, 'hex')];
    const box_sig = sign(null, Buffer.concat(message), key).toString('base64url');
    return route.fulfill({ json: { ...view, leaves: left.length, root: root.toString('hex'), box_sig } });
  });
  return asked;
}
