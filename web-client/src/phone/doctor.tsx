// One line when something is wrong, with what to do about it; nothing while all is well.

import { storage } from '../browser/storage';
import { CLOSE_OTHER_KEY } from '../browser/world';
import { CLOSE_OLD_PAGE, CLOSE_REPLACED } from '../protocol';
import { leaveSeat, retryConnection } from './follow';
import { status } from './state';
import { say } from './words';

/** Whether the page was opened inside another app, which may forget it at any moment. */
export const isInApp = /MicroMessenger|DingTalk|Lark|Feishu|QQ\/|Weibo|AliApp|wxwork/i.test(
  navigator.userAgent,
);

interface Advice {
  text: string;
  /** Where voting goes on all the same. */
  isMild?: boolean;
  action?: { label: string; run: () => void };
}

function advice(): Advice | null {
  const t = say();
  const now = status.value;
  if (now.is === 'stopped') {
    if (now.code === CLOSE_REPLACED) {
      return { text: t.replaced, action: { label: t.continue_here, run: retryConnection } };
    }
    if (now.code === CLOSE_OLD_PAGE) {
      return { text: t.old_page, action: { label: t.reload, run: () => location.reload() } };
    }
    // The seat is kept: the right server may be a page away.
    if (now.code === CLOSE_OTHER_KEY) return { text: t.problems.other_key };
    return {
      text: t.problems.unknown_session,
      action: { label: t.join_again, run: leaveSeat },
    };
  }
  if (now.is === 'waiting') return { text: now.online ? t.unreachable : t.offline };
  if (storage.forgets) return { text: t.forgets };
  if (now.is === 'connected' && now.channel !== 'socket') return { text: t.sockets_blocked, isMild: true };
  return null;
}

/** The line, in a region that is spoken when it changes. */
export function Doctor() {
  const said = advice();
  return (
    <div role="status" aria-live="polite">
      {said && (
        <div class={said.isMild ? 'doctor mild' : 'doctor'}>
          <p>{said.text}</p>
          {said.action && (
            <button type="button" onClick={said.action.run}>
              {said.action.label}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
