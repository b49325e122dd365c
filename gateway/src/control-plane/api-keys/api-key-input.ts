import { z } from 'zod';

import { parseKeyScope } from '../../data-plane/callers/key-scopes.ts';
import { displayName } from '../validation/input.ts';
import type { ApiKeyKind } from './api-key-format.ts';
import { controlPlaneLimits } from '../limits.ts';

const { maxScopesPerKey, maxKeyRateLimit, maxKeyOverlapSeconds } = controlPlaneLimits;

const scope = z.string().refine((text) => parseKeyScope(text) !== null, {
  error: ({ input }) =>
    `${JSON.stringify(String(input).slice(0, 100))} is not a scope. The scopes are data.read, data.write, schema.read and schema.apply. A data scope can name a model, as in data.read:Issue.`,
});

const publishableScope = scope.refine(
  (text) => parseKeyScope(text)?.scope !== 'schema.apply',
  'A publishable key cannot have the scope schema.apply, because everyone can read the key. Use a secret key.',
);

const noScope = 'A key must have at least one scope.';
const listOf = (item: typeof scope) =>
  z
    .array(z.string(), noScope)
    .min(1, noScope)
    .max(maxScopesPerKey, `A key can have at most ${maxScopesPerKey} scopes.`)
    .pipe(z.array(item))
    .transform((texts) => [...new Set(texts)]);

const scopesOf = { SECRET: listOf(scope), PUBLISHABLE: listOf(publishableScope) } as const;

/** The scopes of a publishable key that is created without scopes. */
const defaultPublishableScopes = ['data.read', 'data.write'];

const rateLimitMessage = `The rate limit must be between 1 and ${maxKeyRateLimit} units per minute.`;
const rateLimitPerMinute = z
  .int(rateLimitMessage)
  .min(1, rateLimitMessage)
  .max(maxKeyRateLimit, rateLimitMessage);

/** The last time that RFC 3339 can represent. */
const endOfTime = new Date('9999-12-31T23:59:59.999Z');

const termsAt = (now: Date) =>
  z.object({
    name: displayName,
    expiresAt: z
      .date('This is not a valid date.')
      .refine((date) => date > now, 'The expiry date must be in the future.')
      .max(endOfTime, 'The expiry date must be before the year 10000.')
      .nullish(),
    rateLimitPerMinute: rateLimitPerMinute.nullish(),
  });

export const createSchema = (now: Date) =>
  z.discriminatedUnion('kind', [
    termsAt(now).extend({ kind: z.literal('SECRET'), scopes: scopesOf.SECRET }),
    termsAt(now).extend({
      kind: z.literal('PUBLISHABLE'),
      scopes: z
        .array(z.string())
        .nullish()
        .transform((given) => given ?? defaultPublishableScopes)
        .pipe(scopesOf.PUBLISHABLE),
    }),
  ]);

/** @param kind of the key to update */
export const updateSchema = (kind: ApiKeyKind) =>
  z.object({
    name: displayName.nullish(),
    scopes: scopesOf[kind].nullish(),
    /** Null removes the limit. Undefined keeps it. */
    rateLimitPerMinute: rateLimitPerMinute.nullish(),
  });

const overlapMessage = `The overlap must be between 0 seconds and 30 days (${maxKeyOverlapSeconds} seconds).`;

export const rotateSchema = z.object({
  overlapSeconds: z
    .int(overlapMessage)
    .min(0, overlapMessage)
    .max(maxKeyOverlapSeconds, overlapMessage),
});

export interface CreateApiKey extends z.input<ReturnType<typeof termsAt>> {
  readonly projectRef: string;
  readonly kind: ApiKeyKind;
  /** Required for a secret key. @default data.read and data.write for a publishable key */
  readonly scopes?: readonly string[] | null | undefined;
}
export type UpdateApiKey = z.input<ReturnType<typeof updateSchema>> & { readonly id: string };
export type RotateApiKey = z.input<typeof rotateSchema> & { readonly id: string };
