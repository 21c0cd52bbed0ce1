// How the marks of a row are laid out: 4, 2 or 1 columns (3 or 1 for three grades), never 3 + 1, from the longest label.
// It must not know colours or rows; the font's measure comes from the browser.

const GAP_REM = 0.5;
/** Padding, border and the sign of choice inside a mark, in rem. */
const AROUND_LABEL_REM = 2.5;

/** The most columns, at most four and a divisor of the number of grades, in which the longest label fits. */
export function columnsFor(grades: number, longest_px: number, width_px: number, rem_px: number): number {
  for (let columns = Math.min(grades, 4); columns > 1; columns -= 1) {
    if (grades % columns !== 0) continue;
    const column_px = (width_px - (columns - 1) * GAP_REM * rem_px) / columns;
    if (longest_px + AROUND_LABEL_REM * rem_px <= column_px) return columns;
  }
  return 1;
}

let pencil: CanvasRenderingContext2D | null | undefined;

/** The width of a label in pixels; where nothing can be measured, the widest that it can be. */
export function labelWidth(label: string, rem_px: number): number {
  pencil ??= document.createElement('canvas').getContext('2d');
  if (!pencil) return label.length * rem_px;
  pencil.font = `600 ${rem_px}px ${getComputedStyle(document.body).fontFamily}`;
  return pencil.measureText(label).width;
}
