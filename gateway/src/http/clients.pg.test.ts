import {
  ApolloClient,
  gql as apolloGql,
  HttpLink,
  InMemoryCache,
  type TypedDocumentNode,
} from '@apollo/client/core';
import { relayStylePagination } from '@apollo/client/utilities';
import * as apollo3 from 'apollo-client-3/core/index.js';
import { Client as UrqlClient, cacheExchange, fetchExchange, gql as urqlGql } from '@urql/core';
import { generate } from '@graphql-codegen/cli';
import { GraphQLClient, ClientError } from 'graphql-request';
import relay from 'relay-runtime';
import { beforeAll, describe, expect, it } from 'vitest';

import { useApp } from '../../test/app.ts';
import issuesPageQuery from '../../test/clients/issues-page-query.relay.ts';
import { useTracker } from '../../test/project-api.ts';

const app = useApp();
const tracker = useTracker(app);
const boardKey = 'CLI';
let boardId = '';

beforeAll(async () => {
  const { createBoard } = (await tracker().data(
    `mutation ($key: String!) { createBoard(data: { key: $key, name: "Clients" }) { id } }`,
    { key: boardKey },
  )) as { createBoard: { id: string } };
  boardId = createBoard.id;
  const data = Array.from({ length: 25 }, (_, index) => ({
    number: index + 1,
    title: `Issue ${index + 1}`,
    boardId,
  }));
  await tracker().data(
    `mutation ($data: [IssueCreateInput!]!) { createIssues(data: $data) { count } }`,
    { data },
  );
});

const headers = () => ({ authorization: `Bearer ${tracker().key}` });
const page = `query Page($first: Int!, $after: Cursor) {
  issues(first: $first, after: $after, orderBy: [{ number: ASC }]) {
    edges { cursor node { id number title } }
    pageInfo { hasNextPage endCursor }
    totalCount
  }
}`;
const rename = `mutation Rename($where: IssueWhereUniqueInput!, $title: String!) {
  updateIssue(where: $where, data: { title: $title }) { id title }
}`;

