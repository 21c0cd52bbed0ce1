// The record of a published round: its digits, where everybody downloads and checks it, and the scrutineer's whole one.
import { useState } from 'preact/hooks';
import type { ResultView } from '../../protocol';
import { type Desk, words } from '../desk';
import { download } from '../download';
import { CheckedLine } from '../request/check_line';

export function RecordLine({ desk, result }: { desk: Desk; result: ResultView }) {
  const texts = words().record;
  const { record, round } = result;
  if (!record) return null;
  const at = `/m/${desk.plan.id}/rounds/${round}`;
  return (
    <div class="record-line">
      <p>
        {texts.digits} <b class="number">{record.digits}</b>
      </p>
      {desk.view.role === 'scrutineer' && <CheckedLine desk={desk} result={result} />}
      {record.sealed && <p class="hint">{texts.sealed}</p>}
      <p class="print-links">
        <a class="button" href={`${at}/record.json`} download>
          {texts.download}
        </a>
        <a class="button" href="/verify" target="_blank" rel="noopener">
          {texts.check}
        </a>
        {desk.view.role === 'scrutineer' && <WholeRecord desk={desk} round={round} />}
      </p>
    </div>
  );
}

function WholeRecord({ desk, round }: { desk: Desk; round: number }) {
  const texts = words().record;
  const [failed, setFailed] = useState(false);
  const fetchIt = async () => {
    const { meeting, session } = desk.role;
    const path = `/api/meetings/${meeting}/rounds/${round}/record.json`;
    setFailed((await download(path, session, `record-${meeting}-${round}-whole.json`)) !== null);
  };
  return (
    <>
      <button type="button" onClick={() => void fetchIt()}>
        {texts.whole}
      </button>
      {failed && <span role="alert">{texts.failed}</span>}
    </>
  );
}
