import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createOpaqueToken, hashToken } from './opaque-token.ts';

describe('opaque tokens', () => {
  it('are 256 bits long and unique', () => {
    const tokens = new Set(Array.from({ length: 1_000 }, createOpaqueToken));
    expect(tokens.size).toBe(1_000);
    for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  });

  it('are hashed with SHA-256', () => {
    const expected = createHash('sha256').update('abc').digest('hex');
    expect(Buffer.from(hashToken('abc')).toString('hex')).toBe(expected);
    expect(hashToken('abc')).not.toBeInstanceOf(Buffer);
  });
});
