// What a scrutineer's page found of the records of a round: below a publication that is asked for, and beside the published record.
import { useEffect } from 'preact/hooks';
import { fingerprint } from '../../ballot/manifest';
import { inLanguage } from '../../browser/language';
import type { Publication, ResultView } from '../../protocol';
import { checkTexts } from '../../texts/check';
import { verifyTexts } from '../../texts/verify';
import type { Desk } from '../desk';
import type { RecordCheck } from './record_checks';

interface CheckLineInput {
  desk: Desk;
  round: number;
  publication: Publication;
}

/** Without it nothing is confirmed: that what would be published is one count with the whole record. */
export function CheckLine({ desk, round, publication }: CheckLineInput) {
  const { checks } = desk;
  useEffect(() => checks.check(round, publication), [checks, round, publication]);
  const found = checks.of(round, publication);
  return (
    <div class={`record-check ${lookOf(found)}`} role="status" data-check={found?.is ?? 'counting'}>
      <Found desk={desk} found={found} />
      {found?.is === 'no_record' && (
        <button type="button" class="small" onClick={() => checks.check(round, publication)}>
          {inLanguage(checkTexts).again}
        </button>
      )}
    </div>
  );
}

const lookOf = (found: RecordCheck | null) =>
  found?.is === 'one_count' ? 'good' : found?.is === 'breaks' ? 'bad' : 'open';

function Found({ desk, found }: { desk: Desk; found: RecordCheck | null }) {
  const texts = inLanguage(checkTexts);
  switch (found?.is) {
    case 'one_count': {
      const { file, digest } = found.summary;
      const letters = fingerprint(digest, file.manifest.format);
      const told = file.tally === null ? texts.one_count_withheld : texts.one_count;
      return (
        <>
          <p>
            <b>✓ {told}</b>
          </p>
          <p>
            {texts.letters} <b class="number">{letters}</b>
          </p>
        </>
      );
    }
    case 'breaks': {
      const { check, where } = found.fault;
      const words = inLanguage(verifyTexts);
      return (
        <>
          <p>
            <b>✗ {texts.breaks}</b>
          </p>
          <p>
            V{check}: {words.sentences[check - 1]} {words.members[where] ?? where}
          </p>
        </>
      );
    }
    case 'no_record':
      return <p>{texts.no_record}</p>;
    default: {
      const { done, of } = desk.checks.progress.value;
      return <p>{texts.counting(done, of)}</p>;
    }
  }
}

/** Whether the published record is the one that this page counted. */
export function CheckedLine({ desk, result }: { desk: Desk; result: ResultView }) {
  const texts = inLanguage(checkTexts);
  if (!result.record) return null;
  const found = desk.checks.published(result.round, result.publication, result.record.digest);
  if (found === 'not_checked') return null;
  return found === 'as_checked' ? (
    <p class="record-check good">✓ {texts.as_checked}</p>
  ) : (
    <p class="record-check bad" role="alert">
      ✗ {texts.another}
    </p>
  );
}
