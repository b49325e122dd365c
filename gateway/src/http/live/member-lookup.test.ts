import { describe, expect, it } from 'vitest';
import {
  maxMembersAtOnce,
  type ConsoleUser,
  type MemberCaller,
  type WantedMember,
} from '../../data-plane/callers/callers.ts';
import { liveLimits } from './live-limits.ts';
import { createMemberLookup } from './member-lookup.ts';

/** Tokens are the ids of their users. All users are members of all projects, except for those that have left. */
function createKit() {
  const queries: (readonly WantedMember[])[] = [];
  const left = new Set<string>();
  let error: Error | null = null;
  const lookup = createMemberLookup({
    verifyAccessToken: (token): Promise<ConsoleUser | null> =>
      Promise.resolve(
        token === 'expired' ? null : { kind: 'user', userId: token, sessionId: 's', email: 'a@b' },
      ),
    findMembers(wanted) {
      queries.push(wanted);
      if (error !== null) return Promise.reject(error);
      return Promise.resolve(
        wanted.map(({ userId, ref }) => (left.has(userId) ? null : memberOf(userId, ref))),
      );
    },
  });
  return { lookup, queries, left, failWith: (next: Error | null) => (error = next) };
}

const memberOf = (userId: string, projectRef: string): MemberCaller => ({
  kind: 'member',
  projectId: userId,
  projectRef,
  access: { read: 'ALL', write: 'ALL', introspect: true, rules: null },
  subject: null,
});

describe('the members of a round', () => {
  it('are looked up with one query, and each of them once', async () => {
    const { lookup, queries, left } = createKit();
    left.add('bob');
    const tokens = ['ann', 'bob', 'ann', 'expired'].map((token) => ({ ref: 'p', token }));
    await lookup.load([...tokens, { ref: 'q', token: 'ann' }]);
    expect(queries).toEqual([
      [
        { userId: 'ann', ref: 'p' },
        { userId: 'bob', ref: 'p' },
        { userId: 'ann', ref: 'q' },
      ],
    ]);
    expect(await lookup.get({ ref: 'p', token: 'ann' })).toEqual(memberOf('ann', 'p'));
    expect(await lookup.get({ ref: 'q', token: 'ann' })).toEqual(memberOf('ann', 'q'));
    expect(await lookup.get({ ref: 'p', token: 'bob' })).toBe(null);
    expect(await lookup.get({ ref: 'p', token: 'expired' })).toBe(null);
    expect(queries).toHaveLength(1);
  });

  it('are looked up in several queries if there are very many', async () => {
    const { lookup, queries } = createKit();
    const tokens = Array.from({ length: maxMembersAtOnce + 1 }, (_, index) => ({
      ref: 'p',
      token: `user ${index}`,
    }));
    await lookup.load(tokens);
    expect(queries.map(({ length }) => length)).toEqual([maxMembersAtOnce, 1]);
    for (const token of [tokens[0], tokens.at(-1)]) {
      if (token === undefined) throw new Error('There are tokens.');
      expect(await lookup.get(token)).toMatchObject({ projectId: token.token });
    }
  });

  it('are not known if the query fails', async () => {
    const { lookup, failWith } = createKit();
    failWith(new Error('The database is not available.'));
    await lookup.load([{ ref: 'p', token: 'ann' }]);
    await expect(lookup.get({ ref: 'p', token: 'ann' })).rejects.toThrow('not available');
  });

  it('are checked often enough that a lost membership ends a connection within a second', () => {
    expect(2 * liveLimits.checkMs).toBeLessThanOrEqual(1_000);
  });
});
