// What is run by hand and asserts nothing: pictures to be looked at, and a benchmark.
import { defineConfig } from '@playwright/test';
import tests from './playwright.config.ts';

export default defineConfig({
  ...tests,
  projects: [
    { name: 'pictures', testDir: 'gallery', testMatch: ['phone.ts', 'hall.ts'], fullyParallel: true },
    { name: 'taps', testDir: 'bench', testMatch: 'tap.ts', workers: 1 },
  ],
});
