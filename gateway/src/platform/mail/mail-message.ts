export interface MailMessage {
  /** One bare address, such as `ada@example.com`. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
}

export interface Mailer {
  /** @throws when the server does not take the mail; call it from a job, which tries again. */
  send(message: MailMessage): Promise<void>;
  close(): Promise<void>;
}

const maxAddressLength = 254; // RFC 5321, 4.5.3.1.3
const maxSubjectLength = 200;
const bareAddress = /^[^\s\p{Cc}@<>()[\]\\,;:"]+@[^\s\p{Cc}@<>()[\]\\,;:"]+$/u;

/**
 * One recipient and no more. @throws for what is no bare address: a list, a name with an address, or anything with
 * a line break could send mail to others or add headers.
 */
export function checkAddress(address: string): string {
  if (address.length > maxAddressLength || !bareAddress.test(address)) {
    throw new Error('This is not one bare email address.');
  }
  return address;
}

/** A subject on one line and of bounded length. */
export function cleanSubject(subject: string): string {
  return subject
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, maxSubjectLength);
}
