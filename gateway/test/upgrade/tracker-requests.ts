import { getIntrospectionQuery } from 'graphql';

import type { Request, Variables } from './client.ts';
import type { StoredData } from './stored-data.ts';

/** Returns queries to the tracker's API with each type of credential, and mutations that the API must reject. */
export function trackerRequests(stored: StoredData): readonly Request[] {
  const { keys, developer, invited, cursors } = stored;
  const { ref } = stored.tracker;
  const asking =
    (credential: string) =>
    (name: string, query: string, variables: Variables = {}): Request => ({
      name,
      send: (client) => client.project(ref, credential, query, variables),
    });
  const full = asking(keys.full.secret);
  const narrow = asking(keys.narrow.secret);
  const refused = (refusal: string, request: Request): Request => ({ ...request, refusal });
  const printed = (name: string, credential: string): Request => ({
    name,
    send: (client) => client.printedSchema(ref, credential),
  });
  return [
    full('boards with all relations', wholeBoards),
    full('issues by filters', filteredIssues),
    full('issues after an earlier cursor', issuesAfter, { after: cursors.issue }),
    full('figures of issues', figures),
    full('a row by a unique key', '{ user(where: { email: "charles@example.org" }) { name } }'),
    full('introspection', getIntrospectionQuery()),
    asking(developer.accessToken)('issues for a member', issuesByNumber),
    asking(keys.successor.secret)('issues for the successor of a key', issuesByNumber),
    asking(keys.rotated.secret)('issues for the rotated key', issuesByNumber),
    narrow('issues for the narrow key', issuesByNumber),
    printed('schema.graphql of the tracker', keys.full.secret),
    printed('schema.graphql of the tracker for the narrow key', keys.narrow.secret),
    ...[
      refused('UNAUTHENTICATED', asking(keys.revoked.secret)('a revoked key', issuesByNumber)),
      refused('NOT_FOUND', asking(keys.catalog.secret)("another project's key", issuesByNumber)),
      refused('NOT_FOUND', asking(invited.accessToken)('an outsider', issuesByNumber)),
    ],
    ...[
      narrow('a model beyond the scope', '{ boards { nodes { id } } }'),
      narrow('a mutation beyond the scope', deleteIssues),
    ].map((request) => refused('GRAPHQL_VALIDATION_FAILED', request)),
    refused(
      'UNIQUE_VIOLATION',
      full('a board with a key that exists', createBoard, { key: 'ENG' }),
    ),
    refused('BAD_USER_INPUT', full('a value against its constraint', createBoard, { key: 'eng' })),
    refused('FOREIGN_KEY_VIOLATION', full('an author', deleteUser, { email: 'ada@example.org' })),
    refused('NOT_FOUND', full('a missing row', deleteUser, { email: 'nobody@example.org' })),
    refused('TOO_MANY_ROWS', full('all issues', deleteIssues)),
    refused('NOT_FOUND', full('the second half of a transaction', halfOfATransaction)),
  ];
}

const wholeBoards = /* GraphQL */ `
  {
    boards(first: 5, orderBy: [{ key: ASC }]) {
      totalCount
      nodes {
        id
        key
        name
        members(first: 5, orderBy: [{ user: { email: DESC } }]) {
          nodes {
            id
            role
            user {
              id
              email
              name
            }
          }
        }
        issues(first: 10, orderBy: [{ number: ASC }]) {
          edges {
            cursor
            node {
              id
              number
              headline
              body
              status
              points
              watchers
              estimate
              due
              tags
              meta
              boardId
              parentId
              createdAt
              updatedAt
              assignee {
                email
              }
              parent {
                number
              }
              children(first: 5) {
                nodes {
                  number
                }
              }
              labels(first: 5, orderBy: [{ name: ASC }]) {
                nodes {
                  id
                  name
                  issues {
                    totalCount
                  }
                }
              }
              comments(first: 5) {
                nodes {
                  id
                  text
                  createdAt
                  author {
                    name
                  }
                }
              }
            }
          }
        }
      }
    }
  }
`;

const filteredIssues = /* GraphQL */ `
  {
    byRelation: issues(where: { labels: { some: { name: { eq: "urgent" } } } }) {
      nodes {
        number
      }
    }
    byJson: issues(where: { meta: { contains: { weight: 1.5 } } }) {
      nodes {
        number
      }
    }
    byText: issues(
      where: {
        or: [{ headline: { contains: "WHEEL", mode: INSENSITIVE } }, { tags: { has: "brass" } }]
      }
    ) {
      nodes {
        number
      }
    }
    byAddedValues: issues(
      where: { or: [{ status: { eq: ARCHIVED } }, { watchers: { gt: "9007199254740992" } }] }
    ) {
      nodes {
        number
        status
        watchers
      }
    }
    byDate: issues(where: { due: { lt: "1900-01-01" }, not: { body: { isNull: true } } }) {
      nodes {
        number
      }
    }
  }
`;

const issuesAfter = /* GraphQL */ `
  query ($after: Cursor!) {
    issues(first: 2, after: $after, orderBy: [{ estimate: DESC_NULLS_LAST }]) {
      edges {
        cursor
        node {
          number
          estimate
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
      totalCount
    }
  }
`;

const figures = /* GraphQL */ `
  {
    issues(where: { board: { key: { eq: "ENG" } } }) {
      aggregate {
        count
        sum {
          estimate
          points
          watchers
        }
        avg {
          estimate
          number
        }
        min {
          due
          headline
          createdAt
        }
        max {
          due
          updatedAt
        }
      }
    }
  }
`;

const issuesByNumber = /* GraphQL */ `
  {
    issues(orderBy: [{ number: ASC }]) {
      nodes {
        id
        number
        headline
      }
    }
  }
`;

const createBoard = /* GraphQL */ `
  mutation ($key: String!) {
    createBoard(data: { key: $key, name: "Another" }) {
      id
    }
  }
`;

const deleteUser = /* GraphQL */ `
  mutation ($email: String!) {
    deleteUser(where: { email: $email }) {
      id
    }
  }
`;

/** The first mutation alone would succeed. */
const halfOfATransaction = /* GraphQL */ `
  mutation {
    createTag(data: { name: "half" }) {
      id
    }
    updateUser(where: { email: "nobody@example.org" }, data: { name: "Nobody" }) {
      id
    }
  }
`;

const deleteIssues = 'mutation { deleteIssues(where: {}) { count } }';
