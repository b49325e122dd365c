import {
  ApolloClient,
  ApolloLink,
  gql as apolloGql,
  HttpLink,
  InMemoryCache,
} from '@apollo/client/core';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import {
  Client as UrqlClient,
  cacheExchange,
  fetchExchange,
  gql as urqlGql,
  subscriptionExchange,
} from '@urql/core';
import { OperationTypeNode } from 'graphql';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient, type Client as WsClient } from 'graphql-ws';
import relay from 'relay-runtime';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';

import { useApp } from '../../../test/app.ts';
import issuesPageQuery from '../../../test/clients/issues-page-query.relay.ts';
import { Collected } from '../../../test/live/collected.ts';
import { makeProject, readTracker, type TestProject } from '../../../test/project-api.ts';

// The clients that developers use, with subscriptions of a running gateway.

const app = useApp();
let project: TestProject;
let boardId = '';
const clients: WsClient[] = [];

/** The tracker, whose models are live except for labels. */
const sdl = async (): Promise<string> =>
  (await readTracker()).replaceAll(/^type (?!Label)(\w+) @model/gm, 'type $1 @model @live');

// Apollo Client reads this global variable, which Node 20 does not have.
vi.stubGlobal('WebSocket', WebSocket);

beforeAll(async () => {
  project = await makeProject(app, await sdl());
  const data = await project.data(
    'mutation { createBoard(data: { key: "CLI", name: "Clients" }) { id } }',
  );
  // The mutation selects this field.
  boardId = (data as { createBoard: { id: string } }).createBoard.id;
});

afterAll(async () => {
  for (const client of clients) await client.dispose();
});

beforeEach(() => addIssues(2, 4));
afterEach(() => project.data('mutation { deleteIssues(where: {}, atMost: 100) { count } }'));

async function addIssues(...numbers: readonly number[]): Promise<void> {
  await project.data(
    'mutation ($data: [IssueCreateInput!]!) { createIssues(data: $data) { count } }',
    { data: numbers.map((number) => ({ number, title: `Issue ${number}`, boardId })) },
  );
}

const live = `subscription Numbers {
  issues(orderBy: [{ number: ASC }]) { nodes { number } totalCount }
}`;
const numbers = (...all: readonly number[]) => ({
  issues: { nodes: all.map((number) => ({ number })), totalCount: all.length },
});
const add = 'mutation Add($data: IssueCreateInput!) { createIssue(data: $data) { id number } }';
const issueWith = (number: number) => ({ data: { number, title: `Issue ${number}`, boardId } });
/** The model `Label` is not live, and so this field does not exist. */
const notLive = 'subscription Labels { labels { nodes { name } } }';
const invalid = 'subscription Broken { issues { nodes { nothing } } }';
const refusal = { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } };

function wsClient(): WsClient {
  const client = createWsClient({
    url: project.endpoint.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { apiKey: project.key },
    retryAttempts: 0,
  });
  clients.push(client);
  return client;
}

const waiting = { timeout: 20_000, interval: 10 };

/** Waits until the gateway has ended the project's subscriptions. */
async function expectNoSubscriptions(): Promise<void> {
  await vi.waitFor(() => expect(app.liveStats().queries).toBe(0), waiting);
}

describe('graphql-ws', () => {
  it('follows a live query until it unsubscribes', async () => {
    const client = wsClient();
    const seen = new Collected();
    const unsubscribe = client.subscribe({ query: live }, seen);
    await seen.reaches({ data: numbers(2, 4) });
    const mutation = client.iterate({ query: add, variables: issueWith(3) });
    expect(await mutation.next()).toMatchObject({
      value: { data: { createIssue: { number: 3 } } },
    });
    await seen.reaches({ data: numbers(2, 3, 4) });
    unsubscribe();
    await seen.completes();
    await expectNoSubscriptions();
  });

  it('can start many different subscriptions at once', async () => {
    const client = wsClient();
    const all = Array.from({ length: 12 }, (_, index) => {
      const seen = new Collected();
      // The documents differ, so that each is compiled.
      const fields = Array.from({ length: 20 }, (_more, n) => `f${index}_${n}: title`).join(' ');
      client.subscribe(
        {
          query: `subscription { issues(first: ${index + 1}) { nodes { ${fields} } totalCount } }`,
        },
        seen,
      );
      return seen;
    });
    await vi.waitFor(
      () => expect(all.every(({ values, errors }) => values.length + errors.length > 0)).toBe(true),
      { timeout: 25_000 },
    );
    for (const { errors, values } of all) {
      expect(errors).toEqual([]);
      expect(values).toMatchObject([{ data: { issues: { totalCount: 2 } } }]);
    }
    await client.dispose();
    await expectNoSubscriptions();
  });

  it.each([notLive, invalid])('gets the error of %s', async (query) => {
    const seen = new Collected();
    wsClient().subscribe({ query }, seen);
    expect(await seen.fails()).toMatchObject([refusal]);
    expect(seen.values).toEqual([]);
  });
});

