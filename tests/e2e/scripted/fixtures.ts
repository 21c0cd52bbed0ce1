// What tests of scripted pages get: phones and tabs that are closed when the test is over.
import { test as base } from '@playwright/test';
import { type Language, openPhone, type PhoneState, type ScriptedPhone, show, type Way } from './phone.ts';
import { openTab, type PageName, type Tab } from './tab.ts';

interface Fixtures {
  /** A phone on which nothing is shown yet. */
  phone: (way: Way) => Promise<ScriptedPhone>;
  /** A phone that shows a state. */
  play: (state: PhoneState, way: Way) => Promise<ScriptedPhone>;
  tab: (name: PageName, size: [number, number], language: Language) => Promise<Tab>;
}

export const test = base.extend<Fixtures>({
  phone: async ({ browser }, use) => {
    const opened: ScriptedPhone[] = [];
    await use(async (way) => {
      const phone = await openPhone(browser, way);
      opened.push(phone);
      return phone;
    });
    for (const { context } of opened) await context.close();
  },
  play: async ({ phone }, use) => {
    await use(async (state, way) => {
      const opened = await phone(way);
      await show(opened, state);
      return opened;
    });
  },
  tab: async ({ browser }, use) => {
    const opened: Tab[] = [];
    await use(async (name, size, language) => {
      const tab = await openTab(browser, name, size, language);
      opened.push(tab);
      return tab;
    });
    for (const { context } of opened) await context.close();
  },
});
