import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

declare module 'vitest' {
  export interface ProvidedContext {
    /** For randomized tests on a database: the number of runs, and the seed of a run to repeat. */
    propertyTests: { runs: number; seed?: number };
  }
}

const propertySeed = process.env['PROPERTY_SEED'];

export default defineConfig({
  // Node.js loads the CommonJS version of graphql for packages, but Vite would load the ESM version for our own files.
  // graphql rejects a mix of both.
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
    // Long timeouts, because tests wait for events. They only stop tests that would never end.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Each file runs in a separate process, because tests start servers, hash passwords and send signals.
    pool: 'forks',
    maxWorkers: 2,
  },
});
