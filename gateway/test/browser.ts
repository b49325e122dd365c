import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { chromium, type Browser, type LaunchOptions } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';

import { projectRoot } from './process.ts';

/**
 * Starts a real Chromium browser for the test file. It comes from an npm package that includes the required libraries.
 * Systems other than Linux on x64 use the installed Chrome.
 */
export function useBrowser(): { readonly browser: Browser } {
  let browser: Browser | null = null;
  beforeAll(async () => {
    browser = await chromium.launch(await launchOptions());
  });
  afterAll(() => browser?.close());
  return {
    get browser() {
      if (browser === null) throw new Error('The browser is only available from beforeAll on.');
      return browser;
    },
  };
}

async function launchOptions(): Promise<LaunchOptions> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return { channel: 'chrome' };
  const directory = await unpackedChromium();
  return {
    executablePath: join(directory, 'chromium'),
    // Chromium's sandbox does not work for root, and tests can run as root.
    args: ['--no-sandbox', '--no-zygote', '--disable-gpu', '--disable-quic'],
    env: {
      HOME: directory,
      LD_LIBRARY_PATH: join(directory, 'al2023/lib'),
      FONTCONFIG_FILE: join(directory, fontsFile),
      XDG_DATA_HOME: directory,
      XDG_CACHE_HOME: directory,
    },
  };
}

const fontsFile = 'fonts.conf';

/** The package's font configuration expects the fonts in a fixed folder, and pages are not rendered without a font. */
const fontsConfig = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="xdg">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

/** Unpacks Chromium once per version. If two processes unpack at the same time, one of them uses the other's result. */
async function unpackedChromium(): Promise<string> {
  const cache = join(projectRoot, '.cache');
  const directory = join(cache, `chromium-${await chromiumVersion()}`);
  if (await stat(directory).catch(() => null)) return directory;
  await mkdir(cache, { recursive: true });
  const temporary = await mkdtemp(join(cache, 'chromium-unpacking-'));
  await unpackInto(temporary);
  await writeFile(join(temporary, fontsFile), fontsConfig);
  await rename(temporary, directory).catch(() => rm(temporary, { recursive: true, force: true }));
  return directory;
}

async function chromiumVersion(): Promise<string> {
  const main = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const manifest = await readFile(join(dirname(main), '../../package.json'), 'utf8');
  // Every package.json has a version.
  return (JSON.parse(manifest) as { version: string }).version;
}

/**
 * Unpacks Chromium into a folder. Environment variables specify the folder and cause the package to unpack its
 * libraries.
 */
async function unpackInto(directory: string): Promise<void> {
  const script = fileURLToPath(new URL('./unpack-chromium.mjs', import.meta.url));
  await promisify(execFile)(process.execPath, [script], {
    env: { TMPDIR: directory, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
    timeout: 60_000,
  });
}
