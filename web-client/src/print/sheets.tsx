// The printed forms: F3, the summary table with a sheet for each group, and F2, the tally report. Every figure is the server's.
import { inLanguage, language } from '../language';
import { labelOf } from '../projector/marks';
import { spacedName } from '../projector/paging';
import { subjectOf } from '../projector/picture';
import type {
  ChairView,
  GroupAccount,
  GroupView,
  PlanView,
  ResultRow,
  ResultView,
  RoundView,
} from '../protocol';
import { printTexts } from '../texts/print';
import { rowPages, rulesHeight } from './pages';

export interface FormInput {
  plan: PlanView;
  result: ResultView;
  round: RoundView | null;
}

const texts = () => inLanguage(printTexts);

/** What is printed of a view; nothing before a round was counted. */
export function formOf(view: ChairView, plan: PlanView): FormInput | null {
  if (!view.result) return null;
  const { result } = view;
  return { plan, result, round: view.rounds.find((round) => round.number === result.round) ?? null };
}

/** F3. */
export function SummaryForm(form: FormInput) {
  const { plan, result } = form;
  const rules = result.rules.map(([zh, en]) => (language.value === 'en' ? en : zh));
  const groups = plan.groups.filter((_, place) => result.rows.every((row) => row.groups?.[place] != null));
  const sheets = [
    ...rowPages(result.rows, rulesHeight(rules)).map((rows) => ({ rows, group: null as GroupView | null })),
    ...groups.flatMap((group) => rowPages(result.rows, 0).map((rows) => ({ rows, group }))),
  ];
  return (
    <>
      {sheets.map(({ rows, group }, place) => (
        <section class="sheet landscape" key={`${group?.id ?? ''}.${rows[0]?.subject}`}>
          {(place === 0 || sheets[place - 1]?.group !== group) && (
            <Head
              form={form}
              title={group ? texts().groupSheet(group.id, group.name) : texts().summary}
              rules={group ? [] : rules}
            />
          )}
          {group ? (
            <GroupTable plan={plan} rows={rows} group={group} />
          ) : (
            <SummaryTable plan={plan} rows={rows} />
          )}
          {sheets[place + 1]?.group !== group && <Signatures />}
          <Foot form={form} page={place + 1} of={sheets.length} />
        </section>
      ))}
    </>
  );
}

function Head({ form, title, rules }: { form: FormInput; title: string; rules: readonly string[] }) {
  return (
    <header class="head">
      <p class="head-host">
        {form.plan.host} · {form.plan.title} · {texts().round(form.result.round)}
      </p>
      <h1>{title}</h1>
      {rules.length > 0 && (
        <ul class="head-rules" aria-label={texts().rules}>
          {rules.map((rule) => (
            <li key={rule}>{rule}</li>
          ))}
        </ul>
      )}
    </header>
  );
}

function SummaryTable({ plan, rows }: { plan: PlanView; rows: readonly ResultRow[] }) {
  return (
    <>
      <table>
        <thead>
          <tr>
            <th rowSpan={2}>{texts().number}</th>
            <th rowSpan={2}>{texts().branch}</th>
            <th rowSpan={2}>{texts().secretary}</th>
            <th rowSpan={2}>{texts().report_kind}</th>
            {plan.scale.map((mark) => (
              <th key={mark.id} colSpan={2}>
                {labelOf(mark, language.value)}
              </th>
            ))}
            <th rowSpan={2}>{texts().abstained}</th>
            <th rowSpan={2}>{texts().recused}</th>
            {plan.groups.map((group) => (
              <th key={group.id} rowSpan={2}>
                {group.id}
                <small>{group.weight_percent}%</small>
              </th>
            ))}
            <th rowSpan={2}>{texts().score}</th>
            <th rowSpan={2}>{texts().rank}</th>
            <th rowSpan={2}>{texts().note}</th>
          </tr>
          <tr>
            {plan.scale.map((mark) => [
              <th key={`${mark.id}.votes`}>{texts().votes}</th>,
              <th key={`${mark.id}.percent`}>{texts().percent}</th>,
            ])}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <SummaryRow key={row.subject} plan={plan} row={row} />
          ))}
        </tbody>
      </table>
      {rows.some((row) => row.groups?.some((group) => group === null) ?? true) && (
        <p class="remark">{texts().tooSmall}</p>
      )}
    </>
  );
}

