// How slips stand on paper: as those that were made with the meeting (server/src/export/slips.rs). It must not know a screen.

/** Slips on an A4 page: two columns of five. */
export const SLIPS_A_PAGE = 10;
/** One for each group in turn, dark enough for white text. */
export const GROUP_COLOURS = ['#9d1c20', '#2f6690', '#1b6b3a', '#8a4b00', '#55504c', '#6b0f14'];

/** The colour of a group by its place in the plan. */
export const colourOf = (place: number) => GROUP_COLOURS[place % GROUP_COLOURS.length] ?? '';

/** Codes, ten to a page. */
export function slipPages(codes: readonly string[]): string[][] {
  const pages = Math.ceil(codes.length / SLIPS_A_PAGE);
  return Array.from({ length: pages }, (_, page) =>
    codes.slice(page * SLIPS_A_PAGE, (page + 1) * SLIPS_A_PAGE),
  );
}
