import type { GraphQLObjectType, SelectionSetNode } from 'graphql';
import type { ModelType } from '../sdl/model.ts';
import type { Sql } from '../sql/sql.ts';
import type { CompileContext } from './context.ts';
import type { InputPath } from './input-budget.ts';
import type { JsonField } from './json-object.ts';

/** A row that can be named in SQL, and what is asked of it. */
export interface RowPlace {
  readonly type: ModelType;
  readonly alias: Sql;
  readonly objectType: GraphQLObjectType;
  readonly selectionSets: readonly SelectionSetNode[];
  /** Response keys from the operation down to the row. */
  readonly path: InputPath;
}

/** What is answered of a row. */
export interface SelectedRow {
  readonly fields: readonly JsonField[];
  /** Does it read nothing but columns of the row itself? */
  readonly ownColumnsOnly: boolean;
}

/** @throws OperationError for arguments of relations within */
export type SelectRow = (context: CompileContext, row: RowPlace) => SelectedRow;
