import {
  isOwningSide,
  type OwningSideField,
  type ModelIndex,
} from '../../src/engine/api/model-index.ts';
import type { WriteOperation } from '../../src/engine/api/bindings.ts';
import type { ModelType, ToManyField, ToOneField, ValueField } from '../../src/engine/sdl/model.ts';
import { asInput, asInputs, asJson, type Input } from './input.ts';
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
    if (field.kind === 'VALUE') {
      const hasDefault = field.default !== null || field.generate !== null;
      const isNull = given === undefined ? !hasDefault : given === null;
      // The API generates an id if none or null is given.
      if (isNull && field.required && field.role !== 'ID') return [`${field.name} is required`];
      return badValue(field, given);
    }
    const nested = given == null ? [] : badNested(index, field, asInput(given), 'CREATE');
    if (!isOwningSide(field)) return nested;
    const ways = [input[field.key[0].name], given, field.name === implied ? implied : null].filter(
      (way) => way != null,
    );
    const isWrong = ways.length > 1 || (ways.length === 0 && field.required);
    return [...nested, ...(isWrong ? [`there must be exactly one way to set ${field.name}`] : [])];
  });
}

function badValue({ name, type }: ValueField, given: unknown): readonly string[] {
  return given == null || isStorable(type, asJson(given)) ? [] : [`${name} has too many digits`];
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
          : badNested(index, field, asInput(given), 'UPDATE');
    return isOwningSide(field) ? [...nested, ...badKeyChange(field, input)] : nested;
  });
}

function badKeyChange(field: OwningSideField, input: Input): readonly string[] {
  const [id, nested] = [input[field.key[0].name], input[field.name]];
  const letsGo = nested != null && asInput(nested)['disconnect'] === true;
  return [
    ...(id !== undefined && nested !== undefined
      ? [`there are two ways to set ${field.name}`]
      : []),
    ...((id === null || letsGo) && field.required ? [`${field.name} is required`] : []),
  ];
}

function badNested(
  index: ModelIndex,
  field: RelationField,
  nested: Input,
  writing: 'CREATE' | 'UPDATE',
): readonly string[] {
  const target = index.type(field.target);
  const relation = index.relation(field.relation);
  const isFacing = relation.kind === 'FOREIGN_KEY' && !isOwningSide(field);
  const implied = isFacing ? relation.owningSide.field : null;
  if (field.kind === 'TO_ONE') {
    const { connect, create, disconnect } = nested;
    const ways = [connect, create, writing === 'UPDATE' && disconnect === true ? true : null];
    return [
      ...(ways.filter((way) => way != null).length === 1 ? [] : ['there must be exactly one way']),
      ...(create == null ? [] : badCreate(index, target, asInput(create), implied)),
    ];
  }
  return Object.entries(nested).flatMap(([kind, value]) => {
    if (value === null) return [`${kind} must not be null`];
    if (kind !== 'create') return [];
    return asInputs(value).flatMap((input) => badCreate(index, target, input, implied));
  });
}
