import type { ModelIndex, OwningSideField } from '../../src/engine/api/model-index.ts';
import type { ModelType, ValueType } from '../../src/engine/sdl/model.ts';
import { asInput, asJson, type Input } from './input.ts';
import { foreignKeyOf } from './keys.ts';
import { namedKey } from './unique.ts';
import { canonical, equalityText } from './values.ts';

/** The input of the new row of an upsert, with the key from `where`. */
interface KeyedInput {
  readonly create: Input;
  /** Whether `create` contains another value than `where`. */
  readonly contradicts: boolean;
  /** Foreign keys of rows that `create` connects by another key. They must be the values in `where`. */
  readonly expected: Readonly<Record<string, unknown>>;
}

export function withKey(
  index: ModelIndex,
  type: ModelType,
  where: Input,
  given: Input,
): KeyedInput {
  const create: Record<string, unknown> = { ...given };
  const expected: Record<string, unknown> = {};
  let contradicts = false;
  const compare = (of: ValueType, a: unknown, b: unknown): void => {
    if (equalityText(of, a) !== equalityText(of, b)) contradicts = true;
  };
  const { columns, values } = namedKey({ index }, type, where);
  for (const { name, field, type: of } of columns) {
    const value = values[name];
    const other = given[name];
    if (other != null) compare(of, value, other);
    else if (field.kind === 'VALUE') {
      // Null for a key that is generated is equivalent to leaving it out.
      if (other === undefined || field.generate !== null) create[name] = value;
      else contradicts = true;
    } else if (given[field.name] == null) create[name] = value;
    else {
      const named = valueOfNested(index, type, field, { name, nested: asInput(given[field.name]) });
      if (named === 'NEW') contradicts = true;
      else if (named !== 'UNKNOWN') compare(of, value, named.value);
      else expected[name] = canonical(of, asJson(value));
    }
  }
  return { create, contradicts, expected };
}

/** The value of a column of a foreign key that results from `board: { connect }` or `board: { create }`. */
function valueOfNested(
  index: ModelIndex,
  type: ModelType,
  field: OwningSideField,
  { name, nested }: { readonly name: string; readonly nested: Input },
): { readonly value: unknown } | 'NEW' | 'UNKNOWN' {
  const { target, columns } = foreignKeyOf(index, { type: type.name, field: field.name });
  const references = columns.find((each) => each.name === name)?.references ?? '';
  if (nested['connect'] != null) {
    const value = namedKey({ index }, target, asInput(nested['connect'])).values[references];
    return value == null ? 'UNKNOWN' : { value };
  }
  if (nested['create'] == null) return 'UNKNOWN';
  const created = asInput(nested['create']);
  const value = created[references];
  if (value != null) return { value };
  const inner = index.column(target, references)?.field;
  if (inner === undefined) throw new Error(`${target.name} has no column ${references}.`);
  if (inner.kind === 'VALUE') {
    const isDefault = value === undefined && inner.default !== null;
    return isDefault ? { value: inner.default } : 'NEW';
  }
  if (created[inner.name] == null) return 'NEW';
  const deeper = { name: references, nested: asInput(created[inner.name]) };
  return valueOfNested(index, target, inner, deeper);
}
