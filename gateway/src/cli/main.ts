// The entry point of the command line.
import { createInterface } from 'node:readline/promises';
import { runCli } from './run-cli.ts';

// The bundler replaces this name with the version in package.json.
declare const TESSERA_VERSION: string;

// A reader such as `head` closes the pipe early. That is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

// `process.exit` would discard output that has not been written to a pipe yet.
process.exitCode = await runCli({
  args: process.argv.slice(2),
  env: process.env,
  version: TESSERA_VERSION,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  confirm: process.stdin.isTTY && process.stderr.isTTY ? confirm : null,
});

/** Asks on stderr, because stdout can be redirected. Only `y` and `yes` mean yes. */
async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
