// The entry point: the only reader of process.env. Loading the gateway takes most of a second, so it listens for stop
// signals first. The build keeps the two parts in separate files for this reason.
import { fileURLToPath } from 'node:url';
import { listenForStopSignals } from './platform/lifecycle/stop-signals.ts';

const signals = listenForStopSignals(process);
const { runGateway } = await import('./startup/run-gateway.ts');

await runGateway({
  process,
  signals,
  env: process.env,
  isTerminal: process.stdout.isTTY,
  // The project root is two folders above both gateway/src and dist/gateway.
  root: fileURLToPath(new URL('../..', import.meta.url)),
});
