import type { SchemaVersion } from '#prisma';
import type { CountedPublicRows, RowCount } from '../../data-plane/schema.ts';
import type { hazards } from '../../engine/migrations.ts';
import { builder } from '../graphql/builder.ts';
import { ErrorInterface } from '../graphql/error-types.ts';
import {
  HazardNotAcceptedError,
  InvalidSchemaError,
  SchemaNotAppliedError,
  StalePlanError,
} from './schema-errors.ts';
import type {
  SchemaPlan,
  SchemaPlanNote,
  SchemaPlanStep,
  SchemaRenameSuggestion,
} from './schema-plan.ts';
import type { SchemaVersionRecord } from './schema-version.ts';

export const HazardType = builder.enumType('Hazard', {
  description:
    "A step's possible effect on data and concurrent requests, from the least to the most severe.",
  values: {
    NONE: { description: 'No hazard.' },
    LOCK: { description: 'Blocks other statements while a table is scanned or rewritten.' },
    MAY_FAIL: {
      description:
        'The step fails if existing rows violate the new rule. In that case, nothing is applied.',
    },
    WIDENS_ACCESS: {
      description: 'Callers with access rules may be able to do more than before.',
    },
    DATA_LOSS: { description: 'Permanently deletes rows or values.' },
  } satisfies Record<(typeof hazards)[number], { description: string }>,
});

const maxInt = 2 ** 31 - 1;

const RowCountType = builder.objectRef<RowCount>('RowCount').implement({
  description: 'A number of rows in the live data.',
  authScopes: { viaParent: true },
  fields: (t) => ({
    rows: t.exposeInt('rows'),
    isExact: t.exposeBoolean('isExact', {
      description: 'If false, there are more rows. Counting takes a limited time.',
    }),
  }),
});

const PublicRowCounts = builder.objectRef<CountedPublicRows>('PublicRowCounts').implement({
  description: 'How many rows callers who are signed out can read.',
  authScopes: { viaParent: true },
  fields: (t) => ({
    before: t.expose('before', {
      type: RowCountType,
      nullable: true,
      description: 'With the current rules. Null if the rows could not be counted.',
    }),
    after: t.expose('after', {
      type: RowCountType,
      nullable: true,
      description:
        'With the next rules. Null if the rows could not be counted, for example because the plan also changes tables.',
    }),
  }),
});

const PlanNoteType = builder.objectRef<SchemaPlanNote>('PlanNote').implement({
  description: 'Advice about the access rules of the schema. It is not a hazard.',
  authScopes: { viaParent: true },
  fields: (t) => ({
    kind: t.field({
      type: builder.enumType('PlanNoteKind', {
        values: {
          CLAIM: { description: 'Trusted issuers map a claim that the schema no longer has.' },
          INDEX: { description: 'Rules look for rows by a column without an index.' },
          CASCADE: {
            description:
              'Deleting a row also deletes rows of a model with rules, which do not decide about it.',
          },
        } satisfies Record<SchemaPlanNote['kind'], { description: string }>,
      }),
      resolve: ({ kind }) => kind,
    }),
    target: t.exposeString('target', {
      description: 'The model or the claim that the note is about.',
    }),
    summary: t.exposeString('summary', { description: 'A sentence that explains the note.' }),
    directive: t.exposeString('directive', {
      nullable: true,
      description: 'The directive to add to `target`. Null if there is none.',
    }),
  }),
});

const PlanStep = builder.objectRef<SchemaPlanStep>('PlanStep').implement({
  description: 'One change to the tables, or of what the access rules permit (`ACCESS`).',
  authScopes: { viaParent: true },
  fields: (t) => ({
    kind: t.exposeString('kind', {
      description: 'The kind of step, for example `ADD_COLUMN`.',
    }),
    target: t.exposeString('target', {
      description: 'The name in the SDL, for example `Issue.title`.',
    }),
    summary: t.exposeString('summary', { description: 'A sentence that describes the step.' }),
    sql: t.exposeString('sql', {
      description: 'The SQL statements of the step, one per line. Empty for `ACCESS`.',
    }),
    hazard: t.expose('hazard', { type: HazardType }),
    affectedRows: t.int({
      nullable: true,
      description:
        'The number of rows in the live data that the hazard affects, counted when the plan was created. Null if there is no hazard.',
      resolve: ({ affectedRows }) => affectedRows && Math.min(affectedRows, maxInt),
    }),
    certain: t.exposeBoolean('certain', {
      description:
        'Whether the step is certain to fail, because all existing rows violate the new rule. Such a plan cannot be applied, even if `MAY_FAIL` is accepted.',
    }),
    publicRows: t.expose('publicRows', {
      type: PublicRowCounts,
      nullable: true,
      description:
        'The rows that callers who are signed out can read. Null unless the step may change which ones.',
    }),
  }),
});

