// What was found: the verdict, the digits to compare, the table that was counted again, and every check.

import { fingerprint } from '../ballot/manifest';
import { digestIn } from '../ballot/rules_code';
import { inLanguage, language } from '../browser/language';
import { hex } from '../crypto/bytes';
import { type Fault, isFirst } from '../record/format';
import { type Fraud, fromHex } from '../record/fraud';
import { endsWith, type Summary } from '../record/verify';
import { verifyTexts } from '../texts/verify';
import { columnsOf } from './columns';

const texts = () => inLanguage(verifyTexts);

/** The order in which checks are made. */
const ORDER = [3, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const OF_BALLOTS = [4, 5, 6, 7];
/** Of these a record without ballots shows only that its figures fit each other. */
const OF_FIGURES = [10, 11, 12, 14];

interface Input {
  summary: Summary | null;
  fault: Fault | null;
  hasProof: boolean;
}

/** What was found, in a word, a sign and a sentence: a record without ballots is not one that was counted again. */
function found(summary: Summary | null, fault: Fault | null) {
  const t = texts();
  if (fault || !summary) {
    const check = fault?.check ?? 0;
    const where = t.members[fault?.where ?? ''] ?? fault?.where ?? '';
    const line = `${t.failed}: ${t.sentences[check - 1]} ${where} ${fault?.inWhole ? t.in_whole : ''}`;
    return { look: 'breaks', sign: '✗', title: t.breaks(check), line };
  }
  if (summary.whole) {
    const line = summary.file.tally === null ? t.one_count_withheld : t.one_count_line;
    return { look: 'holds', sign: '✓', title: t.one_count, line };
  }
  if (endsWith(summary) === 0) return { look: 'holds', sign: '✓', title: t.holds, line: t.holds_line };
  const line = summary.file.tally === null ? t.withheld : t.sealed;
  return { look: 'form', sign: '◐', title: t.form_holds, line };
}

export function Verdict({ summary, fault, hasProof }: Input) {
  const t = texts();
  const { look, sign, title, line } = found(summary, fault);
  const ends = fault ? 10 + fault.check : summary && endsWith(summary);
  return (
    <>
      <section class={`verdict ${look}`} role="alert" data-ends={ends}>
        <h2>
          <span aria-hidden="true">{sign}</span> {title}
        </h2>
        <p>{line}</p>
        {summary !== null && summary.own !== null && <p>{t.own(summary.own)}</p>}
        {summary?.file.left_out.map((left) => (
          <p key={left.server}>{t.left_out(left.name, left.sheets)}</p>
        ))}
      </section>
      {summary?.fraud && <FraudVerdict fraud={summary.fraud} />}
      {summary && <Digits summary={summary} />}
      {summary && <Table summary={summary} />}
      <Checks summary={summary} fault={fault} hasProof={hasProof} />
    </>
  );
}

/** Two manifests of one round under one box key: this needs no record to be believed. */
export function FraudVerdict({ fraud }: { fraud: Fraud }) {
  const t = texts();
  return (
    <section class="verdict breaks" role="alert" data-fraud={fraud.round} data-ends={4}>
      <h2>
        <span aria-hidden="true">✗</span> {t.fraud(fraud.round)}
      </h2>
      <p>{t.fraud_line}</p>
      <dl>
        <dt>{t.meeting}</dt>
        <dd class="hash">{fraud.meeting}</dd>
        <dt>{t.box_key}</dt>
        <dd class="hash">{fraud.box_key}</dd>
        {fraud.manifests.map(({ hash }) => [
          <dt key={`${hash} letters`}>{t.fingerprint}</dt>,
          <dd class="digits" key={hash}>
            {fingerprint(fromHex(hash))}
          </dd>,
        ])}
      </dl>
    </section>
  );
}

function Digits({ summary }: { summary: Summary }) {
  const t = texts();
  const { manifest } = summary.file;
  return (
    <section>
      <h2>
        {manifest.title} · {t.round(manifest.round)}
      </h2>
      <dl>
        <dt>{t.fingerprint}</dt>
        <dd class="digits">{fingerprint(summary.m, manifest.format)}</dd>
        <dt>{t.digits}</dt>
        <dd class="digits">{fingerprint(summary.digest, manifest.format)}</dd>
        <dt>SHA-256</dt>
        <dd class="hash">{hex(summary.digest)}</dd>
        {summary.whole && <dt>{t.whole_digits}</dt>}
        {summary.whole && <dd class="digits">{fingerprint(summary.whole, manifest.format)}</dd>}
        <dt>{t.ballots}</dt>
        <dd>{summary.leaves}</dd>
      </dl>
      <Scanned digest={hex(summary.digest)} />
      <p>{t.compare}</p>
    </section>
  );
}

/** Whether it is the record whose code, on a print, led to this page. */
function Scanned({ digest }: { digest: string }) {
  const scanned = digestIn(location.hash);
  if (scanned === null) return null;
  const isIt = scanned === digest;
  return (
    <p class={isIt ? 'scanned' : 'scanned other'}>
      {isIt ? `✓ ${texts().scanned}` : `✗ ${texts().scanned_other}`}
    </p>
  );
}

function Table({ summary }: { summary: Summary }) {
  const t = texts();
  const { manifest, tally } = summary.file;
  if (tally === null) return null;
  const columns = columnsOf(manifest);
  const byRow = isFirst(manifest);
  const label = (mark: { label: string; label_en: string }) =>
    language.value === 'en' && mark.label_en !== '' ? mark.label_en : mark.label;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keys.
    <section class="scrolls" tabIndex={0} aria-label={t.title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.branch}</th>
            {columns.map((column) => (
              <th scope="col" key={column.label}>
                {label(column)}
              </th>
            ))}
            <th scope="col">{t.abstained}</th>
            {byRow && <th scope="col">{t.recused}</th>}
            <th scope="col">{t.score}</th>
            <th scope="col">{t.rank}</th>
          </tr>
        </thead>
        <tbody>
          {tally.rows.map((row, at) => (
            <tr key={row.c}>
              <th scope="row">{manifest.contests[at]?.branch}</th>
              {columns.map((column) => (
                <td key={column.label}>{column.figure(row.marks)}</td>
              ))}
              <td>{row.abstained}</td>
              {byRow && <td>{row.recused}</td>}
              <td>{row.score ?? '—'}</td>
              <td>{row.rank ?? '—'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {tally.sheets.recused !== undefined && <p>{t.recused_in_all(tally.sheets.recused)}</p>}
    </section>
  );
}

function Checks({ summary, fault, hasProof }: Input) {
  const t = texts();
  const reached = fault ? ORDER.indexOf(fault.check) : ORDER.length;
  const stateOf = (check: number) => {
    if (check === fault?.check) return 'failed';
    const { leaves: sealed = null, tally = null } = summary?.file ?? {};
    // What the public file does not show was checked in the whole one, where there is one.
    const leaves = summary?.whole ? null : sealed;
    const isOut = leaves && (OF_BALLOTS.includes(check) || (tally === null && [11, 12].includes(check)));
    const isAlone = check === 16 && summary && !summary.whole;
    if (isOut || isAlone || (check === 15 && !hasProof)) return 'not_here';
    if (leaves && OF_FIGURES.includes(check)) return 'partly';
    return ORDER.indexOf(check) < reached ? 'passed' : 'not_reached';
  };
  return (
    <section>
      <h2>{t.checks}</h2>
      <ol class="checks">
        {t.sentences.map((sentence, at) => {
          const state = stateOf(at + 1);
          return (
            <li key={sentence} class={state}>
              <b>V{at + 1}</b> <span>{sentence}</span> <em>{t[state]}</em>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
