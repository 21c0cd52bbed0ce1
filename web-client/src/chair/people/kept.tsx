// What the server keeps at this moment, for the scrutineer: every table, file and key, what it is, how many, and why it cannot
// join a seat and a mark. Asked anew every few seconds; it must not know anything by itself.
import { useEffect, useState } from 'preact/hooks';
import { inLanguage } from '../../browser/language';
import { type Answer, ask } from '../../net/requests';
import { exchange } from '../../net/role_session';
import type { InventoryLine, InventoryPlace, InventoryView } from '../../protocol';
import { keptTexts } from '../../texts/kept';
import type { Desk } from '../desk';
import { timeOfDay } from '../history_card';

const LOOK_MS = 5_000;
const PLACES: InventoryPlace[] = ['table', 'file', 'redis'];

export function KeptCard({ desk }: { desk: Desk }) {
  if (desk.view.role !== 'scrutineer') return null;
  return <Looking desk={desk} />;
}

function Looking({ desk }: { desk: Desk }) {
  const texts = inLanguage(keptTexts);
  const [list, setList] = useState<InventoryView | null>(null);
  const [failed, setFailed] = useState(false);
  const { meeting, session, capability } = desk.role;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const look = async () => {
      const path = `/api/meetings/${encodeURIComponent(meeting)}/kept`;
      const answer: Answer<InventoryView> = await ask('GET', path, { session });
      if (ended) return;
      if (answer.ok) setList(answer.value);
      setFailed(!answer.ok);
      // Sessions are among what is erased at the end; the link opens the same one again.
      if (!answer.ok && answer.problem.problem === 'unknown_session')
        await exchange('chair', capability, session);
      timer = setTimeout(() => void look(), LOOK_MS);
    };
    void look();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [meeting, session, capability]);
  return (
    <section class="panel kept" aria-labelledby="kept-title">
      <header>
        <h2 id="kept-title">{texts.title}</h2>
        <span class="online">{list ? `${timeOfDay(list.now_ms)} · ${texts.every}` : texts.every}</span>
      </header>
      <p class="quiet-text">{texts.explain}</p>
      {failed && <p class="notice warn">{texts.failed}</p>}
      {list?.kept.some((thing) => thing.kind === 'unknown') && (
        <p class="delivery bad" role="alert">
          {texts.unknown}
        </p>
      )}
      {PLACES.map((place) => {
        const things = list?.kept.filter((thing) => thing.place === place) ?? [];
        return things.length > 0 && <Place key={place} place={place} things={things} />;
      })}
    </section>
  );
}

function Place({ place, things }: { place: InventoryPlace; things: InventoryLine[] }) {
  const texts = inLanguage(keptTexts);
  return (
    <>
      <h3>{texts.places[place]}</h3>
      <ul class="kept-list">
        {things.map((thing) => {
          const kind = texts.kinds[thing.kind];
          return (
            <li key={`${thing.name}.${thing.kind}`} class={thing.kind === 'unknown' ? 'unknown' : undefined}>
              <b class="number">{thing.count}</b>
              <div>
                <p>
                  <b>{kind.name}</b> <code>{thing.name}</code>
                </p>
                <p class="quiet-text">
                  {kind.holds}
                  <br />
                  {texts.joins}
                  {kind.joins}
                </p>
              </div>
            </li>
          );
        })}
      </ul>
    </>
  );
}
