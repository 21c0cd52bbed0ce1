// What was done, newest first.
import { language } from '../browser/language';
import { withTitle } from '../meeting/form_title';
import { type Desk, words } from './desk';

export function HistoryCard({ desk }: { desk: Desk }) {
  const texts = words();
  const names: Record<string, string> = texts.did;
  return (
    <section class="panel history" aria-labelledby="history-title">
      <header>
        <h2 id="history-title">{texts.history}</h2>
      </header>
      {desk.view.history.length === 0 && <p class="quiet-text">{texts.noHistory}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keys. */}
      <ol tabIndex={0} aria-labelledby="history-title">
        {desk.view.history.map((line) => (
          <li key={`${line.at_ms}.${line.command}`}>
            <time dateTime={new Date(line.at_ms).toISOString()}>{timeOfDay(line.at_ms)}</time>
            {withTitle(names[line.command] ?? line.command, line.form, language.value)}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** As 14:32:10, by this device's time zone. */
export function timeOfDay(at_ms: number): string {
  const at = new Date(at_ms);
  return [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
