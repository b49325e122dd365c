import type { ApiAccess } from '../../engine/runtime.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { projectErrors } from '../errors.ts';
import { isProjectRef } from '../projects/project-ref.ts';

/** Who calls a project's API, and what they may use of it. */
export type Caller = KeyCaller | MemberCaller;

/** A server with a secret key, which is valid for one project. */
export interface KeyCaller {
  readonly kind: 'apiKey';
  readonly keyId: string;
  /** Null where the key has no limit of its own. */
  readonly rateLimitPerMinute: number | null;
  readonly projectId: string;
  readonly projectRef: string;
  readonly access: ApiAccess;
}

/** A member of the project's organization, signed in to the console. */
export interface MemberCaller {
  readonly kind: 'member';
  readonly projectId: string;
  readonly projectRef: string;
  readonly access: ApiAccess;
}

/** The owner of a valid access token, whose memberships are not looked up yet. */
export interface ConsoleUser {
  readonly kind: 'user';
  readonly userId: string;
}

/** Whom a valid credential identifies, before the called project is considered. */
export type CredentialOwner = KeyCaller | ConsoleUser;

/** Verifies credentials. Null for each that is not valid. */
export interface CredentialVerifier {
  /** At once for a key that is cached. @throws RequestError `OVERLOADED` */
  readonly verifyKey: (text: string) => KeyCaller | null | Promise<KeyCaller | null>;
  readonly verifyAccessToken: (token: string) => Promise<ConsoleUser | null>;
}

/** Port: the keys, sessions and memberships, which the control plane keeps. */
export interface CallerDirectory extends CredentialVerifier {
  /**
   * Null for a user who is not a member of the project's organization, and where there is no such project.
   * @throws RequestError `OVERLOADED`
   */
  readonly findMember: (userId: string, ref: string) => Promise<MemberCaller | null>;
}

export interface Callers extends CredentialVerifier {
  /**
   * Admits the owner of a credential to the project with this ref. At once for a key.
   * @throws RequestError `NOT_FOUND` where there is no such project or the owner has no access to it, `OVERLOADED`
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
