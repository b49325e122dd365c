/**
 * Calls `next` at once with a value that is present, or when its promise settles. A request for which everything is
 * cached so waits for its body and its rows only.
 */
export function whenReady<T, R>(
  value: T | Promise<T>,
  next: (value: T) => R | Promise<R>,
): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
