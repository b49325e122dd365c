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
    // A script of the page, which no compiler sees.
    'console/public/',
    '.cache/',
    '.tessera/',
    'node_modules/',
    // A package of its own, whose dependencies are there only when that bench has run.
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
      // A number or a boolean in a template reads well and prints what it says.
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
          message: 'Only a main.ts reads the environment; pass configuration as arguments.',
        },
      ],
    },
  },
  {
    // Scripts and the entry point stand outside the gateway and may look at the environment.
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
    // `throw notFound()` and `throw redirect()` are how a loader of the router ends.
    rules: { '@typescript-eslint/only-throw-error': 'off' },
  },
  {
    // The compiler knows Node's globals, and checks these files too (checkJs).
    files: ['**/*.mjs'],
    rules: {
      'no-undef': 'off',
      // The linter cannot see a JSDoc cast, so it takes each JSON.parse for an unchecked any.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // A route answers a redirect or "not found" by throwing it.
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
