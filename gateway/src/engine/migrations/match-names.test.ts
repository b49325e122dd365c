import { describe, expect, it } from 'vitest';
import { createModelHistory } from './lineage.ts';
import { matchNames } from './match-names.ts';

/** `B<A` means B with `@rename(from: "A")`. */
const named = (text: string) =>
  text.split(' ').map((part) => {
    const [name = '', renamedFrom = null] = part.split('<');
    return { name, renamedFrom };
  });

describe('matchNames', () => {
  it.each([
    ['keeps equal names', 'A B', 'B A', { A: 'A', B: 'B' }],
    ['follows a rename', 'A', 'B<A', { B: 'A' }],
    ['does not follow a rename twice', 'B<A', 'B<A', { B: 'B' }],
    ['does not follow a rename twice if the old name is used again', 'B<A', 'A B<A', { B: 'B' }],
    ['keeps both names when the old name is in use again', 'A B<A', 'A B<A', { A: 'A', B: 'B' }],
    ['follows a swap', 'A B', 'A<B B<A', { A: 'B', B: 'A' }],
    ['does not follow a swap twice', 'A<B B<A', 'A<B B<A', { A: 'A', B: 'B' }],
    ['follows a chain', 'A B', 'B<A C<B', { B: 'A', C: 'B' }],
    ['follows a cycle of three renames', 'A B C', 'A<C B<A C<B', { A: 'C', B: 'A', C: 'B' }],
    ['ignores a rename from a name that does not exist', 'A', 'A B<X', { A: 'A' }],
    ['ignores a rename to a name that is kept', 'A B', 'B<A', { B: 'B' }],
    ['ignores a chain that ends at a name that is kept', 'A B C', 'B<A C<B', { B: 'B', C: 'C' }],
    ['allows a new thing with the old name', 'A', 'A B<A', { B: 'A' }],
    ['keeps the name when @rename is removed', 'B<A', 'B', { B: 'B' }],
  ])('%s', (_, current, next, expected) => {
    expect(Object.fromEntries(matchNames(named(current), named(next)))).toEqual(expected);
  });
});

describe('matchNames with a history', () => {
  /** `A>B` means that B was A before version 2. */
  const history = (text: string, restored: number | null = null) =>
    createModelHistory({
      restored,
      lineage: {
        types: text.split(' ').map((part) => {
          const names = part.split('>').map((name, index) => ({ name, since: index + 1 }));
          return { names, fields: [] };
        }),
      },
    }).types;
  const match = (current: string, next: string, restored: number | null = null) => {
    const names = current.split(' ').map((part) => part.split('>').at(-1) ?? '');
    const found = matchNames(named(names.join(' ')), named(next), history(current, restored));
    return Object.fromEntries(found);
  };

  it('inverts a rename if the next model has only the former name', () => {
    expect(match('A>B', 'A')).toEqual({ A: 'B' });
    expect(match('A>B', 'A B')).toEqual({ B: 'B' });
    expect(match('A>B>C', 'A')).toEqual({ A: 'C' });
  });

  it('prefers the name that was given up last', () => {
    expect(match('A>B>C', 'A B')).toEqual({ B: 'C' });
  });

  it('uses the names in a restored version instead of equal names', () => {
    expect(match('A>B B>A', 'A B', 1)).toEqual({ A: 'B', B: 'A' });
    expect(match('A>B B>A', 'A B')).toEqual({ A: 'A', B: 'B' });
  });

  it('does not rename again what was renamed before, even if the directive was removed since', () => {
    expect(match('A>B', 'B<A A')).toEqual({ B: 'B' });
  });
});
