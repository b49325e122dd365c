// @ts-check
import { bundleGateway } from './bundle.mjs';
import { bundleConsole } from './console.mjs';
import { buildDocs } from './docs.mjs';
import { installDependencies } from './install.mjs';
import { generatePrismaClient } from './prisma-client.mjs';

/** Makes ready what running from source needs: dependencies and generated code. */
export async function prepareSources() {
  await installDependencies();
  await generatePrismaClient();
}

/** Makes ready what the built product needs. Does, and says, nothing when nothing is stale. */
export async function prepare() {
  await prepareSources();
  await bundleGateway();
  await bundleConsole();
  await buildDocs();
}
