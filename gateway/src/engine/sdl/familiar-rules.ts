/** The Tessera way for words that people bring from the access rules of other systems. */

/** Operators in the filters of Prisma, Hasura, Nhost, Amplify and SQL Connect, without leading underscores. */
const operators: Readonly<Record<string, string>> = {
  equals: 'eq',
  equal: 'eq',
  ne: 'neq',
  nin: 'notIn',
  is: 'eq',
  isnot: 'neq',
  between: 'gte',
  ge: 'gte',
  le: 'lte',
  beginswith: 'startsWith',
  similar: 'like',
  includes: 'has',
  includesany: 'hasSome',
  includesall: 'hasEvery',
  containedin: 'in',
};

/** Returns the operator with the meaning of an operator of another system, or null. */
export function familiarOperator(name: string): string | null {
  const key = name.toLowerCase().replaceAll('_', '');
  return Object.hasOwn(operators, key) ? (operators[key] ?? null) : null;
}

const values: readonly (readonly [RegExp, string])[] = [
  [
    /^x-hasura-(?:user-id|nhost-user-id)$/i,
    'Write `"$user.id"` for the key of the row of the caller.',
  ],
  [/^x-hasura-[\w-]+$/i, 'Declare the claim in the @claims type, and write `"$claims.<name>"`.'],
  [
    /^(?:\(select )?auth\.uid(?:\(\))?\)?$|^(?:request\.)?auth\.uid$|^\$ctx\.identity\.(?:sub|username)$|^\{\{ ?auth\.\w+ ?\}\}$/i,
    'Write `"$user.id"` for the key of the row of the caller.',
  ],
  [
    /^(?:request\.)?auth\.(?:token|jwt\(\))\S*$/i,
    'Declare the claim in the @claims type, and write `"$claims.<name>"`.',
  ],
  [/^(?:request\.time|current_timestamp)$/i, 'Write `"$now"` for the current time.'],
];

/** Returns a hint for a text that stands for the caller or the time in another system, or null. */
export function familiarValue(text: string): string | null {
  return values.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
