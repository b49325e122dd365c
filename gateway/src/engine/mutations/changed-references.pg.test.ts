import { beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { signedOut } from '../../../test/engine/boards.ts';
import { useMutations } from '../../../test/engine/mutations.ts';

const all = '@allow(to: [READ, CREATE, UPDATE, LINK], as: PUBLIC)';
const project = useMutations(
  useTestDatabase(),
  `
  type Shelf @model(plural: "shelves") ${all} {
    id: Int! @id
    name: String @unique
    label: Label @unique
    boxes: [Box!]!
  }
  type Label @model ${all} {
    id: Int! @id
    shelf: Shelf
  }
  type Box @model(plural: "boxes") ${all} {
    id: Int! @id
    shelf: Shelf @relation(references: ["name"])
  }
  `,
);

beforeEach(async () => {
  await project().clear();
  await project().sql(
    `INSERT INTO label (id) VALUES (1);
     INSERT INTO shelf (id, name, label_id) VALUES (1, NULL, NULL), (2, 'b', 1);
     INSERT INTO box (id, shelf_id) VALUES (7, 'b'), (8, NULL)`,
  );
});

describe.each([
  ['a server', {}],
  ['a caller with access rules', { as: signedOut }],
])('an update by %s of a field that relations reference', (_, options) => {
  const update = (id: number, data: string) =>
    project().mutate(
      `mutation { updateShelf(where: { id: ${id} }, data: { ${data} }) { name boxes { nodes { id } } } }`,
      {},
      options,
    );
  const shelf = (name: string, ...boxes: number[]) => ({
    updateShelf: { name, boxes: { nodes: boxes.map((id) => ({ id })) } },
  });

  it('creates and connects rows that refer to the new value', async () => {
    const boxes = 'boxes: { create: [{ id: 5 }], connect: [{ id: 8 }] }';
    expect(await update(1, `name: "a", ${boxes}`)).toEqual(shelf('a', 5, 8));
  });

  it('does the same if it takes the partner of another row', async () => {
    const boxes = 'boxes: { create: [{ id: 5 }], connect: [{ id: 8 }] }';
    expect(await update(1, `name: "a", label: { connect: { id: 1 } }, ${boxes}`)).toEqual(
      shelf('a', 5, 8),
    );
  });

  it('replaces the rows that refer to the earlier value', async () => {
    expect(await update(2, 'name: "c", boxes: { set: [{ id: 8 }] }')).toEqual(shelf('c', 8));
  });
});
