import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSmtpServer } from '../../../test/smtp-server.ts';
import { createLogger } from '../telemetry/logger.ts';
import { createMailer } from './mailer.ts';
import { passwordResetMail } from '../../control-plane/mails/messages.ts';

const from = 'Tessera <tessera@example.org>';
const token = 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4';
const link = `https://console.example.org/reset-password#token=${token}&and=a.rather.long.tail.that.goes.on.and.on`;
const clock = () => new Date('2026-01-31T09:30:00.123Z');

let directory: string;
let lines: string[];

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'tessera-mail-')), 'mail');
  lines = [];
});
afterEach(() => rm(join(directory, '..'), { recursive: true }));

function mailer(smtpUrl: string | null = null) {
  const destination = { write: (line: string) => lines.push(line) };
  const logger = createLogger({ level: 'trace', format: 'json', destination });
  return createMailer({ smtpUrl, from, directory, logger, clock });
}

async function onlyFile(): Promise<{ name: string; source: string }> {
  const names = await readdir(directory);
  expect(names).toHaveLength(1);
  const name = names[0] ?? '';
  return { name, source: await readFile(join(directory, name), 'utf8') };
}

describe('mail without SMTP', () => {
  it('is written to a file that only its owner can read, and the name of the file is logged', async () => {
    await mailer().send({ to: 'ada@example.com', subject: 'Réset: your password!', text: link });
    const { name } = await onlyFile();
    expect(name).toMatch(/^2026-01-31T09-30-00\.123Z-r-set-your-password-[0-9a-f]{8}\.eml$/);
    expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(name);
    expect(lines[0]).not.toContain(token);
    expect(lines[0]).not.toContain('ada@example.com');
  });

  it.each([
    ['plain', 'Ada'],
    ['non-ASCII', 'Ådä 🦊'],
  ])('does not wrap or encode a long link in %s text', async (_what, name) => {
    const content = passwordResetMail({ name, link, validMinutes: 60 });
    await mailer().send({ to: 'ada@example.com', ...content });
    const { source } = await onlyFile();
    expect(source.split('\n')).toContain(link);
    expect(source).toContain(`Hello ${name},`);
    expect(source).not.toContain('=3D');
    expect(source).not.toContain('quoted-printable');
  });

  it('can be parsed by a mail parser', async () => {
    const content = passwordResetMail({ name: 'Ådä', link, validMinutes: 60 });
    await mailer().send({ to: 'ada@example.com', ...content });
    const parsed = await simpleParser((await onlyFile()).source);
    expect(parsed.from?.text).toBe('"Tessera" <tessera@example.org>');
    expect(parsed.to).toMatchObject({ text: 'ada@example.com' });
    expect(parsed.subject).toBe(content.subject);
    expect(parsed.date).toEqual(new Date('2026-01-31T09:30:00.000Z'));
    expect(parsed.text?.trim()).toBe(content.text.trim());
    expect(parsed.html).toContain('Hello Ådä,');
    expect(parsed.attachments).toEqual([]);
  });

  it('is limited to the newest 1,000 files', async () => {
    const sender = mailer();
    await sender.send({ to: 'ada@example.com', subject: 'first', text: '' });
    const old = Array.from({ length: 1_001 }, (_, i) => `2025-01-01T00-00-0${i}.eml`);
    await Promise.all(old.map((name) => writeFile(join(directory, name), '')));
    await writeFile(join(directory, 'notes.txt'), 'not ours to remove');
    await sender.send({ to: 'ada@example.com', subject: 'second', text: '' });
    const left = await readdir(directory);
    expect(left.filter((name) => name.endsWith('.eml'))).toHaveLength(1_000);
    expect(left.filter((name) => /first|second|notes/.test(name))).toHaveLength(3);
  });
});

describe('mail over SMTP', () => {
  it('is sent to the server with credentials, without logging anything', async () => {
    const server = await startSmtpServer();
    const sender = mailer(`smtp://app:hunter2secret@127.0.0.1:${server.port}`);
    const content = passwordResetMail({ name: 'Ådä', link, validMinutes: 60 });
    await sender.send({ to: 'ada@example.com', ...content });
    const { commands, source } = await server.nextMail();
    const login = Buffer.from('\0app\0hunter2secret').toString('base64');
    expect(commands).toContain(`AUTH PLAIN ${login}`);
    expect(commands.filter((command) => command.startsWith('RCPT TO'))).toEqual([
      'RCPT TO:<ada@example.com>',
    ]);
    const parsed = await simpleParser(source);
    expect(parsed.subject).toBe(content.subject);
    expect(parsed.text?.trim()).toBe(content.text.trim());
    expect(lines).toEqual([]);
    await sender.close();
    await server.close();
  });

  it('fails without revealing the password if there is no server', async () => {
    const sender = mailer('smtp://app:hunter2secret@127.0.0.1:1');
    const failure: unknown = await sender
      .send({ to: 'ada@example.com', subject: 'x', text: 'x' })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).toMatchObject({ message: 'connect ECONNREFUSED 127.0.0.1:1' });
    expect(String(failure)).not.toContain('hunter2secret');
    expect(lines).toEqual([]);
  });

  it('stops waiting for a server that does not respond', async () => {
    const server = await startSmtpServer({ silent: true });
    const sender = mailer(`smtp://127.0.0.1:${server.port}?greetingTimeout=50`);
    const sent = sender.send({ to: 'ada@example.com', subject: 'x', text: 'x' });
    await expect(sent).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    await server.close();
  });
});

describe('header injection', () => {
  const attack = 'x\r\nBcc: victim@example.com\r\n\r\ninjected body';

  it.each([`Hello ${attack}`, 'Hello \n Bcc: victim@example.com', 'a\u2028Bcc: v@example.com'])(
    'is prevented in the subject %j',
    async (subject) => {
      await mailer().send({ to: 'ada@example.com', subject, text: 'the body' });
      const parsed = await simpleParser((await onlyFile()).source);
      expect(parsed.headers.has('bcc')).toBe(false);
      expect(parsed.bcc).toBeUndefined();
      expect(parsed.text?.trim()).toBe('the body');
      expect(parsed.subject).toMatch(/^[^\n]*Bcc: v/);
    },
  );

  it.each([
    'ada@example.com, victim@example.com',
    'ada@example.com;victim@example.com',
    'ada@example.com\r\nBcc: victim@example.com',
    'Ada <ada@example.com>',
    '"ada@example.com victim"@example.com',
    'ada@example.com\0',
    'group:ada@example.com',
    'ada',
    '',
    `${'a'.repeat(250)}@example.com`,
  ])('is prevented by rejecting the recipient %j', async (to) => {
    const sent = mailer().send({ to, subject: 'x', text: 'x' });
    await expect(sent).rejects.toThrow('single email address');
    await expect(readdir(directory)).rejects.toThrow('ENOENT');
  });
});
