import * as z from 'zod/mini';

/**
 * Keeps zod from trying whether it may compile its checks: the content security policy refuses `eval`, and a
 * refused try is a violation, too. To be imported before any schema is made.
 */
z.config({ jitless: true });
