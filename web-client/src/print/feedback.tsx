// F4: for each subject a slip with its own figures and nobody else's, to be cut apart and handed over.
import { inLanguage, language } from '../browser/language';
import { formTitle } from '../meeting/form_title';
import { labelOf } from '../meeting/marks';
import { spacedName } from '../meeting/paging';
import { subjectOf } from '../meeting/plan';
import type { PlanView, ResultRow } from '../protocol';
import { componentsTexts } from '../texts/components';
import { PORTRAIT_MM } from './ballot';
import { columnWidth, tableFit, wrapped } from './pages';
import { Fitted, type FormInput, gradeOf, Sheet, sentences, texts } from './parts';

/** The widest that an item's name gets, in millimetres. */
const ITEM_MM = 60;
/** Most groups, or items, for which two slips stand on a page. */
const GROUPS_ON_HALF_MOST = 6;
const ITEMS_ON_HALF_MOST = 8;

/** Whether a slip needs a page of its own. */
const isWhole = ({ groups, items }: PlanView) =>
  items.length > 0 ? items.length > ITEMS_ON_HALF_MOST : groups.length > GROUPS_ON_HALF_MOST;

export function FeedbackForm(form: FormInput) {
  const { result } = form;
  if (!result) return null;
  const perPage = isWhole(form.plan) ? 1 : 2;
  const pages: ResultRow[][] = [];
  for (let from = 0; from < result.rows.length; from += perPage) {
    pages.push(result.rows.slice(from, from + perPage));
  }
  return (
    <>
      {pages.map((rows, place) => (
        <Sheet
          hasFigures
          form={form}
          paper="portrait"
          kind="list slips-of-feedback"
          page={place + 1}
          of={pages.length}
          key={rows[0]?.subject}
        >
          {rows.map((row) => (
            <Slip form={form} row={row} key={row.subject} />
          ))}
        </Sheet>
      ))}
    </>
  );
}

function Slip({ form, row }: { form: FormInput; row: ResultRow }) {
  const { plan } = form;
  const subject = subjectOf(plan, row.subject);
  return (
    <article class={isWhole(plan) ? 'feedback whole' : 'feedback'}>
      <p class="head-host">
        {plan.host} · {plan.title}
        {form.round ? ` · ${texts().round(form.round.number)}` : ''}
        {formTitle(plan, language.value) && ` · ${formTitle(plan, language.value)}`}
      </p>
      <h2>{texts().feedback}</h2>
      <p class="feedback-name">
        {subject?.branch}　{spacedName(subject?.secretary ?? '')}
      </p>
      {plan.items.length > 0 ? <Items plan={plan} row={row} /> : <Marks plan={plan} row={row} />}
      <p class="feedback-result">
        <span>
          {texts().score} <b>{row.score ?? '—'}</b>
        </span>
        {row.combined && (
          <span>
            {inLanguage(componentsTexts).total} <b>{row.combined.total ?? '—'}</b>
          </span>
        )}
        <span>
          {texts().grade} <b>{gradeOf(plan.scale, row.suggested_grade)}</b>
        </span>
        <span>
          {texts().topRate} <b>{row.top_rate_percent === null ? '—' : `${row.top_rate_percent}%`}</b>
        </span>
      </p>
      {row.combined && <p class="feedback-note">{parts(form, row).join('　')}</p>}
      <p class="feedback-note">{texts().suggestionOnly}</p>
    </article>
  );
}

/** What the total is made of, or what is missing for it. */
function parts({ result }: FormInput, row: ResultRow): string[] {
  const words = inLanguage(componentsTexts);
  const { components, adjustment, notes } = row.combined ?? { components: [], adjustment: null, notes: [] };
  const named = result?.combination?.components ?? [];
  const own = `${words.share(result?.combination?.evaluation_share_percent ?? '', words.evaluation)} ${row.score ?? '—'}`;
  const others = named.map(
    ({ name, share_percent }, place) => `${words.share(share_percent, name)} ${components[place] ?? '—'}`,
  );
  return [own, ...others, ...(adjustment ? [`${words.adjustment} ${adjustment}`] : []), ...sentences(notes)];
}

