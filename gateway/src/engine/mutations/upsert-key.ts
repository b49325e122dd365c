import type { InputReader } from './input-reader.ts';
import { CellOf, type NewRow } from './row-ref.ts';
import type { WritableColumn, WritableTable } from './writable-table.ts';

/** A column of the key in `where`, with its value and the object that contains the value. */
interface KeyValue {
  readonly column: WritableColumn;
  readonly value: unknown;
  readonly holder: InputReader;
}

/**
 * Adds the key in the `where` of an upsert to the input of the new row, so that the new row is the row that `where`
 * identifies. Reports an issue if `create` contains another value.
 */
export function withKeyOf(
  table: WritableTable,
  where: InputReader,
  create: InputReader,
): InputReader {
  const added: Record<string, unknown> = {};
  for (const { column, value, holder } of keyValues(table, where)) {
    const agreement = agreementOf({ column, value }, create);
    // The value is read again as a part of the new row. An issue is reported here, at its place in `where`.
    if (agreement === 'ABSENT' && holder.value(column) !== null) added[column.name] = value;
    if (agreement === 'DIFFERENT') {
      const member = create.has(column.name) ? null : (column.owningSide?.name ?? null);
      create.reportMember(
        member ?? column.name,
        `This differs from ${column.name} in where. Use the same value, or omit it.`,
      );
    }
  }
  return create.withMembers(added);
}

/**
 * Compares the rows that `create` connects by another key with the key in `where`, after they have been looked up: see
 * `WriteSession.lookUp`.
 */
export function expectKeyOf(
  table: WritableTable,
  where: InputReader,
  row: NewRow,
  { input, location }: InputReader,
): void {
  for (const { column, value } of keyValues(table, where)) {
    const cell = row.cells[table.position(column.column)];
    if (!(cell instanceof CellOf)) continue;
    const { codec, owningSide, name } = column;
    const place = location.member(owningSide?.name ?? name);
    input.expected.push({ cell, column, value: codec.toParameter(value), location: place });
  }
}

/** The columns of the key that `where` contains, without the columns that a caller cannot write. */
function keyValues(table: WritableTable, where: InputReader): readonly KeyValue[] {
  const [name, key] = [...table.uniques].find(([each]) => where.has(each)) ?? [];
  if (name === undefined || key === undefined) return [];
  const holder = key.columns.length === 1 ? where : where.object(name);
  return table.columns
    .filter(({ column }) => key.columns.some((each) => each.column === column))
    .flatMap((column) =>
      holder.has(column.name) ? [{ column, value: holder.given(column.name), holder }] : [],
    );
}

/** UNKNOWN: the row is connected by another key, so that its id is not known yet. */
type Agreement = 'ABSENT' | 'EQUAL' | 'DIFFERENT' | 'UNKNOWN';

/** Compares the value of a column in `create` with its value in `where`. */
function agreementOf(
  { column, value }: Pick<KeyValue, 'column' | 'value'>,
  create: InputReader,
): Agreement {
  const { name, codec, owningSide, generate, inKey } = column;
  const compare = (other: unknown): Agreement =>
    codec.canonical(other) === codec.canonical(value) ? 'EQUAL' : 'DIFFERENT';
  if (create.has(name)) return compare(create.given(name));
  if (owningSide !== null && create.has(owningSide.name)) {
    return agreementOfRelation(create.object(owningSide.name), { column, value }, compare);
  }
  // Null for a generated key or a relation is equivalent to leaving it out.
  const isAbsent = !create.gives(column) || (inKey && generate !== null) || owningSide !== null;
  return isAbsent ? 'ABSENT' : 'DIFFERENT';
}

function agreementOfRelation(
  nested: InputReader,
  { column: { column, owningSide }, value }: Pick<KeyValue, 'column' | 'value'>,
  compare: (other: unknown) => Agreement,
): Agreement {
  if (owningSide === null) return 'UNKNOWN';
  const target = nested.input.tableOf(owningSide.target);
  const references = owningSide.key.find((each) => each.column === column)?.references ?? '';
  const referenced = target.columns[target.position(references)];
  if (referenced === undefined) return 'UNKNOWN';
  const { name } = referenced;
  if (nested.has('create')) {
    const created = nested.object('create');
    const agreement = agreementOf({ column: referenced, value }, created);
    if (agreement !== 'ABSENT') return agreement;
    // A row that is created without a value gets the default or a new key.
    const isDefault = !created.gives(referenced) && referenced.default !== null;
    return isDefault ? compare(referenced.default) : 'DIFFERENT';
  }
  if (!nested.has('connect')) return 'UNKNOWN';
  const connected = nested.object('connect');
  const [key, unique] = [...target.uniques].find(([each]) => connected.has(each)) ?? [];
  const holder =
    key === undefined || unique?.columns.length === 1 ? connected : connected.object(key);
  return holder.has(name) ? compare(holder.given(name)) : 'UNKNOWN';
}
