import type { GraphQLError } from 'graphql';

/** A document or variables that contradict the schema: GraphQL's errors, each with a code and its place. */
export class InvalidRequest extends Error {
  override readonly name = 'InvalidRequest';
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super('The document or its variables are not valid.');
    this.errors = errors;
  }
}
