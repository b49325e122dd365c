import {
  isOwningSide,
  type ModelColumn,
  type OwningSideField,
  type ModelIndex,
} from '../../src/engine/api/model-index.ts';
import type { WriteOperation } from '../../src/engine/api/bindings.ts';
import type { ModelType, ToManyField, ToOneField } from '../../src/engine/sdl/model.ts';
import { asInput, asInputs, asJson, type Input } from './input.ts';
import { namesOf } from './keys.ts';
import { presetOf } from './rules/presets.ts';
import { namedKey } from './unique.ts';
import { withKey } from './upsert-key.ts';
import { isStorable } from './values.ts';

type RelationField = ToOneField | ToManyField;

/** Returns the errors in a mutation's arguments, except for those that depend on the data. */
export function badWrite(
  index: ModelIndex,
  type: ModelType,
  operation: WriteOperation,
  { where, data, create, update, atMost, skipDuplicates }: Input,
): readonly string[] {
  const newRow = (input: unknown) => badCreate(index, type, asInput(input), null);
  switch (operation) {
    case 'DELETE_ONE':
      return [];
    case 'CREATE_ONE':
    case 'CREATE_ME':
      return newRow(data);
    case 'CREATE_MANY': {
      const inputs = asInputs(data);
      const nests = inputs.some((input) => nestsRows(index, type, input));
      return [
        ...inputs.flatMap(newRow),
        ...(skipDuplicates === true && nests ? ['rows with nested writes cannot be skipped'] : []),
      ];
    }
    case 'UPDATE_ONE':
      return badUpdate(index, type, asInput(data));
    case 'UPDATE_MANY':
      return [...badUpdate(index, type, asInput(data)), ...badAtMost(atMost)];
    case 'UPSERT_ONE':
      return [
        ...newRow(withKey(index, type, asInput(where), asInput(create)).create),
        ...badUpdate(index, type, asInput(update)),
        ...(withKey(index, type, asInput(where), asInput(create)).contradicts
          ? ['create contradicts where']
          : []),
      ];
    case 'DELETE_MANY':
      return badAtMost(atMost);
  }
}

function badAtMost(atMost: unknown): readonly string[] {
  return Number(atMost) < 0 || Number(atMost) > 1_000_000 ? ['atMost is out of range'] : [];
}

/** Returns whether the input also writes other rows. Connecting a row on the owning side does not write that row. */
function nestsRows(index: ModelIndex, type: ModelType, input: Input): boolean {
  return type.fields.some((field) => {
    if (field.kind === 'VALUE' || input[field.name] == null) return false;
    const nested = asInput(input[field.name]);
    if (isOwningSide(field)) return nested['create'] != null;
    return ['connect', 'create'].some((kind) => {
      const value = nested[kind];
      return Array.isArray(value) ? value.length > 0 : value != null;
    });
  });
}

/**
 * Returns the errors in the input of a row to be created.
 * @param implied the field whose key is set by the enclosing row
 */
function badCreate(
  index: ModelIndex,
  type: ModelType,
  input: Input,
  implied: string | null,
): readonly string[] {
  return type.fields.flatMap((field) => {
    const given = input[field.name];
    // Callers with access rules cannot set a preset field.
    const isPreset = presetOf(index.model.access, type, field.name, 'CREATE') !== null;
    if (isPreset && field.name !== implied) return [];
    if (field.kind === 'VALUE') {
      const isGenerated = field.generate !== null;
      const isNull = given === undefined ? field.default === null && !isGenerated : given === null;
      // The API generates a key if none or null is given.
      const isKey = field.role === 'ID' && isGenerated;
      if (isNull && field.required && !isKey) return [`${field.name} is required`];
      return badValue(field, given);
    }
    const nested = given == null ? [] : badNested(index, { type, field }, asInput(given), 'CREATE');
    if (!isOwningSide(field)) return nested;
    const key = namesOf(field).filter((name) => input[name] != null);
    const ways = [key[0], given, field.name === implied ? implied : null].filter(
      (way) => way != null,
    );
    const isWrong = ways.length > 1 || (ways.length === 0 && field.required);
    return [
      ...nested,
      ...badParts(field, input),
      ...(isWrong ? [`there must be exactly one way to set ${field.name}`] : []),
    ];
  });
}

