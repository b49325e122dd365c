// @ts-check
// npm run bench [name …] [-- --flag …]: runs the matching gateway/bench/*.bench.ts files one after another, each in a
// separate process with the given flags.
import { readdirSync } from 'node:fs';
import { commandFile, inRoot } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { runScript, ScriptError } from './lib/progress.mjs';
import { runNode } from './lib/run.mjs';

await runScript(async () => {
  const { wanted, flags } = readArguments(process.argv.slice(2));
  const files = readdirSync(inRoot('gateway/bench'))
    .filter((name) => name.endsWith('.bench.ts'))
    .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
  if (files.length === 0) throw new ScriptError(`No benchmark matches ${wanted.join(' or ')}.`);

  await prepare();
  for (const file of files) {
    console.log(`\n${file}`);
    const { code } = await runNode(commandFile('tsx'), [inRoot('gateway/bench', file), ...flags]);
    if (code !== 0) process.exitCode = 1;
  }
});

/**
 * Splits the arguments into names and flags. Names must precede flags.
 * @param {readonly string[]} args
 */
function readArguments(args) {
  const firstFlag = args.findIndex((arg) => arg.startsWith('--'));
  const names = firstFlag < 0 ? args.length : firstFlag;
  return { wanted: args.slice(0, names), flags: args.slice(names) };
}
