import { expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { useOperations } from '../../../test/engine/operations-kit.ts';

const kit = useOperations(useTestDatabase());

it('returns the place of a response in the log of changes', async () => {
  await kit.serve('type Item @model @live { id: ID! @id name: String! }', async (project) => {
    const query = '{ from: changesCursor items { totalCount } }';
    const { data, errors } = await project.ask(query);
    expect(errors).toEqual([]);
    // The cursor is opaque text.
    expect(data).toEqual({
      from: expect.stringMatching(/^[\w-]+$/) as string,
      items: { totalCount: 0 },
    });
  });
});
