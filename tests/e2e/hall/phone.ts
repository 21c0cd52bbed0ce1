// A voter with a phone in hand.
import type { Browser, BrowserContextOptions, Request } from '@playwright/test';
import { until } from '../../processes.ts';
import { Person, seen } from './person.ts';
import type { Places } from './sheets.ts';

export class Phone extends Person {
  /** Whatever the page asked for since it was opened. */
  readonly requests: Request[] = [];

  /** A phone with nothing open yet. */
  static async blank(browser: Browser, options: BrowserContextOptions = {}): Promise<Phone> {
    const phone = new Phone(await seen(browser, { viewport: { width: 390, height: 844 }, hasTouch: true, ...options }));
    phone.page.on('request', (request) => phone.requests.push(request));
    return phone;
  }

  static async joins(browser: Browser, link: string): Promise<Phone> {
    const phone = await Phone.blank(browser);
    await phone.page.goto(link);
    return phone;
  }

  async sitsDownWith(slip: string): Promise<void> {
    await this.page.locator('input').first().fill(slip);
    await this.page.locator('button.primary').click();
  }

  async answersBranch(name: string): Promise<void> {
    await this.page.locator('.choice', { hasText: name }).first().click();
    await this.page.locator('.chosen', { hasText: name }).waitFor();
    await this.page.locator('main .primary').click();
  }

  async isSeated(): Promise<void> {
    await this.page.locator('.lamp').first().waitFor();
  }

  /** Opens the sheet from wherever the phone is. */
  async opensSheet(): Promise<void> {
    if ((await this.page.locator('.rows').count()) > 0) return;
    await this.page.locator('footer button.primary').click();
    await this.page.locator('.rows').waitFor();
  }

  async marks(rows: Places): Promise<void> {
    await this.opensSheet();
    for (const [subject, place] of Object.entries(rows)) {
      await this.page.locator(`#row-${subject} .mark`).nth(place).click();
    }
  }

  /** Writes an opinion about a row. */
  async writes(subject: number, text: string): Promise<void> {
    await this.opensSheet();
    await this.page.locator(`#row-${subject} .who .secondary`).last().click();
    await this.page.locator('textarea').fill(text);
    await this.page.locator('footer button.primary').click();
    await this.page.locator('.rows').waitFor();
  }

  async submits(): Promise<void> {
    await this.opensSheet();
    await this.page.locator('section.end button').click();
    const blank = this.page.locator('label.blank input');
    if ((await blank.count()) > 0) await blank.check();
    const confirm = this.page.locator('footer button.primary');
    await until('the last step to be ready', () => confirm.isEnabled());
    await confirm.click();
  }

  async lampIs(light: string): Promise<void> {
    await this.page.locator(`.lamp-${light}`).first().waitFor();
  }

  /** All that this phone keeps, in one text; read again where its page is just loading itself anew, as a tablet's does. */
  keeps(): Promise<string> {
    return until('a page that stays while it is read', () =>
      this.page
        .evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
        .catch((error) => {
          if (String(error).includes('context was destroyed')) return null;
          throw error;
        }),
    );
  }
}
