import type { RequestUsage } from '../control-plane/usage/usage-recorder.ts';
import type { RequestScope } from './request-scope.ts';

export type RecordUsage = (usage: RequestUsage) => void;

/** Call it for each request to either API once its answer is made. Other requests have no usage. */
export function recordUsage(
  { observation: { keyId, projectId } }: RequestScope,
  failed: boolean,
  record: RecordUsage,
): void {
  if (keyId !== null || projectId !== null) record({ keyId, projectId, failed });
}
