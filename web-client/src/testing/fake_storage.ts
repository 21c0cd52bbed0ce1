// A device's storage made for tests, which shows what is kept.
import type { Storage } from '../browser/storage';

export function fakeStorage(): Storage & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    forgets: false,
    get: (name) => kept.get(name) ?? null,
    set: (name, text) => kept.set(name, text) !== undefined,
    remove: (name) => void kept.delete(name),
    names: (prefix) => [...kept.keys()].filter((name) => name.startsWith(prefix)),
  };
}
