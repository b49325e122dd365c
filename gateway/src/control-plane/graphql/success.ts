import { builder } from './builder.ts';

/** The payload `{ ok: true }`, for mutations that return no data. */
export const okSuccess = (name: string) =>
  builder.objectRef<{ ok: true }>(name).implement({
    authScopes: { viaParent: true },
    fields: (t) => ({ ok: t.exposeBoolean('ok') }),
  });
