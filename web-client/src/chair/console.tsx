// The chair's page as a whole: header, three columns, windows, and the keys. Teller and scrutineer see the same, read-only.
import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { chooseLanguage, inLanguage, language } from '../browser/language';
import { giveSlips } from '../browser/slips_handover';
import { stepOf } from '../meeting/plan';
import type { ViewConnection } from '../net/following';
import type { RoleSession } from '../net/role_session';
import type { ChairView, Publication, SmallGroups } from '../protocol';
import { phaseTexts, roundStageTexts } from '../texts/words';
import { Agenda } from './agenda/agenda';
import { TurnCard, toggleTimer } from './agenda/turn_card';
import { Commands } from './commands';
import { type Desk, isChair, nameOf, primaryCommand, type Window, words } from './desk';
import { FilesCard } from './files_card';
import { HistoryCard } from './history_card';
import { type Hold, useHold } from './hold';
import { ConnectionState, DeliveryNotice, MissingServers, UndoBanner } from './notices';
import { PaperCard } from './paper/card';
import { PeopleCard } from './people/card';
import { EraseCard } from './people/erase';
import { KeptCard } from './people/kept';
import { Primary } from './primary';
import { ProjectorCard, toggleScene } from './projector_card';
import { RequestCards } from './request/card';
import { RecordChecks } from './request/record_checks';
import { ResultCard } from './result/card';
import { ComponentsCard } from './result/components';
import { RoundCard } from './round_card';
import { placeOf, shortcutOf } from './shortcuts';
import { SlipsCard } from './slips/card';
import { NewSlips } from './slips/new_slips';
import { ReissueCard } from './slips/reissue';
import { Windows } from './windows';

interface ConsoleInput {
  following: ViewConnection<ChairView>;
  role: RoleSession;
}

export function Console({ following, role }: ConsoleInput) {
  const commands = useMemo(() => new Commands(role.meeting, role.session), [role]);
  const newSlips = useMemo(() => new NewSlips(role.session), [role]);
  const checks = useMemo(() => new RecordChecks(role.meeting, role.session), [role]);
  useEffect(() => giveSlips((group) => newSlips.of(group)), [newSlips]);
  const window = useSignal<Window | null>(null);
  const smallGroups = useSignal<SmallGroups | null>(null);
  const publication = useSignal<Publication | null>(null);
  const shown = following.shown.value;
  if (!shown) {
    return (
      <main class="entrance">
        <ConnectionState status={following.status.value} retry={following.retry} />
      </main>
    );
  }
  const { now } = following;
  const desk: Desk = {
    ...shown,
    role,
    commands,
    newSlips,
    checks,
    now,
    window,
    smallGroups,
    publication,
  };
  return <Shown desk={desk} following={following} />;
}

function Shown({ desk, following }: { desk: Desk; following: ViewConnection<ChairView> }) {
  const texts = words();
  const hold = useHold(() => pressPrimary(desk));
  useShortcuts(desk, hold);
  useCountAhead(desk);
  return (
    <div class="console">
      <Header desk={desk} following={following} />
      <Spoken desk={desk} />
      <div class="columns">
        <main class="middle">
          <RequestCards desk={desk} />
          <UndoBanner desk={desk} />
          <MissingServers desk={desk} />
          <DeliveryNotice desk={desk} />
          <TurnCard desk={desk} />
          {isChair(desk) && <Primary desk={desk} hold={hold} />}
          <RoundCard desk={desk} />
          <PaperCard desk={desk} />
          <ReissueCard desk={desk} />
          <SlipsCard desk={desk} />
          <ComponentsCard desk={desk} />
          <ResultCard desk={desk} />
          <FilesCard desk={desk} />
          <EraseCard desk={desk} />
          <KeptCard desk={desk} />
        </main>
        <aside class="side right" aria-label={texts.people}>
          <ProjectorCard desk={desk} />
          <PeopleCard desk={desk} />
          <HistoryCard desk={desk} />
        </aside>
        <nav class="side left" aria-label={texts.agenda}>
          <Agenda desk={desk} />
        </nav>
      </div>
      <Windows desk={desk} />
    </div>
  );
}

