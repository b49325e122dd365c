import { z } from 'zod';

export const email = z
  .string()
  .trim()
  .min(1, 'Enter your email address.')
  .pipe(z.email('This is not an email address. One looks like ada@example.org.'));