describe('graphql-sse', () => {
  const sseClient = () =>
    createSseClient({
      url: project.endpoint,
      headers: { 'x-api-key': project.key },
      retryAttempts: 0,
    });

  it('follows a live query until it unsubscribes', async () => {
    const client = sseClient();
    const seen = new Collected();
    const unsubscribe = client.subscribe({ query: live }, seen);
    await seen.reaches({ data: numbers(2, 4) });
    await addIssues(3);
    await seen.reaches({ data: numbers(2, 3, 4) });
    unsubscribe();
    await seen.completes();
    await expectNoSubscriptions();
    client.dispose();
  });

  it.each([notLive, invalid])('gets the error of %s', async (query) => {
    const client = sseClient();
    const seen = new Collected();
    client.subscribe({ query }, seen);
    await seen.completes();
    expect(seen.values).toMatchObject([{ errors: [refusal] }]);
    client.dispose();
  });
});

describe('Apollo Client', () => {
  /** Sends subscriptions over a WebSocket and other operations over HTTP, as its documentation says. */
  function apolloClient() {
    const http = new HttpLink({ uri: project.endpoint, headers: { 'x-api-key': project.key } });
    const isSubscription = ({ operationType }: ApolloLink.Operation): boolean =>
      operationType === OperationTypeNode.SUBSCRIPTION;
    const link = ApolloLink.split(isSubscription, new GraphQLWsLink(wsClient()), http);
    return new ApolloClient({ link, cache: new InMemoryCache() });
  }

  /** Apollo Client adds `__typename` to each selection. */
  const withTypes = (...all: readonly number[]) => ({
    data: {
      issues: {
        __typename: 'IssueConnection',
        nodes: all.map((number) => ({ __typename: 'Issue', number })),
        totalCount: all.length,
      },
    },
  });

  it('follows a live query until it unsubscribes', async () => {
    const client = apolloClient();
    const seen = new Collected();
    const subscription = client.subscribe({ query: apolloGql(live) }).subscribe(seen);
    await seen.reaches(withTypes(2, 4));
    await client.mutate({ mutation: apolloGql(add), variables: issueWith(3) });
    await seen.reaches(withTypes(2, 3, 4));
    subscription.unsubscribe();
    await expectNoSubscriptions();
    client.stop();
  });

  it('writes the rows of a live query to its cache, so that other queries show them', async () => {
    const client = apolloClient();
    const all = '{ issues(orderBy: [{ number: ASC }]) { nodes { id title } } }';
    const query = apolloGql(`query ${all}`);
    const first = await client.query({ query });
    const { nodes } = (first.data as { issues: { nodes: readonly { id: string }[] } }).issues;
    const seen = new Collected();
    const subscription = client
      .subscribe({ query: apolloGql(`subscription ${all}`) })
      .subscribe(seen);
    await vi.waitFor(() => expect(seen.values).toHaveLength(1), waiting);
    await project.data(
      'mutation ($id: ID!) { updateIssue(where: { id: $id }, data: { title: "New" }) { id } }',
      { id: nodes[0]?.id },
    );
    await vi.waitFor(
      () =>
        expect(client.readQuery({ query })).toMatchObject({
          issues: { nodes: [{ title: 'New' }, { title: 'Issue 4' }] },
        }),
      waiting,
    );
    subscription.unsubscribe();
    client.stop();
  });

  it.each([notLive, invalid])('gets the error of %s', async (query) => {
    const client = apolloClient();
    const seen = new Collected<{ readonly error?: unknown }>();
    client.subscribe({ query: apolloGql(query) }).subscribe(seen);
    await vi.waitFor(() => expect(seen.values[0]?.error ?? seen.errors[0]).toBeDefined(), waiting);
    expect(seen.values[0]?.error ?? seen.errors[0]).toMatchObject({ errors: [refusal] });
    client.stop();
  });
});

