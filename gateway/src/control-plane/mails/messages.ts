import type { MailMessage } from '../../platform/mail/mail-message.ts';

/** A mail without its recipient. */
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
    before: ['Somebody, probably you, asked to reset the password of your Tessera account.'],
    link: { label: 'Choose a new password', url: about.link },
    after: [
      `The link works once, for ${about.validMinutes} minutes.`,
      'If it was not you, there is nothing to do: your password stays as it is.',
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
    before: ['Please confirm that this address belongs to your Tessera account.'],
    link: { label: 'Verify the address', url: about.link },
    after: [
      `The link works once, for ${about.validHours} hours.`,
      'If you have no such account, ignore this mail: nothing will happen.',
    ],
  });
}

export function invitationMail(about: {
  readonly organizationName: string;
  readonly inviterName: string;
  /** With its article: `a developer`. */
  readonly role: string;
  readonly link: string;
  readonly validDays: number;
}): MailContent {
  const organization = cleanName(about.organizationName);
  return compose({
    subject: `Invitation to ${organization} on Tessera`,
    greeting: 'Hello,',
    before: [
      `${cleanName(about.inviterName)} invites you to join the organization "${organization}" as ${about.role}.`,
    ],
    link: { label: 'Look at the invitation', url: about.link },
    after: [
      `The link works once, for ${about.validDays} days.`,
      'If you do not know the sender, ignore this mail: nothing will happen.',
    ],
  });
}

export function passwordChangedMail(about: {
  readonly name: string;
  readonly changedAt: Date;
  /** Where a new password can be asked for, should it have been somebody else. */
  readonly resetLink: string;
}): MailContent {
  const when = `${about.changedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return compose({
    subject: 'Your password was changed',
    greeting: `Hello ${cleanName(about.name)},`,
    before: [
      `The password of your Tessera account was changed on ${when}.`,
      'If that was you, there is nothing to do. If not, take the account back at once:',
    ],
    link: { label: 'Reset the password', url: about.resetLink },
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
 * A name that its owner chose, fit for a mail to a stranger: on one line, short, and without anything that a
 * mail program would turn into a link (`https://evil.example`, `www.evil.example`).
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
