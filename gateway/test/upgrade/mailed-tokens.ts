import { simpleParser } from 'mailparser';

import type { SmtpServer } from '../smtp-server.ts';

/** Reads the tokens from the links in the gateway's emails. */
export interface MailedTokens {
  /**
   * Waits for an email that links to this page of the console, and returns the token in the link.
   * @param page the page's path, such as `verify-email`
   */
  next(to: string, page: string): Promise<string>;
}

export function readMailedTokens(smtp: SmtpServer): MailedTokens {
  // Emails are sent by background jobs, so they might arrive in any order.
  const unread = new Map<string, string>();
  return {
    async next(to, page) {
      const wanted = `${to} ${page}`;
      for (;;) {
        const token = unread.get(wanted);
        if (token !== undefined) {
          unread.delete(wanted);
          return token;
        }
        const mail = await simpleParser((await smtp.nextMail()).source);
        const link = /https?:\/\/[^/\s]+\/([\w-]+)#token=([\w-]+)/.exec(mail.text ?? '');
        const recipients = [mail.to ?? []].flat().flatMap(({ value }) => value);
        for (const { address = '' } of recipients) {
          unread.set(`${address} ${link?.[1] ?? ''}`, link?.[2] ?? '');
        }
      }
    },
  };
}
