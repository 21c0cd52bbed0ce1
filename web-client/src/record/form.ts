// Check 3: a record tells what a record tells, and nothing else. A shape answers whether a value has it.
import { fromBase64url, utf8 } from '../crypto/bytes';
import { canonical, type Json } from './canonical';
import { importedHolds } from './combined';
import { demand, isFirst, REASONS, type RecordFile, type RecordManifest, type Rules } from './format';
import { countsOf, itemParts, itemsHold } from './items';
import { OPINIONS_MAX } from './sums';
import { isPlain } from './text';

type Shape = (value: Json | undefined) => boolean;
type Members = Record<string, Shape>;

const MANIFEST_BYTES_MAX = 2 * 1024 * 1024;
const LIST_MAX = 16;

const integer =
  (least: number, most: number): Shape =>
  (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most;
const U16 = integer(0, 65_535);
const U32 = integer(0, 4_294_967_295);
const COUNT = integer(0, 1_000_000);
const ROWS = integer(1, 1_000_000);
const isMembers = (value: Json | undefined): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text: Shape = (value) => typeof value === 'string';
const flag: Shape = (value) => typeof value === 'boolean';
const is =
  (...texts: string[]): Shape =>
  (value) =>
    typeof value === 'string' && texts.includes(value);
const like =
  (pattern: RegExp): Shape =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const list =
  (of: Shape, length?: number): Shape =>
  (value) =>
    Array.isArray(value) && (length === undefined || value.length === length) && value.every(of);
const either =
  (...shapes: Shape[]): Shape =>
  (value) =>
    shapes.some((shape) => shape(value));
const orNull =
  (shape: Shape): Shape =>
  (value) =>
    value === null || shape(value);
const object =
  (required: Members, optional: Members = {}): Shape =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const names = Object.keys(value);
    const known = (name: string) => own(required, name) ?? own(optional, name);
    return (
      Object.keys(required).every((name) => names.includes(name)) &&
      names.every((name) => known(name)?.(value[name]) === true)
    );
  };
// Not by the name alone: a member may well be called toString.
const own = (members: Members, name: string) =>
  Object.keys(members).includes(name) ? members[name] : undefined;
const base64 =
  (length: number): Shape =>
  (value) => {
    if (typeof value !== 'string' || value.length > 2 * length) return false;
    try {
      return fromBase64url(value, length).length === length;
    } catch {
      return false;
    }
  };
/** A text of so many characters, as the first edition had them: none of them a control character. */
const wordsOfBefore =
  (least: number, most: number): Shape =>
  (value) => {
    if (typeof value !== 'string') return false;
    const letters = Array.from(value);
    const isControl = (letter: string) => {
      const code = letter.charCodeAt(0);
      return code < 32 || (code >= 127 && code < 160);
    };
    return letters.length >= least && letters.length <= most && !letters.some(isControl);
  };
const plainWords =
  (least: number, most: number): Shape =>
  (value) => {
    if (typeof value !== 'string') return false;
    const { length } = Array.from(value);
    return length >= least && length <= most && isPlain(value);
  };
