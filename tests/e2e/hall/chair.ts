// The chair at the desk: presses what the page proposes, and reads what it was sent.

import type { Browser } from '@playwright/test';
import type { ChairCommand, ChairView, Done, PlanView, ResultView, StepKind } from '#protocol';
import { PATIENCE_MS, until } from '../../processes.ts';
import { Person, seen } from './person.ts';

export class Chair extends Person {
  static async opens(browser: Browser, link: string): Promise<Chair> {
    const chair = new Chair(await seen(browser, { viewport: { width: 1280, height: 800 } }));
    await chair.page.goto(link);
    await chair.page.locator('button.primary').waitFor();
    return chair;
  }

  /** Presses the one primary button once it says that; holds it where it wants to be held. */
  async presses(sentence: string): Promise<void> {
    const button = this.page.locator('button.primary', { hasText: sentence });
    await button.waitFor();
    await until(`the button "${sentence}" to be ready`, () => button.isEnabled());
    const said = await button.innerText();
    await button.hover();
    await this.page.mouse.down();
    // A button that is held answers after a second; one that is pressed answers at once when it is let go.
    const isHeld = /按住|hold/i.test((await button.locator('.primary-hint').textContent()) ?? '');
    if (!isHeld) await this.page.mouse.up();
    // All texts that are there at this moment: asked for one, the page would be waited for, and there may be no button any more.
    await until(`"${sentence}" to be done`, async () => {
      const [now] = await this.page.locator('button.primary').allInnerTexts();
      return now !== said;
    });
    if (isHeld) await this.page.mouse.up();
  }

  /** Presses the primary button, whatever it says. */
  async pressesNext(): Promise<void> {
    const said = await this.page.locator('button.primary .primary-text').innerText({ timeout: 4 * PATIENCE_MS });
    await this.presses(said);
  }

  /** Presses the primary button, whatever it says, until it says that. */
  async leadsTo(sentence: string): Promise<void> {
    const button = this.page.locator('button.primary .primary-text');
    while (!(await button.innerText({ timeout: 4 * PATIENCE_MS })).includes(sentence)) await this.pressesNext();
  }

  /** Waits until all keys of the round are made. */
  async waitsForKeys(): Promise<void> {
    const areReady = async () => {
      const { preparation } = await this.view();
      return preparation !== null && preparation.keys_ready === preparation.keys_needed;
    };
    await until('the keys', areReady, 4 * PATIENCE_MS);
  }

  /** Hands out the round's papers once its keys are made. */
  async issues(): Promise<void> {
    await this.waitsForKeys();
    await this.presses('发出测评票');
  }

  /** Waits until the desk counts so many heads over all groups. */
  async counts(what: 'present' | 'issued' | 'returned', heads: number): Promise<void> {
    await until(`${heads} ${what}`, async () => (await this.view()).total[what] === heads, 4 * PATIENCE_MS);
  }

  /** Goes straight to the first step of a kind, past everybody's turn. */
  async jumpsTo(kind: StepKind): Promise<void> {
    const { agenda } = await this.asks<PlanView>('GET', 'plan');
    const step = agenda.find((each) => each.kind === kind);
    if (!step) throw new Error(`the agenda has no ${kind}`);
    const command: ChairCommand = { do: 'go_to', step: step.id };
    await this.asks<Done>('POST', 'commands', command);
  }

  /** What the desk knows. */
  view(): Promise<ChairView> {
    return this.asks<ChairView>('GET', 'view');
  }

  /** The published result as the chair's page got it; waits for it. */
  async result(): Promise<ResultView> {
    return until('a result', async () => (await this.view()).result);
  }
}
