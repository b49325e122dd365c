import * as z from 'zod/mini';

/** An optional URL search parameter. Invalid values are ignored. */
export const searchParam = <Schema extends z.ZodMiniType>(schema: Schema) =>
  z.catch(z.optional(schema), undefined);
