// The windows over the chair's page: shortcuts, join code, deputy, void with its reason, a new step, a jump while the time runs.
import { useSignal } from '@preact/signals';
import { inLanguage, language } from '../browser/language';
import { titleOf } from '../meeting/form_title';
import { addressOf } from '../net/role_session';
import type { Publication, StepKind, StepView } from '../protocol';
import { typedAddress } from '../stage/joining';
import { kioskTexts } from '../texts/kiosk';
import { stepTexts } from '../texts/words';
import { addition, formsFor } from './agenda/order';
import { SecretCode } from './code';
import { type Desk, nameOf, words } from './desk';
import { Dialog } from './dialog';
import { PaperWindow } from './paper/window';
import { EraseWindow } from './people/erase';
import { AudienceChoice } from './primary';
import { joinCode } from './projector_card';
import { ask } from './request/card';
import { ComponentsWindow } from './result/components';
import { Explain } from './result/explain';
import { ResultScroll } from './result/table';
import { SlipsWindow } from './slips/card';
import { ReissueWindow } from './slips/reissue';

export function Windows({ desk }: { desk: Desk }) {
  const open = desk.window.value;
  const close = () => {
    desk.window.value = null;
  };
  switch (open?.is) {
    case undefined:
      return null;
    case 'help':
      return <Help close={close} />;
    case 'join':
      return <JoinWindow desk={desk} close={close} />;
    case 'deputy':
      return <Deputy desk={desk} close={close} />;
    case 'erase':
      return <EraseWindow desk={desk} close={close} />;
    case 'reissue':
      return <ReissueWindow desk={desk} round={open.round} close={close} />;
    case 'components':
      return <ComponentsWindow desk={desk} round={open.round} close={close} />;
    case 'kiosk':
      return <KioskWindow desk={desk} close={close} />;
    case 'slips':
      return <SlipsWindow desk={desk} group={open.group} close={close} />;
    case 'paper':
      return <PaperWindow desk={desk} round={open.round} group={open.group} close={close} />;
    case 'void':
      return <Void desk={desk} round={open.round} close={close} />;
    case 'add_step':
      return <AddStep desk={desk} after={open.after} close={close} />;
    case 'result':
      return <ResultWindow desk={desk} close={close} />;
    case 'explain':
      return <Explain desk={desk} open={open} close={close} />;
    case 'publish':
      return <Publish desk={desk} round={open.round} close={close} />;
    case 'jump':
      return <Jump desk={desk} step={open.step} close={close} />;
  }
}

interface WindowInput {
  desk: Desk;
  close(): void;
}

