// What the parts of the chair's page share: the meeting as it is shown, the way to command it, and which window is open.
import type { Signal } from '@preact/signals';
import { inLanguage, language } from '../browser/language';
import { withTitle } from '../meeting/form_title';
import { subjectOf } from '../meeting/plan';
import type { RoleSession } from '../net/role_session';
import type {
  ChairCommand,
  ChairView,
  Figure,
  NextAction,
  PlanView,
  Publication,
  SmallGroups,
  StepView,
} from '../protocol';
import { nextActionTexts } from '../texts/actions';
import { chairTexts } from '../texts/chair';
import type { ChairTexts } from '../texts/chair.zh';
import { stepTexts } from '../texts/words';
import { stepName } from './agenda/order';
import type { Commands } from './commands';
import type { RecordChecks } from './request/record_checks';
import type { NewSlips } from './slips/new_slips';

export type Window =
  | { is: 'help' }
  | { is: 'join' }
  | { is: 'deputy' }
  | { is: 'erase' }
  | { is: 'reissue'; round: number }
  | { is: 'components'; round: number }
  | { is: 'kiosk' }
  | { is: 'slips'; group: string }
  | { is: 'paper'; round: number; group: string }
  | { is: 'result' }
  | { is: 'explain'; round: number; subject: number; figure: Figure }
  | { is: 'publish'; round: number }
  | { is: 'void'; round: number }
  | { is: 'add_step'; after: number }
  | { is: 'jump'; step: StepView };

export interface Desk {
  view: ChairView;
  plan: PlanView;
  role: RoleSession;
  commands: Commands;
  newSlips: NewSlips;
  checks: RecordChecks;
  /** The server's clock in milliseconds. */
  now(): number;
  window: Signal<Window | null>;
  /** What the chair chose where the primary button asks for it. */
  smallGroups: Signal<SmallGroups | null>;
  publication: Signal<Publication | null>;
}

/** The page's words. */
export function words(): ChairTexts {
  return inLanguage(chairTexts);
}

/** Whether this page may step the meeting. */
export function isChair(desk: Desk): boolean {
  return desk.view.role === 'chair';
}

/** What happens in a step, with the form that its evaluation has where that is another one than the first. */
export function kindOf({ kind, form }: StepView): string {
  return withTitle(inLanguage(stepTexts)[kind], form, language.value);
}

/** A step as one line, in the page's language. */
export function nameOf(plan: PlanView, step: StepView): string {
  return stepName(step, subjectOf(plan, step.subject), kindOf(step));
}

/** The primary button's sentence. */
export function sentenceOf(action: NextAction): string {
  return inLanguage(nextActionTexts)[action];
}

/** What the primary button sends now: with the chair's choices; nothing while a choice is missing or there is no next step. */
export function primaryCommand(desk: Desk): ChairCommand | null {
  const command = desk.view.next?.command;
  if (!command) return null;
  if (command.do === 'arm' && desk.view.small_groups.length > 0) {
    const choice = desk.smallGroups.value;
    const helps = choice === 'totals_only' || (choice === 'merge' && desk.view.merging.length > 0);
    return helps ? { ...command, small_groups: choice } : null;
  }
  if (command.do === 'ask' && command.asked.what === 'publication') {
    const publication = desk.publication.value ?? command.asked.publication;
    return { ...command, asked: { what: 'publication', publication } };
  }
  return command;
}
