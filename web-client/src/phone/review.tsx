// The last look: every row with its mark, what a blank row means, and the one step that is final.
import { signal } from '@preact/signals-core';
import { language } from '../browser/language';
import { labelOf, lookOf } from '../meeting/marks';
import { Doctor } from './doctor';
import { drawRow } from './drawings';
import { castSheet } from './follow';
import { goBack } from './pages';
import { blankRows, markOf, opinionOf, rows } from './rows';
import { brokenRules, Counters } from './rules';
import { isDrawn } from './sheet';
import { ballot, scale } from './state';
import { fill, say } from './words';

/** For how many blank rows the voter said that they are meant; another number has to be said again. */
const saidBlank = signal(0);

export function Review() {
  const t = say();
  const blank = blankRows.value.length;
  const opinions = rows.value.filter(({ id }) => opinionOf(id)).length;
  return (
    <>
      <main class="inner">
        <h2 class="page-title">{t.review_title}</h2>
        <p class="hint">{t.review_hint}</p>
        <Counters />
        <ol class="review">
          {rows.value.map((subject) => (
            <li key={subject.id}>
              <span>
                <b>{subject.branch}</b> {subject.secretary}
              </span>
              <Chosen subject={subject.id} />
            </li>
          ))}
        </ol>
        {opinions > 0 && <p class="hint">{fill(t.opinions.cast_too, opinions)}</p>}
        {blank > 0 && (
          <label class="blank">
            <input
              type="checkbox"
              checked={saidBlank.value === blank}
              onChange={(event) => {
                saidBlank.value = event.currentTarget.checked ? blank : 0;
              }}
            />
            <span>{fill(t.confirm_blank, blank)}</span>
          </label>
        )}
      </main>
      <footer>
        <div class="inner">
          <Doctor />
          <div class="bar">
            <button type="button" class="secondary" onClick={goBack}>
              {t.change}
            </button>
            <Confirm blank={blank} />
          </div>
        </div>
      </footer>
    </>
  );
}

function Chosen({ subject }: { subject: number }) {
  const marked = markOf(subject);
  if (marked && isDrawn()) return <div ref={(host) => drawRow(host, 'review', subject)} />;
  const mark = scale.value.find(({ id }) => id === marked);
  if (!mark) return <i class="chip blank-chip">{say().blank}</i>;
  return <i class={`chip ${lookOf(scale.value, mark)}`}>{labelOf(mark, language.value)}</i>;
}

function Confirm({ blank }: { blank: number }) {
  const t = say();
  const isOpen = ballot.value.is === 'open';
  const isSaid = blank === 0 || saidBlank.value === blank;
  const isReady = isOpen && isSaid && brokenRules.value.length === 0;
  const label = isOpen ? (isSaid ? t.confirm : t.tick_first) : t.confirm_waits;
  return (
    <button type="button" class="primary" disabled={!isReady} onClick={castSheet}>
      {label}
    </button>
  );
}