function SummaryRow({ plan, row }: { plan: PlanView; row: ResultRow }) {
  const subject = subjectOf(plan, row.subject);
  return (
    <tr>
      <td>{row.subject}</td>
      <th scope="row" class="left">
        {subject?.branch}
      </th>
      <td class="name">{spacedName(subject?.secretary ?? '')}</td>
      <td>{subject?.report === 'written' ? texts().written : texts().onsite}</td>
      {plan.scale.map((mark, place) => [
        <td key={`${mark.id}.votes`}>{row.marks?.[place] ?? '—'}</td>,
        <td key={`${mark.id}.percent`}>{row.percents?.[place] ?? '—'}</td>,
      ])}
      <td>{row.abstained ?? '—'}</td>
      <td>{row.recused ?? '—'}</td>
      {plan.groups.map((group, place) => (
        <td key={group.id}>{row.groups?.[place]?.mean ?? '—'}</td>
      ))}
      <td class="strong">{row.score ?? '—'}</td>
      <td class="strong">{row.rank ?? '—'}</td>
      <td>{subject?.absent ? texts().absent : ''}</td>
    </tr>
  );
}

function GroupTable({ plan, rows, group }: { plan: PlanView; rows: readonly ResultRow[]; group: GroupView }) {
  const place = plan.groups.indexOf(group);
  return (
    <table>
      <thead>
        <tr>
          <th>{texts().number}</th>
          <th>{texts().branch}</th>
          <th>{texts().secretary}</th>
          {plan.scale.map((mark) => (
            <th key={mark.id}>{labelOf(mark, language.value)}</th>
          ))}
          <th>{texts().abstained}</th>
          <th>{texts().recused}</th>
          <th>{texts().mean}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const subject = subjectOf(plan, row.subject);
          const figures = row.groups?.[place];
          return (
            <tr key={row.subject}>
              <td>{row.subject}</td>
              <th scope="row" class="left">
                {subject?.branch}
              </th>
              <td class="name">{spacedName(subject?.secretary ?? '')}</td>
              {plan.scale.map((mark, mark_place) => (
                <td key={mark.id}>{figures?.marks[mark_place] ?? '—'}</td>
              ))}
              <td>{figures?.abstained ?? '—'}</td>
              <td>{figures?.recused ?? '—'}</td>
              <td class="strong">{figures?.mean ?? '—'}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Signatures() {
  return (
    <div class="signatures">
      <p>
        {texts().scrutineer}
        <i />
        <i />
      </p>
      <p>
        {texts().teller}
        <i />
        <i />
      </p>
      <p>
        {texts().chair}
        <i />
      </p>
      <p class="seal">
        {texts().seal}
        <span>{texts().date}</span>
      </p>
    </div>
  );
}

function Foot({ form, page, of }: { form: FormInput; page: number; of: number }) {
  return (
    <footer class="foot">
      <span>
        {texts().fingerprint} {form.round?.fingerprint ?? '—'}
      </span>
      <span>{texts().page(page, of)}</span>
    </footer>
  );
}

/** F2. */
export function ReportForm(form: FormInput) {
  const { plan, result, round } = form;
  const { total } = result;
  const line = (account: GroupAccount, name: string) => (
    <tr key={account.group}>
      <th scope="row" class="left">
        {name}
      </th>
      <td>{account.entitled}</td>
      <td>{account.present}</td>
      <td>{account.issued}</td>
      <td>{account.returned}</td>
      <td>{account.valid}</td>
      <td>{account.invalid}</td>
    </tr>
  );
  return (
    <section class="sheet portrait">
      <Head form={form} title={texts().report} rules={[]} />
      <p class="report-text">
        {texts().account(
          total.entitled,
          total.present,
          total.issued,
          total.returned,
          total.valid,
          total.invalid,
        )}
        {total.returned > total.issued ? texts().breaks : texts().holds}
      </p>
      {round?.void_reason != null && <p class="report-text">{texts().void(round.void_reason)}</p>}
      <table class="report-table">
        <thead>
          <tr>
            <th>{texts().group}</th>
            <th>{texts().entitled}</th>
            <th>{texts().present}</th>
            <th>{texts().issued}</th>
            <th>{texts().returned}</th>
            <th>{texts().valid}</th>
            <th>{texts().invalid}</th>
          </tr>
        </thead>
        <tbody>
          {result.groups.map((account) =>
            line(
              account,
              `${account.group} ${plan.groups.find((group) => group.id === account.group)?.name ?? ''}`,
            ),
          )}
        </tbody>
        <tfoot>{line(total, texts().all)}</tfoot>
      </table>
      <dl class="report-digest">
        <dt>{texts().fingerprint}</dt>
        <dd class="strong">{round?.fingerprint ?? '—'}</dd>
        <dt>{texts().digest}</dt>
        <dd>{round?.manifest_hash ?? '—'}</dd>
      </dl>
      <Signatures />
      <Foot form={form} page={1} of={1} />
    </section>
  );
}