/** Every text in a value, at any depth. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
const bytes =
  (least: number, most: number): Shape =>
  (value) => {
    if (typeof value !== 'string') return false;
    const { length } = utf8(value);
    return length >= least && length <= most;
  };

const POLICY = either(is('exclude'), object({ points_hundredths: U32 }));
const SHARE = integer(0, 10_000);
const BAND = object({ id: text, label: text, label_en: text, from_hundredths: U32 });
const RULES = object(
  {
    decimals: integer(0, 4),
    abstain: POLICY,
    unknown: POLICY,
    item_weights_bp: list(U32),
    missing_item: is('require', 'renormalise'),
    missing_group: is('renormalise', 'zero', 'block'),
    tie_breaks: list(either(is('top_rate'), object({ group_mean: text }))),
    bands: list(BAND),
  },
  {
    trim: object({ more_than_rows: integer(2, 4_294_967_295) }),
    quota: object({
      limit: either(object({ min_below_top_bp: SHARE }), object({ max_top_bp: SHARE })),
      rounding: is('floor', 'half_up', 'ceil'),
    }),
    combination: object({
      evaluation_share_bp: U32,
      components: list(object({ name: text, share_bp: U32 })),
      gates: list(object({ component: U32, below_hundredths: U32, best_band: U32 })),
    }),
  },
);
type Words = (least: number, most: number) => Shape;

const manifestShape = (format: string, words: Words) =>
  object(
    {
      format: is(format),
      meeting: like(/^[A-Za-z0-9_-]{1,64}$/),
      title: words(1, 80),
      round: integer(1, 4_294_967_295),
      contests: list(
        object(
          { c: U16, subject: integer(1, 65_535), branch: words(1, 60), secretary: words(1, 40) },
          { without: list(U16) },
        ),
      ),
      groups: list(
        object({ id: like(/^[A-Za-z0-9]{1,8}$/), name: words(1, 40), weight_bp: U32, recuses: flag }),
      ),
      scale: list(
        object({
          id: like(/^[a-z0-9_]{1,24}$/),
          label: words(1, 20),
          label_en: words(0, 40),
          kind: is('grade', 'unknown', 'abstain'),
          points_hundredths: integer(0, 1_000_000),
        }),
      ),
      own_branch: is('recused', 'allowed'),
      sheet_rules: object(
        {
          all_rows: flag,
          distinct_min: orNull(U32),
          top_max: orNull(either(object({ count: U32 }), object({ percent: integer(0, 100) }))),
          low_min: orNull(object({ count: U32, from: text })),
        },
        // Only where they are asked for.
        { worst_reason: (asked) => asked === true, overall_matches: (asked) => asked === true },
      ),
      scoring: RULES,
      k_min: integer(1, 1_000),
      opinions: flag,
      opinions_min: integer(1, 1_000),
      group_columns: is('shown', 'totals_only'),
      live: is('off', 'turnout', 'tally'),
      pool_k: integer(1, 1_000),
      record: is('open', 'sealed'),
      reissues_max: integer(0, 1_000),
      keys: list(object({ c: U16, g: text, spki: text })),
      box_key: text,
      seal_key: text,
    },
    {
      items: list(object({ label: words(1, 40), label_en: words(0, 60) })),
    },
  );
const MANIFEST = either(
  manifestShape('pingyi-manifest/1', wordsOfBefore),
  manifestShape('pingyi-manifest/2', plainWords),
);
const BALLOT = object({
  a: bytes(0, 96),
  c: U16,
  g: bytes(1, 8),
  pk: base64(32),
  s: base64(64),
  tk: base64(256),
});

const areDifferent = (items: unknown[]) => new Set(items).size === items.length;
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
const areInOrder = (found: unknown[], wanted: unknown[]) =>
  found.length === wanted.length && found.every((item, at) => item === wanted[at]);

function rulesHold(rules: Rules, groups: string[]): boolean {
  const { bands, combination, tie_breaks, item_weights_bp } = rules;
  const lists = [bands, tie_breaks, item_weights_bp, combination?.components ?? [], combination?.gates ?? []];
  const froms = bands.map((band) => band.from_hundredths);
  const shares = combination
    ? combination.evaluation_share_bp + sum(combination.components.map((part) => part.share_bp))
    : 10_000;
  const gates = combination?.gates ?? [];
  return (
    lists.every((entries) => entries.length <= LIST_MAX) &&
    (item_weights_bp.length === 0 || sum(item_weights_bp) === 10_000) &&
    tie_breaks.every((by) => by === 'top_rate' || groups.includes(by.group_mean)) &&
    froms.every((from, at) => at === 0 || (froms[at - 1] as number) > from) &&
    (froms.length === 0 || froms[froms.length - 1] === 0) &&
    areDifferent(bands.map((band) => band.id)) &&
    (rules.quota === undefined || bands.length >= 2) &&
    shares === 10_000 &&
    gates.every(
      (gate) => gate.component <= (combination?.components.length ?? 0) && gate.best_band < bands.length,
    )
  );
}

function manifestHolds(manifest: RecordManifest): boolean {
  const { contests, groups, scale, sheet_rules } = manifest;
  const grades = scale.filter((mark) => mark.kind === 'grade').map((mark) => mark.id);
  const { distinct_min, low_min, worst_reason } = sheet_rules;
  return (
    (!worst_reason || (manifest.opinions && contests.length <= OPINIONS_MAX)) &&
    contests.length >= 1 &&
    contests.length <= 200 &&
    contests.every((contest, at) => contest.c === at + 1) &&
    areDifferent(contests.map((contest) => contest.subject)) &&
    groups.length >= 1 &&
    groups.length <= 16 &&
    sum(groups.map((group) => group.weight_bp)) === 10_000 &&
    areDifferent(groups.map((group) => group.id)) &&
    scale.length >= 2 &&
    scale.length <= 112 &&
    grades.length > 0 &&
    areDifferent(scale.map((mark) => mark.id)) &&
    scale.every((mark) => mark.id !== 'abstain' && (mark.kind === 'grade' || mark.points_hundredths === 0)) &&
    (distinct_min === null || (distinct_min >= 1 && distinct_min <= grades.length)) &&
    (low_min === null || grades.includes(low_min.from)) &&
    itemsHold(manifest) &&
    (isFirst(manifest) || textsOf(manifest.scoring).every(isPlain)) &&
    rulesHold(
      manifest.scoring,
      groups.map((group) => group.id),
    )
  );
}

/** Check 3 of a value that is canonical. */
export function checkForm(value: Json): RecordFile {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const found = isObject ? value.manifest : undefined;
  demand(MANIFEST(found) && utf8(canonical(found as Json)).length <= MANIFEST_BYTES_MAX, 3);
  const manifest = found as unknown as RecordManifest;
  demand(manifestHolds(manifest), 3);
  const first = isFirst(manifest);
  const counts = (of: Shape): Members => ({
    marks: list(of, countsOf(manifest)),
    abstained: of,
    void: of,
    ...(first ? { recused: of } : {}),
  });
  const groups = list(object({ ...counts(U32), g: text, mean: orNull(text) }));
  const figures: Members = {
    ...counts(U32),
    // Where the counts of a row are not told there are none: no marks, and zeros.
    marks: either(list(U32, 0), list(U32, countsOf(manifest))),
    c: U16,
    groups: orNull(groups),
    score: orNull(text),
    rank: orNull(U32),
    suggested_grade: orNull(text),
    top_rate_percent: orNull(text),
  };
  const row = object(figures, { total: text, total_rank: U32 });
  const imported = object({ adjustment: text, best_band: U32, c: U16, components: list(text) });
  const sheets = { returned: U32, invalid: U32 };
  const sheetsOfGroups = orNull(list(object({ ...sheets, g: text })));
  const ofAll: Members = first ? {} : { recused: U32 };
  const tally = object({ rows: list(row), sheets: object({ ...sheets, groups: sheetsOfGroups }, ofAll) });
  // Of paper it is kept what the rows say: with items no marks, but how many rows say what.
  const answers: Shape = (all) =>
    isMembers(all) && Object.keys(all).length > 0 && Object.keys(all).every((value) => ROWS(all[value]));
  const paperRow = manifest.items
    ? object({ ...counts(COUNT), marks: list(U32, 0), c: U16 }, { answers })
    : object({ ...counts(COUNT), c: U16 });
  const recused = integer(0, 1_000_000 * manifest.contests.length);
  const paper = object({
    issued: COUNT,
    returned: COUNT,
    invalid: COUNT,
    rows: list(paperRow),
    ...(first ? {} : { recused }),
  });
  const hex = like(/^[0-9a-f]{64}$/);
  const record = object(
    {
      format: is(first ? 'pingyi-record/1' : 'pingyi-record/2'),
      manifest: () => true,
      manifest_hash: hex,
      issuance: list(object({ g: text, eligible: COUNT, issued: COUNT, reissued: COUNT })),
      left_out: list(
        object({ name: wordsOfBefore(0, 80), server: like(/^[A-Za-z0-9_-]{1,64}$/), sheets: COUNT }),
      ),
      paper: (all) => isMembers(all) && Object.keys(all).every((g) => paper(all[g])),
      tally: orNull(tally),
      root: hex,
      box_sig: base64(64),
    },
    {
      ballots: list(BALLOT),
      leaves: list(base64(32)),
      opinions: list(base64(32)),
      imported: list(imported),
      ...(first ? {} : { sealed: list(is(...REASONS)) }),
    },
  );
  demand(record(value), 3);
  const file = value as unknown as RecordFile;
  demand((file.ballots === undefined) !== (file.leaves === undefined), 3);
  demand((file.ballots === undefined) === (file.opinions === undefined), 3);
  demand((file.sealed === undefined) === (first || file.leaves === undefined), 3);
  demand(file.tally !== null || file.leaves !== undefined, 3);
  checkOrders(file);
  demand(importedHolds(file), 3);
  return file;
}

