import { createClient, type Client } from 'graphql-ws';
import { afterAll, describe, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { useApp } from '../../../test/app.ts';
import { makeProject } from '../../../test/project-api.ts';

const app = useApp();
const clients: Client[] = [];
afterAll(() => {
  for (const client of clients) void client.dispose();
});

const sdl = 'type Issue @model @live { id: ID! @id  title: String! }';

describe('a subscription over a WebSocket', () => {
  it('gets the results of the project, and ends when its model is not live any more', async () => {
    const project = await makeProject(app, sdl);
    const client = createClient({
      url: project.endpoint.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { apiKey: project.key },
    });
    clients.push(client);
    const results: unknown[] = [];
    const events: unknown[] = [];
    const ended: unknown[] = [];
    const end = { error: (error: unknown) => ended.push(error), complete: () => ended.push(null) };
    client.subscribe(
      { query: 'subscription { issues { nodes { title } } }' },
      { ...end, next: ({ data, errors }) => results.push(data ?? errors) },
    );
    client.subscribe(
      { query: 'subscription { issueChanges { operation node { title } } }' },
      { ...end, next: ({ data, errors }) => events.push(data ?? errors) },
    );
    const titles = (...all: readonly string[]) => ({
      issues: { nodes: all.map((title) => ({ title })) },
    });
    await vi.waitFor(() => expect(results).toEqual([titles()]), { timeout: 10_000 });
    await project.data('mutation { createIssue(data: { title: "a" }) { id } }');
    await vi.waitFor(() => expect(results).toEqual([titles(), titles('a')]), { timeout: 10_000 });
    await vi.waitFor(
      () =>
        expect(events).toEqual([{ issueChanges: { operation: 'CREATED', node: { title: 'a' } } }]),
      { timeout: 10_000 },
    );
    await project.deploy('type Issue @model { id: ID! @id  title: String! }');
    await vi.waitFor(() => expect(ended).toEqual([null, null]), { timeout: 10_000 });
    for (const last of [results.at(-1), events.at(-1)]) {
      expect(last).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    }
  });
});
