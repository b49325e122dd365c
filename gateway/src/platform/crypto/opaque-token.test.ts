import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createOpaqueToken, deriveChildToken, hashToken } from './opaque-token.ts';

const key = new Uint8Array(32).fill(7);

describe('opaque tokens', () => {
  it('carry 256 bits and never repeat', () => {
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

describe('a child token', () => {
  it('is the same for the same parent, so a lost answer can be given again', () => {
    const parent = createOpaqueToken();
    expect(deriveChildToken(key, parent)).toBe(deriveChildToken(key, parent));
  });

  it('differs by parent and by key, and is never its parent', () => {
    const parent = createOpaqueToken();
    const child = deriveChildToken(key, parent);
    expect(child).not.toBe(parent);
    expect(child).not.toBe(deriveChildToken(key, createOpaqueToken()));
    expect(child).not.toBe(deriveChildToken(new Uint8Array(32).fill(8), parent));
    expect(deriveChildToken(key, child)).not.toBe(child);
    expect(Buffer.from(child, 'base64url')).toHaveLength(32);
  });
});
