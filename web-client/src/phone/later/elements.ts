// Elements made by hand, for what later.js draws: it has no Preact, so that the phone's own page has the only one.

/** An element with a class and what stands in it. */
export function element<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  name: string,
  ...children: (string | Node)[]
): HTMLElementTagNameMap[T] {
  const made = document.createElement(tag);
  made.className = name;
  made.append(...children);
  return made;
}

export function button(name: string, label: string, press: () => void): HTMLButtonElement {
  const made = element('button', name, label);
  made.type = 'button';
  made.onclick = press;
  return made;
}

/** Changes the text only where it is another one, so that nothing that is read aloud is read twice. */
export function write(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
