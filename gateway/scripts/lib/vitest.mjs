// @ts-check
import { accessSync, constants, readFileSync, rmSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { commandFile, inRoot, root } from './paths.mjs';
import { runNode } from './run.mjs';

/**
 * What we read of vitest's JSON report (the shape is Jest's).
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
 * @property {number} failed failed tests, and files and set-ups that failed before their tests ran
 * @property {number} skipped
 * @property {string[]} leftOut tests that were skipped although nothing excuses it
 */

/** Only tests in files of this name may be left out, and only when there is no Redis server. */
const needsRedis = /\.redis\.test\.ts$/;

/**
 * Runs every test, with vitest's own report on the terminal.
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
    `--outputFile.json=${reportFile}`,
  ]);
  const report = readReport(reportFile);
  if (report === null) return { passed: 0, failed: 1, skipped: 0, leftOut: [] };
  return outcomeOf(report, code === 0);
}

/**
 * @param {string} file
 * @returns {Report | null} null when vitest ended before it could write one
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
  const excused = findRedisServer() === null;
  return {
    passed: report.numPassedTests,
    // An error outside any test (say, a rejection that nobody handled) fails vitest, but no test.
    failed: failed === 0 && !exitedWell ? 1 : failed,
    skipped: skipped.length,
    leftOut: skipped
      .filter(({ file }) => !(excused && needsRedis.test(file)))
      .map(({ file, fullName }) => `${relative(root, file)}: ${fullName}`),
  };
}

/** @returns {string | null} where `redis-server` is */
export function findRedisServer() {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, 'redis-server');
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // not here; look on
    }
  }
  return null;
}
