import { modelNamed, type Model } from './project-models.ts';
import { modelsOf } from './tracker.fixture.ts';

/** The part of a project API that the console reads, with keys of every kind. */
export const keysApi = `
type Query {
  country(where: CountryWhereUniqueInput!): Country
  countries(where: CountryWhereInput, orderBy: [CountryOrderByInput!], first: Int, after: Cursor, last: Int, before: Cursor): CountryConnection!
  person(where: PersonWhereUniqueInput!): Person
  people(where: PersonWhereInput, orderBy: [PersonOrderByInput!], first: Int, after: Cursor, last: Int, before: Cursor): PersonConnection!
  profile(where: ProfileWhereUniqueInput!): Profile
  profiles(where: ProfileWhereInput, orderBy: [ProfileOrderByInput!], first: Int, after: Cursor, last: Int, before: Cursor): ProfileConnection!
  item(where: ItemWhereUniqueInput!): Item
  items(where: ItemWhereInput, orderBy: [ItemOrderByInput!], first: Int, after: Cursor, last: Int, before: Cursor): ItemConnection!
  cell(where: CellWhereUniqueInput!): Cell
  cells(where: CellWhereInput, orderBy: [CellOrderByInput!], first: Int, after: Cursor, last: Int, before: Cursor): CellConnection!
  move(where: MoveWhereUniqueInput!): Move
  moves(where: MoveWhereInput, orderBy: [MoveOrderByInput!], first: Int, after: Cursor, last: Int, before: Cursor): MoveConnection!
}

type Mutation {
  createCountry(data: CountryCreateInput!): Country!
  updateCountry(where: CountryWhereUniqueInput!, data: CountryUpdateInput!): Country!
  deleteCountries(where: CountryWhereInput!, atMost: Int!): CountryBatch!
  createPerson(data: PersonCreateInput!): Person!
  updatePerson(where: PersonWhereUniqueInput!, data: PersonUpdateInput!): Person!
  deletePeople(where: PersonWhereInput!, atMost: Int!): PersonBatch!
  createProfile(data: ProfileCreateInput!): Profile!
  updateProfile(where: ProfileWhereUniqueInput!, data: ProfileUpdateInput!): Profile!
  deleteProfiles(where: ProfileWhereInput!, atMost: Int!): ProfileBatch!
  createItem(data: ItemCreateInput!): Item!
  updateItem(where: ItemWhereUniqueInput!, data: ItemUpdateInput!): Item!
  deleteItems(where: ItemWhereInput!, atMost: Int!): ItemBatch!
  createCell(data: CellCreateInput!): Cell!
  updateCell(where: CellWhereUniqueInput!, data: CellUpdateInput!): Cell!
  deleteCells(where: CellWhereInput!, atMost: Int!): CellBatch!
  createMove(data: MoveCreateInput!): Move!
  updateMove(where: MoveWhereUniqueInput!, data: MoveUpdateInput!): Move!
  deleteMoves(where: MoveWhereInput!, atMost: Int!): MoveBatch!
}

scalar BigInt
scalar Cursor
enum SortOrder { ASC DESC ASC_NULLS_LAST DESC_NULLS_LAST }
enum QueryMode { DEFAULT INSENSITIVE }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: Cursor endCursor: Cursor }
input IntFilter { eq: Int neq: Int in: [Int!] }
input IDFilter { eq: ID neq: ID in: [ID!] }
input BigIntFilter { eq: BigInt neq: BigInt in: [BigInt!] }
input StringFilter { eq: String neq: String in: [String!] contains: String mode: QueryMode }

type Country { code: String! slug: String! title: String }
input CountryWhereUniqueInput @oneOf { code: String slug: String }
input CountryWhereInput { or: [CountryWhereInput!] not: CountryWhereInput code: StringFilter slug: StringFilter title: StringFilter }
input CountryOrderByInput { code: SortOrder slug: SortOrder title: SortOrder }
input CountryCreateInput { code: String! slug: String! title: String }
input CountryUpdateInput { slug: String title: String }
input CountryNestedCreateInput { connect: CountryWhereUniqueInput create: CountryCreateInput }
input CountryNestedUpdateInput { connect: CountryWhereUniqueInput create: CountryCreateInput disconnect: Boolean }

type Person {
  id: Int!
  email: String!
  "The \`slug\` of \`country\`."
  countryId: String
  country: Country
  profile: Profile
}
input PersonWhereUniqueInput @oneOf { id: Int email: String }
input PersonWhereInput { or: [PersonWhereInput!] not: PersonWhereInput id: IntFilter email: StringFilter countryId: StringFilter country: CountryWhereInput profile: ProfileWhereInput }
input PersonOrderByInput { id: SortOrder email: SortOrder country: CountryOrderByInput }
input PersonCreateInput { id: Int email: String! countryId: String country: CountryNestedCreateInput profile: ProfileNestedCreateInput }
input PersonUpdateInput { email: String countryId: String country: CountryNestedUpdateInput }
input PersonNestedCreateInput { connect: PersonWhereUniqueInput create: PersonCreateInput }

type Profile {
  text: String
  "The \`id\` of \`person\`."
  userId: Int!
  person: Person!
}
input ProfileWhereUniqueInput @oneOf { userId: Int }
input ProfileWhereInput { or: [ProfileWhereInput!] not: ProfileWhereInput text: StringFilter userId: IntFilter person: PersonWhereInput }
input ProfileOrderByInput { text: SortOrder person: PersonOrderByInput }
input ProfileCreateInput { text: String userId: Int person: PersonNestedCreateInput }
input ProfileUpdateInput { text: String }
input ProfileNestedCreateInput { create: ProfileCreateInput }

type Item { serial: BigInt! name: String! cells(where: CellWhereInput, orderBy: [CellOrderByInput!], first: Int, after: Cursor, last: Int, before: Cursor): CellConnection! }
input ItemWhereUniqueInput @oneOf { serial: BigInt }
input ItemWhereInput { or: [ItemWhereInput!] not: ItemWhereInput serial: BigIntFilter name: StringFilter cells: CellListWhereInput }
input ItemOrderByInput { serial: SortOrder name: SortOrder }
input ItemCreateInput { serial: BigInt name: String! cells: CellNestedListCreateInput }
input ItemUpdateInput { name: String cells: CellNestedListCreateInput }
input ItemNestedCreateInput { connect: ItemWhereUniqueInput create: ItemCreateInput }

type Cell {
  shelf: String!
  "The \`serial\` of \`item\`."
  itemId: BigInt!
  item: Item!
  amount: Int!
  moves(where: MoveWhereInput, orderBy: [MoveOrderByInput!], first: Int, after: Cursor, last: Int, before: Cursor): MoveConnection!
}
input CellWhereUniqueInput @oneOf { shelf_item: CellShelfItemInput }
input CellShelfItemInput { shelf: String! itemId: BigInt! }
input CellWhereInput { or: [CellWhereInput!] not: CellWhereInput shelf: StringFilter itemId: BigIntFilter item: ItemWhereInput amount: IntFilter moves: MoveListWhereInput }
input CellListWhereInput { some: CellWhereInput every: CellWhereInput none: CellWhereInput }
input CellOrderByInput { shelf: SortOrder item: ItemOrderByInput amount: SortOrder }
input CellCreateInput { shelf: String! itemId: BigInt item: ItemNestedCreateInput amount: Int! moves: MoveNestedListCreateInput }
input CellUpdateInput { amount: Int moves: MoveNestedListUpdateInput }
input CellNestedCreateInput { connect: CellWhereUniqueInput create: CellCreateInput }
input CellNestedUpdateInput { connect: CellWhereUniqueInput create: CellCreateInput disconnect: Boolean }
input CellNestedListCreateInput { create: [CellCreateInput!] }

type Move {
  id: ID!
  "The \`shelf\` of \`cell\`."
  cellShelf: String
  "The \`itemId\` of \`cell\`."
  cellItemId: BigInt
  cell: Cell
}
input MoveWhereUniqueInput @oneOf { id: ID }
input MoveWhereInput { or: [MoveWhereInput!] not: MoveWhereInput id: IDFilter cellShelf: StringFilter cellItemId: BigIntFilter cell: CellWhereInput }
input MoveListWhereInput { some: MoveWhereInput every: MoveWhereInput none: MoveWhereInput }
input MoveOrderByInput { id: SortOrder cell: CellOrderByInput }
input MoveCreateInput { id: ID cellShelf: String cellItemId: BigInt cell: CellNestedCreateInput }
input MoveUpdateInput { cellShelf: String cellItemId: BigInt cell: CellNestedUpdateInput }
input MoveNestedListCreateInput { connect: [MoveWhereUniqueInput!] create: [MoveCreateInput!] }
input MoveNestedListUpdateInput { connect: [MoveWhereUniqueInput!] create: [MoveCreateInput!] disconnect: [MoveWhereUniqueInput!] set: [MoveWhereUniqueInput!] }
${['Country', 'Person', 'Profile', 'Item', 'Cell', 'Move']
  .map(
    (name) => `
type ${name}Connection { nodes: [${name}!]! pageInfo: PageInfo! totalCount: Int! }
type ${name}Batch { count: Int! nodes: [${name}!]! }`,
  )
  .join('')}
`;

export const keysModels = modelsOf(keysApi);

export function keysModel(name: string): Model {
  const model = modelNamed(keysModels, name);
  if (model === null) throw new Error(`There is no model ${name}.`);
  return model;
}
