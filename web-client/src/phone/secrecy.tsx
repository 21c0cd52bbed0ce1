// "How secret is this?": the promise, how it is kept, and what is not protected, before anybody has to ask.

import { language } from '../browser/language';
import { Fingerprint } from './fingerprint';
import { goBack, openPage, page } from './pages';
import { plan } from './state';
import { fetchTexts, fill, say } from './words';

/** The smallest group that is shown without a word about it. */
const K_MIN_USUAL = 5;

export function openSecrecy(): void {
  void fetchTexts(language.value);
  if (page.value.name !== 'secrecy') openPage({ name: 'secrecy' });
}

export function Secrecy() {
  return (
    <>
      <main class="inner secrecy">
        <Text />
        <Fingerprint />
      </main>
      <footer>
        <div class="inner">
          <button type="button" class="primary" onClick={goBack}>
            {say().back}
          </button>
        </div>
      </footer>
    </>
  );
}

function Text() {
  const t = say().secrecy;
  if (!t) {
    return (
      <button type="button" class="secondary" onClick={openSecrecy}>
        {say().connecting}
      </button>
    );
  }
  const k_min = plan.value?.k_min ?? K_MIN_USUAL;
  const isOpenTally = plan.value?.live === 'tally' && plan.value.pool_k === 1;
  return (
    <>
      <h2 class="page-title">{t.title}</h2>
      <p class="promise">{t.promise}</p>
      {k_min < K_MIN_USUAL && <p class="caution">{fill(t.small, k_min)}</p>}
      {isOpenTally && <p class="caution">{t.open_tally}</p>}
      <h3>{t.how_title}</h3>
      <ol>
        {t.how.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ol>
      <h3>{t.not_title}</h3>
      <ul>
        {t.not.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  );
}
