import {
  maxMembersAtOnce,
  type Callers,
  type MemberCaller,
  type WantedMember,
} from '../../data-plane/callers/callers.ts';

/** An access token, and the project that it is used for. */
interface MemberToken {
  readonly ref: string;
  readonly token: string;
}

/** The members to whom access tokens belong, as they are now. */
export interface MemberLookup {
  /** Looks up many members in few queries. */
  load(tokens: readonly MemberToken[]): Promise<void>;
  /**
   * Returns a member that was loaded. Null if the token is not valid any more, or its owner is not a member.
   * @throws the error of the query
   */
  get(token: MemberToken): Promise<MemberCaller | null>;
}

export function createMemberLookup(
  callers: Pick<Callers, 'verifyAccessToken' | 'findMembers'>,
): MemberLookup {
  const known = new Map<string, Promise<MemberCaller | null>>();
  const keyOf = ({ ref, token }: MemberToken): string => `${ref} ${token}`;

  const ownersOf = async (tokens: readonly MemberToken[]) =>
    Promise.all(
      tokens.map(async ({ ref, token }): Promise<WantedMember | null> => {
        const user = await callers.verifyAccessToken(token);
        return user === null ? null : { userId: user.userId, ref };
      }),
    );

  const find = async (
    tokens: readonly MemberToken[],
  ): Promise<readonly (MemberCaller | null)[]> => {
    const owners = await ownersOf(tokens);
    const wanted = new Map(
      owners.flatMap((owner) =>
        owner === null ? [] : [[`${owner.userId} ${owner.ref}`, owner] as const],
      ),
    );
    const members = wanted.size === 0 ? [] : await callers.findMembers([...wanted.values()]);
    const byOwner = new Map([...wanted.keys()].map((key, index) => [key, members[index] ?? null]));
    return owners.map((owner) =>
      owner === null ? null : (byOwner.get(`${owner.userId} ${owner.ref}`) ?? null),
    );
  };

  const loadSome = async (tokens: readonly MemberToken[]): Promise<void> => {
    const finding = find(tokens);
    tokens.forEach((token, index) => {
      const member = finding.then((members) => members[index] ?? null);
      // Its error is reported by `get`.
      member.catch(() => undefined);
      known.set(keyOf(token), member);
    });
    await finding.catch(() => undefined);
  };

  return {
    async load(tokens) {
      const distinct = [...new Map(tokens.map((token) => [keyOf(token), token])).values()];
      for (let start = 0; start < distinct.length; start += maxMembersAtOnce) {
        await loadSome(distinct.slice(start, start + maxMembersAtOnce));
      }
    },
    async get(token) {
      if (!known.has(keyOf(token))) await loadSome([token]);
      return known.get(keyOf(token)) ?? null;
    },
  };
}
