import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { readModel, withProject } from '../../../test/engine/project.ts';
import { catalogOf, introspect } from '../../../test/catalog/catalog.ts';

const database = useTestDatabase();

const tracker = await readFile(
  new URL('../../../test/examples/tracker.graphql', import.meta.url),
  'utf8',
);

describe('an applied model', () => {
  it('has the expected catalog entries and needs no further plan', async () => {
    await withProject(database.pool, async (project) => {
      const plan = await project.apply(tracker);
      expect(plan.steps.map(({ kind }) => kind)).toContain('CREATE_TABLE');
      expect(new Set(plan.steps.map(({ hazard }) => hazard))).toEqual(new Set(['NONE']));
      expect(await introspect(project.client, project.names)).toEqual(
        catalogOf(readModel(tracker)),
      );
      expect(project.plan(tracker).steps).toEqual([]);
    });
  });

  it('can be removed again', async () => {
    await withProject(database.pool, async (project) => {
      await project.apply(tracker);
      const plan = await project.apply('# nothing');
      expect(new Set(plan.steps.map(({ kind }) => kind))).toEqual(new Set(['DROP_TABLE']));
      expect(await introspect(project.client, project.names)).toEqual({
        tables: [],
        strangers: [],
      });
    });
  });
});
