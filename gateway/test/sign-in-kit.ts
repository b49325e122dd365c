import { pino } from 'pino';
import { afterAll } from 'vitest';

import { createAuditService } from '../src/control-plane/audit/audit.service.ts';
import type { AccountPolicy } from '../src/control-plane/account-policy.ts';
import { createInvitationsService } from '../src/control-plane/invitations/invitations.service.ts';
import {
  createSessionsService,
  type SessionsService,
} from '../src/control-plane/sessions/sessions.service.ts';
import { createUserMailTasks, type UserMails } from '../src/control-plane/users/user-mails.ts';
import { createUsersService, type UsersService } from '../src/control-plane/users/users.service.ts';
import { createFieldLimits, type RateLimiter } from '../src/control-plane/graphql/field-limits.ts';
import type { Principal } from '../src/control-plane/access/viewer.ts';
import { createAccessTokens } from '../src/control-plane/sessions/access-tokens.ts';
import { createPasswordHasher } from '../src/platform/crypto/password-hasher.ts';
import { createDatabase } from '../src/platform/db/database.ts';
import type { MailMessage } from '../src/platform/mail/mail-message.ts';
import { createPubSub } from '../src/platform/pubsub/pubsub.ts';
import { createMemorySlidingLog } from '../src/platform/rate-limit/sliding-log.ts';
import { anonymousCaller } from './callers.ts';
import type { TestDatabase } from './database.ts';
import { captureFieldCall } from './field-call.ts';

const key = new Uint8Array(32).fill(7);
const silent = pino({ level: 'silent' });

/** The lowest cost that bcrypt supports, to keep tests fast. */
export const testBcryptCost = 4;
export const goodPassword = 'a good long password';

/** A clock that only advances when `advance` is called. */
export interface TestClock {
  (): Date;
  advance(milliseconds: number): void;
}

export function createTestClock(start = new Date('2030-01-01T00:00:00Z')): TestClock {
  let now = start.getTime();
  return Object.assign(() => new Date(now), {
    advance: (milliseconds: number) => void (now += milliseconds),
  });
}

/** One gateway's sign-in services. They have their own connections and counters. */
export interface SignInInstance {
  readonly sessions: ReturnType<typeof limitedSessions>;
  readonly users: ReturnType<typeof limitedUsers>;
  /** Runs the queued mail tasks and returns the emails that were sent. */
  deliverMail(): Promise<readonly MailMessage[]>;
}

export interface SignInOptions {
  readonly clock: TestClock;
  readonly bcryptCost?: number;
  readonly signInLimitPerMinute?: number;
  readonly registerLimitPerMinute?: number;
  /** @default open, and verification is optional */
  readonly accountPolicy?: Partial<AccountPolicy>;
}

/** Starts an instance with the file's database. It is closed at the end of the file. */
export async function startSignIn(
  database: TestDatabase,
  options: SignInOptions,
): Promise<SignInInstance> {
  const { clock } = options;
  const connections = createDatabase({
    connectionString: database.url,
    poolSize: 10,
    applicationName: 'tessera tests',
    logger: silent,
  });
  const db = connections.prisma;
  const audit = createAuditService({ db });
  const accountPolicy: AccountPolicy = {
    registration: 'open',
    emailVerification: 'optional',
    ...options.accountPolicy,
  };
  const invitations = createInvitationsService({
    db,
    audit,
    clock,
    publicUrl: 'https://tessera.example',
    enqueueMail: () => Promise.resolve(),
  });
  const pubsub = createPubSub({ connectionString: database.url, logger: silent });
  const limits = createFieldLimits({ log: createMemorySlidingLog(), clock });
  const limiter = limits.of(captureFieldCall());
  const passwords = createPasswordHasher({
    pepper: key,
    cost: options.bcryptCost ?? testBcryptCost,
  });
  const accessTokens = createAccessTokens({ key, issuer: 'tests', audience: 'tests', clock });
  const sessions = createSessionsService({
    db,
    audit,
    passwords,
    accessTokens,
    pubsub,
    clock,
    refreshTokenKey: key,
    signInLimitPerMinute: options.signInLimitPerMinute ?? 1_000,
    emailVerification: accountPolicy.emailVerification,
  });
  const mail = createMailQueue(database, options);
  const users = createUsersService({
    db,
    audit,
    passwords,
    sessions,
    mails: mail.queue,
    clock,
    registerLimitPerMinute: options.registerLimitPerMinute ?? 1_000,
    accountPolicy,
    invitationTokenPath: (...call) => invitations.tokenPath(...call),
  });
  await pubsub.start();
  onEnd.push(async () => {
    sessions.close();
    await pubsub.close();
    await connections.close();
  });
  return {
    sessions: limitedSessions(sessions, limiter),
    users: limitedUsers(users, limiter),
    deliverMail: mail.deliver,
  };
}