function badValue(
  { name, type }: Pick<ModelColumn, 'name' | 'type'>,
  given: unknown,
): readonly string[] {
  return given == null || isStorable(type, asJson(given)) ? [] : [`${name} has too many digits`];
}

/** Several columns of a foreign key are set together. */
function badParts({ name: relation, key }: OwningSideField, input: Input): readonly string[] {
  const given = key.filter(({ name }) => input[name] != null).length;
  const isPart = given > 0 && given < key.length;
  return [
    ...(isPart ? [`the foreign key of ${relation} is not complete`] : []),
    ...key.flatMap((column) => badValue(column, input[column.name])),
  ];
}

function badUpdate(index: ModelIndex, type: ModelType, input: Input): readonly string[] {
  return type.fields.flatMap((field) => {
    const given = input[field.name];
    if (field.kind === 'VALUE') {
      if (given === null && field.required) return [`${field.name} must not be null`];
      return badValue(field, given);
    }
    const nested =
      given === undefined
        ? []
        : given === null
          ? [`${field.name} must not be null`]
          : badNested(index, { type, field }, asInput(given), 'UPDATE');
    return isOwningSide(field) ? [...nested, ...badKeyChange(field, input)] : nested;
  });
}

function badKeyChange(field: OwningSideField, input: Input): readonly string[] {
  const nested = input[field.name];
  const key = namesOf(field).map((name) => input[name]);
  const isGiven = key.some((value) => value !== undefined);
  const letsGo = nested != null && asInput(nested)['disconnect'] === true;
  return [
    ...(isGiven && nested !== undefined ? [`there are two ways to set ${field.name}`] : []),
    ...((key.includes(null) || letsGo) && field.required ? [`${field.name} is required`] : []),
    ...badParts(field, input),
  ];
}

function badNested(
  index: ModelIndex,
  { type, field }: { readonly type: ModelType; readonly field: RelationField },
  nested: Input,
  writing: 'CREATE' | 'UPDATE',
): readonly string[] {
  const target = index.type(field.target);
  const relation = index.relation(field.relation);
  const isFacing = relation.kind === 'FOREIGN_KEY' && !isOwningSide(field);
  const implied = isFacing ? relation.owningSide.field : null;
  const fixed = [
    ...badLinks(index, { type, field }, nested),
    ...['connect', 'disconnect', 'set'].flatMap((kind) => badNames(index, target, nested[kind])),
  ];
  if (field.kind === 'TO_ONE') {
    const { connect, create, disconnect } = nested;
    const ways = [connect, create, writing === 'UPDATE' && disconnect === true ? true : null];
    return [
      ...fixed,
      ...(ways.filter((way) => way != null).length === 1 ? [] : ['there must be exactly one way']),
      ...(create == null ? [] : badCreate(index, target, asInput(create), implied)),
    ];
  }
  const others = Object.entries(nested).flatMap(([kind, value]) => {
    if (value === null) return [`${kind} must not be null`];
    if (kind !== 'create') return [];
    return asInputs(value).flatMap((input) => badCreate(index, target, input, implied));
  });
  return [...fixed, ...others];
}

/** Rows whose key contains the foreign key cannot be connected or disconnected, because keys do not change. */
function badLinks(
  index: ModelIndex,
  { type, field }: { readonly type: ModelType; readonly field: RelationField },
  nested: Input,
): readonly string[] {
  const link = index.link(type, field);
  if (link.kind !== 'INVERSE_SIDE' || !link.inKey) return [];
  return ['connect', 'disconnect', 'set']
    .filter((kind) => nested[kind] != null)
    .map((kind) => `${kind} would change a key`);
}

/** Rows can only be named by values that their columns can contain. */
function badNames(index: ModelIndex, target: ModelType, named: unknown): readonly string[] {
  if (named == null || typeof named === 'boolean') return [];
  const all = Array.isArray(named) ? asInputs(named) : [asInput(named)];
  return all.flatMap((where) => {
    const { columns, values } = namedKey({ index }, target, where);
    return columns.flatMap((column) => badValue(column, values[column.name]));
  });
}
