import { dataOf, type GatewayClient } from './client.ts';

/** Uses nested writes to store rows for the tracker's first schema. */
export async function storeFirstRows(
  client: GatewayClient,
  ref: string,
  key: string,
): Promise<void> {
  await dataOf(client.project(ref, key, firstRows));
}

/**
 * A nested `connect` can find rows created by earlier mutations in the request, but not rows created by the same
 * mutation.
 */
const firstRows = /* GraphQL */ `
  mutation {
    createUsers(
      data: [
        { email: "ada@example.org", name: "Ada" }
        { email: "grace@example.org", name: "Grace" }
      ]
    ) {
      count
    }
    createLabel(data: { name: "urgent" }) {
      id
    }
    createBoard(
      data: {
        key: "ENG"
        name: "Engine"
        note: "This column is dropped by the second schema."
        members: {
          create: [
            { role: OWNER, user: { connect: { email: "ada@example.org" } } }
            { user: { create: { email: "mary@example.org", name: "Mary" } } }
          ]
        }
        issues: {
          create: [
            {
              number: 1
              title: "Cut the gears"
              status: DONE
              estimate: "12.5"
              due: "2030-01-31"
              tags: ["brass", "mill"]
              meta: { weight: 1.5, parts: ["wheel", { name: "axle", count: null }] }
              labels: { create: [{ name: "hardware" }], connect: [{ name: "urgent" }] }
              comments: {
                create: [
                  {
                    text: "With\\nline breaks and \\"quotes\\"."
                    author: { connect: { email: "ada@example.org" } }
                  }
                  { text: "🛠 ünïcode", author: { connect: { email: "grace@example.org" } } }
                ]
              }
            }
            {
              number: 2
              title: "Punch the cards"
              status: IN_PROGRESS
              estimate: "0.125"
              assignee: { connect: { email: "grace@example.org" } }
              labels: { connect: [{ name: "urgent" }] }
            }
            { number: 3, title: "Write the notes", body: "Note G", due: "1843-09-01" }
          ]
        }
      }
    ) {
      id
    }
    other: createBoard(data: { key: "OPS", name: "Operations" }) {
      id
    }
  }
`;

/** Stores rows for the tracker's second schema and changes earlier rows. */
export async function storeLaterRows(
  client: GatewayClient,
  ref: string,
  key: string,
): Promise<void> {
  await dataOf(client.project(ref, key, laterRows));
  const answer = client.project(
    ref,
    key,
    '{ issues(where: { number: { eq: 1 } }) { nodes { id boardId } } }',
  );
  const { issues } = await dataOf<{ issues: { nodes: { id: string; boardId: string }[] } }>(answer);
  const [issue] = issues.nodes;
  await dataOf(
    client.project(ref, key, addChildren, {
      parentId: issue?.id,
      boardId: issue?.boardId,
      watchers: '9007199254740993',
    }),
  );
}

const laterRows = /* GraphQL */ `
  mutation {
    updateIssues(
      where: { number: { eq: 3 } }
      data: { status: ARCHIVED, points: 8, labels: { create: [{ name: "prose" }] } }
    ) {
      count
    }
    upsertUser(
      where: { email: "charles@example.org" }
      create: { email: "charles@example.org", name: "Charles" }
      update: { name: "unused" }
    ) {
      id
    }
  }
`;

const addChildren = /* GraphQL */ `
  mutation ($parentId: ID!, $boardId: ID!, $watchers: BigInt) {
    createIssues(
      data: [
        {
          number: 4
          headline: "Turn the wheel"
          boardId: $boardId
          parentId: $parentId
          watchers: $watchers
        }
        { number: 5, headline: "Fit the axle", boardId: $boardId, parentId: $parentId, points: 3 }
      ]
    ) {
      count
    }
  }
`;

/** Stores values of every scalar type, including boundary values. */
export async function storeCatalog(client: GatewayClient, ref: string, key: string): Promise<void> {
  await dataOf(client.project(ref, key, products));
}

const products = /* GraphQL */ `
  mutation {
    createProduct(
      data: {
        sku: "difference-engine"
        name: "Difference Engine"
        stock: 2147483647
        weight: 2600.125
        discontinued: true
        serial: "9223372036854775807"
        price: "17470.10"
        availableAt: "1849-05-01T12:34:56.789Z"
        madeOn: "2002-02-28"
        details: { parts: 8000, makers: ["Babbage", null], nested: { deep: [1, 2.5, true] } }
        vendorId: "0190f5a0-7b1c-7def-8123-456789abcdef"
        color: BLUE
        tags: ["", "brass, iron", "a \\"quote\\""]
        sizes: [-2147483648, 0, 7]
        prices: ["0.10", "99999999999999999999.5"]
        serials: ["-9223372036854775808"]
        colors: [RED, RED, GREEN]
        label: { create: { text: "Handle with care" } }
      }
    ) {
      id
    }
    createProducts(
      data: [
        { sku: "bare" }
        { sku: "slide-rule", name: "Slide rule", stock: 12, price: "9.99", color: RED, tags: [] }
        { sku: "abacus", name: "Abacus", stock: 3, price: "9.99", color: RED, weight: -0.5 }
      ]
    ) {
      count
    }
  }
`;