/** Groups and contests stand everywhere in the manifest's order. */
function checkOrders(file: RecordFile): void {
  const groups = file.manifest.groups.map((group) => group.id);
  const contests = file.manifest.contests.map((contest) => contest.c);
  const ofGroups = (entries: { g: string }[]) =>
    areInOrder(
      entries.map((entry) => entry.g),
      groups,
    );
  const ofContests = (entries: { c: number }[]) =>
    areInOrder(
      entries.map((entry) => entry.c),
      contests,
    );
  demand(ofGroups(file.issuance), 3);
  const servers = file.left_out.map((left) => left.server);
  demand(servers.length <= 100 && servers.every((id, at) => at === 0 || (servers[at - 1] as string) < id), 3);
  for (const [group, paper] of Object.entries(file.paper)) {
    demand(groups.includes(group) && ofContests(paper.rows), 3);
    // An account is there because of sheets.
    demand(isFirst(file.manifest) || paper.issued > 0 || paper.returned > 0, 3);
    for (const { c, answers } of paper.rows)
      demand(
        Object.keys(answers ?? {}).every((value) => itemParts(file.manifest, c, value) !== null),
        3,
      );
  }
  if (file.tally === null) return;
  const { rows, sheets } = file.tally;
  demand(ofContests(rows), 3);
  for (const row of rows) {
    const isSilent = row.groups === null && row.abstained + (row.recused ?? 0) + row.void === 0;
    demand(row.marks.length > 0 || isSilent, 3);
  }
  // Over all rows, and only where all of them are told: else the others would tell the one that is not.
  const tellsRecused = !isFirst(file.manifest) && rows.every((row) => row.marks.length > 0);
  demand((sheets.recused !== undefined) === tellsRecused, 3);
  demand(
    [sheets, ...rows].every((told) => told.groups === null || ofGroups(told.groups)),
    3,
  );
}