/** Of rows with items: the mean of each with its marks over all groups, then the means of the groups. */
function Items({ plan, row }: { plan: PlanView; row: ResultRow }) {
  const means = plan.groups.map((group, place) => ({ group, mean: row.groups?.[place]?.mean }));
  const labels = plan.items.map((item) => labelOf(item, language.value));
  const widths = [
    Math.min(ITEM_MM, columnWidth(labels)),
    columnWidth([texts().weight, '100%']),
    ...plan.scale.map((mark) => columnWidth([...wrapped(labelOf(mark, language.value)), '000'])),
    columnWidth([texts().open]),
    columnWidth([texts().mean, '100.00']),
  ];
  return (
    <>
      <table style={{ '--fit': String(tableFit(widths, PORTRAIT_MM)) }}>
        <thead>
          <tr>
            <th>{texts().item}</th>
            <th>{texts().weight}</th>
            {plan.scale.map((mark) => (
              <th key={mark.id}>{labelOf(mark, language.value)}</th>
            ))}
            <th>{texts().open}</th>
            <th>{texts().mean}</th>
          </tr>
        </thead>
        <tbody>
          {plan.items.map((item, place) => {
            const figures = row.items?.[place];
            return (
              <tr key={item.label}>
                <th scope="row" class="left">
                  <Fitted text={labels[place] ?? ''} most_mm={ITEM_MM} />
                </th>
                <td>{item.weight_percent}%</td>
                {plan.scale.map((mark, at) => (
                  <td key={mark.id}>{figures?.marks[at] ?? '—'}</td>
                ))}
                <td>{figures?.open ?? '—'}</td>
                <td class="strong">{figures?.mean ?? '—'}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p class="feedback-note">
        {means
          .filter(({ mean }) => mean)
          .map(({ group, mean }) => `${group.id} ${texts().mean} ${mean}`)
          .concat(row.abstained === null ? [] : [`${texts().abstained} ${row.abstained}`])
          .join('　')}
      </p>
    </>
  );
}

function Marks({ plan, row }: { plan: PlanView; row: ResultRow }) {
  const widths = [
    columnWidth([texts().group, texts().share, ...plan.groups.map((group) => group.id)]),
    ...plan.scale.map((mark) => columnWidth([...wrapped(labelOf(mark, language.value)), '100.0%'])),
    columnWidth([texts().abstained]),
    columnWidth([texts().mean, '100.00']),
  ];
  return (
    <table style={{ '--fit': String(tableFit(widths, PORTRAIT_MM)) }}>
      <thead>
        <tr>
          <th>{texts().group}</th>
          {plan.scale.map((mark) => (
            <th key={mark.id}>{labelOf(mark, language.value)}</th>
          ))}
          <th>{texts().abstained}</th>
          <th>{texts().mean}</th>
        </tr>
      </thead>
      <tbody>
        {plan.groups.map((group, place) => {
          const figures = row.groups?.[place];
          if (!figures) return null;
          return (
            <tr key={group.id}>
              <th scope="row">{group.id}</th>
              {plan.scale.map((mark, mark_place) => (
                <td key={mark.id}>{figures.marks[mark_place] ?? '—'}</td>
              ))}
              <td>{figures.abstained}</td>
              <td>{figures.mean ?? '—'}</td>
            </tr>
          );
        })}
        <tr>
          <th scope="row">{texts().all}</th>
          {plan.scale.map((mark, place) => (
            <td key={mark.id} class="strong">
              {row.marks?.[place] ?? '—'}
            </td>
          ))}
          <td>{row.abstained ?? '—'}</td>
          <td />
        </tr>
        <tr>
          <th scope="row">{texts().share}</th>
          {plan.scale.map((mark, place) => (
            <td key={mark.id}>{row.percents?.[place] === undefined ? '—' : `${row.percents[place]}%`}</td>
          ))}
          <td />
          <td />
        </tr>
      </tbody>
    </table>
  );
}
