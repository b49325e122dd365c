import { edgeErrors } from './edge-errors.ts';
import { open, type FileHandle } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { requestErrors } from '../platform/errors/request-errors.ts';
import { errorCode } from '../platform/files/error-code.ts';
import { html } from './html.ts';
import { acceptedEncodings, prefersHtml } from './media-types.ts';
import type { RequestScope } from './request-scope.ts';
import { send, sendEmpty } from './responses.ts';
import { contentSecurityPolicy, ownFilesOnly } from './security-headers.ts';
import { immutable, requireReading } from './static-assets.ts';

/**
 * Serves the console: the files from its build and, for every other address that a browser opens, the console's page,
 * which does its own routing. Files are read from disk on each request, so that large editor bundles do not occupy
 * memory. The build also writes compressed variants next to each file.
 */
export interface ConsoleFiles {
  /**
   * Serves the console's page, for `/` and for the addresses of APIs.
   * @param otherwise serves the address if the console is not built. By default, a page that says so
   */
  page(scope: RequestScope, otherwise?: (scope: RequestScope) => Promise<void>): Promise<void>;
  /**
   * Serves every address for which there is no other route.
   * @throws RequestError `NOT_FOUND` if there is no such file and the client does not prefer HTML
   */
  fileOrPage(scope: RequestScope): Promise<void>;
}

/**
 * Allows only the console's own files. docs/decisions/0011 explains why inline styles are allowed. The policy also
 * applies to web workers and their chunks.
 */
const policy = contentSecurityPolicy({
  ...ownFilesOnly,
  'style-src': ["'self'", "'unsafe-inline'"],
  'font-src': ["'self'", 'data:'],
  'worker-src': ["'self'"],
});

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
};

/** Content encodings, smallest result first. `endings` contains the file extension of each compressed variant. */
const encodings = ['br', 'gzip'] as const;
const endings = { br: '.br', gzip: '.gz' } as const;

/** Files in this folder have a content hash in their names. */
const hashedFolder = '/assets/';

/** Accepts only plain path segments: no `..`, no hidden files, no percent-encoding. */
const plainPath = /^(?:\/[\w-][\w.-]*)+$/;

/**
 * @param directory the folder that contains the console build; it can be missing, or be replaced while the gateway is
 * running
 */
export function createConsoleFiles(directory: string): ConsoleFiles {
  const page: ConsoleFiles['page'] = async (scope, otherwise) => {
    requireReading(scope.method);
    if (await sendFile(scope, directory, '/index.html')) return;
    if (otherwise === undefined) sendMissingBuild(scope);
    else await otherwise(scope);
  };
  return {
    page,
    async fileOrPage(scope) {
      const { path, method, request } = scope;
      const isRead = method === 'GET' || method === 'HEAD';
      if (isRead && (await sendFile(scope, directory, path))) return;
      if (!isRead || path.startsWith(hashedFolder) || !prefersHtml(request.headers.accept)) {
        throw requestErrors.notFoundAtAddress();
      }
      scope.head.add('vary', 'Accept');
      await page(scope);
    },
  };
}

/**
 * Serves the documentation, a folder of static pages.
 * @param directory the documentation build, read from disk like the console build
 * @returns a handler for one file. It throws RequestError `NOT_FOUND` if the file does not exist.
 */
export function createDocumentation(directory: string) {
  return async (scope: RequestScope, file: string): Promise<void> => {
    requireReading(scope.method);
    if (!(await sendFile(scope, directory, `/${file}`))) throw requestErrors.notFoundAtAddress();
  };
}

/** Sends the file at `path` in the folder. @returns false if the file does not exist */
async function sendFile(scope: RequestScope, directory: string, path: string): Promise<boolean> {
  const contentType = contentTypes[extname(path)];
  if (contentType === undefined || !plainPath.test(path)) return false;
  const found = await openBest(join(directory, path), scope.request.headers['accept-encoding']);
  if (found === null) return false;
  try {
    scope.route = 'console';
    await answer(scope, contentType, path.startsWith(hashedFolder), found);
  } finally {
    await found.handle.close();
  }
  return true;
}

interface FoundFile {
  readonly handle: FileHandle;
  readonly encoding: string | null;
  readonly size: number;
  readonly modifiedAtMs: number;
}

/** Opens the smallest variant that the client accepts. Returns null if the file does not exist. */
async function openBest(file: string, accepted: string | undefined): Promise<FoundFile | null> {
  for (const encoding of acceptedEncodings(accepted, encodings)) {
    const found = await openFile(`${file}${endings[encoding]}`, encoding);
    if (found !== null) return found;
  }
  return openFile(file, null);
}

async function openFile(file: string, encoding: string | null): Promise<FoundFile | null> {
  let handle: FileHandle;
  try {
    handle = await open(file);
  } catch (error) {
    if (missing.has(errorCode(error) ?? '')) return null;
    throw error;
  }
  const stats = await handle.stat();
  if (stats.isFile()) {
    return { handle, encoding, size: stats.size, modifiedAtMs: stats.mtimeMs };
  }
  await handle.close();
  return null;
}

const missing: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG']);

async function answer(
  scope: RequestScope,
  contentType: string,
  isImmutable: boolean,
  { handle, encoding, size, modifiedAtMs }: FoundFile,
): Promise<void> {
  const { request, response, head, method } = scope;
  // The ETag is weak (RFC 9110, 8.8.1) because compressed variants have different modification times and their bytes
  // are not compared.
  const etag = `W/"${size.toString(36)}-${Math.trunc(modifiedAtMs).toString(36)}"`;
  head.setAll({
    'content-security-policy': policy,
    'cache-control': isImmutable ? immutable : 'no-cache',
    etag,
  });
  head.add('vary', 'Accept-Encoding');
  if (request.headers['if-none-match'] === etag) {
    sendEmpty(scope, 304);
    return;
  }
  if (encoding !== null) head.add('content-encoding', encoding);
  head.add('content-type', contentType);
  head.add('content-length', String(size));
  response.writeHead(200, head.pairs);
  if (method === 'HEAD' || size === 0) {
    response.end();
    return;
  }
  // Limits the stream to the announced length, in case the file grows while it is sent.
  const bytes = handle.createReadStream({ end: size - 1, autoClose: false });
  await pipeline(bytes, response).catch((error: unknown) => {
    // The client disconnected, so there is no one to report the error to.
    if (errorCode(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

/** Sent in development, when the console might be running separately from the gateway. */
function sendMissingBuild(scope: RequestScope): void {
  if (!prefersHtml(scope.request.headers.accept)) {
    throw edgeErrors.consoleNotBuilt();
  }
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Tessera</title>
      </head>
      <body>
        <main>
          <h1>The console is not built</h1>
          <p>The gateway is running, but the console has not been built yet.</p>
          <ul>
            <li><code>npm start</code> builds the console and restarts the gateway.</li>
            <li><code>npm run build</code> builds the console without a restart.</li>
            <li>
              <code>npm run dev</code> serves the console from its sources at another address.
            </li>
          </ul>
          <p>The <a href="/graphql">management API</a> is available.</p>
        </main>
      </body>
    </html> `;
  send(scope, 503, 'text/html; charset=utf-8', page);
}
