interface Parts {
  /** Directives on the model `Post`. */
  readonly rules?: string;
  /** More fields of `Post`. */
  readonly fields?: string;
  /** Directives on the model `User`, and more of its fields. */
  readonly user?: string;
  readonly userFields?: string;
  /** The fields of `@claims`. */
  readonly claims?: string;
}

/** A schema with users, teams and posts, whose rules are given. */
export const schema = ({
  rules = '',
  fields = '',
  user = '@user',
  userFields = '',
  claims,
}: Parts) => `
type User @model ${user} {
  id: ID! @id name: String born: Date role: Role nicks: [String!]! settings: JSON
  team: Team posts: [Post!]! ${userFields}
}
type Team @model { id: ID! @id name: String users: [User!]! posts: [Post!]! }
type Post @model ${rules} {
  id: ID! @id title: String at: DateTime no: Int tags: [String!]! data: JSON role: Role
  author: User! team: Team comments: [Comment!]! ${fields}
}
type Comment @model { id: ID! @id text: String post: Post! parent: Comment answers: [Comment!]! }
enum Role { READER EDITOR }
${claims === undefined ? '' : `type Claims @claims { ${claims} }`}`;

export const allow = (filter: string, parts: Parts = {}) =>
  schema({ rules: `@allow(to: [READ], where: ${filter})`, ...parts });
export const field = (field: string, parts: Parts = {}) => schema({ fields: field, ...parts });
export const repeated = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => item(index)).join(' ');
