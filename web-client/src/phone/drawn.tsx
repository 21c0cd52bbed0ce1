// The frame of the pages that later.js draws: going on in another window, writing an opinion, a row with items; and the ways to them.
import { language } from '../browser/language';
import { Doctor } from './doctor';
import { drawPage } from './drawings';
import { goBack, openPage, type Page, page } from './pages';
import { Bar } from './sheet';
import { windowWidth } from './text_size';
import { fetchTexts, say } from './words';

export function openDrawn(page: Page): void {
  void fetchTexts(language.value);
  openPage(page);
}

export function Drawn() {
  // Another function each time, so that it is called whenever something changed.
  const draw = (host: HTMLElement | null) => drawPage(host);
  const isRow = page.value.name === 'row' && windowWidth.value;
  return (
    <>
      <main class="inner" ref={draw} />
      <footer>
        <div class="inner">
          <Doctor />
          {isRow ? (
            <Bar />
          ) : (
            <button type="button" class="primary" onClick={goBack}>
              {say().back}
            </button>
          )}
        </div>
      </footer>
    </>
  );
}
