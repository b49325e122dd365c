import type { JsonValue } from '../../src/engine/sdl/model.ts';

/** An input object as GraphQL coerced it. */
export type Input = Readonly<Record<string, unknown>>;

export function asInput(value: unknown): Input {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${JSON.stringify(value)} is no input object.`);
  }
  // An object that is no list has names and values.
  return value as Input;
}

export function asInputs(value: unknown): readonly Input[] {
  return asList(value).map(asInput);
}

/** GraphQL lets one stand for a list of one, and makes it one. */
function asList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${JSON.stringify(value)} is no list.`);
  return value;
}

export function asJson(value: unknown): JsonValue {
  // Scalars of the API are parsed to JSON.
  return value as JsonValue;
}

export function asJsonList(value: unknown): readonly JsonValue[] {
  return asList(value).map(asJson);
}
