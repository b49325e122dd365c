import { z } from 'zod';

import { parseKeyScope } from '../../data-plane/callers/key-scopes.ts';
import { displayName } from '../validation/input.ts';
import { controlPlaneLimits } from '../limits.ts';

const { maxScopesPerKey, maxKeyRateLimit, maxKeyOverlapSeconds } = controlPlaneLimits;

const scope = z.string().refine((text) => parseKeyScope(text) !== null, {
  error: ({ input }) =>
    `${JSON.stringify(String(input).slice(0, 100))} is not a scope. The scopes are data.read, data.write, schema.read and schema.apply. A data scope can name a model, as in data.read:Issue.`,
});

const scopes = z
  .array(z.string())
  .min(1, 'A key must have at least one scope.')
  .max(maxScopesPerKey, `A key can have at most ${maxScopesPerKey} scopes.`)
  .pipe(z.array(scope))
  .transform((texts) => [...new Set(texts)]);

const rateLimitMessage = `The rate limit must be between 1 and ${maxKeyRateLimit} units per minute.`;
const rateLimitPerMinute = z
  .int(rateLimitMessage)
  .min(1, rateLimitMessage)
  .max(maxKeyRateLimit, rateLimitMessage);

/** The last time that RFC 3339 can represent. */
const endOfTime = new Date('9999-12-31T23:59:59.999Z');

export const createSchema = (now: Date) =>
  z.object({
    name: displayName,
    kind: z.literal('SECRET', 'Publishable keys are not available yet. Create a SECRET key.'),
    scopes,
    expiresAt: z
      .date('This is not a valid date.')
      .refine((date) => date > now, 'The expiry date must be in the future.')
      .max(endOfTime, 'The expiry date must be before the year 10000.')
      .nullish(),
    rateLimitPerMinute: rateLimitPerMinute.nullish(),
  });

export const updateSchema = z.object({
  name: displayName.nullish(),
  scopes: scopes.nullish(),
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

type CreateFields = z.input<ReturnType<typeof createSchema>>;

export interface CreateApiKey extends Omit<CreateFields, 'kind'> {
  readonly projectRef: string;
  readonly kind: 'SECRET' | 'PUBLISHABLE';
}
export type UpdateApiKey = z.input<typeof updateSchema> & { readonly id: string };
export type RotateApiKey = z.input<typeof rotateSchema> & { readonly id: string };
