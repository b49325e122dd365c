// @ts-check
// npm run texts: prints every user-visible string with its location, for proofreading.
//   --only <group>    one group: console, errors, plans, api, cli, mails, scripts, log, other
//   --comments        comments and docstrings instead
//   --tests           test names instead
//   --sample <n>      n random entries; prints the seed
//   --seed <seed>     repeats the sample with this seed
import { execFileSync } from 'node:child_process';
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

/** Mulberry32 generator: the same seed produces the same numbers between 0 and 1. @param {number} seed */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * @template T
 * @param {readonly T[]} all
 * @param {number} count
 * @param {number} seed
 */
function pick(all, count, seed) {
  const random = randomNumbers(seed);
  const left = [...all];
  return Array.from({ length: Math.min(count, left.length) }, () => {
    const [one] = left.splice(Math.floor(random() * left.length), 1);
    return /** @type {T} */ (one);
  });
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
    const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
    console.log(`${values.sample} of ${found.length}, seed ${seed}`);
    for (const { place, text } of pick(found, Number(values.sample), seed)) {
      console.log(`\n${place}\n  ${text.replaceAll('\n', '\n  ')}`);
    }
    return;
  }
  for (const [group] of groups) {
    const inGroup = found.filter((one) => one.group === group);
    if (inGroup.length === 0) continue;
    console.log(`\n# ${group}: ${inGroup.length}`);
    for (const { place, text } of inGroup) {
      console.log(`\n${place}\n  ${text.replaceAll('\n', '\n  ')}`);
    }
  }
}

await runScript(() => {
  printTexts();
  return Promise.resolve();
});
