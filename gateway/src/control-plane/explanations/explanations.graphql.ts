import type { ExplainedRule } from '../../data-plane/compute/explain-operation.ts';
import type { AccessExplanation } from '../../data-plane/explain/access-explainer.ts';
import { NotFoundError, ValidationError } from '../errors/expected-error.ts';
import { AccessOperation, Audience } from '../graphql/access-enums.ts';
import { builder } from '../graphql/builder.ts';
import { limiterOf } from '../graphql/field-limits.ts';
import type { ExplanationsService } from './explanations.service.ts';

declare module '../graphql/context.ts' {
  interface Services {
    readonly explanations: ExplanationsService;
  }
}

const AccessDecisionType = builder.objectRef<ExplainedRule>('AccessDecision').implement({
  description: 'An access rule that decides about rows which the operation reads or writes.',
  authScopes: { viaParent: true },
  fields: (t) => ({
    model: t.exposeString('type'),
    field: t.exposeString('field', {
      nullable: true,
      description: 'The field whose rule it is. Null for a rule of the model.',
    }),
    operation: t.expose('operation', { type: AccessOperation }),
    rule: t.exposeString('text', { description: 'The directive in the SDL.' }),
    line: t.exposeInt('line', { description: 'The line of the directive in the SDL.' }),
    held: t.exposeBoolean('held', {
      description:
        'Whether the rule is about this caller: its audience, and its conditions on claims.',
    }),
    rows: t.exposeInt('rows', {
      nullable: true,
      description:
        'The number of rows that the rule lets through, of those that the operation would reach without rules (at most 1,000 rows of a model are looked at). Null if the operation reaches rows of the model only in conditions or sort orders.',
    }),
  }),
});

const AccessExplanationType = builder.objectRef<AccessExplanation>('AccessExplanation').implement({
  description: 'The result of an operation as another caller, and the rules that decide about it.',
  authScopes: { viaParent: true },
  fields: (t) => ({
    data: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The `data` of the response. Null if the operation failed.',
      resolve: ({ data }) => data,
    }),
    errors: t.field({
      type: ['JSON'],
      description: 'The `errors` of the response. Empty if the operation succeeded.',
      resolve: ({ errors }) => [...errors],
    }),
    decisions: t.field({
      type: [AccessDecisionType],
      description: 'The rules that were tried, by model and operation, in the order of the SDL.',
      resolve: ({ rules }) => [...rules],
    }),
  }),
});

const ExplainAccessSuccess = builder
  .objectRef<{ explanation: AccessExplanation }>('ExplainAccessSuccess')
  .implement({
    authScopes: { viaParent: true },
    fields: (t) => ({ explanation: t.expose('explanation', { type: AccessExplanationType }) }),
  });

const ExplainedCallerInput = builder.inputType('ExplainedCallerInput', {
  description: 'A caller to whom access rules apply.',
  fields: (f) => ({
    audience: f.field({ type: Audience }),
    userId: f.id({
      required: false,
      description:
        'The key of a row of the `@user` model. If omitted, the caller has no row. Must be omitted for `PUBLIC`.',
    }),
    claims: f.field({
      type: 'JSON',
      required: false,
      description: 'The claims of the token, by their names in the `@claims` type.',
    }),
  }),
});

builder.mutationField('explainAccess', (t) =>
  t.field({
    type: ExplainAccessSuccess,
    nullable: true,
    description:
      "Runs an operation of a project's API as a caller to whom access rules apply, and explains which rules decide about it. Changes nothing: a mutation is rolled back. An address of a user counts as not verified.",
    authScopes: { user: true },
    errors: { types: [ValidationError, NotFoundError] },
    args: {
      input: t.arg({
        type: builder.inputType('ExplainAccessInput', {
          fields: (f) => ({
            projectRef: f.id(),
            as: f.field({ type: ExplainedCallerInput }),
            query: f.string({ description: 'A GraphQL document with one operation.' }),
            variables: f.field({
              type: 'JSON',
              required: false,
              description: 'The variables of the operation, by name.',
            }),
          }),
        }),
      }),
    },
    resolve: async (root, args, context, info) => {
      const limiter = limiterOf(root, args, context, info);
      const { explanations } = context.services;
      return { explanation: await explanations.explain(context, args.input, limiter) };
    },
  }),
);
