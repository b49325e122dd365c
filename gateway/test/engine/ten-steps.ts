/** Two schemas, and rows for the first one. A migration from the first to the second has ten steps of various types. */
export const before = `
  enum Status { OPEN DONE }
  type Board @model { id: ID! @id name: String issues: [Issue!]! }
  type Issue @model { id: ID! @id title: String size: Int status: Status board: Board }
  type Note @model { id: ID! @id text: String }`;

export const rows = `
  INSERT INTO board (id, name) VALUES ('00000000-0000-4000-8000-000000000001', 'one');
  INSERT INTO issue (id, title, size, status, board_id) VALUES
    ('00000000-0000-4000-8000-000000000002', 'first', 3, 'OPEN', '00000000-0000-4000-8000-000000000001');
  INSERT INTO note (id, text) VALUES ('00000000-0000-4000-8000-000000000003', 'lost');`;

export const after = `
  enum Status { OPEN DONE GONE }
  type Project @model @rename(from: "Board") { id: ID! @id name: String! issues: [Issue!]! }
  type Issue @model @index(fields: ["size"]) {
    id: ID! @id heading: String @rename(from: "title") size: BigInt
    status: Status! @default(value: OPEN) project: Project @rename(from: "board") labels: [Label!]!
  }
  type Label @model { id: ID! @id name: String! @unique issues: [Issue!]! }`;
