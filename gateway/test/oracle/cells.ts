import type {
  JsonValue,
  ToManyField,
  ToOneField,
  ValueField,
  ValueType,
} from '../../src/engine/sdl/model.ts';
import { asInput, asInputs, asJson, type Input } from './input.ts';
import type { ForeignKeyNames } from './keys.ts';
import type { Row } from './row.ts';
import type { NamedKey } from './unique.ts';
import { canonical } from './values.ts';

export function written(type: ValueType, value: unknown): JsonValue {
  return value == null ? null : canonical(type, asJson(value));
}

export function givenCells({ columns }: ForeignKeyNames, input: Input): Row {
  return Object.fromEntries(columns.map(({ name, type }) => [name, written(type, input[name])]));
}

export function canonicalValues({ columns, values }: NamedKey): Row {
  return Object.fromEntries(columns.map(({ name, type }) => [name, written(type, values[name])]));
}

/** The default applies only if the value is absent, not if it is null. */
export function onlyIfAbsent(field: ValueField, input: Input): JsonValue {
  return input[field.name] === undefined ? field.default : null;
}

/** Returns the rows that a nested input connects and creates. `set` also connects rows. */
export function listsOf(
  field: ToOneField | ToManyField,
  { connect, create, set }: Input,
): { readonly connect: readonly Input[]; readonly create: readonly Input[] } {
  const inputs = (value: unknown) =>
    value == null ? [] : field.kind === 'TO_ONE' ? [asInput(value)] : asInputs(value);
  return { connect: [...inputs(set), ...inputs(connect)], create: inputs(create) };
}
