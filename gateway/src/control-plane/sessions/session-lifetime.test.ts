import { describe, expect, it } from 'vitest';

import { sessionExpiry } from './session-changes.ts';

const day = 24 * 60 * 60 * 1_000;
const signIn = new Date('2030-01-01T00:00:00Z');
const after = (days: number) => new Date(signIn.getTime() + days * day);

describe('the end of a session', () => {
  it('is 30 idle days away, and moves with use', () => {
    expect(sessionExpiry(signIn, signIn)).toEqual(after(30));
    expect(sessionExpiry(signIn, after(29))).toEqual(after(59));
  });

  it('is never more than 90 days after the sign-in', () => {
    expect(sessionExpiry(signIn, after(59))).toEqual(after(89));
    expect(sessionExpiry(signIn, after(61))).toEqual(after(90));
    expect(sessionExpiry(signIn, after(89))).toEqual(after(90));
  });
});
