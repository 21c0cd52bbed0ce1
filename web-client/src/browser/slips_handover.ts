// How new slips come from the page that drew them to the window that prints them: by a message between two windows of one
// browser and one address, and by nothing that is kept. It must not know how slips are drawn or look.

/** Slips of one group, as they are printed. */
export interface PrintedSlips {
  meeting: string;
  title: string;
  group: { id: string; name: string; place: number };
  /** As `http://192.168.1.10:8080`. */
  join_url: string;
  codes: readonly string[];
}

interface SlipsQuestion {
  wants: 'new_slips';
  group: string;
}

interface SlipsAnswer {
  new_slips: PrintedSlips | null;
}

/** How long the other window may take. */
const PATIENCE_MS = 3_000;

/** Where the slips of a group are printed. */
export const printAddress = (group: string) => `/print#new-slips,${encodeURIComponent(group)}`;

/** Gives windows that this one opened the slips that they ask for, as long as the page is open. */
export function giveSlips(of: (group: string) => PrintedSlips | null): () => void {
  const answer = (event: MessageEvent<Partial<SlipsQuestion> | null>) => {
    const { data, source, origin } = event;
    if (origin !== location.origin || data?.wants !== 'new_slips' || !source) return;
    const given: SlipsAnswer = { new_slips: of(data.group ?? '') };
    source.postMessage(given, { targetOrigin: location.origin });
  };
  addEventListener('message', answer);
  return () => removeEventListener('message', answer);
}

/** Asks the window that opened this one; nothing where it is closed, or has none. */
export function askForSlips(group: string): Promise<PrintedSlips | null> {
  const opener = window.opener as Window | null;
  if (!opener) return Promise.resolve(null);
  return new Promise((resolve) => {
    const done = (slips: PrintedSlips | null) => {
      clearTimeout(patience);
      removeEventListener('message', hear);
      resolve(slips);
    };
    const hear = ({ origin, source, data }: MessageEvent<Partial<SlipsAnswer> | null>) => {
      if (origin !== location.origin || source !== opener || data?.new_slips === undefined) return;
      done(data.new_slips);
    };
    const patience = setTimeout(() => done(null), PATIENCE_MS);
    addEventListener('message', hear);
    const asking: SlipsQuestion = { wants: 'new_slips', group };
    opener.postMessage(asking, location.origin);
  });
}
