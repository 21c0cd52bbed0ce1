// The chair's page: it opens the session of the link, follows the meeting and shows the console.
import '../theme.css';
import '../projector/stage.css';
import '../projector/scenes_before.css';
import '../projector/scenes_turn.css';
import '../projector/scenes_round.css';
import '../projector/scenes_result.css';
import './chair.css';
import './agenda.css';
import './turn.css';
import './round.css';
import './request.css';
import './side.css';
import './result.css';
import './kept.css';
import './paper.css';
import './slips.css';
import { render } from 'preact';
import { follow } from '../following';
import type { ChairView } from '../protocol';
import { enter } from '../role_session';
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
