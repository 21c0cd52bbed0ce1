// How the tests in a real browser run, and those of deploy/: `npm --prefix tests test -- --project=browser rows` runs one file.
import { defineConfig } from '@playwright/test';
import { LAUNCH } from './e2e/chromium.ts';

export default defineConfig({
  outputDir: '../target/e2e',
  // Whoever waits, waits for a state with a patience of its own; this is for what nobody waited for.
  timeout: 600_000,
  // A test that fails now and then is a fault.
  retries: 0,
  forbidOnly: true,
  // The tests of a meeting mostly wait for its clocks: with one a processor both would often be idle.
  workers: 3,
  reporter: 'list',
  use: { launchOptions: LAUNCH, locale: 'zh-CN', screenshot: 'only-on-failure' },
  projects: [
    { name: 'browser', testDir: 'e2e' },
    { name: 'deployment', testDir: 'deploy' },
  ],
});
