import type { Context, Services } from '../control-plane/graphql/context.ts';
import { createRequestAccess } from '../control-plane/access/access.service.ts';
import type { UserViewer, Viewer } from '../control-plane/access/viewer.ts';
import type { Db } from '../platform/db/database.ts';
import { createCookieJar } from './cookies.ts';
import type { RequestScope } from './request-scope.ts';

/** Creates the context that is passed to the management API's resolvers for one request. */
export function createRequestContext(
  { db, services }: { readonly db: Db; readonly services: Services },
  scope: RequestScope,
  viewer: Viewer,
): Context {
  let current = viewer;
  return {
    get viewer() {
      return current;
    },
    requestId: scope.requestId,
    get ipAddress() {
      return scope.ipAddress;
    },
    get userAgent() {
      return scope.userAgent;
    },
    access: createRequestAccess(db, () => current),
    services,
    db,
    cookies: createCookieJar(scope),
    signedIn(user: UserViewer) {
      current = user;
    },
  };
}