function Help({ close }: { close(): void }) {
  const texts = words();
  return (
    <Dialog title={texts.helpTitle} onClose={close}>
      <dl class="help-list">
        {texts.helpLines.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet-text">{texts.helpScreen}</p>
    </Dialog>
  );
}

function JoinWindow({ desk, close }: WindowInput) {
  const texts = words();
  return (
    <Dialog title={texts.joinCode} onClose={close} size="wide">
      <img class="big-code" src={joinCode(desk)} alt={texts.joinCode} />
      <p class="under-code">
        {texts.joinHint} <b>{typedAddress(desk.view.join_url)}</b>
      </p>
    </Dialog>
  );
}

function ResultWindow({ desk, close }: WindowInput) {
  const { result } = desk.view;
  if (!result) return null;
  return (
    <Dialog title={words().resultOf(result.round)} onClose={close} size="widest">
      <ResultScroll desk={desk} result={result} labelledBy="window-title" />
    </Dialog>
  );
}

/** The chair's own link as a code. */
function Deputy({ desk, close }: WindowInput) {
  const texts = words();
  return (
    <Dialog title={texts.deputyTitle} onClose={close} size="wide">
      <p>{texts.deputyExplain}</p>
      <SecretCode desk={desk} path={addressOf(desk.role)} alt={texts.deputyCode} />
    </Dialog>
  );
}

/** The address of a shared tablet, for its camera or to be typed. */
function KioskWindow({ desk, close }: WindowInput) {
  const texts = inLanguage(kioskTexts);
  const path = `/m/${desk.plan.id}/kiosk`;
  return (
    <Dialog title={texts.window} onClose={close}>
      <p>{texts.explain}</p>
      <SecretCode desk={desk} path={path} alt={texts.window} />
      <p class="under-code">{`${desk.view.join_url}${path}`.replace(/^https?:\/\//, '')}</p>
      <p class="notice">{texts.weaker}</p>
    </Dialog>
  );
}

const REASON_MAX = 200;

function Void({ desk, round, close }: WindowInput & { round: number }) {
  const texts = words();
  const reason = useSignal('');
  const used = [...reason.value.trim()].length;
  return (
    <Dialog title={texts.voidTitle(round)} onClose={close}>
      <p>{texts.voidExplain}</p>
      <label class="field">
        {texts.voidReason}
        <textarea
          rows={3}
          value={reason.value}
          onInput={(event) => {
            reason.value = event.currentTarget.value;
          }}
        />
      </label>
      <p class={used > REASON_MAX ? 'quiet-text over' : 'quiet-text'}>{texts.voidCount(used)}</p>
      <div class="window-buttons">
        <button type="button" onClick={close}>
          {texts.cancel}
        </button>
        <button
          type="button"
          class="danger-fill"
          disabled={used === 0 || used > REASON_MAX}
          onClick={() => {
            ask(desk, round, { what: 'void', reason: reason.value.trim() });
            close();
          }}
        >
          {texts.askScrutineer}
        </button>
      </div>
    </Dialog>
  );
}

/** Another audience for a result that was published already: also how a result that was held back comes out later. */
function Publish({ desk, round, close }: WindowInput & { round: number }) {
  const texts = words();
  const shown = desk.view.result;
  const chosen = useSignal<Publication>(shown?.round === round ? shown.publication : 'held');
  return (
    <Dialog title={texts.publishAgain} onClose={close}>
      <AudienceChoice
        chosen={chosen.value}
        choose={(audience) => {
          chosen.value = audience;
        }}
      />
      <div class="window-buttons">
        <button type="button" onClick={close}>
          {texts.cancel}
        </button>
        <button
          type="button"
          class="danger-fill"
          onClick={() => {
            ask(desk, round, { what: 'publication', publication: chosen.value });
            close();
          }}
        >
          {texts.askScrutineer}
        </button>
      </div>
    </Dialog>
  );
}

const KINDS: StepKind[] = [
  'report',
  'comment',
  'evaluation',
  'speech',
  'break',
  'opening',
  'tellers',
  'close',
];

function AddStep({ desk, after, close }: WindowInput & { after: number }) {
  const texts = words();
  const kind = useSignal<StepKind>('break');
  const subject = useSignal(0);
  const form = useSignal('');
  const forms = formsFor(desk.plan, kind.value);
  const asksSubject = kind.value === 'report' || kind.value === 'comment' || kind.value === 'evaluation';
  const isMissing = kind.value === 'report' && subject.value === 0;
  return (
    <Dialog title={texts.addStep} onClose={close}>
      <label class="field">
        {texts.stepKind}
        <select
          value={kind.value}
          onChange={(event) => {
            kind.value = event.currentTarget.value as StepKind;
          }}
        >
          {KINDS.map((each) => (
            <option key={each} value={each}>
              {inLanguage(stepTexts)[each]}
            </option>
          ))}
        </select>
      </label>
      {asksSubject && (
        <label class="field">
          {texts.stepSubject}
          <select
            value={String(subject.value)}
            onChange={(event) => {
              subject.value = Number(event.currentTarget.value);
            }}
          >
            <option value="0">{texts.noSubject}</option>
            {desk.plan.subjects.map((each) => (
              <option key={each.id} value={String(each.id)}>
                {each.branch} {each.secretary}
              </option>
            ))}
          </select>
        </label>
      )}
      {forms.length > 0 && (
        <label class="field">
          {texts.stepForm}
          <select
            value={form.value}
            onChange={(event) => {
              form.value = event.currentTarget.value;
            }}
          >
            <option value="">{texts.firstForm}</option>
            {forms.map((each) => (
              <option key={each.id} value={each.id}>
                {titleOf(each, language.value)}
              </option>
            ))}
          </select>
        </label>
      )}
      <div class="window-buttons">
        <button type="button" onClick={close}>
          {texts.cancel}
        </button>
        <button
          type="button"
          class="fill"
          disabled={isMissing}
          onClick={() => {
            const chosen = asksSubject && subject.value !== 0 ? subject.value : null;
            desk.commands.send(addition(desk.plan, kind.value, chosen, after, form.value));
            close();
          }}
        >
          {texts.addIt}
        </button>
      </div>
    </Dialog>
  );
}

function Jump({ desk, step, close }: WindowInput & { step: StepView }) {
  const texts = words();
  return (
    <Dialog title={texts.goHere(nameOf(desk.plan, step))} onClose={close}>
      <p>{texts.jumpWhileRunning(nameOf(desk.plan, step))}</p>
      <div class="window-buttons">
        <button type="button" onClick={close}>
          {texts.cancel}
        </button>
        <button
          type="button"
          class="fill"
          onClick={() => {
            desk.commands.send({ do: 'go_to', step: step.id });
            close();
          }}
        >
          {texts.confirm}
        </button>
      </div>
    </Dialog>
  );
}
