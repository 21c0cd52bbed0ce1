// The page that checks a record: a file comes in, and perhaps the whole record and a proof beside it; verdict and table come out. A
// proof of fraud needs no record. It asks nothing of any network, so that it works from a disk as well; every check is
// record/verify.ts's.
import '../browser/polyfills';
import '../browser/microtask';
import '../browser/theme.css';
import './verify.css';
import { effect, type Signal, signal } from '@preact/signals-core';
import { render } from 'preact';
import { chooseLanguage, inLanguage, language } from '../browser/language';
import { Fault } from '../record/format';
import { type Fraud, isFraud } from '../record/fraud';
import { type Summary, verifyFraud, verifyRecord, verifyTogether } from '../record/verify';
import { verifyTexts } from '../texts/verify';
import { FraudVerdict, Verdict } from './verdict';

type Now =
  | { is: 'waiting' }
  | { is: 'reading' }
  | { is: 'unreadable' }
  | { is: 'checking'; done: number; of: number }
  | { is: 'holds'; summary: Summary }
  | { is: 'fraud'; fraud: Fraud }
  | { is: 'breaks'; fault: Fault };

const now = signal<Now>({ is: 'waiting' });
const proof = signal<File | null>(null);
const whole = signal<File | null>(null);
/** Whether somebody holds a file over the page. */
const isOver = signal(false);
let record: File | null = null;
/** Grows with each start, so that an older one falls silent. */
let started = 0;

const texts = () => inLanguage(verifyTexts);

const nothing = new Uint8Array(0);

/** What is in a file; nothing where there is none, undefined where it cannot be read. */
async function bytesOf(file: File | null): Promise<Uint8Array | null | undefined> {
  try {
    return file && new Uint8Array(await new Response(file).arrayBuffer());
  } catch {
    return undefined;
  }
}

async function check(): Promise<void> {
  if (!record && !proof.value) return;
  started += 1;
  const own = started;
  const tell = (next: Now) => {
    if (own === started) now.value = next;
  };
  tell({ is: 'reading' });
  const [bytes, proofBytes, wholeBytes] = await Promise.all([record, proof.value, whole.value].map(bytesOf));
  if (bytes === undefined || proofBytes === undefined || wholeBytes === undefined) {
    tell({ is: 'unreadable' });
    return;
  }
  try {
    if (bytes === null) {
      // A phone's proof waits for its record.
      tell(
        isFraud(proofBytes ?? nothing)
          ? { is: 'fraud', fraud: verifyFraud(proofBytes ?? nothing) }
          : { is: 'waiting' },
      );
      return;
    }
    const watching = {
      progress: (done: number, of: number) => tell({ is: 'checking', done, of }),
      breathe: () => new Promise<void>((resume) => setTimeout(resume)),
    };
    const summary = wholeBytes
      ? await verifyTogether(bytes, wholeBytes, proofBytes, watching)
      : await verifyRecord(bytes, proofBytes, watching);
    tell({ is: 'holds', summary });
  } catch (fault) {
    tell(fault instanceof Fault ? { is: 'breaks', fault } : { is: 'unreadable' });
  }
}

function choose(file: File | undefined): void {
  if (!file) return;
  record = file;
  void check();
}

function Chooser() {
  return (
    <>
      <label class={isOver.value ? 'drop over' : 'drop'}>
        <input
          id="record"
          type="file"
          accept=".json,application/json"
          onChange={(event) => choose(event.currentTarget.files?.[0])}
        />
        {texts().drop}
      </label>
      <Beside id="whole" file={whole} text={texts().whole} chosen={texts().whole_chosen} />
      <Beside id="proof" file={proof} text={texts().proof} chosen={texts().proof_chosen} />
    </>
  );
}

interface BesideInput {
  id: string;
  file: Signal<File | null>;
  text: string;
  chosen: (name: string) => string;
}

/** A file that may be given beside the record. */
function Beside({ id, file, text, chosen }: BesideInput) {
  return (
    <label class="proof">
      <input
        id={id}
        type="file"
        accept=".json,application/json"
        onChange={(event) => {
          file.value = event.currentTarget.files?.[0] ?? null;
          void check();
        }}
      />
      {file.value ? chosen(file.value.name) : text}
    </label>
  );
}

function Found() {
  const at = now.value;
  switch (at.is) {
    case 'waiting':
      return null;
    case 'reading':
      return <p role="status">{texts().reading}</p>;
    case 'unreadable':
      return <p role="alert">{texts().unreadable}</p>;
    case 'checking':
      return (
        <div class="progress">
          <p role="status">{texts().checking(at.done, at.of)}</p>
          <progress value={at.done} max={Math.max(1, at.of)} aria-label={texts().title} />
        </div>
      );
    case 'holds':
      return <Verdict summary={at.summary} fault={null} hasProof={proof.value !== null} />;
    case 'fraud':
      return <FraudVerdict fraud={at.fraud} />;
    case 'breaks':
      return <Verdict summary={null} fault={at.fault} hasProof={proof.value !== null} />;
  }
}

function App() {
  const t = texts();
  return (
    <>
      <header class="banner">
        <b>{t.product}</b>
        <button type="button" onClick={() => chooseLanguage(language.value === 'zh' ? 'en' : 'zh')}>
          {t.other_language}
        </button>
      </header>
      <main>
        <h1>{t.title}</h1>
        <p>{t.intro}</p>
        <Chooser />
        <Found />
        {location.protocol !== 'file:' && (
          <p>
            <a href="/verify" download="pingyi-verify.html">
              {t.save_page}
            </a>
          </p>
        )}
      </main>
    </>
  );
}

const root = document.getElementById('page');
if (root) {
  addEventListener('dragover', (event) => {
    event.preventDefault();
    isOver.value = true;
  });
  addEventListener('dragleave', () => {
    isOver.value = false;
  });
  addEventListener('drop', (event) => {
    event.preventDefault();
    isOver.value = false;
    choose(event.dataTransfer?.files[0]);
  });
  effect(() => {
    document.title = texts().page_title;
    render(<App />, root);
  });
}
