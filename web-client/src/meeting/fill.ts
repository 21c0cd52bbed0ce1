// Fills a sentence with its figures and names. It must not know which language it is in.

/** The sentence with its figures and names; where the first is 1, the variant before the `|`. */
export function fill(sentence: string, ...parts: (string | number)[]): string {
  const variants = sentence.split('|');
  const chosen = variants[parts[0] === 1 ? 0 : variants.length - 1] || '';
  return chosen.replace(/\{(\d)\}/g, (_, at) => String(parts[Number(at)]));
}
