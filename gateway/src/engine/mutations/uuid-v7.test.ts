import { describe, expect, it } from 'vitest';
import { createUuidV7 } from './uuid-v7.ts';

const form = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('createUuidV7', () => {
  it('encodes the version, variant and time in milliseconds (RFC 9562, appendix A.6)', () => {
    const id = createUuidV7(() => 0x017f22e279b0)();
    expect(id).toMatch(form);
    expect(id.slice(0, 13)).toBe('017f22e2-79b0');
  });

  it('returns increasing ids, even if the clock stops or goes backwards', () => {
    const clock = [5, 5, 5, 4, 1, 5, 6, 6, 2].map((second) => 1_750_000_000_000 + second * 1000);
    let turn = 0;
    const newId = createUuidV7(() => clock[Math.floor(turn++ / 5000) % clock.length] ?? 0);
    const ids = Array.from({ length: 45_000 }, () => newId());
    expect(ids.every((id) => form.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual([...ids].sort());
  });

  it('generates different random parts in two generators', () => {
    const [one, other] = [createUuidV7(() => 1000), createUuidV7(() => 1000)];
    const tails = Array.from({ length: 100 }, () => [one(), other()])
      .flat()
      .map((id) => id.slice(24));
    expect(new Set(tails).size).toBe(200);
  });
});
