import type { AccessSettings, TrustedIssuer } from '../src/data-plane/callers/access-settings.ts';
import { createIssuerKeys } from '../src/data-plane/callers/issuer-keys.ts';
import { UserTokenError } from '../src/data-plane/callers/token-problem.ts';
import { createUserTokens } from '../src/data-plane/callers/user-tokens.ts';
import type { Subject } from '../src/engine/runtime.ts';
import type { Clock } from '../src/platform/clock.ts';
import { createEgressClient } from '../src/platform/egress/egress-client.ts';
import { createLogger } from '../src/platform/telemetry/logger.ts';

/** The caller of a token of `useLocalIssuer` with the usual claims. */
export const ada: Subject = {
  audience: 'USER',
  user: { field: 'id', value: 'ada' },
  claims: {},
  verifiedEmail: null,
};

/** Verifies tokens like a gateway, for a project whose settings the test chooses. */
export interface TokenKit {
  /** The results of the checks, in their order. */
  readonly checks: string[];
  /** The outcomes of the attempts to fetch keys. */
  readonly fetches: string[];
  /** The lines of the log. */
  readonly lines: string[];
  /** Sets the issuers that the project trusts. */
  readonly trust: (...trusted: readonly TrustedIssuer[]) => void;
  /** Returns the caller, or the reason why the token is not accepted. @param ref another project */
  readonly verify: (token: string, ref?: string) => Promise<Subject | string>;
  /** Whether the token is verified without waiting for a signature. */
  readonly isCached: (token: string, ref?: string) => boolean;
}

const someRef = 'a'.repeat(16);

export function startTokens(options: {
  readonly clock: Clock;
  readonly trusted: readonly TrustedIssuer[];
  /** @default true */
  readonly allowPrivate?: boolean;
}): TokenKit {
  const { clock, trusted, allowPrivate = true } = options;
  const checks: string[] = [];
  const fetches: string[] = [];
  const lines: string[] = [];
  const keys = createIssuerKeys({
    egress: createEgressClient({ allowPrivate, timeoutMs: 2_000 }),
    clock,
    logger: createLogger({
      level: 'debug',
      format: 'json',
      destination: { write: (line) => lines.push(line) },
    }),
    onFetch: (outcome) => fetches.push(outcome),
  });
  const tokens = createUserTokens({ keys, clock, onCheck: (check) => checks.push(check) });
  let settings: AccessSettings = { allowedOrigins: [], trustedIssuers: trusted };
  return {
    checks,
    fetches,
    lines,
    trust: (...trustedIssuers) => {
      settings = { allowedOrigins: [], trustedIssuers };
    },
    verify: async (token, ref = someRef) => {
      try {
        return await tokens.verify(token, { ref, settings });
      } catch (error) {
        if (error instanceof UserTokenError) return error.problem;
        return String(Reflect.get(error as object, 'code'));
      }
    },
    isCached: (token, ref = someRef) => {
      const subject = tokens.verify(token, { ref, settings });
      if (!(subject instanceof Promise)) return true;
      subject.catch(() => undefined);
      return false;
    },
  };
}
