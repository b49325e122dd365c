import { readFile } from 'node:fs/promises';

import type { Locator, Page } from 'playwright-core';

import { eventually } from './data-page.ts';
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

/** Opens the form for a new row. */
export async function addRow(page: Page, model: string): Promise<Locator> {
  await page.getByRole('button', { name: 'Add row' }).first().click();
  const panel = page.getByRole('dialog', { name: `Add a row to ${model}` });
  await panel.waitFor();
  return panel;
}

/** Chooses the only row that a picker finds. */
export async function pick(scope: Locator, name: RegExp, text: string): Promise<void> {
  const picker = scope.getByRole('combobox', { name });
  await picker.fill(text);
  const options = scope.page().getByRole('option');
  await eventually(() => options.count()).toBe(1);
  await options.click();
}

export const submit = (panel: Locator) => panel.getByRole('button', { name: 'Add row' }).click();

export async function exported(page: Page, model: string, format: 'CSV' | 'JSON'): Promise<string> {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: `Export ${model}` });
  await dialog.getByRole('radio', { name: format }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Export' }).click(),
  ]);
  await dialog.waitFor({ state: 'hidden' });
  return readFile(await download.path(), 'utf8');
}

/** A new project with keys of every kind, and the page of a model. */
export async function openStock(
  tessera: Console,
  model: string,
  search?: Parameters<Stock['at']>[1],
) {
  const stock = await stockWithKeys(tessera);
  const page = await tessera.newPage({ as: stock.team.developer, at: stock.at(model, search) });
  return { stock, page };
}
