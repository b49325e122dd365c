export interface MailMessage {
  /** A single address without a name, such as `ada@example.com`. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
}

export interface Mailer {
  /** Sends an email. Call this from a job, which is retried. @throws if the server rejects the email */
  send(message: MailMessage): Promise<void>;
  close(): Promise<void>;
}

const maxAddressLength = 254; // RFC 5321, 4.5.3.1.3
const maxSubjectLength = 200;
const bareAddress = /^[^\s\p{Cc}@<>()[\]\\,;:"]+@[^\s\p{Cc}@<>()[\]\\,;:"]+$/u;

/**
 * Returns the address if it is a single address without a name. @throws for any other text, because a list, a name or a
 * line break could add recipients or headers
 */
export function checkAddress(address: string): string {
  if (address.length > maxAddressLength || !bareAddress.test(address)) {
    throw new Error('The recipient must be a single email address without a name.');
  }
  return address;
}

/** Removes line breaks and control characters from a subject and truncates it. */
export function cleanSubject(subject: string): string {
  return subject
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, maxSubjectLength);
}