/** Passes a rate limiter to the services, as the resolvers do. */
const limitedSessions = (sessions: SessionsService, limiter: RateLimiter) => ({
  ...sessions,
  login: (...[caller, input]: Two<SessionsService['login']>) =>
    sessions.login(caller, input, limiter),
  refresh: (...[caller, token]: Two<SessionsService['refresh']>) =>
    sessions.refresh(caller, token, limiter),
});

const limitedUsers = (users: UsersService, limiter: RateLimiter) => ({
  ...users,
  register: (...[caller, input]: Two<UsersService['register']>) =>
    users.register(caller, input, limiter),
  changePassword: (...[caller, input]: Two<UsersService['changePassword']>) =>
    users.changePassword(caller, input, limiter),
  requestPasswordReset: (...[caller, input]: Two<UsersService['requestPasswordReset']>) =>
    users.requestPasswordReset(caller, input, limiter),
  resetPassword: (...[caller, input]: Two<UsersService['resetPassword']>) =>
    users.resetPassword(caller, input, limiter),
  verifyEmail: (...[caller, input]: Two<UsersService['verifyEmail']>) =>
    users.verifyEmail(caller, input, limiter),
  resendEmailVerification: (caller: Principal) => users.resendEmailVerification(caller, limiter),
  resendEmailVerificationTo: (...[caller, input]: Two<UsersService['resendEmailVerificationTo']>) =>
    users.resendEmailVerificationTo(caller, input, limiter),
});

/** The parameters that precede the limiter. */
type Two<Method extends (caller: Principal, input: never, limiter: RateLimiter) => unknown> =
  Parameters<Method> extends [infer First, infer Second, RateLimiter] ? [First, Second] : never;

const onEnd: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(onEnd.splice(0).map((end) => end())));

/** Runs the real mail tasks with an in-memory queue. Payloads are serialized to JSON, as in the real queue. */
function createMailQueue(database: TestDatabase, { clock }: SignInOptions) {
  const sent: MailMessage[] = [];
  const tasks = createUserMailTasks({
    db: database.prisma,
    audit: createAuditService({ db: database.prisma }),
    mailer: {
      send: (message) => Promise.resolve(void sent.push(message)),
      close: () => Promise.resolve(),
    },
    publicUrl: 'https://tessera.example.org',
    clock,
  });
  const queued: (() => Promise<void>)[] = [];
  const enqueue = <Payload>(run: (payload: Payload) => Promise<void>, payload: Payload) => {
    const text = JSON.stringify(payload);
    // The payload has the same type after the JSON round trip.
    queued.push(() => run(JSON.parse(text) as Payload));
    return Promise.resolve();
  };
  const queue: UserMails = {
    emailVerification: (_tx, mail) =>
      enqueue((payload: typeof mail) => tasks.emailVerification(payload), mail),
    registration: (_tx, mail) =>
      enqueue((payload: typeof mail) => tasks.registration(payload), mail),
    passwordReset: (_tx, mail) =>
      enqueue((payload: typeof mail) => tasks.passwordReset(payload), mail),
    passwordChanged: (_tx, mail) =>
      enqueue((payload: typeof mail) => tasks.passwordChanged(payload), mail),
  };
  const deliver = async () => {
    for (const run of queued.splice(0)) await run();
    return sent.splice(0);
  };
  return { queue, deliver };
}

/** Returns the token from the link in an email. */
export function tokenIn(mail: MailMessage | undefined): string {
  const token = /#token=([\w-]{43})/.exec(mail?.text ?? '')?.[1];
  if (token === undefined) throw new Error('The mail has no link with a token.');
  return token;
}

let registered = 0;

/** Registers a new account and returns it with its first session. */
export async function registerSomebody({ users }: SignInInstance, password = goodPassword) {
  registered += 1;
  const email = `user-${registered}@example.org`;
  const issued = await users.register(anonymousCaller, { name: 'Somebody', email, password });
  const caller: Principal = { ...anonymousCaller, viewer: issued.viewer };
  return { ...issued, email, password, caller, userId: issued.viewer.userId };
}
