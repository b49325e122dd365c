import type { SchemaVersion } from '#prisma';
import type { hazards } from '../../engine/migrations.ts';
import { builder } from '../graphql/builder.ts';
import { ErrorInterface } from '../graphql/error-types.ts';
import {
  HazardNotAcceptedError,
  InvalidSchemaError,
  SchemaNotAppliedError,
  StalePlanError,
} from './schema-errors.ts';
import type { SchemaPlan, SchemaPlanStep } from './schema-plan.ts';
import type { SchemaVersionRecord } from './schema-version.ts';

export const HazardType = builder.enumType('Hazard', {
  description: 'What a step may do to data and to those who use it, from harmless to worst.',
  values: {
    NONE: { description: 'Nothing.' },
    LOCK: { description: 'Scans or rewrites a table while others wait for it.' },
    MAY_FAIL: { description: 'Rows may stand against it; then nothing of the plan is applied.' },
    DATA_LOSS: { description: 'Rows or values go for good.' },
  } satisfies Record<(typeof hazards)[number], { description: string }>,
});

const maxInt = 2 ** 31 - 1;

const PlanStep = builder.objectRef<SchemaPlanStep>('PlanStep').implement({
  description: 'One thing to be done to the tables.',
  authScopes: { viaParent: true },
  fields: (t) => ({
    kind: t.exposeString('kind', { description: 'Such as `ADD_COLUMN`.' }),
    target: t.exposeString('target', { description: 'In the words of the SDL: `Issue.title`.' }),
    summary: t.exposeString('summary', { description: 'A sentence for people.' }),
    sql: t.exposeString('sql', { description: 'What PostgreSQL is told, a statement a line.' }),
    hazard: t.expose('hazard', { type: HazardType }),
    affectedRows: t.int({
      nullable: true,
      description:
        'Rows that the hazard concerns, counted on the live data when the plan was made; null where there is none.',
      resolve: ({ affectedRows }) => affectedRows && Math.min(affectedRows, maxInt),
    }),
  }),
});

export const SchemaPlanType = builder.objectRef<SchemaPlan>('SchemaPlan').implement({
  description: "What has to be done to a project's tables so that they become those of an SDL.",
  authScopes: { viaParent: true },
  fields: (t) => ({
    hash: t.exposeString('hash', {
      description: 'Names this plan and no other; the counts are not part of it.',
    }),
    baseVersion: t.exposeInt('baseVersion', {
      description: 'The number of the version that it starts from; 0 where there is none.',
    }),
    steps: t.expose('steps', {
      type: [PlanStep],
      description: 'In order; none where the tables are as they should be.',
    }),
    hazards: t.expose('hazards', {
      type: [HazardType],
      description: 'All that have to be accepted, each once.',
    }),
  }),
});

/** What a version and the current schema have in common. */
export type AppliedSchema = Pick<SchemaVersion, 'appliedByKind' | 'appliedById' | 'appliedByName'> &
  Pick<SchemaVersionRecord, 'project'>;

const SchemaAuthorKind = builder.enumType('SchemaAuthorKind', {
  values: ['USER', 'API_KEY'] as const,
});

export const SchemaAuthor = builder.objectRef<AppliedSchema>('SchemaAuthor').implement({
  description: 'Who applied it, as they were called at the time.',
  authScopes: { viaParent: true },
  fields: (t) => ({
    kind: t.field({ type: SchemaAuthorKind, resolve: (schema) => schema.appliedByKind }),
    id: t.id({ resolve: (schema) => schema.appliedById }),
    label: t.string({
      nullable: true,
      description:
        "A user's address or a key's prefix; null for an address that the viewer, being a key, may not see.",
      resolve: async ({ project, appliedByKind, appliedByName }, _args, { access }) => {
        const mayKnow =
          appliedByKind === 'API_KEY' || (await access.mayOnProject(project, 'member:read'));
        return mayKnow ? appliedByName : null;
      },
    }),
  }),
});

const SchemaDiagnostic = builder
  .objectRef<InvalidSchemaError['diagnostics'][number]>('SchemaDiagnostic')
  .implement({
    description: 'One thing wrong with an SDL, and the way out.',
    authScopes: { viaParent: true },
    fields: (t) => ({
      code: t.exposeString('code', { description: 'For programs, such as `MISSING_ID`.' }),
      message: t.exposeString('message'),
      line: t.exposeInt('line', { description: 'From 1.' }),
      column: t.exposeInt('column', { description: 'From 1.' }),
      hint: t.exposeString('hint', { description: 'What to do instead.' }),
    }),
  });

builder.objectType(InvalidSchemaError, {
  name: 'InvalidSchemaError',
  description: 'The SDL cannot be read. Everything that is wrong with it is told at once.',
  interfaces: [ErrorInterface],
  authScopes: { viaParent: true },
  fields: (t) => ({
    diagnostics: t.field({
      type: [SchemaDiagnostic],
      description: 'In the order of the text.',
      resolve: (error) => [...error.diagnostics],
    }),
  }),
});

builder.objectType(StalePlanError, {
  name: 'StalePlanError',
  description: 'The hash is of another plan than the one that applies now.',
  interfaces: [ErrorInterface],
  authScopes: { viaParent: true },
  fields: (t) => ({ plan: t.expose('plan', { type: SchemaPlanType }) }),
});

builder.objectType(HazardNotAcceptedError, {
  name: 'HazardNotAcceptedError',
  interfaces: [ErrorInterface],
  authScopes: { viaParent: true },
  fields: (t) => ({
    hazards: t.field({
      type: [HazardType],
      description: 'Those that were not accepted.',
      resolve: (error) => [...error.hazards],
    }),
    plan: t.expose('plan', { type: SchemaPlanType }),
  }),
});

builder.objectType(SchemaNotAppliedError, {
  name: 'SchemaNotAppliedError',
  description: 'A step could not be done on the data that is there. Nothing was changed.',
  interfaces: [ErrorInterface],
  authScopes: { viaParent: true },
  fields: (t) => ({
    step: t.expose('step', {
      type: PlanStep,
      nullable: true,
      description:
        'The step that stopped it, with the rows in its way; null when the plan as a whole did.',
    }),
  }),
});
