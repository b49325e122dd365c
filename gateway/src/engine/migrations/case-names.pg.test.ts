import { describe, expect, it } from 'vitest';
import { catalogOf, introspect } from '../../../test/catalog/catalog.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { readModel, withProject, type EngineProject } from '../../../test/engine/project.ts';

const database = useTestDatabase();

const login = (fields: string) => `type Login @model { n: Int! @id ${fields} }`;

async function apply(project: EngineProject, fields: string): Promise<readonly string[]> {
  const sdl = login(fields);
  const { steps } = await project.apply(sdl);
  expect(await introspect(project.client, project.names)).toEqual(catalogOf(readModel(sdl)));
  expect(project.plan(sdl).steps).toEqual([]);
  return steps.map(({ summary }) => summary);
}

const row = async (project: EngineProject) => (await project.query('SELECT * FROM login'))[0];

describe('two fields whose columns would have the same name', () => {
  it('are planned, and one of them can be added and removed without loss', async () => {
    await withProject(database.pool, async (project) => {
      await apply(project, 'createdAt: String @unique');
      await project.query(`INSERT INTO login (n, created_at) VALUES (1, 'kept')`);
      expect(await apply(project, 'created_at: Int createdAt: String @unique')).toEqual([
        'Rename the column of Login.createdAt from created_at to createdAt. All data is kept.',
        'Rename 1 key or check to match its table and columns.',
        'Add Login.created_at (optional Int).',
      ]);
      expect(await row(project)).toEqual({ n: 1, createdAt: 'kept', created_at: null });
      await project.query('UPDATE login SET created_at = 5');
      expect(await apply(project, 'createdAt: String @unique')).toEqual([
        'Drop Login.created_at and all of its values.',
        'Rename the column of Login.createdAt from createdAt to created_at. All data is kept.',
        'Rename 1 key or check to match its table and columns.',
      ]);
      expect(await row(project)).toEqual({ n: 1, created_at: 'kept' });
    });
  });

  it('keep their values when both are renamed', async () => {
    await withProject(database.pool, async (project) => {
      await apply(project, 'created_at: Int createdAt: String');
      await project.query(`INSERT INTO login (n, created_at, "createdAt") VALUES (1, 5, 'kept')`);
      await apply(project, 'a: Int @rename(from: "created_at") createdAt: String');
      expect(await row(project)).toEqual({ n: 1, a: 5, created_at: 'kept' });
      await apply(
        project,
        'createdAt: Int @rename(from: "a") created_at: String @rename(from: "createdAt")',
      );
      expect(await row(project)).toEqual({ n: 1, createdAt: 5, created_at: 'kept' });
    });
  });

  it('keep their values when one is removed and the other is the only one with a similar name', async () => {
    await withProject(database.pool, async (project) => {
      await apply(project, 'created_at: Int createdAt: String');
      await project.query(`INSERT INTO login (n, created_at, "createdAt") VALUES (1, 5, 'kept')`);
      await apply(project, 'created_at: Int');
      expect(await row(project)).toEqual({ n: 1, created_at: 5 });
    });
  });
});
