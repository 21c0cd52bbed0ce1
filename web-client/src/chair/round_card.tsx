// The round: how far its keys, papers and sheets are, its fingerprint, and what may be done to it.

import { letterLines, rulesAddress } from '../ballot/rules_code';
import { inLanguage } from '../browser/language';
import { qr } from '../browser/qr';
import type { RoundView } from '../protocol';
import { roundStageTexts } from '../texts/words';
import { type Desk, isChair, words } from './desk';

const MAY_BE_VOID: RoundView['state'][] = ['armed', 'open', 'closing', 'closed', 'certified'];

export function RoundCard({ desk }: { desk: Desk }) {
  const texts = words();
  const { round } = desk.view.now;
  if (!round) return null;
  const { preparation, total } = desk.view;
  const running = round.state === 'open' || round.state === 'closing';
  const mayVoid = isChair(desk) && MAY_BE_VOID.includes(round.state);
  return (
    <section class="panel round-card" aria-labelledby="round-title">
      <header>
        <h2 id="round-title">{texts.round(round.number)}</h2>
        <span class="stage-chip" data-state={round.state}>
          {inLanguage(roundStageTexts)[round.state]}
        </span>
        {isChair(desk) && round.state === 'published' && (
          <button
            type="button"
            class="small"
            data-open="publish"
            onClick={() => {
              desk.window.value = { is: 'publish', round: round.number };
            }}
          >
            {texts.publishAgain}…
          </button>
        )}
        {mayVoid && (
          <button
            type="button"
            class="small danger"
            data-open="void"
            onClick={() => {
              desk.window.value = { is: 'void', round: round.number };
            }}
          >
            {texts.voidIt}…
          </button>
        )}
      </header>
      {round.void_reason !== null && <p class="notice">{round.void_reason}</p>}
      {desk.view.turnout_is_too_low && <p class="notice warn">{texts.turnoutTooLow}</p>}
      {round.fingerprint !== null && (
        <p class="fingerprint-line">
          <span>{texts.fingerprint}</span>
          {letterLines(round.fingerprint).map((line) => (
            <b key={line}>{line}</b>
          ))}
        </p>
      )}
      <RulesCode desk={desk} round={round} />
      <div class="bars">
        {preparation && (
          <Progress
            text={texts.keys(preparation.keys_ready, preparation.keys_needed)}
            part={preparation.keys_ready}
            of={preparation.keys_needed}
          />
        )}
        {preparation && round.state !== 'draft' && (
          <Progress
            text={texts.papers(preparation.seats_issued, preparation.seats_present)}
            part={preparation.seats_issued}
            of={preparation.seats_present}
          />
        )}
        {running && (
          <Progress
            text={texts.sheetsReturned(total.returned, total.issued)}
            part={total.returned}
            of={total.issued}
          />
        )}
      </div>
      {desk.view.left_out.map((server) => (
        <p class="notice warn" key={server.server}>
          {texts.leftOut(server.name, server.sheets)}
        </p>
      ))}
      <Rounds rounds={desk.view.rounds} isShown={desk.view.rounds.length > 1} />
      {!isChair(desk) && <p class="read-only">{readOnly(desk)}</p>}
    </section>
  );
}

/** The whole of the rules, for a phone's camera: it compares them with its own. */
function RulesCode({ desk, round }: { desk: Desk; round: RoundView }) {
  const texts = words();
  const address = rulesAddress(desk.view.join_qr, round);
  if (address === null) return null;
  return (
    <details class="rules-code">
      <summary>{texts.rulesCode}</summary>
      <img src={qr(address)} alt={texts.rulesCode} />
      <p class="quiet-text">{texts.rulesCodeHint}</p>
    </details>
  );
}

function readOnly(desk: Desk): string {
  const texts = words();
  return desk.view.role === 'scrutineer' ? texts.readOnly.scrutineer : texts.readOnly.teller;
}

function Progress({ text, part, of }: { text: string; part: number; of: number }) {
  const share = of === 0 ? 0 : Math.min(1, part / of);
  return (
    <div class={share === 1 ? 'progress whole' : 'progress'}>
      <p>{text}</p>
      <div class="progress-track" aria-hidden="true">
        <i style={{ transform: `scaleX(${share})` }} />
      </div>
    </div>
  );
}

function Rounds({ rounds, isShown }: { rounds: readonly RoundView[]; isShown: boolean }) {
  const texts = words();
  if (!isShown) return null;
  return (
    <details class="rounds">
      <summary>
        {texts.rounds} ({rounds.length})
      </summary>
      <ul>
        {rounds.map((round) => (
          <li key={round.number}>
            {texts.round(round.number)} · {inLanguage(roundStageTexts)[round.state]}
            {round.void_reason !== null && ` · ${round.void_reason}`}
          </li>
        ))}
      </ul>
    </details>
  );
}
