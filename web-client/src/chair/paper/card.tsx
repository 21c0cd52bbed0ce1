// Paper sheets on the console: how many were handed out, who entered them, where two entries differ.
import { useEffect } from 'preact/hooks';
import { inLanguage, language } from '../../browser/language';
import { storage } from '../../browser/storage';
import { labelOf } from '../../meeting/marks';
import { subjectOf, withMerged } from '../../meeting/plan';
import type { PaperDifference, PaperGroupView, PaperView, RoundView } from '../../protocol';
import { kioskTexts } from '../../texts/kiosk';
import { paperTexts } from '../../texts/paper';
import { type Desk, words } from '../desk';

/** Under this name drafts of a round's paper are kept on this device. */
export const draftsOf = (desk: Desk, round: number) => `paper/${desk.plan.id}/${round}/`;

/** The round whose paper is shown: the meeting may have gone on while it is counted. */
export function paperRound(desk: Desk): RoundView | undefined {
  return desk.view.rounds.find((round) => round.number === desk.view.paper?.round);
}

/** Groups whose paper is not entered alike by both, by name. */
export function openGroups(desk: Desk): string {
  const plan = withMerged(desk.plan, paperRound(desk)?.merged);
  const open = desk.view.paper?.groups.filter((group) => isWanted(group) && !group.agrees) ?? [];
  const nameOf = (id: string) => plan.groups.find((group) => group.id === id)?.name ?? id;
  return open.map((group) => `${nameOf(group.group)} ${group.issued}`).join(', ');
}

/** Whether both must enter a group: it was handed sheets, or one of them found some. */
const isWanted = (group: PaperGroupView) => group.issued > 0 || group.teller || group.scrutineer;

export function PaperCard({ desk }: { desk: Desk }) {
  const { paper, role } = desk.view;
  const state = paperRound(desk)?.state;
  const counts = role === 'teller' || role === 'scrutineer';
  const isOver = paper !== null && !paper.may_issue && !paper.is_open && state !== 'closing';
  useEffect(() => {
    // What was typed is linkable, sheet by sheet: it goes as soon as nobody needs it.
    if (!paper) return;
    const wanted = isOver ? null : draftsOf(desk, paper.round);
    for (const name of storage.names(`paper/${desk.plan.id}/`)) {
      if (wanted === null || !name.startsWith(wanted)) storage.remove(name);
    }
  }, [isOver, paper?.round]);
  if (!paper) return null;
  const hasAny = paper.groups.some((group) => group.issued > 0 || group.returned !== null);
  const mayIssue = paper.may_issue && role !== 'scrutineer';
  const mayEnter = counts && state === 'closed';
  if (!hasAny && !mayIssue) return null;
  const texts = inLanguage(paperTexts);
  const explain = mayIssue ? texts.issue_explain : counts ? texts.enter_explain : texts.chair_explain;
  return (
    <section class="panel paper" aria-labelledby="paper-title">
      <header>
        <h2 id="paper-title">
          {texts.title}
          {desk.view.rounds.length > 1 && ` · ${words().round(paper.round)}`}
        </h2>
        {mayIssue && (
          <button
            type="button"
            class="small"
            data-open="kiosk"
            onClick={() => {
              desk.window.value = { is: 'kiosk' };
            }}
          >
            {inLanguage(kioskTexts).button}
          </button>
        )}
      </header>
      {(mayIssue || paper.is_open) && <p class="quiet-text">{explain}</p>}
      <ul class="paper-groups">
        {paper.groups.map((group) => (
          <Group
            key={group.group}
            desk={desk}
            paper={paper}
            group={group}
            mayIssue={mayIssue}
            mayEnter={mayEnter && paper.is_open}
          />
        ))}
      </ul>
    </section>
  );
}

interface GroupInput {
  desk: Desk;
  paper: PaperView;
  group: PaperGroupView;
  mayIssue: boolean;
  mayEnter: boolean;
}

