import { appQuery } from '#console/domain/models/app-query.ts';
import { firstQuery } from '#console/domain/models/first-query.ts';
import type { ProjectModels } from '#console/domain/models/project-models.ts';

import { grantOf, reaches } from './scopes.ts';

interface ExampleCall {
  /** The heading, which describes the call. */
  readonly title: string;
  readonly code: string;
}

/** JavaScript for a browser that calls the API with a publishable key, as the signed-in user. */
export function browserCall({ secret, scopes, endpoint, models, sdl }: PublishableKey): string {
  const { read } = grantOf(scopes);
  const reached = models?.filter(({ name }) => reaches(read, name)) ?? [];
  const query =
    appQuery(reached, sdl, 'PUBLIC') ?? appQuery(reached, sdl, 'USER') ?? '{ __typename }';
  return [
    `const response = await fetch(${JSON.stringify(endpoint)}, {`,
    "  method: 'POST',",
    '  headers: {',
    "    'content-type': 'application/json',",
    `    'x-api-key': '${secret}',`,
    '    // The token of the user. Leave this line out while the user is signed out.',
    '    authorization: `Bearer ${userToken}`,',
    '  },',
    `  body: JSON.stringify({ query: ${JSON.stringify(query)} }),`,
    '});',
    'const { data, errors } = await response.json();',
  ].join('\n');
}

interface NewKey {
  readonly secret: string;
  readonly scopes: readonly string[];
  readonly endpoint: string;
  /** Null if the project has no schema or while the models are loading. */
  readonly models: ProjectModels | null;
}

interface PublishableKey extends NewKey {
  /** The applied schema; empty if there is none. */
  readonly sdl: string;
}

/** Shell commands that the new key's scopes allow. */
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
      // GraphQL names contain no quotes, so the query needs no shell escaping.
      `  -d '${JSON.stringify({ query })}'`,
    ].join('\n'),
  };
}
