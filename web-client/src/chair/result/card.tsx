// The result as a table, with the rules in force: only what the view contains.

import { inLanguage, language } from '../../browser/language';
import { titleOf } from '../../meeting/form_title';
import { paperTexts } from '../../texts/paper';
import { type Desk, words } from '../desk';
import { RecordLine } from './record_line';
import { ResultScroll } from './table';

export function ResultCard({ desk }: { desk: Desk }) {
  const texts = words();
  const { result } = desk.view;
  if (!result) return null;
  const { total } = result;
  return (
    <section class="panel result-card" aria-labelledby="result-title">
      <header>
        <h2 id="result-title">
          {texts.resultOf(result.round)}
          {result.form.title && ` · ${titleOf(result.form, language.value)}`}
        </h2>
        <span class="stage-chip">
          {texts.publishedTo}: {texts.publication[result.publication]}
        </span>
      </header>
      <p class="account">
        {texts.account(
          total.entitled,
          total.present,
          total.issued,
          total.returned,
          total.valid,
          total.invalid,
        )}
      </p>
      {result.channels.map((each) => (
        <p class="account" key={each.channel}>
          {inLanguage(paperTexts).channel(each)}
        </p>
      ))}
      {result.rows.length > 0 && <ResultScroll desk={desk} result={result} labelledBy="result-title" />}
      {result.rules.length > 0 && (
        <details class="rules" open>
          <summary>{texts.rules}</summary>
          <ul>
            {result.rules.map(([zh, en]) => (
              <li key={zh}>{language.value === 'en' ? en : zh}</li>
            ))}
          </ul>
        </details>
      )}
      <RecordLine desk={desk} result={result} />
      <p class="print-links">
        <button
          type="button"
          onClick={() => {
            desk.window.value = { is: 'result' };
          }}
        >
          {texts.enlargeTable}
        </button>
      </p>
    </section>
  );
}
