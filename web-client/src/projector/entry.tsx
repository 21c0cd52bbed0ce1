// The projector's page: it shows the stage over the whole screen, keeps the last picture while the server is away, and
// rings the bell. It has no control: whatever stands there, the chair put there.
import '../browser/microtask';
import '../browser/theme.css';
import '../stage/styles';
import '../stage/tall.css';
import './projector.css';
import { useSignal } from '@preact/signals';
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { openStorage } from '../browser/storage';
import { follow, type ViewConnection, type ViewWithPlan } from '../net/following';
import { enter, type RoleSession } from '../net/role_session';
import type { ProjectorView } from '../protocol';
import { Stage } from '../stage/stage';
import { words } from '../stage/words';
import { followTimer, unlockBell } from './bell';

const memory = openStorage(() => window.sessionStorage);
const LAST = 'screen/last';
const TALL = '(max-aspect-ratio: 1/1)';

interface Last extends ViewWithPlan<ProjectorView> {
  meeting: string;
}

/** What stood here before a reload: only what the hall saw anyway. */
function lastShown(meeting: string): ViewWithPlan<ProjectorView> | null {
  try {
    const last = JSON.parse(memory.get(LAST) ?? 'null') as Last | null;
    return last?.meeting === meeting ? { view: last.view, plan: last.plan } : null;
  } catch {
    return null;
  }
}

function Projector({ following, role }: { following: ViewConnection<ProjectorView>; role: RoleSession }) {
  const shown = following.shown.value;
  const tall = useTall();
  useEffect(() => {
    if (shown) memory.set(LAST, JSON.stringify({ ...shown, meeting: role.meeting }));
  }, [shown, role.meeting]);
  useEffect(
    () => followTimer(() => following.shown.peek()?.view.now.timer ?? null, following.now),
    [following],
  );
  if (!shown) return <Sentence text={words().connecting} />;
  return (
    <main>
      <Stage input={{ view: shown.view, plan: shown.plan, now: following.now }} tall={tall} />
      {following.status.value.is !== 'connected' && <LostMark />}
    </main>
  );
}

/** Only after two seconds: a restart of the server is no news for the hall. */
function LostMark() {
  const late = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      late.value = true;
    }, 2000);
    return () => clearTimeout(timer);
  }, [late]);
  return late.value ? <span class="lost" role="img" aria-label={words().lost} /> : null;
}

function Sentence({ text }: { text: string }) {
  return (
    <main class="sentence">
      <p>{text}</p>
    </main>
  );
}

function useTall(): boolean {
  const [tall, set] = useState(() => matchMedia(TALL).matches);
  useEffect(() => {
    const look = () => set(matchMedia(TALL).matches);
    addEventListener('resize', look);
    return () => removeEventListener('resize', look);
  }, []);
  return tall;
}

function toggleFullscreen(): void {
  if (document.fullscreenElement) void document.exitFullscreen?.();
  else void document.documentElement.requestFullscreen?.();
}

async function start(root: HTMLElement): Promise<void> {
  document.title = words().pageTitle;
  addEventListener('hashchange', () => location.reload());
  addEventListener('dblclick', toggleFullscreen);
  addEventListener('pointerdown', unlockBell);
  addEventListener('keydown', unlockBell);
  render(<Sentence text={words().connecting} />, root);
  const entrance = await enter('screen');
  if (entrance.is === 'no_link') return render(<Sentence text={words().noLink} />, root);
  if (entrance.is === 'refused') return render(<Sentence text={words().unknownSession} />, root);
  const { role } = entrance;
  const following = follow<ProjectorView>(
    'screen',
    role,
    (message) => (message.kind === 'projector' ? message : null),
    lastShown(role.meeting),
  );
  render(<Projector following={following} role={role} />, root);
}

const root = document.getElementById('page');
if (root) void start(root);
