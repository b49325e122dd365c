import { beforeEach, describe, expect, it } from 'vitest';

import { useApp } from '../../../test/app.ts';
import { trustIssuers } from '../../../test/project-settings.ts';
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

const sdl = (rules: string, fields = '') => `
type User @model @user { id: ID! @id team: String }
type Post @model ${rules} { id: ID! @id n: Int teamName: String ${fields} }`;

/** Rows of `Post` with `n` from 1. */
const insertRows = (count: number) =>
  app.database.pool.query(
    `INSERT INTO "${project.names.schema}".post (id, n)
     SELECT gen_random_uuid(), n FROM generate_series(1, ${count}) AS n`,
  );

const stepsOf = async (text: string) =>
  (await schema.plan(text)).plan?.steps.map(({ kind, hazard, sql, affectedRows, publicRows }) => ({
    kind,
    hazard,
    sql,
    affectedRows,
    publicRows,
  }));

const exactly = (rows: number) => ({ rows, isExact: true });
const step = { kind: 'ACCESS', hazard: 'NONE', sql: '', affectedRows: null };
const widens = { ...step, hazard: 'WIDENS_ACCESS' };

describe('a plan with access rules', () => {
  it('counts the rows that everyone can read before and after', async () => {
    await schema.change(sdl(''));
    await insertRows(10);
    const some = sdl('@allow(to: READ, as: PUBLIC, where: { n: { gt: 7 } })');
    expect(await stepsOf(some)).toEqual([
      { ...widens, publicRows: { before: exactly(0), after: exactly(3) } },
    ]);
    await schema.change(some);
    const fewer = sdl(
      '@allow(to: READ, as: PUBLIC, where: { n: { gt: 7 }, teamName: { eq: "x" } })',
    );
    const counts = { before: exactly(3), after: exactly(0) };
    expect(await stepsOf(fewer)).toEqual([
      { ...step, publicRows: counts },
      { ...step, publicRows: counts },
    ]);
    expect(await stepsOf(sdl('@allow(to: READ, where: { n: { gt: 7 } })'))).toEqual([
      { ...step, publicRows: { before: exactly(3), after: exactly(0) } },
    ]);
  });

  it('says that there are more rows than it counts', async () => {
    await schema.change(sdl(''));
    await insertRows(100_001);
    expect(await stepsOf(sdl('@allow(to: READ, as: PUBLIC)'))).toEqual([
      {
        ...widens,
        publicRows: { before: exactly(0), after: { rows: 100_000, isExact: false } },
      },
    ]);
  });

  it('counts no rows with rules that need columns which do not exist yet', async () => {
    await schema.change(sdl(''));
    const next = sdl('@allow(to: READ, as: PUBLIC, where: { more: { eq: 1 } })', 'more: Int');
    const steps = await stepsOf(next);
    expect(steps?.map(({ kind }) => kind)).toEqual(['ADD_COLUMN', 'ACCESS']);
    expect(steps?.at(-1)?.publicRows).toEqual({ before: exactly(0), after: null });
  });

  it('is only applied if the hazard is accepted', async () => {
    await schema.change(sdl(''));
    const next = sdl('@allow(to: READ)');
    const { plan } = await schema.plan(next);
    expect(plan?.hazards).toEqual(['WIDENS_ACCESS']);
    expect(await schema.apply(next, plan?.hash ?? '', ['LOCK'])).toMatchObject({
      __typename: 'HazardNotAcceptedError',
      hazards: ['WIDENS_ACCESS'],
    });
    expect(await schema.apply(next, plan?.hash ?? '', ['WIDENS_ACCESS'])).toMatchObject({
      __typename: 'ApplySchemaSuccess',
      schemaVersion: { number: 2, plan: { hazards: ['WIDENS_ACCESS'] } },
    });
    expect(await schema.plan(next)).toMatchObject({ plan: { steps: [], hazards: [], notes: [] } });

    // Going back is a change too.
    const { plan: back } = await schema.plan(sdl(''));
    expect(back).toMatchObject({ hazards: [], steps: [{ kind: 'ACCESS', hazard: 'NONE' }] });
  });

  it('is another plan for other rules, so that a reviewed plan cannot apply them', async () => {
    await schema.change(sdl(''));
    const reviewed = await schema.plan(sdl('@allow(to: READ, where: { n: { eq: 1 } })'));
    const other = sdl('@allow(to: READ, where: { n: { eq: 2 } })');
    expect(await schema.apply(other, reviewed.plan?.hash ?? '', ['WIDENS_ACCESS'])).toMatchObject({
      __typename: 'StalePlanError',
    });
  });

  it('has a note for a column without an index', async () => {
    const next = sdl('@allow(to: READ, where: { teamName: { eq: "$user.team" } })');
    expect((await schema.plan(next)).plan?.notes).toEqual([
      {
        kind: 'INDEX',
        target: 'Post',
        summary:
          'Access rules look for rows of `Post` by `teamName`, which has no index. Add `@index(fields: ["teamName"])` to `Post`.',
        directive: '@index(fields: ["teamName"])',
      },
    ]);
  });

  it('has a note for a removed claim that a trusted issuer maps', async () => {
    const claims = (fields: string) =>
      `type User @model @user { id: ID! @id } type Claims @claims { ${fields} }`;
    await schema.change(claims('role: String orgs: [ID!]'));
    const issuer = {
      issuer: 'https://login.example/',
      audience: 'app',
      jwksUrl: null,
      algorithms: ['RS256'] as const,
      userClaim: 'sub',
      userField: 'id',
      claims: ['role', 'orgs'].map((name) => ({ name, path: name })),
    };
    await trustIssuers(app, { ref: project.ref, tenant }, [issuer]);
    const next = claims('role: String');
    const { plan } = await schema.plan(next);
    expect(plan?.hazards).toEqual([]);
    expect(plan?.notes.map(({ kind, target }) => [kind, target])).toEqual([['CLAIM', 'orgs']]);
    expect(plan?.notes[0]?.summary).toContain('`https://login.example/` maps the claim `orgs`');
    // The note is advice, and is shown once.
    expect(await schema.change(next)).toMatchObject({ __typename: 'ApplySchemaSuccess' });
    expect((await schema.plan(next)).plan?.notes).toEqual([]);
  });
});
