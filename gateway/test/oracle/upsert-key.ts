import type { ModelIndex } from '../../src/engine/api/model-index.ts';
import type { ModelType, ValueType } from '../../src/engine/sdl/model.ts';
import { asInput, asJson, type Input } from './input.ts';
import { canonical, equal } from './values.ts';

/** The input of the new row of an upsert, with the key from `where`. */
interface KeyedInput {
  readonly create: Input;
  /** Whether `create` contains another value than `where`. */
  readonly contradicts: boolean;
  /** Keys of rows that `create` connects by another key. They must be the ids in `where`. */
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
    const [left, right] = [canonical(of, asJson(a)), canonical(of, asJson(b))];
    if (!equal(of, left, right)) contradicts = true;
  };
  for (const [part, value] of Object.entries(partsOf(type, where))) {
    const field = index.field(type, part);
    if (field?.kind === 'VALUE') {
      if (field.role !== 'ID' && field.role !== 'PLAIN') continue;
      const other = given[part];
      if (other != null) compare(field.type, value, other);
      else if (other === undefined || field.role === 'ID') create[part] = value;
      else contradicts = true;
      continue;
    }
    const relation = index.column(type, part)?.field ?? null;
    if (relation === null || relation.kind === 'VALUE')
      throw new Error(`${type.name} has no key ${part}.`);
    if (given[part] != null) compare(idType, value, given[part]);
    else if (given[relation.name] == null) create[part] = value;
    else {
      const idField = index.type(relation.target).key.fields[0] ?? '';
      const nested = asInput(given[relation.name]);
      const id = asInput(nested['create'] ?? nested['connect'] ?? {})[idField];
      if (id != null) compare(idType, value, id);
      else if (nested['create'] != null) contradicts = true;
      else expected[part] = canonical(idType, asJson(value));
    }
  }
  return { create, contradicts, expected };
}

const idType = { kind: 'SCALAR', name: 'ID' } as const;

/** `{ email }` → `{ email }`; `{ board_number: { boardId, number } }` → `{ boardId, number }` */
function partsOf({ key: primary, uniques }: ModelType, where: Input): Input {
  const [name, value] = Object.entries(where)[0] ?? [];
  const key = [primary, ...uniques].find((unique) => unique.name === name);
  return key === undefined || key.fields.length === 1 ? where : asInput(value);
}
