import { describe, expect, it } from 'vitest';
import { createApiKeyText } from '../../control-plane/api-keys/api-key-format.ts';
import { createLogger } from './logger.ts';

function recorded(format: 'json' | 'pretty' = 'json') {
  const lines: string[] = [];
  const logger = createLogger({
    level: 'info',
    format,
    destination: { write: (line) => lines.push(line) },
  });
  return {
    logger,
    text: () => lines.join(''),
    last: () => JSON.parse(lines.at(-1) ?? 'null') as Record<string, unknown>,
  };
}

const secret = 'hunter2-and-more';
const jwt = `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${Buffer.from('{"sub":"x"}').toString('base64url')}.c2lnbmF0dXJl`;

describe('the logger', () => {
  it('writes one JSON object per line with level, time and message', () => {
    const { logger, last } = recorded();
    logger.info({ port: 4000 }, 'listening');
    expect(last()).toMatchObject({ level: 'info', port: 4000, msg: 'listening' });
    expect(last().time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('omits entries below its level', () => {
    const { logger, text } = recorded();
    logger.debug('hidden');
    expect(text()).toBe('');
  });

  it.each([
    ['at the top', { password: secret }],
    ['in headers', { req: { headers: { authorization: `Bearer ${secret}`, cookie: secret } } }],
    ['in a header that is a list', { headers: { 'set-cookie': [secret, secret] } }],
    ['in upper case', { headers: { 'X-API-Key': secret, Authorization: secret } }],
    ['in compound names', { refreshToken: secret, clientSecret: secret, newPassword: secret }],
    ['in an object', { token: { value: secret } }],
    ['five levels down', { a: { b: { c: { d: { e: { passwordHash: secret } } } } } }],
    ['in a list', { inputs: [{ password: secret }] }],
    ['in bytes', { key: Buffer.from(secret) }],
  ])('redacts a secret field %s', (_where, fields) => {
    const { logger, text } = recorded();
    logger.info(fields, 'something');
    expect(text()).not.toContain(secret);
    expect(text()).not.toContain(JSON.stringify([...Buffer.from(secret)]).slice(1, -1));
  });

  it("redacts a child logger's fields", () => {
    const { logger, text } = recorded();
    logger.child({ requestId: 'r1', session: { token: secret } }).info('something');
    expect(text()).toContain('r1');
    expect(text()).not.toContain(secret);
  });

  it('keeps numbers and ordinary fields', () => {
    const { logger, last } = recorded();
    const at = new Date('2026-01-01T00:00:00Z');
    logger.info({ tokens: 2000, ok: true, none: null, names: ['a'], at }, 'counted');
    expect(last()).toMatchObject({ tokens: 2000, ok: true, none: null, names: ['a'] });
    expect(last().at).toBe('2026-01-01T00:00:00.000Z');
  });

  const key = createApiKeyText('SECRET').text;
  it.each([
    ['an API key', `key ${key} was used`, key.slice(12)],
    ['a JWT', `got ${jwt}.`, jwt.slice(10)],
    ['a bearer header', `Authorization: Bearer ${secret}`, secret],
    ['a connection string', `cannot reach postgres://app:${secret}@db:5432/x`, secret],
    ['a connection string without a user', `redis://:${secret}@cache:6379`, secret],
    ['a password with odd characters', `postgres://app:a/b"@${secret}@db/x`, secret],
    ['a mail link', `https://console.example/reset#token=${secret}`, secret],
    ['a query parameter', `/callback?a=1&refresh_token=${secret}&b=2`, secret],
    ['key-value settings', `host=db password=${secret} user=app`, secret],
  ])('masks %s in any text', (_what, text, hidden) => {
    const { logger, text: written, last } = recorded();
    logger.info(text);
    logger.info({ where: [{ note: text }] }, 'x');
    logger.error(new Error(text));
    logger.error({ err: new Error('outer', { cause: new Error(text) }) }, 'x');
    expect(last().level).toBe('error');
    expect(written()).not.toContain(hidden);
  });

  it('keeps key prefixes and ordinary text', () => {
    const { logger, last } = recorded();
    logger.info(`key ${key} at http://localhost:4000/graphql by ada@example.com`);
    const expected = `key ${key.slice(0, 12)}… at http://localhost:4000/graphql by ada@example.com`;
    expect(last().msg).toBe(expected);
  });

  it('masks long malicious text quickly', () => {
    const { logger } = recorded();
    const start = performance.now();
    for (const part of ['a', 'eyJ', 'eyJaaaa.', 'tsk_', 'x://', 'token=', '-', '\\"', 'a://b:']) {
      logger.info(part.repeat(Math.ceil(100_000 / part.length)));
    }
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it('writes a pretty line with fields and a stack trace', () => {
    const { logger, text } = recorded('pretty');
    logger.warn({ attempt: 2, err: new Error('refused') }, 'again');
    const [head = '', ...stack] = text().split('\n');
    expect(head).toContain('WARN');
    expect(head).toContain('again');
    expect(head).toContain('attempt=2');
    expect(stack[0]).toContain('Error: refused');
    expect(stack[1]).toMatch(/^ +at /);
  });

  it('masks secrets in pretty lines', () => {
    const { logger, text } = recorded('pretty');
    logger.info({ password: secret }, `Bearer ${secret}`);
    expect(text()).not.toContain(secret);
  });
});

describe('a logged error', () => {
  it('includes its type, message, code, stack and causes', () => {
    const { logger, last } = recorded();
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    logger.error({ err: new TypeError('outer', { cause }) }, 'failed');
    expect(last().err).toMatchObject({
      type: 'TypeError',
      message: 'outer',
      cause: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' },
    });
    expect(JSON.stringify(last().err)).toContain('logger.test.ts');
  });

  it('from PostgreSQL includes the constraint but no values', () => {
    const { logger, text, last } = recorded();
    const failure = Object.assign(new Error('duplicate key value'), {
      code: '23505',
      constraint: 'users_email_key',
      detail: `Key (email)=(${secret}) already exists.`,
      where: secret,
      query: secret,
      parameters: [secret],
    });
    logger.error(failure);
    expect(last().err).toMatchObject({ code: '23505', constraint: 'users_email_key' });
    expect(text()).not.toContain(secret);
  });

  it('from PostgreSQL does not quote an invalid value', () => {
    const { logger, text, last } = recorded();
    const message = `invalid input syntax for type uuid: "${secret} "and" more"`;
    logger.error(Object.assign(new Error(message), { code: '22P02' }));
    expect(last().msg).toBe('invalid input syntax for type uuid: "…"');
    expect(text()).not.toContain(secret);
  });

  it('from Prisma does not quote the arguments of the call', () => {
    const { logger, text, last } = recorded();
    const message = `\nInvalid \`prisma.user.create()\` invocation:\n\n{\n  data: {\n    email: "${secret}",\n    ~~~\n  }\n}\n\nArgument \`name\` is missing.`;
    const failure = Object.assign(new Error(message), {
      name: 'PrismaClientValidationError',
      meta: { target: secret },
    });
    logger.error({ err: failure });
    expect(last().msg).toBe(
      'Invalid `prisma.user.create()` invocation: … Argument `name` is missing.',
    );
    expect(text()).not.toContain(secret);
  });

  it('can be its own cause', () => {
    const { logger, last } = recorded();
    const failure = new Error('round');
    failure.cause = failure;
    logger.error(failure);
    expect(last().msg).toBe('round');
  });
});
