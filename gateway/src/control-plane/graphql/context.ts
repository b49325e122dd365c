import type { Principal, UserViewer } from '../access/viewer.ts';
import type { RequestAccess } from '../access/access.service.ts';
import type { Db } from '../../platform/db/database.ts';

/**
 * The services that resolvers can use. Each feature adds its service by declaration merging, so that `graphql/` does
 * not import the features.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- features merge their services into it
export interface Services {}

/** The request's cookies, and the cookies that the response sets. */
export interface CookieJar {
  get(name: string): string | null;
  set(cookie: ResponseCookie): void;
}

export interface ResponseCookie {
  readonly name: string;
  readonly value: string;
  /** The lifetime in seconds. 0 deletes the cookie. */
  readonly maxAge: number;
  readonly path: string;
  /** Whether the cookie is sent only over https. */
  readonly secure: boolean;
}

export interface Context extends Principal {
  readonly access: RequestAccess;
  readonly services: Services;
  readonly db: Db;
  readonly cookies: CookieJar;
  /**
   * Sets the viewer for the rest of the request, so that the response to `register` and `login` can include the user's
   * own account.
   */
  signedIn(viewer: UserViewer): void;
}
