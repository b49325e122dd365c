import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { cliKey as key, cliSdl as sdl, projectWith, useCli } from '../../test/cli-kit.ts';
import type { SchemaPlan } from './gateway/schema-api.ts';

const cli = useCli();
const { gateway, onFile, run: tessera } = cli;

const step: SchemaPlan['steps'][number] = {
  kind: 'DROP_TABLE',
  target: 'Old',
  summary: 'Drop Old and all of its rows.',
  sql: 'DROP TABLE old;',
  hazard: 'DATA_LOSS',
  affectedRows: 3,
  certain: false,
  publicRows: null,
};
const plan: SchemaPlan = {
  hash: 'h1',
  baseVersion: 1,
  hazards: ['DATA_LOSS'],
  steps: [step],
  suggestions: [],
  notes: [],
};
const empty: SchemaPlan = {
  hash: 'h0',
  baseVersion: 1,
  hazards: [],
  steps: [],
  suggestions: [],
  notes: [],
};

const result = (value: object) => ({ body: { data: { result: value } } });
const planned = (value: SchemaPlan) => result({ __typename: 'PlanSchemaSuccess', plan: value });
const applied = result({
  __typename: 'ApplySchemaSuccess',
  schemaVersion: { number: 2, appliedAt: '2030-01-02T00:00:00.000Z' },
});

