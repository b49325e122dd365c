import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { afterAll, beforeAll } from 'vitest';

import {
  issuerAlgorithms,
  type IssuerAlgorithm,
  type TrustedIssuer,
} from '../src/data-plane/callers/access-settings.ts';

export const audience = 'https://api.example';

/** A pair of keys of an issuer. */
export interface IssuerKey {
  readonly alg: IssuerAlgorithm;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK & { readonly kid: string };
}

/** An OpenID provider on this machine. It publishes keys over HTTP and signs tokens with them. */
export interface LocalIssuer {
  /** The `iss` of its tokens: `http://127.0.0.1:…`. */
  readonly issuer: string;
  readonly jwksUrl: string;
  /** The paths of the requests. */
  readonly requests: string[];
  /** The number of connections that it has accepted. */
  connections: number;
  /** The keys that it publishes. */
  keys: readonly IssuerKey[];
  /** Replaces the responses. Null for the usual ones. */
  respond: ((response: ServerResponse, path: string) => void) | null;
  newKey(alg?: IssuerAlgorithm): Promise<IssuerKey>;
  /** The settings of a project that trusts it. */
  trusted(settings?: Partial<TrustedIssuer>): TrustedIssuer;
  /** Signs a token with its first key. Claims and header members that are undefined are left out. */
  token(options?: TokenOptions): Promise<string>;
}

export interface TokenOptions {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: IssuerKey;
  /** Seconds since the epoch. @default an hour from now */
  readonly exp?: number | undefined;
}

let made = 0;

export async function newIssuerKey(alg: IssuerAlgorithm = 'ES256'): Promise<IssuerKey> {
  made += 1;
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const kid = `key-${made}`;
  return { alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** Starts an issuer before the tests of the file and stops it after them. */
export function useLocalIssuer(now: () => Date = () => new Date()): LocalIssuer {
  let origin: string | null = null;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    issuer.requests.push(path);
    if (issuer.respond !== null) issuer.respond(response, path);
    else if (path === '/.well-known/openid-configuration') {
      response.end(JSON.stringify({ issuer: issuer.issuer, jwks_uri: issuer.jwksUrl }));
    } else if (path === '/keys') {
      response.end(JSON.stringify({ keys: issuer.keys.map(({ jwk }) => jwk) }));
    } else response.writeHead(404).end();
  });
  const issuer: LocalIssuer = {
    get issuer() {
      if (origin === null) throw new Error('The issuer is only available from beforeAll on.');
      return origin;
    },
    get jwksUrl() {
      return `${issuer.issuer}/keys`;
    },
    requests: [],
    connections: 0,
    keys: [],
    respond: null,
    newKey: newIssuerKey,
    trusted: (settings = {}) => ({
      issuer: issuer.issuer,
      audience,
      jwksUrl: issuer.jwksUrl,
      algorithms: issuerAlgorithms,
      userClaim: 'sub',
      userField: 'id',
      claims: [],
      ...settings,
    }),
    async token(options = {}) {
      const { claims = {}, header = {}, key = issuer.keys[0] } = options;
      if (key === undefined) throw new Error('The issuer has no key.');
      const inAnHour = Math.floor(now().getTime() / 1_000) + 3_600;
      const exp = 'exp' in options ? options.exp : inAnHour;
      const payload = { iss: issuer.issuer, aud: audience, sub: 'ada', ...claims };
      return new SignJWT(exp === undefined ? payload : { exp, ...payload })
        .setProtectedHeader({ alg: key.alg, kid: key.jwk.kid, ...header })
        .sign(key.privateKey);
    },
  };
  server.on('connection', () => {
    issuer.connections += 1;
  });
  beforeAll(async () => {
    issuer.keys = [await newIssuerKey()];
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    // A server that listens on a port has an address with that port.
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return issuer;
}
