import type {
  DescribedRule,
  EffectiveRight,
  EffectiveRights,
  extents,
  FieldRights,
  ModelRights,
  ruleKinds,
} from '../../engine/schema.ts';
import { NotFoundError, ValidationError } from '../errors/expected-error.ts';
import { AccessOperation, Audience } from '../graphql/access-enums.ts';
import { builder } from '../graphql/builder.ts';
import { limiterOf } from '../graphql/field-limits.ts';
import { InvalidSchemaError } from './schema-errors.ts';

type Described<Name extends string> = Record<Name, { description: string }>;

const AccessExtent = builder.enumType('AccessExtent', {
  description: 'The rows or values for which an operation is possible.',
  values: {
    NONE: { description: 'None. The operation is not in the API of these callers.' },
    SOME: { description: 'Those for which the rules hold.' },
    ALL: { description: 'All.' },
  } satisfies Described<(typeof extents)[number]>,
});

const AccessRuleKind = builder.enumType('AccessRuleKind', {
  values: {
    ALLOW: { description: 'From `@allow`: an alternative that permits operations.' },
    REQUIRE: { description: 'From `@require`: a condition that must hold as well.' },
    PRESET: { description: 'From `@preset`: the value is set, and callers cannot write it.' },
    PRIVATE: { description: 'From `@private`: callers can neither read nor write the field.' },
    GUARDED: {
      description:
        'Rules read the field to decide what the caller can do, so callers cannot write it.',
    },
    SIGN_UP: { description: 'From `@signUp`: new users can set the field in their own row.' },
  } satisfies Described<(typeof ruleKinds)[number]>,
});

const AccessRule = builder.objectRef<DescribedRule>('AccessRule').implement({
  description: 'An access rule of a model or a field.',
  authScopes: { viaParent: true },
  fields: (t) => ({
    kind: t.expose('kind', { type: AccessRuleKind }),
    operations: t.field({ type: [AccessOperation], resolve: (rule) => [...rule.operations] }),
    audience: t.expose('audience', {
      type: Audience,
      nullable: true,
      description: 'Null if the rule is for all callers.',
    }),
    line: t.exposeInt('line', { description: 'The line in the SDL, starting at 1.' }),
    sentence: t.exposeString('sentence', {
      description:
        'The rule in words. Names and values are in backticks: "Signed-in users can read rows where `ownerId` equals their `id`."',
    }),
  }),
});

const EffectiveRightType = builder.objectRef<EffectiveRight>('EffectiveRight').implement({
  description: 'What the callers of an audience can do with an operation.',
  authScopes: { viaParent: true },
  fields: (t) => ({
    operation: t.expose('operation', { type: AccessOperation }),
    audience: t.expose('audience', { type: Audience }),
    extent: t.expose('extent', { type: AccessExtent }),
    decidedBy: t.field({
      type: [AccessOperation],
      description:
        'The operations whose rules decide. An UPDATE and a DELETE need READ as well, and LINK is decided by READ if the model has no rules for LINK.',
      resolve: (right) => [...right.decidedBy],
    }),
    rules: t.field({
      type: [AccessRule],
      description: 'The rules that decide. Empty if no rule permits the operation.',
      resolve: (right) => [...right.rules],
    }),
  }),
});

const FieldAccess = builder.objectRef<FieldRights>('FieldAccess').implement({
  description: 'A field whose rights differ from those of its model.',
  authScopes: { viaParent: true },
  fields: (t) => ({
    field: t.exposeString('field'),
    line: t.exposeInt('line', { description: 'The line in the SDL that defines the field.' }),
    rights: t.field({
      type: [EffectiveRightType],
      description: 'For READ and, if callers can write such a field, CREATE and UPDATE.',
      resolve: (field) => [...field.rights],
    }),
    rules: t.field({ type: [AccessRule], resolve: (field) => [...field.rules] }),
  }),
});

const ModelAccess = builder.objectRef<ModelRights>('ModelAccess').implement({
  description: 'What callers with access rules can do with the rows of a model.',
  authScopes: { viaParent: true },
  fields: (t) => ({
    model: t.exposeString('model'),
    line: t.exposeInt('line', { description: 'The line in the SDL that defines the model.' }),
    rights: t.field({
      type: [EffectiveRightType],
      description: 'One for each operation and audience.',
      resolve: (model) => [...model.rights],
    }),
    rules: t.field({ type: [AccessRule], resolve: (model) => [...model.rules] }),
    fields: t.field({
      type: [FieldAccess],
      description: 'The fields whose rights differ from those of the model.',
      resolve: (model) => [...model.fields],
    }),
  }),
});

const ProjectAccess = builder.objectRef<EffectiveRights>('ProjectAccess').implement({
  description:
    'What callers with access rules can do: apps with a publishable key, and servers that act for a user. Secret keys and members are not limited by rules.',
  authScopes: { viaParent: true },
  fields: (t) => ({
    userModel: t.exposeString('userModel', {
      nullable: true,
      description: 'The model with `@user`. Null if there is none.',
    }),
    models: t.field({
      type: [ModelAccess],
      description: 'All models, in the order of the SDL.',
      resolve: (access) => [...access.models],
    }),
  }),
});

const ProjectAccessSuccess = builder
  .objectRef<{ access: EffectiveRights }>('ProjectAccessSuccess')
  .implement({
    authScopes: { viaParent: true },
    fields: (t) => ({ access: t.expose('access', { type: ProjectAccess }) }),
  });

builder.queryField('projectAccess', (t) =>
  t.field({
    type: ProjectAccessSuccess,
    nullable: true,
    description:
      "Shows what a schema's access rules permit to the callers of each audience. The schema does not have to be applied. Also available to keys with `schema.read`.",
    authScopes: (_root, _args, { viewer }) => viewer.kind !== 'anonymous',
    errors: { types: [ValidationError, NotFoundError, InvalidSchemaError] },
    args: { projectRef: t.arg.id(), sdl: t.arg.string() },
    resolve: async (root, args, context, info) => {
      const limiter = limiterOf(root, args, context, info);
      return { access: await context.services.schemas.rights(context, args, limiter) };
    },
  }),
);
