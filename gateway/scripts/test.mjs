// @ts-check
// npm test: everything that proves the project. It goes on after a failure, so that one run tells all;
// its last line is the tests' count, and its exit code the verdict over tests and checks.
import { runChecks } from './lib/checks.mjs';
import { commandFile, inRoot } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { runScript } from './lib/progress.mjs';
import { findRedisServer, runTests } from './lib/vitest.mjs';

const staticChecks = () => [
  { name: 'lint (eslint)', file: commandFile('eslint'), args: ['.'] },
  { name: 'types (tsc)', file: commandFile('typescript', 'tsc'), args: ['--noEmit'] },
  {
    name: 'types, console (tsc)',
    file: commandFile('typescript', 'tsc'),
    args: ['-p', 'console', '--noEmit'],
  },
  {
    name: 'import rules (depcruise)',
    file: commandFile('dependency-cruiser', 'depcruise'),
    args: [
      '--config',
      'dependency-cruiser.config.mjs',
      'gateway/src',
      'gateway/test',
      'console/e2e',
    ],
  },
  {
    name: 'import rules, console',
    file: commandFile('dependency-cruiser', 'depcruise'),
    args: ['--config', 'console/dependency-cruiser.config.mjs', 'console/src'],
  },
  { name: 'unused code (knip)', file: commandFile('knip'), args: [] },
  { name: 'format (prettier)', file: commandFile('prettier'), args: ['--check', '.'] },
  {
    name: 'links and line lengths of documents (remark)',
    file: commandFile('remark-cli', 'remark'),
    args: ['.', '--frail', '--quiet'],
  },
  {
    name: 'printed schema',
    file: inRoot('gateway/scripts/schema-print.mjs'),
    args: ['--check'],
  },
  {
    name: 'typed operations (codegen)',
    file: commandFile('@graphql-codegen/cli', 'graphql-codegen'),
    args: ['--check', '--errors-only'],
  },
  {
    name: "the console's list of actions",
    file: inRoot('gateway/scripts/console-actions.mjs'),
    args: ['--check'],
  },
];

await runScript(async () => {
  await prepare();
  const failedChecks = await runChecks(staticChecks(), 2);
  const { passed, failed, skipped, leftOut } = await runTests();

  if (findRedisServer() === null) {
    console.log('Left out, because there is no redis-server on the PATH: every *.redis.test.ts');
  }
  if (leftOut.length > 0) console.log(`Skipped, but may not be:\n  ${leftOut.join('\n  ')}`);
  if (failedChecks.length > 0) console.log(`Failed checks: ${failedChecks.join(', ')}`);
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  if (failed > 0 || leftOut.length > 0 || failedChecks.length > 0) process.exitCode = 1;
});
