// @ts-check
// npm run build: what `npm start` would make ready, without starting.
import { prepare } from './lib/prepare.mjs';
import { runScript } from './lib/progress.mjs';

await runScript(prepare);
