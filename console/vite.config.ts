import { fileURLToPath } from 'node:url';

import tailwindcss from '@tailwindcss/vite';
import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The address of the gateway that `npm run dev` starts. That script sets the variable. */
const gateway = process.env['TESSERA_GATEWAY'] ?? 'http://127.0.0.1:4000';

/** See graphql-for-requests.ts. */
const withoutParser: Plugin = {
  name: 'graphql-request-without-parser',
  enforce: 'pre',
  resolveId: (source, importer) =>
    source === 'graphql' && importer?.includes('/node_modules/graphql-request/') === true
      ? here('graphql-for-requests.ts')
      : null,
};

export default defineConfig({
  root: here('.'),
  // A separate prefix, so that gateway settings are never included in a page.
  envPrefix: 'TESSERA_CONSOLE_',
  plugins: [
    withoutParser,
    tanstackRouter({
      target: 'react',
      autoCodeSplitting: true,
      routesDirectory: here('src/routes'),
      generatedRouteTree: here('src/route-tree.gen.ts'),
      quoteStyle: 'single',
      disableLogging: true,
    }),
    react(),
    tailwindcss(),
  ],
  resolve: { alias: { '#console': here('src') } },
  // These modules start workers, which Vite's dependency optimizer does not support.
  optimizeDeps: { exclude: ['graphiql/setup-workers/vite', '@graphiql/react/setup-workers/vite'] },
  build: {
    outDir: here('../dist/console'),
    emptyOutDir: true,
    target: 'es2022',
    // Inlined files would become data: URLs, which the content security policy blocks.
    assetsInlineLimit: 0,
    sourcemap: false,
    chunkSizeWarningLimit: 4_000,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Small files that every page, or every form, loads. Together they compress better.
          groups: [
            {
              name: 'requests',
              test: /console\/src\/(?:lib\/(?:api\/(?:errors|management|post-graphql|results)|session\/|count-of|page-title|search-param)|domain\/query-keys)/,
            },
            {
              name: 'form',
              test: /console\/src\/ui\/(?:alert|field|form-error|input|password-input)\.tsx/,
            },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    strictPort: false,
    proxy: { '^/(graphql|graphiql|p|docs|healthz|readyz)(/|$|\\?)': { target: gateway } },
  },
});
