// Papers issued anew: the chair asks, the scrutineer confirms, the voter scans the new slip. Its code is made here and kept on
// this device until papers were issued for it; the server keeps a hash.
import { useSignal } from '@preact/signals';
import { inLanguage } from '../../browser/language';
import { storage } from '../../browser/storage';
import { keyHash } from '../../net/sealed_channel';
import type { ReissueView } from '../../protocol';
import { reissueTexts } from '../../texts/reissue';
import { SecretCode } from '../code';
import { type Desk, isChair, words } from '../desk';
import { Dialog } from '../dialog';
import { HoldButton } from '../hold';
import { newCode } from './new_slips';

const nameOf = (desk: Desk, round: number, number: number) => `reissue/${desk.plan.id}/${round}/${number}`;

export function ReissueCard({ desk }: { desk: Desk }) {
  const { view } = desk;
  const texts = inLanguage(reissueTexts);
  const round = view.now.round;
  const isOpen = round?.state === 'armed' || round?.state === 'open';
  if (!round || (!isOpen && view.reissues.length === 0) || view.role === 'teller') return null;
  const left = view.reissues_max - view.reissues.length;
  if (!isChair(desk) && view.reissues.length === 0) return null;
  return (
    <section class="panel reissue" aria-labelledby="reissue-title">
      <header>
        <h2 id="reissue-title">{texts.title}</h2>
        {isOpen && isChair(desk) && left > 0 && (
          <button
            type="button"
            class="small"
            data-open="reissue"
            onClick={() => {
              desk.window.value = { is: 'reissue', round: round.number };
            }}
          >
            {texts.open}
          </button>
        )}
      </header>
      {isOpen && <p class="quiet-text">{texts.left(left)}</p>}
      {view.reissues.map((reissue) => (
        <Line key={reissue.number} desk={desk} round={round.number} reissue={reissue} isOpen={isOpen} />
      ))}
    </section>
  );
}

interface LineInput {
  desk: Desk;
  round: number;
  reissue: ReissueView;
  isOpen: boolean;
}

function Line({ desk, round, reissue, isOpen }: LineInput) {
  const texts = inLanguage(reissueTexts);
  const { number, group, leads_subject, is_confirmed, has_papers } = reissue;
  const named = desk.plan.groups.find(({ id }) => id === group)?.name ?? group;
  const leads = desk.plan.subjects.find(({ id }) => id === leads_subject)?.branch ?? '';
  const slip = storage.get(nameOf(desk, round, number));
  const confirm = () => desk.commands.send({ do: 'confirm_reissue', round, number });
  return (
    <div class="reissue-line">
      <p>
        <b>{texts.line(number, named, leads)}</b>{' '}
        <span>{has_papers ? texts.issued : is_confirmed ? '' : texts.waits}</span>
      </p>
      {!is_confirmed && isOpen && desk.view.role === 'scrutineer' && (
        <>
          <p>{texts.confirm_explain}</p>
          <HoldButton class="fill" what={texts.confirm} onDone={confirm}>
            {texts.confirm} <small>{words().holdHint}</small>
          </HoldButton>
        </>
      )}
      {is_confirmed && !has_papers && isOpen && isChair(desk) && slip && (
        <>
          <p>
            {texts.confirmed} <b class="slip-code">{`${slip.slice(0, 5)}-${slip.slice(5)}`}</b>
          </p>
          <SecretCode
            desk={desk}
            path={`/m/${desk.plan.id}#s=${slip}&h=${keyHash(desk.plan.id)}`}
            alt={texts.code}
          />
        </>
      )}
    </div>
  );
}

export function ReissueWindow({ desk, round, close }: { desk: Desk; round: number; close(): void }) {
  const texts = inLanguage(reissueTexts);
  const { groups, subjects, own_branch } = desk.plan;
  const group = useSignal(groups[0]?.id ?? '');
  const leads = useSignal(0);
  const asksLeads = own_branch === 'recused' && groups.find(({ id }) => id === group.value)?.has_leaders;
  const ask = () => {
    const number = desk.view.reissues.length + 1;
    const slip = newCode();
    storage.set(nameOf(desk, round, number), slip);
    const leads_subject = asksLeads && leads.value > 0 ? leads.value : null;
    desk.commands.send({ do: 'ask_reissue', round, number, group: group.value, leads_subject, slip });
    close();
  };
  return (
    <Dialog title={texts.title} onClose={close}>
      <p>{texts.explain}</p>
      <label class="field">
        {texts.group}
        <select
          value={group.value}
          onChange={(event) => {
            group.value = event.currentTarget.value;
          }}
        >
          {groups.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {asksLeads && (
        <label class="field">
          {texts.leads}
          <select
            value={String(leads.value)}
            onChange={(event) => {
              leads.value = Number(event.currentTarget.value);
            }}
          >
            <option value="0">{texts.leads_none}</option>
            {subjects.map(({ id, branch }) => (
              <option key={id} value={String(id)}>
                {branch}
              </option>
            ))}
          </select>
        </label>
      )}
      <p class="notice warn">{texts.warn}</p>
      <div class="window-buttons">
        <button type="button" onClick={close}>
          {words().cancel}
        </button>
        <button type="button" class="fill" onClick={ask}>
          {texts.ask}
        </button>
      </div>
    </Dialog>
  );
}
