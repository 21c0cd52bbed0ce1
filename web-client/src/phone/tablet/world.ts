// The world of a shared tablet: casts wait. It must not know what is cast.
import type { World } from '../../browser/world';

/** A cast waits this long at most, at random: so that not each of them follows its confirmation at once. */
const CAST_WAIT_MAX_MS = 4_000;

/** The same world, in which the first attempt of each cast waits a random moment, unless the round is closing. */
export function patientWorld(world: World, isClosing: () => boolean): World {
  const sent = new Set<string>();
  return {
    ...world,
    async fetch(path, init) {
      if (path.startsWith('/box/') && !sent.has(path)) {
        sent.add(path);
        const wait_ms = isClosing() ? 0 : CAST_WAIT_MAX_MS * world.random();
        await new Promise<void>((go) => void world.after(wait_ms, go));
      }
      return world.fetch(path, init);
    },
  };
}
