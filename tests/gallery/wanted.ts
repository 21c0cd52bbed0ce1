// Which pictures are asked for, and where they go: `ONLY='turn|closed' npm --prefix tests run pictures -- -g chair-zh-1920`.
import { fileURLToPath } from 'node:url';

export const FOLDER = fileURLToPath(new URL('../../target/pictures', import.meta.url));
export const SIZES: [number, number][] = [
  [360, 640],
  [390, 844],
  [1280, 800],
  [1920, 1080],
];

const only = new RegExp(process.env.ONLY ?? '');
export const isWanted = (state: string): boolean => only.test(state);
