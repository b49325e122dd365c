import type { Console } from './kit/console.ts';
import type { Project, Team } from './kit/seed.ts';

/** A model with all types of values and more fields than the grid shows by default, and one with ambiguous relations. */
const sdl = `
enum Tag { NEW SALE ECO GIFT }

type Product @model {
  id: ID! @id
  name: String!
  description: String
  price: Decimal!
  stock: Int! @default(value: 0)
  serial: BigInt
  rating: Float
  colors: [String!]! @default(value: [])
  tags: [Tag!] @default(value: [])
  attributes: JSON
  availableAt: DateTime
  category: Category
  collections: [Collection!]!
  createdAt: DateTime! @createdAt
}

type Category @model {
  id: ID! @id
  name: String!
  products: [Product!]!
}

type Collection @model {
  id: ID! @id
  name: String!
  products: [Product!]!
}

type Person @model {
  id: ID! @id
  name: String!
  written: [Review!]! @relation(name: "author")
  checked: [Review!]! @relation(name: "checker")
}

type Review @model {
  id: ID! @id
  text: String!
  author: Person! @relation(name: "author")
  checker: Person @relation(name: "checker")
}
`;

export interface Shop {
  readonly team: Team;
  readonly project: Project;
  /** Sends an operation to the project's API as the owner. */
  readonly ask: <Data>(
    document: string,
    variables?: Readonly<Record<string, unknown>>,
  ) => Promise<Data>;
}

export async function emptyShop({ seed }: Console): Promise<Shop> {
  const team = await seed.team('Acme');
  const project = await seed.project(team, { name: 'Shop', sdl });
  return {
    team,
    project,
    ask: (document, variables) => seed.askProject(team.owner, project, document, variables),
  };
}

const longWord = 'Donaudampfschifffahrtsgesellschaftskapitän'.repeat(4);

/** Adds `count` products, numbered from `first`. The values of product 1 are longer than a cell. */
export async function addProducts({ ask }: Shop, count: number, first = 1): Promise<void> {
  const products = Array.from({ length: count }, (_, index) => ({
    name: `Product ${String(first + index).padStart(5, '0')}`,
    price: `${first + index}.50`,
    stock: index % 7,
    rating: (index % 50) / 10,
  }));
  for (let from = 0; from < count; from += 2500) {
    await ask(
      'mutation ($data: [ProductCreateInput!]!) { createProducts(data: $data) { count } }',
      {
        data: products.slice(from, from + 2500),
      },
    );
  }
  if (first !== 1) return;
  await ask(
    `mutation ($data: ProductUpdateInput!) {
      updateProducts(where: { name: { eq: "Product 00001" } }, data: $data) { count }
    }`,
    {
      data: {
        description: `${longWord}\nThe second line.`,
        serial: '9223372036854775807',
        price: `${'1234567890'.repeat(8)}.50`,
        colors: ['red', 'a color whose name is so long that it does not fit in a cell', longWord],
        tags: ['NEW', 'GIFT'],
        attributes: { size: { width: 10, height: 20 }, note: longWord },
        availableAt: '2030-01-31T12:30:05.123456Z',
        category: { create: { name: longWord } },
        collections: { create: [{ name: 'Summer' }, { name: 'Winter' }] },
      },
    },
  );
}
