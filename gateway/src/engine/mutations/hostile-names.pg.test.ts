import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { useMutations } from '../../../test/engine/mutations.ts';

const database = useTestDatabase();

/** The names in this model are SQL keywords, SQL functions, or aliases in the SQL generated for mutations. */
const project = useMutations(
  database,
  `
  type Select @model(plural: "SelectRows") @unique(fields: ["order", "t"]) {
    key: ID! @id
    t: String!
    target: String! @default(value: "'; DROP TABLE \\"select\\"; -- $1 \\\\")
    v: Int
    n: [String!]! @default(value: ["{a,b}", "NULL", "\\"", "\\\\", "$1"])
    order: Int! @default(value: 0)
    json_to_recordset: String
    uuid: String
    updated: Int
    one: JSON
    w0: Updated @relation(name: "w0", onDelete: CASCADE)
    select: [Updated!]! @relation(name: "many")
    inserted: DateTime! @updatedAt
  }
  type Updated @model(plural: "UpdatedRows") {
    owner: ID! @id
    id: String! @unique
    selects: [Select!]! @relation(name: "w0")
    table: [Select!]! @relation(name: "many")
  }
`,
);

const values = [
  `'; DROP TABLE x; --`,
  '$1',
  '"',
  '\\',
  '{}',
  'NULL',
  '',
  ' ',
  '\u{1f600}',
  '%s',
  '\n',
];

describe('hostile names and values', () => {
  it('are stored and returned unchanged', async () => {
    const created = await project().mutate(
      `mutation ($data: [SelectCreateInput!]!) { createSelectRows(data: $data) { count nodes { t target v n json_to_recordset uuid one } } }`,
      {
        data: values.map((t, index) => ({
          t,
          v: index,
          n: values,
          json_to_recordset: t,
          one: { [t]: t },
        })),
      },
    );
    expect(created).toEqual({
      createSelectRows: {
        count: values.length,
        nodes: values.map((t, index) => ({
          t,
          target: `'; DROP TABLE "select"; -- $1 \\`,
          v: index,
          n: values,
          json_to_recordset: t,
          uuid: null,
          one: { [t]: t },
        })),
      },
    });
    for (const t of values) {
      const one = await project()
        .mutate(
          `mutation ($t: String!) { upsertSelect(where: { order_t: { order: 0, t: $t } }, create: { t: $t }, update: { uuid: $t, w0: { create: { id: $t } }, select: { create: [{ id: $t }] } }) { t uuid updated n } }`,
          { t },
        )
        .catch((error: unknown) => error);
      // The input contains the same id twice.
      expect(one).toMatchObject({ code: 'UNIQUE_VIOLATION', fields: ['id'] });
      const two = await project().mutate(
        `mutation ($t: String!, $u: String!) { upsertSelect(where: { order_t: { order: 0, t: $t } }, create: { t: $t }, update: { uuid: $t, w0: { create: { id: $t } }, select: { create: [{ id: $u }] } }) { t uuid w0 { id } select { nodes { id } } } }`,
        { t, u: `${t} 2` },
      );
      expect(two).toEqual({
        upsertSelect: { t, uuid: t, w0: { id: t }, select: { nodes: [{ id: `${t} 2` }] } },
      });
    }
  });

  it('can be used in bulk updates and deletes', async () => {
    const changed = await project().mutate(
      `mutation { updateSelectRows(where: {}, data: { updated: 7 }, atMost: 100) { nodes { updated } } }`,
    );
    expect(changed).toEqual({
      updateSelectRows: { nodes: values.map(() => ({ updated: 7 })) },
    });
    const deleted = await project().mutate(
      `mutation { deleteSelectRows(where: { t: { in: ["$1", "\\""] } }, atMost: 2) { count nodes { t w0 { id } } } }`,
    );
    expect(deleted).toEqual({
      deleteSelectRows: {
        count: 2,
        nodes: [
          { t: '$1', w0: { id: '$1' } },
          { t: '"', w0: { id: '"' } },
        ],
      },
    });
  });
});

describe('hostile names in keys', () => {
  /** Foreign keys have the names of aliases in the generated SQL. */
  const keyed = useMutations(
    database,
    `
    type Target @model(plural: "TargetRows") { v: Int! @id  inserted: [T!]! }
    type T @model(plural: "TRows") @id(fields: ["target", "order", "user"]) {
      target: Target! @relation(key: "w0", onDelete: CASCADE)
      order: String!
      user: Bytes!
      set: Updated
      count: [Updated!]! @relation(name: "many")
    }
    type Updated @model(plural: "UpdatedRows") @id(fields: ["t"]) {
      t: T! @relation(key: ["own", "other", "n"], onDelete: CASCADE)
      limit: Int
      select: [T!]! @relation(name: "many")
    }
    `,
  );

  it('identify rows whose values are hostile', async () => {
    for (const [index, order] of values.entries()) {
      const created = await keyed().mutate(
        `mutation ($order: String!) { createTarget(data: {
          inserted: { create: [{ order: $order, user: "XCI=", set: { create: { limit: 1 } } }] }
        }) { v inserted { nodes { w0 order user set { own other n limit } } } } }`,
        { order },
      );
      const v = index + 1;
      const set = { own: v, other: order, n: 'XCI=', limit: 1 };
      expect(created).toEqual({
        createTarget: { v, inserted: { nodes: [{ w0: v, order, user: 'XCI=', set }] } },
      });
      const updated = await keyed().mutate(
        `mutation ($v: Int!, $order: String!) {
          updateUpdated(
            where: { t: { own: $v, other: $order, n: "XCI=" } }
            data: { limit: 2, select: { connect: [{ target_order_user: { w0: $v, order: $order, user: "XCI=" } }] } }
          ) { limit select { nodes { order } } t { count { totalCount } } }
        }`,
        { v, order },
      );
      expect(updated).toEqual({
        updateUpdated: {
          limit: 2,
          select: { nodes: [{ order }] },
          t: { count: { totalCount: 1 } },
        },
      });
    }
    const deleted = await keyed().mutate(
      `mutation { deleteTRows(where: { order: { in: ["$1", "\\"", "\\\\"] } }, atMost: 3) { count } }`,
    );
    expect(deleted).toEqual({ deleteTRows: { count: 3 } });
  });
});
