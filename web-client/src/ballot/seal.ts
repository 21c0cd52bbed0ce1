// A cast in its envelope, which the box of its round alone opens, and the box's answer, which this phone alone opens. It must not
// know what a cast holds.
import { browserRandom, type Random } from '../crypto/blind_rsa';
import { concat, fromBase64url, text, utf8 } from '../crypto/bytes';
import { openAnswer, seal as sealTo } from '../crypto/hpke';
import type { CastReply } from '../protocol';
import { manifestHash, readManifest } from './manifest';

/** A cast as it travels. */
export interface SealedCast {
  envelope: Uint8Array<ArrayBuffer>;
  /** What the box says in its answer; throws where nobody but another can read it. */
  open(answer: Uint8Array): CastReply;
}

/** A cast as it is sent: in an envelope that only the box opens, another one each time, and what opens the box's answer. */
export function seal(manifest: string, body: string, random: Random = browserRandom): SealedCast {
  const key = fromBase64url(readManifest(manifest).seal_key, 32);
  const info = concat(utf8('pingyi-seal/1\0'), manifestHash(manifest));
  const sealed = sealTo(key, info, utf8(body), random);
  return {
    envelope: sealed.envelope,
    open: (answer) => JSON.parse(text(openAnswer(sealed, answer))) as CastReply,
  };
}
