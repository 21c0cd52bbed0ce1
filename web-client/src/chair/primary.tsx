// The one primary button: the legal next step, with the choice it needs and what it waits for.
import { inLanguage } from '../browser/language';
import { stepOf } from '../meeting/plan';
import type { Publication } from '../protocol';
import { useNow } from '../stage/moving';
import { paperTexts } from '../texts/paper';
import { requestTexts } from '../texts/request';
import { type Desk, nameOf, primaryCommand, sentenceOf, words } from './desk';
import { type Hold, HoldButton } from './hold';
import { openGroups } from './paper/card';

const AUDIENCES: Publication[] = ['hall_scores', 'hall_grades', 'each_own', 'leaders', 'chair', 'held'];

interface AudienceChoiceInput {
  chosen: Publication;
  choose(audience: Publication): void;
}

/** Who sees the result: from everybody down to nobody. */
export function AudienceChoice({ chosen, choose }: AudienceChoiceInput) {
  const texts = words();
  return (
    <fieldset class="choice">
      <legend>{texts.publishChoice}</legend>
      {AUDIENCES.map((audience) => (
        <label key={audience}>
          <input
            type="radio"
            name="publication"
            checked={chosen === audience}
            onChange={() => choose(audience)}
          />
          {texts.publication[audience]}
        </label>
      ))}
    </fieldset>
  );
}

export function Primary({ desk, hold }: { desk: Desk; hold: Hold }) {
  const texts = words();
  const { next } = desk.view;
  if (!next) return <Waiting desk={desk} />;
  const command = primaryCommand(desk);
  const { delivery } = desk.commands;
  const isSent =
    delivery.value.is === 'sending' && JSON.stringify(delivery.value.command) === JSON.stringify(command);
  const target = next.command.do === 'go_to' ? stepOf(desk.plan, next.command.step) : null;
  const press = () => command && desk.commands.send(command);
  const inside = (
    <>
      <span class="primary-text">{sentenceOf(next.action)}</span>
      {target && <span class="primary-target">{nameOf(desk.plan, target)}</span>}
      <span class="primary-hint">
        <kbd>→</kbd> {next.hold ? texts.holdHint : ''}
      </span>
    </>
  );
  return (
    <>
      <Choices desk={desk} />
      <div class="primary-wrap">
        {next.hold ? (
          <HoldButton
            class="primary"
            what={sentenceOf(next.action)}
            disabled={!command || isSent}
            onDone={press}
            hold={hold}
          >
            {inside}
          </HoldButton>
        ) : (
          <button type="button" class="primary" disabled={!command || isSent} onClick={press}>
            {inside}
          </button>
        )}
      </div>
    </>
  );
}

function Choices({ desk }: { desk: Desk }) {
  const texts = words();
  const command = desk.view.next?.command;
  if (command?.do === 'arm' && desk.view.small_groups.length > 0) {
    const nameOf = (id: string) => desk.plan.groups.find((group) => group.id === id)?.name ?? id;
    const names = desk.view.small_groups.map(nameOf).join(', ');
    const others = ['totals_only', 'refuse'] as const;
    // Merging is offered where it leaves no group too small.
    const choices = desk.view.merging.length > 0 ? (['merge', ...others] as const) : others;
    return (
      <fieldset class="choice warn">
        <legend>{texts.smallGroupsChoice}</legend>
        <p>{texts.smallGroups(names)}</p>
        {desk.view.small_by_recusal.length > 0 && (
          <p>{texts.smallByRecusal(desk.view.small_by_recusal.map(nameOf).join(', '))}</p>
        )}
        {desk.view.merging.map((groups) => (
          <p key={groups.join()}>{texts.merging(groups.map(nameOf).join(', '))}</p>
        ))}
        {choices.map((choice) => (
          <label key={choice}>
            <input
              type="radio"
              name="small-groups"
              checked={desk.smallGroups.value === choice}
              onChange={() => {
                desk.smallGroups.value = choice;
              }}
            />
            {texts.smallGroup[choice]}
          </label>
        ))}
      </fieldset>
    );
  }
  if (command?.do !== 'ask' || command.asked.what !== 'publication') return null;
  return (
    <AudienceChoice
      chosen={desk.publication.value ?? command.asked.publication}
      choose={(audience) => {
        desk.publication.value = audience;
      }}
    />
  );
}

function Waiting({ desk }: { desk: Desk }) {
  const texts = words();
  const now_ms = useNow(desk.now, 250);
  const { round } = desk.view.now;
  const closing = round?.state === 'closing' && round.closes_at_ms !== null ? round.closes_at_ms : null;
  const text =
    closing === null
      ? desk.view.paper?.is_open
        ? inLanguage(paperTexts).waits_for(openGroups(desk))
        : desk.view.requests.some(({ state }) => state === 'waiting')
          ? inLanguage(requestTexts).waits_short
          : texts.nothingNext
      : texts.waitForClosing(Math.max(0, Math.ceil((closing - now_ms) / 1000)));
  return <p class="waiting">{text}</p>;
}
