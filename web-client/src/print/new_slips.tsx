// New slips (F10): ten to a page, in the group's colour, as the ones that were made with the meeting. Their codes come from the
// page that opened this one and go nowhere: their QR codes are drawn here.
import './slips.css';
import { render } from 'preact';
import { inLanguage } from '../browser/language';
import { qr } from '../browser/qr';
import { askForSlips, type PrintedSlips } from '../browser/slips_handover';
import { keyHash } from '../net/sealed_channel';
import { SLIP_HELP, slipsTexts } from '../texts/slips';
import { PaperRule, Sentence } from './fetching';
import { texts as printed } from './parts';
import { colourOf, slipPages } from './slip_pages';

function Slip({ slips, code }: { slips: PrintedSlips; code: string }) {
  const { group, join_url } = slips;
  return (
    <div class="slip">
      <img src={qr(`${join_url}/m/${slips.meeting}#s=${code}&h=${keyHash(slips.meeting)}`)} alt="" />
      <div>
        <div class="slip-title">{slips.title}</div>
        <div class="slip-group" style={{ background: colourOf(group.place) }}>
          {group.id} 票 · {group.name}
        </div>
        <div class="slip-code">{`${code.slice(0, 5)}-${code.slice(5)}`}</div>
        <div class="slip-help">
          {join_url}
          {SLIP_HELP.map((line) => (
            <div key={line}>{line}</div>
          ))}
        </div>
      </div>
    </div>
  );
}

/** Lays out what the page that opened this one has drawn for a group. */
export async function showNewSlips(root: HTMLElement, group: string): Promise<void> {
  const texts = inLanguage(slipsTexts);
  document.title = texts.page;
  render(<Sentence text={printed().loading} />, root);
  const slips = await askForSlips(group);
  if (!slips) return render(<Sentence text={texts.gone} />, root);
  document.title = `${texts.page} · ${slips.group.id} ${slips.group.name} · ${slips.title}`;
  render(
    <main>
      <PaperRule paper="portrait" />
      <nav class="print-bar" aria-label={texts.page}>
        <button type="button" onClick={() => print()}>
          {texts.print(slips.codes.length)}
        </button>
      </nav>
      <p class="slips-until">{texts.until}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: sheets that scroll must be reachable by keys. */}
      <section class="forms" tabIndex={0} aria-label={texts.page}>
        {slipPages(slips.codes).map((codes) => (
          <section class="sheet portrait slips-page" key={codes[0]}>
            {codes.map((code) => (
              <Slip key={code} slips={slips} code={code} />
            ))}
          </section>
        ))}
      </section>
    </main>,
    root,
  );
}
