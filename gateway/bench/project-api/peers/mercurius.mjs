// Mercurius on Fastify, with typical hand-written resolvers and loaders for the measured documents. Run as
// `mercurius.mjs <database url> <PostgreSQL schema> <connections>`. Prints its port.
import Fastify from 'fastify';
import { GraphQLScalarType } from 'graphql';
import mercurius from 'mercurius';
import pg from 'pg';

const [, , connectionString, schema, connections] = process.argv;
const pool = new pg.Pool({
  connectionString,
  max: Number(connections),
  options: `-c search_path=${schema}`,
});

async function rowsOf(name, text, values) {
  const { rows } = await pool.query({ name, text, values });
  return rows;
}

const typeDefs = `
  scalar DateTime
  scalar Decimal
  enum Status { BACKLOG TODO IN_PROGRESS DONE }
  type Board { id: ID! key: String! name: String! issues(first: Int = 20): [Issue!]! }
  type Issue {
    id: ID! number: Int! title: String! body: String status: Status! estimate: Decimal
    createdAt: DateTime! comments(first: Int = 20): [Comment!]!
  }
  type Comment { id: ID! text: String! }
  type Estimate { estimate: Decimal }
  type Number { number: Int }
  type IssueAggregate { sum: Estimate! avg: Estimate! max: Number! }
  type IssueStatistics { totalCount: Int! aggregate: IssueAggregate! }
  input NewIssue { boardId: ID! number: Int! title: String! status: Status = BACKLOG estimate: Decimal }
  type Query {
    issue(id: ID!): Issue
    issues(board: ID!, status: Status!, first: Int = 20): [Issue!]!
    longIssues(board: ID!, first: Int = 20): [Issue!]!
    boards(ids: [ID!]!, first: Int = 20): [Board!]!
    issueStatistics(board: ID!, status: Status!): IssueStatistics!
  }
  type Mutation { createIssue(data: NewIssue!): Issue! }
`;

const issueColumns = `id, number, title, status, estimate, created_at AS "createdAt"`;

const resolvers = {
  DateTime: new GraphQLScalarType({
    name: 'DateTime',
    serialize: (value) => (value instanceof Date ? value.toISOString() : value),
  }),
  Decimal: new GraphQLScalarType({ name: 'Decimal' }),
  Query: {
    issue: async (_, { id }) => {
      const [row] = await rowsOf('issue', `SELECT ${issueColumns} FROM issue WHERE id = $1`, [id]);
      return row ?? null;
    },
    issues: (_, { board, status, first }) =>
      rowsOf(
        'issues',
        `SELECT ${issueColumns} FROM issue WHERE board_id = $1 AND status = $2
          ORDER BY created_at DESC, id LIMIT $3`,
        [board, status, first],
      ),
    longIssues: (_, { board, first }) =>
      rowsOf(
        'long-issues',
        `SELECT id, body FROM issue WHERE board_id = $1 ORDER BY number LIMIT $2`,
        [board, first],
      ),
    boards: (_, { ids, first }) =>
      rowsOf(
        'boards',
        `SELECT id, key, name FROM board WHERE id = ANY ($1) ORDER BY key LIMIT $2`,
        [ids, first],
      ),
    issueStatistics: async (_, { board, status }) => {
      const [row] = await rowsOf(
        'statistics',
        `SELECT count(*)::int, sum(estimate), avg(estimate), max(number)
          FROM issue WHERE board_id = $1 AND status = $2`,
        [board, status],
      );
      const { count, sum, avg, max } = row;
      const aggregate = { sum: { estimate: sum }, avg: { estimate: avg }, max: { number: max } };
      return { totalCount: count, aggregate };
    },
  },
  Mutation: {
    createIssue: async (_, { data }) => {
      const { boardId, number, title, status, estimate } = data;
      const [row] = await rowsOf(
        'create-issue',
        `INSERT INTO issue (board_id, number, title, status, estimate) VALUES ($1, $2, $3, $4, $5)
          RETURNING ${issueColumns}`,
        [boardId, number, title, status, estimate],
      );
      return row;
    },
  },
};

/**
 * Loads the lists for several parents with one query, in the same order as the parents. All queries have the same
 * `first`.
 */
async function listsOf(name, text, queries) {
  const ids = queries.map(({ obj }) => obj.id);
  const rows = await rowsOf(name, text, [ids, queries[0].params.first]);
  const lists = new Map(ids.map((id) => [id, []]));
  for (const row of rows) lists.get(row.parent).push(row);
  return ids.map((id) => lists.get(id));
}

const loaders = {
  Board: {
    issues: {
      loader: (queries) =>
        listsOf(
          'issues-of-boards',
          `SELECT b.id AS parent, i.* FROM unnest($1::uuid[]) b (id), LATERAL (
              SELECT ${issueColumns} FROM issue WHERE board_id = b.id
              ORDER BY number DESC LIMIT $2) i`,
          queries,
        ),
      opts: { cache: false },
    },
  },
  Issue: {
    comments: {
      loader: (queries) =>
        listsOf(
          'comments-of-issues',
          `SELECT i.id AS parent, c.* FROM unnest($1::uuid[]) i (id), LATERAL (
              SELECT id, text FROM comment WHERE issue_id = i.id
              ORDER BY comment.id LIMIT $2) c`,
          queries,
        ),
      opts: { cache: false },
    },
  },
};

const app = Fastify({ logger: false });
app.register(mercurius, { schema: typeDefs, resolvers, loaders, jit: 1, graphiql: false });
await app.ready();
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(`listening on ${app.server.address().port}`);
