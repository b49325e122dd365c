// @ts-check
// npm run schema:print: writes the management API's schema to gateway/schema.graphql. With --check, it only compares
// the file with the code and fails if they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { inRoot } from './lib/paths.mjs';
import { prepareSources } from './lib/prepare.mjs';
import { runScript, ScriptError } from './lib/progress.mjs';

const file = inRoot('gateway/schema.graphql');

/** @returns {Promise<string>} */
async function printManagementSchema() {
  const { register } = await import('tsx/esm/api');
  const unregister = register();
  const { createManagementSchema } = await import('../src/control-plane/schema.ts');
  await unregister();
  const { lexicographicSortSchema, printSchema } = await import('graphql');
  return `${printSchema(lexicographicSortSchema(createManagementSchema()))}\n`;
}

function readCommitted() {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // does not exist yet
  }
}

await runScript(async () => {
  await prepareSources();
  const schema = await printManagementSchema();
  if (schema === readCommitted()) return;
  if (process.argv.includes('--check')) {
    throw new ScriptError(
      'gateway/schema.graphql is out of date. Run `npm run schema:print` and review the changes to the public API.',
    );
  }
  writeFileSync(file, schema);
  console.log('Wrote gateway/schema.graphql');
});