function Group({ desk, paper, group, mayIssue, mayEnter }: GroupInput) {
  const texts = inLanguage(paperTexts);
  const plan = withMerged(desk.plan, paperRound(desk)?.merged);
  const name = plan.groups.find((each) => each.id === group.group)?.name ?? '';
  const issue = (sheets: number) =>
    desk.commands.send({ do: 'issue_paper', round: paper.round, group: group.group, sheets });
  const own = desk.view.role === 'teller' ? group.teller : group.scrutineer;
  return (
    <li>
      <div class="paper-group">
        <b class="paper-name">
          {group.group} {name}
        </b>
        {mayIssue ? (
          <span class="paper-issue">
            <button
              type="button"
              aria-label={`${name}: ${texts.less}`}
              disabled={group.issued === 0}
              onClick={() => issue(group.issued - 1)}
            >
              −
            </button>
            <output aria-label={`${name}: ${texts.issued}`}>{group.issued}</output>
            <button
              type="button"
              aria-label={`${name}: ${texts.more}`}
              onClick={() => issue(group.issued + 1)}
            >
              +
            </button>
          </span>
        ) : (
          <Standing group={group} isOpen={paper.is_open} />
        )}
        {mayEnter && (
          <button
            type="button"
            class={group.issued > 0 ? 'fill' : 'small'}
            data-open={`paper-${group.group}`}
            onClick={() => {
              desk.window.value = { is: 'paper', round: paper.round, group: group.group };
            }}
          >
            {own ? texts.enter_again : texts.enter}
          </button>
        )}
      </div>
      {group.exceeds && <p class="notice warn">{texts.exceeds(name)}</p>}
      {group.differences.length > 0 && <Differences desk={desk} group={group} />}
    </li>
  );
}

function Standing({ group, isOpen }: { group: PaperGroupView; isOpen: boolean }) {
  const texts = inLanguage(paperTexts);
  const { returned, valid, invalid } = group;
  const one = (who: string, isThere: boolean) => (
    <span class={isThere ? 'paper-done' : 'paper-open'}>
      {who} {isThere ? `✓ ${texts.entered}` : texts.open}
    </span>
  );
  return (
    <span class="paper-standing">
      <span>
        {texts.issued} {group.issued}
      </span>
      {returned !== null && <span>{texts.counted(returned, valid ?? 0, invalid ?? 0)}</span>}
      {isOpen && isWanted(group) && one(texts.teller, group.teller)}
      {isOpen && isWanted(group) && one(texts.scrutineer, group.scrutineer)}
      {isOpen && group.agrees && <span class="paper-done">{texts.agrees}</span>}
      {group.differ > 0 && <span class="paper-open">{texts.differ(group.differ)}</span>}
    </span>
  );
}

function Differences({ desk, group }: { desk: Desk; group: PaperGroupView }) {
  const texts = inLanguage(paperTexts);
  const labelOfMark = (id: string) => {
    const mark = desk.plan.scale.find((each) => each.id === id);
    return mark && desk.plan.numeric === null ? labelOf(mark, language.value) : id;
  };
  const nameOf = ({ subject, figure }: PaperDifference) => {
    const branch = subject === null ? texts.sheets : (subjectOf(desk.plan, subject)?.branch ?? subject);
    if (figure.is === 'mark') return `${branch} · ${labelOfMark(figure.mark)}`;
    if (figure.is !== 'answer') return `${branch} · ${texts.figure[figure.is]}`;
    // One row as it stands on the sheets: item by item.
    const parts = figure.answer.split('.').map((mark) => (mark === '' ? '—' : labelOfMark(mark)));
    return `${branch} · ${parts.join(' ')}`;
  };
  return (
    <div class="paper-differences" role="alert">
      <p>{texts.differences}</p>
      <table class="people-table">
        <thead>
          <tr>
            <th scope="col" />
            <th scope="col">{texts.teller}</th>
            <th scope="col">{texts.scrutineer}</th>
          </tr>
        </thead>
        <tbody>
          {group.differences.map((difference) => (
            <tr key={nameOf(difference)}>
              <th scope="row">{nameOf(difference)}</th>
              <td>{difference.teller}</td>
              <td>{difference.scrutineer}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
