/** Returns a number with its noun: `1 character`, `2 characters`. */
export const countOf = (count: number | string, one: string, many = `${one}s`): string =>
  `${count} ${Number(count) === 1 ? one : many}`;
