// Lists on A4 portrait: the ranking, F8 with room for the committee's grade, F6 to sign in, F7 slips, and the history.
import type { ComponentChildren } from 'preact';
import { inLanguage, language } from '../browser/language';
import { withTitle } from '../meeting/form_title';
import type { ResultRow, RosterLine } from '../protocol';
import { chairTexts } from '../texts/chair';
import { componentsTexts } from '../texts/components';
import { PORTRAIT_MM } from './ballot';
import { listPages, rulesHeight, tableFit } from './pages';
import {
  Fitted,
  type FormInput,
  gradeOf,
  Head,
  Names,
  namesWidth,
  Sheet,
  Signatures,
  sentences,
  texts,
} from './parts';

interface ListInput<Row> {
  form: FormInput;
  title: string;
  ofRound?: boolean;
  rules?: readonly string[];
  rows: readonly Row[];
  row_mm: number;
  /** Column heads. */
  heads: readonly string[];
  fit?: number;
  isSigned?: boolean;
  cells(row: Row): ComponentChildren;
  keyOf(row: Row): string | number;
}

const SIGNATURES_MM = 76;

function List<Row>(list: ListInput<Row>) {
  const rules = list.rules ?? [];
  const pages = listPages(
    list.rows,
    list.row_mm,
    rulesHeight(rules, 'portrait'),
    list.isSigned ? SIGNATURES_MM : 0,
  );
  return (
    <>
      {pages.map((rows, place) => (
        <Sheet
          hasFigures={list.ofRound ?? true}
          form={list.form}
          paper="portrait"
          kind="list"
          page={place + 1}
          of={pages.length}
          key={place}
        >
          {place === 0 && (
            <Head form={list.form} title={list.title} ofRound={list.ofRound ?? true} rules={rules} />
          )}
          <table class={list.row_mm > 8 ? 'tall' : ''} style={{ '--fit': String(list.fit ?? 1) }}>
            <thead>
              <tr>
                {list.heads.map((head) => (
                  <th key={head}>{head}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={list.keyOf(row)}>{list.cells(row)}</tr>
              ))}
            </tbody>
          </table>
          {list.isSigned && place === pages.length - 1 && <Signatures />}
        </Sheet>
      ))}
    </>
  );
}

/** The place that counts: by the total, where scores are combined. */
const placeOf = (row: ResultRow) => (row.combined ? row.combined.rank : row.rank);

/** Best first; subjects without a place come last, in the order of the sheet. */
function byRank(rows: readonly ResultRow[]): ResultRow[] {
  const last = Number.MAX_SAFE_INTEGER;
  return [...rows].sort((one, other) => (placeOf(one) ?? last) - (placeOf(other) ?? last));
}

function listFit(form: FormInput, more_mm: number): number {
  return tableFit([...namesWidth(form.prints.plan), more_mm], PORTRAIT_MM);
}

export function RankingForm(form: FormInput) {
  const { result, prints, plan } = form;
  if (!result) return null;
  return (
    <List
      form={form}
      title={texts().ranking}
      rules={sentences(result.rules)}
      rows={byRank(result.rows)}
      row_mm={8}
      heads={[
        result.combination ? inLanguage(componentsTexts).totalRank : texts().rank,
        texts().branch,
        texts().secretary,
        ...(result.combination ? [inLanguage(componentsTexts).total] : []),
        texts().score,
        texts().grade,
        texts().topRate,
      ]}
      fit={listFit(form, result.combination ? 105 : 85)}
      isSigned
      keyOf={(row) => row.subject}
      cells={(row) => (
        <>
          <td class="strong">{placeOf(row) ?? '—'}</td>
          <Names plan={prints.plan} subject={row.subject} />
          {result.combination && <td class="strong">{row.combined?.total ?? '—'}</td>}
          <td class="strong">{row.score ?? '—'}</td>
          <td>{gradeOf(plan.scale, row.suggested_grade)}</td>
          <td>{row.top_rate_percent === null ? '—' : `${row.top_rate_percent}%`}</td>
        </>
      )}
    />
  );
}

