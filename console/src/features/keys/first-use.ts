import type { DataModel } from '#console/lib/model/data-model.ts';
import { firstQuery } from '#console/lib/model/first-query.ts';

import { grantOf, reaches } from './scopes.ts';

interface FirstUse {
  /** What it does, to stand above it. */
  readonly title: string;
  readonly code: string;
}

interface NewKey {
  readonly secret: string;
  readonly scopes: readonly string[];
  readonly endpoint: string;
  /** Null before there is a schema, and while it is on its way. */
  readonly model: DataModel | null;
}

/** Something to run in a shell that the key may do. */
export function firstUse({ secret, scopes, endpoint, model }: NewKey): FirstUse {
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
  const type = model?.types.find(({ name }) => reaches(read, name));
  const query = type === undefined ? '{ __typename }' : firstQuery(type);
  return {
    title: type === undefined ? 'Call the API' : `Read ${type.name} rows`,
    code: [
      `curl ${endpoint} \\`,
      `  -H 'authorization: Bearer ${secret}' \\`,
      `  -H 'content-type: application/json' \\`,
      // Names of a schema have no quotes.
      `  -d '${JSON.stringify({ query })}'`,
    ].join('\n'),
  };
}
