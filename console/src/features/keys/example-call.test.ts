import { describe, expect, it } from 'vitest';

import { trackerModels } from '#console/domain/models/tracker.fixture.ts';

import { browserCall, exampleCall } from './example-call.ts';

const endpoint = 'https://tessera.example.org/p/k3v9x0q2m7c1b5n8/graphql';
const key = { secret: 'tsk_secret', endpoint, models: trackerModels };

describe('exampleCall', () => {
  it('reads the first model that the key can read', () => {
    const { title, code } = exampleCall({ ...key, scopes: ['data.read:Issue'] });
    expect(title).toBe('Read Issue rows');
    expect(code).toContain(`curl ${endpoint} `);
    expect(code).toContain("'authorization: Bearer tsk_secret'");
    expect(code).toMatch(/issues\(first: 3\)/);
  });

  it('does not read a model that the key cannot read', () => {
    const { code } = exampleCall({ ...key, scopes: ['data.write'] });
    expect(code).toContain('{ __typename }');
    expect(exampleCall({ ...key, models: null, scopes: ['data.read'] }).code).toContain(
      '__typename',
    );
  });

  it('runs the CLI if the key has only schema scopes', () => {
    const { code } = exampleCall({ ...key, scopes: ['schema.read', 'schema.apply'] });
    expect(code).toContain('TESSERA_URL=https://tessera.example.org\n');
    expect(code).toContain('schema plan');
  });
});

describe('browserCall', () => {
  it('sends the publishable key and the token of the user', () => {
    const sdl = 'type Issue @model @allow(to: READ) { id: ID! @id }';
    const code = browserCall({ ...key, secret: 'tpk_key', scopes: ['data.read'], sdl });
    expect(code).toContain(`fetch("${endpoint}", {`);
    expect(code).toContain("'x-api-key': 'tpk_key'");
    expect(code).toContain('authorization: `Bearer ${userToken}`');
    expect(code).toMatch(/query: ".*issues\(first: 3\)/);
    const none = browserCall({ ...key, secret: 'tpk_key', scopes: ['data.read:User'], sdl });
    expect(none).toContain('query: "{ __typename }"');
  });
});
