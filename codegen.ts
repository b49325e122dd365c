import type { CodegenConfig } from '@graphql-codegen/cli';

/** The console's typed operations, from the management API's contract. `npm run generate` writes them. */
const config: CodegenConfig = {
  schema: 'gateway/schema.graphql',
  documents: 'console/src/**/*.graphql',
  generates: {
    'console/src/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        // Operations go out as text: no syntax trees in what a browser loads first.
        documentMode: 'string',
        enumsAsTypes: true,
        useTypeImports: true,
        strictScalars: true,
        scalars: { DateTime: 'string', JSON: 'unknown' },
      },
    },
  },
  importExtension: '.ts',
};

export default config;
