import type { Console } from './kit/console.ts';
import type { Project, Team } from './kit/seed.ts';

/** Keys of every kind, a relation that references another unique field, and relations with one side. */
const sdl = `type Country @model(plural: "countries") {
  code: String! @id
  name: String!
  people: [Person!]!
}

type Person @model(plural: "people") {
  id: Int! @id
  name: String!
  country: Country
}

type Passport @model @id(fields: ["holder"]) {
  holder: Person! @relation(key: "personId")
  number: String!
}

type Domain @model {
  id: ID! @id
  slug: String! @unique
  links: [Link!]!
}

type Link @model {
  id: String! @id(generate: NANOID)
  url: String!
  domain: Domain! @relation(references: ["slug"])
}

type Shelf @model(plural: "shelves") {
  code: String! @id
  cells: [Cell!]!
}

type Item @model {
  serial: BigInt! @id
  name: String!
  origin: Country
  cells: [Cell!]!
}

type Cell @model @id(fields: ["shelf", "item"]) {
  shelf: Shelf!
  item: Item!
  amount: Int!
  moves: [Move!]!
}

type Move @model {
  id: BigInt! @id
  note: String
  cell: Cell
}
`;

export interface Stock {
  readonly team: Team;
  readonly project: Project;
  /** The path of a model's page. */
  readonly at: (model: string, search?: Readonly<Record<string, unknown>>) => string;
  /** Sends an operation to the project's API as the owner. */
  readonly ask: <Data>(
    document: string,
    variables?: Readonly<Record<string, unknown>>,
  ) => Promise<Data>;
}

/** A project whose rows have keys of every kind. Two of the texts contain the characters that row IDs escape. */
export async function stockWithKeys({ seed }: Console): Promise<Stock> {
  const team = await seed.team('Acme');
  const project = await seed.project(team, { name: 'Stock', sdl });
  const ask: Stock['ask'] = (document, variables) =>
    seed.askProject(team.owner, project, document, variables);
  await ask(`mutation {
    createCountries(data: [{ code: "de", name: "Germany" }, { code: "a,b 100%", name: "Odd" }]) { count }
    createPeople(data: [{ name: "Ada", countryId: "de" }, { name: "Alan" }]) { count }
    createDomains(data: [{ slug: "docs" }, { slug: "blog" }]) { count }
    createItems(data: [
      { serial: "9007199254740993", name: "Bolt", originId: "de" }
      { serial: "7", name: "Nut" }
    ]) { count }
    createShelves(data: [{ code: "A-1" }, { code: "B,2" }]) { count }
    createCells(data: [
      { shelfId: "A-1", itemId: "9007199254740993", amount: 12 }
      { shelfId: "A-1", itemId: "7", amount: 3 }
      { shelfId: "B,2", itemId: "7", amount: 5 }
    ]) { count }
    createMoves(data: [{ note: "In", cellShelfId: "A-1", cellItemId: "7" }, { note: "Lost" }]) { count }
  }`);
  const path = (model: string) => `/projects/${project.ref}/data/${model}`;
  return {
    team,
    project,
    ask,
    at: (model, search = {}) => {
      const entries = Object.entries(search).map(([name, value]) => [name, JSON.stringify(value)]);
      return `${path(model)}?${new URLSearchParams(entries).toString()}`;
    },
  };
}