describe('urql', () => {
  function urqlClient(): UrqlClient {
    const socket = wsClient();
    return new UrqlClient({
      url: project.endpoint,
      fetchOptions: { headers: { 'x-api-key': project.key } },
      preferGetMethod: false,
      exchanges: [
        cacheExchange,
        fetchExchange,
        subscriptionExchange({
          forwardSubscription: ({ query = '', variables = {} }) => ({
            subscribe: (sink) => ({
              unsubscribe: socket.subscribe(
                { query, variables },
                // The types of the libraries differ in members that are undefined.
                {
                  ...sink,
                  next: (result) => sink.next(result as { data: Record<string, unknown> }),
                },
              ),
            }),
          }),
        }),
      ],
    });
  }

  it('follows a live query until it unsubscribes', async () => {
    const client = urqlClient();
    const seen = new Collected();
    const subscription = client
      .subscription(urqlGql(live), {})
      .subscribe(({ data, error }) => seen.next(error ?? data));
    await seen.reaches(numbers(2, 4));
    await client.mutation(urqlGql(add), issueWith(3)).toPromise();
    await seen.reaches(numbers(2, 3, 4));
    subscription.unsubscribe();
    await expectNoSubscriptions();
  });

  it.each([notLive, invalid])('gets the error of %s', async (query) => {
    const seen = new Collected();
    urqlClient().subscription(urqlGql(query), {}).subscribe(seen.next);
    await vi.waitFor(
      () => expect(seen.values.at(-1)).toMatchObject({ error: { graphQLErrors: [refusal] } }),
      waiting,
    );
  });
});

interface Page {
  readonly edges: readonly {
    readonly cursor: string;
    readonly node: { readonly number: number };
  }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

describe('Relay', () => {
  const { Environment, Network, Observable, RecordSource, Store, createOperationDescriptor } =
    relay;
  const { operation, fragment } = issuesPageQuery;
  /** The field `issues` of the query, without the handler that merges all pages into one list. */
  const selections = operation.selections.slice(0, 1);
  const pageQuery: relay.ConcreteRequest = {
    ...issuesPageQuery,
    operation: { ...operation, selections },
    // A fragment can select what its operation does.
    fragment: { ...fragment, selections: selections as typeof fragment.selections },
  };

  /** Runs a query as a live query, which is how Relay keeps the result of a query up to date. */
  function followPage(variables: relay.Variables) {
    const socket = wsClient();
    const network = Network.create(({ text }, values) =>
      Observable.create((sink) =>
        socket.subscribe(
          { query: text?.replace('query', 'subscription') ?? '', variables: values },
          // The results of a subscription have the form that Relay expects.
          { ...sink, next: (result) => sink.next(result as relay.GraphQLSingularResponse) },
        ),
      ),
    );
    const environment = new Environment({ network, store: new Store(new RecordSource()) });
    const descriptor = createOperationDescriptor(pageQuery, variables);
    const errors: unknown[] = [];
    const subscription = environment
      .execute({ operation: descriptor })
      .subscribe({ error: (error: Error) => errors.push(error) });
    const page = (): Page | undefined =>
      // This is the type of the selections.
      (environment.lookup(descriptor.fragment).data as unknown as { issues?: Page }).issues;
    const shows = (hasNextPage: boolean, ...all: readonly number[]) =>
      vi.waitFor(() => {
        expect(errors).toEqual([]);
        expect(page()?.edges.map(({ node }) => node.number)).toEqual(all);
        expect(page()?.pageInfo.hasNextPage).toBe(hasNextPage);
      }, waiting);
    return { page, shows, unsubscribe: () => subscription.unsubscribe() };
  }

  it('shows pages that change as rows are added before, in and after them', async () => {
    await addIssues(6, 8);
    const first = followPage({ first: 2, after: null });
    await first.shows(true, 2, 4);
    const second = followPage({ first: 2, after: first.page()?.pageInfo.endCursor });
    await second.shows(false, 6, 8);
    await addIssues(9);
    await second.shows(true, 6, 8);
    await addIssues(5);
    await second.shows(true, 5, 6);
    // A row before the cursor moves the first page, and not the second one.
    await addIssues(1);
    await first.shows(true, 1, 2);
    await second.shows(true, 5, 6);
    await project.data(
      'mutation { deleteIssues(where: { number: { in: [2, 4, 5] } }, atMost: 10) { count } }',
    );
    await first.shows(true, 1, 6);
    await second.shows(true, 6, 8);
    const third = followPage({ first: 2, after: second.page()?.pageInfo.endCursor });
    await third.shows(false, 9);
    for (const each of [first, second, third]) each.unsubscribe();
    await expectNoSubscriptions();
  });
});
