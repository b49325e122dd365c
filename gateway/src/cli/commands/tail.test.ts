import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { projectWith, useCli, type CliResult } from '../../../test/cli-kit.ts';
import type { StandInAnswer } from '../../../test/stand-in-gateway.ts';

const { gateway, run } = useCli();

const introspected = (key: object = { name: 'id', type: { fields: null } }): StandInAnswer => ({
  body: { data: { model: { name: 'Issue' }, change: { fields: [{ name: 'cursor' }, key] } } },
});
const cursor: StandInAnswer = { body: { data: { changesCursor: 'c0' } } };
const refused = (code: string, message = 'No.'): StandInAnswer => ({
  body: { errors: [{ message, extensions: { code } }] },
});

const change = (number: number, more: object = {}) => ({
  cursor: `c${number}`,
  operation: 'UPDATED',
  key: `row ${number}`,
  changed: ['title', 'status'],
  at: '2030-01-02T00:00:00.000Z',
  ...more,
});

const eventOf = (value: object) => `event: next\ndata: ${JSON.stringify(value)}\n\n`;

/** A stream of events. It stays open, unless `end` ends it. */
const stream =
  (values: readonly object[], end: (response: ServerResponse) => void = () => undefined) =>
  (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.write(':\n\n');
    response.write(values.map((value) => eventOf({ data: { change: value } })).join(''), () =>
      end(response),
    );
  };

/** Runs the command until it has written a text that matches, and interrupts it. */
function tailUntil(pattern: RegExp, args: readonly string[] = []): Promise<CliResult> {
  const stop = new AbortController();
  let written = '';
  return run(['changes', 'tail', '--model', 'Issue', ...args], {
    signal: stop.signal,
    onWrite(text) {
      written += text;
      if (pattern.test(written)) stop.abort();
    },
  });
}

const never = /(?!)/;
const failed = (code: string, hint: string) => ({
  exitCode: 1,
  stdout: '',
  stderr: expect.stringMatching(new RegExp(`error ${code} .*\n  .*${hint}`)) as string,
});

describe('tessera changes tail', () => {
  it('prints changes after the present end of the log, and ends with 0 when interrupted', async () => {
    const created = change(1, { operation: 'CREATED', changed: [] });
    gateway.answer(projectWith(null), introspected(), cursor, stream([created, change(2)]));
    expect(await tailUntil(/c2/)).toEqual({
      exitCode: 0,
      stdout: 'c1  CREATED  row 1\nc2  UPDATED  row 2  title, status\n',
      stderr: 'Following the changes of Issue.\n',
    });
    const [, , , sent] = gateway.requests;
    expect(sent?.path).toBe('/p/abcdefgh01234567/graphql');
    expect(sent?.headers.accept).toBe('text/event-stream');
    expect(sent?.body.query).toContain('change: issueChanges(after: $after');
    expect(sent?.body.variables).toEqual({ after: 'c0' });
  });

  it('prints a JSON object for each change, of some operations after a cursor', async () => {
    const key = { name: 'key', type: { fields: [{ name: 'a' }, { name: 'b' }] } };
    const reset = change(2, { operation: 'RESET', key: null, changed: [] });
    const both = stream([change(1, { key: { a: 1, b: 2 } }), reset]);
    gateway.answer(projectWith(null), introspected(key), both);
    const args = ['--json', '--after', 'c7', '--operations', 'created,UPDATED'];
    const { stdout } = await tailUntil(/RESET/, args);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { ...change(1), model: 'Issue', key: { a: 1, b: 2 } },
      { ...reset, model: 'Issue' },
    ]);
    const sent = gateway.requests.at(-1);
    expect(sent?.body.query).toContain('key { a b }');
    expect(sent?.body.variables).toEqual({ after: 'c7', operations: ['CREATED', 'UPDATED'] });
  });

  it('connects again after the last change when the connection is lost or the gateway restarts', async () => {
    gateway.answer(projectWith(null), introspected(), cursor);
    gateway.answer(stream([change(1)], (response) => response.destroy()));
    gateway.answer({ status: 503, body: { error: { code: 'NOT_READY', message: 'Starting.' } } });
    gateway.answer(stream([change(2)]));
    const { exitCode, stdout, stderr } = await tailUntil(/c2/);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: 'c1  UPDATED  row 1  title, status\nc2  UPDATED  row 2  title, status\n',
    });
    expect(stderr).toContain('The connection was lost. Connecting again in 2 s.\n');
    const sent = gateway.requests.map(({ body }) => body.variables['after']);
    expect(sent.slice(3)).toEqual(['c0', 'c1', 'c1']);
  });

  it('ends when the gateway ends the subscription for good', async () => {
    const ended = eventOf({
      errors: [{ message: 'Revoked.', extensions: { code: 'UNAUTHENTICATED' } }],
    });
    gateway.answer(
      projectWith(null),
      introspected(),
      cursor,
      stream([change(1)], (response) => response.end(`${ended}event: complete\ndata: \n\n`)),
    );
    const { exitCode, stderr } = await tailUntil(never);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error UNAUTHENTICATED Revoked.');
  });

  it('says to add @live to a model without it', async () => {
    gateway.answer(projectWith(null), {
      body: { data: { model: { name: 'Issue' }, change: null } },
    });
    expect(await tailUntil(never)).toMatchObject(
      failed('NOT_LIVE', 'apply the schema: type Issue @model @live'),
    );
  });

  it('says so if the model does not exist', async () => {
    gateway.answer(projectWith(null), { body: { data: { model: null, change: null } } });
    expect(await tailUntil(never)).toMatchObject(failed('NO_MODEL', 'case-sensitive'));
  });

  it('works without introspection, and otherwise names what can be wrong', async () => {
    const invalid = refused('GRAPHQL_VALIDATION_FAILED', 'Cannot query field "changesCursor".');
    gateway.answer(projectWith(null), refused('FORBIDDEN'), cursor, stream([change(1)]));
    expect(await tailUntil(/c1/)).toMatchObject({ exitCode: 0 });
    gateway.answer(projectWith(null), refused('FORBIDDEN'), invalid);
    expect(await tailUntil(never)).toMatchObject(failed('NOT_LIVE', 'has the scope data.read'));
    const several = refused('GRAPHQL_VALIDATION_FAILED', 'Cannot query field "id" on type "X".');
    gateway.answer(projectWith(null), refused('FORBIDDEN'), cursor, several);
    expect(await tailUntil(never)).toMatchObject(failed('FORBIDDEN', 'scope schema.read'));
  });

  it('says how to go on after a cursor that has expired', async () => {
    gateway.answer(projectWith(null), introspected(), refused('CURSOR_EXPIRED'));
    expect(await tailUntil(never, ['--after', 'c0'])).toMatchObject(
      failed('CURSOR_EXPIRED', 'without --after'),
    );
  });

  it('fails at once if the first connection fails', async () => {
    gateway.answer(projectWith(null), introspected(), cursor, (response) => response.destroy());
    const { exitCode, stderr } = await tailUntil(never);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error CONNECTION_LOST');
  });

  it('needs a model, and operations that exist', async () => {
    const without = await run(['changes', 'tail']);
    expect(without).toMatchObject({ exitCode: 1, stdout: '' });
    expect(without.stderr).toContain("required option '--model <name>' not specified");
    const wrong = await tailUntil(never, ['--operations', 'INSERTED']);
    expect(wrong.stderr).toContain('Must be one or more of CREATED, UPDATED, DELETED.');
  });
});
