import { createHash } from 'node:crypto';

/** Hashed, so that nobody who looks into Redis reads addresses there. */
export function redisKey(rule: string, identity: string): string {
  return `tessera:rate:${rule}:${createHash('sha256').update(identity).digest('base64url')}`;
}
