// The chair's page: it opens the session of the link, follows the meeting and shows the console.
import '../browser/microtask';
import '../browser/theme.css';
import '../stage/styles';
import './chair.css';
import './agenda/agenda.css';
import './agenda/turn.css';
import './round.css';
import './request/request.css';
import './side.css';
import './result/result.css';
import './people/kept.css';
import './paper/paper.css';
import './slips/slips.css';
import { render } from 'preact';
import { follow } from '../net/following';
import { enter } from '../net/role_session';
import type { ChairView } from '../protocol';
import { Console } from './console';
import { words } from './desk';

function Sentence({ text }: { text: string }) {
  return (
    <main class="entrance">
      <p>{text}</p>
    </main>
  );
}

async function start(root: HTMLElement): Promise<void> {
  document.title = words().pageTitle;
  addEventListener('hashchange', () => location.reload());
  render(<Sentence text={words().connection.connecting} />, root);
  const entrance = await enter('chair');
  if (entrance.is === 'no_link') return render(<Sentence text={words().noLink} />, root);
  if (entrance.is === 'refused') return render(<Sentence text={words().refusedLink} />, root);
  const { role } = entrance;
  if (role.role === 'projector' || role.role === 'voter') {
    return render(<Sentence text={words().notForThisPage} />, root);
  }
  const following = follow<ChairView>('chair', role, (message) =>
    message.kind === 'chair' ? message : null,
  );
  document.title = `${words().heading[role.role]} · ${words().pageTitle.split(' · ')[1] ?? ''}`;
  render(<Console following={following} role={role} />, root);
}

const root = document.getElementById('page');
if (root) void start(root);
