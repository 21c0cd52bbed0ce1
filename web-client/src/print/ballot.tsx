// F1, the ballot on paper: one for each group, with the rows of the round and a box for each mark. Also the fallback where phones fail.
import { language } from '../browser/language';
import { labelOf } from '../meeting/marks';
import { subjectOf, withMerged } from '../meeting/plan';
import type { GroupView, PlanView, SheetRules } from '../protocol';
import { columnWidth, listPages, rulesHeight, tableFit, wrapped } from './pages';
import { type FormInput, Head, Names, namesWidth, Sheet, texts } from './parts';

/** A4 portrait between its margins. */
export const PORTRAIT_MM = 177;

/** What a voter must know, in sentences. */
function instructions(plan: PlanView): string[] {
  const rules: SheetRules = plan.sheet_rules;
  const label = (id: string) => {
    const mark = plan.scale.find((each) => each.id === id);
    return mark ? labelOf(mark, language.value) : id;
  };
  const best = plan.scale.find((mark) => mark.kind === 'grade')?.id ?? '';
  const lines = [howToMark(plan), rules.all_rows ? texts().allRows : texts().blankRow];
  if (plan.items.length > 0) lines.push(plan.needs_all_items ? texts().allItems : texts().someItems);
  if (plan.own_branch === 'recused') lines.push(texts().ownBranch);
  if (rules.distinct_min !== null) lines.push(texts().distinctMin(rules.distinct_min));
  if (rules.top_max !== null && 'count' in rules.top_max) {
    lines.push(texts().topMax(label(best), String(rules.top_max.count)));
  }
  if (rules.top_max !== null && 'percent' in rules.top_max) {
    lines.push(texts().topMax(label(best), `${rules.top_max.percent}%`));
  }
  if (rules.low_min !== null) lines.push(texts().lowMin(label(rules.low_min.from), rules.low_min.count));
  const [overall] = plan.items.slice(-1);
  if (rules.overall_matches && overall) lines.push(texts().overallMatches(labelOf(overall, language.value)));
  const [worst] = plan.scale.filter((mark) => mark.kind === 'grade').slice(-1);
  if (rules.worst_reason && worst) lines.push(texts().worstReason(label(worst.id)));
  return lines;
}

/** Where to put what: a tick in a box, or in each cell a number or a mark's name. */
function howToMark({ numeric, items, scale }: PlanView): string {
  if (numeric !== null) return texts().howToNumber(numeric);
  if (items.length === 0) return texts().howToMark;
  const marks = scale.map((mark) => labelOf(mark, language.value));
  return texts().howToItems(marks.join(language.value === 'en' ? ', ' : '、'));
}

/** A column of the ballot: what is written or ticked in it, and the subjects that have no such cell. */
interface Column {
  label: string;
  below: string;
  box: string;
  isAbsent(subject: number): boolean;
}

function columnsOf(plan: PlanView): Column[] {
  const everybody = () => false;
  if (plan.items.length > 0) {
    return plan.items.map((item, place) => ({
      label: labelOf(item, language.value),
      below: `${item.weight_percent}%`,
      box: '',
      isAbsent: (subject) => subjectOf(plan, subject)?.without_items.includes(place) ?? false,
    }));
  }
  if (plan.numeric !== null)
    return [{ label: texts().points(plan.numeric), below: '', box: '', isAbsent: everybody }];
  return plan.scale.map((mark) => ({
    label: labelOf(mark, language.value),
    below: '',
    box: '□',
    isAbsent: everybody,
  }));
}

export function BallotForm(form: FormInput) {
  // The form in use, whatever the round that was chosen had.
  const plan = withMerged(form.prints.plan, form.round?.merged);
  const rules = instructions(plan);
  const rows = form.round?.subjects ?? plan.subjects.map((subject) => subject.id);
  return (
    <>
      {plan.groups.map((group) => {
        const pages = listPages(rows, 9, rulesHeight(rules, 'portrait'), 8);
        return pages.map((page, place) => (
          <Sheet
            form={form}
            paper="portrait"
            kind="list"
            page={place + 1}
            of={pages.length}
            key={`${group.id}.${page[0]}`}
          >
            {place === 0 && (
              <Head form={{ ...form, plan }} title={texts().ballot(group.id, group.name)} rules={rules} />
            )}
            <Rows plan={plan} group={group} rows={page} />
          </Sheet>
        ));
      })}
    </>
  );
}

function Rows({ plan, group, rows }: { plan: PlanView; group: GroupView; rows: readonly number[] }) {
  const columns = columnsOf(plan);
  const widths = [
    ...namesWidth(plan),
    ...columns.map(({ label, below }) => columnWidth([...wrapped(label), below, '0000'])),
  ];
  return (
    <table class="tall" style={{ '--fit': String(tableFit(widths, PORTRAIT_MM)) }} data-group={group.id}>
      <thead>
        <tr>
          <th>{texts().number}</th>
          <th>{texts().branch}</th>
          <th>{texts().secretary}</th>
          {columns.map(({ label, below }) => (
            <th key={label}>
              {label}
              {below && <small>{below}</small>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((subject) => (
          <tr key={subject}>
            <td>{subject}</td>
            <Names plan={plan} subject={subject} />
            {columns.map(({ label, box, isAbsent }) => (
              <td key={label} class="box">
                {isAbsent(subject) ? '／' : box}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
