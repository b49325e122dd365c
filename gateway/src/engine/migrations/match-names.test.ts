import { describe, expect, it } from 'vitest';
import { matchNames } from './match-names.ts';

/** `B<A` is B with `@rename(from: "A")`. */
const named = (text: string) =>
  text.split(' ').map((part) => {
    const [name = '', renamedFrom = null] = part.split('<');
    return { name, renamedFrom };
  });

describe('matchNames', () => {
  it.each([
    ['keeps equal names', 'A B', 'B A', { A: 'A', B: 'B' }],
    ['follows a rename', 'A', 'B<A', { B: 'A' }],
    ['follows it once', 'B<A', 'B<A', { B: 'B' }],
    ['follows it once, also when the old name is used anew', 'B<A', 'A B<A', { B: 'B' }],
    ['and keeps both afterwards', 'A B<A', 'A B<A', { A: 'A', B: 'B' }],
    ['follows a swap', 'A B', 'A<B B<A', { A: 'B', B: 'A' }],
    ['follows a swap once', 'A<B B<A', 'A<B B<A', { A: 'A', B: 'B' }],
    ['follows a chain', 'A B', 'B<A C<B', { B: 'A', C: 'B' }],
    ['follows a circle of three', 'A B C', 'A<C B<A C<B', { A: 'C', B: 'A', C: 'B' }],
    ['ignores a name that never was', 'A', 'A B<X', { A: 'A' }],
    ['ignores a rename onto what exists', 'A B', 'B<A', { B: 'B' }],
    ['ignores a chain that ends on what exists', 'A B C', 'B<A C<B', { B: 'B', C: 'C' }],
    ['gives the old name to something new', 'A', 'A B<A', { B: 'A' }],
    ['lets go of a rename that is no longer written', 'B<A', 'B', { B: 'B' }],
  ])('%s', (_, current, next, expected) => {
    expect(Object.fromEntries(matchNames(named(current), named(next)))).toEqual(expected);
  });
});
