import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { isIP, isIPv6, type LookupFunction } from 'node:net';

import { createBoundedWork } from '../bounded-work.ts';
import { RequestError } from '../errors/request-error.ts';
import { EgressError } from './egress-error.ts';
import { isPublicAddress } from './public-address.ts';
import { resolveName, type ResolveName } from './resolve-name.ts';

/**
 * Sends the gateway's requests to URLs that customers configure. It reaches only the public internet, so that a URL
 * cannot be used to read from the gateway's own network (server-side request forgery).
 */
export interface EgressClient {
  /**
   * Sends a GET request. A response with any status except a redirect is returned.
   * @throws EgressError
   */
  get(url: string, request: EgressRequest): Promise<EgressResponse>;
}

export interface EgressRequest {
  /** The value of the header `Accept`. */
  readonly accept: string;
}

export interface EgressResponse {
  readonly status: number;
  readonly body: Buffer;
}

export interface EgressOptions {
  /** Also allows http, and addresses that are not public. For development. */
  readonly allowPrivate: boolean;
  /** The time for the whole request, from the look-up of the name to the last byte. @default 5 s */
  readonly timeoutMs?: number;
  /** @default DNS */
  readonly resolve?: ResolveName;
}

const defaultTimeoutMs = 5_000;
const maxResponseBytes = 65_536;
const maxUrlLength = 2_048;
/** More addresses than any server needs. Further ones are not tried. */
const maxAddresses = 8;
const limits = { concurrency: 50, maxWaiting: 500, maxWaitMs: 2_000 };

/** Marks requests of the gateway, so that it can refuse those that it has sent to itself. */
export const loopHeader = 'tessera-egress';

export function createEgressClient(options: EgressOptions): EgressClient {
  const { allowPrivate, timeoutMs = defaultTimeoutMs, resolve = resolveName } = options;
  const bounded = createBoundedWork(limits);

  const send = async (
    url: URL,
    { accept }: EgressRequest,
    signal: AbortSignal,
  ): Promise<EgressResponse> => {
    const addresses = await addressesOf(url, { resolve, allowPrivate, signal });
    const host = hostOf(url);
    const response = await open(url, {
      host,
      lookup: pinnedTo(addresses),
      // An empty name sends no SNI, which cannot contain an address (RFC 6066, section 3).
      servername: isIP(host) === 0 ? host : '',
      headers: {
        accept,
        'accept-encoding': 'identity',
        'user-agent': 'Tessera',
        [loopHeader]: '1',
      },
      signal,
    });
    return readResponse(response);
  };

  return {
    async get(text, request) {
      const url = parseUrl(text, allowPrivate);
      const timeout = AbortSignal.timeout(timeoutMs);
      try {
        return await bounded(() => untilAborted(send(url, request, timeout), timeout));
      } catch (error) {
        throw explain(error, timeout);
      }
    },
  };
}

/** The URL parser removes these characters, so that the URL would have another meaning than its text. */
// eslint-disable-next-line no-control-regex -- control characters are what the expression is for
const removedCharacters = /[\u0000-\u0020\u007f]/;

/** @throws EgressError `URL_NOT_ALLOWED` */
function parseUrl(text: string, allowPrivate: boolean): URL {
  const isReadable = text.length <= maxUrlLength && !removedCharacters.test(text);
  if (!isReadable || !URL.canParse(text)) throw new EgressError('URL_NOT_ALLOWED');
  const url = new URL(text);
  const isAllowed = url.protocol === 'https:' || (allowPrivate && url.protocol === 'http:');
  if (!isAllowed || url.username !== '' || url.password !== '' || url.hostname === '') {
    throw new EgressError('URL_NOT_ALLOWED');
  }
  return url;
}

/** The host without the brackets of an IPv6 address. The URL parser has converted every spelling of an address. */
function hostOf({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

/**
 * Resolves the host once. Every address must be allowed, because the name could otherwise lead to a private one later.
 * @throws EgressError `ADDRESS_NOT_ALLOWED` or `NAME_NOT_FOUND`
 */
async function addressesOf(
  url: URL,
  options: {
    readonly resolve: ResolveName;
    readonly allowPrivate: boolean;
    readonly signal: AbortSignal;
  },
): Promise<readonly string[]> {
  const host = hostOf(url);
  const addresses = isIP(host) === 0 ? await options.resolve(host, options.signal) : [host];
  options.signal.throwIfAborted();
  if (!options.allowPrivate && !addresses.every(isPublicAddress)) {
    throw new EgressError('ADDRESS_NOT_ALLOWED');
  }
  return addresses.slice(0, maxAddresses);
}

/** Returns the addresses that were checked, so that the connection cannot be made to any other address. */
function pinnedTo(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_host, { all: wantsAll }, callback) => {
    const [first] = all;
    if (first === undefined) callback(new EgressError('NAME_NOT_FOUND'), []);
    else if (wantsAll === true) callback(null, all);
    else callback(null, first.address, first.family);
  };
}

/** Sends the request on a new connection. A proxy of the environment is not used, because the agent has none. */
function open(
  url: URL,
  options: RequestOptions & { readonly servername: string },
): Promise<IncomingMessage> {
  const { request, Agent } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...options,
        port: url.port === '' ? undefined : url.port,
        path: `${url.pathname}${url.search}`,
        agent: new Agent({ keepAlive: false }),
        // Explicit, because NODE_TLS_REJECT_UNAUTHORIZED would otherwise turn it off.
        rejectUnauthorized: true,
      },
      resolve,
    );
    sent.on('error', reject);
    sent.on('upgrade', (_response, socket) => {
      socket.destroy();
      reject(new EgressError('CONNECTION_FAILED'));
    });
    sent.end();
  });
}

async function readResponse(response: IncomingMessage): Promise<EgressResponse> {
  const { statusCode: status = 0, headers } = response;
  try {
    if (status >= 300 && status < 400) throw new EgressError('REDIRECTED');
    const encoding = headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') throw new EgressError('RESPONSE_NOT_READABLE');
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxResponseBytes) throw new EgressError('RESPONSE_TOO_LARGE');
      chunks.push(chunk);
    }
    return { status, body: Buffer.concat(chunks) };
  } finally {
    response.destroy();
  }
}

/** Also rejects when the signal is aborted while something waits that ignores the signal. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new EgressError('TIMED_OUT'));
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function explain(error: unknown, timeout: AbortSignal): EgressError {
  if (error instanceof EgressError) return error;
  if (timeout.aborted) return new EgressError('TIMED_OUT');
  if (error instanceof RequestError) return new EgressError('BUSY');
  return new EgressError('CONNECTION_FAILED', { cause: error });
}
