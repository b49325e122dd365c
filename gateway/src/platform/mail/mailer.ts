import { createTransport } from 'nodemailer';
import type { Clock } from '../clock.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createFileMailer } from './file-mailer.ts';
import { checkAddress, cleanSubject, type Mailer } from './mail-message.ts';

const timeouts = {
  dnsTimeout: 5_000,
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  socketTimeout: 30_000,
};

export interface MailerOptions {
  /**
   * `smtp://user:password@host:port` (STARTTLS if the server supports it, or required with `?requireTLS=true`) or
   * `smtps://…`. If null, mail is written to files.
   */
  readonly smtpUrl: string | null;
  /** The sender: `Tessera <tessera@example.org>`. */
  readonly from: string;
  /** The folder to which mail is written if there is no SMTP server. */
  readonly directory: string;
  readonly logger: Logger;
  readonly clock: Clock;
}

export type { Mailer };

/** Sends mail by SMTP or, if no server is configured, writes it to files. */
export function createMailer(options: MailerOptions): Mailer {
  const { smtpUrl, from, directory, logger, clock } = options;
  return smtpUrl === null
    ? createFileMailer({ from, directory, logger, clock })
    : createSmtpMailer(smtpUrl, from, clock);
}

function createSmtpMailer(smtpUrl: string, from: string, clock: Clock): Mailer {
  const transport = createTransport({ url: smtpUrl, ...timeouts, logger: false });
  return {
    async send({ to, subject, text, html }) {
      await transport.sendMail({
        from,
        to: { name: '', address: checkAddress(to) },
        subject: cleanSubject(subject),
        date: clock(),
        text,
        ...(html === undefined ? {} : { html }),
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    },
    close() {
      transport.close();
      return Promise.resolve();
    },
  };
}
