import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/database.ts';
import { askGateway } from '../../test/management-client.ts';
import {
  inheritedEnv,
  projectRoot,
  startGateway,
  type GatewayProcess,
} from '../../test/process.ts';
import { signUp } from '../../test/sign-up.ts';
import type { Outcome } from './commands/command.ts';

const database = useTestDatabase();
let gateway: GatewayProcess;
let owner: string;
let folder: string;
let file: string;
let project: { readonly ref: string; readonly key: string };

beforeAll(async () => {
  gateway = await startGateway({ env: { DATABASE_URL: database.url } });
  owner = await signUp(gateway.origin);
  folder = await mkdtemp(join(tmpdir(), 'tessera-cli-'));
  file = join(folder, 'schema.graphql');
}, 120_000);
afterAll(async () => {
  await gateway.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  const ref = await createProject();
  project = { ref, key: await createKey(ref, ['schema.apply']) };
});

/** Sends a document and returns the data under the alias `result`. Fails the test if there are errors. */
async function ask(query: string, variables: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { body } = await askGateway(gateway.origin, query, variables, owner);
  expect(body.errors).toBeUndefined();
  // Every document in this file uses this alias.
  return (body.data as { readonly result: unknown }).result;
}

async function createProject(): Promise<string> {
  const made = await ask(
    `mutation ($name: String!) {
      result: createOrganization(input: { name: $name }) {
        ... on CreateOrganizationSuccess { organization { id } }
      }
    }`,
    { name: `Acme ${randomUUID()}` },
  );
  // The fields that the document selects.
  const { organization } = made as { readonly organization: { readonly id: string } };
  const result = await ask(
    `mutation ($organizationId: ID!) {
      result: createProject(input: { organizationId: $organizationId, name: "Tracker" }) {
        ... on CreateProjectSuccess { project { ref } }
      }
    }`,
    { organizationId: organization.id },
  );
  // The fields that the document selects.
  return (result as { readonly project: { readonly ref: string } }).project.ref;
}

async function createKey(projectRef: string, scopes: readonly string[]): Promise<string> {
  const result = await ask(
    `mutation ($projectRef: ID!, $scopes: [String!]!) {
      result: createApiKey(input: { projectRef: $projectRef, name: "ci", kind: SECRET, scopes: $scopes }) {
        ... on CreateApiKeySuccess { secret }
      }
    }`,
    { projectRef, scopes },
  );
  // The fields that the document selects.
  return (result as { readonly secret: string }).secret;
}

interface Run {
  readonly key?: string;
  readonly stdin?: string;
}

/** Runs the command as `npm run tessera` does when it is started from another folder. */
async function tessera(args: readonly string[], { key = project.key, stdin = '' }: Run = {}) {
  const child = spawn(
    process.execPath,
    [join(projectRoot, 'gateway/scripts/tessera.mjs'), ...args],
    {
      cwd: projectRoot,
      env: {
        ...inheritedEnv(),
        npm_lifecycle_event: 'tessera',
        INIT_CWD: folder,
        TESSERA_URL: gateway.origin,
        TESSERA_KEY: key,
      },
      timeout: 60_000,
    },
  );
  child.stdin.end(stdin);
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    // The types that Node.js documents for this event.
    once(child, 'close') as Promise<[number | null]>,
  ]);
  expect(stdout + stderr).not.toContain(key);
  return { exitCode, stdout, stderr };
}

const schema = (command: string, ...more: readonly string[]) =>
  tessera(['schema', command, ...more]);

const withBody = `type Note @model {
  id: ID! @id
  title: String!
  body: String
}
`;
const withoutBody = withBody.replace('  body: String\n', '');

async function insertNotes(count: number): Promise<void> {
  await database.pool.query(
    `INSERT INTO p_${project.ref}.note (id, title, body)
     SELECT gen_random_uuid(), 'a note', 'its text' FROM generate_series(1, $1::int)`,
    [count],
  );
}

