// The manifest's sixteen digits, from arming on: to be compared with the big screen.
import { view } from './meeting';
import { say } from './words';

export function Fingerprint() {
  const t = say();
  const digits = view.value?.now.round?.fingerprint;
  if (!digits) return null;
  return (
    <section class="fingerprint">
      <h2>{t.fingerprint}</h2>
      <p class="digits">{digits}</p>
      <p>{t.fingerprint_hint}</p>
    </section>
  );
}
