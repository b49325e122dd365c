/** The default of an exhaustive `switch` over a union. A member that is not handled is a type error. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${String(value)}`);
}
