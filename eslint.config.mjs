// @ts-check
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

export default defineConfig(
  globalIgnores([
    'dist/',
    'prisma/generated/',
    'console/src/gql/',
    'console/src/route-tree.gen.ts',
    // Scripts that the page loads directly, without a compiler.
    'console/public/',
    '.cache/',
    '.tessera/',
    'node_modules/',
    // A separate package, whose dependencies are installed only by the benchmark.
    'gateway/bench/project-api/peers/',
  ]),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // Numbers and booleans have an unambiguous text in a template.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'Only main.ts reads the environment. Pass configuration as arguments.',
        },
      ],
    },
  },
  {
    // Scripts and entry points can read the environment.
    files: [
      'gateway/src/main.ts',
      'gateway/src/cli/main.ts',
      'gateway/scripts/**',
      'gateway/test/global-setup.ts',
      'gateway/test/process.ts',
      'gateway/bench/**',
      'console/vite.config.ts',
      '*.{ts,mjs}',
    ],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['console/src/**'],
    extends: [reactHooks.configs.flat['recommended-latest']],
  },
  {
    files: ['console/src/routes/**'],
    // Loaders of the router end with `throw notFound()` or `throw redirect()`.
    rules: { '@typescript-eslint/only-throw-error': 'off' },
  },
  {
    // The TypeScript compiler checks these files (checkJs), including the names of globals.
    files: ['**/*.mjs'],
    rules: {
      'no-undef': 'off',
      // The linter ignores JSDoc casts, so it would report every JSON.parse.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // Routes throw redirects and "not found".
    files: ['console/src/routes/**'],
    rules: {
      '@typescript-eslint/only-throw-error': [
        'error',
        {
          allow: [
            {
              from: 'package',
              package: '@tanstack/router-core',
              name: ['Redirect', 'NotFoundError'],
            },
          ],
        },
      ],
    },
  },
);
