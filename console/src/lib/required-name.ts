import * as z from 'zod/mini';

/** A required name for a person or a resource, with the server's maximum length. */
export const requiredName = (message: string) =>
  z
    .string()
    .check(z.trim(), z.minLength(1, message), z.maxLength(80, 'Use at most 80 characters.'));
