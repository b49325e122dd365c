import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';

import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { useApp, type TestResponse } from '../../../test/app.ts';
import { walkSchema, type SchemaField } from '../../../test/schema-walk.ts';
import {
  seedSiblingKey,
  seedTenant,
  type SeededKey,
  type SeededTenant,
} from '../../../test/tenant.ts';
import { mutationInputs, queryVariables } from '../../../test/isolation-attempts.ts';
import table from './isolation-table.json' with { type: 'json' };

/**
 * Tries every query, mutation and edge of the printed schema. Each is tried as every kind of caller, with ids from the
 * caller's own tenant (`own`) and from another tenant (`foreign`). The outcomes are compared with isolation-table.json,
 * which is reviewed by people. The test fails if a field is missing from that table. The actual table is written to
 * .cache/ and never overwrites the committed one.
 */
const app = useApp();

const printed = readFileSync(new URL('../../../schema.graphql', import.meta.url), 'utf8');
const fields = walkSchema(buildSchema(printed));

const roles = ['VIEWER', 'DEVELOPER', 'ADMIN', 'OWNER'] as const;
const principals = [
  'anonymous',
  ...roles,
  'ownKey',
  'otherProjectKey',
  'expiredKey',
  'revokedKey',
] as const;
type Principal = (typeof principals)[number];
type Side = 'own' | 'foreign';
const checkedIn: Readonly<Record<string, Partial<Record<Side, string>>>> = table.rows;

/**
 * A tenant that also has a key for another project. All keys are marked as used, because otherwise their first use
 * could be recorded at any moment.
 */
interface Tenant extends SeededTenant {
  readonly siblingKey: SeededKey;
}

async function seed(): Promise<Tenant> {
  const tenant = await seedTenant(app.db);
  const siblingKey = await seedSiblingKey(app.db, tenant);
  await app.db.apiKey.updateMany({
    where: { project: { organizationId: tenant.organizationId } },
    data: { lastUsedAt: new Date() },
  });
  return { ...tenant, siblingKey };
}

/** Returns the credential that this kind of caller has in the tenant `home`. */
async function credentialOf(principal: Principal, home: Tenant): Promise<string | null> {
  switch (principal) {
    case 'anonymous':
      return null;
    case 'ownKey':
      return home.key.text;
    case 'otherProjectKey':
      return home.siblingKey.text;
    case 'expiredKey':
      return home.expiredKey.text;
    case 'revokedKey':
      return home.revokedKey.text;
    case 'VIEWER':
    case 'DEVELOPER':
    case 'ADMIN':
    case 'OWNER':
      return app.accessTokenFor(home.users[principal]);
  }
}

function attempt(
  field: SchemaField,
  target: Tenant,
  credential: string | null,
): Promise<TestResponse> {
  if (field.kind === 'query') {
    const variables = queryVariables[field.root];
    if (variables === undefined)
      throw new Error(`isolation-attempts.ts has no variables for ${field.root}.`);
    return app.graphql(field.document, variables(target), credential);
  }
  const input = mutationInputs[field.root];
  if (input === undefined) throw new Error(`isolation-attempts.ts has no input for ${field.root}.`);
  const given = input(target);
  return app.graphql(field.document, given === null ? {} : { input: given }, credential);
}

/** Returns `401 UNAUTHENTICATED`, `null`, `empty`, `shown`, or the type in a union of results. */
function outcomeOf(field: SchemaField, { status, body }: TestResponse): string {
  const [error] = body.errors ?? [];
  if (error !== undefined) return `${status} ${String(error.extensions?.code)}`;
  let values: unknown[] = [body.data];
  for (const step of field.path) {
    values = values.flatMap((value) => {
      if (value === null || value === undefined) return [null];
      // The data is plain JSON. The step `*` selects all items of a list.
      return step === '*' ? value : [(value as Record<string, unknown>)[step]];
    });
  }
  if (values.length === 0) return 'empty';
  const [first] = values;
  if (first === null || first === undefined) return 'null';
  const typename = (first as { __typename?: unknown }).__typename;
  return typeof typename === 'string' && /(?:Success|Error)$/.test(typename) ? typename : 'shown';
}

/** Returns the outcome of accessing a field as one of `principals`. */
type TryAs = (principal: Principal) => Promise<string>;
const actual: Record<string, Partial<Record<Side, string>>> = {};

