// Which of the phone's pages is shown. It decides by what the phone knows, and shows nothing of its own.
import { Banner } from './banner';
import { Doctor } from './doctor';
import { Drawn } from './drawn';
import { Join } from './join';
import { Now } from './now';
import { page } from './pages';
import { Report } from './report';
import { Review } from './review';
import { sheetIsOpen } from './rows';
import { Secrecy } from './secrecy';
import { Sheet } from './sheet';
import { plan, seat, view } from './state';
import { becomeLive, isLive } from './window';
import { say } from './words';

export function App() {
  return (
    <>
      <Banner />
      <Body />
    </>
  );
}

function Body() {
  const now = page.value;
  if (now.name === 'secrecy') return <Secrecy />;
  if (!isLive.value) return <OtherWindow />;
  if (now.name === 'move' || now.name === 'opinion') return <Drawn />;
  if (!seat.value) return <Join />;
  if (!plan.value || !view.value) return <Connecting />;
  if (now.name === 'report') return <Report subject={now.subject} />;
  // Once a ballot is on its way nothing leads back to the marks, the browser's back button neither.
  if (now.name === 'sheet' && sheetIsOpen.value) return <Sheet />;
  if (now.name === 'review' && sheetIsOpen.value) return <Review />;
  if (now.name === 'row' && sheetIsOpen.value) return <Drawn />;
  return <Now />;
}

function Connecting() {
  return (
    <>
      <main class="inner">
        <p class="hint">{say().connecting}</p>
      </main>
      <footer class="bare">
        <div class="inner">
          <Doctor />
        </div>
      </footer>
    </>
  );
}

function OtherWindow() {
  const t = say();
  return (
    <main class="inner">
      <h2 class="page-title">{t.other_window}</h2>
      <p>{t.other_window_line}</p>
      <button type="button" class="primary" onClick={becomeLive}>
        {t.continue_here}
      </button>
    </main>
  );
}
