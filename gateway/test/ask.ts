import { expect } from 'vitest';

import type { TestApp } from './app.ts';
import type { SeededUser } from './tenant.ts';

type Variables = Readonly<Record<string, unknown>>;

/** Sends operations to the management API as a seeded user over HTTP. */
export interface Ask {
  /** Returns the data of an operation that must succeed. */
  data(user: SeededUser, query: string, variables?: Variables): Promise<unknown>;
  /** Runs a mutation whose alias is `result`. Returns its error code, or `'done'` if it succeeded. */
  outcome(user: SeededUser, query: string, variables?: Variables): Promise<string>;
  /** Runs an operation that must fail with a GraphQL error, and returns the error's code. */
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
      // Every document selects the error code in `result`.
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
