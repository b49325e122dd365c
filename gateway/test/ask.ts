import { expect } from 'vitest';

import type { TestApp } from './app.ts';
import type { SeededUser } from './tenant.ts';

type Variables = Readonly<Record<string, unknown>>;

/** Asks the management API as a seeded user, over HTTP. */
export interface Ask {
  /** The data of an operation that must not fail. */
  data(user: SeededUser, query: string, variables?: Variables): Promise<unknown>;
  /** What a mutation under the alias `result` came to: its error's code, or `'done'`. */
  outcome(user: SeededUser, query: string, variables?: Variables): Promise<string>;
  /** The code of the GraphQL error in which an operation must end. */
  refusal(user: SeededUser, query: string, variables?: Variables): Promise<unknown>;
}

export function asking(app: TestApp): Ask {
  const send = async (user: SeededUser, query: string, variables: Variables = {}) =>
    app.graphql(query, variables, await app.accessTokenFor(user));

  const data: Ask['data'] = async (user, query, variables) => {
    const { body } = await send(user, query, variables);
    expect(body.errors).toBeUndefined();
    return body.data;
  };

  return {
    data,
    async outcome(user, query, variables) {
      // Every document that is given here asks `result` for the code of an error.
      const { result } = (await data(user, query, variables)) as { result: { code?: string } };
      return result.code ?? 'done';
    },
    async refusal(user, query, variables) {
      const { body, status } = await send(user, query, variables);
      expect(status).toBeLessThan(500);
      const [error] = body.errors ?? [];
      expect(error).toBeDefined();
      return error?.extensions?.['code'];
    },
  };
}
