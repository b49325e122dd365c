import type { FieldNode } from 'graphql';
import type { WriteOperation } from '../api/bindings.ts';
import type { ModelType } from '../sdl/model.ts';
import type { Sql } from '../sql/sql.ts';
import type { Statement, Variables } from './statement.ts';

/** What one operation compiles to: data, which engine/execute runs. It serves every project of its model. */
export type OperationPlan = QueryPlan | MutationPlan;

/** A query is one statement, however many root fields it has. */
export interface QueryPlan {
  readonly kind: 'QUERY';
  /** Answers one row with one column for each `COLUMN`; null where nothing asks for data. */
  readonly statement: Statement | null;
  /** In the order of the answer. */
  readonly answers: readonly (
    RootAnswer | { readonly kind: 'COLUMN'; readonly responseKey: string }
  )[];
}

/** In one transaction, in order: all or nothing. */
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
   * `data`, `create`, `update`, `skipDuplicates`, `atMost` as GraphQL coerced them. They are no part of a
   * plan's shape: what is written is worked out for each request.
   */
  readonly args: (variables: Variables) => Readonly<Record<string, unknown>>;
  /** Which rows, as a condition on the row that `rowAlias` names; null for creating. */
  readonly where: Sql | null;
  readonly selection: RowSelection;
}

/** How rows are named in SQL that is put together from several places. */
export const rowAlias = 't';

/** What is answered of a written row. */
export interface RowSelection {
  /** The row's JSON, over `rowAlias`. */
  readonly json: Sql;
  /** Does it read nothing but columns of the row itself? Then the write's own RETURNING can give it. */
  readonly ownColumnsOnly: boolean;
  /** Of a batch: which parts of it are asked for, in order, and under which names. */
  readonly batch: readonly BatchPart[] | null;
}

export type BatchPart =
  | { readonly kind: 'COUNT'; readonly responseKey: string }
  | { readonly kind: 'NODES'; readonly responseKey: string; readonly row: RowSelection }
  | { readonly kind: 'TYPENAME'; readonly responseKey: string; readonly json: string };
