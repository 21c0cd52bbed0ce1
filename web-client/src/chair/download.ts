// A file that needs the session: fetched with it, then handed to the browser to keep.

import { saveFile } from '../browser/save_file';
import { browser } from '../browser/world';
import type { Problem, ProblemKind } from '../protocol';

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
  saveFile(name, file);
  return null;
}
