import { createHash } from 'node:crypto';
import { isScalarType } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import type { ModelType, ValueType } from '../sdl/model.ts';
import { commaList, literal, sql, type Sql } from '../sql/sql.ts';
import { isTextInAnswers } from './column.ts';
import { operationErrors } from '../errors.ts';
import type { InputPath } from './input-budget.ts';
import type { LeafReader } from './input-tree.ts';
import type { OrderKey } from './order.ts';
import { pgScalar } from './pg-value.ts';
import type { Parameter } from './statement.ts';

/**
 * A cursor is the base64url of a JSON list: the signature of the order, and the row's value of each of its
 * keys. It holds what the row had, so that it means the same place when the row changes or goes.
 */
export function cursorOf(signature: string, keys: readonly CursorKey[]): Sql {
  const values = keys.map(({ expression, type }) =>
    isTextInAnswers(type) ? sql`${expression}::text` : expression,
  );
  const list = sql`json_build_array(${commaList([literal(signature), ...values])})`;
  const base64 = sql`encode(convert_to(${list}::text, 'UTF8'), 'base64')`;
  // PostgreSQL breaks base64 into lines.
  return sql`translate(${base64}, E'+/=\\n', '-_')`;
}

export interface CursorKey {
  readonly expression: Sql;
  readonly type: ValueType;
}

/** The same for equal orders of the same type, and for nothing else. */
export function signatureOf(type: ModelType, keys: readonly OrderKey[]): string {
  const order = keys.map(({ label, column, descending, nullsFirst }) => [
    label,
    column.type.name,
    descending,
    nullsFirst,
  ]);
  const text = JSON.stringify([type.name, order]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 8);
}

export interface CursorReader {
  readonly schema: GraphQLSchema;
  readonly signature: string;
  readonly keys: readonly OrderKey[];
  readonly read: LeafReader;
  readonly path: InputPath;
}

/**
 * One parameter for each key of the order.
 * Each throws OperationError for a cursor of another order, or for what is none.
 */
export function cursorParameters(reader: CursorReader): readonly Parameter[] {
  return reader.keys.map((_key, index) => (variables) => {
    const values = decode(reader, reader.read(variables));
    return values[index] ?? null;
  });
}

function decode(
  { schema, signature, keys, path }: CursorReader,
  cursor: unknown,
): readonly (string | null)[] {
  const bad = () => operationErrors.badCursor(path);
  if (typeof cursor !== 'string') throw bad();
  const list = parseList(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (list === null || list[0] !== signature || list.length !== keys.length + 1) throw bad();
  return keys.map(({ column, nullable }, index) => {
    const value = list[index + 1];
    if (value === null && nullable) return null;
    try {
      return pgScalar(column.type, parsedBy(schema, column.type, value), path);
    } catch {
      throw bad();
    }
  });
}

function parseList(text: string): readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** Anybody can make up a cursor, so its values are looked at like any input. */
function parsedBy(schema: GraphQLSchema, { kind, name }: ValueType, value: unknown): unknown {
  if (kind === 'ENUM') return typeof value === 'string' ? value : null;
  const scalar = schema.getType(name);
  return isScalarType(scalar) ? scalar.parseValue(value) : value;
}
