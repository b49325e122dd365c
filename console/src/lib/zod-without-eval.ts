import * as z from 'zod/mini';

/**
 * Disables zod's compiler, which tests whether `eval` is allowed: the content security policy blocks `eval` and reports
 * the attempt as a violation. Import this module before creating any schema.
 */
z.config({ jitless: true });
