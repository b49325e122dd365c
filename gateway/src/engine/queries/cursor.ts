import { isScalarType, type GraphQLSchema } from 'graphql';
import { operationErrors, type ErrorPath } from '../errors.ts';
import type { ValueType } from '../sdl/model.ts';
import { base64Text, storableText } from '../sdl/scalar-values.ts';
import { byteaText } from '../sql/quote.ts';
import { commaList, literal, param, sql, type Sql } from '../sql/sql.ts';
import { base64, isBytes, isTextInAnswers, pgScalar, typedParam, type Column } from './column.ts';
import type { LeafReader } from './input.ts';
import type { OrderKey, PositionValue } from './keyset.ts';
import type { Ordering } from './order.ts';
import type { Parameter, Variables } from './plan.ts';
import type { CompileContext } from './selection.ts';
import { allOf, visibleRows } from './source.ts';
import type { AliasedRow } from './visibility.ts';

// A cursor is a JSON list in base64url. The list contains the signature of the sort order and the row's value for each
// sort key. Because a cursor contains values, it still identifies the same position after the row is updated or
// deleted.
//
// A cursor must fit into a request, so a long text is replaced by its beginning and its SHA-256 hash: `["aaa…", "9f2…"]`.
// The text is then read again from the row, which the last sort keys identify: the row's key, which is never cut. If the row was deleted or the
// text has changed, the beginning is used instead: the next page continues with the first text that has this beginning.
// It can therefore repeat rows whose texts have the same beginning, but it never skips a row.

/** Longer texts are cut in cursors. */
const maxTextBytes = 1_000;
/** The length of the beginning. A character has up to 4 bytes. */
const prefixLength = maxTextBytes / 4;

/** The maximum number of arguments of a function (FUNC_MAX_ARGS). */
const maxArguments = 100;

export interface CursorKey {
  readonly expression: Sql;
  readonly type: ValueType;
  /** Whether a long text is cut: see `isCut`. */
  readonly isCut: boolean;
}

/** The cursor of a row. */
export function cursorOf(signature: string, keys: readonly CursorKey[]): Sql {
  const [name, values] = [literal(signature), keys.map(cursorValue)];
  const list =
    values.length < maxArguments
      ? sql`json_build_array(${commaList([name, ...values])})`
      : sql`array_to_json(ARRAY[${commaList([sql`${name}::text`, ...values].map(toJson))}])`;
  const base64 = sql`encode(convert_to(${list}::text, 'UTF8'), 'base64')`;
  // PostgreSQL's base64 output contains line breaks and padding.
  return sql`translate(${base64}, E'+/=\\n', '-_')`;
}

function toJson(value: Sql): Sql {
  return sql`to_json(${value})`;
}

function cursorValue({ expression, type, isCut: cuts }: CursorKey): Sql {
  if (isTextInAnswers(type)) return sql`${expression}::text`;
  if (!cuts) return isBytes(type) ? base64(expression) : expression;
  const length = literal(prefixLength);
  const [prefix, whole] = isBytes(type)
    ? [base64(sql`substr(${expression}, 1, ${length})`), base64(expression)]
    : [sql`left(${expression}, ${length})`, expression];
  const cut = sql`json_build_array(${prefix}, ${hashOf(expression, type)})`;
  return sql`CASE WHEN octet_length(${expression}) > ${literal(maxTextBytes)} THEN ${cut} ELSE ${toJson(whole)} END`;
}

/** Whether long values of a sort key are cut: those whose type has no maximum length, and that are not in the row's key. */
export function isCut(key: OrderKey, { rowKey }: Ordering): boolean {
  const { type } = key.column;
  const isLong = (type.kind === 'SCALAR' && type.name === 'String') || isBytes(type);
  return isLong && !rowKey.includes(key);
}

function hashOf(value: Sql, type: ValueType): Sql {
  const bytes = isBytes(type) ? value : sql`convert_to(${value}, 'UTF8')`;
  return sql`encode(sha256(${bytes}), 'hex')`;
}

/**
 * Returns the shape of a cursor: the indexes of the sort keys whose texts are cut, such as `0,2,`. It determines the SQL
 * and is part of the plan key. Empty if no text is cut, or if the value is not a cursor.
 */
export function cursorShape(cursor: unknown): string {
  const values = typeof cursor === 'string' ? (parseCursor(cursor) ?? []) : [];
  return values.reduce<string>(
    (shape, value, index) => (Array.isArray(value) ? `${shape}${index - 1},` : shape),
    '',
  );
}

/** The list that a cursor belongs to. */
interface CursorList {
  readonly row: AliasedRow;
  readonly ordering: Ordering;
  readonly signature: string;
}

interface CursorArgument {
  readonly read: LeafReader;
  readonly path: ErrorPath;
}

/**
 * Returns the value of each sort key at the position of a cursor. A parameter throws OperationError if the text is not a
 * cursor or if the cursor belongs to a different sort order.
 */
