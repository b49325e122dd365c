// The measured operations for each API. All have the same variables and select the same data.
import type { KeyKind } from './dataset-ids.ts';
import type { RequestKind } from './shapes.ts';

export type Documents = Readonly<Record<RequestKind, string>>;

const issueFields = 'id number title status estimate createdAt';
const listFields = 'id number title status createdAt';

export const tesseraDocuments: Documents = {
  a: `query Issue($id: ID!) { issue(where: {id: $id}) { ${issueFields} } }`,
  b: `query Issues($board: ID!, $status: Status!) {
    issues(where: {boardId: {eq: $board}, status: {eq: $status}}, orderBy: [{createdAt: DESC}], first: 20) {
      nodes { ${listFields} }
    }
  }`,
  c: `query Boards($ids: [ID!]!) {
    boards(where: {id: {in: $ids}}, orderBy: [{key: ASC}], first: 10) {
      nodes {
        id name
        issues(orderBy: [{number: DESC}], first: 10) {
          nodes {
            id title status
            comments(first: 5) { nodes { id text } }
          }
        }
      }
    }
  }`,
  d: `query Statistics($board: ID!, $status: Status!) {
    issues(where: {boardId: {eq: $board}, status: {eq: $status}}) {
      totalCount
      aggregate { sum { estimate } avg { estimate } max { number } }
    }
  }`,
  e: `mutation NewIssue($data: IssueCreateInput!) { createIssue(data: $data) { ${listFields} } }`,
  big: `query LongIssues($board: ID!) {
    issues(where: {boardId: {eq: $board}}, orderBy: [{number: ASC}], first: 100) { nodes { id body } }
  }`,
};

/** PostGraphile names the id `rowId`, so an alias is needed. */
const graphileFields = (fields: string): string => fields.replace(/^id\b/, 'id: rowId');

export const postgraphileDocuments: Documents = {
  a: `query Issue($id: UUID!) { issue: issueByRowId(rowId: $id) { ${graphileFields(issueFields)} } }`,
  b: `query Issues($board: UUID!, $status: String!) {
    issues: allIssues(
      filter: {boardId: {equalTo: $board}, status: {equalTo: $status}}, orderBy: [CREATED_AT_DESC], first: 20
    ) {
      nodes { ${graphileFields(listFields)} }
    }
  }`,
  c: `query Boards($ids: [UUID!]!) {
    boards: allBoards(filter: {rowId: {in: $ids}}, orderBy: [KEY_ASC], first: 10) {
      nodes {
        id: rowId name
        issues: issuesByBoardId(orderBy: [NUMBER_DESC], first: 10) {
          nodes {
            id: rowId title status
            comments: commentsByIssueId(first: 5) { nodes { id: rowId text } }
          }
        }
      }
    }
  }`,
  d: `query Statistics($board: UUID!, $status: String!) {
    issues: allIssues(filter: {boardId: {equalTo: $board}, status: {equalTo: $status}}) {
      totalCount
      aggregate: aggregates { sum { estimate } avg: average { estimate } max { number } }
    }
  }`,
  e: `mutation NewIssue($data: IssueInput!) {
    createIssue(input: {issue: $data}) { issue { ${graphileFields(listFields)} } }
  }`,
  big: `query LongIssues($board: UUID!) {
    issues: allIssues(filter: {boardId: {equalTo: $board}}, orderBy: [NUMBER_ASC], first: 100) {
      nodes { id: rowId body }
    }
  }`,
};

export const mercuriusDocuments: Documents = {
  a: `query Issue($id: ID!) { issue(id: $id) { ${issueFields} } }`,
  b: `query Issues($board: ID!, $status: Status!) {
    issues(board: $board, status: $status, first: 20) { ${listFields} }
  }`,
  c: `query Boards($ids: [ID!]!) {
    boards(ids: $ids, first: 10) {
      id name
      issues(first: 10) { id title status comments(first: 5) { id text } }
    }
  }`,
  d: `query Statistics($board: ID!, $status: Status!) {
    issues: issueStatistics(board: $board, status: $status) {
      totalCount
      aggregate { sum { estimate } avg { estimate } max { number } }
    }
  }`,
  e: `mutation NewIssue($data: NewIssue!) { createIssue(data: $data) { ${listFields} } }`,
  big: `query LongIssues($board: ID!) { issues: longIssues(board: $board, first: 100) { id body } }`,
};

/** The same operations for projects with other keys. A composite key is selected with both of its fields. */
export const documentsByKeys: Readonly<Record<KeyKind, Documents>> = {
  uuid: tesseraDocuments,
  integer: withTypes(tesseraDocuments, (text) => text.replaceAll('ID!', 'Int!')),
  composite: withTypes(tesseraDocuments, (text) =>
    text
      .replace('$id: ID!', '$id: IssueBoardNumberInput!')
      .replace('{id: $id}', '{board_number: $id}')
      .replaceAll('ID!', 'Int!')
      .replaceAll('id number title', 'boardId number title')
      .replace('id title status', 'boardId number title status')
      .replace('{ id body }', '{ boardId number body }'),
  ),
};

function withTypes(documents: Documents, change: (text: string) => string): Documents {
  // The entries are those of `documents`.
  return Object.fromEntries(
    Object.entries(documents).map(([kind, text]) => [kind, change(text)]),
  ) as Documents;
}
