/** An input object as GraphQL coerced it. */
export type InputObject = Readonly<Record<string, unknown>>;

/**
 * What an input object says of a field: `undefined` where it says nothing. What every object inherits, such as
 * `constructor`, says nothing.
 */
export function given(input: InputObject, name: string): unknown {
  return Object.hasOwn(input, name) ? input[name] : undefined;
}

/** @throws Error where GraphQL's types promise an input object */
export function asObject(value: unknown): InputObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('A coerced input object is an object.');
  }
  // Narrowed to an object that is no array.
  return value as InputObject;
}

/** @throws Error where GraphQL's types promise a list */
export function asObjects(value: unknown): readonly InputObject[] {
  if (!Array.isArray(value)) throw new Error('A coerced list is an array.');
  return value.map(asObject);
}
