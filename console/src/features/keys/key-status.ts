import type { KeyRowFragment } from '#console/gql/graphql.ts';

const dayMs = 86_400_000;

export type KeyStatus =
  | { readonly kind: 'ACTIVE' }
  /** Active until `until`. `isReplaced` is true if the key was rotated. */
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

/** Why a key cannot be updated or revoked; null if it can. */
export function whyOver(status: KeyStatus): string | null {
  switch (status.kind) {
    case 'REVOKED':
      return 'This key is revoked.';
    case 'EXPIRED':
      return 'This key has expired.';
    case 'ACTIVE':
    case 'ENDING':
      return null;
  }
}

export const whyNotRotated = (status: KeyStatus): string | null =>
  status.kind === 'ENDING' && status.isReplaced
    ? 'This key was already rotated. Rotate its replacement instead.'
    : whyOver(status);
