// The page that checks a record: a file comes in, verdict and table come out. It asks nothing of any network, so that it works
// from a disk as well; every check is record/verify.ts's.
import '../polyfills';
import '../theme.css';
import './verify.css';
import { effect, signal } from '@preact/signals-core';
import { render } from 'preact';
import { chooseLanguage, inLanguage, language } from '../language';
import { Fault } from '../record/format';
import { type Summary, verifyRecord } from '../record/verify';
import { verifyTexts } from '../texts/verify';
import { Verdict } from './verdict';

type Now =
  | { is: 'waiting' }
  | { is: 'reading' }
  | { is: 'unreadable' }
  | { is: 'checking'; done: number; of: number }
  | { is: 'holds'; summary: Summary }
  | { is: 'breaks'; fault: Fault };

const now = signal<Now>({ is: 'waiting' });
const proof = signal<File | null>(null);
/** Whether somebody holds a file over the page. */
const isOver = signal(false);
let record: File | null = null;
/** Grows with each start, so that an older one falls silent. */
let started = 0;

const texts = () => inLanguage(verifyTexts);

async function bytesOf(file: File): Promise<Uint8Array> {
  return new Uint8Array(await new Response(file).arrayBuffer());
}

async function check(): Promise<void> {
  if (!record) return;
  started += 1;
  const own = started;
  const tell = (next: Now) => {
    if (own === started) now.value = next;
  };
  tell({ is: 'reading' });
  let bytes: [Uint8Array, Uint8Array | null];
  try {
    bytes = [await bytesOf(record), proof.value && (await bytesOf(proof.value))];
  } catch {
    tell({ is: 'unreadable' });
    return;
  }
  try {
    const summary = await verifyRecord(...bytes, {
      progress: (done, of) => tell({ is: 'checking', done, of }),
      breathe: () => new Promise((resume) => setTimeout(resume)),
    });
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
      <label class="proof">
        <input
          id="proof"
          type="file"
          accept=".json,application/json"
          onChange={(event) => {
            proof.value = event.currentTarget.files?.[0] ?? null;
            void check();
          }}
        />
        {proof.value ? texts().proof_chosen(proof.value.name) : texts().proof}
      </label>
    </>
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
