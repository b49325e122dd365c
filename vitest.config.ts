import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

declare module 'vitest' {
  export interface ProvidedContext {
    /** For randomized tests on a database: how many runs, and the seed of a run to repeat. */
    propertyTests: { runs: number; seed?: number };
  }
}

const propertySeed = process.env['PROPERTY_SEED'];

export default defineConfig({
  // Packages get graphql's CommonJS from Node; Vite would give our own files its ESM twin, and graphql refuses
  // to mix the two.
  resolve: {
    alias: [
      { find: /^graphql$/, replacement: 'graphql/index.js' },
      { find: '#console', replacement: join(import.meta.dirname, 'console/src') },
    ],
  },
  test: {
    include: ['gateway/**/*.test.ts', 'console/src/**/*.test.ts', 'console/e2e/**/*.e2e.ts'],
    globalSetup: ['gateway/test/global-setup.ts'],
    provide: {
      propertyTests: {
        runs: Number(process.env['PROPERTY_RUNS'] ?? 200),
        ...(propertySeed === undefined ? {} : { seed: Number(propertySeed) }),
      },
    },
    // Generous, since nothing waits by the clock: they only end what would never end.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A process for each file: files start servers, use the CPU for passwords, and send signals.
    pool: 'forks',
    maxWorkers: 2,
  },
});
