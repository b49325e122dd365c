import type { Principal, UserViewer } from '../access/viewer.ts';
import type { RequestAccess } from '../access/access.service.ts';
import type { Db } from '../../platform/db/database.ts';

/**
 * What resolvers reach besides their arguments. Each feature of the control plane adds its service by
 * declaration merging, so that `graphql/` imports none of them.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- features merge into it
export interface Services {}

/** Cookies that came in, and those that the answer will set. */
export interface CookieJar {
  get(name: string): string | null;
  set(cookie: ResponseCookie): void;
}

export interface ResponseCookie {
  readonly name: string;
  readonly value: string;
  /** Seconds; 0 deletes. */
  readonly maxAge: number;
  readonly path: string;
  /** For https alone. */
  readonly secure: boolean;
}

export interface Context extends Principal {
  readonly access: RequestAccess;
  readonly services: Services;
  readonly db: Db;
  readonly cookies: CookieJar;
  /**
   * Lets the rest of the request go on as the user who has just proved who they are, so that the
   * answer to `register` and `login` can show their own account.
   */
  signedIn(viewer: UserViewer): void;
}
