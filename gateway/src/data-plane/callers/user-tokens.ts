import { hash } from 'node:crypto';

import {
  decodeJwt,
  decodeProtectedHeader,
  errors as joseErrors,
  jwtVerify,
  type JWTPayload,
} from 'jose';
import { LRUCache } from 'lru-cache';

import type { Subject } from '../../engine/runtime.ts';
import type { Clock } from '../../platform/clock.ts';
import { whenReady } from '../../platform/when-ready.ts';
import { issuerAlgorithms, type AccessSettings, type TrustedIssuer } from './access-settings.ts';
import type { IssuerKeys, SigningKey } from './issuer-keys.ts';
import { subjectOf } from './token-claims.ts';
import { UserTokenError, type TokenCheck, type TokenProblem } from './token-problem.ts';

/** Verifies the tokens of a project's users. */
export interface UserTokens {
  /**
   * Returns the caller whom a token describes. Synchronous if the token is cached.
   * @param beforeCheck called first if the token is not cached
   * @throws RequestError `UNAUTHENTICATED` if the token is not valid for the project, or `OVERLOADED` if the keys of its
   * issuer cannot be fetched, and the errors of `beforeCheck`
   */
  verify(
    token: string,
    project: TokenProject,
    beforeCheck?: () => void | Promise<void>,
  ): Subject | Promise<Subject>;
}

/** A project that a token is sent to. */
export interface TokenProject {
  readonly ref: string;
  /** The current settings. Another object means that they have changed. */
  readonly settings: AccessSettings;
}

export interface UserTokensDependencies {
  readonly keys: IssuerKeys;
  readonly clock: Clock;
  /** Called for each check of a token, for metrics. */
  readonly onCheck: (check: TokenCheck) => void;
}

const maxUserTokenLength = 8_192;
/** The clocks of issuers can differ from the gateway's. */
const skewSeconds = 30;
/** Characters of all cached tokens. The cached values are smaller than their tokens. */
const maxCachedSize = 32_000_000;

interface VerifiedToken {
  readonly settings: AccessSettings;
  readonly key: SigningKey;
  readonly expiresAt: number;
  readonly subject: Subject;
}

export function createUserTokens({ keys, clock, onCheck }: UserTokensDependencies): UserTokens {
  const verified = new LRUCache<string, VerifiedToken>({ maxSize: maxCachedSize });

  const verifyNow = async (
    token: string,
    { ref, settings }: TokenProject,
  ): Promise<VerifiedToken> => {
    const { issuer, kid } = readToken(token, settings);
    const key = await keys.find(ref, issuer, kid);
    if (key === null) throw new UserTokenError('key');
    const payload = await verifySignature(token, { key, issuer, now: clock() });
    const subject = subjectOf(payload, issuer);
    // `jwtVerify` has required the claim.
    return { settings, key, expiresAt: (payload.exp ?? 0) * 1_000, subject };
  };

  const isValid = ({ settings, key, expiresAt }: VerifiedToken, project: TokenProject): boolean =>
    settings === project.settings && expiresAt > clock().getTime() && key.isCurrent();

  const verifyAndCache = async (
    token: string,
    project: TokenProject,
    cacheKey: string,
  ): Promise<Subject> => {
    try {
      const fresh = await verifyNow(token, project);
      verified.set(cacheKey, fresh, { size: token.length + 1_000 });
      onCheck('verified');
      return fresh.subject;
    } catch (error) {
      onCheck(error instanceof UserTokenError ? error.problem : 'unavailable');
      throw error;
    }
  };

  return {
    verify(token, project, beforeCheck) {
      const cacheKey = `${project.ref} ${hash('sha256', token, 'base64')}`;
      const known = verified.get(cacheKey);
      if (known !== undefined && isValid(known, project)) {
        onCheck('cached');
        return known.subject;
      }
      return whenReady(beforeCheck?.(), () => verifyAndCache(token, project, cacheKey));
    },
  };
}

/**
 * Chooses the issuer of a token by its exact `iss`. Nothing of the token is verified yet.
 * @throws UserTokenError
 */
function readToken(
  token: string,
  { trustedIssuers }: AccessSettings,
): { readonly issuer: TrustedIssuer; readonly kid: string } {
  const { iss, alg, kid } = decode(token);
  const issuer = trustedIssuers.find((trusted) => trusted.issuer === iss);
  if (issuer === undefined) throw new UserTokenError('issuer');
  if (!issuer.algorithms.some((allowed) => allowed === alg)) throw new UserTokenError('algorithm');
  if (typeof kid !== 'string') throw new UserTokenError('key');
  return { issuer, kid };
}

/** @throws UserTokenError */
function decode(token: string): {
  readonly iss: unknown;
  readonly alg: unknown;
  readonly kid: unknown;
} {
  if (token.length > maxUserTokenLength) throw new UserTokenError('malformed');
  try {
    const { iss } = decodeJwt(token);
    const { alg, kid } = decodeProtectedHeader(token);
    return { iss, alg, kid };
  } catch {
    throw new UserTokenError('malformed');
  }
}

/**
 * Whether a text has the form of a user's token, so that it cannot be an access token of the console, which has another
 * algorithm.
 */
export function looksLikeUserToken(token: string): boolean {
  try {
    const { alg } = decodeProtectedHeader(token);
    return issuerAlgorithms.some((known) => known === alg);
  } catch {
    return false;
  }
}

/** @throws UserTokenError */
async function verifySignature(
  token: string,
  {
    key,
    issuer,
    now,
  }: { readonly key: SigningKey; readonly issuer: TrustedIssuer; readonly now: Date },
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, key.resolve, {
      issuer: issuer.issuer,
      audience: issuer.audience,
      algorithms: [...issuer.algorithms],
      requiredClaims: ['exp'],
      clockTolerance: skewSeconds,
      currentDate: now,
    });
    return payload;
  } catch (error) {
    throw new UserTokenError(problemOf(error));
  }
}

function problemOf(error: unknown): TokenProblem {
  if (error instanceof joseErrors.JWTExpired) return 'expired';
  if (error instanceof joseErrors.JWTClaimValidationFailed) {
    return problemsOfClaims[error.claim] ?? 'malformed';
  }
  if (error instanceof joseErrors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof joseErrors.JWSInvalid || error instanceof joseErrors.JWTInvalid) {
    return 'malformed';
  }
  // All other errors are about the key: it is for another algorithm, too short, or has invalid members.
  return 'key';
}

const problemsOfClaims: Readonly<Partial<Record<string, TokenProblem>>> = {
  iss: 'issuer',
  aud: 'audience',
  exp: 'expired',
  nbf: 'not_yet_valid',
};
