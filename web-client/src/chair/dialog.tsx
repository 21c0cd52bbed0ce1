// A window over the page: the browser's own dialog, which keeps the focus inside and closes with Escape.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { words } from './desk';

interface DialogInput {
  title: string;
  onClose(): void;
  size?: 'wide' | 'widest';
  children: ComponentChildren;
}

export function Dialog({ title, onClose, size, children }: DialogInput) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = box.current;
    const before = document.activeElement;
    if (dialog && !dialog.open) dialog.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={box}
      class={`window ${size ?? ''}`}
      aria-labelledby="window-title"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="window-inside">
        <header>
          <h2 id="window-title">{title}</h2>
          <button type="button" class="quiet" aria-label={words().close} onClick={onClose}>
            ✕
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
