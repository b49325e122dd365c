// @ts-check
import { existsSync } from 'node:fs';
import { inRoot } from './paths.mjs';

/** Reads `.env` in the project's root, if there is one. What the environment already has wins. */
export function loadDotEnv() {
  const file = inRoot('.env');
  if (existsSync(file)) process.loadEnvFile(file);
}
