import type { User } from '#prisma';
import type { Principal } from '../access/viewer.ts';
import type { RateLimiter } from '../graphql/field-limits.ts';
import type { IssuedSession } from '../sessions/sessions.service.ts';
import type { UsersDependencies } from './dependencies.ts';
import {
  createEmailVerification,
  createProfileUpdate,
  type ProfileUpdate,
  type ResendRequest,
} from './accounts.ts';
import { createRegistration, type Registration } from './registration.ts';
import {
  createPasswordChange,
  type PasswordChange,
  createPasswordReset,
  type PasswordResetInput,
  type ResetRequest,
} from './passwords.ts';

export interface UsersService {
  /**
   * Creates an account and signs the user in.
   * @throws EmailNotVerifiedError if the address must be verified first: the account was created, or existed before
   * @throws ValidationError, EmailTakenError, RegistrationClosedError, InvalidTokenError
   * @throws RequestError `RATE_LIMITED` or `OVERLOADED`
   */
  register(caller: Principal, input: Registration, limiter: RateLimiter): Promise<IssuedSession>;
  /** Changes the caller's name. @throws ValidationError */
  updateProfile(caller: Principal, input: ProfileUpdate): Promise<User>;
  /**
   * Changes the caller's password and ends all of their sessions except the current one.
   * @throws ValidationError, InvalidCredentialsError, RequestError `RATE_LIMITED` or `OVERLOADED`
   */
  changePassword(caller: Principal, input: PasswordChange, limiter: RateLimiter): Promise<void>;
  /**
   * Queues an email with a reset link if the address has an account. Does not reveal whether it has one.
   * @throws ValidationError, RequestError `RATE_LIMITED`
   */
  requestPasswordReset(caller: Principal, input: ResetRequest, limiter: RateLimiter): Promise<void>;
  /**
   * Sets a new password with the token from a mailed link, which can be used once. Ends all of the user's sessions.
   * @throws ValidationError, InvalidTokenError, RequestError `RATE_LIMITED` or `OVERLOADED`
   */
  resetPassword(caller: Principal, input: PasswordResetInput, limiter: RateLimiter): Promise<void>;
  /**
   * Verifies an email address with the token from a mailed link, which can be used once.
   * @throws InvalidTokenError, RequestError `RATE_LIMITED`
   */
  verifyEmail(
    caller: Principal,
    input: { readonly token: string },
    limiter: RateLimiter,
  ): Promise<void>;
  /**
   * Queues another email with a verification link, which is sent only if the caller's address is not verified yet.
   * @throws RequestError `RATE_LIMITED`
   */
  resendEmailVerification(caller: Principal, limiter: RateLimiter): Promise<void>;
  /**
   * Queues another email with a verification link, which is sent only if the address has an account that is not
   * verified yet. Does not reveal whether it has one.
   * @throws ValidationError, RequestError `RATE_LIMITED`
   */
  resendEmailVerificationTo(
    caller: Principal,
    input: ResendRequest,
    limiter: RateLimiter,
  ): Promise<void>;
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
