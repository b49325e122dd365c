import { z } from 'zod';

import { parseKeyScope } from '../../data-plane/callers/key-scopes.ts';
import { displayName } from '../validation/input.ts';
import { controlPlaneLimits } from '../limits.ts';

const { maxScopesPerKey, maxKeyRateLimit, maxKeyOverlapSeconds } = controlPlaneLimits;

const scope = z
  .string()
  .refine(
    (text) => parseKeyScope(text) !== null,
    'This is no scope. There are data.read, data.write, schema.read and schema.apply; the data scopes take a model: data.read:Issue.',
  );

const scopes = z
  .array(z.string())
  .min(1, 'A key needs at least one scope.')
  .max(maxScopesPerKey, `A key takes at most ${maxScopesPerKey} scopes.`)
  .pipe(z.array(scope))
  .transform((texts) => [...new Set(texts)]);

const rateLimitMessage = `A rate limit is from 1 to ${maxKeyRateLimit} requests per minute.`;
const rateLimitPerMinute = z
  .int(rateLimitMessage)
  .min(1, rateLimitMessage)
  .max(maxKeyRateLimit, rateLimitMessage);

/** The last moment that RFC 3339, and with it the API, can write. */
const endOfTime = new Date('9999-12-31T23:59:59.999Z');

export const createSchema = (now: Date) =>
  z.object({
    name: displayName,
    kind: z.literal('SECRET', 'Publishable keys come with row rules. Make a SECRET key.'),
    scopes,
    expiresAt: z
      .date('This is not a date.')
      .refine((date) => date > now, 'A key expires in the future.')
      .max(endOfTime, 'This is too far away.')
      .nullish(),
    rateLimitPerMinute: rateLimitPerMinute.nullish(),
  });

export const updateSchema = z.object({
  name: displayName.nullish(),
  scopes: scopes.nullish(),
  /** Null takes the limit away; left out, it stays. */
  rateLimitPerMinute: rateLimitPerMinute.nullish(),
});

const overlapMessage = `The overlap is from 0 seconds to 30 days (${maxKeyOverlapSeconds} seconds).`;

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