describe('directives', () => {
  it('prints the definitions of the gateway, without a key', async () => {
    const body = 'scalar Bytes\n';
    const headers = { 'content-type': 'application/graphql; charset=utf-8' };
    gateway.answer({ headers, body });
    const printed = await tessera(['schema', 'directives'], { env: { TESSERA_KEY: '' } });
    expect(printed).toEqual({ exitCode: 0, stdout: body, stderr: '' });
    expect(gateway.requests[0]?.path).toBe('/schema-language.graphql');
    expect(gateway.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('fails if the server is not a gateway', async () => {
    gateway.answer({ body: '<html></html>', headers: { 'content-type': 'text/html' } });
    const { exitCode, stdout, stderr } = await tessera(['schema', 'directives']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('is not a Tessera gateway (HTTP status 200)');
  });

  it('fails if there is no response', async () => {
    const { exitCode, stderr } = await tessera(['schema', 'directives']);
    expect(exitCode).toBe(1);
    expect(stderr).not.toBe('');
  });
});

describe('plan', () => {
  it('exits with 2 and shows the steps if there are changes', async () => {
    gateway.answer(projectWith('type Old'), planned(plan));
    const { exitCode, stdout, stderr } = await onFile('plan', '--sql');
    expect(exitCode).toBe(2);
    expect(stderr).toBe('');
    expect(stdout).toContain('Tracker (abcdefgh01234567): version 1');
    expect(stdout).toContain('  - Drop Old and all of its rows.\n      DROP TABLE old;');
    expect(stdout).toMatch(/DATA_LOSS +3 +DROP_TABLE Old/);
    expect(stdout).toContain('To apply: tessera schema apply --accept DATA_LOSS\n');
    expect(gateway.requests[1]?.body.variables).toEqual({ projectRef: 'abcdefgh01234567', sdl });
  });

  it('exits with 0 if there are no changes', async () => {
    gateway.answer(projectWith(sdl), planned(empty));
    expect(await onFile('plan')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('No changes.') as string,
    });
  });

  it('reports a change to the SDL that does not change any tables', async () => {
    gateway.answer(projectWith(`${sdl}# a comment`), planned(empty));
    const { exitCode, stdout } = await onFile('plan');
    expect(exitCode).toBe(2);
    expect(stdout).toContain(
      'Only the SDL changes, not the tables. Applying it creates a new version.\n',
    );
  });

  it('suggests applying the plan only if no rows prevent a step', async () => {
    const advice = async (affectedRows: number | null) => {
      const mayFail: SchemaPlan = {
        ...plan,
        hazards: ['MAY_FAIL'],
        steps: [{ ...step, kind: 'SET_REQUIRED', hazard: 'MAY_FAIL', affectedRows }],
      };
      gateway.answer(projectWith('type Old'), planned(mayFail));
      return (await onFile('plan')).stdout.split('\n').at(-2);
    };
    const command = 'To apply: tessera schema apply --accept MAY_FAIL';
    expect(await advice(0)).toBe(command);
    expect(await advice(null)).toBe(command);
    expect(await advice(5)).toBe(
      'Existing rows prevent a step. Correct the rows or the schema, then plan again.',
    );
  });

  it('reads stdin and reports errors by line and column in it', async () => {
    const diagnostic = { code: 'NO_ID', message: 'No id.', line: 1, column: 6, hint: 'Add one.' };
    const invalid = { __typename: 'InvalidSchemaError', message: 'x', diagnostics: [diagnostic] };
    gateway.answer(projectWith(null), result(invalid));
    const { exitCode, stdout, stderr } = await tessera(['schema', 'plan', '--file', '-'], {
      stdin: '\uFEFFtype Note @model',
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('<stdin>:1:6 error NO_ID No id.');
    expect(gateway.requests[1]?.body.variables['sdl']).toBe('type Note @model');
  });

  it('prints one JSON document without colors with --json', async () => {
    gateway.answer(projectWith(null), planned(plan));
    const { exitCode, stdout } = await tessera(['schema', 'plan', '--file', cli.file, '--json'], {
      env: { FORCE_COLOR: '1' },
    });
    expect(exitCode).toBe(2);
    const project = { ref: 'abcdefgh01234567', name: 'Tracker' };
    expect(JSON.parse(stdout)).toEqual({ outcome: 'planned', project, plan });
  });

  it.each([
    ['a missing file', ['--file', 'no-such.graphql'], {}, 'no such file'],
    ['a folder', ['--file', tmpdir()], {}, 'it is a folder'],
    ['an oversized file', ['--file', '-'], { stdin: 'x'.repeat(600_000) }, 'is too large'],
    ['bytes that are not text', ['--file', '-'], { stdin: Buffer.from([0xff]) }, 'not UTF-8'],
  ])('rejects %s before sending a request', async (_what, args, given, words) => {
    const { exitCode, stderr } = await tessera(['schema', 'plan', ...args], given);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(words);
    expect(gateway.requests).toHaveLength(0);
  });
});

describe('apply', () => {
  it('applies the plan that it showed', async () => {
    gateway.answer(projectWith(null), planned(plan), applied);
    const flags = ['--accept', 'LOCK', '--accept', 'data_loss,MAY_FAIL,LOCK'];
    const { exitCode, stdout } = await onFile('apply', ...flags);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Drop Old[^]*Applied as version 2\.\n$/);
    expect(gateway.requests[2]?.body.variables).toEqual({
      input: {
        projectRef: 'abcdefgh01234567',
        sdl,
        planHash: 'h1',
        acceptHazards: ['LOCK', 'DATA_LOSS', 'MAY_FAIL'],
      },
    });
  });

  it('does not send an apply request if there are no changes', async () => {
    gateway.answer(projectWith(sdl), planned(empty));
    expect(await onFile('apply')).toMatchObject({ exitCode: 0 });
    expect(gateway.requests).toHaveLength(2);
  });

  it('suggests a flag that adds the missing hazards to the accepted ones', async () => {
    const refused = {
      __typename: 'HazardNotAcceptedError',
      code: 'HAZARD_NOT_ACCEPTED',
      message: 'Not accepted: DATA_LOSS.',
      hazards: ['DATA_LOSS'],
      plan,
    };
    gateway.answer(projectWith(null), planned(plan), result(refused));
    const { exitCode, stdout, stderr } = await onFile('apply', '--accept', 'LOCK');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('Drop Old');
    expect(stderr).toContain('Not accepted: DATA_LOSS.');
    expect(stderr).toContain('  To apply: tessera schema apply --accept DATA_LOSS,LOCK\n');

    gateway.answer(projectWith(null), planned(plan), result(refused));
    expect(JSON.parse((await onFile('apply', '--json')).stdout)).toMatchObject({
      outcome: 'failed',
      error: { code: 'HAZARD_NOT_ACCEPTED', hazards: ['DATA_LOSS'], plan },
    });
  });

  it('does not suggest a flag if rows prevent a step', async () => {
    const steps = [{ ...step, hazard: 'MAY_FAIL' as const, affectedRows: 5 }];
    const violated: SchemaPlan = { ...plan, hazards: ['MAY_FAIL'], steps };
    const refused = {
      __typename: 'HazardNotAcceptedError',
      code: 'HAZARD_NOT_ACCEPTED',
      message: 'Not accepted: MAY_FAIL.',
      hazards: ['MAY_FAIL'],
      plan: violated,
    };
    gateway.answer(projectWith(null), planned(violated), result(refused));
    const { stderr } = await onFile('apply');
    expect(stderr).toContain('Existing rows prevent a step.');
    expect(stderr).not.toContain('--accept');
  });

  it('shows the new plan if the schema has changed since the plan was created', async () => {
    const fresh = { ...plan, steps: [{ ...step, summary: 'Drop New and all of its rows.' }] };
    const stale = { __typename: 'StalePlanError', code: 'STALE_PLAN', message: 'x', plan: fresh };
    gateway.answer(projectWith(null), planned(plan), result(stale));
    const { exitCode, stderr } = await onFile('apply');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/Drop New[^]*error STALE_PLAN/);

    gateway.answer(projectWith(null), planned(plan), result(stale));
    expect(JSON.parse((await onFile('apply', '--json')).stdout)).toMatchObject({
      error: { code: 'STALE_PLAN', plan: fresh },
    });
  });

  it('says that the outcome is unknown if an apply request gets no response', async () => {
    gateway.answer(projectWith(null), planned(plan), (response) => response.destroy());
    const { exitCode, stderr } = await onFile('apply');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('It is unknown whether the plan was applied');
  });

  it('prints the code and message of a failure that it does not recognize', async () => {
    gateway.answer(projectWith(null), planned(plan), result({ code: 'NEW_ONE', message: 'No.' }));
    expect((await onFile('apply')).stderr).toContain('error NEW_ONE No.\n');
  });
});

describe('apply --plan', () => {
  it('applies the plan with this hash', async () => {
    gateway.answer(projectWith(null), planned(plan), applied);
    const { exitCode } = await onFile('apply', '--accept', 'DATA_LOSS', '--plan', 'h1');
    expect(exitCode).toBe(0);
  });

  it('applies nothing if the plan differs', async () => {
    gateway.answer(projectWith(null), planned(plan));
    const { exitCode, stderr } = await onFile('apply', '--accept', 'DATA_LOSS', '--plan', 'h2');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error STALE_PLAN');
    gateway.answer(projectWith(sdl), planned(empty));
    expect((await onFile('apply', '--plan', 'h1')).exitCode).toBe(1);
  });

  it('takes the hash that plan prints', async () => {
    gateway.answer(projectWith(null), planned(plan));
    const { stdout } = await onFile('plan');
    expect(stdout).toContain('Hash of this plan, for apply --plan: h1\n');
  });
});

it.each([
  ['plan', 'schema.read or schema.apply'],
  ['apply', 'schema.apply'],
  ['pull', 'schema.read or schema.apply'],
])('%s names the scope that a key without access needs', async (command, scope) => {
  gateway.answer({ body: { errors: [{ message: 'No.', extensions: { code: 'FORBIDDEN' } }] } });
  const { exitCode, stderr } = await onFile(command);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`error FORBIDDEN No.\n  The key needs the scope ${scope}.\n`);
});

describe('arguments', () => {
  it('take precedence over environment variables', async () => {
    const nowhere = { TESSERA_URL: 'http://127.0.0.1:1', TESSERA_KEY: 'tsk_other' };
    gateway.answer(projectWith(sdl));
    const args = ['schema', 'pull', '--file', '-', '--url', gateway.origin, '--key', key];
    expect(await tessera(args, { env: nowhere })).toMatchObject({ exitCode: 0 });
    expect(gateway.requests[0]?.headers.authorization).toBe(`Bearer ${key}`);
  });

  it.each([
    [['schema', 'plan', '--accept', 'ALL'], 'unknown option'],
    [
      ['schema', 'apply', '--accept', 'ALL'],
      'Must be one or more of DATA_LOSS, WIDENS_ACCESS, MAY_FAIL, LOCK.',
    ],
    [['schema', 'plan', '--timeout', '301'], 'from 1 to 300'],
    [['schema', 'plan', '--timeout', 'x'], 'from 1 to 300'],
    [['schema', 'drop'], "unknown command 'drop'"],
    [['schema', 'plan', 'extra'], 'too many arguments'],
    [['schema', 'plan', '--fil', 'x'], '(Did you mean --file?)\nSee tessera schema plan --help.\n'],
    [['schema', 'pul'], '(Did you mean pull?)\nSee tessera schema --help.\n'],
    [['apply', '--file', 'x'], '(Did you mean tessera schema apply?)\nSee tessera --help.\n'],
    [['plan', '--help'], "unknown command 'plan'"],
    [['schema'], 'Usage: tessera schema'],
  ])('%j exits with 1 and an error message', async (args, words) => {
    const { exitCode, stdout, stderr } = await tessera(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(words);
  });

  it('never print a key, even if it was passed in the wrong place', async () => {
    for (const args of [['--kye=tsk_secret'], ['--file', 'tsk_secret'], ['--url', 'tsk_secret']]) {
      for (const json of [[], ['--json']]) {
        const { exitCode, stdout, stderr } = await tessera(['schema', 'plan', ...args, ...json]);
        expect(exitCode).toBe(1);
        expect(stdout + stderr).not.toBe('');
        expect(stdout + stderr).not.toContain('tsk_secret');
      }
    }
  });

  it('include --version', async () => {
    expect(await tessera(['--version'])).toEqual({ exitCode: 0, stdout: '1.2.3\n', stderr: '' });
  });

  it('include --help', async () => {
    const { exitCode, stdout } = await tessera(['schema', 'apply', '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('--accept <hazards>');
    expect(stdout).not.toContain(key);
  });
});
