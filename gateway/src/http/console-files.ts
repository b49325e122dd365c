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
 * The console: the files of its build, and its page for every other address that a browser opens, since the
 * page itself knows what is there. Anything is read from the disk when it is asked for, so that megabytes of
 * editors take no memory; beside a file lie its compressed forms, made with the build.
 */
export interface ConsoleFiles {
  /** `/` */
  page(scope: RequestScope): Promise<void>;
  /**
   * Any address that is not the gateway's own.
   * @throws RequestError `NOT_FOUND` for what is neither a file nor asked for by somebody who looks at pages
   */
  fileOrPage(scope: RequestScope): Promise<void>;
}

/** What is loaded is ours; why styles may be inline: docs/decisions/0011. Workers and their chunks go by it, too. */
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

/** The smallest result first, with the ending of the file that holds it. */
const encodings = ['br', 'gzip'] as const;
const endings = { br: '.br', gzip: '.gz' } as const;

/** Files here have a hash of their content in their names. */
const hashedFolder = '/assets/';

/** Plain names alone: no `..`, nothing hidden, nothing encoded. */
const plainPath = /^(?:\/[\w-][\w.-]*)+$/;

/** @param directory the console's build; it may be missing, and may be replaced while the gateway runs */
export function createConsoleFiles(directory: string): ConsoleFiles {
  const page = async (scope: RequestScope): Promise<void> => {
    requireReading(scope.method);
    if (!(await sendFile(scope, directory, '/index.html'))) sendMissingBuild(scope);
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
 * The documentation, a folder of static pages.
 *
 * @param directory its build, read as the console's is
 * @returns what answers a request for a file of it. It throws RequestError `NOT_FOUND` if there is no such file.
 */
export function createDocumentation(directory: string) {
  return async (scope: RequestScope, file: string): Promise<void> => {
    requireReading(scope.method);
    if (!(await sendFile(scope, directory, `/${file}`))) throw requestErrors.notFoundAtAddress();
  };
}

/** @returns whether there is such a file */
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

/** Opens the smallest form that the client accepts; null if there is no such file. */
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
  // A weak one (RFC 9110, 8.8.1): the forms of a file have times of their own, and no bytes are compared.
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
  // Never more than was announced, should the file grow meanwhile.
  const bytes = handle.createReadStream({ end: size - 1, autoClose: false });
  await pipeline(bytes, response).catch((error: unknown) => {
    // The client went away: nobody is left to be told.
    if (errorCode(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

/** In development, where the console runs beside the gateway. */
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
          <p>This gateway runs, but has no console to show.</p>
          <ul>
            <li><code>npm start</code> builds it and starts anew.</li>
            <li><code>npm run build</code> builds it while the gateway runs.</li>
            <li><code>npm run dev</code> serves it from its sources, at another address.</li>
          </ul>
          <p>The <a href="/graphql">management API</a> is here.</p>
        </main>
      </body>
    </html> `;
  send(scope, 503, 'text/html; charset=utf-8', page);
}
