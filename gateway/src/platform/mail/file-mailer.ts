import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type MimeNode from 'nodemailer/lib/mime-node';
import type { Clock } from '../clock.ts';
import type { Logger } from '../telemetry/logger.ts';
import { checkAddress, cleanSubject, type Mailer } from './mail-message.ts';

const maxFiles = 1_000;
const maxSlugLength = 60;

export interface FileMailerOptions {
  readonly from: string;
  readonly directory: string;
  readonly logger: Logger;
  readonly clock: Clock;
}

/**
 * Writes each email to an `.eml` file that only the gateway's user can read. It logs the file name but not the content,
 * because links in emails are secret. The newest 1,000 files are kept.
 */
export function createFileMailer(options: FileMailerOptions): Mailer {
  const { from, directory, logger, clock } = options;
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
  composer.use('stream', ({ message }, done) => {
    writePlainly(message);
    done();
  });

  return {
    async send({ to, subject, text, html }) {
      const { message: source } = await composer.sendMail({
        from,
        to: { name: '', address: checkAddress(to) },
        subject: cleanSubject(subject),
        date: clock(),
        text,
        ...(html === undefined ? {} : { html }),
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const file = join(directory, fileName(subject, clock()));
      await mkdir(directory, { recursive: true, mode: 0o700 });
      // The rename is atomic, so that a program that watches the folder never reads an incomplete email.
      await writeFile(`${file}.part`, source, { mode: 0o600, flag: 'wx' });
      await rename(`${file}.part`, file);
      logger.info({ file }, 'mail written to a file because SMTP_URL is not set');
      await removeOldest(directory);
    },
    close: () => Promise.resolve(),
  };
}

/** A unique name that sorts by time: `2026-01-31T09-30-00.000Z-reset-your-password-1f2e3d4c.eml`. */
function fileName(subject: string, now: Date): string {
  const time = now.toISOString().replaceAll(':', '-');
  const slug = subject
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, maxSlugLength)
    .replace(/^-|-$/g, '');
  return `${time}-${slug || 'mail'}-${randomBytes(4).toString('hex')}.eml`;
}

/**
 * Writes text without encoding it. By default, nodemailer wraps lines after 76 characters and writes `=` as `=3D`, so
 * links could not be copied from the file.
 */
function writePlainly(part: MimeNode): void {
  if (part.childNodes.length === 0) part.getTransferEncoding = () => '8bit';
  part.childNodes.forEach(writePlainly);
}

async function removeOldest(directory: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.eml')).sort();
  const surplus = names.slice(0, Math.max(0, names.length - maxFiles));
  await Promise.all(surplus.map((name) => rm(join(directory, name), { force: true })));
}
