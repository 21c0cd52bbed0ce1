// What a shared tablet lays over the phone's page: a question or a notice, one at a time. It must not know when.

export const layer = document.createElement('div');
let drawn = '';

/** The same one is not drawn again, so that no finger misses a button; without a key there is none. */
export function lay(key: string, title: string, line: string, buttons: [string, () => void][]): void {
  if (key !== drawn) {
    drawn = key;
    layer.textContent = '';
    layer.hidden = key === '';
    const box = document.createElement('section');
    box.setAttribute('role', 'alertdialog');
    box.setAttribute('aria-label', title);
    const head = document.createElement('h2');
    head.textContent = title;
    box.append(head, document.createElement('p'));
    for (const [label, press] of buttons) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'primary';
      button.textContent = label;
      button.onclick = press;
      box.append(button);
    }
    layer.append(box);
    layer.querySelector('button')?.focus();
  }
  const text = layer.querySelector('p');
  if (text && text.textContent !== line) text.textContent = line;
}
