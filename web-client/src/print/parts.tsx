// What every printed form is made of: the sheet of paper with its foot, the head with the rules, signatures, and names that fit.
import type { ComponentChildren } from 'preact';
import { inLanguage, language } from '../browser/language';
import { formTitle } from '../meeting/form_title';
import { gradeLabel } from '../meeting/marks';
import { spacedName } from '../meeting/paging';
import { subjectOf } from '../meeting/plan';
import type { MarkView, PlanView, Prints, ResultView, RoundView } from '../protocol';
import { printTexts } from '../texts/print';
import { columnWidth, wordsFit } from './pages';
import type { Paper } from './paper_rule';

export const texts = () => inLanguage(printTexts);

/** What a form is made of: everything that may be printed, and the round that was chosen. */
export interface FormInput {
  prints: Prints;
  /** The plan as it is in that round: groups that vote as one are one. */
  plan: PlanView;
  round: RoundView | null;
  result: ResultView | null;
}

export function sentences(rules: readonly [string, string][]): string[] {
  return rules.map(([zh, en]) => (language.value === 'en' ? en : zh));
}

interface SheetInput {
  form: FormInput;
  paper: Paper;
  kind?: string;
  page: number;
  of: number;
  /** Whether it tells of what was counted: then the record's digits stand in the foot. */
  hasFigures?: boolean;
  children: ComponentChildren;
}

/** One side of paper. */
export function Sheet({ form, paper, kind, page, of, hasFigures = false, children }: SheetInput) {
  return (
    <section class={`sheet ${paper} ${kind ?? ''}`}>
      <div class="inside">{children}</div>
      <footer class="foot">
        <span>
          {texts().fingerprint} {form.round?.fingerprint ?? '—'}
          {hasFigures && form.result?.record && `　${texts().record} ${form.result.record.digits}`}
        </span>
        <span>{texts().page(page, of)}</span>
      </footer>
    </section>
  );
}

interface HeadInput {
  form: FormInput;
  title: string;
  /** Whether the form is of one round. */
  ofRound?: boolean;
  rules?: readonly string[];
}

export function Head({ form, title, ofRound = true, rules = [] }: HeadInput) {
  const { plan } = form.prints;
  const formName = formTitle(form.plan, language.value);
  return (
    <header class="head">
      <p class="head-host">
        {plan.host} · {plan.title}
        {ofRound && form.round ? ` · ${texts().round(form.round.number)}` : ''}
        {ofRound && formName !== '' && ` · ${formName}`}
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

export function Signatures() {
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

/** The widest that branches and people get, in millimetres. */
export const BRANCH_MM = 58;
const SECRETARY_MM = 24;

/** How wide the names of these subjects are. */
export function namesWidth(plan: PlanView): number[] {
  const branches = plan.subjects.map((subject) => subject.branch);
  const secretaries = plan.subjects.map((subject) => spacedName(subject.secretary));
  return [
    columnWidth([texts().number, '000']),
    columnWidth([texts().branch, ...branches], BRANCH_MM),
    columnWidth([texts().secretary, ...secretaries], SECRETARY_MM),
  ];
}

/** Branch and secretary as cells; long names are set smaller. */
export function Names({ plan, subject }: { plan: PlanView; subject: number }) {
  const found = subjectOf(plan, subject);
  const branch = found?.branch ?? '';
  const secretary = spacedName(found?.secretary ?? '');
  return (
    <>
      <th scope="row" class="left">
        <Fitted text={branch} most_mm={BRANCH_MM} />
      </th>
      <td class="name">
        <Fitted text={secretary} most_mm={SECRETARY_MM} />
      </td>
    </>
  );
}

/** Words in a column that does not grow with them. */
export function Fitted({ text, most_mm }: { text: string; most_mm: number }) {
  const share = wordsFit(text, most_mm);
  if (share === 1) return <>{text}</>;
  return (
    <span class="fitted" style={{ fontSize: `${share}em`, width: `calc(${most_mm - 2.7}mm * var(--fit))` }}>
      {text}
    </span>
  );
}

/** A suggested grade in words. */
export function gradeOf(scale: readonly MarkView[], id: string | null): string {
  return id === null ? '—' : gradeLabel(scale, id, language.value);
}
