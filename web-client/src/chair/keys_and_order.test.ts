import { describe, expect, it } from 'vitest';
import type { PlanView, StepView } from '../protocol';
import { addition, formsFor, movedBy, movedTo } from './agenda/order';
import { type Pressed, shortcutOf } from './shortcuts';

const press = (key: string, more: Partial<Pressed> = {}) =>
  shortcutOf({ key, modified: false, on: 'page', inDialog: false, ...more });

describe('shortcuts', () => {
  it('f32 are those of the help, in either case', () => {
    expect(['ArrowRight', ' ', 'b', 'B', 'q', 'R', '?', '？'].map((key) => press(key))).toEqual([
      'primary',
      'timer',
      'black',
      'black',
      'join',
      'result',
      'help',
      'help',
    ]);
    expect(['x', 'Enter', 'Escape', 'ArrowLeft', 'toString'].map((key) => press(key))).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  it('f32 never take a key from a field, a window or the browser', () => {
    expect(press('b', { on: 'field' })).toBeNull();
    expect(press('ArrowRight', { on: 'field' })).toBeNull();
    expect(press('b', { inDialog: true })).toBeNull();
    expect(press('r', { modified: true })).toBeNull();
  });

  it('f32 leave the space bar to a button that has the focus, and nothing else', () => {
    expect(press(' ', { on: 'button' })).toBeNull();
    expect(press('ArrowRight', { on: 'button' })).toBe('primary');
  });
});

const step = (id: number, done = false): StepView => ({ id, kind: 'report', subject: id, form: null, done });
// The first step is over, the second runs, three are to come.
const agenda = [step(1, true), step(2), step(3), step(4), step(5)];

describe('the agenda', () => {
  it('f33 moves only steps that are still to come, among each other', () => {
    expect(movedBy(agenda, 2, 4, -1)).toEqual([1, 2, 4, 3, 5]);
    expect(movedBy(agenda, 2, 4, 1)).toEqual([1, 2, 3, 5, 4]);
    expect(movedTo(agenda, 2, 5, 2)).toEqual([1, 2, 5, 3, 4]);
    expect(movedTo(agenda, 2, 3, 4)).toEqual([1, 2, 4, 5, 3]);
  });

  it('f33 offers no move that the server would refuse or that changes nothing', () => {
    expect(movedBy(agenda, 2, 3, -1)).toBeNull();
    expect(movedBy(agenda, 2, 5, 1)).toBeNull();
    expect(movedBy(agenda, 2, 1, 1)).toBeNull();
    expect(movedTo(agenda, 2, 3, 0)).toBeNull();
    expect(movedTo(agenda, 2, 3, 2)).toBeNull();
    expect(movedTo(agenda, 2, 99, 3)).toBeNull();
  });

  it('f33 gives a new step the next id, so that a repeat adds nothing', () => {
    const plan = { agenda: [step(7), step(3)] } as PlanView;
    expect(addition(plan, 'break', null, 3)).toEqual({
      do: 'add_step',
      step_kind: 'break',
      subject: null,
      step: 8,
      after: 3,
    });
  });

  it('f35 asks for a form only where there are several, and only for an evaluation', () => {
    const head = { id: 'head', title: '负责人测评表', title_en: 'Heads' };
    const plan = { agenda: [step(1)], forms: [head] } as unknown as PlanView;
    const one = { agenda: [step(1)] } as unknown as PlanView;
    expect(formsFor(plan, 'evaluation')).toEqual([head]);
    expect(formsFor(plan, 'comment')).toEqual([]);
    expect(formsFor(one, 'evaluation')).toEqual([]);
    expect(addition(plan, 'evaluation', null, 1, 'head')).toMatchObject({ step: 2, form: 'head' });
    // The first form is not named, nor one that was chosen before the kind of step was changed.
    expect(addition(plan, 'evaluation', null, 1)).not.toHaveProperty('form');
    expect(addition(plan, 'break', null, 1, 'head')).not.toHaveProperty('form');
    expect(addition(one, 'evaluation', null, 1, 'head')).not.toHaveProperty('form');
  });
});
