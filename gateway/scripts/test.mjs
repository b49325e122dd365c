// @ts-check
// npm test: runs all checks and tests. It continues after a failure, so that one run reports all failures. The last
// line is the number of tests. The exit code is 0 only if all checks and tests have passed.
import { runChecks } from './lib/checks.mjs';
import { commandFile, inRoot } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { runScript } from './lib/progress.mjs';
import { findProgram, optionalPrograms, runTests } from './lib/vitest.mjs';

const staticChecks = () => [
  { name: 'lint (eslint)', file: commandFile('eslint'), args: ['.'] },
  { name: 'types (tsc)', file: commandFile('typescript', 'tsc'), args: ['--noEmit'] },
  {
    name: 'console types (tsc)',
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
    name: 'console import rules (depcruise)',
    file: commandFile('dependency-cruiser', 'depcruise'),
    args: ['--config', 'console/dependency-cruiser.config.mjs', 'console/src'],
  },
  { name: 'unused code (knip)', file: commandFile('knip'), args: [] },
  { name: 'format (prettier)', file: commandFile('prettier'), args: ['--check', '.'] },
  {
    name: 'links and line lengths in documents (remark)',
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

  for (const { program, suffix } of optionalPrograms) {
    if (findProgram(program) !== null) continue;
    console.log(`Skipped all *${suffix} files because ${program} is not on the PATH`);
  }
  if (leftOut.length > 0)
    console.log(`These tests must not be skipped:\n  ${leftOut.join('\n  ')}`);
  if (failedChecks.length > 0) console.log(`Failed checks: ${failedChecks.join(', ')}`);
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  if (failed > 0 || leftOut.length > 0 || failedChecks.length > 0) process.exitCode = 1;
});
