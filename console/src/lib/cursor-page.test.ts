import { describe, expect, it } from 'vitest';

import { pageArguments, pagesBeside } from './cursor-page.ts';

describe('a page of a list', () => {
  it('asks for the first, or for what is beside a cursor', () => {
    expect(pageArguments({}, 20)).toEqual({ first: 20 });
    expect(pageArguments({ after: 'a' }, 20)).toEqual({ first: 20, after: 'a' });
    expect(pageArguments({ before: 'b' }, 20)).toEqual({ last: 20, before: 'b' });
  });

  it('never mixes both directions, which the API refuses', () => {
    expect(pageArguments({ after: 'a', before: 'b' }, 20)).toEqual({ first: 20, after: 'a' });
  });

  it('leads to the pages beside it', () => {
    const middle = { hasPreviousPage: true, hasNextPage: true, startCursor: 's', endCursor: 'e' };
    expect(pagesBeside(middle)).toEqual({ previous: { before: 's' }, next: { after: 'e' } });
    const only = { ...middle, hasPreviousPage: false, hasNextPage: false };
    expect(pagesBeside(only)).toEqual({ previous: null, next: null });
  });
});
