// Browser tests against the real binary. One at a time: two browsers that encode video fill two cores.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: './specs',
  testMatch: '*.spec.mjs',
  workers: 1,
  fullyParallel: false,
  timeout: 180_000,
  retries: 1, // figures are measured on machines that may be busy with something else: a second measurement decides
  reporter: process.env.PLAYWRIGHT_JUNIT_OUTPUT_FILE ? [['list'], ['junit', { outputFile: process.env.PLAYWRIGHT_JUNIT_OUTPUT_FILE }]] : 'list',
  outputDir: '../../test-output/browser',
});
