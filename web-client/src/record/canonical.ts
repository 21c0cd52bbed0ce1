// Canonical JSON (RFC 8785) as the record uses it: integers, texts, lists, objects; one spelling a value.

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const DEPTH_MAX = 32;

/** The one spelling of a value; throws at what has none. */
export function canonical(value: Json, depth = 0): string {
  if (depth > DEPTH_MAX) throw new Error('nested too deep');
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new Error('not an integer');
    return String(value);
  }
  if (typeof value === 'string') {
    // Throws at half of a surrogate pair, which is no text in UTF-8.
    if (/[\ud800-\udfff]/.test(value)) encodeURIComponent(value);
    return JSON.stringify(value);
  }
  if (value === null || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(',')}]`;
  const names = Object.keys(value).sort();
  const members = names.map((name) => `${canonical(name)}:${canonical(value[name] as Json, depth + 1)}`);
  return `{${members.join(',')}}`;
}

/** The value of bytes that are canonical; throws at every other spelling. */
export function readCanonical(bytes: Uint8Array): Json {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const value = JSON.parse(text) as Json;
  if (canonical(value) !== text) throw new Error('another spelling');
  return value;
}
