import type { RequestUsage } from '../control-plane/usage/usage-recorder.ts';
import type { RequestScope } from './request-scope.ts';

export type RecordUsage = (usage: RequestUsage) => void;

/**
 * Records the usage of a request to one of the GraphQL APIs. Call it when the response is ready. Requests to other
 * routes are not counted.
 */
export function recordUsage(
  { observation: { keyId, projectId } }: RequestScope,
  failed: boolean,
  record: RecordUsage,
): void {
  if (keyId !== null || projectId !== null) record({ keyId, projectId, failed });
}
