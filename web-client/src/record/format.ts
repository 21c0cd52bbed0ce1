// What a record holds, as server/rules/src/ballot/RECORD.md describes it.
import type { Ballot } from '../ballot/cast';
import type { Json } from './canonical';

export interface Count {
  /** By mark; of a round with items one block after the other, an item each: by mark, then those that leave it open. */
  marks: number[];
  /** Of a round with items, where the rows themselves are known: how many say what. */
  answers?: { [value: string]: number };
  abstained: number;
  /** In no row of the second edition: what was counted here has it all the same. */
  recused?: number;
  void: number;
}

export interface TallyGroup extends Count {
  g: string;
  mean: string | null;
}

export interface TallyRow extends Count {
  c: number;
  groups: TallyGroup[] | null;
  score: string | null;
  rank: number | null;
  suggested_grade: string | null;
  top_rate_percent: string | null;
  total?: string;
  total_rank?: number;
}

/** What was imported of one contest. */
export interface ImportedRow {
  adjustment: string;
  best_band: number;
  c: number;
  components: string[];
}

export interface SheetsOf {
  returned: number;
  invalid: number;
}

export interface Tally {
  rows: TallyRow[];
  sheets: SheetsOf & { groups: (SheetsOf & { g: string })[] | null; recused?: number };
}

export interface PaperGroup extends SheetsOf {
  issued: number;
  recused?: number;
  rows: (Count & { c: number })[];
}

export type Policy = 'exclude' | { points_hundredths: number };

export interface Rules {
  decimals: number;
  abstain: Policy;
  unknown: Policy;
  item_weights_bp: number[];
  missing_item: 'require' | 'renormalise';
  trim?: { more_than_rows: number };
  missing_group: 'renormalise' | 'zero' | 'block';
  tie_breaks: ('top_rate' | { group_mean: string })[];
  bands: { id: string; label: string; label_en: string; from_hundredths: number }[];
  quota?: {
    limit: { min_below_top_bp?: number; max_top_bp?: number };
    rounding: 'floor' | 'half_up' | 'ceil';
  };
  combination?: {
    evaluation_share_bp: number;
    components: { share_bp: number }[];
    gates: { component: number; below_hundredths: number; best_band: number }[];
  };
}

export interface RecordManifest {
  format: string;
  meeting: string;
  title: string;
  round: number;
  contests: { c: number; subject: number; branch: string; secretary: string; without?: number[] }[];
  groups: { id: string; name: string; weight_bp: number }[];
  scale: { id: string; label: string; label_en: string; kind: string; points_hundredths: number }[];
  items?: { label: string; label_en: string }[];
  sheet_rules: {
    distinct_min: number | null;
    top_max: unknown;
    low_min: { from: string } | null;
    worst_reason?: true;
    overall_matches?: true;
  };
  live: string;
  scoring: Rules;
  k_min: number;
  opinions: boolean;
  group_columns: 'shown' | 'totals_only';
  record: 'open' | 'sealed';
  reissues_max: number;
  keys: { c: number; g: string; spki: string }[];
  box_key: string;
  seal_key: string;
}

/** Why a record has leaves in place of ballots, in the order in which it says so. */
export const REASONS = ['record', 'items', 'hidden', 'channel', 'withheld'] as const;
export type Reason = (typeof REASONS)[number];

/** Whether it is of the first edition: its record tells of each row whom it is recused of, and no reason for being sealed. */
export const isFirst = ({ format }: RecordManifest): boolean => format === 'pingyi-manifest/1';

export interface RecordFile {
  format: string;
  manifest: RecordManifest & Json;
  manifest_hash: string;
  imported?: ImportedRow[];
  issuance: { g: string; eligible: number; issued: number; reissued: number }[];
  left_out: { name: string; server: string; sheets: number }[];
  paper: { [group: string]: PaperGroup };
  sealed?: Reason[];
  tally: Tally | null;
  root: string;
  ballots?: Ballot[];
  leaves?: string[];
  opinions?: string[];
  box_sig: string;
}

/** A failed check and where. */
export class Fault extends Error {
  constructor(
    readonly check: number,
    readonly where = '',
    /** Whether it is in the whole record, where two were given. */
    readonly inWhole = false,
  ) {
    super(`V${check} ${where}`);
  }
}

export function demand(holds: boolean, check: number, where = ''): void {
  if (!holds) throw new Fault(check, where);
}
