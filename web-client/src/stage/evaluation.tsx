// A round on the projector from its papers to its accounts: issued, open with turnout and live tally, closing, closed.

import { letterLines } from '../ballot/rules_code';
import { language } from '../browser/language';
import { formTitle } from '../meeting/form_title';
import { bestOf, labelOf } from '../meeting/marks';
import { evenPages, fittingSize, ROWS_MAX } from '../meeting/paging';
import type { GroupAccount, LiveTally, PlanView, ProjectorView } from '../protocol';
import { TallyBars } from './bars';
import { MANY, share } from './joining';
import { Count, useNow, usePage } from './moving';
import { FootLetters, Rules } from './rules';
import { Banner, fit, Legend, PageNumber, type SceneInput } from './scene';
import { words } from './words';

/** Papers are on their way: how many, and the rules to compare. */
export function ArmedScene({ view, plan }: SceneInput) {
  const texts = words();
  return (
    <section class="scene">
      <Banner plan={plan} side={formTitle(plan, language.value) || texts.steps.evaluation} />
      <div class="armed compares">
        <HugeCount label={texts.armedTitle} value={view.total.issued} of={view.total.present} />
        <Rules view={view} />
      </div>
    </section>
  );
}

function HugeCount({ label, value, of }: { label: string; value: number; of: number }) {
  return (
    <>
      <p class="huge">
        <span class="label">{label}</span>
        <b class="number">
          <Count value={value} />
        </b>
        <span class="of">{words().ofSheets(of)}</span>
      </p>
      <div class="track wide">
        <i style={{ width: `${share(value, of)}%` }} />
      </div>
    </>
  );
}

/** Casts are taken: turnout, and the live tally where the meeting chose it. */
export function OpenScene({ view, plan }: SceneInput) {
  const texts = words();
  if (plan.live === 'off') {
    return (
      <section class="scene">
        <Banner plan={plan} side={formTitle(plan, language.value) || texts.steps.evaluation} />
        <div class="armed compares">
          <h2 class="calm-title">{texts.openTitle}</h2>
          <p class="calm-hint">{texts.openHint}</p>
          <Rules view={view} />
        </div>
      </section>
    );
  }
  const tally = plan.live === 'tally' ? view.tally : null;
  if (tally?.rows.some((row) => row.percents.length > 0)) {
    return <TallyScene view={view} plan={plan} tally={tally} />;
  }
  return (
    <section class="scene">
      <Banner plan={plan} side={texts.openTitle} />
      <div class="armed compares">
        <HugeCount label={texts.returned} value={view.total.returned} of={view.total.issued} />
        <Rules view={view} />
        <p class="open-hint">{tally ? texts.poolWaiting(tally.pool_k * 2) : texts.openHint}</p>
      </div>
    </section>
  );
}

function TallyScene({ view, plan, tally }: { view: ProjectorView; plan: PlanView; tally: LiveTally }) {
  const texts = words();
  const { returned, issued: of } = view.total;
  const rules = view.now.round?.fingerprint;
  // Four rows leave room for the letters below them.
  const pages = evenPages(tally.rows, rules ? 4 : ROWS_MAX);
  const page = usePage(pages.length);
  const sentence = texts.poolSentence(tally.pool_k, returned);
  const best = bestOf(plan);
  return (
    <section class="scene">
      <Banner plan={plan} side={texts.openTitle} />
      <div class="tally-head">
        <div class={of < MANY ? 'tally-turnout' : 'tally-turnout many'}>
          <span class="label">{texts.returned}</span>
          <b class="number">
            <Count value={returned} />
          </b>
          <span class="of">{texts.ofSheets(of)}</span>
          <div class="track">
            <i style={{ width: `${share(returned, of)}%` }} />
          </div>
        </div>
        <div class="tally-legend">
          <Legend plan={plan} />
          {best && <p class="tally-column">{texts.share(labelOf(best, language.value))}</p>}
        </div>
      </div>
      <TallyBars plan={plan} rows={pages[page] ?? []} key={page} />
      <footer class={rules ? 'tally-foot has-letters' : 'tally-foot'}>
        <p style={fit(fittingSize(sentence, 1640, 58, 54))}>{sentence}</p>
        <PageNumber page={page} pages={pages.length} />
        {rules && <FootLetters of={texts.fingerprint} letters={letterLines(rules).join(' ')} />}
      </footer>
    </section>
  );
}

/** The last seconds. */
export function ClosingScene({ view, plan, now }: SceneInput) {
  const texts = words();
  const left_ms = (view.now.round?.closes_at_ms ?? 0) - useNow(now, 200);
  return (
    <section class="scene dark">
      <Banner plan={plan} side={texts.closingTitle} />
      <div class="closing">
        <p class="closing-word">{texts.closingHint}</p>
        <p class="closing-number number">{Math.max(0, Math.ceil(left_ms / 1000))}</p>
        {plan.live !== 'off' && (
          <p class="closing-count">
            {texts.returned} <b class="number">{<Count value={view.total.returned} />}</b>
            <span class="of">{texts.ofSheets(view.total.issued)}</span>
          </p>
        )}
      </div>
    </section>
  );
}

/** The accounts of a round that is over, with the sentence that a tally report says. */
export function ClosedScene({ view, plan }: SceneInput) {
  const texts = words();
  const account = view.result && view.result.round === view.now.round?.number ? view.result.total : null;
  const channels = account ? (view.result?.channels ?? []) : [];
  const counts = account ?? view.total;
  const sentence =
    counts.returned > counts.issued
      ? texts.accountBreaks
      : view.paper_open > 0
        ? texts.paperOpen(view.paper_open)
        : account
          ? texts.accountHolds
          : texts.accountCloses;
  const certified = view.now.round?.state === 'certified' || view.now.round?.state === 'published';
  return (
    <section class="scene">
      <Banner plan={plan} side={texts.closedTitle} />
      <div class="closed">
        <div class="closed-row">
          <Tile word={texts.account.entitled} value={counts.entitled} />
          <Tile word={texts.account.present} value={counts.present} />
          {account && <Tile word={texts.account.issued} value={counts.issued} />}
        </div>
        <div class="closed-row strong">
          {!account && <Tile word={texts.account.issued} value={counts.issued} />}
          <Tile word={texts.account.returned} value={counts.returned} />
          {account && <ValidTiles account={account} />}
        </div>
        <p class="closed-sentence" style={fit(fittingSize(sentence, 1760, 72, 54))}>
          {sentence}
        </p>
        <p class="closed-mark">
          {certified ? `✓ ${texts.witnessed}` : '\u00a0'}
          {channels.map(({ channel, returned, issued }) => ` · ${texts.channel(channel, returned, issued)}`)}
        </p>
      </div>
    </section>
  );
}

function ValidTiles({ account }: { account: GroupAccount }) {
  const texts = words();
  return (
    <>
      <Tile word={texts.account.valid} value={account.valid} />
      <Tile word={texts.account.invalid} value={account.invalid} />
    </>
  );
}

function Tile({ word, value }: { word: string; value: number }) {
  return (
    <div class="tile">
      <p class="label">{word}</p>
      <p class="number">
        <Count value={value} />
      </p>
    </div>
  );
}
