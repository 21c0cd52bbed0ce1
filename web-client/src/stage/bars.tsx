// Bars by hand: four coloured lengths with their counts inside. They draw finished figures and compute none.

import { lookOf, widthsOf } from '../meeting/marks';
import { fittingSize, spacedName } from '../meeting/paging';
import { subjectOf } from '../meeting/plan';
import type { LiveRow, PlanView } from '../protocol';
import { Count } from './moving';
import { fit } from './scene';

/** One bar of a subject's marks. `least` is the width in percent from which a count fits inside its piece. */
export function MarkBar({ plan, marks, least }: { plan: PlanView; marks: readonly number[]; least: number }) {
  const widths = widthsOf(marks);
  return (
    <div class="bar">
      {plan.scale.map((mark, place) => {
        const count = marks[place] ?? 0;
        const width = widths[place] ?? 0;
        const fits = width >= least * String(count).length;
        return (
          <span
            key={mark.id}
            class={`piece ${lookOf(plan.scale, mark)}${count === 0 ? ' none' : ''}`}
            style={{ width: `${width}%` }}
          >
            <span class="piece-count">{fits ? <Count value={count} /> : null}</span>
          </span>
        );
      })}
    </div>
  );
}

/** The live tally's rows of one page. */
export function TallyBars({ plan, rows }: { plan: PlanView; rows: readonly LiveRow[] }) {
  return (
    <ul class={`tally rows-${rows.length}`}>
      {rows.map((row) => {
        const subject = subjectOf(plan, row.subject);
        const name = spacedName(subject?.secretary ?? '');
        return (
          <li key={row.subject}>
            <b class="tally-name" style={fit(fittingSize(name, 330, 104, 60))}>
              {name}
            </b>
            <div class="tally-middle">
              <span class="tally-branch">{subject?.branch}</span>
              <MarkBar plan={plan} marks={row.marks} least={2.9} />
            </div>
            <p class="tally-percent number">{row.percents[0] === undefined ? '—' : `${row.percents[0]}%`}</p>
          </li>
        );
      })}
    </ul>
  );
}