interface Page {
  readonly issues: {
    readonly edges: readonly { readonly node: { readonly id: string; readonly number: number } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
    readonly totalCount: number;
  };
}

describe('graphql-request', () => {
  it('pages through a list, updates a row and exposes error codes', async () => {
    const client = new GraphQLClient(tracker().endpoint, { headers: headers() });
    const first = await client.request<Page>(page, { first: 20 });
    const second = await client.request<Page>(page, {
      first: 20,
      after: first.issues.pageInfo.endCursor,
    });
    expect([...first.issues.edges, ...second.issues.edges].map(({ node }) => node.number)).toEqual(
      Array.from({ length: 25 }, (_, index) => index + 1),
    );
    const where = { board_number: { boardId, number: 1 } };
    expect(await client.request(rename, { where, title: 'By graphql-request' })).toMatchObject({
      updateIssue: { title: 'By graphql-request' },
    });
    const missing = client.request(rename, {
      where: { board_number: { boardId, number: 999 } },
      title: 'none',
    });
    await expect(missing).rejects.toBeInstanceOf(ClientError);
    await expect(missing).rejects.toMatchObject({
      response: { errors: [{ path: ['updateIssue'], extensions: { code: 'NOT_FOUND' } }] },
    });
  });
});

describe('Apollo Client', () => {
  it('merges pages into one list and updates its cache from a mutation', async () => {
    const client = new ApolloClient({
      link: new HttpLink({ uri: tracker().endpoint, headers: headers() }),
      cache: new InMemoryCache({
        typePolicies: { Query: { fields: { issues: relayStylePagination(['orderBy']) } } },
      }),
    });
    const query: TypedDocumentNode<Page> = apolloGql(page);
    const first = await client.query({ query, variables: { first: 10 } });
    await client.query({
      query,
      variables: { first: 10, after: first.data?.issues.pageInfo.endCursor },
      // Like `fetchMore`, this query must use the network: the merged field in the cache does not depend on `after`.
      fetchPolicy: 'network-only',
    });
    const merged = client.readQuery({ query, variables: { first: 10 } });
    expect(merged?.issues.edges.map(({ node }) => node.number)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
    await client.mutate({
      mutation: apolloGql(rename),
      variables: { where: { id: merged?.issues.edges[1]?.node.id }, title: 'By Apollo' },
    });
    const after = client.readQuery({ query, variables: { first: 10 } });
    expect(after?.issues.edges[1]?.node).toMatchObject({ title: 'By Apollo', __typename: 'Issue' });
    client.stop();
  });
});

describe('Apollo Client 3', () => {
  const create = apollo3.gql(
    `mutation ($key: String!) { createBoard(data: { key: $key, name: "Again" }) { id } }`,
  );
  const createClient = () =>
    new apollo3.ApolloClient({
      link: new apollo3.HttpLink({ uri: tracker().endpoint, headers: headers() }),
      cache: new apollo3.InMemoryCache(),
    });

  it('pages through a list and updates its cache from a mutation', async () => {
    const client = createClient();
    const query = apollo3.gql(page) as apollo3.TypedDocumentNode<Page>;
    const first = await client.query({ query, variables: { first: 20 } });
    const after = first.data.issues.pageInfo.endCursor;
    const second = await client.query({ query, variables: { first: 20, after } });
    expect(second.data.issues.edges.map(({ node }) => node.number)).toEqual([21, 22, 23, 24, 25]);
    const id = second.data.issues.edges[0]?.node.id;
    await client.mutate({
      mutation: apollo3.gql(rename),
      variables: { where: { id }, title: 'By Apollo 3' },
    });
    const cached = client.readQuery({ query, variables: { first: 20, after } });
    expect(cached?.issues.edges[0]?.node).toMatchObject({ title: 'By Apollo 3' });
    client.stop();
  });

  it('exposes the code of a violation as a GraphQL error, not as a network error', async () => {
    const client = createClient();
    const violation = { extensions: { code: 'UNIQUE_VIOLATION' }, path: ['createBoard'] };
    const variables = { key: boardKey };
    await expect(client.mutate({ mutation: create, variables })).rejects.toMatchObject({
      networkError: null,
      graphQLErrors: [violation],
    });
    const result = await client.mutate({ mutation: create, variables, errorPolicy: 'all' });
    expect(result).toMatchObject({ data: null, errors: [violation] });
    client.stop();
  });
});

describe('urql', () => {
  it('runs a query and a mutation and shows the updated row', async () => {
    const client = new UrqlClient({
      url: tracker().endpoint,
      exchanges: [cacheExchange, fetchExchange],
      fetchOptions: { headers: headers() },
      preferGetMethod: false,
    });
    const query = urqlGql<Page>(page);
    const before = await client.query(query, { first: 3 }).toPromise();
    expect(before.error).toBeUndefined();
    expect(before.data?.issues.totalCount).toBe(25);
    const id = before.data?.issues.edges[2]?.node.id;
    await client.mutation(urqlGql(rename), { where: { id }, title: 'By urql' }).toPromise();
    const after = await client.query(query, { first: 3 }).toPromise();
    expect(after.data?.issues.edges[2]?.node).toMatchObject({ title: 'By urql' });
  });

  it('uses GET if the client prefers it', async () => {
    const client = new UrqlClient({
      url: tracker().endpoint,
      exchanges: [fetchExchange],
      fetchOptions: { headers: headers() },
      preferGetMethod: 'force',
    });
    const answer = await client.query(urqlGql<Page>(page), { first: 2 }).toPromise();
    expect(answer.error).toBeUndefined();
    expect(answer.data?.issues.edges).toHaveLength(2);
  });
});

describe('Relay', () => {
  it('pages through a connection until the last page', async () => {
    const { Environment, Network, RecordSource, Store, createOperationDescriptor } = relay;
    const network = Network.create(async ({ text }, variables) => {
      const response = await fetch(tracker().endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers() },
        body: JSON.stringify({ query: text, variables }),
      });
      // Relay validates the shape of the response.
      return (await response.json()) as relay.GraphQLResponse;
    });
    const environment = new Environment({ network, store: new Store(new RecordSource()) });
    const load = async (after: string | null) => {
      const operation = createOperationDescriptor(issuesPageQuery, { first: 10, after });
      await environment.execute({ operation }).toPromise();
      // This is the type of the fragment in the compiled query.
      return environment.lookup(operation.fragment).data as unknown as Page;
    };
    let connection = (await load(null)).issues;
    environment.retain(createOperationDescriptor(issuesPageQuery, { first: 10, after: null }));
    let pages = 1;
    while (connection.pageInfo.hasNextPage) {
      connection = (await load(connection.pageInfo.endCursor)).issues;
      pages += 1;
    }
    expect(pages).toBe(3);
    expect(connection.edges.map(({ node }) => node.number)).toEqual(
      Array.from({ length: 25 }, (_, index) => index + 1),
    );
  });
});

describe('graphql-codegen', () => {
  it('generates typed operations from the printed schema', async () => {
    const response = await fetch(tracker().endpoint.replace(/graphql$/, 'schema.graphql'), {
      headers: headers(),
    });
    expect(response.status).toBe(200);
    // The declared return type is wider. With this preset, the result is a list of files with their content.
    const files = (await generate(
      {
        schema: await response.text(),
        documents: [page, rename],
        silent: true,
        generates: { 'gql/': { preset: 'client', config: { strictScalars: false } } },
      },
      false,
    )) as { filename: string; content: string }[];
    const types = files.find(({ filename }) => filename.endsWith('graphql.ts'))?.content ?? '';
    expect(types).toContain('export type PageQuery = ');
    expect(types).toContain('export type RenameMutationVariables = ');
    expect(types).toContain('IssueWhereUniqueInput');
  });
});
