import fc from 'fast-check';
import { applyPatch, type Operation } from 'rfc6902';
import { describe, expect, it } from 'vitest';
import { patchBetween } from './json-patch.ts';

function operationsBetween(before: unknown, after: unknown): Operation[] | null {
  const patch = patchBetween(JSON.stringify(before), JSON.stringify(after));
  return patch === null ? null : (JSON.parse(patch) as Operation[]);
}

const rows = (...ids: readonly number[]) =>
  ids.map((id) => ({ id, title: `The title of issue ${id}`, labels: ['bug', 'urgent'] }));
const page = (nodes: readonly unknown[], totalCount = 9) => ({ issues: { nodes, totalCount } });

describe('a patch', () => {
  it('contains only the changed field of a row', () => {
    const [first, second, third] = rows(1, 2, 3);
    expect(
      operationsBetween(
        page([first, second, third]),
        page([first, { ...second, title: 'New' }, third]),
      ),
    ).toEqual([{ op: 'replace', path: '/issues/nodes/1/title', value: 'New' }]);
  });

  it('adds a row at the beginning of a page and removes the last one', () => {
    const [added] = rows(1);
    expect(operationsBetween(page(rows(2, 3, 4, 5)), page(rows(1, 2, 3, 4)))).toEqual([
      { op: 'add', path: '/issues/nodes/0', value: added },
      { op: 'remove', path: '/issues/nodes/4' },
    ]);
  });

  it('moves a changed row', () => {
    const before = rows(1, 2, 3, 4, 5);
    const moved = { ...before[3], title: 'Changed' };
    expect(operationsBetween(page(before), page([moved, ...rows(1, 2, 3), ...rows(5)]))).toEqual([
      { op: 'add', path: '/issues/nodes/0', value: moved },
      { op: 'remove', path: '/issues/nodes/4' },
    ]);
  });

  it('is not used if the result is shorter', () => {
    expect(operationsBetween(page(rows(1, 2, 3)), page(rows(1)))).not.toBeNull();
    expect(operationsBetween(page(rows(1, 2, 3)), page([]))).toBeNull();
  });

  it('is not used for numbers that JavaScript rounds', () => {
    const text = (last: string) =>
      `{"rows":${JSON.stringify(rows(1, 2, 3))},"n":90071992547409${last}}`;
    expect(patchBetween(text('93'), text('92'))).toBeNull();
    expect(patchBetween(text('3'), text('2'))).not.toBeNull();
  });

  it('is not used for a member that clients cannot patch', () => {
    const text = (value: number) => `{"rows":${JSON.stringify(rows(1, 2))},"__proto__":${value}}`;
    expect(patchBetween(text(1), text(2))).toBeNull();
  });

  it('changes any value into any other value', () => {
    const values = fc.jsonValue({ maxDepth: 4 });
    const lists = fc.array(fc.oneof(fc.constantFrom(1, 2, 3, 'a', null), fc.jsonValue()));
    const pairs = fc.oneof(fc.tuple(values, values), fc.tuple(lists, lists));
    // Patches are used only if they are shorter than the whole.
    const rest = 'x'.repeat(10_000);
    let patched = 0;
    fc.assert(
      fc.property(pairs, ([before, after]) => {
        const operations = operationsBetween({ data: before, rest }, { data: after, rest });
        if (operations === null) return;
        patched += 1;
        const state = structuredClone({ data: before, rest });
        expect(applyPatch(state, operations).every((error) => error === null)).toBe(true);
        // JSON has no negative zero.
        expect(state).toEqual(JSON.parse(JSON.stringify({ data: after, rest })));
      }),
      { numRuns: 2_000 },
    );
    expect(patched).toBeGreaterThan(100);
  });
});
