// Who is there, by group: always how many, never who.
import { withMerged } from '../../meeting/plan';
import type { Turnout } from '../../protocol';
import { type Desk, isChair, words } from '../desk';

export function PeopleCard({ desk }: { desk: Desk }) {
  const texts = words();
  const { view } = desk;
  const plan = withMerged(desk.plan, view.now.round?.merged);
  const line = (turnout: Turnout, name: string) => (
    <tr key={turnout.group} class={view.small_groups.includes(turnout.group) ? 'too-small' : undefined}>
      <th scope="row">{name}</th>
      <td>{turnout.entitled}</td>
      <td>{turnout.present}</td>
      <td>{turnout.issued}</td>
      <td>{turnout.returned}</td>
    </tr>
  );
  const nameOf = (id: string) => {
    const group = plan.groups.find((each) => each.id === id);
    return group ? `${group.id} ${group.name}` : id;
  };
  return (
    <section class="panel people" aria-labelledby="people-title">
      <header>
        <h2 id="people-title">{texts.people}</h2>
        <span class="online">{texts.devices(view.devices_online)}</span>
      </header>
      <table class="people-table">
        <thead>
          <tr>
            <th scope="col">{texts.columns.group}</th>
            <th scope="col">{texts.columns.entitled}</th>
            <th scope="col">{texts.columns.present}</th>
            <th scope="col">{texts.columns.issued}</th>
            <th scope="col">{texts.columns.returned}</th>
          </tr>
        </thead>
        <tbody>{view.groups.map((group) => line(group, nameOf(group.group)))}</tbody>
        <tfoot>{line(view.total, texts.all)}</tfoot>
      </table>
      {view.small_groups.length > 0 && (
        <p class="notice warn">
          {texts.smallGroups(
            view.small_groups.map((id) => plan.groups.find((each) => each.id === id)?.name ?? id).join(', '),
          )}
        </p>
      )}
      {isChair(desk) && (view.now.phase === 'checkin' || view.now.phase === 'in_session') && (
        <p class={view.scrutineers_online > 0 ? 'quiet-text' : 'quiet-text over'}>
          {texts.scrutineers(view.scrutineers_online)}
        </p>
      )}
      <p class={`durability ${view.durability}`}>{texts.durability[view.durability]}</p>
    </section>
  );
}
