import * as z from 'zod/mini';

export const email = z.pipe(
  z.string().check(z.trim(), z.minLength(1, 'Enter your email address.')),
  z.email('Enter a valid email address, such as ada@example.org.'),
);
