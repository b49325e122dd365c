import type { User } from '#prisma';
import type { Caller } from '../access/caller.ts';
import type { IssuedSession } from '../sessions/sessions.service.ts';
import type { UsersDependencies } from './dependencies.ts';
import { createEmailVerification } from './email-verification.ts';
import { createPasswordChange, type PasswordChange } from './password-change.ts';
import {
  createPasswordReset,
  type PasswordResetInput,
  type ResetRequest,
} from './password-reset.ts';
import { createProfileUpdate, type ProfileUpdate } from './profile-update.ts';
import { createRegistration, type Registration } from './registration.ts';

export interface UsersService {
  /** @throws ValidationError, EmailTakenError, RequestError `RATE_LIMITED` or `OVERLOADED` */
  register(caller: Caller, input: Registration): Promise<IssuedSession>;
  /** Changes the caller's name. @throws ValidationError */
  updateProfile(caller: Caller, input: ProfileUpdate): Promise<User>;
  /**
   * Changes the caller's password and ends all of their sessions but this one.
   * @throws ValidationError, InvalidCredentialsError, RequestError `RATE_LIMITED` or `OVERLOADED`
   */
  changePassword(caller: Caller, input: PasswordChange): Promise<void>;
  /**
   * Has a link mailed to the address if it has an account; never tells whether it has.
   * @throws ValidationError, RequestError `RATE_LIMITED`
   */
  requestPasswordReset(caller: Caller, input: ResetRequest): Promise<void>;
  /**
   * Sets a new password by a mailed link, once, and ends all sessions of its user.
   * @throws ValidationError, InvalidTokenError, RequestError `RATE_LIMITED` or `OVERLOADED`
   */
  resetPassword(caller: Caller, input: PasswordResetInput): Promise<void>;
  /** Marks the address that a link was mailed to as its user's, once. @throws InvalidTokenError */
  verifyEmail(caller: Caller, input: { readonly token: string }): Promise<void>;
  /** @throws RequestError `RATE_LIMITED` */
  resendEmailVerification(caller: Caller): Promise<void>;
}

export function createUsersService(dependencies: UsersDependencies): UsersService {
  return {
    register: createRegistration(dependencies),
    updateProfile: createProfileUpdate(dependencies),
    changePassword: createPasswordChange(dependencies),
    ...createPasswordReset(dependencies),
    ...createEmailVerification(dependencies),
  };
}
