import { describe, expect, it } from 'vitest';

import { accountSentence, accountWords } from './account-words.ts';

describe('accountSentence', () => {
  it('has words for every action', () => {
    for (const action of Object.keys(accountWords)) {
      expect(accountSentence({ action, details: {} })).not.toContain('.');
    }
  });

  it.each([
    ['session.refuse', { reason: 'wrongPassword' }, 'Sign-in refused: wrong password'],
    ['session.refuse', { reason: 'something new' }, 'Sign-in refused'],
    ['session.refuse', null, 'Sign-in refused'],
    ['robot.awake', {}, 'robot.awake'],
  ])('describes %s with %o', (action, details, words) => {
    expect(accountSentence({ action, details })).toBe(words);
  });
});
