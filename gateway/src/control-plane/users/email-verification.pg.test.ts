import { beforeAll, describe, expect, it } from 'vitest';

import { anonymousCaller } from '../../../test/callers.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { outcome } from '../../../test/outcome.ts';
import {
  createTestClock,
  registerSomebody,
  startSignIn,
  tokenIn,
  type SignInInstance,
} from '../../../test/sign-in-kit.ts';

const hour = 60 * 60_000;
const database = useTestDatabase();
const clock = createTestClock();
let gateway: SignInInstance;

beforeAll(async () => {
  gateway = await startSignIn(database, { clock });
});

const verify = (token: string) => gateway.users.verifyEmail(anonymousCaller, { token });
const verifiedAt = async (id: string) => {
  const user = await database.prisma.user.findUniqueOrThrow({ where: { id } });
  return user.emailVerifiedAt;
};

async function withLink() {
  const user = await registerSomebody(gateway);
  const [mail] = await gateway.deliverMail();
  return { ...user, token: tokenIn(mail), mail };
}

describe('verifying an address', () => {
  it('succeeds once with the token from the mailed link', async () => {
    const { token, mail, userId } = await withLink();
    expect(mail?.text).toContain(`https://tessera.example.org/verify-email#token=${token}\n`);

    await verify(token);

    expect(await verifiedAt(userId)).toEqual(clock());
    expect(await outcome(verify(token))).toBe('INVALID_TOKEN');
    const where = { action: 'user.verifyEmail', targetId: userId };
    expect(await database.prisma.auditEntry.count({ where })).toBe(1);
  });

  it('succeeds for only one of several concurrent requests', async () => {
    const { token, userId } = await withLink();
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => outcome(verify(token))));
    expect(outcomes.sort()).toEqual([...Array<string>(7).fill('INVALID_TOKEN'), 'done']);
    const where = { action: 'user.verifyEmail', targetId: userId };
    expect(await database.prisma.auditEntry.count({ where })).toBe(1);
  });

  it('fails after three days', async () => {
    const { token, userId } = await withLink();
    clock.advance(72 * hour);
    expect(await outcome(verify(token))).toBe('INVALID_TOKEN');
    expect(await verifiedAt(userId)).toBeNull();
  });

  it('does not verify an address that was changed after the mail was sent', async () => {
    const { token, userId } = await withLink();
    await database.prisma.user.update({
      where: { id: userId },
      data: { email: 'moved@example.org' },
    });
    await outcome(verify(token));
    expect(await verifiedAt(userId)).toBeNull();
  });

  it.each([[''], ['A'.repeat(43)], ['\0'], ['\ud83e']])('rejects %j', async (token) => {
    expect(await outcome(verify(token))).toBe('INVALID_TOKEN');
  });
});

describe('requesting the link again', () => {
  it('mails another link, and both links work', async () => {
    const user = await withLink();
    await gateway.users.resendEmailVerification(user.caller);
    const [mail] = await gateway.deliverMail();
    const token = tokenIn(mail);
    expect(token).not.toBe(user.token);

    await verify(token);
    const first = await verifiedAt(user.userId);
    clock.advance(1_000);
    // The older link still works, but there is nothing left to change.
    expect(await outcome(verify(user.token))).toBe('done');
    expect(await verifiedAt(user.userId)).toEqual(first);
  });

  it('mails nothing if the address is already verified', async () => {
    const user = await withLink();
    await verify(user.token);
    await gateway.users.resendEmailVerification(user.caller);
    expect(await gateway.deliverMail()).toEqual([]);
  });

  it('is limited to five requests per hour, and requires a signed-in user', async () => {
    const { caller } = await withLink();
    const resend = () => outcome(gateway.users.resendEmailVerification(caller));
    for (let turn = 0; turn < 5; turn += 1) expect(await resend()).toBe('done');
    expect(await resend()).toBe('RATE_LIMITED');
    clock.advance(hour);
    expect(await resend()).toBe('done');
    expect(await outcome(gateway.users.resendEmailVerification(anonymousCaller))).toBe(
      'UNAUTHENTICATED',
    );
  });
});
