// @ts-check
// npm run prove:rules [-- --runs N --seed S]: compares reads and writes of random callers with access rules to an
// evaluator of rules, as `npm test` does, but with at least N random operations of each kind.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { commandFile } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { runScript, ScriptError } from './lib/progress.mjs';
import { runNode } from './lib/run.mjs';

/** The number of random operations for each of `PROPERTY_RUNS`. */
const operationsPerRun = 2.5;

await runScript(async () => {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '2000' },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    },
  });
  const [runs, seed] = [wholeNumber('runs', values.runs), wholeNumber('seed', values.seed)];
  await prepare();
  process.env.PROPERTY_RUNS = String(Math.ceil(runs / operationsPerRun));
  process.env.PROPERTY_SEED = String(seed);
  const { code } = await runNode(commandFile('vitest'), ['run', 'rules-oracle']);
  console.log(`Repeat with: npm run prove:rules -- --runs ${runs} --seed ${seed}`);
  if (code !== 0) process.exitCode = 1;
});

/**
 * @param {string} name
 * @param {string} text
 */
function wholeNumber(name, text) {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new ScriptError(`--${name} must be a whole number, but it is ${text}.`);
}
