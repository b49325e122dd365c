// The entry point of the command line.
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
});
