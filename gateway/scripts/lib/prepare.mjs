// @ts-check
import { bundleGateway } from './bundle.mjs';
import { bundleConsole } from './console.mjs';
import { buildDocs } from './docs.mjs';
import { installDependencies } from './install.mjs';
import { generatePrismaClient } from './prisma-client.mjs';

/** Prepares the project to run from source: installs dependencies and generates code. */
export async function prepareSources() {
  await installDependencies();
  await generatePrismaClient();
}

/** Prepares and builds the product. Does nothing and prints nothing if everything is up to date. */
export async function prepare() {
  await prepareSources();
  await bundleGateway();
  await bundleConsole();
  await buildDocs();
}
