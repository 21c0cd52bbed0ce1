// After the archive: the button that destroys what is kept of the meeting's people, and what it destroyed.
import { inLanguage } from '../../browser/language';
import type { Destroyed } from '../../protocol';
import { eraseTexts } from '../../texts/erase';
import { keptTexts } from '../../texts/kept';
import { type Desk, isChair, words } from '../desk';
import { Dialog } from '../dialog';
import { HoldButton } from '../hold';

export function EraseCard({ desk }: { desk: Desk }) {
  const { view } = desk;
  const texts = inLanguage(eraseTexts);
  if (view.now.phase !== 'archived') return null;
  if (!view.destroyed && !isChair(desk)) return null;
  return (
    <section class="panel erase" aria-labelledby="erase-title">
      <header>
        <h2 id="erase-title">{texts.title}</h2>
      </header>
      {view.destroyed ? <Done places={view.destroyed} /> : <Offer desk={desk} />}
    </section>
  );
}

function Offer({ desk }: { desk: Desk }) {
  const texts = inLanguage(eraseTexts);
  return (
    <>
      <p>{texts.explain}</p>
      <p class="print-links">
        <button
          type="button"
          data-open="erase"
          onClick={() => {
            desk.window.value = { is: 'erase' };
          }}
        >
          {texts.open}
        </button>
      </p>
    </>
  );
}

function Done({ places }: { places: Destroyed[] }) {
  const texts = inLanguage(eraseTexts);
  const kinds = inLanguage(keptTexts).kinds;
  const waits = places.filter((place) => !place.is_done).map((place) => place.place);
  return (
    <>
      <p role="status">
        <b>{texts.done}</b>
      </p>
      {waits.length > 0 && <p class="notice warn">{texts.waits(waits.join(', '))}</p>}
      <ul class="destroyed">
        {places
          .filter((place) => place.is_done)
          .map((place, at) => (
            <li key={`${place.place}.${at}`}>
              <b>{place.place || texts.server}</b>{' '}
              {place.things.map((thing) => `${kinds[thing.kind].name} ${thing.count}`).join(' · ')}
            </li>
          ))}
      </ul>
      <p class="print-links">
        <a class="button" href="/print#erased" target="_blank" rel="noopener opener">
          {texts.print}
        </a>
      </p>
    </>
  );
}

export function EraseWindow({ desk, close }: { desk: Desk; close(): void }) {
  const texts = inLanguage(eraseTexts);
  return (
    <Dialog title={texts.confirm_title} onClose={close}>
      <ul class="confirm-list">
        {texts.confirm.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <div class="window-buttons">
        <button type="button" onClick={close}>
          {words().cancel}
        </button>
        <HoldButton
          class="danger-fill"
          what={texts.open}
          onDone={() => {
            desk.commands.send({ do: 'erase_people' });
            close();
          }}
        >
          {texts.hold}
        </HoldButton>
      </div>
    </Dialog>
  );
}