/** F8. The count suggests; the committee writes. */
export function GradesForm(form: FormInput) {
  const { result, prints, plan } = form;
  if (!result) return null;
  return (
    <List
      form={form}
      title={texts().grades}
      rules={[texts().suggestionOnly, ...sentences(result.rules)]}
      rows={result.rows}
      row_mm={9}
      heads={[
        texts().number,
        texts().branch,
        texts().secretary,
        texts().score,
        texts().rank,
        ...(result.combination
          ? [inLanguage(componentsTexts).total, inLanguage(componentsTexts).totalRank]
          : []),
        texts().grade,
        texts().decided,
      ]}
      fit={listFit(form, result.combination ? 135 : 105)}
      isSigned
      keyOf={(row) => row.subject}
      cells={(row) => (
        <>
          <td>{row.subject}</td>
          <Names plan={prints.plan} subject={row.subject} />
          <td>{row.score ?? '—'}</td>
          <td>{row.rank ?? '—'}</td>
          {result.combination && <td>{row.combined?.total ?? '—'}</td>}
          {result.combination && <td>{row.combined?.rank ?? '—'}</td>}
          <td>{gradeOf(plan.scale, row.suggested_grade)}</td>
          <td class="to-write" />
        </>
      )}
    />
  );
}

/** F6. Names where a roster keeps them; else as many lines as there are voters, so that no list joins slip and person. */
export function SignInForm(form: FormInput) {
  const { plan, roster } = form.prints;
  const blank = (group: string, entitled: number): RosterLine[] =>
    Array.from({ length: entitled }, (_, place) => ({ seat: place + 1, name: '', role: '', group }));
  return (
    <>
      {plan.groups.map((group) => (
        <List
          key={group.id}
          form={form}
          title={texts().signIn(group.id, group.name)}
          ofRound={false}
          rows={roster?.filter((line) => line.group === group.id) ?? blank(group.id, group.entitled)}
          row_mm={9}
          heads={[texts().number, texts().personName, texts().role, texts().signature]}
          keyOf={(line) => line.seat}
          cells={(line) => (
            <>
              <td>{line.seat}</td>
              <td class="sign-name">
                <Fitted text={line.name} most_mm={36} />
              </td>
              <td class="sign-role">
                <Fitted text={line.role} most_mm={58} />
              </td>
              <td class="to-write" />
            </>
          )}
        />
      ))}
    </>
  );
}

/** F7. Void are those that others took the place of; what was torn and not replaced is written in by hand. */
export function SlipsForm(form: FormInput) {
  const { plan, seats } = form.prints;
  const name = (id: string) => {
    const group = plan.groups.find((each) => each.id === id);
    return group ? `${group.id} ${group.name}` : texts().all;
  };
  return (
    <List
      form={form}
      title={texts().slips}
      ofRound={false}
      rows={seats}
      row_mm={10}
      heads={[
        texts().group,
        texts().slipsMade,
        texts().slipsUsed,
        texts().slipsLeft,
        texts().slipsVoid,
        texts().note,
      ]}
      isSigned
      keyOf={(line) => line.group}
      cells={(line) => (
        <>
          <th scope="row" class="left">
            <Fitted text={name(line.group)} most_mm={60} />
          </th>
          <td>{line.made}</td>
          <td>{line.taken}</td>
          <td>{line.left}</td>
          <td>{line.replaced}</td>
          <td class="to-write" />
        </>
      )}
    />
  );
}

function twoDigits(part: number): string {
  return String(part).padStart(2, '0');
}

/** As 2026-11-20 14:32:10, by this device's time zone. */
export function dayAndTime(at_ms: number): string {
  const at = new Date(at_ms);
  const day = [at.getFullYear(), twoDigits(at.getMonth() + 1), twoDigits(at.getDate())].join('-');
  return `${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':')}`;
}

export function HistoryForm(form: FormInput) {
  const names: Record<string, string> = inLanguage(chairTexts).did;
  const lines = form.prints.history.map((line, place) => ({ ...line, place: place + 1 }));
  return (
    <List
      form={form}
      title={texts().history}
      ofRound={false}
      rules={form.prints.history_digits ? [texts().historyChain(form.prints.history_digits)] : []}
      rows={lines}
      row_mm={7}
      heads={[texts().number, texts().time, texts().command]}
      isSigned
      keyOf={(line) => line.place}
      cells={(line) => (
        <>
          <td>{line.place}</td>
          <td>{dayAndTime(line.at_ms)}</td>
          <td class="left">{withTitle(names[line.command] ?? line.command, line.form, language.value)}</td>
        </>
      )}
    />
  );
}
