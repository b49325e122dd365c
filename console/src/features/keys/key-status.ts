import type { KeyRowFragment } from '#console/gql/graphql.ts';

const dayMs = 86_400_000;

export type KeyStatus =
  | { readonly kind: 'ACTIVE' }
  /** Works, and stops at `until`; `isReplaced` where its successor was made already. */
  | {
      readonly kind: 'ENDING';
      readonly until: string;
      readonly isSoon: boolean;
      readonly isReplaced: boolean;
    }
  | { readonly kind: 'EXPIRED'; readonly at: string; readonly isReplaced: boolean }
  | { readonly kind: 'REVOKED'; readonly at: string };

type Dates = Pick<KeyRowFragment, 'expiresAt' | 'revokedAt' | 'replacedById'>;

export function keyStatus({ expiresAt, revokedAt, replacedById }: Dates, now: Date): KeyStatus {
  if (revokedAt !== null) return { kind: 'REVOKED', at: revokedAt };
  if (expiresAt === null) return { kind: 'ACTIVE' };
  const isReplaced = replacedById !== null;
  const left = Date.parse(expiresAt) - now.getTime();
  return left <= 0
    ? { kind: 'EXPIRED', at: expiresAt, isReplaced }
    : { kind: 'ENDING', until: expiresAt, isSoon: left < 7 * dayMs, isReplaced };
}

export const isWorking = ({ kind }: KeyStatus): boolean => kind === 'ACTIVE' || kind === 'ENDING';

/** Why a key can be neither changed nor revoked; null where it can. */
export function whyOver(status: KeyStatus): string | null {
  switch (status.kind) {
    case 'REVOKED':
      return 'It is revoked.';
    case 'EXPIRED':
      return 'It has expired.';
    case 'ACTIVE':
    case 'ENDING':
      return null;
  }
}

export const whyNotRotated = (status: KeyStatus): string | null =>
  status.kind === 'ENDING' && status.isReplaced
    ? 'It was rotated before. Rotate the key that took over.'
    : whyOver(status);
