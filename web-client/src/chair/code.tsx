// A secret address of this server as a code. The server, which made the secret, draws it, and keeps nothing of it.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { browser } from '../browser/world';
import { type Desk, words } from './desk';

export function SecretCode({ desk, path, alt }: { desk: Desk; path: string; alt: string }) {
  const texts = words();
  const picture = useSignal<string | null>(null);
  const failed = useSignal(false);
  const attempt = useSignal(0);
  const origin = desk.view.join_url.replace(/\/$/, '');
  const { session } = desk.role;
  useEffect(() => {
    let url: string | null = null;
    let ended = false;
    failed.value = false;
    void fetchCode(`${origin}${path}`, session).then((blob) => {
      if (ended) return;
      if (!blob) {
        failed.value = true;
        return;
      }
      url = URL.createObjectURL(blob);
      picture.value = url;
    });
    return () => {
      ended = true;
      if (url) URL.revokeObjectURL(url);
    };
  }, [attempt.value, path]);
  return (
    <>
      {picture.value && <img class="big-code" src={picture.value} alt={alt} />}
      {failed.value && (
        <p class="notice warn">
          {texts.deputyFailed}{' '}
          <button type="button" class="small" onClick={() => (attempt.value += 1)}>
            {texts.retry}
          </button>
        </p>
      )}
    </>
  );
}

async function fetchCode(text: string, session: string): Promise<Blob | null> {
  try {
    const response = await browser.fetch('/api/qr', {
      method: 'POST',
      headers: { Authorization: `Bearer ${session}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ text }),
      cache: 'no-store',
      credentials: 'omit',
    });
    return response.ok ? await response.blob() : null;
  } catch {
    return null;
  }
}
