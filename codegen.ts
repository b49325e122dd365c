import type { CodegenConfig } from '@graphql-codegen/cli';

/** Generates typed operations for the console from the schema of the management API. Run by `npm run generate`. */
const config: CodegenConfig = {
  schema: 'gateway/schema.graphql',
  documents: 'console/src/**/*.graphql',
  generates: {
    'console/src/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        // Operations are stored as text because syntax trees would make the console's bundle larger.
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
