import type { JsonValue } from '../../src/engine/sdl/model.ts';

/** An input object that GraphQL has coerced. */
export type Input = Readonly<Record<string, unknown>>;

export function asInput(value: unknown): Input {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${JSON.stringify(value)} is not an input object.`);
  }
  // Any object that is not an array can be read as a record.
  return value as Input;
}

export function asInputs(value: unknown): readonly Input[] {
  return asList(value).map(asInput);
}

/** Returns a coerced value as a list. GraphQL coerces a single value to a list of one, so every list is an array. */
function asList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${JSON.stringify(value)} is not a list.`);
  return value;
}

export function asJson(value: unknown): JsonValue {
  // The API's scalars are parsed to JSON values.
  return value as JsonValue;
}

export function asJsonList(value: unknown): readonly JsonValue[] {
  return asList(value).map(asJson);
}
