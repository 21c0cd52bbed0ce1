// The agenda with its states: click a step to go there; steps still to come can be moved, removed, or their subject marked absent.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { subjectOf } from '../../meeting/plan';
import type { StepView } from '../../protocol';
import { type Desk, isChair, kindOf, nameOf, words } from '../desk';
import { isToCome, movedBy, movedTo } from './order';

export function Agenda({ desk }: { desk: Desk }) {
  const texts = words();
  const menu = useSignal<number | null>(null);
  const dragged = useSignal<number | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const current = desk.view.now.step;
  const last = desk.plan.agenda[desk.plan.agenda.length - 1];
  useEffect(() => {
    const box = list.current;
    const row = box?.querySelector<HTMLElement>('[aria-current]');
    // Only the list scrolls: scrolling the page would move what is under the chair's finger.
    if (box && row) box.scrollTop = row.offsetTop - box.offsetTop - box.clientHeight / 3;
  }, [current]);
  return (
    <section class="panel agenda" aria-labelledby="agenda-title">
      <header>
        <h2 id="agenda-title">{texts.agenda}</h2>
        {isChair(desk) && last && (
          <button
            type="button"
            class="small"
            data-open="add-step"
            onClick={() => {
              desk.window.value = { is: 'add_step', after: current ?? last.id };
            }}
          >
            ＋ {texts.addStep}
          </button>
        )}
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keys. */}
      <ol class="steps" ref={list} tabIndex={0} aria-labelledby="agenda-title">
        {desk.plan.agenda.map((step, place) => (
          <li
            key={step.id}
            class={`step${step.done ? ' done' : ''}${step.id === current ? ' current' : ''}${dragged.value === step.id ? ' dragged' : ''}`}
            aria-current={step.id === current ? 'step' : undefined}
            draggable={isChair(desk) && isToCome(step, current)}
            onDragStart={(event) => {
              dragged.value = step.id;
              event.dataTransfer?.setData('text/plain', String(step.id));
            }}
            onDragEnd={() => {
              dragged.value = null;
            }}
            onDragOver={(event) => {
              if (dragged.value !== null && isToCome(step, current)) event.preventDefault();
            }}
            onDrop={(event) => {
              event.preventDefault();
              const steps = movedTo(desk.plan.agenda, current, dragged.value ?? 0, place);
              if (steps) desk.commands.send({ do: 'reorder', steps });
            }}
          >
            <Step desk={desk} step={step} place={place} menu={menu} />
          </li>
        ))}
      </ol>
    </section>
  );
}

interface StepInput {
  desk: Desk;
  step: StepView;
  place: number;
  menu: { value: number | null };
}

function Step({ desk, step, place, menu }: StepInput) {
  const texts = words();
  const subject = subjectOf(desk.plan, step.subject);
  const isOpen = menu.value === step.id;
  const name = nameOf(desk.plan, step);
  const absent = subject?.absent && (step.kind === 'report' || step.kind === 'comment');
  const inside = (
    <>
      <span class="step-mark" aria-hidden="true">
        {step.done ? '✓' : place + 1}
      </span>
      <span class={absent ? 'step-text is-absent' : 'step-text'}>
        <span class="step-kind">
          {kindOf(step)}
          {step.kind === 'report' && subject?.report === 'written' ? ` · ${texts.written}` : ''}
        </span>
        {subject && (
          <span class="step-who">
            {subject.branch} <b>{subject.secretary}</b>
          </span>
        )}
      </span>
      {absent && <span class="absent-mark">{texts.absentMark}</span>}
    </>
  );
  if (!isChair(desk)) return <div class="step-row step-go">{inside}</div>;
  return (
    <>
      <div class="step-row">
        <button
          type="button"
          class="step-go"
          disabled={desk.view.now.phase !== 'in_session' || step.id === desk.view.now.step}
          onClick={() => go(desk, step)}
        >
          <span class="spoken">{texts.goTo}</span>
          {inside}
        </button>
        <button
          type="button"
          class="step-more quiet"
          aria-expanded={isOpen}
          aria-label={texts.stepMenu(name)}
          onClick={() => {
            menu.value = isOpen ? null : step.id;
          }}
        >
          ⋯
        </button>
      </div>
      {isOpen && <StepMenu desk={desk} step={step} close={() => (menu.value = null)} />}
    </>
  );
}

function go(desk: Desk, step: StepView): void {
  if (desk.view.now.timer?.state.is === 'running') desk.window.value = { is: 'jump', step };
  else desk.commands.send({ do: 'go_to', step: step.id });
}

function StepMenu({ desk, step, close }: { desk: Desk; step: StepView; close(): void }) {
  const texts = words();
  const current = desk.view.now.step;
  const subject = subjectOf(desk.plan, step.subject);
  const up = movedBy(desk.plan.agenda, current, step.id, -1);
  const down = movedBy(desk.plan.agenda, current, step.id, 1);
  const move = (steps: number[] | null) => steps && desk.commands.send({ do: 'reorder', steps });
  return (
    <div class="step-menu">
      <button type="button" class="small" disabled={!up} onClick={() => move(up)}>
        ↑ {texts.moveUp}
      </button>
      <button type="button" class="small" disabled={!down} onClick={() => move(down)}>
        ↓ {texts.moveDown}
      </button>
      {subject && (
        <button
          type="button"
          class="small"
          onClick={() => {
            desk.commands.send({ do: 'set_absent', subject: subject.id, absent: !subject.absent });
            close();
          }}
        >
          {subject.absent ? texts.present : texts.absent}
        </button>
      )}
      <button
        type="button"
        class="small"
        onClick={() => {
          desk.window.value = { is: 'add_step', after: step.id };
          close();
        }}
      >
        {texts.addAfter}
      </button>
      <button
        type="button"
        class="small danger"
        disabled={!isToCome(step, current)}
        onClick={() => {
          desk.commands.send({ do: 'remove_step', step: step.id });
          close();
        }}
      >
        {texts.remove}
      </button>
    </div>
  );
}
