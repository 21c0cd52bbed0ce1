// Exact fractions and the one way in which they are printed: half up, away from zero, with so many decimals. Only a total can be negative.

export interface Fraction {
  over: bigint;
  under: bigint;
}

const ZERO = BigInt(0);
const TWO = BigInt(2);

export function fraction(over: number | bigint, under: number | bigint = 1): Fraction {
  return { over: BigInt(over), under: BigInt(under) };
}

export function plus(a: Fraction, b: Fraction): Fraction {
  return { over: a.over * b.under + b.over * a.under, under: a.under * b.under };
}

export function minus(a: Fraction, b: Fraction): Fraction {
  return { over: a.over * b.under - b.over * a.under, under: a.under * b.under };
}

export function times(a: Fraction, by: number): Fraction {
  return { over: a.over * BigInt(by), under: a.under };
}

/** Nothing where the divisor is zero. */
export function dividedBy(a: Fraction, by: number): Fraction | null {
  return by === 0 ? null : { over: a.over, under: a.under * BigInt(by) };
}

export function isLess(a: Fraction, b: Fraction): boolean {
  return a.over * b.under < b.over * a.under;
}

/** Units of the last decimal. */
export function units(value: Fraction, decimals: number): bigint {
  let scale = BigInt(1);
  for (let at = 0; at < decimals; at += 1) scale *= BigInt(10);
  // The division cuts towards zero.
  const half = value.over < ZERO ? -value.under : value.under;
  return (TWO * value.over * scale + half) / (TWO * value.under);
}

export function printed(value: Fraction, decimals: number): string {
  const whole = units(value, decimals);
  const sign = whole < ZERO ? '-' : '';
  const digits = (whole < ZERO ? -whole : whole).toString().padStart(decimals + 1, '0');
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** Reads `91`, `91.0` or `-0.25`; nothing for what is no such number. */
export function decimal(text: string): Fraction | null {
  const parts = /^(-?)([0-9]{1,9})(?:\.([0-9]{1,6}))?$/.exec(text);
  if (parts === null) return null;
  const after = parts[3] ?? '';
  return fraction(BigInt(`${parts[1]}${parts[2]}${after}`), BigInt(10 ** after.length));
}

export const NOTHING: Fraction = { over: ZERO, under: BigInt(1) };
