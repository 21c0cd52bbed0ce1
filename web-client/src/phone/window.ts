// One live window a phone: the newest wins, the others fall silent until the voter takes up again there.
// Two windows that vote would make two ballots of one token. It must not know what a window does.
import { signal } from '@preact/signals-core';
import { storage } from '../browser/storage';

const NAME = 'window';
const self = String(Math.random()).slice(2);

/** Whether this window is the live one. */
export const isLive = signal(true);

/** Whether nobody else has become live meanwhile; asked before anything that must not happen twice. */
export function isStillLive(): boolean {
  const holder = storage.get(NAME);
  return isLive.value && (holder === null || holder === self);
}

export function becomeLive(): void {
  storage.set(NAME, self);
  isLive.value = true;
}

export function watchWindows(): void {
  becomeLive();
  addEventListener('storage', (event) => {
    if (event.key === null || !event.key.endsWith(`/${NAME}`)) return;
    if (event.newValue === null) {
      if (!isLive.value && !document.hidden) becomeLive();
    } else if (event.newValue !== self) {
      isLive.value = false;
    }
  });
  // A page that is closed leaves the place to the window behind it; one that comes back takes it again if it is free.
  addEventListener('pagehide', () => {
    if (storage.get(NAME) === self) storage.remove(NAME);
  });
  const comesBack = () => {
    if (!document.hidden && storage.get(NAME) === null) becomeLive();
  };
  addEventListener('pageshow', comesBack);
  document.addEventListener('visibilitychange', comesBack);
}
