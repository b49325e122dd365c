import { expect } from 'vitest';

import { createProjectSchema } from '../src/data-plane/schema.ts';
import { projectNames } from '../src/engine/migrations.ts';
import type { TestApp, TestResponse } from './app.ts';
import { seedSiblingKey, type SeededTenant } from './tenant.ts';

const rows = '{ rows isExact }';
const publicRows = `publicRows { before ${rows} after ${rows} }`;
const step = `kind target summary sql hazard affectedRows certain ${publicRows}`;
const notes = 'notes { kind target summary directive }';
const plan = `hash baseVersion hazards steps { ${step} } suggestions { target from directive summary } ${notes}`;
const version =
  'id number sdl appliedAt appliedBy { kind id label } plan { hash baseVersion hazards }';

const planDocument = `mutation ($input: PlanSchemaInput!) {
  result: planSchema(input: $input) {
    __typename
    ... on Error { message code }
    ... on InvalidSchemaError { diagnostics { code message line column hint } }
    ... on PlanSchemaSuccess { plan { ${plan} } }
  }
}`;

const applyDocument = `mutation ($input: ApplySchemaInput!) {
  result: applySchema(input: $input) {
    __typename
    ... on Error { message code }
    ... on StalePlanError { plan { ${plan} } }
    ... on HazardNotAcceptedError { hazards plan { ${plan} } }
    ... on SchemaNotAppliedError { step { ${step} } }
    ... on ApplySchemaSuccess { schemaVersion { ${version} } }
  }
}`;

interface ShownPlan {
  readonly hash: string;
  readonly baseVersion: number;
  readonly hazards: readonly string[];
  readonly steps: readonly {
    readonly kind: string;
    readonly target: string;
    readonly sql: string;
    readonly hazard: string;
    readonly affectedRows: number | null;
    readonly certain: boolean;
    readonly publicRows: unknown;
  }[];
  readonly notes: readonly {
    readonly kind: string;
    readonly target: string;
    readonly summary: string;
    readonly directive: string | null;
  }[];
  readonly suggestions: readonly { readonly target: string; readonly directive: string }[];
}

/** The result of `planSchema` or `applySchema`. The members depend on `__typename`. */
export interface SchemaResult {
  readonly __typename: string;
  readonly code?: string;
  readonly message?: string;
  readonly diagnostics?: readonly Readonly<Record<string, unknown>>[];
  readonly hazards?: readonly string[];
  readonly plan?: ShownPlan;
  readonly step?: { readonly target: string; readonly affectedRows: number | null } | null;
  readonly schemaVersion?: {
    readonly id: string;
    readonly number: number;
    readonly appliedBy: unknown;
  };
}

const everyHazard = ['LOCK', 'MAY_FAIL', 'WIDENS_ACCESS', 'DATA_LOSS'];

/**
 * Returns functions that plan and apply schemas over HTTP, always for the same project and with the same credential.
 */
export function schemaAsks(app: TestApp, ref: string, credential: string) {
  const send = (document: string, input: Readonly<Record<string, unknown>>) =>
    app.graphql(document, { input: { projectRef: ref, ...input } }, credential);

  const plan = async (sdl: string) => resultOf(await send(planDocument, { sdl }));
  const apply = async (sdl: string, planHash: string, acceptHazards = everyHazard) =>
    resultOf(await send(applyDocument, { sdl, planHash, acceptHazards }));

  return {
    plan,
    apply,
    /** These functions return the `extensions.code` of a rejected call. */
    refusal: {
      plan: async (sdl: string) => codeOf(await send(planDocument, { sdl })),
      apply: async (sdl: string, planHash: string) =>
        codeOf(await send(applyDocument, { sdl, planHash, acceptHazards: everyHazard })),
    },
    /** Plans a schema and applies the plan, accepting all hazards. */
    async change(sdl: string): Promise<SchemaResult> {
      const { plan: planned, ...rest } = await plan(sdl);
      if (planned === undefined) throw new Error(JSON.stringify(rest, null, 2));
      return apply(sdl, planned.hash);
    },
  };
}

function resultOf({ body }: TestResponse): SchemaResult {
  expect(body.errors).toBeUndefined();
  // Both documents select only `result`.
  return (body.data as { readonly result: SchemaResult }).result;
}

function codeOf({ body }: TestResponse): unknown {
  return body.errors?.[0]?.extensions?.['code'];
}

/** Creates a second project for a seeded tenant. It has a PostgreSQL schema and a key, but no schema version. */
export async function emptyProject(app: TestApp, tenant: SeededTenant) {
  const key = await seedSiblingKey(app.db, tenant);
  const { project } = await app.db.apiKey.findUniqueOrThrow({
    where: { id: key.id },
    include: { project: true },
  });
  const names = projectNames(project.ref);
  await createProjectSchema(app.database.pool, names);
  return { id: project.id, ref: project.ref, names, key };
}
