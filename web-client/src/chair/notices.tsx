// What the chair must know now: a close that can be taken back, a command on its way or refused, the connection.

import { inLanguage } from '../browser/language';
import type { Status } from '../net/connection';
import type { Problem } from '../protocol';
import { useNow } from '../stage/moving';
import { problemTexts } from '../texts/problems';
import { refusalTexts } from '../texts/refusals';
import { type Desk, isChair, words } from './desk';
import { HoldButton } from './hold';

export function UndoBanner({ desk }: { desk: Desk }) {
  const texts = words();
  const left_ms = (desk.view.undo_until_ms ?? 0) - useNow(desk.now, 100);
  const round = desk.view.now.round;
  if (!isChair(desk) || !round || left_ms <= 0) return null;
  return (
    <div class="undo" role="alert">
      <p>
        <b>{texts.undoTitle}</b> {texts.undoLeft(Math.ceil(left_ms / 1000))}
      </p>
      <button type="button" onClick={() => desk.commands.send({ do: 'undo_close', round: round.number })}>
        {texts.undo}
      </button>
      <i style={{ transform: `scaleX(${Math.min(1, left_ms / 3000)})` }} aria-hidden="true" />
    </div>
  );
}

/** Servers that took sheets and did not hand them all in: wait, or count without them. */
export function MissingServers({ desk }: { desk: Desk }) {
  const texts = words();
  const missing = desk.view.missing_servers;
  const round = desk.view.now.round;
  if (!round || missing.length === 0) return null;
  const servers = missing.map((server) => server.server);
  return (
    <div class="delivery bad missing" role="alert">
      <p>
        <b>{texts.missingTitle}</b>
      </p>
      <ul>
        {missing.map((server) => (
          <li key={server.server}>{texts.missingServer(server.name, server.sheets)}</li>
        ))}
      </ul>
      <p>{texts.missingExplain}</p>
      {isChair(desk) && (
        <HoldButton
          class="small"
          what={texts.closeWithout}
          onDone={() => desk.commands.send({ do: 'close_without', round: round.number, servers })}
        >
          {texts.closeWithout}
        </HoldButton>
      )}
    </div>
  );
}

/** How the last command fares; silent while all is well. */
export function DeliveryNotice({ desk }: { desk: Desk }) {
  const texts = words();
  const delivery = desk.commands.delivery.value;
  switch (delivery.is) {
    case 'idle':
      return null;
    case 'sending':
      return delivery.attempt < 3 ? null : (
        <p class="delivery" role="status">
          {texts.sendingAgain(delivery.attempt)}
        </p>
      );
    case 'refused':
      return (
        <div class="delivery bad" role="alert">
          <p>{problemSentence(delivery.problem)}</p>
          <button type="button" class="small" onClick={() => desk.commands.dismiss()}>
            {texts.understood}
          </button>
        </div>
      );
    case 'undelivered':
      return (
        <div class="delivery bad" role="alert">
          <p>{texts.undelivered}</p>
          <button type="button" class="small" onClick={() => desk.commands.again()}>
            {texts.again}
          </button>
          <button type="button" class="small" onClick={() => desk.commands.dismiss()}>
            {texts.giveUp}
          </button>
        </div>
      );
  }
}

/** What a problem means for the chair: the meeting's own reason, else the chair's words, else everybody's. */
export function problemSentence(problem: Problem): string {
  const texts = words();
  if (problem.refusal) return inLanguage(refusalTexts)[problem.refusal];
  switch (problem.problem) {
    case 'unknown_session':
    case 'unknown_meeting':
      return texts.problem.unknown_session;
    case 'not_allowed':
      return texts.problem.not_allowed;
    case 'meeting_is_over':
      return inLanguage(problemTexts).meeting_is_over;
    default:
      return texts.problem.other;
  }
}

/** How the connection stands, always visible. */
export function ConnectionState({ status, retry }: { status: Status; retry(): void }) {
  const texts = words();
  switch (status.is) {
    case 'connecting':
      return <p class="connection doubtful">{texts.connection.connecting}</p>;
    case 'connected':
      return (
        <p class="connection good">
          {status.channel === 'socket' ? texts.connection.connected : texts.connection.lesser}
        </p>
      );
    case 'waiting':
    case 'stopped':
      return (
        <p class="connection lost-now" role="alert" title={texts.connection.stale}>
          {status.is === 'stopped'
            ? texts.connection.stopped
            : status.online
              ? texts.connection.waiting
              : texts.connection.offline}
          <button type="button" class="small" onClick={retry}>
            {texts.connection.retry}
          </button>
        </p>
      );
  }
}
