// The size of the text: 1, 1.4 or 1.7 times, kept on the device. Every length of the page is in rem.
import { effect, signal } from '@preact/signals-core';
import { storage } from '../browser/storage';

const NAME = 'text_size';
const FACTORS = [1, 1.4, 1.7];

/** 0, 1 or 2. */
export const textSize = signal(Number(storage.get(NAME) ?? 0) % FACTORS.length || 0);

/** The width of the window in CSS pixels: labels are laid out by it. */
export const windowWidth = signal(innerWidth);

export function nextTextSize(): void {
  textSize.value = (textSize.value + 1) % FACTORS.length;
  storage.set(NAME, String(textSize.value));
}

/** Pixels of one rem at this moment. */
export function remPixels(): number {
  return 18 * (FACTORS[textSize.value] ?? 1);
}

export function watchTextSize(): void {
  effect(() => {
    document.documentElement.style.fontSize = `${remPixels()}px`;
  });
  addEventListener('resize', () => {
    windowWidth.value = document.documentElement.clientWidth;
  });
}
