import { builder } from './builder.ts';

/** `{ ok: true }`, for mutations that have nothing else to show. */
export const okSuccess = (name: string) =>
  builder.objectRef<{ ok: true }>(name).implement({
    authScopes: { viaParent: true },
    fields: (t) => ({ ok: t.exposeBoolean('ok') }),
  });
