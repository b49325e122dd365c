import { beforeEach, describe, expect, it } from 'vitest';

import { useApp } from '../../../test/app.ts';
import { untilWaiting, whileHolding } from '../../../test/locks.ts';
import { emptyProject, schemaAsks } from '../../../test/schema-asks.ts';
import { seedTenant, type SeededTenant } from '../../../test/tenant.ts';

const app = useApp();
let tenant: SeededTenant;
let project: Awaited<ReturnType<typeof emptyProject>>;
beforeEach(async () => {
  tenant = await seedTenant(app.db);
  project = await emptyProject(app, tenant);
});

/** Sets the scopes of the project's key and returns a client that uses it. */
const keyWith = async (...scopes: string[]) => {
  await app.db.apiKey.update({ where: { id: project.key.id }, data: { scopes } });
  return schemaAsks(app, project.ref, project.key.text);
};

const sdl = 'type T @model { id: ID! @id f: Int }';

const readSchema = async (credential: string) => {
  const { body } = await app.graphql(
    `query ($ref: ID!) { project(ref: $ref) {
      schema { version appliedBy { kind id label } }
      schemaVersions { nodes { number } }
    } }`,
    { ref: project.ref },
    credential,
  );
  return body;
};

describe('an API key', () => {
  it('can plan and apply with schema.apply, and is recorded as the author', async () => {
    const schema = await keyWith('schema.apply');
    const { id } = project.key;
    const { prefix } = await app.db.apiKey.findUniqueOrThrow({ where: { id } });
    expect(await schema.change(sdl)).toMatchObject({
      __typename: 'ApplySchemaSuccess',
      schemaVersion: { appliedBy: { kind: 'API_KEY', id, label: prefix } },
    });
    const [entry] = await app.db.auditEntry.findMany({
      where: { action: 'schema.apply', actorId: id },
    });
    expect(entry).toMatchObject({
      actorKind: 'API_KEY',
      actorLabel: prefix,
      projectId: project.id,
    });
  });

  it('can plan and read with schema.read, but not apply', async () => {
    const schema = await keyWith('schema.read');
    const { plan } = await schema.plan(sdl);
    expect(plan?.steps).toHaveLength(1);
    expect(await schema.refusal.apply(sdl, plan?.hash ?? '')).toBe('FORBIDDEN');
    expect(await readSchema(project.key.text)).toEqual({
      data: { project: { schema: null, schemaVersions: { nodes: [] } } },
    });
  });

  it('cannot plan or apply with only data scopes', async () => {
    const schema = await keyWith('data.read', 'data.write');
    expect(await schema.refusal.plan(sdl)).toBe('FORBIDDEN');
    expect(await schema.refusal.apply(sdl, 'x')).toBe('FORBIDDEN');
    const { errors = [] } = await readSchema(project.key.text);
    expect(errors.map(({ extensions }) => extensions?.['code'])).toContain('FORBIDDEN');
  });

  it("cannot see members' email addresses", async () => {
    const developer = await app.accessTokenFor(tenant.users.DEVELOPER);
    await schemaAsks(app, project.ref, developer).change(sdl);
    const { userId: id } = tenant.users.DEVELOPER;
    expect(await readSchema(project.key.text)).toMatchObject({
      data: { project: { schema: { appliedBy: { kind: 'USER', id, label: null } } } },
    });
  });

  it('can access only its own project', async () => {
    const schema = schemaAsks(app, tenant.project.ref, project.key.text);
    expect(await schema.plan(sdl)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await schema.apply(sdl, 'x')).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('cannot complete an apply if it is revoked in the meantime, and the revocation does not wait', async () => {
    const schema = await keyWith('schema.apply');
    await schema.change(sdl);
    const next = 'type T @model { id: ID! @id }';
    const { plan } = await schema.plan(next);
    const hold = { sql: `LOCK TABLE "${project.names.schema}".t IN ACCESS SHARE MODE` };
    const { refused } = await whileHolding(app.database.pool, hold, async () => {
      const refused = schema.refusal.apply(next, plan?.hash ?? '');
      await untilWaiting(app.database.pool, 1);
      const { body } = await app.graphql(
        'mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { __typename } }',
        { id: project.key.id },
        await app.accessTokenFor(tenant.users.DEVELOPER),
      );
      expect(body).toEqual({ data: { revokeApiKey: { __typename: 'RevokeApiKeySuccess' } } });
      return { refused };
    });
    expect(await refused).toBe('UNAUTHENTICATED');
    expect(await app.db.schemaVersion.count({ where: { projectId: project.id } })).toBe(1);
  });
});

describe('a member', () => {
  it('cannot plan or apply with the role VIEWER', async () => {
    const schema = schemaAsks(app, project.ref, await app.accessTokenFor(tenant.users.VIEWER));
    expect(await schema.refusal.plan(sdl)).toBe('FORBIDDEN');
    expect(await schema.refusal.apply(sdl, 'x')).toBe('FORBIDDEN');
  });
});