const RenameSuggestion = builder.objectRef<SchemaRenameSuggestion>('RenameSuggestion').implement({
  description:
    'A type or field that the plan drops, and a similar one that it adds. With `@rename`, the data is kept.',
  authScopes: { viaParent: true },
  fields: (t) => ({
    target: t.exposeString('target', {
      description: 'The added type or field, for example `Photo.photoLink`.',
    }),
    from: t.exposeString('from', {
      description: 'The dropped type or field, for example `Photo.photoUrl`.',
    }),
    directive: t.exposeString('directive', {
      description: 'The directive to add to `target`, for example `@rename(from: "photoUrl")`.',
    }),
    summary: t.exposeString('summary', {
      description: 'A sentence that explains the suggestion.',
    }),
  }),
});

export const SchemaPlanType = builder.objectRef<SchemaPlan>('SchemaPlan').implement({
  description: "The steps that migrate a project's tables to a schema.",
  authScopes: { viaParent: true },
  fields: (t) => ({
    hash: t.exposeString('hash', {
      description: 'Identifies the plan. The row counts are not part of the hash.',
    }),
    baseVersion: t.exposeInt('baseVersion', {
      description: 'The number of the version that the plan starts from. 0 if there is none.',
    }),
    steps: t.expose('steps', {
      type: [PlanStep],
      description: 'The steps, in order. Empty if the tables already match the schema.',
    }),
    hazards: t.expose('hazards', {
      type: [HazardType],
      description: 'The hazards that must be accepted, without duplicates.',
    }),
    suggestions: t.expose('suggestions', {
      type: [RenameSuggestion],
      description: 'Renames that would keep data that the plan drops.',
    }),
    notes: t.expose('notes', {
      type: [PlanNoteType],
      description: 'Advice about the access rules, as far as it is new with this schema.',
    }),
  }),
});

/** The properties that a version and the current schema have in common. */
export type AppliedSchema = Pick<SchemaVersion, 'appliedByKind' | 'appliedById' | 'appliedByName'> &
  Pick<SchemaVersionRecord, 'project'>;

const SchemaAuthorKind = builder.enumType('SchemaAuthorKind', {
  values: ['USER', 'API_KEY'] as const,
});

export const SchemaAuthor = builder.objectRef<AppliedSchema>('SchemaAuthor').implement({
  description: 'The user or key that applied the schema, with its label at that time.',
  authScopes: { viaParent: true },
  fields: (t) => ({
    kind: t.field({ type: SchemaAuthorKind, resolve: (schema) => schema.appliedByKind }),
    id: t.id({ resolve: (schema) => schema.appliedById }),
    label: t.string({
      nullable: true,
      description:
        'The email address of a user, or the prefix of a key. Null if the viewer is a key, which cannot see email addresses.',
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
    description: 'A problem found in the schema.',
    authScopes: { viaParent: true },
    fields: (t) => ({
      code: t.exposeString('code', {
        description: 'A machine-readable code, for example `MISSING_ID`.',
      }),
      message: t.exposeString('message'),
      line: t.exposeInt('line', { description: 'The line number, starting at 1.' }),
      column: t.exposeInt('column', { description: 'The column number, starting at 1.' }),
      hint: t.exposeString('hint', { description: 'How to fix the problem.' }),
    }),
  });

builder.objectType(InvalidSchemaError, {
  name: 'InvalidSchemaError',
  description: 'The SDL is invalid. The error lists all problems.',
  interfaces: [ErrorInterface],
  authScopes: { viaParent: true },
  fields: (t) => ({
    diagnostics: t.field({
      type: [SchemaDiagnostic],
      description: 'The problems, in the order in which they appear in the SDL.',
      resolve: (error) => [...error.diagnostics],
    }),
  }),
});

builder.objectType(StalePlanError, {
  name: 'StalePlanError',
  description: 'The hash does not match the current plan.',
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
      description: 'The hazards that were not accepted.',
      resolve: (error) => [...error.hazards],
    }),
    plan: t.expose('plan', { type: SchemaPlanType }),
  }),
});

builder.objectType(SchemaNotAppliedError, {
  name: 'SchemaNotAppliedError',
  description: 'A step failed because of the existing data. Nothing was changed.',
  interfaces: [ErrorInterface],
  authScopes: { viaParent: true },
  fields: (t) => ({
    step: t.expose('step', {
      type: PlanStep,
      nullable: true,
      description:
        'The step that failed, with the number of rows that prevent it. Null if the plan as a whole failed.',
    }),
  }),
});
