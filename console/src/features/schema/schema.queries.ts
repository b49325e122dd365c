import type { SchemaPlanWholeFragment } from '#console/gql/graphql.ts';

export type SchemaPlan = SchemaPlanWholeFragment;
export type PlanStep = SchemaPlan['steps'][number];
