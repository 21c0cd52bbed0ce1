// The projector as the hall sees it, live and small, and which scene it shows; the join code beside it.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Scene } from '../protocol';
import { typedAddress } from '../stage/joining';
import { projectorFromChair } from '../stage/picture';
import { Stage } from '../stage/stage';
import { type Desk, isChair, words } from './desk';

const SCENES: [Scene, string][] = [
  ['follow', ''],
  ['join', 'Q'],
  ['result', 'R'],
  ['black', 'B'],
];

export function ProjectorCard({ desk }: { desk: Desk }) {
  const texts = words();
  return (
    <section class="panel screen-card" aria-labelledby="screen-title">
      <header>
        <h2 id="screen-title">{texts.screen}</h2>
      </header>
      <Preview desk={desk} />
      {isChair(desk) && (
        <fieldset class="scenes" aria-labelledby="screen-title">
          {SCENES.map(([scene, key]) => (
            <button
              key={scene}
              type="button"
              aria-pressed={desk.view.scene === scene}
              onClick={() => desk.commands.send({ do: 'set_scene', scene })}
            >
              {texts.scene[scene]}
              {key !== '' && <kbd>{key}</kbd>}
            </button>
          ))}
        </fieldset>
      )}
      <div class="join-line">
        <button
          type="button"
          class="join-small"
          aria-label={`${texts.joinCode}: ${texts.enlarge}`}
          onClick={() => {
            desk.window.value = { is: 'join' };
          }}
        >
          <img src={joinCode(desk)} alt="" />
        </button>
        <p>
          {texts.joinHint}
          <b>{typedAddress(desk.view.join_url)}</b>
        </p>
      </div>
    </section>
  );
}

/** The server's picture of the join address. */
export function joinCode(desk: Desk): string {
  return `/api/meetings/${encodeURIComponent(desk.plan.id)}/join.svg`;
}

/** The stage at 1920 × 1080, scaled to the width that there is. */
function Preview({ desk }: { desk: Desk }) {
  const frame = useRef<HTMLDivElement>(null);
  const [scale, set] = useState(0.2);
  useEffect(() => {
    const box = frame.current;
    if (!box) return;
    const fit = () => set(box.clientWidth / 1920);
    fit();
    const watcher = new ResizeObserver(fit);
    watcher.observe(box);
    return () => watcher.disconnect();
  }, []);
  return (
    <div
      class="preview"
      ref={frame}
      role="img"
      aria-label={words().screenNow}
      style={{ height: `${Math.round(1080 * scale)}px` }}
    >
      <div class="preview-stage" aria-hidden="true" style={{ transform: `scale(${scale})` }}>
        <Stage input={{ view: projectorFromChair(desk.view), plan: desk.plan, now: desk.now }} />
      </div>
    </div>
  );
}

/** Puts a scene on the projector, or takes it away again where it stands already: what B, Q and R do. */
export function toggleScene(desk: Desk, scene: Scene): void {
  if (!isChair(desk)) return;
  desk.commands.send({ do: 'set_scene', scene: desk.view.scene === scene ? 'follow' : scene });
}
