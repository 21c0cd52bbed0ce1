// Sums of paper sheets: for each subject how many of each mark, with what is missing beside every row.
import { inLanguage, language } from '../../browser/language';
import { labelOf } from '../../meeting/marks';
import { subjectOf } from '../../meeting/plan';
import type { PaperCount, PaperMarks } from '../../protocol';
import { paperTexts } from '../../texts/paper';
import { paperRound } from './card';
import * as entry from './entered';
import type { TypingInput } from './window';

export function Totals({ desk, form, draft, change }: TypingInput) {
  const texts = inLanguage(paperTexts);
  const { totals } = draft;
  const put = (next: Partial<PaperCount>) => change({ ...draft, totals: { ...totals, ...next } });
  const putRow = (row: number, next: Partial<PaperMarks>) =>
    put({ rows: totals.rows.map((old, at) => (at === row ? { ...old, ...next } : old)) });
  return (
    <>
      <div class="paper-sums">
        <Figure label={texts.figure.returned} value={totals.returned} put={(returned) => put({ returned })} />
        <Figure label={texts.figure.invalid} value={totals.invalid} put={(invalid) => put({ invalid })} />
      </div>
      <ol class="paper-rows">
        {(paperRound(desk)?.subjects ?? []).map((subject, row) => {
          const sums = totals.rows[row];
          if (!sums) return null;
          const missing = entry.missingIn(totals, row);
          const name = subjectOf(desk.plan, subject)?.branch ?? String(subject);
          return (
            <li key={subject}>
              <span class="paper-row-name">
                {subject} {name}
                {missing !== 0 && <b class="paper-open"> {texts.missing_rows(missing)}</b>}
              </span>
              <span class="paper-sums">
                {desk.plan.scale.map((mark, place) => (
                  <Figure
                    key={mark.id}
                    of={name}
                    label={labelOf(mark, language.value)}
                    value={sums.marks[place] ?? 0}
                    put={(count) =>
                      putRow(row, { marks: sums.marks.map((old, at) => (at === place ? count : old)) })
                    }
                  />
                ))}
                <Figure
                  of={name}
                  label={texts.figure.abstained}
                  value={sums.abstained}
                  put={(abstained) => putRow(row, { abstained })}
                />
                {form.recuses && (
                  <Figure
                    of={name}
                    label={texts.figure.recused}
                    value={sums.recused}
                    put={(recused) => putRow(row, { recused })}
                  />
                )}
              </span>
            </li>
          );
        })}
      </ol>
    </>
  );
}

interface FigureInput {
  of?: string;
  label: string;
  value: number;
  put(figure: number): void;
}

function Figure({ of, label, value, put }: FigureInput) {
  return (
    <label>
      <span>{label}</span>
      <input
        type="text"
        inputMode="numeric"
        maxLength={5}
        aria-label={of === undefined ? label : `${of}: ${label}`}
        value={String(value)}
        onFocus={(event) => event.currentTarget.select()}
        onInput={(event) => {
          const figure = entry.figureOf(event.currentTarget.value, value);
          event.currentTarget.value = String(figure);
          if (figure !== value) put(figure);
        }}
      />
    </label>
  );
}
