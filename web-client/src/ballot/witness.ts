// What a phone keeps of its acknowledged ballots until it has found them in the record: where it lies, and what it is.
// It must not know how it is made or checked.

/** Under which name it is kept. */
export const witnessName = (meeting: string, round: number) => `record/${meeting}/${round}`;

/** What to look for in the record: base64url throughout, the hash in hex. */
export interface Witness {
  m: string;
  box_key: string;
  /** Without receipts where the box was sealed before it could answer. */
  ballots: { leaf: string; receipt?: string }[];
}

/** What is kept under that name. */
export interface StoredWitness {
  /** A text that only later.js can read: leaves and receipts; gone once the ballots were found. */
  witness?: string;
  result?: CheckOutcome;
}

/** The outcome of a look into the record, for good. */
export type CheckOutcome =
  | { is: 'found'; ballots: number; digits: string }
  /** The box acknowledged them, and they are not there. */
  | { is: 'missing'; ballots: number; of: number }
  /** The box was sealed before it answered, and they came too late. */
  | { is: 'not_in' }
  /** What the server gave does not fit together. */
  | { is: 'forged' };

export type RoundCheck = { is: 'waiting' } | { is: 'looking' } | { is: 'not_yet' } | CheckOutcome;

export interface CheckedRound {
  round: number;
  check: RoundCheck;
  /** The file to keep, while there is something to keep. */
  proof: string | null;
}

/** What a meeting's newest view says of rounds. */
export interface CurrentRound {
  round: number | null;
  state: string | null;
  isOver: boolean;
}

/** The phone's own look into the record; later.js makes one. */
export interface RecordLook {
  follow(seen: CurrentRound): void;
  /** Without waiting for a random moment. */
  lookNow(): void;
  stop(): void;
}