export function cursorValues(
  context: CompileContext,
  list: CursorList,
  argument: CursorArgument,
): readonly PositionValue[] {
  const { schema, variables } = context;
  const { keys } = list.ordering;
  const shape = new Set(cursorShape(argument.read(variables)).split(','));
  const { ordering } = list;
  const decode = decoder({ schema, signature: list.signature, ordering, ...argument });
  const partOf = (index: number, part: keyof DecodedValue): Parameter => {
    return (given) => decode(given)[index]?.[part] ?? null;
  };
  const isRow = ordering.rowKey.map((key) => {
    const value = typedParam(key.column, partOf(keys.indexOf(key), 'text'));
    return sql`${key.expression} = ${value}`;
  });
  return keys.map((key, index): PositionValue => {
    const text = partOf(index, 'text');
    if (!shape.has(String(index)) || !isCut(key, ordering)) {
      return () => typedParam(key.column, text);
    }
    const whole = wholeText(context, list, key, { isRow, hash: partOf(index, 'hash') });
    return ({ descending }) => sql`coalesce(${whole}, ${boundOf(key.column, text, descending)})`;
  });
}

/**
 * Reads the text again, if it has not changed and the caller still sees it. The aliases are the ones of the list, in
 * their own scope.
 */
function wholeText(
  context: CompileContext,
  { row, ordering }: CursorList,
  { expression: text, column }: OrderKey,
  { isRow, hash }: { readonly isRow: readonly Sql[]; readonly hash: Parameter },
): Sql {
  const { from, scope } = visibleRows(context, row);
  const isSame = sql`${hashOf(text, column.type)} = ${param(hash)}::text`;
  return sql`(SELECT ${text} FROM ${from}${ordering.joins} WHERE ${allOf([...isRow, isSame, ...scope])})`;
}

/** A value before or after all values with this beginning. */
function boundOf(column: Column, prefix: Parameter, descending: boolean): Sql {
  const beginning = typedParam(column, prefix);
  if (!descending) return beginning;
  // The last code point of Unicode, which no text contains after the beginning. Bytes have no last value, so there are
  // more of them than a value with the same beginning is likely to have.
  return isBytes(column.type)
    ? sql`${beginning} || decode(repeat('ff', ${literal(maxTextBytes)}), 'hex')`
    : sql`${beginning} || chr(1114111)`;
}

interface DecodedValue {
  readonly text: string | null;
  /** The hash of the whole text if `text` is only its beginning. */
  readonly hash: string | null;
}

interface CursorReader extends CursorArgument {
  readonly schema: GraphQLSchema;
  readonly signature: string;
  readonly ordering: Ordering;
}

/** Returns a function that decodes a request's cursor. Each request has its own object of variables. */
function decoder(reader: CursorReader): (variables: Variables) => readonly DecodedValue[] {
  const decoded = new WeakMap<Variables, readonly DecodedValue[]>();
  return (variables) => {
    const known = decoded.get(variables);
    if (known !== undefined) return known;
    const values = decode(reader, reader.read(variables));
    decoded.set(variables, values);
    return values;
  };
}

function decode(
  { schema, signature, ordering, path }: CursorReader,
  cursor: unknown,
): readonly DecodedValue[] {
  const { keys } = ordering;
  const bad = () => operationErrors.badCursor(path);
  const list = typeof cursor === 'string' ? parseCursor(cursor) : null;
  if (list === null || list[0] !== signature || list.length !== keys.length + 1) throw bad();
  return keys.map((key, index): DecodedValue => {
    const { column, nullable } = key;
    const value = list[index + 1];
    if (value === null && nullable) return { text: null, hash: null };
    if (Array.isArray(value) && isCut(key, ordering)) {
      return decodeCut(value, column.type) ?? fail(bad());
    }
    try {
      const text = pgScalar(column.type, parsedBy(schema, column.type, value), path);
      return { text, hash: null };
    } catch {
      throw bad();
    }
  });
}

function decodeCut([prefix, hash]: readonly unknown[], type: ValueType): DecodedValue | null {
  if (typeof prefix !== 'string' || typeof hash !== 'string') return null;
  const text = isBytes(type) ? beginningOf(prefix) : storableText(prefix);
  return text === null || !/^[0-9a-f]{64}$/.test(hash) ? null : { text, hash };
}

function beginningOf(prefix: string): string | null {
  return base64Text(prefix) === null ? null : byteaText(prefix);
}

function fail(error: Error): never {
  throw error;
}

function parseCursor(text: string): readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** Parses a value from a cursor. Cursors are not signed, so their values are checked like any other input. */
function parsedBy(schema: GraphQLSchema, { kind, name }: ValueType, value: unknown): unknown {
  if (kind === 'ENUM') return typeof value === 'string' ? value : null;
  const scalar = schema.getType(name);
  return isScalarType(scalar) ? scalar.parseValue(value) : value;
}
