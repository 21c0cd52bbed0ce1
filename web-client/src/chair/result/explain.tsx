// One figure of the result, opened: its formula with the numbers in it, and what to know of it. Every word is the server's.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { inLanguage, language } from '../../browser/language';
import { labelOf } from '../../meeting/marks';
import { subjectOf, withForm } from '../../meeting/plan';
import { ask } from '../../net/requests';
import type { Explained, ExplainedFigure, Figure, PlanView, Problem } from '../../protocol';
import { componentsTexts } from '../../texts/components';
import { problemTexts } from '../../texts/problems';
import { type Desk, type Window, words } from '../desk';
import { Dialog } from '../dialog';

interface ExplainInput {
  desk: Desk;
  open: Extract<Window, { is: 'explain' }>;
  close(): void;
}

export function Explain({ desk, open, close }: ExplainInput) {
  const texts = words();
  const explained = useSignal<Explained | null>(null);
  const problem = useSignal<Problem | null>(null);
  const attempt = useSignal(0);
  useEffect(() => {
    let ended = false;
    problem.value = null;
    const path = `/api/meetings/${encodeURIComponent(desk.role.meeting)}/rounds/${open.round}/explained`;
    void ask<Explained>('GET', path, { session: desk.role.session }).then((answer) => {
      if (ended) return;
      if (answer.ok) explained.value = answer.value;
      else problem.value = answer.problem;
    });
    return () => {
      ended = true;
    };
  }, [attempt.value, open.round, desk.view.now.version]);
  const row = explained.value?.rows.find((each) => each.subject === open.subject);
  const figure = row?.figures.find((each) => isSame(each.figure, open.figure));
  const subject = subjectOf(desk.plan, open.subject);
  const { result } = desk.view;
  const plan = result?.round === open.round ? withForm(desk.plan, result.form) : desk.plan;
  return (
    <Dialog title={`${subject?.branch ?? ''} · ${nameOf(plan, open.figure)}`} onClose={close} size="wide">
      {figure && <Way figure={figure} />}
      {!figure && explained.value && <p>{texts.noExplanation}</p>}
      {!explained.value && !problem.value && <p>{texts.explaining}</p>}
      {problem.value && (
        <p class="notice warn">
          {inLanguage(problemTexts)[problem.value.problem]}{' '}
          <button type="button" class="small" onClick={() => (attempt.value += 1)}>
            {texts.retry}
          </button>
        </p>
      )}
    </Dialog>
  );
}

function Way({ figure }: { figure: ExplainedFigure }) {
  const grade = figure.figure.is === 'suggested_grade';
  const lines = figure.lines.map(([zh, en]) => (language.value === 'en' ? en : zh));
  const [formula = '', ...notes] = lines;
  return (
    <div class="way">
      {!grade && <p class="way-figure">{figure.printed}</p>}
      <p class="way-formula">{formula}</p>
      <ul>
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </div>
  );
}

function isSame(one: Figure, other: Figure): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function nameOf(plan: PlanView, figure: Figure): string {
  const { table } = words();
  switch (figure.is) {
    case 'mark': {
      const mark = plan.scale.find((each) => each.id === figure.mark);
      return mark ? labelOf(mark, language.value) : figure.mark;
    }
    case 'item': {
      const item = plan.items[figure.item];
      return item ? labelOf(item, language.value) : String(figure.item + 1);
    }
    case 'group_mean':
      return words().meanOf(figure.group);
    case 'abstained':
      return table.abstained;
    case 'recused':
      return table.recused;
    case 'score':
      return table.score;
    case 'rank':
      return table.rank;
    case 'suggested_grade':
      return table.grade;
    case 'top_rate':
      return table.topRate;
    case 'total':
      return inLanguage(componentsTexts).total;
    case 'total_rank':
      return inLanguage(componentsTexts).totalRank;
  }
}
