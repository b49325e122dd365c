import * as z from 'zod/mini';

/** A required name of a person or a resource, with the maximum length of the server. */
export const requiredName = (message: string) =>
  z
    .string()
    .check(z.trim(), z.minLength(1, message), z.maxLength(80, 'Use at most 80 characters.'));
