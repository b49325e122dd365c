import type { FieldNode } from 'graphql';
import type { WriteOperation } from '../api/bindings.ts';
import type { ModelType } from '../sdl/model.ts';
import { renderTemplate, type Sql, type SqlTemplate } from '../sql/sql.ts';
import type { PgValue } from '../sql/statement-runner.ts';

/** The result of compiling an operation. All projects with the same model can use it. */
export type OperationPlan = QueryPlan | MutationPlan;

/** The query plan of a query. A query is one statement, regardless of the number of root fields. */
export interface QueryPlan {
  readonly kind: 'QUERY';
  /** The statement returns one row with one column for each `COLUMN`. Null if no field needs data. */
  readonly statement: Statement | null;
  /** The results of the root fields, in the order of the response. */
  readonly answers: readonly (
    RootAnswer | { readonly kind: 'COLUMN'; readonly responseKey: string }
  )[];
}

/** The fields of a mutation are executed in order, in one transaction. */
export interface MutationPlan {
  readonly kind: 'MUTATION';
  readonly fields: readonly (RootAnswer | MutationField)[];
}

/** A root field that needs no data. */
export type RootAnswer =
  | { readonly kind: 'CONSTANT'; readonly responseKey: string; readonly json: string }
  | { readonly kind: 'INTROSPECTION'; readonly responseKey: string; readonly node: FieldNode };

export interface MutationField {
  readonly kind: 'WRITE';
  readonly responseKey: string;
  readonly operation: WriteOperation;
  readonly type: ModelType;
  /**
   * Returns the coerced arguments `data`, `create`, `update`, `skipDuplicates` and `atMost`. They are not part of the
   * plan key, because they are read for each request.
   */
  readonly args: (variables: Variables) => Readonly<Record<string, unknown>>;
  /** The condition that selects the rows to write, in terms of `rowAlias`. Null for operations that create rows. */
  readonly where: Sql | null;
  readonly selection: RowSelection;
}

/** The alias of a written row in every statement of a mutation. */
export const rowAlias = 't';

/** The fields of a written row that a mutation returns. */
export interface RowSelection {
  /** The JSON of the row, in terms of `rowAlias`. */
  readonly json: Sql;
  /** Whether the JSON reads only columns of the row itself. If so, the write's RETURNING clause can compute it. */
  readonly ownColumnsOnly: boolean;
  /** The selected fields of a batch's result, in order. Null if the mutation returns a single row. */
  readonly batch: readonly BatchPart[] | null;
}

export type BatchPart =
  | { readonly kind: 'COUNT'; readonly responseKey: string }
  | { readonly kind: 'NODES'; readonly responseKey: string; readonly row: RowSelection }
  | { readonly kind: 'TYPENAME'; readonly responseKey: string; readonly json: string };

/** Coerced values of variables. A variable without a value and without a default has no entry. */
export type Variables = Readonly<Record<string, unknown>>;

/**
 * Returns a parameter's value, which comes from a request's variables or from a constant in the document.
 * @throws OperationError if the value is invalid, such as a malformed cursor
 */
export type Parameter = (variables: Variables) => PgValue;

/** A compiled statement: its text without the name of the project's schema, and a function for each parameter. */
export interface Statement {
  readonly template: Pick<SqlTemplate, 'chunks'>;
  readonly parameters: readonly Parameter[];
}

/** @throws Error if a value in the SQL is not a `Parameter`, because a plan must not contain values of one request */
export function statementOf(sql: Sql): Statement {
  const { chunks, values } = renderTemplate(sql);
  return {
    template: { chunks },
    parameters: values.map((value) => {
      if (typeof value !== 'function') throw new Error('A statement parameter must be a function.');
      // Code in engine/queries passes only `Parameter` functions to `param`.
      return value as Parameter;
    }),
  };
}
