// A file that needs the session: fetched with it, then handed to the browser to keep.

import { browser } from '../browser/world';
import type { Problem, ProblemKind } from '../protocol';

/** How long a browser may take to begin keeping a file, in milliseconds. */
const KEEPING_MS = 60_000;

/** Downloads a file; answers with what went wrong, or nothing. */
export async function download(path: string, session: string, name: string): Promise<ProblemKind | null> {
  let response: Response;
  let file: Blob;
  try {
    response = await browser.fetch(path, {
      headers: { Authorization: `Bearer ${session}` },
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    });
    if (!response.ok) return ((await response.json()) as Problem).problem ?? 'try_again';
    file = await response.blob();
  } catch {
    return 'try_again';
  }
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), KEEPING_MS);
  return null;
}
