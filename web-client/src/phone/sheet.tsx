// The sheet: one scrolling page with a row for every subject that this seat may mark. Nothing on it moves or changes
// places while it is open; what comes in from the meeting only lights up where there is room for it.
import { computed, signal } from '@preact/signals-core';
import type { VNode } from 'preact';
import { language } from '../browser/language';
import { formTitle } from '../meeting/form_title';
import { labelOf, lookOf } from '../meeting/marks';
import type { SubjectView } from '../protocol';
import { columnsFor, labelWidth } from './columns';
import { Doctor } from './doctor';
import { setMark } from './draft';
import { canDraw, drawRow } from './drawings';
import { openDrawn } from './drawn';
import { ReadReport } from './now';
import { goBack, openPage, page } from './pages';
import { blankRows, currentStep, markOf, needsReason, openRows, opinionOf, ownBranch, rows } from './rows';
import { brokenRules, Counters } from './rules';
import { ballot, plan, scale, subjects } from './state';
import { remPixels, windowWidth } from './text_size';
import { fill, say } from './words';

/** What was marked last, for those who hear the page. */
const spoken = signal('');

/** The width of a sheet and its margin, in rem, as in phone.css. */
const SHEET_REM = 44;
const MARGIN_REM = 1;
const MARGIN_MOST_PX = 20;

const columns = computed(() => {
  const rem_px = remPixels();
  const grades = scale.value.filter(({ kind }) => kind === 'grade').length;
  const longest_px = Math.max(
    0,
    ...scale.value.map((mark) => labelWidth(labelOf(mark, language.value), rem_px)),
  );
  const width_px =
    Math.min(windowWidth.value, SHEET_REM * rem_px) - 2 * Math.min(MARGIN_REM * rem_px, MARGIN_MOST_PX);
  return columnsFor(grades, longest_px, width_px, rem_px);
});

export function Sheet() {
  const t = say();
  const own = subjects.value.find(({ id }) => id === ownBranch.value);
  return (
    <>
      <main class="inner">
        <h2 class="page-title">{(plan.value && formTitle(plan.value, language.value)) || t.sheet}</h2>
        <p class="hint">{ballot.value.is === 'open' ? t.draft_hint_open : t.draft_hint}</p>
        {own && <p class="hint">{fill(t.own_branch_absent, own.branch)}</p>}
        <Counters />
        <div class={`rows columns-${columns.value}`}>
          {rows.value.map((subject, index) => row(subject, index + 1))}
        </div>
        <section class="end">
          {blankRows.value.length > 0 && <p>{fill(t.blank_means_abstain, blankRows.value.length)}</p>}
          <button type="button" class="secondary" onClick={() => openPage({ name: 'review' })}>
            {t.review}
          </button>
        </section>
        <p class="spoken" aria-live="polite">
          {spoken.value}
        </p>
      </main>
      <footer>
        <div class="inner">
          <Doctor />
          <Bar />
        </div>
      </footer>
    </>
  );
}

/** Back to the meeting, and the one button: to the next open row, or on to the review. */
export function Bar() {
  const t = say();
  const left = openRows.value.length;
  const broken = brokenRules.value.find(({ rule }) => rule !== 'all_rows');
  return (
    <div class="bar">
      <button type="button" class="secondary" onClick={goBack}>
        {t.back}
      </button>
      {left > 0 ? (
        <button type="button" class="primary" onClick={jumpToOpenRow}>
          {fill(t.rows_left, left)} ↓
        </button>
      ) : (
        <button type="button" class="primary" onClick={() => openPage({ name: 'review' })}>
          {ballot.value.is === 'open' || broken ? t.all_marked : t.all_marked_wait}
        </button>
      )}
    </div>
  );
}

