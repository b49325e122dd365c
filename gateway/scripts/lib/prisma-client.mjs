// @ts-check
import { delimiter } from 'node:path';
import { withoutPrismaDownload } from './install.mjs';
import { commandFile, inRoot } from './paths.mjs';
import { ScriptError, withProgress } from './progress.mjs';
import { runNode } from './run.mjs';
import { fingerprint, isStamped, writeStamp } from './stamp.mjs';

export const schemaFile = inRoot('prisma/schema.prisma');
export const prismaStampFile = inRoot('prisma/generated/.stamp');

/** Generates the Prisma client and the types for Pothos if the schema or a generator has changed. */
export async function generatePrismaClient() {
  const wanted = fingerprint([
    schemaFile,
    inRoot('prisma.config.ts'),
    inRoot('node_modules/prisma/package.json'),
    inRoot('node_modules/@pothos/plugin-prisma/package.json'),
  ]);
  if (isStamped(prismaStampFile, wanted)) return;
  await withProgress('Generating the Prisma client', async () => {
    const { code, output } = await runNode(commandFile('prisma'), ['generate'], {
      capture: true,
      env: {
        ...process.env,
        ...withoutPrismaDownload,
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        // Prisma starts generators by name, so they must be on the PATH, as in npm scripts.
        PATH: [inRoot('node_modules/.bin'), process.env.PATH].join(delimiter),
      },
    });
    if (code !== 0) throw new ScriptError(`${output}\nGenerating the Prisma client failed.`);
  });
  writeStamp(prismaStampFile, wanted);
}
