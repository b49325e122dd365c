import { describe, expect, it } from 'vitest';

import { sessionExpiry } from './session-changes.ts';

const day = 24 * 60 * 60 * 1_000;
const signIn = new Date('2030-01-01T00:00:00Z');
const after = (days: number) => new Date(signIn.getTime() + days * day);

describe('sessionExpiry', () => {
  it('is 30 days after the last use', () => {
    expect(sessionExpiry(signIn, signIn)).toEqual(after(30));
    expect(sessionExpiry(signIn, after(29))).toEqual(after(59));
  });

  it('is at most 90 days after the sign-in', () => {
    expect(sessionExpiry(signIn, after(59))).toEqual(after(89));
    expect(sessionExpiry(signIn, after(61))).toEqual(after(90));
    expect(sessionExpiry(signIn, after(89))).toEqual(after(90));
  });
});