/** To the first open row below the middle of the screen, or else the first of all; from the page of a row to the next one's. */
function jumpToOpenRow(): void {
  const now = page.value;
  if (now.name === 'row') {
    const at = rows.value.findIndex(({ id }) => id === now.subject);
    const next = [...rows.value.slice(at + 1), ...rows.value].find((row) => openRows.value.includes(row));
    if (next && next.id !== now.subject) openPage({ name: 'row', subject: next.id });
    else goTo(document.querySelector('.item-open'));
    return;
  }
  const open = openRows.value.flatMap(({ id }) => document.getElementById(`row-${id}`) ?? []);
  const below = open.find((row) => row.getBoundingClientRect().top > innerHeight / 2);
  goTo(below ?? open[0]);
}

function goTo(target: Element | null | undefined): void {
  if (!target) return;
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  target.scrollIntoView({ block: 'center', behavior: isCalm ? 'auto' : 'smooth' });
  target.querySelector<HTMLElement>('.mark,.fill button,input')?.focus({ preventScroll: true });
}

const known = new Map<number, { shows: string; row: VNode }>();

/** A row as it was, unless it shows something else: seventy of them at every tap are too slow on an old phone. */
function row(subject: SubjectView, place: number): VNode {
  const { id } = subject;
  const isCurrent = currentStep.value?.subject === id;
  const { digest } = plan.value ?? {};
  const shows = [digest, place, language.value, markOf(id), opinionOf(id), isCurrent, canDraw()].join();
  const before = known.get(id);
  if (before?.shows === shows) return before.row;
  const next = <Row key={id} subject={subject} place={place} />;
  known.set(id, { shows, row: next });
  return next;
}

function Row({ subject, place }: { subject: SubjectView; place: number }) {
  const t = say();
  const { id, branch, secretary } = subject;
  const marked = markOf(id);
  const isCurrent = currentStep.value?.subject === id;
  return (
    <section class={isCurrent ? 'row current' : 'row'} id={`row-${id}`} aria-labelledby={`name-${id}`}>
      <div class="who">
        <h3 id={`name-${id}`}>
          <span class="place">{place}</span> {branch}
        </h3>
        <p>
          {secretary}
          {subject.report === 'written' && <span> · {t.in_writing}</span>}
          {subject.absent && <span> · {t.absent}</span>}
          {isCurrent && <b> · {t.reporting_now}</b>}
        </p>
        {subject.has_text && <ReadReport subject={subject} />}
        {plan.value?.opinions_min && (
          <button
            type="button"
            class={needsReason(id) ? 'secondary partly' : 'secondary'}
            onClick={() => openDrawn({ name: 'opinion', subject: id })}
          >
            {opinionOf(id) ? t.opinions.written : needsReason(id) ? t.opinions.reason : t.opinions.write}
          </button>
        )}
      </div>
      {isDrawn() ? (
        <div class="fill" ref={(host) => drawRow(host, 'sheet', id)} />
      ) : (
        <Marks subject={subject} marked={marked} />
      )}
      {!plan.value?.items.length && (
        <button
          type="button"
          class="clear"
          style={{ visibility: marked ? 'visible' : 'hidden' }}
          aria-label={fill(t.clear_of, branch)}
          onClick={() => setMark(id, '')}
        >
          {t.clear}
        </button>
      )}
    </section>
  );
}

/** Whether later.js draws the rows: with items or numbers. */
export const isDrawn = () => plan.value?.items.length || plan.value?.numeric != null;

function Marks({ subject, marked }: { subject: SubjectView; marked: string }) {
  return (
    <div class="marks">
      {scale.value.map((mark) => (
        <button
          type="button"
          key={mark.id}
          class={`mark ${lookOf(scale.value, mark)}${mark.kind === 'grade' ? '' : ' apart'}`}
          aria-pressed={mark.id === marked}
          onClick={() => choose(subject, mark.id, labelOf(mark, language.value))}
        >
          {labelOf(mark, language.value)}
        </button>
      ))}
    </div>
  );
}

function choose(subject: SubjectView, mark: string, label: string): void {
  setMark(subject.id, mark);
  const t = say();
  const left = openRows.value.length;
  spoken.value = `${fill(t.marked, subject.branch, label)}. ${left > 0 ? fill(t.rows_left, left) : t.all_marked}`;
}
