// Follows a meeting for a page with a role: the newest view together with the plan that goes with it, as signals.
// It must not know any screen.
import { type Signal, signal } from '@preact/signals';
import { CLOSE_UNKNOWN_SESSION, type PlanView, type Situation } from '../protocol';
import { type Connection, connect, type Status, type ViewMessage } from './connection';
import { lesserChannels } from './lesser_channels';
import { exchange, type LinkOf, type RoleSession } from './role_session';

export interface ViewWithPlan<V> {
  view: V;
  plan: PlanView;
}

/** A page's connection to the views of its role. */
export interface ViewConnection<V> {
  /** Nothing until the first view and its plan are there. */
  shown: Signal<ViewWithPlan<V> | null>;
  status: Signal<Status>;
  /** The server's clock in milliseconds. */
  now(): number;
  retry(): void;
}

/** How long a view waits for a plan that does not come, in milliseconds. */
const PLAN_PATIENCE_MS = 2000;

/** Follows; `take` picks this page's kind of view out of the messages, `before` is what was shown before a reload. */
export function follow<V extends { now: Situation }>(
  page: LinkOf,
  role: RoleSession,
  take: (message: ViewMessage) => V | null,
  before: ViewWithPlan<V> | null = null,
): ViewConnection<V> {
  const shown = signal<ViewWithPlan<V> | null>(before);
  const status = signal<Status>({ is: 'connecting' });
  let plan: PlanView | null = before?.plan ?? null;
  let waiting: V | null = null;
  let patience: ReturnType<typeof setTimeout> | undefined;
  let renewed = false;

  // A step of a new agenda is shown with that agenda, so the view waits a moment for it.
  const pair = (patient: boolean) => {
    if (!waiting || !plan) return;
    if (patient && plan.digest !== waiting.now.plan) {
      patience ??= setTimeout(() => pair(false), PLAN_PATIENCE_MS);
      return;
    }
    clearTimeout(patience);
    patience = undefined;
    shown.value = { view: waiting, plan };
    waiting = plan.digest === waiting.now.plan ? null : waiting;
  };

  const connection: Connection = connect({
    meeting: role.meeting,
    session: role.session,
    lesser: () => lesserChannels,
    onView(message) {
      const view = take(message);
      if (!view) return;
      waiting = view;
      pair(true);
    },
    onPlan(fetched) {
      plan = fetched;
      waiting ??= shown.value?.view ?? null;
      pair(true);
    },
    onStatus(now) {
      status.value = now;
      // A server that lost its sessions knows the link all the same.
      if (now.is === 'stopped' && now.code === CLOSE_UNKNOWN_SESSION && !renewed) {
        renewed = true;
        void exchange(page, role.capability, role.session).then((entrance) => {
          if (entrance.is === 'open') connection.retry();
        });
      }
      if (now.is === 'connected') renewed = false;
    },
  });
  return { shown, status, now: () => connection.serverNow(), retry: () => connection.retry() };
}
