import { planMigration, projectNames } from '../../src/engine/migrations.ts';
import { readModel } from './project.ts';

const project = projectNames('0123456789abcdef');

export const planBetween = (current: string | null, next: string) =>
  planMigration(current === null ? null : readModel(current), readModel(next), {
    project,
    baseVersion: current === null ? 0 : 1,
  });

/** `Post +Everyone can now read …`: the steps of kind ACCESS, with a plus if they widen access. */
export const accessStepsBetween = (current: string | null, next: string) =>
  planBetween(current, next)
    .steps.filter(({ kind }) => kind === 'ACCESS')
    .map(
      ({ target, hazard, summary }) =>
        `${target} ${hazard === 'WIDENS_ACCESS' ? '+' : '-'}${summary}`,
    );

/** A schema with rules on `Post`, and with more fields of it. */
export const postSdl = (rules: string, fields = '', more = '') => `
type User @model @user { id: ID! @id team: ID posts: [Post!]! @relation(name: "author") tags: [Tag!]! }
type Claims @claims { level: Int role: String }
type Post @model ${rules} {
  id: ID! @id n: Int locked: Boolean author: User @relation(name: "author") ${fields}
}
type Tag @model { id: ID! @id users: [User!]! name: String }
${more}`;
