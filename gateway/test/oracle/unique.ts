import type { JsonValue, ModelType, UniqueKey, ValueType } from '../../src/engine/sdl/model.ts';
import { asInput, asJson, type Input } from './input.ts';
import type { Row, Store } from './store.ts';
import { canonical, equal } from './values.ts';

/**
 * Returns the row with this unique key, or null.
 * @param where `{ id }`, `{ email }` or `{ board_number: { boardId, number } }`
 */
export function findByKey(store: Store, of: ModelType, where: Input): Row | null {
  const [name, value] = Object.entries(where)[0] ?? [];
  const key = of.uniques.find((unique) => unique.name === name);
  const wanted =
    key === undefined || key.fields.length === 1 ? { [String(name)]: value } : asInput(value);
  const isWanted = (row: Row) =>
    Object.entries(wanted).every(([part, value]) => {
      const type = typeOfPart(store, of, part);
      return holds(type, row[part], canonical(type, asJson(value)));
    });
  return store.all(of.name).find(isWanted) ?? null;
}

/** Returns another row with the same unique key, or null. A key that contains null equals no other key. */
export function findTwin(store: Store, type: ModelType, row: Row): Row | null {
  const id = row[type.key.fields[0] ?? ''];
  return (
    store.all(type.name).find((other) => {
      const shares = (key: UniqueKey) =>
        partNames(store, type, key).every((name) =>
          holds(typeOfPart(store, type, name), row[name], other[name] ?? null),
        );
      return other[type.key.fields[0] ?? ''] !== id && type.uniques.some(shares);
    }) ?? null
  );
}

function holds(type: ValueType, value: JsonValue | undefined, wanted: JsonValue): boolean {
  return value != null && wanted !== null && equal(type, value, wanted);
}

/** Returns the names of a key's fields. A relation is replaced by its foreign key. */
function partNames(store: Store, type: ModelType, { fields }: UniqueKey): readonly string[] {
  return fields.map((name) => {
    const field = store.index.field(type, name);
    return field?.kind === 'TO_ONE' && field.key !== null ? field.key[0].name : name;
  });
}

function typeOfPart(store: Store, type: ModelType, name: string): ValueType {
  const field = store.index.field(type, name);
  return field?.kind === 'VALUE' ? field.type : { kind: 'SCALAR', name: 'ID' };
}
