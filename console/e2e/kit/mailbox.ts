import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { simpleParser } from 'mailparser';
import { expect } from 'vitest';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The first URL in the text. */
  readonly link: string;
}

export interface Mailbox {
  /** Waits for an email to this address whose subject or text matches, and returns the newest one. */
  newest(to: string, pattern?: RegExp): Promise<Mail>;
}

export function createMailbox(directory: () => string): Mailbox {
  return {
    async newest(to, pattern = /./) {
      let found: Mail | undefined;
      await expect
        .poll(
          async () => {
            const mails = await readMails(directory());
            found = mails.find(
              (mail) => mail.to === to && pattern.test(`${mail.subject}\n${mail.text}`),
            );
            return found?.to;
          },
          { timeout: 20_000, message: `an email to ${to} that matches ${pattern.source}` },
        )
        .toBe(to);
      if (found === undefined) throw new Error('expect.poll ended without an email.');
      return found;
    },
  };
}

/** Reads all emails, newest first. */
async function readMails(directory: string): Promise<Mail[]> {
  // File names start with the time. Files without this extension are still being written.
  const names = (await readdir(directory))
    .filter((name) => name.endsWith('.eml'))
    .sort()
    .reverse();
  return Promise.all(names.map((name) => readMail(join(directory, name))));
}

async function readMail(file: string): Promise<Mail> {
  const { to, subject = '', text = '' } = await simpleParser(await readFile(file));
  const addresses = Array.isArray(to) ? to : to === undefined ? [] : [to];
  return {
    to: addresses.flatMap(({ value }) => value.map(({ address = '' }) => address)).join(),
    subject,
    text,
    link: /https?:\/\/\S+/.exec(text)?.[0] ?? '',
  };
}
