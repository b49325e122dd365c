// @ts-check
// npm run texts: prints every user-visible string with its location, for proofreading.
//   --only <group>    one group: console, errors, plans, api, cli, mails, scripts, log, other
//   --comments        comments and docstrings instead
//   --tests           test names instead
//   --sample <n>      n random entries; prints the seed
//   --seed <seed>     repeats the sample with this seed
import { execFileSync } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { inRoot, root } from './lib/paths.mjs';
import { runScript } from './lib/progress.mjs';
import { commentsIn, testNamesIn, textsIn } from './lib/texts.mjs';

/** The path patterns that assign a file's strings to a group. The first match applies. */
const groups = /** @type {const} */ ([
  ['console', /^console\//],
  ['cli', /^gateway\/src\/cli\//],
  ['scripts', /^gateway\/scripts\//],
  ['mails', /\/mails\//],
  ['plans', /^gateway\/src\/engine\/migrations\//],
  ['api', /^gateway\/src\/engine\/api\/|\.graphql\.ts$/],
  ['errors', /error|diagnostic|validation|^gateway\/src\/engine\/sdl\//],
  ['log', /^gateway\/src\/(platform|startup)\//],
  ['other', /./],
]);

/** @param {string} file */
const groupOf = (file) => groups.find(([, pattern]) => pattern.test(file))?.[0] ?? 'other';

const isTest = (/** @type {string} */ file) => /\.(test|e2e)\.tsx?$/.test(file);
const isGenerated = (/** @type {string} */ file) =>
  /^console\/src\/gql\/|\/generated\/|\.gen\.ts$/.test(file);

/** Returns committed and new source files, sorted by path. */
function sourceFiles() {
  const listed = execFileSync(
    'git',
    ['ls-files', '-co', '--exclude-standard', '--', '*.ts', '*.tsx', '*.mjs'],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  return listed
    .split('\n')
    .filter((file) => /^(gateway|console)\//.test(file) && !isGenerated(file));
}

/** @typedef {{ group: string, place: string, text: string }} Entry */

/**
 * Returns a random sample. The same seed gives the same sample.
 * @param {readonly Entry[]} entries
 * @param {number} count
 * @param {string} seed
 */
function sampleOf(entries, count, seed) {
  const rank = (/** @type {Entry} */ { place, text }) =>
    createHash('sha256').update(`${seed} ${place} ${text}`).digest('hex');
  return entries
    .map((entry) => ({ entry, rank: rank(entry) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ entry }) => entry);
}

/** @param {readonly Entry[]} entries */
function print(entries) {
  for (const { place, text } of entries) {
    console.log(`\n${place}\n  ${text.replaceAll('\n', '\n  ')}`);
  }
}

/** Prints the entries that the arguments select. */
function printTexts() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      comments: { type: 'boolean', default: false },
      tests: { type: 'boolean', default: false },
      sample: { type: 'string' },
      seed: { type: 'string' },
    },
  });
  const read = values.tests ? testNamesIn : values.comments ? commentsIn : textsIn;
  const wanted = (/** @type {string} */ file) => values.comments || isTest(file) === values.tests;
  // Strings in test helpers and benchmarks are visible only to Tessera's developers.
  const isSeen = (/** @type {string} */ file) =>
    values.comments || values.tests || !/^gateway\/(test|bench)\/|^console\/e2e\//.test(file);

  const found = sourceFiles()
    .filter((file) => wanted(file) && isSeen(file))
    .flatMap((file) =>
      read(file, readFileSync(inRoot(file), 'utf8')).map(({ line, text }) => ({
        group: groupOf(file),
        place: `${file}:${line}`,
        text,
      })),
    )
    .filter(({ group }) => values.only === undefined || group === values.only);

  if (values.sample !== undefined) {
    const seed = values.seed ?? String(randomInt(1_000_000));
    console.log(`${values.sample} of ${found.length}, seed ${seed}`);
    print(sampleOf(found, Number(values.sample), seed));
    return;
  }
  for (const [group] of groups) {
    const inGroup = found.filter((one) => one.group === group);
    if (inGroup.length === 0) continue;
    console.log(`\n# ${group}: ${inGroup.length}`);
    print(inGroup);
  }
}

await runScript(() => {
  printTexts();
  return Promise.resolve();
});
