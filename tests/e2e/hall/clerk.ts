// Teller and scrutineer: confirm what the chair asks for, and count and type sheets of paper.
import type { Browser, BrowserContextOptions } from '@playwright/test';
import { until } from '../../processes.ts';
import { Person, seen } from './person.ts';
import type { PaperSheet } from './sheets.ts';

export class Clerk extends Person {
  static async opens(browser: Browser, link: string, options: BrowserContextOptions = {}): Promise<Clerk> {
    const clerk = new Clerk(await seen(browser, { viewport: { width: 1280, height: 800 }, ...options }));
    await clerk.page.goto(link);
    await clerk.page.locator('.top-role').waitFor();
    return clerk;
  }

  /** Confirms what the chair asks for, once the own page shows it, and has counted what would be published: holds the button until it is done. */
  async confirms(what: string): Promise<void> {
    const button = this.page.locator('.request.asks', { hasText: what }).locator('button.primary:enabled');
    await button.hover();
    await this.page.mouse.down();
    await button.waitFor({ state: 'detached' });
    await this.page.mouse.up();
  }

  /** Does not agree to what the chair asks for. */
  async declines(what: string): Promise<void> {
    const card = this.page.locator('.request.asks', { hasText: what });
    await card.locator('[data-request=decline]').click();
    await card.waitFor({ state: 'detached' });
  }

  /** Counts sheets that a group is handed. */
  async handsOut(group: string, sheets: number): Promise<void> {
    const row = this.page.locator('.paper-groups > li', { hasText: group });
    for (let handed = 1; handed <= sheets; handed += 1) {
      await row.locator('button').nth(1).click();
      await until(`${handed} sheets`, async () => (await row.locator('output').innerText()) === String(handed));
    }
  }

  async opensEntry(group: string): Promise<void> {
    await this.page.locator(`[data-open="paper-${group}"]`).click();
    await this.page.locator('.paper-rows').waitFor();
  }

  /** Types sheets with keys alone. */
  async types(sheets: PaperSheet[]): Promise<void> {
    for (const sheet of sheets) {
      if (sheet === null) await this.page.keyboard.press('x');
      else for (const place of sheet) await this.page.keyboard.press(place === null ? '0' : String(place + 1));
      if (sheet !== null) await this.page.keyboard.press('Enter');
    }
  }

  /** Sends the entry, and stays until the server has it: who goes away before that has only drafted it. */
  async sends(): Promise<void> {
    const taken = this.page.waitForResponse((answer) => answer.url().includes('/sealed/') && answer.ok());
    await this.page.locator('[data-send=paper]').click();
    await this.page.locator('.paper-rows').waitFor({ state: 'detached' });
    await taken;
  }

  /** Enters the sheets of a group as keys type them. */
  async enters(group: string, sheets: PaperSheet[]): Promise<void> {
    await this.opensEntry(group);
    await this.types(sheets);
    await this.sends();
  }
}
