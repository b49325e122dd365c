import { countOf } from '../../platform/count-of.ts';
import type { MailMessage } from '../../platform/mail/mail-message.ts';

/** The contents of an email, except for the recipient. */
export type MailContent = Required<Omit<MailMessage, 'to'>>;

const maxNameLength = 80;

export function passwordResetMail(about: {
  readonly name: string;
  readonly link: string;
  readonly validMinutes: number;
}): MailContent {
  return compose({
    subject: 'Reset your password',
    greeting: `Hello ${cleanName(about.name)},`,
    before: ['Someone, probably you, requested a password reset for your Tessera account.'],
    link: { label: 'Choose a new password', url: about.link },
    after: [
      `The link can be used once and expires in ${countOf(about.validMinutes, 'minute')}.`,
      'If you did not request this, you can ignore this email. Your password will not change.',
    ],
  });
}

export function emailVerificationMail(about: {
  readonly name: string;
  readonly link: string;
  readonly validHours: number;
}): MailContent {
  return compose({
    subject: 'Verify your email address',
    greeting: `Hello ${cleanName(about.name)},`,
    before: ['Please confirm that this email address belongs to your Tessera account.'],
    link: { label: 'Verify your email address', url: about.link },
    after: [
      `The link can be used once and expires in ${countOf(about.validHours, 'hour')}.`,
      'If you do not have a Tessera account, you can ignore this email.',
    ],
  });
}

/** Sent to an address that was used to register although it has an account. */
export function accountExistsMail(about: {
  readonly name: string;
  readonly signInLink: string;
  readonly resetLink: string;
}): MailContent {
  return compose({
    subject: 'You already have an account',
    greeting: `Hello ${cleanName(about.name)},`,
    before: [
      'Someone, probably you, tried to create a Tessera account with this email address. You already have an account, so no new account was created.',
    ],
    link: { label: 'Sign in', url: about.signInLink },
    after: [
      `If you have forgotten your password, you can choose a new one at ${about.resetLink}.`,
      'If you did not do this, you can ignore this email. Your account has not changed.',
    ],
  });
}

export function invitationMail(about: {
  readonly organizationName: string;
  readonly inviterName: string;
  /** The role's name, including the article: `a developer`. */
  readonly role: string;
  readonly link: string;
  readonly validDays: number;
}): MailContent {
  const organization = cleanName(about.organizationName);
  return compose({
    subject: `Invitation to ${organization} on Tessera`,
    greeting: 'Hello,',
    before: [
      `${cleanName(about.inviterName)} has invited you to join the organization "${organization}" as ${about.role}.`,
    ],
    link: { label: 'View the invitation', url: about.link },
    after: [
      `The link can be used once and expires in ${countOf(about.validDays, 'day')}.`,
      'If you do not know the sender, you can ignore this email.',
    ],
  });
}

export function passwordChangedMail(about: {
  readonly name: string;
  readonly changedAt: Date;
  /** The page on which the user can reset the password if someone else changed it. */
  readonly resetLink: string;
}): MailContent {
  const when = `${about.changedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return compose({
    subject: 'Your password was changed',
    greeting: `Hello ${cleanName(about.name)},`,
    before: [
      `The password for your Tessera account was changed on ${when}.`,
      'If you made this change, you do not need to do anything. If you did not, reset your password immediately:',
    ],
    link: { label: 'Reset your password', url: about.resetLink },
    after: [],
  });
}

interface Draft {
  readonly subject: string;
  readonly greeting: string;
  readonly before: readonly string[];
  readonly link: { readonly label: string; readonly url: string };
  readonly after: readonly string[];
}

function compose({ subject, greeting, before, link, after }: Draft): MailContent {
  const text = [greeting, ...before, `${link.label}:\n${link.url}`, ...after];
  const anchor = `<a href="${escapeHtml(link.url)}">${escapeHtml(link.label)}</a>`;
  const html = [...[greeting, ...before].map(escapeHtml), anchor, ...after.map(escapeHtml)].map(
    (paragraph) => `<p>${paragraph}</p>`,
  );
  return { subject, text: `${text.join('\n\n')}\n`, html: `${html.join('\n')}\n` };
}

/**
 * Sanitizes a name that an email to a stranger contains. Shortens it to a single line, and breaks anything that a mail
 * program would turn into a link (`https://evil.example`, `www.evil.example`).
 */
function cleanName(name: string): string {
  return name
    .replace(/[\s\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/[a-z][a-z0-9+.-]*:\/\//gi, '')
    .replace(/(?<=\S)\.(?=\S)/g, '. ')
    .trim()
    .slice(0, maxNameLength);
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
