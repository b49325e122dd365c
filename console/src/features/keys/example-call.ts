import { firstQuery } from '#console/domain/models/first-query.ts';
import type { ProjectModels } from '#console/domain/models/project-models.ts';

import { grantOf, reaches } from './scopes.ts';

interface ExampleCall {
  /** The heading: what the call does. */
  readonly title: string;
  readonly code: string;
}

interface NewKey {
  readonly secret: string;
  readonly scopes: readonly string[];
  readonly endpoint: string;
  /** Null without a schema, and while it is being loaded. */
  readonly models: ProjectModels | null;
}

/** A call for a shell that the new key has the scopes for. */
export function exampleCall({ secret, scopes, endpoint, models }: NewKey): ExampleCall {
  const { read, write } = grantOf(scopes);
  if (read.length === 0 && write.length === 0) {
    return {
      title: 'Plan and apply a schema',
      code: [
        `export TESSERA_URL=${new URL(endpoint).origin}`,
        `export TESSERA_KEY=${secret}`,
        'npm run -s tessera -- schema plan',
      ].join('\n'),
    };
  }
  const model = models?.find(({ name }) => reaches(read, name));
  const query = model === undefined ? '{ __typename }' : firstQuery(model);
  return {
    title: model === undefined ? 'Call the API' : `Read ${model.name} rows`,
    code: [
      `curl ${endpoint} \\`,
      `  -H 'authorization: Bearer ${secret}' \\`,
      `  -H 'content-type: application/json' \\`,
      // GraphQL names have no quotes, so none need to be escaped for the shell.
      `  -d '${JSON.stringify({ query })}'`,
    ].join('\n'),
  };
}
