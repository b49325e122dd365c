import type { ApiAccess, Subject } from '../../engine/runtime.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { whenReady } from '../../platform/when-ready.ts';
import { projectErrors } from '../errors.ts';
import { isProjectRef } from '../projects/project-ref.ts';
import type { CurrentSettings } from './current-settings.ts';
import type { UserTokens } from './user-tokens.ts';

/** A caller of a project's API, with its access. */
export type Caller = KeyCaller | MemberCaller;

/** An API key, which is valid for one project. */
export interface KeyCaller {
  readonly kind: 'apiKey';
  readonly keyId: string;
  /** Everyone can read a publishable key, so that access rules apply to all of its callers. */
  readonly keyKind: 'SECRET' | 'PUBLISHABLE';
  /** Null if no limit is set for the key. */
  readonly rateLimitPerMinute: number | null;
  readonly projectId: string;
  readonly projectRef: string;
  /** What the key's scopes permit. The access rules of `subject` are not a part of it, because they need the model. */
  readonly access: ApiAccess;
  /** The caller to whom the project's access rules apply. Null for a server. */
  readonly subject: Subject | null;
}

/** A member of the project's organization, authenticated by an access token. */
export interface MemberCaller {
  readonly kind: 'member';
  readonly projectId: string;
  readonly projectRef: string;
  readonly access: ApiAccess;
  /** The caller as whom the member views the project. Null if the member sees all rows. */
  readonly subject: Subject | null;
}

/** The owner of a valid access token, before memberships are looked up. */
export interface ConsoleUser {
  readonly kind: 'user';
  readonly userId: string;
  readonly sessionId: string;
  readonly email: string;
}

/** The caller as whom a member views a project. */
export type ViewedCaller =
  | { readonly kind: 'PUBLIC' }
  /** The id is the value of the primary key of the `@user` model. */
  | { readonly kind: 'USER'; readonly id: string };

/** A request of a member who views a project as another caller. */
export interface ViewRequest {
  readonly as: ViewedCaller;
  readonly requestId: string;
  readonly ipAddress: string;
  readonly userAgent: string | null;
}

/** The owner of a valid credential, before access to the project is checked. */
export type CredentialOwner = KeyCaller | ConsoleUser;

/** Verifies credentials. Each function returns null for an invalid credential. */
export interface CredentialVerifier {
  /** Verifies an API key. Synchronous if the key is cached. @throws RequestError `OVERLOADED` */
  readonly verifyKey: (text: string) => KeyCaller | null | Promise<KeyCaller | null>;
  readonly verifyAccessToken: (token: string) => Promise<ConsoleUser | null>;
}

/** Gives the data plane access to keys, sessions and memberships, which the control plane stores. */
export interface CallerDirectory extends CredentialVerifier {
  /**
   * Finds the user among the members of the project's organization. Returns null if the user is not a member, or if the
   * project does not exist.
   * @throws RequestError `OVERLOADED`
   */
  readonly findMember: (userId: string, ref: string) => Promise<MemberCaller | null>;
  /**
   * Like `findMember`, for a member who views the project as another caller. Records it in the audit log. The result can
   * only read.
   * @throws RequestError `FORBIDDEN` if the member's role does not permit it, or `OVERLOADED`
   */
  readonly viewAs: (
    user: ConsoleUser,
    ref: string,
    view: ViewRequest,
  ) => Promise<MemberCaller | null>;
}

export interface Callers extends CredentialVerifier {
  /**
   * Admits a credential's owner to the project with this ref. Synchronous for an API key.
   * @param view for a member who views the project as another caller
   * @throws RequestError `NOT_FOUND` if the project does not exist or the owner has no access to it, `FORBIDDEN` or
   * `OVERLOADED`
   */
  admit(owner: CredentialOwner, ref: string, view?: ViewRequest | null): Caller | Promise<Caller>;
  /**
   * Verifies the token of one of the project's users, and returns a caller with the key's scopes to whom the access
   * rules apply as to this user. Synchronous if the token is cached.
   * @param beforeCheck called before a token is verified that is not cached
   * @throws RequestError `UNAUTHENTICATED` if the token is not valid for the key's project, `NOT_FOUND`, `OVERLOADED`,
   * and the errors of `beforeCheck`
   */
  withUser(
    key: KeyCaller,
    token: string,
    beforeCheck?: () => void | Promise<void>,
  ): KeyCaller | Promise<KeyCaller>;
}

export interface CallersDependencies {
  readonly directory: CallerDirectory;
  readonly settings: Pick<CurrentSettings, 'get'>;
  readonly userTokens: UserTokens;
}

export function createCallers({ directory, settings, userTokens }: CallersDependencies): Callers {
  const { verifyKey, verifyAccessToken } = directory;

  const admitUser = async (
    user: ConsoleUser,
    ref: string,
    view: ViewRequest | null,
  ): Promise<Caller> => {
    if (!isProjectRef(ref)) throw projectErrors.notFound();
    const member =
      view === null
        ? await directory.findMember(user.userId, ref)
        : await directory.viewAs(user, ref, view);
    if (member === null) throw projectErrors.notFound();
    return member;
  };

  return {
    verifyKey,
    verifyAccessToken,
    admit(owner, ref, view = null) {
      switch (owner.kind) {
        case 'apiKey':
          if (owner.projectRef !== ref) throw projectErrors.notFound();
          return owner;
        case 'user':
          return admitUser(owner, ref, view);
        default:
          return assertNever(owner);
      }
    },
    withUser(key, token, beforeCheck) {
      const ref = key.projectRef;
      return whenReady(settings.get(ref), (current) => {
        if (current === null) throw projectErrors.notFound();
        const subject = userTokens.verify(token, { ref, settings: current }, beforeCheck);
        return whenReady(subject, (known): KeyCaller => ({ ...key, subject: known }));
      });
    },
  };
}

/** A signed-out caller, to whom only the rules for everyone apply. */
export function signedOut(): Subject {
  return { audience: 'PUBLIC', user: null, claims: {}, verifiedEmail: null };
}

/** The caller as whom a member views a project. A token's claims and address are not known, so they are missing. */
export function viewedSubject(as: ViewedCaller): Subject {
  switch (as.kind) {
    case 'PUBLIC':
      return signedOut();
    case 'USER':
      return { ...signedOut(), audience: 'USER', user: { field: null, value: as.id } };
    default:
      return assertNever(as);
  }
}
