/** Marks the default case of an exhaustive `switch` over a union. An unhandled member is a type error. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${String(value)}`);
}
