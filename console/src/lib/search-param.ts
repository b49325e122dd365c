import * as z from 'zod/mini';

/** A parameter of an address's search that may be left out; nonsense is as if it were not there. */
export const searchParam = <Schema extends z.ZodMiniType>(schema: Schema) =>
  z.catch(z.optional(schema), undefined);
