import * as z from 'zod/mini';

/** What people call a thing, or themselves; as long as the server takes it. */
export const requiredName = (message: string) =>
  z
    .string()
    .check(z.trim(), z.minLength(1, message), z.maxLength(80, 'Use at most 80 characters.'));
