// How many slips each group has left, and new ones for all of them where a box was lost or a page is torn: for chair and teller.
import { useSignal } from '@preact/signals';
import { inLanguage } from '../../browser/language';
import { type PrintedSlips, printAddress } from '../../browser/slips_handover';
import type { GroupView, SlipsView } from '../../protocol';
import { slipsTexts } from '../../texts/slips';
import { type Desk, words } from '../desk';
import { Dialog } from '../dialog';
import { HoldButton } from '../hold';
import { problemSentence } from '../notices';

export function SlipsCard({ desk }: { desk: Desk }) {
  const texts = inLanguage(slipsTexts);
  if (desk.view.slips.length === 0) return null;
  return (
    <section class="panel slips" aria-labelledby="slips-title">
      <header>
        <h2 id="slips-title">{texts.title}</h2>
      </header>
      <p class="quiet-text">{texts.explain}</p>
      <ul class="slip-groups">
        {desk.view.slips.map((slips) => (
          <Line key={slips.group} desk={desk} slips={slips} />
        ))}
      </ul>
    </section>
  );
}

const nameOf = (group: GroupView | undefined) => (group ? `${group.id} ${group.name}` : '');

function Line({ desk, slips }: { desk: Desk; slips: SlipsView }) {
  const texts = inLanguage(slipsTexts);
  const { group, left, replaced } = slips;
  const printed = desk.newSlips.of(group);
  return (
    <li>
      <b class="slip-group">{nameOf(desk.plan.groups.find(({ id }) => id === group))}</b>
      <span class="slip-counts">
        {texts.left(left)}
        {replaced > 0 && ` · ${texts.replaced(replaced)}`}
      </span>
      {printed && <PrintButton printed={printed} class="small" />}
      <button
        type="button"
        class="small"
        data-open={`slips-${group}`}
        disabled={left === 0}
        onClick={() => {
          desk.newSlips.dismiss();
          desk.window.value = { is: 'slips', group };
        }}
      >
        {texts.open}
      </button>
    </li>
  );
}

function PrintButton({ printed, class: name }: { printed: PrintedSlips; class: string }) {
  return (
    <button
      type="button"
      class={name}
      data-print-slips={printed.group.id}
      onClick={() => open(printAddress(printed.group.id), '_blank')}
    >
      {inLanguage(slipsTexts).print(printed.codes.length)}
    </button>
  );
}

export function SlipsWindow({ desk, group, close }: { desk: Desk; group: string; close(): void }) {
  const texts = inLanguage(slipsTexts);
  // What could be printed when the window was opened is not what is made in it.
  const before = useSignal(desk.newSlips.of(group)).value;
  const place = desk.plan.groups.findIndex(({ id }) => id === group);
  const found = desk.plan.groups[place];
  const slips = desk.view.slips.find((each) => each.group === group);
  const printed = desk.newSlips.of(group);
  if (!found) return null;
  const title = texts.window(nameOf(found));
  return (
    <Dialog title={title} onClose={close}>
      {printed && printed !== before ? (
        <Made printed={printed} close={close} />
      ) : slips && slips.left > 0 ? (
        <Offer desk={desk} group={found} place={place} slips={slips} close={close} />
      ) : (
        <p>{texts.nothing}</p>
      )}
    </Dialog>
  );
}

interface OfferInput {
  desk: Desk;
  group: GroupView;
  place: number;
  slips: SlipsView;
  close(): void;
}

function Offer({ desk, group, place, slips, close }: OfferInput) {
  const texts = inLanguage(slipsTexts);
  const { id, name } = group;
  const sending = desk.newSlips.sending.value;
  const replace = () => {
    void desk.newSlips.replace({
      meeting: desk.plan.id,
      title: desk.plan.title,
      group: { id, name, place },
      join_url: desk.view.join_url.replace(/\/$/, ''),
      series: slips.next_series,
      count: slips.left,
    });
  };
  const free = sending.is === 'refused' ? sending.problem.seats_free : undefined;
  return (
    <>
      <p class="notice warn">{texts.warn(slips.left, nameOf(group))}</p>
      <p>{texts.kept}</p>
      {sending.is === 'refused' && sending.group === id && (
        <p class="notice warn" role="alert">
          {free === undefined ? problemSentence(sending.problem) : texts.seatsFree(free)}
        </p>
      )}
      {sending.is === 'undelivered' && (
        <p class="notice warn" role="alert">
          {texts.undelivered}
        </p>
      )}
      <div class="window-buttons">
        <button type="button" onClick={close}>
          {words().cancel}
        </button>
        {sending.is === 'undelivered' ? (
          <button type="button" class="fill" onClick={replace}>
            {texts.again}
          </button>
        ) : (
          <HoldButton
            class="fill"
            what={texts.replace(slips.left)}
            disabled={sending.is === 'sending'}
            onDone={replace}
          >
            {sending.is === 'sending' ? texts.sending : texts.replace(slips.left)}{' '}
            <small>{words().holdHint}</small>
          </HoldButton>
        )}
      </div>
    </>
  );
}

function Made({ printed, close }: { printed: PrintedSlips; close(): void }) {
  const texts = inLanguage(slipsTexts);
  return (
    <>
      <p role="status">
        <b>{texts.made(printed.codes.length)}</b>
      </p>
      <p>{texts.until}</p>
      <div class="window-buttons">
        <button type="button" onClick={close}>
          {words().close}
        </button>
        <PrintButton printed={printed} class="fill" />
      </div>
    </>
  );
}