/** A scrutineer's page counts a round again as soon as it is certified, so that a publication waits less for it. */
function useCountAhead({ view, checks }: Desk) {
  const { round } = view.now;
  const certified = view.role === 'scrutineer' && round?.state === 'certified' ? round.number : null;
  useEffect(() => {
    if (certified !== null) checks.countAhead(certified);
  }, [certified, checks]);
}

function Header({ desk, following }: { desk: Desk; following: ViewConnection<ChairView> }) {
  const texts = words();
  return (
    <header class="top">
      <div class="top-title">
        <p class="top-role">{texts.heading[desk.view.role]}</p>
        <h1>{desk.plan.title}</h1>
      </div>
      <span class="phase">{inLanguage(phaseTexts)[desk.view.now.phase]}</span>
      <ConnectionState status={following.status.value} retry={following.retry} />
      <div class="top-buttons">
        {desk.view.role === 'chair' && (
          <button
            type="button"
            data-open="deputy"
            onClick={() => {
              desk.window.value = { is: 'deputy' };
            }}
          >
            {texts.deputy}
          </button>
        )}
        <button
          type="button"
          aria-label={texts.help}
          onClick={() => {
            desk.window.value = { is: 'help' };
          }}
        >
          ?
        </button>
        <button
          type="button"
          lang={language.value === 'zh' ? 'en' : 'zh-CN'}
          onClick={() => chooseLanguage(language.value === 'zh' ? 'en' : 'zh')}
        >
          {texts.other_language}
        </button>
      </div>
    </header>
  );
}

/** Says every new state to those who cannot see it. */
function Spoken({ desk }: { desk: Desk }) {
  const { now } = desk.view;
  const step = stepOf(desk.plan, now.step);
  const round = now.round ? inLanguage(roundStageTexts)[now.round.state] : '';
  const text = words().spoken(step ? nameOf(desk.plan, step) : inLanguage(phaseTexts)[now.phase], round);
  return (
    <p class="spoken" role="status">
      {text}
    </p>
  );
}

function pressPrimary(desk: Desk): void {
  const command = primaryCommand(desk);
  if (command && isChair(desk)) desk.commands.send(command);
}

/** A button that was clicked would take the space bar from the timer. */
function forgetPointerFocus(event: MouseEvent): void {
  const focused = document.activeElement;
  if (event.detail > 0 && focused instanceof HTMLButtonElement) focused.blur();
}

function useShortcuts(desk: Desk, hold: Hold): void {
  const latest = useRef({ desk, hold });
  latest.current = { desk, hold };
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      const { desk, hold } = latest.current;
      const shortcut = shortcutOf({
        key: event.key,
        modified: event.ctrlKey || event.altKey || event.metaKey,
        on: placeOf(document.activeElement),
        inDialog: desk.window.value !== null,
      });
      if (shortcut === null) return;
      event.preventDefault();
      if (event.repeat) return;
      if (shortcut !== 'primary') run(desk, shortcut);
      else if (!desk.view.next?.hold) pressPrimary(desk);
      else if (primaryCommand(desk)) hold.begin();
    };
    const up = (event: KeyboardEvent) => {
      if (event.key === 'ArrowRight') latest.current.hold.end();
    };
    const leave = () => latest.current.hold.end();
    addEventListener('keydown', down);
    addEventListener('keyup', up);
    addEventListener('blur', leave);
    addEventListener('click', forgetPointerFocus);
    return () => {
      removeEventListener('keydown', down);
      removeEventListener('keyup', up);
      removeEventListener('blur', leave);
      removeEventListener('click', forgetPointerFocus);
    };
  }, []);
}

function run(desk: Desk, shortcut: 'timer' | 'black' | 'join' | 'result' | 'help'): void {
  switch (shortcut) {
    case 'timer':
      toggleTimer(desk);
      break;
    case 'black':
    case 'join':
    case 'result':
      toggleScene(desk, shortcut);
      break;
    case 'help':
      desk.window.value = { is: 'help' };
  }
}
