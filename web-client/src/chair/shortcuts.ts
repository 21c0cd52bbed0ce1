// Which key does what on the chair's page. Pure: it is told what was pressed and where, and must not know what it leads to.

export type Shortcut = 'primary' | 'timer' | 'black' | 'join' | 'result' | 'help';

export interface Pressed {
  key: string;
  /** Ctrl, Alt or Meta: then the key belongs to the browser. */
  modified: boolean;
  /** What has the focus. */
  on: 'page' | 'button' | 'field';
  /** Whether a window is open over the page. */
  inDialog: boolean;
}

const KEYS = new Map<string, Shortcut>([
  ['ArrowRight', 'primary'],
  [' ', 'timer'],
  ['b', 'black'],
  ['q', 'join'],
  ['r', 'result'],
  ['?', 'help'],
  ['？', 'help'],
]);

/** The shortcut of a key, or nothing where the key means something else. */
export function shortcutOf(pressed: Pressed): Shortcut | null {
  if (pressed.modified || pressed.inDialog || pressed.on === 'field') return null;
  // Space on a button presses that button.
  if (pressed.on === 'button' && pressed.key === ' ') return null;
  return KEYS.get(pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key) ?? null;
}

/** What an element that has the focus means for shortcuts. */
export function placeOf(element: Element | null): Pressed['on'] {
  if (element?.closest('input, textarea, select, [contenteditable]')) return 'field';
  return element?.closest('button, a, summary, [role="button"]') ? 'button' : 'page';
}
