// Joining by name: find the own name on the roster, confirm with the personal code.
import { signal } from '@preact/signals-core';
import type { RosterLine } from '../protocol';
import { JoinButton } from './join';
import * as joining from './join_state';
import { say } from './words';

const typed = signal('');
const chosen = signal<RosterLine | null>(null);
const code = signal('');

/** Most names shown at once. */
const NAMES_MAX = 12;

export function RosterForm({ meeting }: { meeting: string }) {
  return chosen.value ? <Code meeting={meeting} line={chosen.value} /> : <Names />;
}

function Names() {
  const t = say();
  const wanted = typed.value.trim().toLowerCase();
  const found = (joining.roster.value?.seats ?? []).filter(({ name }) => name.toLowerCase().includes(wanted));
  return (
    <section>
      <label>
        <span>{t.your_name}</span>
        <input
          value={typed.value}
          maxLength={40}
          autocomplete="off"
          aria-describedby="name-hint"
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
        />
      </label>
      <p class="hint" id="name-hint">
        {t.name_hint}
      </p>
      {wanted !== '' && (
        <div aria-live="polite">
          {found.slice(0, NAMES_MAX).map((line) => (
            <button
              type="button"
              class="choice"
              key={line.seat}
              onClick={() => {
                chosen.value = line;
              }}
            >
              <b>{line.name}</b>
              <small>{line.role}</small>
            </button>
          ))}
          {joining.roster.value && found.length === 0 && <p class="hint">{t.no_such_name}</p>}
          {found.length > NAMES_MAX && <p class="hint">{t.more_names}</p>}
        </div>
      )}
    </section>
  );
}

function Code({ meeting, line }: { meeting: string; line: RosterLine }) {
  const t = say();
  const submit = (event: Event) => {
    event.preventDefault();
    void joining.join({ how: 'roster', meeting, seat: line.seat, code: code.value.replace(/\D/g, '') });
  };
  return (
    <form onSubmit={submit}>
      <p class="chosen">
        <b>{line.name}</b> {line.role}
      </p>
      <label>
        <span>{t.personal_code}</span>
        <input
          class="code"
          value={code.value}
          inputMode="numeric"
          autocomplete="off"
          maxLength={6}
          aria-describedby="code-hint"
          onInput={(event) => {
            code.value = event.currentTarget.value;
          }}
        />
      </label>
      <p class="hint" id="code-hint">
        {t.personal_code_hint}
      </p>
      <JoinButton />
      <button
        type="button"
        class="secondary"
        onClick={() => {
          chosen.value = null;
          code.value = '';
        }}
      >
        {t.somebody_else}
      </button>
    </form>
  );
}
