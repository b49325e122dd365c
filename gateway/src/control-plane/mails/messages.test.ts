import { describe, expect, it } from 'vitest';
import {
  accountExistsMail,
  emailVerificationMail,
  invitationMail,
  passwordChangedMail,
  passwordResetMail,
} from './messages.ts';

const link = 'https://console.example.org/x#token=abc&b=1';

const invitation = (names: { organizationName?: string; inviterName?: string } = {}) =>
  invitationMail({
    organizationName: 'Analytical Engines',
    inviterName: 'Ada Lovelace',
    role: 'a developer',
    link,
    validDays: 7,
    ...names,
  });

describe('a mail', () => {
  it('explains what happened and what to do', () => {
    expect(passwordResetMail({ name: 'Ada', link, validMinutes: 60 }).text).toBe(
      `Hello Ada,

Someone, probably you, requested a password reset for your Tessera account.

Choose a new password:
${link}

The link can be used once and expires in 60 minutes.

If you did not request this, you can ignore this email. Your password will not change.
`,
    );
  });

  it('tells the owner of an account that it was used to register again', () => {
    const { subject, text } = accountExistsMail({
      name: 'Ada',
      signInLink: 'https://x.org/sign-in',
      resetLink: 'https://x.org/forgot-password',
    });
    expect(subject).toBe('You already have an account');
    expect(text).toBe(
      `Hello Ada,

Someone, probably you, tried to create a Tessera account with this email address. You already have an account, so no new account was created.

Sign in:
https://x.org/sign-in

If you have forgotten your password, you can choose a new one at https://x.org/forgot-password.

If you did not do this, you can ignore this email. Your account has not changed.
`,
    );
  });

  it.each([
    ['reset', passwordResetMail({ name: 'Ada', link, validMinutes: 60 })],
    ['verification', emailVerificationMail({ name: 'Ada', link, validHours: 24 })],
    [
      'existing account',
      accountExistsMail({ name: 'Ada', signInLink: link, resetLink: 'https://x.org/forgot' }),
    ],
    ['invitation', invitation()],
    ['change', passwordChangedMail({ name: 'Ada', changedAt: new Date(0), resetLink: link })],
  ])('puts the link on a separate line, and escapes it in HTML (%s)', (_what, mail) => {
    expect(mail.text.split('\n')).toContain(link);
    expect(mail.html).toContain('href="https://console.example.org/x#token=abc&amp;b=1"');
  });

  it('contains the organization, the inviter and the role', () => {
    const { subject, text } = invitation();
    expect(subject).toBe('Invitation to Analytical Engines on Tessera');
    expect(text).toContain(
      'Ada Lovelace has invited you to join the organization "Analytical Engines" as a developer.',
    );
  });

  it('contains the time of a password change', () => {
    const changedAt = new Date('2026-01-31T09:30:59Z');
    const { text } = passwordChangedMail({ name: 'Ada', changedAt, resetLink: link });
    expect(text).toContain('on 2026-01-31 09:30 UTC');
  });

  it('escapes HTML in names', () => {
    const { html } = invitation({
      organizationName: '<img src=x onerror="alert(1)">',
      inviterName: `'&`,
    });
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;');
    expect(html).toContain('&#39;&amp;');
  });

  it('prevents links, line breaks and headers in names', () => {
    const evil =
      'Win now: https://evil.example/x or www.evil.example\r\nBcc: victim@example.com\u202e';
    const { subject, text } = invitation({ organizationName: evil, inviterName: evil.repeat(50) });
    expect(subject).not.toMatch(/[\r\n\u202e]/);
    expect(text).not.toMatch(/https:\/\/evil|evil\.example|\u202e/);
    expect(text.split('\n').filter((line) => line.startsWith('Bcc'))).toEqual([]);
    expect(text.length).toBeLessThan(600);
  });
});
