// @ts-check
import { existsSync } from 'node:fs';
import { inRoot } from './paths.mjs';

/** Reads `.env` in the project's root if it exists. Existing environment variables take precedence. */
export function loadDotEnv() {
  const file = inRoot('.env');
  if (existsSync(file)) process.loadEnvFile(file);
}
