import { describe, expect, it } from 'vitest';
import type { MarkView } from '../protocol';
import { colourOf, isWorst, lookOf } from './marks';

const mark = (id: string, kind: MarkView['kind'] = 'grade'): MarkView => ({
  id,
  label: id,
  label_en: '',
  kind,
  points: '0',
});
const scaleOf = (...ids: string[]) => ids.map((id) => mark(id));

describe('marks', () => {
  it('have the colour of their place among the grades, and what is no grade the light one', () => {
    const scale = [mark('unknown', 'unknown'), ...scaleOf('a', 'b', 'c', 'd', 'e', 'f')];
    expect(scale.map((each) => colourOf(scale, each))).toEqual([5, 1, 2, 3, 4, 5, 5]);
  });

  it('the worst of two grades or more is hatched, on every page', () => {
    const hatched = (scale: MarkView[]) => scale.filter((each) => isWorst(scale, each)).map(({ id }) => id);
    expect(hatched(scaleOf('only'))).toEqual([]);
    expect(hatched(scaleOf('yes', 'no'))).toEqual(['no']);
    expect(hatched([...scaleOf('a', 'b', 'c'), mark('unknown', 'unknown')])).toEqual(['c']);
    const scale = scaleOf('yes', 'no');
    expect(scale.map((each) => lookOf(scale, each))).toEqual(['mark-1', 'mark-2 worst']);
  });
});
