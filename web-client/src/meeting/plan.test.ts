import { describe, expect, it } from 'vitest';
import type { GroupView, PlanView } from '../protocol';
import { votesAs, withMerged } from './plan';

const group = (id: string, name: string, weight_percent: string): GroupView => ({
  id,
  name,
  weight_percent,
  entitled: 5,
  has_leaders: false,
});
const groups = [group('A', '甲', '40'), group('B', '乙', '30'), group('C', '丙', '30')];
const plan = { id: 'm', groups } as unknown as PlanView;
const merged = [{ groups: ['B', 'C'], column: group('B', '乙、丙', '60') }];

describe('merged groups', () => {
  it('s54 stand in one column, as the server says', () => {
    expect(withMerged(plan, []).groups).toEqual(groups);
    expect(withMerged(plan, undefined)).toBe(plan);
    expect(withMerged(plan, merged).groups).toEqual([groups[0], merged[0]?.column]);
  });

  it('s54 vote as the first of them', () => {
    expect(['A', 'B', 'C'].map((id) => votesAs(id, merged))).toEqual(['A', 'B', 'B']);
    expect(votesAs('C', undefined)).toBe('C');
  });
});
