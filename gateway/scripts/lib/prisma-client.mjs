// @ts-check
import { delimiter } from 'node:path';
import { withoutPrismaDownload } from './install.mjs';
import { commandFile, inRoot } from './paths.mjs';
import { ScriptError, withProgress } from './progress.mjs';
import { runNode } from './run.mjs';
import { fingerprint, isStamped, writeStamp } from './stamp.mjs';

export const schemaFile = inRoot('prisma/schema.prisma');
export const prismaStampFile = inRoot('prisma/generated/.stamp');

/** Generates the Prisma client and Pothos' types if the schema or a generator has changed. */
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
        // Prisma calls the generators by their names; npm would have put them on the PATH.
        PATH: [inRoot('node_modules/.bin'), process.env.PATH].join(delimiter),
      },
    });
    if (code !== 0) throw new ScriptError(`${output}\nThe Prisma client could not be generated.`);
  });
  writeStamp(prismaStampFile, wanted);
}
