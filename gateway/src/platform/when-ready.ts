/**
 * Calls `next` with a value: immediately, or after the promise for the value resolves. A request whose data is all
 * cached therefore waits only for its body and its rows.
 */
export function whenReady<T, R>(
  value: T | Promise<T>,
  next: (value: T) => R | Promise<R>,
): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
