// The phone's start: what the address and the page itself say, then the pages.
import '../browser/microtask';
import '../browser/theme.css';
import './phone.css';
import './lamp.css';
import './sheet.css';
import { effect } from '@preact/signals-core';
import { render } from 'preact';
import { storage } from '../browser/storage';
import { App } from './app';
import { watchClock } from './clock';
import { openDrawn } from './drawn';
import { readFirst, receiveMoved, watchSeat } from './follow';
import * as joining from './join_state';
import { watchPages } from './pages';
import { isClaiming, keptSeat, slipCode } from './seat';
import { ballot, plan, seat, view } from './state';
import { tablet } from './tablet/tablet';
import { watchTextSize } from './text_size';
import { watchWindows } from './window';
import { beginLanguage } from './words';

/** A meeting from `/m/{id}`, or what a slip's QR says: `/#s=CODE`; else the seat that was taken last. */
function readAddress(): void {
  const slip = slipCode(/[#&]s=([^&]*)/.exec(location.hash)?.[1] ?? '');
  const meeting = /^\/m\/([^/]+)/.exec(location.pathname)?.[1];
  const first = readFirst();
  const fragment = location.hash;
  const [, hash] = /[#&]h=([\w-]{22})/.exec(fragment) ?? [];
  // No other key is taken for this meeting (sealed_channel.ts).
  if (meeting && hash) storage.set(`key/${meeting}`, hash);
  if (meeting && /^#p=/.test(fragment)) {
    // Who looks over the shoulder later finds it in no address bar.
    history.replaceState(null, '', location.pathname);
    receiveMoved(meeting, fragment, () => openDrawn({ name: 'move' }));
    return;
  }
  const kept = keptSeat(meeting);
  if (kept && (!slip || kept.slip === slip)) seat.value = kept;
  else joining.slip.value = slip;
  if (seat.value) return;
  if (!meeting) void joining.lookForMeetings();
  else if (first?.plan.id !== meeting) void joining.chooseMeeting(meeting);
}

watchWindows();
watchTextSize();
watchPages();
readAddress();
watchSeat();
watchClock();
effect(() => {
  const meeting = plan.value;
  if (!seat.value && meeting?.admission === 'roster') void joining.loadRoster(meeting.id);
});

// A shared tablet is told how far its person is.
effect(() =>
  tablet?.follow({
    hasSeat: !!(seat.value || joining.isBusy.value || isClaiming()),
    ballot: seat.value && !(plan.value && view.value) ? null : ballot.value,
  }),
);

const root = document.getElementById('page');
void beginLanguage().then(() => {
  // The whole page is drawn again whenever anything changed that it read: it is small enough for that.
  if (root) effect(() => render(<App />, root));
});
