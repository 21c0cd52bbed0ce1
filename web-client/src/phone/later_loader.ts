// Fetches the cryptography after the page is there: a third of the page's weight, needed when a round is armed and not
// before. It is asked for as soon as a seat is taken, so that a cast never waits for it nor causes it.

import type { World } from '../browser/world';
import type { PapersKit } from './voting';

declare global {
  interface Window {
    /** Set by papers.js. */
    pingyiPapers?: PapersKit;
  }
}

const CAP_MS = 4_000;

/** Calls back once it is there; asks again until it is. */
export function loadPapers(world: World, done: (kit: PapersKit) => void, attempt = 0): void {
  if (window.pingyiPapers) {
    done(window.pingyiPapers);
    return;
  }
  const script = document.createElement('script');
  script.src = '/papers.js';
  script.onload = () => loadPapers(world, done, attempt);
  script.onerror = () => {
    script.remove();
    const most_ms = Math.min(CAP_MS, 500 * 2 ** attempt);
    world.after(most_ms * world.random(), () => loadPapers(world, done, attempt + 1));
  };
  document.head.appendChild(script);
}
