// The session of a page that is opened with a role's link: chair, teller, scrutineer, projector, print.
// The secret stands in the link's fragment, which no request carries; it is exchanged once and taken out of the address bar.
// It must not know what the pages show.

import { openStorage, storage } from '../browser/storage';
import { browser, sealWith } from '../browser/world';
import { randomId } from '../crypto/random_id';
import type { OpenSession, Problem, Role, SessionOpened } from '../protocol';
import { ask } from './requests';
import { askUntilKnown, type RetryLimits } from './retry';
import { belongTo, keyHash, pin, sealedWays } from './sealed_channel';

export interface RoleSession {
  /** The link's secret: kept so that a deputy can be given the same link. */
  capability: string;
  /** What requests carry. */
  session: string;
  meeting: string;
  role: Role;
}

export type Entrance =
  | { is: 'open'; role: RoleSession }
  | { is: 'no_link' }
  | { is: 'refused'; problem: Problem };

/** The page whose link it is; `print` opens with the chair's. */
export type LinkOf = 'chair' | 'screen';

const CAPABILITY = /[#&]k=([A-Za-z0-9_-]{16,64})/;
const MEETING = /[#&]m=([a-z0-9]{1,64})/;
const KEY_HASH = /[#&]h=([\w-]{22})/;
const RETRY: RetryLimits = [600, 5_000];

sealWith(sealedWays);

/** The tab's own memory, so that a chair and a scrutineer can sit in two tabs of one browser. */
const tab = openStorage(() => window.sessionStorage);

/** The capability in a fragment, if any. */
export function capabilityIn(fragment: string): string | null {
  return CAPABILITY.exec(fragment)?.[1] ?? null;
}

/** The address of a role's page, with the link's secret, its meeting, and the hash of the key that the page is to take. */
export const addressOf = ({ capability, meeting }: RoleSession): string =>
  `/chair#k=${capability}&m=${meeting}&h=${keyHash(meeting)}`;

function kept(page: LinkOf): Partial<RoleSession> | null {
  const text = tab.get(`role/${page}`) ?? storage.get(`role/${page}`);
  if (text === null) return null;
  try {
    return JSON.parse(text) as Partial<RoleSession>;
  } catch {
    return null;
  }
}

function keep(page: LinkOf, role: Partial<RoleSession>): void {
  const text = JSON.stringify(role);
  tab.set(`role/${page}`, text);
  storage.set(`role/${page}`, text);
}

/** Opens the page's session: from the link, else from what this tab or this browser remembers. */
export async function enter(page: LinkOf): Promise<Entrance> {
  const known = kept(page);
  const meeting = MEETING.exec(location.hash)?.[1] ?? known?.meeting;
  const hash = KEY_HASH.exec(location.hash)?.[1];
  if (meeting) belongTo(meeting);
  if (meeting && hash) pin(meeting, hash);
  const capability = capabilityIn(location.hash) ?? known?.capability;
  if (capability === undefined) return { is: 'no_link' };
  const same = known?.capability === capability ? known : null;
  const session = same?.session ?? randomId();
  // Stored before it is sent: a lost answer or a reload then asks with the same bytes again.
  keep(page, { ...same, capability, session });
  if (location.hash !== '' && !storage.forgets) {
    history.replaceState(null, '', location.pathname + location.search);
  }
  if (same?.meeting !== undefined && same.role !== undefined) {
    return { is: 'open', role: { capability, session, meeting: same.meeting, role: same.role } };
  }
  return exchange(page, capability, session);
}

/** Exchanges the capability once more: also after the server lost the session. */
export async function exchange(page: LinkOf, capability: string, session: string): Promise<Entrance> {
  const body: OpenSession = { capability, session };
  const asking = () => ask<SessionOpened>('POST', '/api/sessions', { body });
  const answer = await askUntilKnown(asking, RETRY, browser);
  if (!answer.ok) return { is: 'refused', problem: answer.problem };
  const role = { capability, session, meeting: answer.value.meeting, role: answer.value.role };
  keep(page, role);
  belongTo(role.meeting);
  return { is: 'open', role };
}

/** The session that another page of this tab or browser opened. */
export function enteredBefore(page: LinkOf): RoleSession | null {
  const role = kept(page);
  if (role?.meeting) belongTo(role.meeting);
  return role?.meeting !== undefined && role.role !== undefined ? (role as RoleSession) : null;
}
