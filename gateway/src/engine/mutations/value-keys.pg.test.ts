import { beforeEach, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { useMutations } from '../../../test/engine/mutations.ts';

const project = useMutations(
  useTestDatabase(),
  `type Subscription @model { id: Bytes! @id name: String @unique queries: [Query!]! }
  type Query @model { id: Time! @id subscription: Subscription mutations: [Mutation!]! }
  type Mutation @model @id(fields: ["query", "price"]) {
    query: Query!
    price: Decimal! @decimal(precision: 4, scale: 2)
    tags: [Tag!]!
  }
  type Tag @model { id: Bytes! @id mutations: [Mutation!]! }`,
);

beforeEach(() => project().clear());

const all = `
  id name queries { nodes { id mutations { nodes { queryId price tags { nodes { id } } } } } }`;

it('writes rows with keys of bytes, times and decimals, in models named like root types', async () => {
  const created = await project().mutate(`mutation {
    createSubscription(data: {
      id: "AP8=", name: "a"
      queries: { create: [{ id: "18:30:00.50", mutations: { create: [
        { price: 1.5, tags: { create: [{ id: "AA==" }] } }
        { price: 2, tags: { connect: [{ id: "AA==" }] } }
      ] } }] }
    }) { ${all} }
  }`);
  const tags = { nodes: [{ id: 'AA==' }] };
  const query = (...prices: readonly string[]) => ({
    id: '18:30:00.5',
    mutations: { nodes: prices.map((price) => ({ queryId: '18:30:00.5', price, tags })) },
  });
  expect(created).toEqual({
    createSubscription: {
      id: 'AP8=',
      name: 'a',
      queries: { nodes: [query('1.50', '2.00')] },
    },
  });
  const changed = await project().mutate(`mutation {
    a: deleteMutation(where: { query_price: { queryId: "18:30:00.5", price: "1.500" } }) { price }
    b: updateSubscription(where: { name: "a" }, data: { name: "b", queries: { create: [{ id: "01:00:00" }] } }) { id }
    c: upsertSubscription(where: { id: "/w==" }, create: { id: "/w==", name: "c" }, update: {}) { id }
    d: updateQuery(where: { id: "01:00:00" }, data: { subscription: { connect: { id: "/w==" } } }) { subscriptionId }
    e: updateSubscriptions(where: { id: { gt: "AP8=" } }, data: { name: "d" }) { nodes { id name } }
    f: upsertSubscription(where: { id: "AP8=" }, create: { id: "AP8=" }, update: { name: "e" }) { ${all} }
  }`);
  expect(changed).toEqual({
    a: { price: '1.50' },
    b: { id: 'AP8=' },
    c: { id: '/w==' },
    d: { subscriptionId: '/w==' },
    e: { nodes: [{ id: '/w==', name: 'd' }] },
    f: { id: 'AP8=', name: 'e', queries: { nodes: [query('2.00')] } },
  });
});

it('refuses keys with too many digits, also in foreign keys', async () => {
  await project().mutate('mutation { createQuery(data: { id: "18:30:00" }) { id } }');
  const create = (price: number) =>
    project().mutate(
      `mutation { createMutation(data: { queryId: "18:30:00", price: ${price} }) { price } }`,
    );
  await expect(create(1.555)).rejects.toMatchObject({
    issues: [{ path: ['createMutation', 'data', 'price'] }],
  });
});
