// What every scene is given, and the parts that several scenes share. It must not know a connection or a session.
import type { ComponentChildren } from 'preact';
import { language } from '../browser/language';
import { labelOf, lookOf } from '../meeting/marks';
import { emsOf, fittingSize, spacedName } from '../meeting/paging';
import type { MarkView, PlanView, ProjectorView, SubjectView } from '../protocol';
import { words } from './words';

export interface SceneInput {
  view: ProjectorView;
  plan: PlanView;
  /** The server's clock in milliseconds. */
  now: () => number;
}

/** A length in the stage's unit: one pixel at 1920 × 1080. */
export function u(size: number): string {
  return `calc(${size} * var(--u))`;
}

/** A size of letters that was computed to fit; a style, so that tall.css can choose another one. */
export function fit(size: number): { '--fit': string } {
  return { '--fit': u(size) };
}

/** The red banner with the meeting's title, and at its right what the scene says about itself. */
export function Banner({ plan, side }: { plan: PlanView; side?: ComponentChildren }) {
  const size = fittingSize(plan.title, 1280, 62, 54);
  const isLong = emsOf(plan.title) > 20;
  return (
    <header class="banner">
      <h1 class={isLong ? 'banner-title long' : 'banner-title'} style={fit(size)}>
        {plan.title}
      </h1>
      {side !== undefined && <p class="banner-side">{side}</p>}
    </header>
  );
}

/** A branch and who leads it, in the largest letters that fit. */
export function Who({ subject, width }: { subject: SubjectView; width: number }) {
  const name = spacedName(subject.secretary, '\u2002');
  return (
    <div class="who">
      <p class="who-branch" style={fit(fittingSize(subject.branch, width, 92, 60))}>
        {subject.branch}
      </p>
      <p class="who-name" style={fit(fittingSize(name, width, 250, 110))}>
        {name}
      </p>
    </div>
  );
}

/** The marks with their colours, as a legend. */
export function Legend({ plan, points }: { plan: PlanView; points?: boolean }) {
  return (
    <ul class="legend">
      {plan.scale.map((mark) => (
        <li key={mark.id} class={`chip ${lookOf(plan.scale, mark)}`}>
          {labelOf(mark, language.value)}
          {points && mark.kind === 'grade' ? <b> {pointsOf(plan, mark)}</b> : null}
        </li>
      ))}
    </ul>
  );
}

/** What a mark is worth; a band of numbers says where it begins. */
export function pointsOf({ numeric }: PlanView, { points }: MarkView): string {
  return numeric === null ? points : `≥ ${points}`;
}

/** `2 / 3` where there are pages. */
export function PageNumber({ page, pages }: { page: number; pages: number }) {
  return pages > 1 ? <p class="page-number">{words().page(page + 1, pages)}</p> : null;
}
