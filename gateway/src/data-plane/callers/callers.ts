import type { ApiAccess, Subject } from '../../engine/runtime.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { projectErrors } from '../errors.ts';
import { isProjectRef } from '../projects/project-ref.ts';

/** A caller of a project's API, with its access. */
export type Caller = KeyCaller | MemberCaller;

/** An API key, which is valid for one project. */
export interface KeyCaller {
  readonly kind: 'apiKey';
  readonly keyId: string;
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
}

export interface Callers extends CredentialVerifier {
  /**
   * Admits a credential's owner to the project with this ref. Synchronous for an API key.
   * @throws RequestError `NOT_FOUND` if the project does not exist or the owner has no access to it, `OVERLOADED`
   */
  admit(owner: CredentialOwner, ref: string): Caller | Promise<Caller>;
}

export function createCallers(directory: CallerDirectory): Callers {
  const { verifyKey, verifyAccessToken } = directory;

  const admitUser = async (userId: string, ref: string): Promise<Caller> => {
    const member = isProjectRef(ref) ? await directory.findMember(userId, ref) : null;
    if (member === null) throw projectErrors.notFound();
    return member;
  };

  return {
    verifyKey,
    verifyAccessToken,
    admit(owner, ref) {
      switch (owner.kind) {
        case 'apiKey':
          if (owner.projectRef !== ref) throw projectErrors.notFound();
          return owner;
        case 'user':
          return admitUser(owner.userId, ref);
        default:
          return assertNever(owner);
      }
    },
  };
}
