import { beforeEach, expect } from 'vitest';

import type { AccessSettings } from '../src/data-plane/callers/access-settings.ts';
import type {
  Caller,
  ConsoleUser,
  KeyCaller,
  MemberCaller,
} from '../src/data-plane/callers/callers.ts';
import { UserTokenError } from '../src/data-plane/callers/token-problem.ts';
import type { LiveResult, LiveResults } from '../src/data-plane/live/live-results.ts';
import { openOutlet, type Outlet } from '../src/data-plane/live/outlet.ts';
import { projectErrors } from '../src/data-plane/errors.ts';
import type { ApiAccess } from '../src/engine/runtime.ts';
import type { GraphqlOutcome } from '../src/graphql/graphql-request.ts';
import { ByteList } from '../src/platform/bytes.ts';
import { requestErrors } from '../src/platform/errors/request-errors.ts';
import { liveLimits, type LiveLimits } from '../src/http/live/live-limits.ts';
import { schemaOf, useHttpServer, type TestServer } from './http-server.ts';
import { connectRaw, type RawClient } from './live-client.ts';

export const ref = 'a'.repeat(16);
export const secretKey = 'tsk_secret';
export const publishableKey = 'tpk_publishable';
export const memberToken = tokenOf({ alg: 'HS256', typ: 'at+jwt' }, { sub: 'member' });

const everything: ApiAccess = { read: 'ALL', write: 'ALL', introspect: true, rules: null };

/** A subscription whose results the test decides. */
export class Feed implements LiveResults {
  /** How often the gateway has asked for a result, and how many it has taken. */
  pulls = 0;
  taken = 0;
  isClosed = false;
  readonly #results: (LiveResult | null)[] = [];
  #taker: ((result: LiveResult | null) => void) | null = null;
  #outlet: Outlet = openOutlet;

  /** The callers with whom the subscription continues. */
  readonly renewals: Caller[] = [];
  /** If set, the subscription cannot continue with another caller. */
  renewalError: Error | null = null;

  push(json: string | ByteList | null, errors: LiveResult['errors'] = []): void {
    this.#add({ json: typeof json === 'string' ? ByteList.of(json) : json, errors });
  }

  renew(caller: Caller): Promise<void> {
    this.renewals.push(caller);
    return this.renewalError === null ? Promise.resolve() : Promise.reject(this.renewalError);
  }

  complete(): void {
    this.#add(null);
  }

  next(outlet: Outlet = openOutlet): Promise<LiveResult | null> {
    this.pulls += 1;
    this.#outlet = outlet;
    return new Promise((resolve) => {
      this.#taker = resolve;
      this.#deliver();
    });
  }

  close(): void {
    this.isClosed = true;
    this.#deliver();
  }

