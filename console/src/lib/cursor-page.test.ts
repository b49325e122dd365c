import { describe, expect, it } from 'vitest';

import { pageArguments, pagesBeside } from './cursor-page.ts';

describe('cursor pages', () => {
  it('request the first page or the page before or after a cursor', () => {
    expect(pageArguments({}, 20)).toEqual({ first: 20 });
    expect(pageArguments({ after: 'a' }, 20)).toEqual({ first: 20, after: 'a' });
    expect(pageArguments({ before: 'b' }, 20)).toEqual({ last: 20, before: 'b' });
  });

  it('ignore `before` if both cursors are given', () => {
    expect(pageArguments({ after: 'a', before: 'b' }, 20)).toEqual({ first: 20, after: 'a' });
  });

  it('have a previous or a next page if the list continues in that direction', () => {
    const middle = { hasPreviousPage: true, hasNextPage: true, startCursor: 's', endCursor: 'e' };
    expect(pagesBeside(middle)).toEqual({ previous: { before: 's' }, next: { after: 'e' } });
    const only = { ...middle, hasPreviousPage: false, hasNextPage: false };
    expect(pagesBeside(only)).toEqual({ previous: null, next: null });
  });
});
