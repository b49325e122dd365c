import type { RequestScope } from './request-scope.ts';

/** One answered request of a known caller. */
export interface RequestUse {
  readonly keyId: string | null;
  /** The project whose own API was called, if it is the caller's. */
  readonly projectId: string | null;
  /** Was it refused, or did it fail? */
  readonly failed: boolean;
}

/** Called with every request to either API once its answer is made. */
export type CountUse = (scope: RequestScope, failed: boolean) => void;

export function createCountUse(record: (use: RequestUse) => void): CountUse {
  return ({ viewer, projectId }, failed) => {
    if (viewer === null || viewer.kind === 'anonymous') return;
    record({ keyId: viewer.kind === 'apiKey' ? viewer.keyId : null, projectId, failed });
  };
}