async function compareRow(field: SchemaField, side: Side, tryAs: TryAs): Promise<void> {
  const outcomes: string[] = [];
  for (const principal of principals) outcomes.push(await tryAs(principal));
  const row = outcomes.join(' | ');
  actual[field.coordinate] = { ...actual[field.coordinate], [side]: row };
  expect(row, `${field.coordinate}, ${side}`).toBe(checkedIn[field.coordinate]?.[side]);
}

let shared: { home: Tenant; neighbour: Tenant };
beforeAll(async () => {
  shared = { home: await seed(), neighbour: await seed() };
});
afterAll(async () => {
  const found = { columns: principals.join(' | '), rows: actual };
  await mkdir('.cache', { recursive: true });
  await writeFile('.cache/isolation-table.json', `${JSON.stringify(found, null, 2)}\n`);
});

/**
 * Provides the tenants for the tests of a field, one test per kind of caller. All queries share the same tenants. A
 * mutation gets new tenants after each call that was not refused, because the call may have changed the tenants.
 */
function createTenantSource(field: SchemaField) {
  let current: typeof shared | null = field.kind === 'query' ? shared : null;
  return {
    next: async (): Promise<typeof shared> =>
      (current ??= { home: await seed(), neighbour: await seed() }),
    used(outcome: string): void {
      const wasRefused = outcome.startsWith('4') || outcome.endsWith('Error');
      if (field.kind === 'mutation' && !wasRefused) current = null;
    },
  };
}

describe('the isolation table', () => {
  it('has exactly one row for every field in the printed schema', () => {
    expect(Object.keys(checkedIn).sort()).toEqual(fields.map((field) => field.coordinate).sort());
    expect(table.columns).toBe(principals.join(' | '));
  });
});

describe("with ids from the caller's own tenant", () => {
  it.each(fields)('$coordinate', async (field) => {
    const tenants = createTenantSource(field);
    await compareRow(field, 'own', async (principal) => {
      const { home } = await tenants.next();
      const credential = await credentialOf(principal, home);
      const outcome = outcomeOf(field, await attempt(field, home, credential));
      tenants.used(outcome);
      return outcome;
    });
  });
});

describe('with ids from another tenant', () => {
  it.each(fields)('$coordinate', async (field) => {
    const tenants = createTenantSource(field);
    await compareRow(field, 'foreign', async (principal) => {
      const { home, neighbour: target } = await tenants.next();
      const before = field.kind === 'mutation' ? await app.snapshotOf(target) : null;
      const credential = await credentialOf(principal, home);
      const response = await attempt(field, target, credential);
      expectNoCanary(response, target, field);
      if (before !== null) expect(await app.snapshotOf(target)).toEqual(before);
      const outcome = outcomeOf(field, response);
      tenants.used(outcome);
      return outcome;
    });
  });
});

describe('the total count of a list', () => {
  it('does not change when another tenant adds items', async () => {
    const { home } = shared;
    const credential = await app.accessTokenFor(home.users.OWNER);
    const count = () =>
      app.graphql(
        `query ($slug: String!) {
          viewer { organizations { totalCount } sessions { totalCount } }
          organization(slug: $slug) {
            members { totalCount } projects { totalCount nodes { apiKeys { totalCount } } }
            invitations { totalCount } auditLog { totalCount }
          }
        }`,
        { slug: home.slug },
        credential,
      );
    const before = await count();
    expect(before.body.errors).toBeUndefined();
    await seed();
    expect((await count()).text).toBe(before.text);
  });
});

/** Checks that neither the raw response nor the decoded cursors in it contain the data of the tenant `target`. */
function expectNoCanary(response: TestResponse, target: Tenant, field: SchemaField): void {
  // Anyone with an invitation's token is allowed to see the invitation.
  if (field.root === 'invitation') return;
  const cursors = [...response.text.matchAll(/"[a-zA-Z]*[cC]ursor":"([^"]+)"/g)].map(([, cursor]) =>
    Buffer.from(cursor ?? '', 'base64url').toString('utf8'),
  );
  for (const secret of [
    target.canary,
    target.organizationId,
    target.project.id,
    target.key.text,
    ...roles.flatMap((role) => [target.users[role].userId, target.users[role].sessionId]),
  ]) {
    expect(response.text).not.toContain(secret);
    expect(response.headers).not.toContain(secret);
    expect(cursors.join('\n')).not.toContain(secret);
  }
}
