// @ts-check
import { accessSync, constants, readFileSync, rmSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { commandFile, inRoot, root } from './paths.mjs';
import { runNode } from './run.mjs';

/**
 * The parts of vitest's JSON report (in Jest's format) that are used here.
 * @typedef {object} Report
 * @property {boolean} success
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {{ name: string, status: string, assertionResults: { status: string, fullName: string }[] }[]} testResults
 */

/**
 * @typedef {object} TestOutcome
 * @property {number} passed
 * @property {number} failed failed tests, and files that failed before their tests ran
 * @property {number} skipped
 * @property {string[]} leftOut tests that were skipped without an accepted reason
 */

/** The tests that need a program: only they can be skipped, and only if the program is not installed. */
export const optionalPrograms = /** @type {const} */ ([
  { program: 'redis-server', suffix: '.redis.test.ts' },
  { program: 'pgbouncer', suffix: '.pgbouncer.test.ts' },
]);

/**
 * Runs all tests and prints vitest's report.
 * @returns {Promise<TestOutcome>}
 */
export async function runTests() {
  const reportFile = inRoot('.cache/vitest-report.json');
  rmSync(reportFile, { force: true });
  const { code } = await runNode(commandFile('vitest'), [
    'run',
    '--allowOnly=false',
    '--reporter=default',
    '--reporter=json',
    `--reporter=${inRoot('gateway/scripts/lib/unsteady-tests-reporter.mjs')}`,
    `--outputFile.json=${reportFile}`,
    // In CI, a test that fails is run a second time, because a journey can fail on a busy machine. The reporter lists it.
    ...(process.env.CI === 'true' ? ['--retry=1'] : []),
  ]);
  const report = readReport(reportFile);
  if (report === null) return { passed: 0, failed: 1, skipped: 0, leftOut: [] };
  return outcomeOf(report, code === 0);
}

/**
 * @param {string} file
 * @returns {Report | null} null if vitest exited before it wrote a report
 */
function readReport(file) {
  try {
    return /** @type {Report} */ (JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/**
 * @param {Report} report
 * @param {boolean} exitedWell
 * @returns {TestOutcome}
 */
function outcomeOf(report, exitedWell) {
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = report.numFailedTests + brokenFiles.length;
  const skipped = report.testResults
    .flatMap(({ name, assertionResults }) =>
      assertionResults.map((test) => ({ ...test, file: name })),
    )
    .filter(({ status }) => status !== 'passed' && status !== 'failed');
  const excused = optionalPrograms.filter(({ program }) => findProgram(program) === null);
  return {
    passed: report.numPassedTests,
    // An error outside of tests, such as an unhandled rejection, makes vitest fail although no test fails.
    failed: failed === 0 && !exitedWell ? 1 : failed,
    skipped: skipped.length,
    leftOut: skipped
      .filter(({ file }) => !excused.some(({ suffix }) => file.endsWith(suffix)))
      .map(({ file, fullName }) => `${relative(root, file)}: ${fullName}`),
  };
}

/**
 * @param {string} name
 * @returns {string | null} the path of the program, or null if it is not on the PATH
 */
export function findProgram(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // not in this folder
    }
  }
  return null;
}
