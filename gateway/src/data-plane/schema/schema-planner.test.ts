import { describe, expect, it } from 'vitest';

import { projectNames } from '../../engine/migrations.ts';
import type { Compute } from '../compute/tasks.ts';
import { useCompute } from '../../../test/compute.ts';
import { planSchema } from '../compute/plan-schema.ts';
import { createSchemaPlanner } from './schema-planner.ts';

const compute = useCompute();
const names = projectNames('a'.repeat(16));
const sdl = 'type Item @model { id: ID! @id  name: String! }';
const padding = `\n# ${'.'.repeat(4_000)}`;
const base = {
  names,
  baseVersion: 1,
  history: { lineage: null, restored: null, unrecorded: [] },
  issuers: [],
};

describe('a migration plan', () => {
  it('for short SDL is made on the main thread', async () => {
    const noThread = { run: () => Promise.reject(new Error('The thread was used.')) };
    const plan = createSchemaPlanner(noThread as unknown as Compute);
    expect(await plan({ ...base, current: null, next: sdl })).toMatchObject({ ok: true });
  });

  it.each([
    ['a long new SDL', { current: null, next: sdl + padding }],
    ['a long current SDL', { current: sdl + padding, next: sdl.replace('name', 'title') }],
    ['a long SDL with errors', { current: null, next: `type Item @model { id: Nope }${padding}` }],
  ])('for %s is made on the compute thread, and is the same', async (_what, sdls) => {
    const before = compute.observed.length;
    const planned = await createSchemaPlanner(compute)({ ...base, ...sdls });
    expect(planned).toEqual(planSchema({ ...base, ...sdls }));
    expect(compute.observed.slice(before)).toMatchObject([{ task: 'planSchema', outcome: 'done' }]);
  });
});
