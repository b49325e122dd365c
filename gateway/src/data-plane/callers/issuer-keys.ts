import {
  createLocalJWKSet,
  type CryptoKey,
  type FlattenedJWSInput,
  type JWK,
  type JWTHeaderParameters,
} from 'jose';
import { LRUCache } from 'lru-cache';

import type { Clock } from '../../platform/clock.ts';
import type { EgressClient } from '../../platform/egress/egress-client.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';
import type { Logger } from '../../platform/telemetry/logger.ts';
import { maxTrustedIssuers, type TrustedIssuer } from './access-settings.ts';
import { fetchKeys, type PublicKey } from './fetch-keys.ts';

/** A key with which an issuer signs tokens. */
export interface SigningKey {
  /** Returns the key for a token's header. @throws JOSEError if it is not a key for the header's algorithm */
  readonly resolve: (header: JWTHeaderParameters, token: FlattenedJWSInput) => Promise<CryptoKey>;
  /** Whether the issuer still has the key, as far as is known without another request to it. */
  readonly isCurrent: () => boolean;
}

/** The keys of the issuers that projects trust. */
export interface IssuerKeys {
  /**
   * Finds the key with this id. Fetches the keys of the issuer if the key is unknown or the known keys are old.
   * @returns null if the issuer has no such key
   * @throws RequestError `OVERLOADED` if the key is unknown and the issuer does not respond
   */
  find(
    projectRef: string,
    issuer: Pick<TrustedIssuer, 'issuer' | 'jwksUrl'>,
    kid: string,
  ): Promise<SigningKey | null>;
}

export type KeyFetch = 'ok' | 'failed';

export interface IssuerKeysDependencies {
  readonly egress: EgressClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called for each attempt to fetch keys, for metrics. */
  readonly onFetch: (outcome: KeyFetch) => void;
}

/** Tokens with unknown key ids cannot cause more requests to the issuer than this. */
const retryMs = 30_000;
/** From this age on, keys are fetched again while the known ones are used. */
const refreshMs = 5 * 60_000;
/**
 * Older keys are not used before they are fetched again. A key that an issuer has removed is therefore accepted for at
 * most this time. It is a compromise: issuers that remove a stolen key need it to be short, and a key that is fetched
 * more often delays requests and depends more on the issuer. While the issuer does not respond, its known keys are used
 * regardless of their age.
 */
const maxAgeMs = 10 * 60_000;
/** Characters of all keys of all projects. */
const maxSize = 16_000_000;

/** The issuers of one project. */
interface ProjectIssuers {
  readonly sources: Map<string, KeySource>;
}

export function createIssuerKeys(dependencies: IssuerKeysDependencies): IssuerKeys {
  const projects = new LRUCache<string, ProjectIssuers>({
    maxSize,
    sizeCalculation: ({ sources }) => {
      let size = 1_000;
      for (const source of sources.values()) size += source.size;
      return size;
    },
  });

  /** Issuers are not shared by projects, so that one project cannot use up the requests to another one's issuer. */
  const sourceOf = (ref: string, issuer: Pick<TrustedIssuer, 'issuer' | 'jwksUrl'>): KeySource => {
    const sources = projects.get(ref)?.sources ?? new Map<string, KeySource>();
    const key = JSON.stringify([issuer.issuer, issuer.jwksUrl]);
    const known = sources.get(key);
    if (known !== undefined) return known;
    // The oldest ones can belong to earlier settings.
    for (const old of [...sources.keys()].slice(0, sources.size + 1 - maxTrustedIssuers)) {
      sources.delete(old);
    }
    const source = createKeySource(dependencies, issuer, () => projects.set(ref, { sources }));
    sources.set(key, source);
    projects.set(ref, { sources });
    return source;
  };

  return { find: (ref, issuer, kid) => sourceOf(ref, issuer).find(kid) };
}

interface KeySource {
  /** Characters of the keys. */
  readonly size: number;
  find(kid: string): Promise<SigningKey | null>;
}

interface KnownKey extends SigningKey {
  readonly text: string;
}

function createKeySource(
  { egress, clock, logger, onFetch }: IssuerKeysDependencies,
  issuer: Pick<TrustedIssuer, 'issuer' | 'jwksUrl'>,
  onChange: () => void,
): KeySource {
  let keys: ReadonlyMap<string, KnownKey> = new Map();
  let fetchedAt = -Infinity;
  let triedAt = -Infinity;
  let hasFailed = false;
  let fetching: Promise<void> | null = null;
  const now = () => clock().getTime();
  /** The time from which a request causes another attempt. */
  const dueAt = () => (hasFailed ? triedAt + retryMs : fetchedAt + refreshMs);

  const keyOf = (kid: string, same: readonly PublicKey[]): KnownKey => {
    const text = JSON.stringify(same);
    const known = keys.get(kid);
    if (known?.text === text) return known;
    // The cast is safe: invalid members cause a JOSEError when the key is used.
    const resolve = createLocalJWKSet({ keys: same as readonly unknown[] as JWK[] });
    const isCurrent = () => keys.get(kid) === key && now() < dueAt();
    const key: KnownKey = { text, resolve, isCurrent };
    return key;
  };

  const fetchNow = async (): Promise<void> => {
    triedAt = now();
    try {
      const found = await fetchKeys(egress, issuer);
      const byKid = new Map<string, PublicKey[]>();
      for (const key of found) byKid.set(key.kid, [...(byKid.get(key.kid) ?? []), key]);
      keys = new Map([...byKid].map(([kid, same]) => [kid, keyOf(kid, same)]));
      fetchedAt = now();
      hasFailed = false;
      onFetch('ok');
      onChange();
    } catch (error) {
      hasFailed = true;
      onFetch('failed');
      logger.warn(
        { err: error, issuer: issuer.issuer },
        'Could not fetch the keys of a trusted issuer',
      );
    } finally {
      fetching = null;
    }
  };
  const fetchOnce = (): Promise<void> => (fetching ??= fetchNow());
  const mayFetch = () => fetching !== null || now() >= triedAt + retryMs;

  return {
    get size() {
      let size = 0;
      for (const { text } of keys.values()) size += text.length;
      return size;
    },
    async find(kid) {
      if (keys.has(kid)) {
        const refreshed = now() >= dueAt() && mayFetch() ? fetchOnce() : null;
        if (refreshed !== null && !hasFailed && now() >= fetchedAt + maxAgeMs) await refreshed;
      } else if (mayFetch()) {
        await fetchOnce();
      }
      const key = keys.get(kid) ?? null;
      if (key === null && hasFailed) throw requestErrors.issuerUnavailable();
      return key;
    },
  };
}
