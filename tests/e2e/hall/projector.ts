// The wall, and any other page that is only read.
import type { Browser } from '@playwright/test';
import { Person, seen } from './person.ts';

export class Projector extends Person {
  static async opens(browser: Browser, link: string): Promise<Projector> {
    const projector = new Projector(await seen(browser, { viewport: { width: 1920, height: 1080 } }));
    await projector.page.goto(link);
    return projector;
  }

  async shows(text: string): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }
}
