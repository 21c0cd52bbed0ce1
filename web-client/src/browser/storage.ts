// What a page keeps on this device. It must not know what it keeps: only text under names.
// Where the browser refuses (private mode of old Safari, storage switched off), it keeps in memory and says so.

export interface Storage {
  /** Whether what is kept is gone once the page is closed or reloaded. */
  readonly forgets: boolean;
  /** The text under that name, if any. */
  get(name: string): string | null;
  /** Keeps the text; false where the device is full, and then nothing has changed. */
  set(name: string, text: string): boolean;
  remove(name: string): void;
  /** All names that begin so. */
  names(prefix: string): string[];
}

declare global {
  interface Window {
    /** Set by a script that ran before the page, where the page is to keep everything somewhere else. */
    pingyiMemory?: globalThis.Storage;
  }
}

const PREFIX = 'pingyi/';

/** The kept things of this origin. */
export function openStorage(
  find: () => globalThis.Storage = () => window.pingyiMemory ?? window.localStorage,
): Storage {
  try {
    const local = find();
    const probe = `${PREFIX}probe`;
    local.setItem(probe, '1');
    local.removeItem(probe);
    return onDevice(local);
  } catch {
    return inMemory();
  }
}

function onDevice(local: globalThis.Storage): Storage {
  return {
    forgets: false,
    get: (name) => local.getItem(PREFIX + name),
    set(name, text) {
      try {
        local.setItem(PREFIX + name, text);
        return true;
      } catch {
        return false;
      }
    },
    remove: (name) => local.removeItem(PREFIX + name),
    names: (prefix) =>
      Object.keys(local)
        .filter((key) => key.startsWith(PREFIX + prefix))
        .map((key) => key.slice(PREFIX.length)),
  };
}

function inMemory(): Storage {
  const kept = new Map<string, string>();
  return {
    forgets: true,
    get: (name) => kept.get(name) ?? null,
    set: (name, text) => kept.set(name, text) !== undefined,
    remove: (name) => void kept.delete(name),
    names: (prefix) => [...kept.keys()].filter((name) => name.startsWith(prefix)),
  };
}

/** This page's storage. */
export const storage: Storage = openStorage();