describe('the schema commands', () => {
  it('plan a schema, apply it, report no changes and pull it', async () => {
    await writeFile(file, withBody);
    const planned = await schema('plan');
    expect(planned).toMatchObject({ exitCode: 2, stderr: '' });
    expect(planned.stdout).toContain(`Tracker (${project.ref}): no schema yet`);
    expect(planned.stdout).toContain('+ Create a table for Note.');

    const applied = await schema('apply');
    expect(applied).toMatchObject({ exitCode: 0, stderr: '' });
    expect(applied.stdout).toContain('Applied as version 1.');
    await insertNotes(1);

    expect(await schema('plan')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('No changes.') as string,
    });
    expect(await schema('apply')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('No changes.') as string,
    });

    await rm(file);
    expect(await schema('pull')).toMatchObject({ exitCode: 0 });
    expect(await readFile(file, 'utf8')).toBe(withBody);
    expect(await schema('pull', '--file', '-')).toEqual({
      exitCode: 0,
      stdout: withBody,
      stderr: '',
    });
  });

  it('change rows only if the plan can be applied and DATA_LOSS is accepted', async () => {
    await writeFile(file, withBody);
    expect(await schema('apply')).toMatchObject({ exitCode: 0 });
    await insertNotes(3);

    await writeFile(file, withBody.replace('body: String', 'body: String\n  author: String!'));
    const violated = await schema('plan');
    expect(violated.stdout).toContain(
      'All rows violate this rule (3), so this step is certain to fail.',
    );
    expect(violated.stdout).not.toContain('--accept');
    expect((await schema('apply', '--accept', 'MAY_FAIL')).stderr).toContain(
      'This step is certain to fail, so it cannot be accepted: "Add Note.author (required String without a default). The table must be empty." All existing rows violate the new rule. Nothing was changed.',
    );

    await writeFile(file, withoutBody);
    const refused = await schema('apply');
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toMatch(/DATA_LOSS +3 +DROP_COLUMN Note\.body/);
    expect(refused.stderr).toContain('To apply: tessera schema apply --accept DATA_LOSS\n');
    const { rows } = await database.pool.query(`SELECT body FROM p_${project.ref}.note`);
    expect(rows).toHaveLength(3);

    expect(await schema('apply', '--accept', 'DATA_LOSS')).toMatchObject({ exitCode: 0 });
    const columns = await database.pool.query(
      `SELECT FROM information_schema.columns WHERE table_schema = $1 AND column_name = 'body'`,
      [`p_${project.ref}`],
    );
    expect(columns.rowCount).toBe(0);
  });

  it('let callers do more only if WIDENS_ACCESS is accepted', async () => {
    await writeFile(file, 'type Note @model { id: ID! @id text: String }');
    expect(await schema('apply')).toMatchObject({ exitCode: 0 });
    const rule = '@allow(to: READ, as: PUBLIC, where: { text: { eq: "x" } })';
    await writeFile(file, `type Note @model ${rule} { id: ID! @id text: String }`);
    const planned = await schema('plan');
    expect(planned.stdout).toContain(
      '  ~ Everyone can now read rows of `Note` where `text` equals `"x"`.\n      Rows that signed-out callers can read: 0 now, 0 after this plan.\n',
    );
    const refused = await schema('apply');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('To apply: tessera schema apply --accept WIDENS_ACCESS\n');
    expect(await schema('apply', '--accept', 'widens_access')).toMatchObject({ exitCode: 0 });
    expect(await schema('plan')).toMatchObject({ exitCode: 0 });
  });

  it('print JSON for programs', async () => {
    await writeFile(file, withBody);
    const planned = JSON.parse((await schema('plan', '--json')).stdout) as Outcome;
    expect(planned).toMatchObject({
      outcome: 'planned',
      project: { ref: project.ref },
      plan: { baseVersion: 0, steps: [{ kind: 'CREATE_TABLE', target: 'Note', hazard: 'NONE' }] },
    });
    const applied = JSON.parse((await schema('apply', '--json')).stdout) as Outcome;
    expect(applied).toMatchObject({ outcome: 'applied', schemaVersion: { number: 1 } });
    const unchanged = JSON.parse((await schema('plan', '--json')).stdout) as Outcome;
    expect(unchanged).toMatchObject({ outcome: 'unchanged', plan: { steps: [] } });
  });
});

it('prints the version in package.json', async () => {
  const { version } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  expect(await tessera(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
});

it('prints every error in a schema with its line and column', async () => {
  const broken = 'type Note @model {\n  id: ID! @id\n  owner: Person!\n  size: Number\n}\n';
  const { exitCode, stdout, stderr } = await tessera(['schema', 'plan', '--file', '-'], {
    stdin: broken,
  });
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(/<stdin>:3:\d+ error [A-Z_]+ .*Person/);
  expect(stderr).toContain('    3 |   owner: Person!\n      |          ^\n');
  expect(stderr).toMatch(/<stdin>:4:\d+ error [A-Z_]+ .*Number/);
  expect(stderr).toContain('2 errors in <stdin>. Nothing was changed.');
});

describe('API keys', () => {
  beforeEach(() => writeFile(file, withBody));

  it('rejects a key that does not exist', async () => {
    const { exitCode, stderr } = await tessera(['schema', 'plan'], {
      key: `tsk_${'0'.repeat(49)}`,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error UNAUTHENTICATED');
    expect(stderr).toContain('expired or revoked');
    expect(stderr).toMatch(/request id \S+/);
  });

  it('with only schema.read are accepted by plan but not by apply', async () => {
    const key = await createKey(project.ref, ['schema.read']);
    expect(await tessera(['schema', 'plan'], { key })).toMatchObject({ exitCode: 2 });
    const { exitCode, stderr } = await tessera(['schema', 'apply'], { key });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('The key needs the scope schema.apply.');
  });

  it('names the missing scope for a key that can only read data', async () => {
    const key = await createKey(project.ref, ['data.read']);
    const { exitCode, stderr } = await tessera(['schema', 'plan'], { key });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('The key needs the scope schema.read');
  });
});
