// The layout of marks: as many columns as fit, never 3 + 1.
import { describe, expect, it } from 'vitest';
import { columnsFor } from './columns';

describe('columns', () => {
  it('f4 four grades stand in 4, 2 or 1 columns, whatever the width', () => {
    for (let width_px = 200; width_px <= 1920; width_px += 7) {
      for (let longest_px = 10; longest_px <= 300; longest_px += 13) {
        const columns = columnsFor(4, longest_px, width_px, 18);
        expect([4, 2, 1]).toContain(columns);
        if (columns > 1)
          expect((width_px - (columns - 1) * 9) / columns).toBeGreaterThanOrEqual(longest_px + 45);
      }
    }
  });

  it('f4 no row of marks is left with a hole', () => {
    for (let grades = 2; grades <= 12; grades += 1) {
      expect(grades % columnsFor(grades, 20, 2_000, 18)).toBe(0);
    }
  });

  it('f4 a phone shows short labels side by side and long ones below each other', () => {
    expect(columnsFor(4, 36, 324, 18)).toBe(2);
    expect(columnsFor(4, 20, 354, 18)).toBe(4);
    expect(columnsFor(4, 170, 324, 18)).toBe(1);
  });
});
