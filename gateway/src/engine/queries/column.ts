import { jsonText } from '../../graphql/exact-number.ts';
import { assertNever } from '../../platform/assert-never.ts';
import type { ModelColumn, ModelIndex } from '../api/model-index.ts';
import { issueTexts, operationErrors, type ErrorPath } from '../errors.ts';
import { requestLimits } from '../limits.ts';
import { columnTypeOf, typeName } from '../migrations/tables/column-type.ts';
import type { ModelType, ScalarName, ValueType } from '../sdl/model.ts';
import { storableText } from '../sdl/scalar-values.ts';
import { ident, join, param, sql, type Sql } from '../sql/sql.ts';
import { byteaText } from '../sql/quote.ts';
import type { PgValue } from '../sql/statement-runner.ts';
import type { Parameter } from './plan.ts';

/** A column in filters, sort orders and responses: the column of a value field or the foreign key of a relation. */
export interface Column {
  readonly name: string;
  readonly type: ValueType;
  readonly list: boolean;
  readonly required: boolean;
}

export function tableColumn({
  column,
  type,
  list,
  required,
}: Pick<ModelColumn, 'column' | 'type' | 'list' | 'required'>): Column {
  return { name: column, type, list, required };
}

/** Finds a column by the name of a value field or a foreign key: `title`, `boardId`. Null for any other name. */
export function columnNamed(index: ModelIndex, type: ModelType, name: string): Column | null {
  const column = index.column(type, name);
  return column === null ? null : tableColumn(column);
}

/** `"t1"."created_at"` */
export function columnOf(alias: Sql, name: string): Sql {
  return join([alias, ident(name)], sql`.`);
}

/** The type of an operand or a column. */
export type ParameterType = Pick<Column, 'type' | 'list'>;

/** `$1::uuid` or `$1::uuid[]`. With the cast, PostgreSQL does not have to infer the type. */
export function typedParam({ type, list }: ParameterType, parameter: Parameter): Sql {
  return sql`${param(parameter)}::${typeName({ type: columnTypeOf(type), list })}`;
}

/** The value of a column as it appears in a response. Numbers that JavaScript cannot represent exactly are returned as strings. */
export function answerOf(value: Sql, { type, list }: ParameterType): Sql {
  if (isBytes(type)) return list ? base64List(value) : base64(value);
  if (!isTextInAnswers(type)) return value;
  return list ? sql`${value}::text[]` : sql`${value}::text`;
}

export function isTextInAnswers({ name }: ValueType): boolean {
  return name === 'BigInt' || name === 'Decimal';
}

export function isBytes({ kind, name }: ValueType): boolean {
  return kind === 'SCALAR' && name === 'Bytes';
}

/** The base64 of PostgreSQL has line breaks. */
export function base64(bytes: Sql): Sql {
  return sql`translate(encode(${bytes}, 'base64'), E'\\n', '')`;
}

function base64List(list: Sql): Sql {
  const items = sql`SELECT ${base64(sql`i.v`)} FROM unnest(${list}) WITH ORDINALITY AS i (v, n) ORDER BY i.n`;
  return sql`CASE WHEN ${list} IS NOT NULL THEN ARRAY(${items}) END`;
}

/**
 * The parameter for one coerced value.
 * @throws OperationError for values that GraphQL's built-in scalars accept and PostgreSQL does not
 */
export function pgScalar(type: ValueType, value: unknown, path: ErrorPath): string {
  const text = scalarText(type.kind === 'ENUM' ? 'String' : type.name, value);
  if (typeof text !== 'string') throw operationErrors.badValue(path, text.problem);
  return text;
}

/** The parameter for a list of values. @throws OperationError if a value is invalid or the list is too long */
export function pgList(type: ValueType, value: unknown, path: ErrorPath): PgValue {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (items.length > requestLimits.listLength) {
    throw operationErrors.listTooLong(path, requestLimits.listLength);
  }
  return items.map((item, index) => pgScalar(type, item, [...path, index]));
}

interface Problem {
  readonly problem: string;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const otherType: Problem = { problem: 'The value does not have the expected type.' };
const unstorable: Problem = {
  problem: 'Text must not contain NUL or unpaired surrogates.',
};

function scalarText(name: ScalarName, value: unknown): string | Problem {
  if (value === null || value === undefined) return { problem: issueTexts.notNull };
  switch (name) {
    case 'ID':
    case 'UUID':
      return typeof value === 'string' && uuid.test(value)
        ? value
        : { problem: 'This must be a UUID.' };
    case 'JSON':
      return jsonText(value);
    case 'Bytes':
      return typeof value === 'string' ? byteaText(value) : otherType;
    case 'String':
    case 'Int':
    case 'Float':
    case 'Boolean':
    case 'BigInt':
    case 'Decimal':
    case 'DateTime':
    case 'Date':
    case 'Time':
      if (typeof value === 'string') return storableText(value) ?? unstorable;
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : otherType;
    default:
      return assertNever(name);
  }
}
