import { beforeEach, describe, expect, it } from 'vitest';

import { useApp } from '../../../test/app.ts';
import { untilWaiting, whileHolding } from '../../../test/locks.ts';
import { emptyProject, schemaAsks } from '../../../test/schema-asks.ts';
import { seedTenant, type SeededTenant } from '../../../test/tenant.ts';

const app = useApp();
let tenant: SeededTenant;
let project: Awaited<ReturnType<typeof emptyProject>>;
let schema: ReturnType<typeof schemaAsks>;
beforeEach(async () => {
  tenant = await seedTenant(app.db);
  project = await emptyProject(app, tenant);
  schema = schemaAsks(app, project.ref, await app.accessTokenFor(tenant.users.DEVELOPER));
});

const t = (fields: string) => `type T @model { id: ID! @id ${fields} }`;
const users = (fields: string) => `type User @model @user { id: ID! @id ${fields} }`;

describe('a schema without the field by which a trusted issuer finds users', () => {
  const trustIssuer = () =>
    app.db.projectAccessSettings.create({
      data: {
        projectId: project.id,
        trustedIssuers: [
          {
            issuer: 'https://login.example/',
            audience: 'app',
            jwksUrl: null,
            algorithms: ['RS256'],
            userClaim: 'sub',
            userField: 'authId',
            claims: [],
          },
        ],
      },
    });
  const refusal = {
    __typename: 'InvalidSchemaError',
    code: 'INVALID_SCHEMA',
    message:
      'The trusted issuer https://login.example/ finds users by the field authId, but no model has @user.',
  };

  it('is refused when it is planned', async () => {
    await trustIssuer();
    expect(await schema.plan(t('f: Int'))).toEqual({
      ...refusal,
      diagnostics: [
        {
          code: 'USER_FIELD_IN_USE',
          message: refusal.message,
          line: 1,
          column: 1,
          hint: 'Keep the field. To replace it, add the new field first, change the trusted issuers in the settings of the project, and then remove the old field.',
        },
      ],
    });
  });

  it('is refused at the line of the @user model, until the issuer uses another field', async () => {
    const before = users('authId: String @unique other: String @unique');
    await schema.change(before);
    await trustIssuer();
    expect((await schema.plan(before)).__typename).toBe('PlanSchemaSuccess');
    const next = `# A comment.\n${users('authId: String other: String @unique')}`;
    expect(await schema.plan(next)).toMatchObject({
      message:
        'The trusted issuer https://login.example/ finds users by User.authId, which is not a unique field of this schema.',
      diagnostics: [{ code: 'USER_FIELD_IN_USE', line: 2, column: 18 }],
    });
    await app.db.projectAccessSettings.deleteMany({ where: { projectId: project.id } });
    expect((await schema.plan(next)).__typename).toBe('PlanSchemaSuccess');
  });

  it('is refused if the issuer is added while the schema is applied', async () => {
    await schema.change(t('f: Int'));
    const next = t('f: Int g: Int');
    const { plan } = await schema.plan(next);
    const hold = { sql: `LOCK TABLE "${project.names.schema}".t IN ACCESS SHARE MODE` };
    const applied = await whileHolding(app.database.pool, hold, async () => {
      const result = schema.apply(next, plan?.hash ?? '');
      await untilWaiting(app.database.pool, 1);
      await trustIssuer();
      return { result };
    });
    expect(await applied.result).toEqual(refusal);
    const columns = await app.database.pool.query(
      'SELECT column_name FROM information_schema.columns WHERE table_schema = $1 ORDER BY 1',
      [project.names.schema],
    );
    expect(columns.rows).toEqual([{ column_name: 'f' }, { column_name: 'id' }]);
    const where = { projectId: project.id, action: 'schema.apply' };
    expect(await app.db.auditEntry.count({ where })).toBe(1);
  });
});
