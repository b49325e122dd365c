import type { FieldNode } from 'graphql';
import type { WriteOperation } from '../api/bindings.ts';
import type { ModelType } from '../sdl/model.ts';
import { renderTemplate, type Sql, type SqlTemplate } from '../sql/sql.ts';
import type { PgValue } from '../sql/statement-runner.ts';

/** The result of compiling one operation: data, without I/O. Every project with the same model can use it. */
export type OperationPlan = QueryPlan | MutationPlan;

/** A query is one statement, however many root fields it has. */
export interface QueryPlan {
  readonly kind: 'QUERY';
  /** Returns one row with one column for each `COLUMN`; null where no field needs data. */
  readonly statement: Statement | null;
  /** In the order of the response. */
  readonly answers: readonly (
    RootAnswer | { readonly kind: 'COLUMN'; readonly responseKey: string }
  )[];
}

/** The fields of a mutation run in order, in one transaction. */
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
   * `data`, `create`, `update`, `skipDuplicates` and `atMost`, as GraphQL coerced them. They are not part of
   * the plan's key: each request decides what is written.
   */
  readonly args: (variables: Variables) => Readonly<Record<string, unknown>>;
  /** The rows to write, as a condition on the row that `rowAlias` names; null when creating. */
  readonly where: Sql | null;
  readonly selection: RowSelection;
}

/** The alias of a written row in every statement of a mutation. */
export const rowAlias = 't';

/** What a mutation returns of a written row. */
export interface RowSelection {
  /** The row's JSON, over `rowAlias`. */
  readonly json: Sql;
  /** Does it read only columns of the row itself? Then the RETURNING of the write can compute it. */
  readonly ownColumnsOnly: boolean;
  /** For a batch: its selected parts, in order. */
  readonly batch: readonly BatchPart[] | null;
}

export type BatchPart =
  | { readonly kind: 'COUNT'; readonly responseKey: string }
  | { readonly kind: 'NODES'; readonly responseKey: string; readonly row: RowSelection }
  | { readonly kind: 'TYPENAME'; readonly responseKey: string; readonly json: string };

/** Values of variables as GraphQL coerced them: an absent one has no entry, unless it has a default. */
export type Variables = Readonly<Record<string, unknown>>;

/**
 * Reads one parameter of a statement from a request's variables, or gives a constant of the document.
 * @throws OperationError when the value cannot be used, such as a malformed cursor
 */
export type Parameter = (variables: Variables) => PgValue;

/** A compiled statement: its text without the project's schema, and a reader for each parameter. */
export interface Statement {
  readonly template: Pick<SqlTemplate, 'chunks'>;
  readonly parameters: readonly Parameter[];
}

/** @throws Error where a value of the SQL is not a `Parameter`: a plan must not contain values of one request */
export function statementOf(sql: Sql): Statement {
  const { chunks, values } = renderTemplate(sql);
  return {
    template: { chunks },
    parameters: values.map((value) => {
      if (typeof value !== 'function') throw new Error('A parameter of a statement is a function.');
      // In engine/queries, `param` is called with parameters only.
      return value as Parameter;
    }),
  };
}
