import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['gateway/**/*.test.ts'],
    globalSetup: ['gateway/test/global-setup.ts'],
    // Generous, since nothing waits by the clock: they only end what would never end.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A process for each file: files start servers, use the CPU for passwords, and send signals.
    pool: 'forks',
    maxWorkers: 2,
  },
});