  #add(result: LiveResult | null): void {
    this.#results.push(result);
    this.#deliver();
  }

  readonly #deliver = (): void => {
    const taker = this.#taker;
    if (taker === null || (this.#results.length === 0 && !this.isClosed)) return;
    if (!this.#outlet.isOpen && !this.isClosed) {
      this.#outlet.onOpen(this.#deliver);
      return;
    }
    this.#taker = null;
    this.taken += 1;
    taker(this.#results.shift() ?? null);
  };
}

/** What the data plane knows. The tests change it while connections are open. */
export interface World {
  settings: AccessSettings | null;
  access: ApiAccess;
  readonly revoked: Set<string>;
  isMember: boolean;
  /** How many subscriptions are still refused because the gateway is busy. */
  busy: number;
  /** The subscriptions that were started, in order. */
  readonly feeds: Feed[];
  /** Answers queries and mutations. */
  execute: () => Promise<GraphqlOutcome>;
}

export interface LiveServer {
  readonly server: TestServer;
  readonly world: World;
  readonly endpoint: string;
}

/** A JSON Web Token whose signature is not checked. */
function tokenOf(header: object, payload: object): string {
  const parts = [header, payload].map((part) => Buffer.from(JSON.stringify(part)));
  return [...parts.map((part) => part.toString('base64url')), 'signature'].join('.');
}

let made = 0;

/** A token of a user of the project. Each one is different. @param seconds until it expires */
export function userToken(sub: string, seconds = 3_600, claims: object = {}): string {
  made += 1;
  const exp = Date.now() / 1_000 + seconds;
  return tokenOf({ alg: 'ES256' }, { sub, exp, claims, jti: made });
}

/** The HTTP layer with a data plane of the test: its callers, settings and subscriptions. */
export function useLiveServer(limits: Partial<LiveLimits> = {}): LiveServer {
  const initial = () => ({
    settings: { allowedOrigins: ['https://app.example'], trustedIssuers: [] },
    access: everything,
    isMember: true,
    busy: 0,
    execute: () =>
      Promise.resolve({ operationType: 'query', data: '{"ok":true}', errors: [] } as const),
  });
  const world: World = { ...initial(), revoked: new Set(), feeds: [] };
  beforeEach(() => {
    Object.assign(world, initial());
    world.revoked.clear();
    world.feeds.length = 0;
  });
  const server = useHttpServer({
    schema: schemaOf('type Query { a: Int }', {}),
    liveLimits: { ...liveLimits, checkMs: 50, ...limits },
    dataPlane: {
      settings: { peek: () => world.settings, get: () => world.settings },
      callers: callersOf(world),
      execute: () => world.execute(),
      subscribe: (_caller, { query }) => {
        if (world.busy > 0) {
          world.busy -= 1;
          return Promise.reject(requestErrors.overloaded());
        }
        if (query.includes('refused')) return Promise.reject(projectErrors.noSubscriptions());
        const feed = new Feed();
        world.feeds.push(feed);
        return Promise.resolve(feed);
      },
      printApi: () => Promise.reject(new Error('This test prints no API.')),
    },
  });
  return {
    server,
    world,
    get endpoint() {
      return `${server.url}/p/${ref}/graphql`;
    },
  };
}

function callersOf(world: World) {
  const keyOf = (text: string): KeyCaller => ({
    kind: 'apiKey',
    keyId: text,
    keyKind: text === secretKey ? 'SECRET' : 'PUBLISHABLE',
    rateLimitPerMinute: null,
    projectId: 'project',
    projectRef: ref,
    access: world.access,
    subject:
      text === secretKey
        ? null
        : { audience: 'PUBLIC', user: null, claims: {}, verifiedEmail: null },
  });
  const user: ConsoleUser = { kind: 'user', userId: 'member', sessionId: 'session', email: 'a@b' };
  const member = (): MemberCaller => {
    if (!world.isMember) throw projectErrors.notFound();
    const { access } = world;
    return { kind: 'member', projectId: 'project', projectRef: ref, access, subject: null };
  };
  return {
    verifyKey: (text: string) =>
      [secretKey, publishableKey].includes(text) && !world.revoked.has(text) ? keyOf(text) : null,
    verifyAccessToken: (token: string) =>
      Promise.resolve(token === memberToken && !world.revoked.has(token) ? user : null),
    admit: (owner: KeyCaller | ConsoleUser) => (owner.kind === 'apiKey' ? owner : member()),
    findMembers: (wanted: readonly unknown[]) =>
      Promise.resolve(wanted.map(() => (world.isMember ? member() : null))),
    withUser: (key: KeyCaller, token: string): KeyCaller => {
      if (world.revoked.has(token)) throw new UserTokenError('issuer');
      const [, payload = ''] = token.split('.');
      // The tests sign in with tokens of `userToken`.
      const { sub, exp, claims } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
        readonly sub: string;
        readonly exp: number;
        readonly claims: Record<string, never>;
      };
      if (exp * 1_000 < Date.now() - 30_000) throw new UserTokenError('expired');
      const subject = { audience: 'USER', user: { field: 'id', value: sub }, claims } as const;
      return { ...key, subject: { ...subject, verifiedEmail: null } };
    },
  };
}

/** Opens a connection to the server of a test. */
export async function openLive(
  { endpoint }: Pick<LiveServer, 'endpoint'>,
  payload: Readonly<Record<string, unknown>> = { apiKey: secretKey },
): Promise<RawClient> {
  const client = await connectRaw(endpoint);
  await client.init(payload);
  return client;
}

export const subscribe = (client: RawClient, id: string, query = 'subscription { notes }'): void =>
  client.send({ id, type: 'subscribe', payload: { query } });

/** Starts a subscription and waits until the data plane has it. */
export async function follow({ world }: LiveServer, client: RawClient, id: string): Promise<Feed> {
  const { length } = world.feeds;
  subscribe(client, id);
  await expect.poll(() => world.feeds.length, { interval: 5 }).toBe(length + 1);
  const feed = world.feeds[length];
  if (feed === undefined) throw new Error('The subscription was not started.');
  return feed;
}
